"""RuleBook: all that a division's files say, checked as a whole.

Checks that need more than one key live here: overlaps, gaps, unknown sources, two series that
answer the same question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

import attrs

from socialins.faults import Fault, Place
from socialins.rules.access import AccessTerms
from socialins.rules.access_table import access_of
from socialins.rules.attachment import AttachmentRule
from socialins.rules.business import Business, ClosingRules
from socialins.rules.card import CardRules
from socialins.rules.collection import Collecting
from socialins.rules.errors import RuleFileError
from socialins.rules.figures import Figure
from socialins.rules.references import Reference, references_of
from socialins.rules.rulefile import (
    BackEnd,
    Bundle,
    Caveat,
    InsuranceTitle,
    ItemTitle,
    NumberShapeRule,
    RegionNames,
    RuleFile,
    TradeTitle,
)
from socialins.rules.series import ALL, Series
from socialins.rules.signing import SigningRules
from socialins.rules.source import Source
from socialins.values import MonthSpan

__all__ = ["PlacedSeries", "RuleBook", "build_rule_books"]


@attrs.frozen
class PlacedSeries:
    """A series with the file and key path it stands at."""

    file: str
    path: str
    series: Series[Figure]

    def fault(self, path: str, problem: str) -> Fault:
        """A fault at a key below the series."""
        place = Place(file=self.file, field=f"{self.path}{path}")
        return Fault("rules.invalid", {"problem": problem}, place)


@attrs.frozen(kw_only=True, eq=False)
class RuleBook:
    """All that is installed of one division.

    Arguments:
        division: its code.
        names: how it is called.
        sources: documents by id; shared by the divisions of one plugin.
        series: its series, in order of file and place.
        insurances, items, bundles, trades, back_ends, caveats, businesses, closing, access,
            attachments, cards, collection, signing, variants, numbers: as in the files.
        references: ids by which its rules name others, at whatever level.
        own: the book is a unit's own overlay, not a region's.
    """

    division: str
    names: RegionNames
    sources: Mapping[str, Source] = attrs.field(repr=False)
    series: tuple[PlacedSeries, ...] = attrs.field(repr=False)
    insurances: tuple[InsuranceTitle, ...] = ()
    items: tuple[ItemTitle, ...] = ()
    bundles: tuple[Bundle, ...] = ()
    trades: tuple[TradeTitle, ...] = ()
    back_ends: tuple[BackEnd, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    businesses: tuple[Business, ...] = ()
    closing: ClosingRules | None = None
    signing: SigningRules | None = None
    access: AccessTerms | None = None
    attachments: tuple[AttachmentRule, ...] = ()
    cards: CardRules | None = None
    collection: Collecting | None = None
    variants: Mapping[str, str] = attrs.field(factory=dict)
    numbers: tuple[NumberShapeRule, ...] = ()
    references: tuple[Reference, ...] = attrs.field(default=(), repr=False)
    own: bool = False

    def of_kind(self, kind: str) -> Iterator[Series[Figure]]:
        """The series of one kind."""
        return (placed.series for placed in self.series if placed.series.kind == kind)


def build_rule_books(
    files: Mapping[str, RuleFile], *, overlay_of: RegionNames | None = None
) -> dict[str, RuleBook]:
    """Put the files of a plugin together, by division, and check them.

    Arguments:
        files: file name → contents.
        overlay_of: for an overlay, the names of the region it lies over; it has none of its own.

    Raises:
        RuleFileError: with every problem found.
    """
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    by_division: defaultdict[str, dict[str, RuleFile]] = defaultdict(dict)
    for name, file in files.items():
        by_division[file.division][name] = file
        for id_, source in file.sources.items():
            if id_ in sources:
                faults.append(_at(name, f"sources.{id_}", "this id is already another source's"))
            sources[id_] = source
    books = {}
    for division, parts in by_division.items():
        names = _names(parts, overlay_of, faults)
        placed = tuple(_placed(parts))
        for one in placed:
            faults += _check_series(one, sources)
        faults += _check_pairs(placed)
        faults += _check_back_ends(parts, sources)
        faults += _check_attachments(parts, sources)
        for name, file in parts.items():
            faults += [
                _at(name, f"businesses[{index}].sources", f"unknown source {source!r}")
                for index, business in enumerate(file.businesses)
                for source in business.sources
                if source not in sources
            ]
            for index, number in enumerate(file.numbers):
                faults += _check_number(name, f"numbers[{index}]", number, sources)
        if names is not None:
            books[division] = RuleBook(
                division=division,
                names=names,
                sources=sources,
                series=placed,
                insurances=tuple(one for file in parts.values() for one in file.insurances),
                items=tuple(one for file in parts.values() for one in file.items),
                bundles=tuple(one for file in parts.values() for one in file.bundles),
                trades=tuple(one for file in parts.values() for one in file.trades),
                back_ends=tuple(one for file in parts.values() for one in file.back_ends),
                caveats=tuple(one for file in parts.values() for one in file.caveats),
                businesses=tuple(one for file in parts.values() for one in file.businesses),
                closing=_closing(parts, sources, faults),
                signing=_signing(parts, sources, faults),
                access=access_of(parts, sources, faults),
                attachments=tuple(one for file in parts.values() for one in file.attachments),
                cards=_cards(parts, sources, faults),
                collection=_collection(parts, sources, faults),
                variants={id_: one for f in parts.values() for id_, one in f.variants.items()},
                numbers=tuple(one for file in parts.values() for one in file.numbers),
                references=references_of(parts),
                own=overlay_of is not None,
            )
    if faults:
        raise RuleFileError(faults)
    return books


def _at(file: str, path: str, problem: str) -> Fault:
    return Fault("rules.invalid", {"problem": problem}, Place(file=file, field=path))


def _names(
    parts: Mapping[str, RuleFile], overlay_of: RegionNames | None, faults: list[Fault]
) -> RegionNames | None:
    given = [(name, file.region) for name, file in parts.items() if file.region is not None]
    if overlay_of is not None:
        faults += [_at(name, "region", "an overlay has no names of its own") for name, _ in given]
        return overlay_of
    if not given:
        file = next(iter(parts))
        faults.append(_at(file, "region", "no file of this division says how it is called"))
        return None
    faults += [_at(name, "region", f"already in {given[0][0]}") for name, _ in given[1:]]
    return given[0][1]


def _check_back_ends(
    parts: Mapping[str, RuleFile], sources: Mapping[str, Source]
) -> Iterator[Fault]:
    """An insurance is settled in one system, or nobody could split a bill."""
    taken: dict[str, str] = {}
    ids: set[str] = set()
    for name, file in parts.items():
        for index, one in enumerate(file.back_ends):
            path = f"back_ends[{index}]"
            if one.source not in sources:
                yield _at(name, f"{path}.source", f"unknown source {one.source!r}")
            if one.id in ids:
                yield _at(name, f"{path}.id", f"{one.id!r} is already another system's")
            ids.add(one.id)
            for insurance in one.insurances:
                if insurance in taken:
                    problem = f"{insurance!r} is already settled in {taken[insurance]!r}"
                    yield _at(name, f"{path}.insurances", problem)
                taken[insurance] = one.id


def _closing(
    parts: Mapping[str, RuleFile], sources: Mapping[str, Source], faults: list[Fault]
) -> ClosingRules | None:
    """The one table of a division that says how months are closed."""
    given = [(name, file.closing) for name, file in parts.items() if file.closing is not None]
    faults += [_at(name, "closing", f"already in {given[0][0]}") for name, _ in given[1:]]
    faults += [
        _at(name, "closing.sources", f"unknown source {source!r}")
        for name, closing in given
        for source in closing.sources
        if source not in sources
    ]
    return given[0][1] if given else None


def _collection(
    parts: Mapping[str, RuleFile], sources: Mapping[str, Source], faults: list[Fault]
) -> Collecting | None:
    """The one table of a division that says how it collects."""
    given = [(name, one) for name, file in parts.items() if (one := file.collection) is not None]
    faults += [_at(name, "collection", f"already in {given[0][0]}") for name, _ in given[1:]]
    for name, table in given:
        cited = [("collection.sources", table.sources)]
        cited += [
            (f"collection.modes[{index}].sources", mode.sources)
            for index, mode in enumerate(table.modes)
        ]
        faults += [
            _at(name, path, f"unknown source {source!r}")
            for path, sources_ in cited
            for source in sources_
            if source not in sources
        ]
    return given[0][1] if given else None


def _cards(
    parts: Mapping[str, RuleFile], sources: Mapping[str, Source], faults: list[Fault]
) -> CardRules | None:
    """The one table of a division that says how cards are applied for."""
    given = [(name, one) for name, file in parts.items() if (one := file.cards) is not None]
    faults += [_at(name, "cards", f"already in {given[0][0]}") for name, _ in given[1:]]
    faults += [
        _at(name, "cards.sources", f"unknown source {source!r}")
        for name, cards in given
        for source in cards.sources
        if source not in sources
    ]
    return given[0][1] if given else None


def _check_attachments(
    parts: Mapping[str, RuleFile], sources: Mapping[str, Source]
) -> Iterator[Fault]:
    """A rule for pictures is known by its id, and says where it was read."""
    ids: set[str] = set()
    for name, file in parts.items():
        for index, one in enumerate(file.attachments):
            path = f"attachments[{index}]"
            if one.id in ids:
                yield _at(name, f"{path}.id", f"{one.id!r} is already another rule's")
            ids.add(one.id)
            if not one.sources:
                yield _at(name, f"{path}.sources", "name at least one source")
            for source in one.sources:
                if source not in sources:
                    yield _at(name, f"{path}.sources", f"unknown source {source!r}")


def _signing(
    parts: Mapping[str, RuleFile], sources: Mapping[str, Source], faults: list[Fault]
) -> SigningRules | None:
    """The one table of a division that says how keys are checked."""
    given = [(name, file.signing) for name, file in parts.items() if file.signing is not None]
    faults += [_at(name, "signing", f"already in {given[0][0]}") for name, _ in given[1:]]
    faults += [
        _at(name, "signing.sources", f"unknown source {source!r}")
        for name, signing in given
        for source in signing.named_sources()
        if source not in sources
    ]
    return given[0][1] if given else None


def _check_number(
    file: str, path: str, number: NumberShapeRule, sources: Mapping[str, Source]
) -> Iterator[Fault]:
    if number.source not in sources:
        yield _at(file, f"{path}.source", f"unknown source {number.source!r}")
    try:
        number.shape()
    except ValueError as error:
        yield _at(file, path, str(error))


def _placed(parts: Mapping[str, RuleFile]) -> Iterator[PlacedSeries]:
    for name, file in parts.items():
        for table, listed in file.series().items():
            for index, series in enumerate(listed):
                yield PlacedSeries(name, f"{table}[{index}]", series)


def _check_series(placed: PlacedSeries, sources: Mapping[str, Source]) -> Iterator[Fault]:
    series = placed.series
    if not series.values and not series.unknown:
        yield placed.fault(".values", "the series is empty; give a figure, or 'unknown' months")
    for index, value in enumerate(series.values):
        where = f".values[{index}]"
        if not value.sources:
            yield placed.fault(f"{where}.sources", "name at least one source")
        for source in (*value.sources, value.provisional_until_announced):
            if source and source not in sources:
                yield placed.fault(f"{where}.sources", f"unknown source {source!r}")
        if value.revises and value.announced is None:
            yield placed.fault(f"{where}.announced", "a figure that revises needs the day")
    yield from _check_overlaps(placed)
    yield from _check_gaps(placed)


def _check_overlaps(placed: PlacedSeries) -> Iterator[Fault]:
    plain = [
        (f"values[{index}]", value.span)
        for index, value in enumerate(placed.series.values)
        if not value.revises
    ]
    plain += [(f"unknown[{index}]", gap.span) for index, gap in enumerate(placed.series.unknown)]
    for (one, span), (other, other_span) in combinations(plain, 2):
        if months := span.overlap(other_span):
            yield placed.fault(f".{other}", f"overlaps {one} in {months}")
    for index, value in enumerate(placed.series.values):
        if value.revises and not any(
            value.span.overlap(other.span)
            for other in placed.series.values
            if other is not value and other.known_from < value.known_from
        ):
            yield placed.fault(f".values[{index}].revises", "revises nothing announced earlier")
    revising = [pair for pair in enumerate(placed.series.values) if pair[1].revises]
    for (first, earlier), (second, later) in combinations(revising, 2):
        months = earlier.span.overlap(later.span)
        if months and earlier.announced == later.announced:
            yield placed.fault(
                f".values[{second}]", f"revises {months} on the same day as values[{first}]"
            )


def _check_gaps(placed: PlacedSeries) -> Iterator[Fault]:
    if placed.series.sparse:
        return
    parts = [value.span for value in placed.series.values if not value.revises]
    parts += [gap.span for gap in placed.series.unknown]
    parts.sort()
    for before, after in pairwise(parts):
        if before.last is not None and after.first - before.last > 1:
            gap = MonthSpan(before.last + 1, after.first - 1)
            yield placed.fault(
                ".values", f"no figure for {gap}; if none is known, say so in 'unknown'"
            )


def _check_pairs(placed: tuple[PlacedSeries, ...]) -> Iterator[Fault]:
    """Two series that answer the same question equally closely leave the answer to chance."""
    for one, other in combinations(placed, 2):
        a, b = one.series, other.series
        if (
            (a.kind, a.variant) != (b.kind, b.variant)
            or a.who.specificity != b.who.specificity
            or not a.who.may_meet(b.who)
        ):
            continue
        if shared := sorted(set(map(str, a.scopes())) & set(map(str, b.scopes()))):
            insurance = shared[0].partition(",")[0].strip("('")
            about = "all insurances" if insurance == ALL else insurance
            yield other.fault(
                "", f"answers the same question as {one.path} in {one.file} ({about})"
            )
