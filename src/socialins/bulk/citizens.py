"""Numbers of eighteen characters (公民身份号码), checked many at a time as machine words.

Three words hold a number: places 1 to 8, 9 to 16, and the last two. A handful of operations on
whole words reads all digits of thousands of numbers at once. What is wrong is told in the order of
the scalar check, and worked out only for the numbers that have something wrong; whatever holds
other characters is left undecided, for the scalar check to read.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from socialins.faults import core_catalogue, require
from socialins.identity import DocumentType
from socialins.identity.divisions import last_listed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = require("numpy", "bulk")

__all__ = ["CODES", "GUESS", "KINDS", "UNDECIDED", "WORDS", "Day", "Eighteen", "check_eighteen"]

KINDS = tuple(DocumentType)
GUESS = -1
# Code 0 says that nothing is wrong.
CODES = (
    "",
    *sorted(
        entry.code
        for entry in core_catalogue()
        if entry.code.startswith("identity.") and entry.severity == "error"
    ),
)
UNDECIDED = 255
WORDS = np.dtype([("first", "<u8"), ("second", "<u8"), ("last", "<u2")])


@attrs.frozen(eq=False)
class Day:
    """What a day decides: which birth dates have come, and which divisions are listed by then.

    Arguments:
        months: by (year - 1900) × 100 + month: the first day, counted from 1970-01-01, × 32 plus
            how many days of the month have come; 0 where there is no such month.
        divisions: by division: the kind of document × 16384 plus the last year in which a list has
            the division; filled when a number first asks.
        until: the year of the day.
    """

    months: NDArray[np.int32]
    divisions: NDArray[np.uint16]
    until: int

    @staticmethod
    @lru_cache(maxsize=2)
    def of(today: date) -> Day:
        """The tables of a day, made once: 2 MB."""
        return Day(_months(today), _divisions(today.year), today.year)


@attrs.frozen(eq=False)
class Eighteen:
    """What was found in each number, an array each.

    Arguments:
        code: an index of `CODES`, or `UNDECIDED`; of such numbers nothing else is told.
        kind: an index of `KINDS`; told where the code is 0.
        unknown: whether no list has the division, which is a warning.
        born: days since 1970-01-01.
        sex: 1 for men, 0 for women, -1 where neither it nor the birth date is told.
        lower: whether the last place holds a small x.
    """

    code: NDArray[np.uint8]
    kind: NDArray[np.int8]
    unknown: NDArray[np.bool_]
    born: NDArray[np.int32]
    sex: NDArray[np.int8]
    lower: NDArray[np.bool_]


def check_eighteen(numbers: NDArray[np.void], given: NDArray[np.int8] | int, day: Day) -> Eighteen:
    """Check numbers of 18 bytes each.

    Arguments:
        numbers: records of `WORDS`; some thousands at a time stay in the processor's cache.
        given: the kind of document of each, or of all: an index of `KINDS`, or `GUESS`.
        day: no birth date lies after it.

    >>> numbers = np.frombuffer(b"11010519491231002X110105194902290020", WORDS)
    >>> found = check_eighteen(numbers, GUESS, Day.of(date(2026, 11, 22)))
    >>> [CODES[code] for code in found.code]
    ['', 'identity.birth-date']
    """
    read = _read(numbers)
    month = np.take(day.months, read.year_month - (_FIRST_YEAR * 100), mode="clip")
    entry = np.take(day.divisions, read.division, mode="clip")
    kind = (entry >> 14).astype(np.int8)
    # Day 0 becomes the largest number of all.
    before = (read.day - 1).view(np.uint64)
    fine = read.digits & read.fits & (before < (month & 31).view(np.uint32))
    if not (isinstance(given, int) and given == GUESS):
        fine &= (kind == given) | (np.asarray(given) == GUESS)
    code = np.zeros(len(numbers), np.uint8)
    sex = (read.last >> 4 & 1).view(np.int8)
    if not fine.all():
        (at,) = np.nonzero(~fine)
        asked = np.full(len(at), given, np.int8) if isinstance(given, int) else given[at]
        code[at] = _reasons(read, at, asked, kind[at])
        kind[at] = np.where(asked == GUESS, kind[at], asked)
        sex[at] = -1
    unknown = (entry & _YEARS) < read.year_month // 100
    unknown &= fine
    (at,) = np.nonzero(unknown)
    unknown[at] = _last_years(read.division[at], day) < read.year_month[at] // 100
    born = ((month >> 5) + before.view(np.int64)).astype(np.int32)
    return Eighteen(code, kind, unknown, born, sex, (read.last & _LOWER) != 0)


_FIRST_YEAR = 1900
_RESIDENT = KINDS.index(DocumentType.RESIDENT_ID)
_PERMIT = KINDS.index(DocumentType.RESIDENCE_PERMIT)
_FOREIGN = KINDS.index(DocumentType.FOREIGN_PERMANENT)
_PASSPORT = KINDS.index(DocumentType.PASSPORT)
_HK_MACAO = KINDS.index(DocumentType.HK_MACAO_PASS)
_TAIWAN = KINDS.index(DocumentType.TAIWAN_PASS)

# The years in a division's entry; 0 is a division that no list ever had.
_YEARS = 0x3FFF
_UNASKED = 1
_ALWAYS = _YEARS


def _months(today: date) -> NDArray[np.int32]:
    years = max(today.year - _FIRST_YEAR + 1, 0)
    month = np.arange(years * 12 + 1) + (_FIRST_YEAR - 1970) * 12
    firsts = month.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    come = np.clip((today - date(1970, 1, 1)).days - firsts[:-1] + 1, 0, np.diff(firsts))
    table = np.zeros((years, 100), np.int32)
    table[:, 1:13] = np.where(come > 0, firsts[:-1] * 32 + come, 0).reshape(years, 12)
    # One entry more, for all that lies beyond.
    return np.append(table.ravel(), np.int32(0))


@lru_cache(maxsize=2)
def _divisions(_until: int) -> NDArray[np.uint16]:
    table = np.full(1_000_000, _RESIDENT << 14 | _UNASKED, np.uint16)
    table[900_000:] = _FOREIGN << 14 | _ALWAYS
    table[[810_000, 820_000, 830_000]] = _PERMIT << 14 | _ALWAYS
    return table


def _last_years(divisions: NDArray[np.int64], day: Day) -> NDArray[np.uint16]:
    table = day.divisions
    for division in np.unique(divisions[table[divisions] == _RESIDENT << 14 | _UNASKED]):
        table[division] = _RESIDENT << 14 | last_listed(f"{division:06}", day.until)
    return table[divisions] & np.uint16(_YEARS)


@attrs.frozen(eq=False)
class _Read:
    """What stands in the places; anything where `digits` is false."""

    digits: NDArray[np.bool_]
    fits: NDArray[np.bool_]
    division: NDArray[np.int64]
    year_month: NDArray[np.int64]
    day: NDArray[np.int64]
    sequence: NDArray[np.int64]
    last: NDArray[np.uint8]


# The weights of ISO 7064 MOD 11-2: powers of 2, as the distance from the last place.
_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(18))


def _lanes(weights: tuple[int, ...]) -> int:
    """Four weights, the first one highest: a product with four digits has their sum on top."""
    return sum(weight << 16 * (3 - lane) for lane, weight in enumerate(weights))


_ZEROS = 0x3030303030303030
_SIX = 0x0606060606060606
_HIGH = 0xF0F0F0F0F0F0F0F0
_EVERY_OTHER = 0x00FF00FF00FF00FF
_FIRST_EVEN, _FIRST_ODD = _lanes(_WEIGHTS[0:8:2]), _lanes(_WEIGHTS[1:8:2])
_SECOND_EVEN, _SECOND_ODD = _lanes(_WEIGHTS[8:16:2]), _lanes(_WEIGHTS[9:16:2])

# By the last two places: their share of the check sum, and flags.
_SHARE, _MALE, _LOWER, _NOUGHT, _OTHER = 0x0F, 0x10, 0x20, 0x40, 0x80


def _last_places() -> NDArray[np.uint8]:
    table = np.full(0x10000, _OTHER, np.uint8)
    for sequence in range(10):
        for check, char in [*enumerate("0123456789X"), (10, "x")]:
            entry = (sequence * _WEIGHTS[16] + check * _WEIGHTS[17]) % 11
            entry |= _MALE if sequence % 2 else 0
            entry |= _LOWER if char == "x" else 0
            entry |= _NOUGHT if sequence == check == 0 else 0
            table[ord("0") + sequence | ord(char) << 8] = entry
    return table


_LAST_PLACES = _last_places()
# No sum of digits comes near the end of the table, which takes what isn't digits.
_FITS = np.arange(2048) % 11 == 1


def _read(numbers: NDArray[np.void]) -> _Read:
    first, second = numbers["first"] ^ _ZEROS, numbers["second"] ^ _ZEROS
    last = np.take(_LAST_PLACES, numbers["last"])
    # Ten and more plus six reach the upper half of a byte; nothing carries unless one is there.
    upper = (first + _SIX | first | second + _SIX | second) & _HIGH
    tens, ones = first & _EVERY_OTHER, first >> 8 & _EVERY_OTHER
    pairs = tens * 10 + ones
    total = tens * _FIRST_EVEN + ones * _FIRST_ODD
    tens, ones = second & _EVERY_OTHER, second >> 8 & _EVERY_OTHER
    later = tens * 10 + ones
    total += tens * _SECOND_EVEN + ones * _SECOND_ODD
    total >>= 48
    total += last & _SHARE
    division = (pairs & 0xFF) * 10_000 + (pairs >> 16 & 0xFF) * 100 + (pairs >> 32 & 0xFF)
    year_month = (pairs >> 48) * 10_000 + (later & 0xFF) * 100 + (later >> 16 & 0xFF)
    return _Read(
        (upper == 0) & (last < _OTHER),
        np.take(_FITS, total.view(np.int64), mode="clip"),
        division.view(np.int64),
        year_month.view(np.int64),
        (later >> 32 & 0xFF).view(np.int64),
        (later >> 48).view(np.int64),
        last,
    )


_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87])


def _reasons(read: _Read, at: Any, given: Any, kind: Any) -> NDArray[np.uint8]:
    """The first thing that is wrong with each of these numbers, in the scalar check's order."""
    fits = read.fits[at]
    year, month = np.divmod(read.year_month[at], 100)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = np.take(_DAYS, month) + (leap & (month == 2))
    exists = (year > 0) & (read.day[at] > 0) & (read.day[at] <= days)
    # Places 15 to 18 as one number end in 000 if the first of them is left alone.
    zeros = (read.sequence[at] % 10 == 0) & (read.last[at] & _NOUGHT != 0)
    reasons = [
        (~read.digits[at], UNDECIDED),
        (given == _PASSPORT, 0),
        (given == _HK_MACAO, CODES.index("identity.hk-macao-pass")),
        (given == _TAIWAN, CODES.index("identity.taiwan-pass")),
        ((given != GUESS) & (given != kind), CODES.index("identity.type")),
        (zeros & ~fits, CODES.index("identity.precision")),
        (~exists, CODES.index("identity.birth-date")),
        (year < _FIRST_YEAR, CODES.index("identity.birth-year")),
        (~fits, CODES.index("identity.checksum")),
    ]
    conditions, codes = zip(*reasons, strict=True)
    found = np.select(conditions, codes, CODES.index("identity.future"))
    return np.asarray(found, np.uint8)
