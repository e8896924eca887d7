"""Settling: a roster and a region's rules → a `Settlement`.

Persons are grouped by rule class; each group is computed by the fast function of its schedule.
Nothing about one person bears on another's amounts; only the unit's share of some insurances rests
on the roster as a whole, and then what it differs by is a line of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from datetime import date
from functools import cached_property

import attrs

from socialins.faults import Fault, FaultError, Place, Severity, Text
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import UnitAccount
from socialins.rules import ALL, Cascade, RuleClass, RuleUnknown, UnitBasis
from socialins.settlement.adjust import Adjust
from socialins.settlement.amounts import Amounts, PersonAmounts, amounts_of
from socialins.settlement.compile import compile_schedule
from socialins.settlement.fast import FastFunction, fast_function
from socialins.settlement.operand import InjuryRates, ResolvedRate
from socialins.settlement.schedule import Line, Missing, Schedule
from socialins.settlement.settlement import Settlement, Unsettled
from socialins.settlement.unit_gaps import unit_gaps
from socialins.values import Month, Rate

__all__ = ["OperandMissing", "class_of", "settle_roster"]

_NO_RATE = ResolvedRate(None)
_NOTHING = Rate(0)


class OperandMissing(FaultError):
    """Strict settling stopped: the account's own figure is needed, and was not given or does not
    fit the region's rules.
    """


@attrs.frozen(slots=False)
class Prepared:
    schedule: Schedule

    @cached_property
    def compute(self) -> FastFunction:
        """Wage and operand → base and amount of each line."""
        return fast_function(self.schedule.lines)

    @cached_property
    def needs_injury_rate(self) -> bool:
        return self.schedule.needs_injury_rate

    def without_rate(self, fault: Fault) -> Prepared:
        """The lines that need no rate of the account, where that can't be had."""
        lines = self.schedule.lines
        missing = [_missing(line, fault) for line in lines if line.operand is not None]
        return Prepared(
            attrs.evolve(
                self.schedule,
                lines=tuple(line for line in lines if line.operand is None),
                missing=(*self.schedule.missing, *missing),
            )
        )


def class_of(entry: RosterEntry, account: UnitAccount | None) -> RuleClass:
    """The rule class of a person of a roster: what decides which rules hold.

    Arguments:
        entry: the person.
        account: the roster's account; an enterprise of unknown size and trade if there is none.
    """
    if account is None:
        return RuleClass(entry.household, entry.employment)
    return RuleClass(
        entry.household,
        entry.employment,
        account.account_type,
        account.unit.size,
        account.unit.trade,
    )


def settle_roster(
    cascade: Cascade,
    roster: Roster,
    *,
    month: Month | None = None,
    known_on: date | None = None,
    strict: bool = True,
    progress: Callable[[int], object] | None = None,
    adjust: Adjust | None = None,
) -> Settlement:
    """Settle a roster.

    Arguments:
        cascade: the region's rules.
        roster: whom to settle; its faults go on to the result.
        month: the month of the contributions; the roster's if left out.
        known_on: settle by what was known on this day; None for all that is installed.
        strict: stop at the first figure that is not known; otherwise settle the rest and list it.
        progress: called with the number of persons done, now and then.
        adjust: what plugins change of the entries before they are settled; the result keeps the
            roster as it was given.

    Returns:
        The settlement. A faulty row is wholly absent from the contributions and stands in the
        faults.

    Raises:
        RuleUnknown: in strict settling, if a figure is not known.
        OperandMissing: in strict settling, if the account's injury rate is needed and not given.
        HookFailed: if a plugin's hook fails.
    """
    month = month or roster.month
    given = roster if adjust is None else adjust.roster(month, roster)
    run = Run(cascade, given, month, known_on, strict)
    faults = [*roster.faults, *run.refuse_account()]
    people: list[PersonAmounts] = []
    unsettled: list[Unsettled] = []
    for index, entry in enumerate(given.entries):
        if fault := run.refuse(entry):
            faults.append(fault)
            continue
        people.append(run.settle(entry, unsettled))
        if progress and index % 256 == 255:
            progress(index + 1)
    if progress:
        progress(len(roster.entries))
    amounts = Amounts(run.month, tuple(people))
    if any(line.unit_basis is not UnitBasis.PERSONS for line in amounts.lines):
        gaps = unit_gaps(amounts.all, given, run.month)
        unsettled += gaps.unsettled
        amounts = amounts_of((*amounts.all, *gaps.contributions))
    if strict:
        stop_if_unknown(unsettled)
    faults += run.caveats({line.insurance for line in amounts.lines})
    return Settlement(
        region=cascade.nearest.names,
        division=cascade.nearest.division,
        month=run.month,
        known_on=known_on,
        strict=strict,
        roster=roster,
        persons=len(people),
        contributions=amounts,
        unsettled=tuple(unsettled),
        faults=tuple(faults),
        back_ends=cascade.back_ends(),
    )


def stop_if_unknown(unsettled: list[Unsettled]) -> None:
    faults = list({id(one.fault): one.fault for one in unsettled}.values())
    unknown = [fault for fault in faults if fault.code == "rules.unknown"]
    if unknown:
        raise RuleUnknown(unknown[0], unknown[1:])
    if faults:
        raise OperandMissing(faults[0])


