"""What a table is held to: the roster of the same rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import socialins as si


@pytest.fixture(scope="session")
def by_roster() -> Callable[..., list[dict[str, int | None]]]:
    """(region, rows, month, names=columns) → what `Region.settle` makes of them, as a table."""
    return _by_roster


def _by_roster(
    region: si.Region, rows: list[dict[str, Any]], month: str, *, names: list[str], **options: Any
) -> list[dict[str, int | None]]:
    """What `Region.settle` makes of the same rows, laid out as a table."""
    entries = []
    for number, row in enumerate(rows):
        insurances = row.get("insurances")
        entries.append(
            si.RosterEntry(
                si.InsuredPerson("甲", si.IdDocument("passport", f"E{10_000_000 + number}")),
                si.DeclaredWage(si.Money(row["wage_fen"])),
                household=si.Household(row.get("household") or "urban-local"),
                employment=si.Employment(row.get("employment") or "full-time"),
                insurances=None if insurances is None else frozenset(insurances.split(",")),
                injury_rate=row.get("injury_rate"),
            )
        )
    bill = region.settle(si.Roster(month, entries, options.pop("account", None)), **options)
    return [_as_columns(bill, entry.person, names) for entry in entries]


def _as_columns(
    bill: si.Settlement, person: si.InsuredPerson, names: list[str]
) -> dict[str, int | None]:
    mine = bill.of(person)
    lost = {(one.insurance, one.payer.value) for one in bill.unsettled if one.person == person}
    # Of these nothing is known at all.
    gone = {insurance for insurance, _ in lost} - {one.insurance for one in mine}
    found: dict[str, int | None] = {}
    for name in names:
        stem, _, kind = name.removesuffix("_fen").rpartition("_")
        first = "person"
        if kind == "base" and stem.endswith("_unit"):
            stem, first = stem.removesuffix("_unit"), "unit"
        insurance = stem.replace("_", "-")
        of_it = [one for one in mine if one.insurance == insurance]
        if kind == "total":
            found[name] = sum(one.amount.fen for one in mine if one.payer.value == stem)
        elif insurance in gone or (insurance, kind) in lost:
            found[name] = None
        elif kind == "base":
            basic = [one for one in of_it if one.item == "basic"] or of_it
            basic.sort(key=lambda one: one.payer.value != first)
            found[name] = basic[0].base.fen if basic else 0
        else:
            found[name] = sum(one.amount.fen for one in of_it if one.payer.value == kind)
    return found
