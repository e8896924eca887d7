"""Identity documents (证件): a kind and a number, read from what somebody typed.

The library's own policy, on top of python-stdnum, whose `validate` refuses numbers of divisions
that no longer exist: what makes a number impossible is an error, what is merely unusual a warning.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from socialins.faults import Fault
from socialins.identity.divisions import was_in_use
from socialins.identity.document_types import DocumentType, Sex
from socialins.identity.errors import IdentityError
from socialins.identity.plain import plain
from socialins.identity.shapes import birth_date, guess_type, has_birth_date, problem

if TYPE_CHECKING:
    from socialins.identity.residents import ResidentNumbers

__all__ = ["CHINA", "IdDocument", "ReadDocument", "parse_document", "read_document"]

# China has one zone and no summer time; a fixed offset needs no zone database, which Windows lacks.
CHINA = timezone(timedelta(hours=8))
"""The time of China."""


def _possible(document: IdDocument, _attribute: object, number: str) -> None:
    if not isinstance(number, str):
        raise TypeError(f"{type(number).__name__} can't be an identity number; pass text")
    fault = problem(document.type, number)
    if fault is not None:
        raise IdentityError(fault)


@attrs.frozen(repr=False)
class IdDocument:
    """An identity document (证件), with a number that is possible for its kind.

    The number is taken as it stands; `parse_document` reads typed text. What is shown of a
    document is masked, so that logs hold no numbers.

    Arguments:
        type: the kind of document, or its code.
        number: the number, in capitals and without blanks.

    Raises:
        IdentityError: if the number can't be one of this kind.

    >>> document = IdDocument("resident-id", "11010519491231002X")
    >>> document
    IdDocument('resident-id', '110***********002X')
    >>> document.birth_date, document.sex, document.division
    (datetime.date(1949, 12, 31), <Sex.FEMALE: 'female'>, '110105')
    >>> IdDocument(DocumentType.PASSPORT, "E12345678").birth_date is None
    True
    """

    type: DocumentType = attrs.field(converter=DocumentType)
    number: str = attrs.field(validator=_possible)

    @property
    def birth_date(self) -> date | None:
        """The birth date (出生日期), where the number holds all of it."""
        return birth_date(self.number) if has_birth_date(self.type, self.number) else None

    @property
    def sex(self) -> Sex | None:
        """The sex (性别), where the number tells it: an odd sequence is a man's."""
        if not has_birth_date(self.type, self.number):
            return None
        return Sex.MALE if int(self.number[16]) % 2 else Sex.FEMALE

    @property
    def division(self) -> str | None:
        """The division (行政区划) that first registered the person; resident numbers only.

        It says nothing of where somebody lives, or is insured.
        """
        return self.number[:6] if self.type is DocumentType.RESIDENT_ID else None

    def masked(self) -> str:
        """The number with its middle hidden: 3 and 4 characters are left at most, and never more
        than half.

        >>> IdDocument("passport", "E12345678").masked()
        'E1*****78'
        """
        left = min(7, len(self.number) // 2)
        first = min(3, left // 2)
        last = left - first
        return self.number[:first] + "*" * (len(self.number) - left) + self.number[-last:]

    def __repr__(self) -> str:
        return f"IdDocument('{self.type}', '{self.masked()}')"


@attrs.frozen
class ReadDocument:
    """What `read_document` made of a text.

    Arguments:
        document: the document; None when a fault is an error.
        faults: what is wrong or unusual.
    """

    document: IdDocument | None
    faults: tuple[Fault, ...] = ()


def read_document(
    text: str,
    type: DocumentType | str | None = None,  # noqa: A002 - the word users know
    today: date | None = None,
) -> ReadDocument:
    """Read an identity number that somebody typed, without raising on any text.

    Full-width characters, blanks, invisible characters and lower case are put right. A number that
    can't be is an error: wrong length or characters, a birth date that doesn't exist, is in the
    future or before 1900, a check character that doesn't fit. A division that no list has is a
    warning.

    Arguments:
        text: what was typed.
        type: the kind of document, or its code; left out, it is guessed from the number's shape.
        today: no birth date lies after it; left out, the system's day in China.

    Returns:
        The document, or faults, or a document with warnings.

    Raises:
        TypeError: for anything but text.
        ValueError: for a type that doesn't exist.

    Resident numbers of 18 digits, with X for ten:

    >>> read_document("１１０１０５ 19491231 002x").document
    IdDocument('resident-id', '110***********002X')
    >>> read_document("110105194912310020").faults[0].message("en")
    "'110105194912310020' is no valid identity number: the check digit does not fit"

    An old number is not turned into a new one behind anybody's back:

    >>> print(read_document("110105491231002").faults[0].remedies("en")[1])
    If the card can't be had at once: the number would be 11010519491231002X for somebody born in \
19..; have it confirmed before it is filed.

    Permits and foreigners' cards follow the same scheme:

    >>> read_document("830000199001010012").document.sex
    <Sex.MALE: 'male'>
    >>> read_document("911124198108030024").document.type.title()
    '外国人永久居留身份证'
    """
    kind = None if type is None else DocumentType(type)
    day = today or datetime.now(CHINA).date()
    if kind in (None, DocumentType.RESIDENT_ID) and isinstance(text, str):
        known = _residents(day).read(text)
        if known is not None:
            return ReadDocument(known[0])
    number = plain(text)
    try:
        document = IdDocument(guess_type(number) if kind is None else kind, number)
    except IdentityError as error:
        return ReadDocument(None, (error.fault,))
    return _on_the_day(document, day)


def parse_document(
    text: str,
    type: DocumentType | str | None = None,  # noqa: A002 - the word users know
    today: date | None = None,
) -> IdDocument:
    """Read an identity number, or raise; `read_document` has the rules.

    Raises:
        IdentityError: if the text is no such number; warnings raise nothing.

    >>> parse_document("830000199001010012")
    IdDocument('residence-permit', '830***********0012')
    """
    result = read_document(text, type, today)
    if result.document is None:
        raise IdentityError(result.faults[0])
    return result.document


@lru_cache(maxsize=2)
def _residents(day: date) -> ResidentNumbers:
    from socialins.identity.residents import ResidentNumbers

    return ResidentNumbers(day)


def _on_the_day(document: IdDocument, today: date) -> ReadDocument:
    born = document.birth_date
    if born is None:
        return ReadDocument(document)
    if born > today:
        values = {"number": document.number, "date": str(born), "today": str(today)}
        return ReadDocument(None, (Fault("identity.future", values),))
    division = document.division
    if division is None or was_in_use(division, born.year, today.year):
        return ReadDocument(document)
    # The number is right as it stands, so the warning need not show all of it.
    values = {"number": document.masked(), "division": division, "year": str(born.year)}
    return ReadDocument(document, (Fault("identity.district-unknown", values),))
