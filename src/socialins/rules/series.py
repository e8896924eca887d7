"""Series: the figures of one thing through time, and the question what holds in a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

import attrs

from socialins.model.codes import Payer
from socialins.model.insurance import is_id
from socialins.rules.figures import (
    Bounds,
    Coverage,
    Figure,
    FixedSum,
    InjuryClasses,
    RateFigure,
    RoundingFigure,
    UnitBase,
    ordered,
)
from socialins.rules.keys import key
from socialins.rules.selector import Who
from socialins.rules.source import Text
from socialins.values import Month, MonthSpan

__all__ = [
    "ALL",
    "AmountRoundingSeries",
    "BaseRoundingSeries",
    "BoundsSeries",
    "CoverageSeries",
    "FixedSeries",
    "Found",
    "InjuryClassSeries",
    "PerInsurances",
    "RateSeries",
    "Series",
    "Status",
    "UnitBaseSeries",
    "UnknownMonths",
]

ALL = "*"
"""In place of an insurance's id: every insurance."""

F = TypeVar("F", bound=Figure)


class Status(StrEnum):
    """How a figure came to hold for a month."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"
    CARRIED = "carried"

    def title(self, lang: str = "zh") -> str:
        """The status in words."""
        return _STATUSES[self][lang == "en"]


_STATUSES = {
    Status.CONFIRMED: ("", ""),
    Status.PROVISIONAL: ("新标准公布前暂按此执行", "provisional until the new figure is announced"),
    Status.CARRIED: ("沿用到期数值，未经证实", "carried past its end, not confirmed"),
}


@attrs.frozen(kw_only=True)
class UnknownMonths:
    """Months for which no figure is known, and why: a gap that is admitted."""

    start: Month = key(name="from", doc="First month")
    end: Month | None = key(
        name="to", default=None, doc="Last month; left out if open", validator=ordered
    )
    why: Text = key(doc="Why nothing is stated")

    @property
    def span(self) -> MonthSpan:
        """The months."""
        return MonthSpan(self.start, self.end)


@attrs.frozen
class Found(Generic[F]):
    """What a series says of a month.

    Arguments:
        figure: the figure that holds; None when none is known.
        status: how it came to hold.
        last: the last figure known before the month, when none holds.
        why: why none is known, where the file says so.
    """

    figure: F | None
    status: Status = Status.CONFIRMED
    last: F | None = None
    why: Text | None = None


def _id(_instance: object, _attribute: object, name: str) -> None:
    if not is_id(name):
        raise ValueError(f"{name!r} can't be an id; use lower-case words joined by hyphens")


def _ids(_instance: object, _attribute: object, insurances: tuple[str, ...]) -> None:
    for name in insurances:
        if name != ALL and not is_id(name):
            raise ValueError(f"{name!r} can't name an insurance; use lower-case words and hyphens")
    if not insurances:
        raise ValueError("name at least one insurance, or '*' for all")


@attrs.frozen(kw_only=True)
class Series(Generic[F]):
    """The figures of one thing through time.

    Arguments:
        values: the figures, in order of their months.
        who: for whom they hold.
        unknown: months for which none is known, with the reason.
        inherit_outside_span: outside its months this series leaves the word to what it hides.
    """

    kind: ClassVar[str]
    variant: ClassVar[str] = ""
    of_calendar: ClassVar[bool] = False  # days and dates, which no bill rests on
    sparse: ClassVar[bool] = False  # holds in its months only; in others there is no such thing

    values: tuple[F, ...] = key(doc="The figures, in order of their months")
    who: Who = key(default=Who(), doc="For whom they hold; everybody if left out")
    unknown: tuple[UnknownMonths, ...] = key(default=(), doc="Months admitted to be unknown")
    inherit_outside_span: bool = key(
        default=False, doc="Outside these months, what this series hides holds"
    )

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """The (insurance, item, payer) that the series is about; None for any."""
        raise NotImplementedError

    def covers(self, month: Month) -> bool:
        """Whether the series has a word on the month, be it that the figure is unknown."""
        spans = [value.span for value in self.values] + [gap.span for gap in self.unknown]
        return any(month in span for span in spans)

    def speaks_in(self, month: Month) -> bool:
        """Whether the series answers for a month; if not, the word goes to what it would hide."""
        return not (self.inherit_outside_span or self.sparse) or self.covers(month)

    def find(self, month: Month, known_on: date | None, *, lenient: bool) -> Found[F]:
        """What holds in a month, as known on a day.

        Arguments:
            month: the month asked for.
            known_on: leave out what was announced later; None for all that is installed.
            lenient: whether an ended figure may be carried for its `carry_months`.
        """
        known = [value for value in self.values if known_on is None or value.known_from <= known_on]
        holding = [value for value in known if month in value.span]
        if holding:
            return Found(max(holding, key=lambda value: (value.revises, value.known_from)))
        ended = [
            (value.end, value) for value in known if value.end is not None and value.end < month
        ]
        why = next((gap.why for gap in self.unknown if month in gap.span), None)
        if not ended or (self.sparse and why is None):
            return Found(None, why=why)
        end, last = max(ended, key=lambda pair: (pair[0], pair[1].revises, pair[1].known_from))
        if self.sparse:
            return Found(None, last=last, why=why)
        if last.provisional_until_announced and why is None:
            return Found(last, Status.PROVISIONAL)
        if lenient and month - end <= last.carry_months:
            return Found(last, Status.CARRIED)
        return Found(None, last=last, why=why)


@attrs.frozen(kw_only=True)
class PerInsurances(Series[F]):
    """Figures of one or more insurances, for both payers or one.

    Arguments:
        insurances: their ids.
        payer: whose; None for both.
    """

    insurances: tuple[str, ...] = key(doc="Ids of insurances, or '*'", validator=_ids)
    payer: Payer | None = key(default=None, doc="unit or person; both if left out")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """One scope per insurance."""
        return ((insurance, None, self.payer) for insurance in self.insurances)


@attrs.frozen(kw_only=True)
class BoundsSeries(PerInsurances[Bounds]):
    """Floors and caps of one or more insurances."""

    kind = "bounds"
    values: tuple[Bounds, ...] = key(doc="Floors and caps, in order of their months")


@attrs.frozen(kw_only=True)
class BaseRoundingSeries(PerInsurances[RoundingFigure]):
    """How bases are rounded, before they are held between floor and cap."""

    kind = "base-rounding"
    values: tuple[RoundingFigure, ...] = key(doc="Roundings, in order of their months")


@attrs.frozen(kw_only=True)
class AmountRoundingSeries(PerInsurances[RoundingFigure]):
    """How amounts are rounded."""

    kind = "amount-rounding"
    values: tuple[RoundingFigure, ...] = key(doc="Roundings, in order of their months")


@attrs.frozen(kw_only=True)
class UnitBaseSeries(PerInsurances[UnitBase]):
    """What the unit's share rests on."""

    kind = "unit-base"
    values: tuple[UnitBase, ...] = key(doc="Bases, in order of their months")


