"""Whether a division code was ever in use: a hint about a number, never a verdict.

Numbers outlive the districts they name, and the list of divisions that python-stdnum ships has
gaps. A code it doesn't know is worth a look; the number may still be right.
"""

from __future__ import annotations

from functools import lru_cache

__all__ = ["last_listed", "was_in_use"]

_FIRST_YEAR = 1900


@lru_cache(maxsize=8192)
def was_in_use(division: str, born: int, until: int) -> bool:
    """Whether a division code is listed for the year of birth or any year after it.

    A number is given at registration, which may come long after birth: most codes of today are
    younger than the people who carry them.

    Arguments:
        division: six digits (GB/T 2260).
        born: the year of birth.
        until: the last year to look at.

    >>> was_in_use("110105", 1949, 2026), was_in_use("119999", 1949, 2026)
    (True, False)
    """
    years = (born, until, *range(born + 1, until))
    return any(_listed(division, year) for year in years)


@lru_cache(maxsize=32768)
def last_listed(division: str, until: int) -> int:
    """The last year that a division code is listed for; 0 if it is in no list.

    Arguments:
        division: six digits (GB/T 2260).
        until: the last year to look at.

    >>> last_listed("110105", 2026), last_listed("119999", 2026)
    (2026, 0)
    """
    from stdnum import numdb

    # Most codes that could be are in no list of any year: one look, and not one a year.
    if not any("county" in listed for _, listed in numdb.get("cn/loc").info(division)):
        return 0
    years = range(until, _FIRST_YEAR - 1, -1)
    return next((year for year in years if _listed(division, year)), 0)


def _listed(division: str, year: int) -> bool:
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    try:
        ric.get_birth_place(f"{division}{year:04}0101")
    except (ValidationError, LookupError):
        # A KeyError is a province that is listed with a county that isn't.
        return False
    return True
