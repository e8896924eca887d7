"""Settling: a roster and a region's rules → a `Settlement`.

Persons are grouped by rule class; each group is computed by the fast function of its schedule.
Nothing about one person bears on another's amounts; only the unit's share of some insurances rests
on the roster as a whole, and then what it differs by is a line of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date

import attrs

from socialins.faults import Fault, FaultError, Place, Severity, Text
from socialins.model.codes import Payer
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import UnitAccount
from socialins.rules import ALL, Cascade, RuleClass, RuleUnknown, UnitBasis
from socialins.settlement.adjust import Adjust
from socialins.settlement.compile import compile_schedule
from socialins.settlement.contribution import Contribution
from socialins.settlement.fast import FastFunction, fast_function
from socialins.settlement.operand import InjuryRates, ResolvedRate
from socialins.settlement.schedule import Line, Missing, Schedule
from socialins.settlement.settlement import Settlement, Unsettled
from socialins.values import Money, Month, Rate

__all__ = ["OperandMissing", "class_of", "settle_roster"]


class OperandMissing(FaultError):
    """Strict settling stopped: the account's own figure is needed, and was not given or does not
    fit the region's rules.
    """


@attrs.frozen
class Prepared:
    schedule: Schedule
    compute: FastFunction


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
    contributions: list[Contribution] = []
    unsettled: list[Unsettled] = []
    settled = 0
    for index, entry in enumerate(given.entries):
        if fault := run.refuse(entry):
            faults.append(fault)
            continue
        settled += 1
        run.settle(entry, contributions, unsettled)
        if progress and index % 256 == 255:
            progress(index + 1)
    if progress:
        progress(len(roster.entries))
    for gap in run.unit_gaps(contributions):
        if isinstance(gap, Contribution):
            contributions.append(gap)
        else:
            unsettled.append(gap)
    if strict:
        stop_if_unknown(unsettled)
    faults += run.caveats(contributions)
    return Settlement(
        region=cascade.nearest.names,
        division=cascade.nearest.division,
        month=run.month,
        known_on=known_on,
        strict=strict,
        roster=roster,
        persons=settled,
        contributions=tuple(contributions),
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

    def settle(
        self,
        entry: RosterEntry,
        contributions: list[Contribution],
        unsettled: list[Unsettled],
    ) -> None:
        """Add one person's contributions, and what is unsettled for the person."""
        account = self.roster.account
        rule_class = class_of(entry, account)
        prepared = self.prepare(rule_class, self.chosen(entry))
        schedule = prepared.schedule
        operand = ResolvedRate(None)
        if schedule.needs_injury_rate:
            operand = self.operand(rule_class, entry.injury_rate)
        rate = operand.rate or Rate(0)
        wage = entry.wage.amount
        figures = prepared.compute(wage.fen, rate.numerator, rate.denominator)
        missing = list(schedule.missing)
        for index, line in enumerate(schedule.lines):
            if line.operand is not None and operand.fault is not None:
                missing.append(_missing(line, operand.fault))
                continue
            contributions.append(
                Contribution(
                    person=entry.person,
                    insurance=line.insurance,
                    item=line.item,
                    payer=line.payer,
                    period=self.month,
                    base=Money(figures[2 * index]),
                    rate=line.rate_with(operand.rate),
                    fixed=line.fixed_money,
                    amount=Money(figures[2 * index + 1]),
                    wage=wage,
                    line=line,
                    operand=operand.source if line.operand is not None else None,
                    stated=operand.stated if line.operand is not None else None,
                    row=entry.row,
                )
            )
        unsettled += [
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
            found = Prepared(schedule, fast_function(schedule.lines))
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

    def unit_gaps(self, contributions: list[Contribution]) -> Iterator[Contribution | Unsettled]:
        """Where a unit's share rests on more than its persons: what it differs by, as a line."""
        groups: defaultdict[tuple[str, str], list[Contribution]] = defaultdict(list)
        for one in contributions:
            if one.payer is Payer.UNIT and one.line.unit_basis is not UnitBasis.PERSONS:
                groups[one.insurance, one.item].append(one)
        for group in groups.values():
            yield self._unit_gap(group)

    def _unit_gap(self, group: list[Contribution]) -> Contribution | Unsettled:
        line = group[0].line
        total = self.roster.total_wages
        values: dict[str, str | Text] = {"insurance": line.title, "month": str(self.month)}
        if len({(one.rate, one.line.amount_rounding, one.line.unit_basis) for one in group}) > 1:
            return self._unsettled_unit(line, Fault("settle.unit-base-mixed", values))
        bases = Money.sum(one.base for one in group)
        if line.unit_basis is UnitBasis.SUM_OF_BASES:
            base = bases
        elif total is None:
            return self._unsettled_unit(line, Fault("settle.total-wages-missing", values))
        else:
            base = total if line.unit_basis is UnitBasis.TOTAL_WAGES else max(total, bases)
        rate = group[0].rate
        owed = line.amount_rounding(rate.of(base))
        shared = Money.sum(one.amount - one.fixed for one in group)
        return Contribution(
            person=None,
            insurance=line.insurance,
            item=line.item,
            payer=Payer.UNIT,
            period=self.month,
            base=base,
            rate=rate,
            fixed=Money(0),
            amount=owed - shared,
            wage=bases,
            line=line,
            operand=group[0].operand,
            stated=group[0].stated,
        )

    def _unsettled_unit(self, line: Line, fault: Fault) -> Unsettled:
        return Unsettled(
            person=None,
            insurance=line.insurance,
            item=line.item,
            payer=line.payer,
            month=self.month,
            fault=fault,
        )

    def caveats(self, contributions: list[Contribution]) -> Iterator[Fault]:
        """What the rule files say they don't yet express, for the insurances that were settled."""
        settled = {one.insurance for one in contributions}
        for caveat in self.cascade.caveats(self.month):
            touched = [one for one in sorted(settled) if {one, ALL} & set(caveat.insurances)]
            for insurance in touched:
                values = {"insurance": self.cascade.title(insurance), "text": caveat.text}
                yield Fault("rules.caveat", values, severity=Severity.WARNING)


def _missing(line: Line, fault: Fault) -> Missing:
    return Missing(insurance=line.insurance, item=line.item, payer=line.payer, fault=fault)
