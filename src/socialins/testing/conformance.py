"""Conformance (一致性测试): what every region holds to, as a suite that a plugin's tests subclass.

    from pathlib import Path
    from socialins.testing.conformance import RegionConformance

    class TestMiddle(RegionConformance):
        division = "990100"
        golden = Path(__file__).with_name("golden.json")

That is all a plugin's tests need for these points. The suite is pytest's; it needs the extra
``testing``, and ``xlsx`` where the region has forms. A test of the suite that a subclass replaces
or takes away says why, with `deviates` or `left_out`; otherwise the class can't even be made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import attrs

from socialins.facade import Region
from socialins.faults import require
from socialins.model.codes import AccountType, Payer
from socialins.model.roster import Roster, RosterEntry
from socialins.model.wage import DeclaredWage
from socialins.plugins import HookManager, LoadedPlugin, found_plugins, installed, load
from socialins.rules import Bounds, Figure, Mark, RuleClass
from socialins.rules.rulebook import PlacedSeries, RuleBook
from socialins.settlement import Contribution, Settlement
from socialins.testing import strategies
from socialins.testing.golden import check_golden, regime_months
from socialins.testing.roundtrip import example_person, form_differences
from socialins.values import Money, Month

if TYPE_CHECKING:
    import hypothesis
    import pytest
else:
    hypothesis = require("hypothesis", "testing")
    pytest = require("pytest", "testing")

__all__ = ["RegionConformance", "deviates", "left_out"]

F = TypeVar("F", bound=Callable[..., Any])

EARLIEST, LATEST = Month(1990, 1), Month(2100, 1)
"""Months of rules lie between these; anything else is a slip of the keyboard."""
ANNOUNCED_WITHIN = timedelta(days=3 * 366)
"""How far a figure's announcement lies from its first month at most."""
EXAMPLES = 12
"""How many rosters each property tries in each run."""


def deviates(*, reason: str) -> Callable[[F], F]:
    """Mark a test that replaces one of the suite's, with the reason.

    Arguments:
        reason: why the region can't be held to the suite's own test.

    >>> @deviates(reason="the bureau's form has no column for the number")
    ... def test_forms_read_back(self): ...
    >>> deviates(reason=" ")
    Traceback (most recent call last):
        ...
    ValueError: say why the region deviates from the suite
    """
    if not reason.strip():
        raise ValueError("say why the region deviates from the suite")

    def mark(test: F) -> F:
        test.__deviates__ = reason  # type: ignore[attr-defined]
        return test

    return mark


def left_out(*, reason: str) -> Callable[..., None]:
    """In place of a test of the suite: it is shown as skipped, with the reason.

        test_forms_read_back = left_out(reason="the bureau's form has no column for the number")

    Arguments:
        reason: why the region can't be held to the suite's own test.
    """

    @deviates(reason=reason)
    def test(_self: object) -> None:
        pytest.skip(reason)

    return test


