"""Numbers that a bureau gives out (单位编号, 个人编号, 电脑号), in the shape a region states.

The core knows no such number: a region's data states how long it is, what it is made of, and how
older ones are carried over. What is checked is that, and nothing else.
"""

from __future__ import annotations

from typing import Literal

import attrs

from socialins.faults import Fault
from socialins.identity.plain import LONGEST, lost_precision, misfit, plain, shown

__all__ = ["NumberShape"]

Alphabet = Literal["digits", "letters-digits"]

_CHARACTERS = {
    "digits": "0123456789",
    "letters-digits": "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


def _padding(shape: NumberShape, _attribute: object, pad_from: int | None) -> None:
    if pad_from is not None and pad_from + len(shape.pad_with) != shape.length:
        raise ValueError(
            f"{shape.en}: {pad_from} characters behind {shape.pad_with!r} don't make {shape.length}"
        )


def _positive(shape: NumberShape, _attribute: object, length: int) -> None:
    if not 1 <= length <= LONGEST:
        raise ValueError(f"{shape.en}: a number can't have {length} characters")


@attrs.frozen
class NumberShape:
    """What a bureau's number looks like.

    Arguments:
        zh: what the number is called, in Chinese.
        en: what it is called, in English.
        length: how many characters it has.
        alphabet: ``"digits"``, or ``"letters-digits"`` for digits and capitals.
        pad_with: what is put before an older, shorter number.
        pad_from: how long such a number is; None when there are none.
        note: what else the region says of it.
        source: id of the document that states it.

    Raises:
        ValueError: if a padded number would not have the length.

    >>> shape = NumberShape("单位编号", "unit number", 10, pad_from=7)
    >>> shape.check("1234567890")
    ('1234567890', ())
    >>> shape.check("12345")[1][0].message("en")
    "the unit number '12345' has 5 characters; it must have 10"

    An older number is carried over as the region says, with a warning:

    >>> number, faults = shape.check("1234567")
    >>> number, faults[0].is_error
    ('0001234567', False)
    """

    zh: str
    en: str
    length: int = attrs.field(validator=_positive)
    alphabet: Alphabet = attrs.field(
        default="digits", validator=attrs.validators.in_(tuple(_CHARACTERS))
    )
    pad_with: str = "000"
    pad_from: int | None = attrs.field(default=None, validator=_padding)
    note: str = ""
    source: str | None = None

    def check(self, text: str) -> tuple[str | None, tuple[Fault, ...]]:
        """Read a number that somebody typed, without raising on any text.

        Full-width characters, blanks, invisible characters and lower case are put right. Zeros
        that a spreadsheet dropped are not put back.

        Returns:
            The number, or None; and what is wrong or unusual.

        Raises:
            TypeError: for anything but text.
        """
        number = plain(text)
        values = {"name_zh": self.zh, "name_en": self.en, "number": shown(number)}
        if not number:
            return None, (Fault("number.missing", values),)
        if len(number) <= LONGEST and lost_precision(number):
            return None, (Fault("number.precision", values),)
        if len(number) not in (self.length, self.pad_from):
            lengths = {"count": str(len(number)), "length": str(self.length)}
            return None, (Fault("number.shape", values | lengths),)
        if wrong := misfit(number, _CHARACTERS[self.alphabet]):
            place, char = wrong
            found = {"place": str(place), "character": shown(char)}
            return None, (Fault(f"number.{self.alphabet}", values | found),)
        if len(number) == self.length:
            return number, ()
        padded = self.pad_with + number
        return padded, (Fault("number.padded", values | {"padded": padded}),)
