"""What options and arguments are read as; text that is no such thing is wrong usage."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from socialins.calendar import SHANGHAI
from socialins.cli.errors import Misuse
from socialins.faults import Fault, Text
from socialins.model.codes import UnitSize
from socialins.values import Money, Month, Rate

if TYPE_CHECKING:
    from socialins.facade import Region
    from socialins.store import Head

__all__ = [
    "AMOUNT",
    "BAND",
    "DAY",
    "FILE",
    "FOLDER",
    "HEAD",
    "JOURNAL",
    "MOMENT",
    "MONTH",
    "NEW_FILE",
    "RATE",
    "REGION",
    "UNIT_SIZE",
    "OneOf",
    "Whole",
]


class _Kind(click.ParamType):  # type: ignore[type-arg]
    """A kind of value that is read from text by `read`."""

    name = "value"
    metavar = "VALUE"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """What stands for the value on the help page."""
        return param.name.upper() if isinstance(param, click.Argument) else self.metavar

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a value, or tell what is wrong with it."""
        if not isinstance(value, str):
            return value
        read = self.read(value)
        if isinstance(read, Fault):
            raise Misuse(read, ctx)
        return read

    def read(self, text: str) -> Any:
        """The value, or the fault that keeps it from being one."""
        raise NotImplementedError


class _Month(_Kind):
    name, metavar = "month", "YYYY-MM"

    def read(self, text: str) -> Month | Fault:
        try:
            return Month.of(text)
        except ValueError:
            return Fault("cli.month", {"value": text})


class _Day(_Kind):
    name, metavar = "day", "YYYY-MM-DD"

    def read(self, text: str) -> date | Fault:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return Fault("cli.day", {"value": text})


class _Moment(_Kind):
    name, metavar = "moment", "YYYY-MM-DDTHH:MM"

    def read(self, text: str) -> datetime | Fault:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return Fault("cli.moment", {"value": text})
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


class _Amount(_Kind):
    name, metavar = "amount", "AMOUNT"

    def read(self, text: str) -> Money | Fault:
        from socialins.forms.amounts import read_amount

        return read_amount(text)


class _Rate(_Kind):
    name, metavar = "rate", "0.2%"

    def read(self, text: str) -> Rate | Fault:
        try:
            rate = Rate(text)
        except (ValueError, ZeroDivisionError):
            return Fault("cli.rate", {"value": text})
        # 0.2 means 20 %, and is far more often typed by somebody who means 0.2 %.
        most = Fraction(1) if text.rstrip().endswith(("%", "％")) else Fraction(1, 10)
        if not 0 <= rate.fraction < most:
            return Fault("cli.rate", {"value": text})
        return rate


class _Band(_Kind):
    name, metavar = "band", "120%"

    def read(self, text: str) -> Rate | Fault:
        from socialins.forms.amounts import read_band

        return read_band(text)


class _UnitSize(_Kind):
    name, metavar = "size", "SIZE"

    def read(self, text: str) -> UnitSize | Fault:
        found = UnitSize.read(text)
        if found is None:
            choices = Text(UnitSize.choices("zh"), UnitSize.choices("en"))
            return Fault("cli.choice", {"value": text, "choices": choices})
        return found


class _Region(_Kind):
    name, metavar = "region", "REGION"

    def read(self, text: str) -> Region | Fault:
        from socialins.facade import region
        from socialins.plugins import UnknownRegion

        try:
            return region(text)
        except UnknownRegion as error:
            return error.fault


class _File(_Kind):
    name, metavar = "file", "FILE"

    def read(self, text: str) -> Path | Fault:
        path = Path(text)
        if not path.is_file():
            return Fault("cli.file", {"path": text})
        if not os.access(path, os.R_OK):
            return Fault("cli.file-closed", {"path": text})
        return path


class _Journal(_File):
    name, metavar = "journal", "FILE"

    def read(self, text: str) -> Path | str | Fault:  # type: ignore[override]
        from socialins.store.opening import is_postgres

        return text if is_postgres(text) else super().read(text)


class _Head(_Kind):
    name, metavar = "head", "N:DIGEST|FILE"

    def read(self, text: str) -> Head | Path | Fault:
        from socialins.store import Head

        path = Path(text)
        if path.is_file():
            return path
        try:
            return Head.parse(text)
        except ValueError:
            return Fault("cli.head", {"value": text})


class _NewFile(_Kind):
    name, metavar = "new-file", "FILE"

    def read(self, text: str) -> Path | Fault:
        path = Path(text)
        if path.is_dir() or not path.resolve().parent.is_dir():
            return Fault("cli.file-new", {"path": text})
        return path


class _Folder(_Kind):
    name, metavar = "folder", "DIR"

    def read(self, text: str) -> Path | Fault:
        path = Path(text)
        if path.exists() and not path.is_dir():
            return Fault("cli.folder", {"path": text})
        return path


class Whole(_Kind):
    """A whole number within bounds.

    Arguments:
        least, most: the bounds; no upper one if left out.
    """

    name, metavar = "number", "N"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def read(self, text: str) -> int | Fault:
        """The number."""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
        if number is None or number < self.least or (self.most is not None and number > self.most):
            span = f"{self.least}–{'' if self.most is None else self.most}"
            return Fault("cli.number", {"value": text, "span": span})
        return number


class OneOf(_Kind):
    """One of a few words.

    Arguments:
        words: the words.
    """

    name = "choice"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)
        self.metavar = "|".join(words)

    def read(self, text: str) -> str | Fault:
        """The word."""
        if text.casefold() not in self.words:
            return Fault("cli.choice", {"value": text, "choices": ", ".join(self.words)})
        return text.casefold()


MONTH = _Month()
"""A month, as `Month.of` reads it."""
DAY = _Day()
"""A day, in ISO form."""
MOMENT = _Moment()
"""A day and a time, in ISO form; in China where it names no zone."""
AMOUNT = _Amount()
"""An amount in yuan."""
RATE = _Rate()
"""A rate between 0 and 100 %; without a percent sign below 0.1."""
BAND = _Band()
"""A floating band above 0 %; without a percent sign it is a multiple."""
UNIT_SIZE = _UnitSize()
"""A size of units, by code or name."""
REGION = _Region()
"""An installed region, by slug, name or code."""
FILE = _File()
"""A file that exists and can be read."""
JOURNAL = _Journal()
"""A journal: a file that can be read, or the address of a PostgreSQL database, as text."""
HEAD = _Head()
"""A journal's head, as it was noted, or the file of a signed one."""
NEW_FILE = _NewFile()
"""A file that can be written: its folder exists."""
FOLDER = _Folder()
"""A folder, or a path where one can be made."""