class RegionConformance:
    """The suite; a subclass names the division, and where its golden months are kept.

    Attributes:
        division: the GB/T 2260 code.
        golden: the file of the golden months, or a folder with ``<division>.json``; see
            `socialins.testing.golden`.
    """

    division: ClassVar[str]
    golden: ClassVar[Path]

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        if changed := _changed(cls):
            raise TypeError(_told(cls, changed))

    @property
    def region(self) -> Region:
        """The region under test, as it is installed."""
        registry = installed()
        return Region(registry.book(self.division), registry)

    def test_the_suite_is_whole(self) -> None:
        """No test of the suite was replaced or taken away without a reason."""
        changed = _changed(type(self))
        assert not changed, _told(type(self), changed)

    def test_the_plugin_loads_and_its_rules_fit_the_country_s(self) -> None:
        """Nothing of the plugin is out of use, and what it speaks of is titled."""
        plugin = self._plugin()
        assert not plugin.faults, "\n".join(map(str, plugin.faults))
        assert self.region.cascade.nearest.division == self.division

    def test_every_figure_cites_where_it_was_seen_and_how_sure_it_is(self) -> None:
        """A user can look up what each amount rests on."""
        sources = self._book.sources
        wrong = []
        for placed, index, figure in self._figures():
            cited = [sources[id_] for id_ in figure.sources]
            if not cited or any(not one.title.strip() or not one.seen.strip() for one in cited):
                wrong.append(
                    f"{_where(placed, index)}: no source with a title and where it was seen"
                )
            if figure.mark not in Mark:
                wrong.append(f"{_where(placed, index)}: no mark")
        assert not wrong, "\n".join(wrong)

    def test_no_month_is_stated_twice_or_forgotten(self) -> None:
        """Each month within a series has one figure, or the admission that none is known."""
        wrong = []
        for placed in self._book.series:
            plain = [one.span for one in placed.series.values if not one.revises]
            spans = plain + [gap.span for gap in placed.series.unknown]
            ends = [span.last or LATEST for span in spans]
            told = Counter(
                month
                for span, end in zip(spans, ends, strict=True)
                for month in span.first.to(min(end, LATEST))
            )
            for month in min(span.first for span in spans).to(max(ends)):
                if told[month] != 1:
                    wrong.append(
                        f"{placed.file} {placed.path}: {month} is told {told[month]} times"
                    )
                    break
        assert not wrong, "\n".join(wrong)

    def test_months_and_days_make_sense(self) -> None:
        """A month or day typed wrong is seen before somebody pays by it."""
        wrong = []
        for placed, index, figure in self._figures():
            where, span = _where(placed, index), figure.span
            if not EARLIEST <= span.first <= (span.last or LATEST) <= LATEST:
                wrong.append(f"{where}: {span}")
            said = figure.announced
            if said is not None and abs(said - span.first.first_day) > ANNOUNCED_WITHIN:
                wrong.append(f"{where}: announced {said}, years away from {span.first}")
        for id_, source in self._book.sources.items():
            if source.issued is not None and not EARLIEST.first_day <= source.issued:
                wrong.append(f"sources.{id_}: issued {source.issued}")
        assert not wrong, "\n".join(wrong)

    def test_every_month_at_which_a_rule_changes_settles_as_before(self) -> None:
        """A changed amount is seen before it is filed."""
        if not list(self.region.cascade.items(RuleClass())):
            pytest.skip("the region collects nothing yet")
        kept = self.golden / f"{self.division}.json" if self.golden.is_dir() else self.golden
        check_golden(self.region, kept)

    def test_totals_are_the_sums_of_the_amounts(self) -> None:
        """What a unit is told to pay is what stands in the slips."""

        def holds(bill: Settlement) -> None:
            sums = {
                payer: _sum(one.amount for one in bill.contributions if one.payer is payer)
                for payer in Payer
            }
            told = (bill.unit_total, bill.person_total, bill.total)
            due = (sums[Payer.UNIT], sums[Payer.PERSON], _sum(iter(sums.values())))
            assert told == due, f"totals {told}, sums of the amounts {due}"

        self._for_bills(holds)

    def test_the_order_of_a_roster_changes_nothing(self) -> None:
        """Sorting a spreadsheet changes nobody's amounts."""

        def holds(bill: Settlement) -> None:
            roster = bill.roster
            assert roster is not None
            entries = list(roster.entries)
            Random(len(entries)).shuffle(entries)  # noqa: S311
            turned = attrs.evolve(roster, entries=tuple(entries))
            again = self.region.settle(turned, bill.month, strict=False)
            changed = _amounts(bill) - _amounts(again)
            assert not changed, f"other amounts in another order: {list(changed)}"

        self._for_bills(holds)

    def test_bases_lie_between_floor_and_cap(self) -> None:
        """Nobody pays on less than the floor or more than the cap."""

        def holds(bill: Settlement) -> None:
            for one in bill.contributions:
                bounds = _bounds_of(self.region, bill, one)
                if bounds is None:
                    continue
                low = bounds.floor_fen is not None and one.base.fen < bounds.floor_fen
                high = bounds.cap_fen is not None and one.base.fen > bounds.cap_fen
                inside = not low and not high
                assert inside, f"{one!r} lies outside {bounds.describe('en')}"

        self._for_bills(holds)

    def test_forms_read_back(self, tmp_path: Path) -> None:
        """What was filled into a form of the region is what reading it gives."""
        forms = getattr(self.region, "forms", None)
        if not forms:
            pytest.skip("the region has no forms")
        wrong = [
            f"{form}: {problem}"
            for form in forms.values()
            for problem in form_differences(form, tmp_path)
        ]
        assert not wrong, "\n".join(wrong)

    def test_windows_are_in_order(self) -> None:
        """A window opens before it closes, and its runs of days follow one another."""
        wrong = []
        for month in self._window_months():
            for window in self.region.calendar(month):
                where = f"{window.business} of {month}"
                wrong += [
                    f"{where}: {one.opens} to {one.closes}"
                    for one in window.openings
                    if one.opens.tzinfo is None or not one.opens < one.closes
                ]
                for before, after in pairwise(window.openings):
                    if before.closes > after.opens:
                        wrong.append(f"{where}: {after.opens} before {before.closes}")
                if not window.sources:
                    wrong.append(f"{where}: no source")
        assert not wrong, "\n".join(wrong)

    def test_hooks_are_called_once_a_batch(self) -> None:
        """A hook costs the same for one person and for ten thousand."""
        manager = HookManager()
        calls: Counter[tuple[str, str]] = Counter()
        manager.add_hookcall_monitoring(
            lambda name, impls, _: calls.update((name, impl.plugin_name) for impl in impls),
            lambda _outcome, _name, _impls, _kwargs: None,
        )
        registry = load(found_plugins(), manager)
        counted = {"loading": dict(calls)}
        region = Region(registry.book(self.division), registry)
        for size in (1, 7):
            calls.clear()
            region.settle(_crowd(size, regime_months(region)[-1]), strict=False)
            counted[f"settling {size}"] = dict(calls)
        often = [batch for batch, each in counted.items() if any(n > 1 for n in each.values())]
        assert not often, f"a hook is called more than once: {counted}"
        assert counted["settling 1"] == counted["settling 7"], f"by size of roster: {counted}"

    @property
    def _book(self) -> RuleBook:
        return self.region.book

    def _plugin(self) -> LoadedPlugin:
        registry = self.region.registry
        return next(one for one in registry.plugins if self.division in one.books)

    def _figures(self) -> Iterator[tuple[PlacedSeries, int, Figure]]:
        for placed in self._book.series:
            for index, figure in enumerate(placed.series.values):
                yield placed, index, figure

    def _window_months(self) -> list[Month]:
        """The months at which windows change, and the year that follows each."""
        first = {
            month
            for book in self.region.cascade.books
            for series in book.of_kind("window")
            for span in [one.span for one in series.values] + [gap.span for gap in series.unknown]
            for month in (span.first, span.last + 1 if span.last else None)
            if month is not None
        }
        return sorted({month + step for month in first for step in range(12)})

    def _for_bills(self, holds: Callable[[Settlement], None]) -> None:
        """Try a property on bills of rosters about the region's edges, in months of change."""
        region = self.region
        months = regime_months(region)[::-1]

        @hypothesis.settings(max_examples=EXAMPLES, deadline=None)
        @hypothesis.given(
            hypothesis.strategies.sampled_from(months).flatmap(
                lambda month: strategies.rosters(region=region, month=month, max_size=4)
            )
        )
        def tried(roster: Roster) -> None:
            holds(region.settle(roster, roster.month, strict=False))

        tried()