@attrs.frozen(kw_only=True)
class _PerItem(Series[F]):
    insurance: str = key(doc="Id of the insurance", validator=_id)
    item: str = key(default="basic", doc="Id of the item (品目)", validator=_id)
    payer: Payer = key(doc="unit or person")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """The one scope."""
        yield self.insurance, self.item, self.payer


@attrs.frozen(kw_only=True)
class RateSeries(_PerItem[RateFigure]):
    """Rates of an item and payer; a series makes the item exist in a region."""

    kind = "rate"
    values: tuple[RateFigure, ...] = key(doc="Rates, in order of their months")


@attrs.frozen(kw_only=True)
class FixedSeries(_PerItem[FixedSum]):
    """Fixed sums of an item and payer."""

    kind = "fixed"
    values: tuple[FixedSum, ...] = key(doc="Sums, in order of their months")


@attrs.frozen(kw_only=True)
class InjuryClassSeries(Series[InjuryClasses]):
    """The injury rates of the eight risk classes."""

    kind = "injury-classes"
    values: tuple[InjuryClasses, ...] = key(doc="Tables, in order of their months")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """One scope for the table."""
        yield "injury", None, None


@attrs.frozen(kw_only=True)
class CoverageSeries(Series[Coverage]):
    """Which insurances hold for a class of persons."""

    kind = "coverage"
    values: tuple[Coverage, ...] = key(doc="Coverage, in order of its months")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """One scope for everybody."""
        yield ALL, None, None
