"""Resident numbers by the hundred thousand: what a file holds many of, told from tables.

A number is its division, its birth date and four last characters. Each part that was met is kept
with its share of the check sum, so that the next number costs three look-ups. A number that has
anything odd about it is left to `read_document`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from socialins.identity.divisions import last_listed
from socialins.identity.document_types import DocumentType, Sex
from socialins.identity.documents import CHINA, IdDocument

__all__ = ["ResidentNumbers"]

_FIRST_YEAR = 1900
_REMEMBERED = 50_000
_PERMITS = ("810000", "820000", "830000")

_set = object.__setattr__


class ResidentNumbers:
    """Reads resident numbers (公民身份号码) that are right as they stand.

    Arguments:
        today: no birth date lies after it; left out, the system's day in China.

    >>> known = ResidentNumbers(date(2026, 11, 22))
    >>> known.read("11010519491231002X")
    (IdDocument('resident-id', '110***********002X'), datetime.date(1949, 12, 31), <Sex.FEMALE: \
'female'>)
    >>> known.read("110105194912310020") is known.read("E12345678") is None
    True
    """

    def __init__(self, today: date | None = None) -> None:
        self._today: Final = today or datetime.now(CHINA).date()
        self._divisions: dict[str, tuple[int, int]] = {}
        self._days: dict[str, tuple[int, int, date | None]] = {}
        self._tails: dict[str, tuple[int, Sex]] = {}

    def read(self, number: str) -> tuple[IdDocument, date, Sex] | None:
        """The document, the birth date and the sex of a number.

        Arguments:
            number: as it was typed.

        Returns:
            None for what is no resident number, is none without a fault, or ends in 000; a warning
            is a fault.
        """
        if len(number) != 18:
            return None
        division, day, tail = number[:6], number[6:14], number[14:]
        try:
            first, until = self._divisions[division]
            second, year, born = self._days[day]
            third, sex = self._tails[tail]
        except KeyError:
            if not (number.isascii() and number[:17].isdigit() and number[17] in "0123456789X"):
                return None
            first, until = self._division(division)
            second, year, born = self._day(day)
            third, sex = self._tail(tail)
        # A part that never fits has a last year of 0, or a first one that is never reached.
        if (first + second + third) % 11 != 1 or until < year or born is None:
            return None
        if number.endswith("000"):
            return None
        # Its shape is proven; the validator would do it again, at ten times the cost of all this.
        document = IdDocument.__new__(IdDocument)
        _set(document, "type", DocumentType.RESIDENT_ID)
        _set(document, "number", number)
        return document, born, sex

    def _division(self, division: str) -> tuple[int, int]:
        other = division[0] == "9" or division in _PERMITS
        until = 0 if other else last_listed(division, self._today.year)
        found = _share(division, 12), until
        if len(self._divisions) < _REMEMBERED:
            self._divisions[division] = found
        return found

    def _day(self, text: str) -> tuple[int, int, date | None]:
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
        try:
            born: date | None = date(year, month, day)
        except ValueError:
            born = None
        if born is not None and not (year >= _FIRST_YEAR and born <= self._today):
            born = None
        found = _share(text, 4), year, born
        if len(self._days) < _REMEMBERED:
            self._days[text] = found
        return found

    def _tail(self, text: str) -> tuple[int, Sex]:
        check = 10 if text[3] == "X" else int(text[3])
        found = _share(text[:3], 1) + check, Sex.MALE if int(text[2]) % 2 else Sex.FEMALE
        if len(self._tails) < _REMEMBERED:
            self._tails[text] = found
        return found


def _share(digits: str, after: int) -> int:
    """The share of some digits in the check sum; the weights are powers of 2.

    Arguments:
        digits: the digits.
        after: how many places follow on them.
    """
    total = 0
    for digit in digits:
        total = total * 2 + int(digit)
    return (total << after) % 11
