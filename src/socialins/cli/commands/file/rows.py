"""Rows of a declaration from the command line: from a file, or said person by person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import click

from socialins.cli.command import Option
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import AMOUNT, FILE, MONTH
from socialins.facade import Region
from socialins.faults import Fault, Text
from socialins.filing import Change
from socialins.identity import parse_document
from socialins.model import InsuredPerson
from socialins.rules.business import RosterEffect
from socialins.values import Money, Month

__all__ = ["ROWS", "Stated", "rows_of_file"]

ROWS: tuple[click.Parameter, ...] = (
    Option(
        ["--rows"],
        type=FILE,
        text=Text("人员文件（花名册格式）。", "A file of persons, in the layout of a roster."),
    ),
    Option(
        ["--person"],
        nargs=2,
        multiple=True,
        metavar="NAME NUMBER",
        text=Text(
            "或逐人给出姓名和证件号码，可多次。",
            "Or a person's name and document number; may be repeated.",
        ),
    ),
    Option(
        ["--wage"],
        type=AMOUNT,
        text=Text("这些人的申报工资。", "The declared wage of these persons."),
    ),
    Option(["--first"], type=MONTH, text=Text("补缴起始月份。", "First month of a back payment.")),
    Option(["--last"], type=MONTH, text=Text("补缴终止月份。", "Last month of it.")),
    Option(
        ["--insurances"],
        text=Text("险种，用逗号分隔。", "The insurances, with commas between them."),
    ),
    Option(["--reason"], default="", text=Text("原因。", "Why.")),
    Option(
        ["--set", "extra"],
        multiple=True,
        metavar="NAME=VALUE",
        text=Text("其他项目，可多次。", "Another field; may be repeated."),
    ),
)
"""The parameters that state rows; `Stated` takes their values."""


@attrs.frozen(kw_only=True)
class Stated:
    """What the options say of rows."""

    rows: Path | None
    person: tuple[tuple[str, str], ...]
    wage: Money | None
    first: Month | None
    last: Month | None
    insurances: str | None
    reason: str
    extra: tuple[str, ...]

    def changes(self, where: Region, month: Month, business: str) -> tuple[Change, ...]:
        """The rows; one about the unit where nobody is named.

        Arguments:
            where: the region, for its words.
            month: the month.
            business: the business; of somebody who leaves no wage is stated.
        """
        said: dict[str, Any] = {
            "first": self.first,
            "last": self.last,
            "reason": self.reason,
            "extra": dict(map(_pair, self.extra)),
        }
        if self.insurances is not None:
            said["insurances"] = {one.strip() for one in self.insurances.split(",") if one.strip()}
        if self.rows is not None:
            if self.person:
                both = Fault("cli.one-of", {"names": "--rows, --person"})
                raise Misuse(both, click.get_current_context())
            read = rows_of_file(self.rows, where, month, business)
            stated = {name: value for name, value in said.items() if value}
            return tuple(attrs.evolve(row, **stated) for row in read)
        if not self.person:
            return (Change(row="1", wage=self.wage, **said),)
        return tuple(
            Change(
                row=str(number),
                person=InsuredPerson(name, parse_document(document)),
                wage=self.wage,
                **said,
            )
            for number, (name, document) in enumerate(self.person, start=1)
        )


def rows_of_file(path: Path, where: Region, month: Month, business: str) -> Iterator[Change]:
    """Read persons from a file; if one of them can't be read, none is entered."""
    known = where.businesses.get(business)
    leaves = known is not None and known.effect is RosterEffect.LEAVE
    roster = where.read_roster(path, month)
    if wrong := [fault for fault in roster.faults if fault.is_error]:
        raise Stopped(wrong, click.get_current_context())
    for entry in roster:
        if leaves:
            yield Change(row=str(entry.row), person=entry.person)
        else:
            yield Change(
                row=str(entry.row),
                person=entry.person,
                wage=entry.wage.amount,
                household=entry.household,
                employment=entry.employment,
                insurances=entry.insurances,
            )


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Misuse(Fault("cli.pair", {"value": text}), click.get_current_context())
    return name.strip(), value
