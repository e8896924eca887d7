"""What each kind of document's number must look like, and what a number seems to be.

Everything here can be told from the number alone, at any time. What depends on the day, or on a
list of divisions that is never complete, belongs to `documents`.

Sources
    Resident numbers (公民身份号码, GB 11643-1999): division 6, birth date 8, sequence 3 (odd for
    men), check character by ISO 7064 MOD 11-2.
    Residence permits (港澳台居民居住证申领发放办法, 2018, article 3): numbered by the same
    standard, with 810000, 820000 or 830000 for the division.
    Foreign permanent resident cards issued since 2023-12-01: 9, province 2, country 3, birth
    date 8, sequence 3, check character as above. Of the immigration administration's notes on
    adapting to the new card, a vendor's copy was seen as far as paragraph 3 (the leading 9, the
    check character, 15 → 18 characters; http://www.eastcoms.com/service/pro/840.html), and its
    table 1 (the places behind the 9) as others quote it. Both specimens of that table
    (932682198501010017, a man born 1985-01-01; 911124198108030024, a woman born 1981-08-03) fit in
    birth date, odd and even sequence, and check character (mark B).
    Older cards of that kind: 3 letters and 12 digits. They hold a birth date without its
    century, so nothing is read from it; their check digit was seen in one place only and is
    not checked.
    Travel permits of Hong Kong and Macao residents (公安部, 2010-03-10): H or M, 8 digits for
    life, 2 digits that count the cards; today's cards show the first nine (mark B).
    Travel permits of Taiwan residents (announced 2008-09): 8 digits for life; older ones
    showed 2 more.
"""

from __future__ import annotations

import re
from datetime import date

from socialins.faults import Fault
from socialins.identity.document_types import DocumentType
from socialins.identity.plain import LONGEST, fits, lost_precision, misfit, shown

__all__ = ["birth_date", "guess_type", "has_birth_date", "problem"]

_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST_YEAR = 1900
_PERMIT = re.compile(r"8[123]0000")
_OLD_FOREIGN = re.compile(r"[A-Z]{3}[0-9]{12}")
# Kinds whose numbers have a shape and nothing else to check.
_FREE = {
    DocumentType.PASSPORT: re.compile(r"[A-Z0-9]{5,20}"),
    DocumentType.HK_MACAO_PASS: re.compile(r"[HM][0-9]{8}([0-9]{2})?"),
    DocumentType.TAIWAN_PASS: re.compile(r"[0-9]{8}([0-9]{2})?"),
}


def guess_type(number: str) -> DocumentType:
    """The kind of document that a plain number looks like.

    Anything long or made of digits counts as a resident number, so that a slip in one is explained
    as a slip and not taken for a passport. A passport or a permit that
    is all digits is told from the others only by its length: pass the type where it is known.

    >>> guess_type("830000199001010012"), guess_type("E12345678"), guess_type("H12345678")
    (<DocumentType.RESIDENCE_PERMIT: 'residence-permit'>, <DocumentType.PASSPORT: 'passport'>, \
<DocumentType.HK_MACAO_PASS: 'hk-macao-pass'>)
    """
    if len(number) > LONGEST:
        return DocumentType.RESIDENT_ID
    if _OLD_FOREIGN.fullmatch(number):
        return DocumentType.FOREIGN_PERMANENT
    if len(number) == 18:
        return _family(number)
    if _FREE[DocumentType.HK_MACAO_PASS].fullmatch(number):
        return DocumentType.HK_MACAO_PASS
    if not fits(number, _DIGITS + _LETTERS):
        return DocumentType.RESIDENT_ID
    if fits(number, _DIGITS):
        if len(number) == 8:
            return DocumentType.TAIWAN_PASS
        return DocumentType.PASSPORT if 5 <= len(number) <= 9 else DocumentType.RESIDENT_ID
    return DocumentType.PASSPORT if 5 <= len(number) <= 14 else DocumentType.RESIDENT_ID


