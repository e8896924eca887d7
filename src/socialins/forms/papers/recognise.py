"""Rosters in bureaus' layouts: a file that is not in the library's own layout may be in one.

Each form of the region that has what a roster needs is held against the file's headings. One that
fits is read; none, or several that fit equally well, leaves it at the fault of the own layout, with
the forms that are near.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.opening import open_book
from socialins.forms.papers.form import Form
from socialins.forms.papers.headings import Match, match_headings, opening_rows
from socialins.forms.sheets import Limits
from socialins.forms.unitdata import override_unit
from socialins.model.codes import UnitSize
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.values import Month, Rate

__all__ = ["NOT_OWN_LAYOUT", "read_roster_form"]

NOT_OWN_LAYOUT = frozenset(
    {"roster.header.missing", "roster.column.missing", "roster.column.twice"}
)
"""The faults of a file that may be in another layout."""

_NAMED = 3


def read_roster_form(
    path: Path,
    month: Month,
    forms: Iterable[Form],
    refused: FormError,
    *,
    account: UnitAccount | None = None,
    injury_rate: Rate | None = None,
    injury_class: int | None = None,
    injury_band: Rate | None = None,
    unit_size: UnitSize | None = None,
    trade: str | None = None,
    max_rows: int = 200_000,
) -> Roster:
    """Read a roster from a file in the layout of one of these forms.

    Arguments:
        path: the file.
        month: the month the roster is for.
        forms: the region's forms.
        refused: why the file is not in the library's own layout.
        account: the unit's account, in place of what stands above the table.
        injury_rate: its injury rate, in place of what it says.
        injury_class: its risk class, likewise.
        injury_band: the floating band in that class.
        unit_size: the unit's size, in place of what the account says.
        trade: the id of its trade, likewise.
        max_rows: the most data rows that are read.

    Raises:
        FormError: `refused`, with the forms that are near, if none fits or several do.
    """
    form = _recognise(path, [form for form in forms if form.can_be_roster], refused)
    read = form.read(path, max_rows=max_rows)
    if not read.rows and not read.errors:
        raise FormError(Fault("roster.empty", {}, read.place))
    roster = read.form.to_roster(read, month, account=account)
    made = override_unit(
        roster.account,
        injury_rate=injury_rate,
        injury_class=injury_class,
        injury_band=injury_band,
        unit_size=unit_size,
        trade=trade,
    )
    return attrs.evolve(roster, account=made)


def _recognise(path: Path, forms: list[Form], refused: FormError) -> Form:
    words = frozenset().union(*(column.headings for form in forms for column in form.columns))
    book = open_book(path, Limits(), words)
    best: list[Match] = []
    try:
        for sheet in book.sheets:
            if sheet.visible:
                opening, _ = opening_rows(sheet)
                best += [match for form in forms if (match := match_headings(form, sheet, opening))]
    finally:
        book.close()
    best.sort(key=lambda match: len(match.columns), reverse=True)
    fitting = [match for match in best if match.complete]
    if fitting:
        first = len(fitting[0].columns)
        most = {match.form.id: match for match in fitting if len(match.columns) == first}
        if len(most) == 1:
            return fitting[0].form
        raise _refuse("form.layout.ambiguous", most.values(), path, refused) from refused
    # One heading in common is none: nearly every table of people has a name.
    near = {match.form.id: match for match in reversed(best) if len(match.columns) > 1}
    if near:
        raise _refuse("form.layout.near", list(near.values())[::-1], path, refused) from refused
    raise refused


def _refuse(code: str, found: Iterable[Match], path: Path, refused: FormError) -> FormError:
    named = [match.form for match in found][:_NAMED]
    forms = Text(
        "、".join(f"{form.title.zh}（{form.id}）" for form in named),
        ", ".join(f"{form.title.en} ({form.id})" for form in named),
    )
    fault = Fault(code, {"forms": forms}, Place(file=str(path)))
    return FormError(refused.fault, (*refused.all[1:], fault))
