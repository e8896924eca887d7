"""Fault (提示): one coded problem, with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import attrs

from socialins.faults.plugin_texts import entry_of
from socialins.faults.text import Text

__all__ = ["Fault", "Lang", "Place", "Severity"]

Lang = Literal["zh", "en"]


class Severity(StrEnum):
    """How much a fault stops.

    An `ERROR` keeps its row, person or batch out of the result; a `WARNING` is for somebody to
    look at, and the work goes on.
    """

    ERROR = "error"
    WARNING = "warning"


def _hidden(value: object) -> str:
    """What a file says in a place may be somebody's number or wage, and a repr goes to logs."""
    return "None" if value is None else "***"


# What moves a terminal's cursor, turns the direction of a line, or can't be written as UTF-8.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
_LONGEST = 1000


def _showable(text: str) -> str:
    """A text out of somebody's file, of a length to be read, and without what would do more."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    return text if text.isascii() and text.isprintable() else _UNSHOWABLE.sub("\ufffd", text)


_LONG_NUMBER = re.compile(r"[0-9]{12,}[0-9Xx]")
_WAGES = {"wage", "wages", "stated_wages"}


def _logged(name: str, value: str) -> str:
    """A value of a fault as it may stand in a log."""
    if name in _WAGES:
        return "***"
    return _LONG_NUMBER.sub(lambda found: f"{found[0][:3]}***{found[0][-4:]}", value)


def _names(values: Mapping[str, str | Text]) -> str:
    return f"<{', '.join(values)}>"


@attrs.frozen
class Place:
    """Where a fault was found; what is not known is left out.

    Arguments:
        file: the file as the caller named it.
        sheet: the sheet of a workbook.
        row: the row as a spreadsheet shows it, counted from 1, the heading included.
        column: the heading as it stands in the file, or the spreadsheet's letter.
        field: the field of the model, such as ``wage``.
        value: what was found there, as text, cut to a length that can be shown.

    >>> str(Place(file="roster.xlsx", row=7, column="申报工资"))
    'roster.xlsx, row 7, 申报工资'
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None
    value: str | None = attrs.field(default=None, repr=_hidden)

    def describe(self, lang: str = "zh") -> str:
        """The place in words, in ``"zh"`` or ``"en"``; empty when nothing is known."""
        parts = [part and _showable(part) for part in (self.file, self.sheet)]
        if self.row is not None:
            parts.append(f"row {self.row}" if lang == "en" else f"第{self.row}行")
        parts.append(_showable(self.column or self.field or ""))
        return (", " if lang == "en" else "，").join(part for part in parts if part)

    def __str__(self) -> str:
        return self.describe("en")


def _copied(values: Mapping[str, str | Text]) -> Mapping[str, str | Text]:
    return dict(values)


@attrs.frozen
class Fault:
    """A coded problem: what, where, and what to do about it.

    The texts come from the catalogue, filled with `values`; a fault itself is data, so that it can
    be stored, counted, translated and compared. Its texts quote what was given, for whoever has to
    put it right; what a log takes of it, its `str` and its repr, hides identity numbers and wages.

    Arguments:
        code: a stable dotted code of the catalogue, such as ``roster.wage.missing``.
        values: what the texts name: words that need no translation, or `Text` in both languages.
        place: where it was found.
        severity: left out, it is the catalogue's.

    >>> fault = Fault("identity.checksum", {"number": "11010519491231002Y"}, Place(row=3))
    >>> fault.message("en")
    "'11010519491231002Y' is no valid identity number: the check digit does not fit"
    """

    code: str
    values: Mapping[str, str | Text] = attrs.field(
        factory=dict, converter=_copied, hash=False, repr=_names
    )
    place: Place = Place()
    severity: Severity = attrs.field(
        default=attrs.Factory(lambda self: _severity(self.code), takes_self=True),
        converter=Severity,
    )

    def message(self, lang: str = "zh") -> str:
        """What is wrong, in one sentence."""
        return entry_of(self.code).prompt(lang, self.words(lang))

    def explanation(self, lang: str = "zh") -> str:
        """Why it is wrong; empty when the sentence says it all."""
        return entry_of(self.code).explanation(lang, self.words(lang))

    def remedies(self, lang: str = "zh") -> tuple[str, ...]:
        """What to do about it, most likely remedy first."""
        return entry_of(self.code).remedies(lang, self.words(lang))

    def remedy(self, lang: str = "zh") -> str:
        """The remedies as one text."""
        return (" " if lang == "en" else "").join(self.remedies(lang))

    def words(self, lang: str) -> dict[str, str]:
        """The values in one language, as a terminal can show them."""
        return {
            name: _showable(value.get(lang) if isinstance(value, Text) else str(value))
            for name, value in self.values.items()
        }

    @property
    def is_error(self) -> bool:
        """Whether the fault keeps something out of the result."""
        return self.severity is Severity.ERROR

    def at(self, place: Place) -> Fault:
        """The same fault at ``place``; what the fault knows of its place already is kept."""
        known = attrs.asdict(self.place, filter=lambda _attribute, value: value is not None)
        return attrs.evolve(self, place=attrs.evolve(place, **known))

    def __str__(self) -> str:
        # What is logged: unlike the message, it quotes no identity number and no wage.
        said = {name: _logged(name, value) for name, value in self.words("en").items()}
        message = entry_of(self.code).prompt("en", said)
        where = str(self.place)
        return f"{where}: {message}" if where else message


def _severity(code: str) -> Severity:
    return Severity(entry_of(code).severity)
