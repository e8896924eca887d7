"""Citation: one figure as an explanation names it, with its documents."""

from __future__ import annotations

from datetime import date

import attrs

from socialins.rules.figures import Figure
from socialins.rules.series import Found, Series, Status
from socialins.rules.source import Mark, Source, Text
from socialins.values import MonthSpan

__all__ = ["Citation", "cite"]


@attrs.frozen(kw_only=True)
class Citation:
    """A figure that a result rests on.

    Arguments:
        kind: what it is: ``bounds``, ``rate``, ``fixed``, ``base-rounding``, ``amount-rounding``,
            ``unit-base``, ``injury-classes``, ``injury-bands``, ``injury-multiplier``,
            ``coverage``, ``window``, ``retirement``, ``contribution-months``.
        value: the figure in words.
        span: the months it holds for.
        status: confirmed, provisional or carried.
        mark: how well the value is confirmed.
        dates_mark: how well its months are.
        sources: the documents.
        level: the division whose rule it is.
        own: it is the unit's own figure, from an overlay.
        announced: the day it was announced; None when it is not known.
        derived: how it was computed, where it was not itself seen.
        who: the classes it holds for; empty for everybody.
        note: what to know when using it.
    """

    kind: str
    value: Text
    span: MonthSpan
    status: Status
    mark: Mark
    dates_mark: Mark
    sources: tuple[Source, ...]
    level: Text
    own: bool = False
    announced: date | None = None
    derived: str = ""
    who: Text | None = None
    note: Text | None = None


def cite(
    found: Found[Figure], series: Series[Figure], sources: dict[str, Source], level: Text, own: bool
) -> Citation:
    """Name a figure that was found."""
    figure = found.figure
    if figure is None:
        raise ValueError("nothing was found that could be cited")
    ids = list(figure.sources)
    if found.status is Status.PROVISIONAL:
        ids.append(figure.provisional_until_announced)
    who = series.who
    return Citation(
        kind=series.kind,
        value=Text(figure.describe("zh"), figure.describe("en")),
        span=figure.span,
        status=found.status,
        mark=figure.mark,
        dates_mark=figure.dates_mark or figure.mark,
        sources=tuple(sources[id_] for id_ in dict.fromkeys(ids)),
        level=level,
        own=own,
        announced=figure.announced,
        derived=figure.derived,
        who=Text(who.describe("zh"), who.describe("en")) if who.specificity else None,
        note=figure.note,
    )
