"""A division and its rules: what a region is before anything is done with it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from socialins.faults import Text
from socialins.identity import NumberShape
from socialins.plugins import Registry
from socialins.rules import (
    Cascade,
    RuleBook,
)
from socialins.rules.business import Business
from socialins.rules.gaps import STALE_AFTER, Gap, find_gaps
from socialins.rules.monthrules import MonthRules
from socialins.rules.overlay import Overlay, overlay_book
from socialins.rules.rulefile import BackEnd
from socialins.values import Month

if TYPE_CHECKING:
    pass


__all__ = ["RegionRules"]


@attrs.frozen(eq=False)
class RegionRules:
    """A division and its rules; `Region` adds what is done with them.

    Arguments:
        book: the division's rule book.
        registry: the registry it comes from.
    """

    book: RuleBook = attrs.field(repr=False)
    registry: Registry = attrs.field(repr=False)

    @property
    def slug(self) -> str:
        """The name that code uses."""
        return self.book.names.slug

    @property
    def code(self) -> str:
        """The GB/T 2260 division code."""
        return self.book.division

    @property
    def name(self) -> Text:
        """The name that people use, in both languages."""
        return self.book.names.name

    @property
    def cascade(self) -> Cascade:
        """The rules that hold here: the division's own, its province's, the country's."""
        return _cascade(self.registry, self.book)

    @property
    def numbers(self) -> dict[str, NumberShape]:
        """The shapes of the bureau's numbers that are known here, by id.

        >>> from socialins.testing.middle import middle
        >>> middle().numbers["unit-number"].check("1234567")[0]
        '0001234567'
        """
        return self.cascade.numbers()

    def rules(self, month: Month | str, known_on: date | None = None) -> MonthRules:
        """What holds in a month.

        Arguments:
            month: the month, as `Month` or ``"2026-11"``.
            known_on: as known on this day; None for everything that is installed.
        """
        return MonthRules(self.cascade, Month.of(month), known_on)

    def gaps(
        self,
        month: Month | str,
        *,
        known_on: date | None = None,
        stale_after: int = STALE_AFTER,
    ) -> tuple[Gap, ...]:
        """What is missing, provisional, stale or unconfirmed, of all that settling a month needs.

        Arguments:
            month: the month; months that the files admit not to know are listed beside it.
            known_on: as known on this day; None for everything that is installed.
            stale_after: months after which an open-ended figure that nobody confirmed again is
                stale.

        >>> from socialins.testing.middle import middle
        >>> gap = middle().gaps("2025-11")[0]
        >>> gap.kind.value, gap.figure, gap.insurance, str(gap.span), gap.division
        ('missing', 'bounds', 'medical', '2025-01..2025-12', '990000')
        """
        return find_gaps(self.cascade, Month.of(month), known_on=known_on, stale_after=stale_after)

    @property
    def businesses(self) -> dict[str, Business]:
        """The catalogue of businesses by id (业务目录), as far as the region's rules know it."""
        return self.cascade.businesses()

    @property
    def back_ends(self) -> tuple[BackEnd, ...]:
        """The bureau's systems that settle the insurances of one declaration apart (后台系统).

        Empty where no rule speaks of any; `Settlement.by_back_end` splits a bill by them.
        """
        return self.cascade.back_ends()

    def _with(self, overlay: Overlay | None) -> Cascade:
        if overlay is None:
            return self.cascade
        return self.registry.cascade(self.book, overlay_book(overlay, self.book))

    def __str__(self) -> str:
        return f"{self.slug} ({self.code})"

    def __repr__(self) -> str:
        return f"Region({self.slug!r}, {self.code!r})"


@lru_cache(maxsize=256)
def _cascade(registry: Registry, book: RuleBook) -> Cascade:
    return registry.cascade(book)