def problem(kind: DocumentType, number: str) -> Fault | None:
    """What is wrong with a plain number of a kind of document; None when nothing is.

    The most telling reason comes first: a date that doesn't exist says more than a check digit
    that doesn't fit, though both are true.

    >>> problem(DocumentType.RESIDENT_ID, "11010519491331002X").code
    'identity.birth-date'
    """
    if not number:
        return Fault("identity.missing")
    if len(number) > LONGEST:
        return _length(kind, number)
    if lost_precision(number):
        return Fault("identity.precision", {"number": shown(number)})
    if kind in _FREE:
        fits_shape = _FREE[kind].fullmatch(number)
        return None if fits_shape else Fault(f"identity.{kind}", {"number": shown(number)})
    if kind is DocumentType.FOREIGN_PERMANENT and len(number) == 15:
        fits_shape = _OLD_FOREIGN.fullmatch(number)
        return None if fits_shape else Fault("identity.foreign-old", {"number": shown(number)})
    return _citizen_problem(kind, number)


def has_birth_date(kind: DocumentType, number: str) -> bool:
    """Whether a number of this kind holds the whole birth date, and the sex."""
    return kind in _CITIZEN and len(number) == 18


def birth_date(number: str) -> date | None:
    """The date in places 7 to 14 of an 18-character number; None if it doesn't exist."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


_CITIZEN = frozenset(
    {
        DocumentType.RESIDENT_ID,
        DocumentType.RESIDENCE_PERMIT,
        DocumentType.FOREIGN_PERMANENT,
    }
)


def _family(number: str) -> DocumentType:
    if number.startswith("9"):
        return DocumentType.FOREIGN_PERMANENT
    if _PERMIT.match(number):
        return DocumentType.RESIDENCE_PERMIT
    return DocumentType.RESIDENT_ID


def _citizen_problem(kind: DocumentType, number: str) -> Fault | None:
    if len(number) == 15 and fits(number, _DIGITS) and kind is DocumentType.RESIDENT_ID:
        return _fifteen(number)
    if len(number) != 18:
        return _length(kind, number)
    wrong = misfit(number[:17], _DIGITS)
    if wrong is None and number[17] not in "0123456789X":
        # A letter in the last place is a check character that can't be, not a foreign character.
        if number[17] in _LETTERS:
            return _checksum(number)
        wrong = 18, number[17]
    if wrong is not None:
        place, char = wrong
        values = {"number": shown(number), "place": str(place), "character": shown(char)}
        return Fault("identity.format", values)
    if (found := _family(number)) is not kind:
        values = {"number": number, "given": kind.value, "found": found.value}
        return Fault("identity.type", values)
    return _date_problem(number) or (None if _has_check(number) else _checksum(number))


def _date_problem(number: str) -> Fault | None:
    # Spreadsheets keep fifteen digits; the last three of eighteen become zeros.
    if number.endswith("000") and not _has_check(number):
        return Fault("identity.precision", {"number": number})
    born = birth_date(number)
    if born is None:
        written = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
        return Fault("identity.birth-date", {"number": number, "date": written})
    if born.year < _FIRST_YEAR:
        return Fault("identity.birth-year", {"number": number, "date": str(born)})
    return None


def _has_check(number: str) -> bool:
    from stdnum.cn import ric

    return number[17] == ric.calc_check_digit(number)


def _checksum(number: str) -> Fault:
    return Fault("identity.checksum", {"number": number})


def _length(kind: DocumentType, number: str) -> Fault:
    values = {"number": shown(number), "count": str(len(number))}
    code = (
        "identity.foreign-length" if kind is DocumentType.FOREIGN_PERMANENT else "identity.length"
    )
    return Fault(code, values)


def _fifteen(number: str) -> Fault:
    from stdnum.cn import ric

    # Numbers of the first cards left the century out, and had no check character.
    body = f"{number[:6]}19{number[6:]}"
    if birth_date(body) is None:
        written = f"{body[6:10]}-{body[10:12]}-{body[12:14]}"
        return Fault("identity.fifteen-date", {"number": number, "date": written})
    candidate = body + ric.calc_check_digit(body + "0")
    return Fault("identity.fifteen", {"number": number, "candidate": candidate})
