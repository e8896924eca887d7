"""Attachments (附件、照片): pictures by a region's rules, checked and made to conform.

Nothing here needs Pillow before a picture is looked at; it comes with the extra ``photos``.
"""

from socialins.attachments.background import TOLERANCE, Tolerance
from socialins.attachments.changes import Change
from socialins.attachments.check import Report, check
from socialins.attachments.checkset import SetReport, check_set
from socialins.attachments.errors import AttachmentError
from socialins.attachments.fix import Fixed, fix
from socialins.attachments.limits import LIMITS, Limits
from socialins.attachments.matching import Matched, match
from socialins.attachments.measured import Measured
from socialins.attachments.settings import SETTINGS, Settings

__all__ = [
    "LIMITS",
    "SETTINGS",
    "TOLERANCE",
    "AttachmentError",
    "Change",
    "Fixed",
    "Limits",
    "Matched",
    "Measured",
    "Report",
    "SetReport",
    "Settings",
    "Tolerance",
    "check",
    "check_set",
    "fix",
    "match",
]