@attrs.define
class Run:
    cascade: Cascade
    roster: Roster
    month: Month
    known_on: date | None
    strict: bool
    _prepared: dict[tuple[RuleClass, frozenset[str] | None], Prepared] = attrs.field(factory=dict)
    _operands: dict[tuple[RuleClass, Rate | None], ResolvedRate] = attrs.field(factory=dict)
    _partly: dict[tuple[int, int], Prepared] = attrs.field(factory=dict)
    _titled: frozenset[str] = attrs.field(
        default=attrs.Factory(
            lambda self: frozenset(one.id for one in self.cascade.insurances()), takes_self=True
        )
    )

    def refuse(self, entry: RosterEntry) -> Fault | None:
        """Why an entry can't be settled at all, if so."""
        return self._unheard(entry.insurances, Place(row=entry.row, field="insurances"))

    def refuse_account(self) -> Iterator[Fault]:
        """What the account says it keeps and the region has not: a typing error, mostly."""
        account = self.roster.account
        if account is None:
            return
        if fault := self._unheard(account.insurances, Place(field="insurances")):
            yield fault
        trades = {one.id: one.title for one in self.cascade.trades()}
        if account.unit.trade is not None and account.unit.trade not in trades:
            values: dict[str, str | Text] = {
                "trade": account.unit.trade,
                "region": self.cascade.nearest.names.name,
                "choices": ", ".join(f"{id_} ({title.en})" for id_, title in trades.items()),
            }
            yield Fault("settle.trade-unheard", values, Place(field="trade"))

    def _unheard(self, insurances: frozenset[str] | None, place: Place) -> Fault | None:
        unheard = ", ".join(sorted((insurances or frozenset()) - self._titled))
        if not unheard:
            return None
        values: dict[str, str | Text] = {
            "insurance": unheard,
            "region": self.cascade.nearest.names.name,
            "choices": ", ".join(one.id for one in self.cascade.insurances()),
        }
        return Fault("settle.insurance-unheard", values, attrs.evolve(place, value=unheard))

    def settle(self, entry: RosterEntry, unsettled: list[Unsettled]) -> PersonAmounts:
        """One person's amounts; what is unsettled for the person is added to the list."""
        rule_class = class_of(entry, self.roster.account)
        prepared = self.prepare(rule_class, self.chosen(entry))
        operand, rate = _NO_RATE, _NOTHING
        if prepared.needs_injury_rate:
            operand = self.operand(rule_class, entry.injury_rate)
            rate = operand.rate or _NOTHING
            if operand.fault is not None:
                prepared = self._without_rate(prepared, operand.fault)
        schedule = prepared.schedule
        figures = prepared.compute(entry.wage.amount.fen, rate.numerator, rate.denominator)
        if schedule.missing:
            unsettled += self._unsettled(entry, schedule.missing)
        return PersonAmounts(entry, schedule.lines, operand, figures)

    def _without_rate(self, prepared: Prepared, fault: Fault) -> Prepared:
        key = id(prepared), id(fault)
        if key not in self._partly:
            self._partly[key] = prepared.without_rate(fault)
        return self._partly[key]

    def _unsettled(self, entry: RosterEntry, missing: Iterable[Missing]) -> list[Unsettled]:
        return [
            Unsettled(
                person=entry.person,
                insurance=one.insurance,
                item=one.item,
                payer=one.payer,
                month=self.month,
                fault=one.fault,
                row=entry.row,
            )
            for one in missing
        ]

    def chosen(self, entry: RosterEntry) -> frozenset[str] | None:
        """The insurances chosen for a person, within those the account keeps."""
        account = self.roster.account
        kept = account.insurances if account else None
        if kept is None or entry.insurances is None:
            return entry.insurances
        return entry.insurances & kept

    def prepare(self, rule_class: RuleClass, chosen: frozenset[str] | None) -> Prepared:
        """The schedule of a rule class with its function, made once a run."""
        found = self._prepared.get((rule_class, chosen))
        if found is None:
            schedule = compile_schedule(
                self.cascade,
                self.month,
                rule_class,
                insurances=chosen,
                known_on=self.known_on,
                lenient=not self.strict,
            )
            schedule = self._kept(schedule)
            found = Prepared(schedule)
            self._prepared[rule_class, chosen] = found
        return found

    def _kept(self, schedule: Schedule) -> Schedule:
        """The schedule without the insurances that the account does not keep."""
        kept = self.roster.account.insurances if self.roster.account else None
        if kept is None:
            return schedule
        return attrs.evolve(
            schedule,
            lines=tuple(line for line in schedule.lines if line.insurance in kept),
            missing=tuple(one for one in schedule.missing if one.insurance in kept),
        )

    def operand(self, rule_class: RuleClass, stated: Rate | None) -> ResolvedRate:
        """The injury rate that holds for a class, looked for once a run."""
        found = self._operands.get((rule_class, stated))
        if found is None:
            rates = InjuryRates(
                cascade=self.cascade,
                account=self.roster.account,
                month=self.month,
                known_on=self.known_on,
                lenient=not self.strict,
            )
            found = self._operands[rule_class, stated] = rates.of(rule_class, stated)
        return found

    def caveats(self, settled: Set[str]) -> Iterator[Fault]:
        """What the rule files say they don't yet express, for the insurances that were settled."""
        for caveat in self.cascade.caveats(self.month):
            touched = [one for one in sorted(settled) if {one, ALL} & set(caveat.insurances)]
            for insurance in touched:
                values = {"insurance": self.cascade.title(insurance), "text": caveat.text}
                yield Fault("rules.caveat", values, severity=Severity.WARNING)


def _missing(line: Line, fault: Fault) -> Missing:
    return Missing(insurance=line.insurance, item=line.item, payer=line.payer, fault=fault)
