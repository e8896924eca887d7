"""Insurance (险种): the five kinds, and what a region adds.

An insurance is named by an id. The five are constants here; a supplement of a region is any other
id that its rules define. Titles come from the rules, so that a region can name its own.
"""

from __future__ import annotations

import re

__all__ = ["FIVE_INSURANCES", "INJURY", "MATERNITY", "MEDICAL", "PENSION", "UNEMPLOYMENT", "is_id"]

PENSION = "pension"
"""基本养老保险."""
MEDICAL = "medical"
"""基本医疗保险; since the merger of 2019 it includes maternity in most regions."""
UNEMPLOYMENT = "unemployment"
"""失业保险."""
INJURY = "injury"
"""工伤保险; the unit alone pays."""
MATERNITY = "maternity"
"""生育保险, where it is still kept apart."""

FIVE_INSURANCES = (PENSION, MEDICAL, UNEMPLOYMENT, INJURY, MATERNITY)

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def is_id(text: str) -> bool:
    """Whether a text can name an insurance, an item, a source or a bundle.

    >>> is_id("large-aid"), is_id("Large Aid")
    (True, False)
    """
    return _ID.match(text) is not None
