"""Notices (单据): the unit's own sheets as PDF and as workbooks.

Builders make a `Document` of what the library knows (a settlement, a roster, filing books,
payments); writers lay the same document out as PDF or as a workbook. None imitates a bureau's form.
The PDF part is an extra, `pdf`, and loaded when the first PDF is written.
"""

from socialins.notices.assessment import assessment_sheet
from socialins.notices.changes import change_list
from socialins.notices.digest import verify_digest
from socialins.notices.document import Column, Document, Section, Table
from socialins.notices.kinds import NoticeKind
from socialins.notices.notice import Notice
from socialins.notices.payment import payment_notice
from socialins.notices.payments import PaymentFact, payments_of
from socialins.notices.people import payment_certificate, roster_sheet
from socialins.notices.plans import plan_sheet
from socialins.notices.progress import progress_sheet
from socialins.notices.region import RegionNotices
from socialins.notices.signed import sign_notices
from socialins.notices.slips import payment_slips

__all__ = [
    "Column",
    "Document",
    "Notice",
    "NoticeKind",
    "PaymentFact",
    "RegionNotices",
    "Section",
    "Table",
    "assessment_sheet",
    "change_list",
    "payment_certificate",
    "payment_notice",
    "payment_slips",
    "payments_of",
    "plan_sheet",
    "progress_sheet",
    "roster_sheet",
    "sign_notices",
    "verify_digest",
]