def _standard() -> dict[str, Any]:
    return {name: test for name, test in vars(RegionConformance).items() if name.startswith("test")}


_STANDARD = _standard()


def _changed(cls: type[RegionConformance]) -> list[str]:
    """The suite's tests that are other ones in a class, or none, without a stated reason."""
    return [
        name
        for name, test in _STANDARD.items()
        if (found := getattr(cls, name, None)) is not test
        and not str(getattr(found, "__deviates__", "")).strip()
    ]


def _told(cls: type[RegionConformance], changed: list[str]) -> str:
    return (
        f"{cls.__name__} replaces {', '.join(changed)} of the conformance suite without a reason; "
        "state one with @deviates(reason=…), or take it out with left_out(reason=…)"
    )


def _where(placed: PlacedSeries, index: int) -> str:
    return f"{placed.file} {placed.path}.values[{index}]"


def _sum(amounts: Iterator[Money]) -> Money:
    return sum(amounts, Money(0))


def _amounts(bill: Settlement) -> Counter[Any]:
    return Counter(
        (one.person and one.person.key, one.insurance, one.item, one.payer, one.base, one.amount)
        for one in bill.contributions
    )


def _crowd(size: int, month: Month) -> Roster:
    wage = DeclaredWage(Money.yuan("7000"))
    entries = [RosterEntry(example_person(number), wage) for number in range(size)]
    return Roster(month, tuple(entries))


def _bounds_of(region: Region, bill: Settlement, one: Contribution) -> Bounds | None:
    """Floor and cap for an amount, asked of the rules anew."""
    roster = bill.roster
    if roster is None or one.person is None:
        return None
    entry = next(entry for entry in roster.entries if entry.person.key == one.person.key)
    account_type = roster.account.account_type if roster.account else AccountType.ENTERPRISE
    located = region.cascade.find(
        "bounds",
        bill.month,
        RuleClass(entry.household, entry.employment, account_type),
        insurance=one.insurance,
        item=one.item,
        payer=one.payer,
        lenient=True,
    )
    return located.figure if located else None
