"""Rows of totals: what an export says that its rows add up to, against what they do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import attrs

from socialins.reconcile.detail import DetailRow
from socialins.values import Money

__all__ = ["SUMMED", "Summed", "Totals"]

Summed: TypeAlias = Literal["due", "relief", "payable"]
SUMMED: tuple[Summed, ...] = ("due", "relief", "payable")
"""The columns that are added up."""


def _nothing() -> dict[Summed, int]:
    return dict.fromkeys(SUMMED, 0)


@attrs.define
class Totals:
    """The sums of rows so far: of all, and of those since the last row of totals.

    A sum that lacks a row that could not be read is not compared.
    """

    all: dict[Summed, int] = attrs.field(factory=_nothing)
    since: dict[Summed, int] = attrs.field(factory=_nothing)
    stated: list[tuple[int, Summed, Money, int]] = attrs.field(factory=list)
    complete: bool = True

    def add(self, row: DetailRow) -> None:
        """Count a row."""
        self.complete = self.complete and not row.faulty
        for field in SUMMED:
            amount: Money | None = getattr(row, field)
            if amount is not None:
                self.all[field] += amount.fen
                self.since[field] += amount.fen

    def state(self, row: int, stated: Mapping[Summed, Money | None]) -> None:
        """Take note of a row of totals."""
        for field, amount in stated.items():
            if amount is not None:
                self.stated.append((row, field, amount, self.since[field]))
        self.since = _nothing()

    def wrong(self) -> Iterator[tuple[int, Summed, Money, Money]]:
        """The totals that are wrong: row, column, our sum, what it states.

        Where a sheet has several rows of totals, each may be of the rows above it or of all.
        """
        for row, field, amount, since in self.stated if self.complete else ():
            if amount.fen not in (self.all[field], since):
                yield row, field, Money(self.all[field]), amount
