"""Prerequisites (前置条件): named checks that a region combines, and what the caller must know.

A check that lacks a fact says which one. It is never passed for want of knowledge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

import attrs
from dateutil.relativedelta import relativedelta

from socialins.faults import Fault, Place, Severity, Text
from socialins.filing.changes import Change
from socialins.filing.facts import Facts, PersonFacts
from socialins.rules.business import Business, Channel, Requirement
from socialins.values import Month

__all__ = ["CHECKS", "Check", "Question", "failed_requirements"]


@attrs.frozen(kw_only=True)
class Question:
    """What a check is asked.

    Arguments:
        requirement: the requirement with its own keys.
        row: the row it is asked for.
        person: what is known of the row's person.
        facts: what is known of the unit.
        on: the day of filing, in China.
        month: the month it is filed for.
    """

    requirement: Requirement
    row: Change
    person: PersonFacts
    facts: Facts
    on: date
    month: Month

    def unknown(self, fact: str) -> Fault:
        """The fault that a fact is needed and was not given.

        Arguments:
            fact: its name in `Facts` or `PersonFacts`.
        """
        values = {**self.who(), "fact": fact, "check": self.requirement.id}
        return Fault("filing.fact-unknown", values, Place(field=fact if fact in _OF_UNIT else None))

    def who(self) -> dict[str, str | Text]:
        """The values that name the row's person, the number hidden."""
        person = self.row.person
        return {"person": person.document.masked() if person else self.row.row}


Check = Callable[[Question], Fault | None]
"""Says what is wrong, or None. A plugin adds its own through ``socialins_prerequisites``."""


def failed_requirements(
    business: Business,
    rows: Iterable[Change],
    facts: Facts,
    on: date,
    checks: Mapping[str, Check],
    *,
    month: Month,
    channel: Channel = Channel.ONLINE,
) -> Iterator[Fault]:
    """Every requirement of a business that some row does not meet.

    Arguments:
        business: the business.
        rows: its rows.
        facts: what is known.
        on: the day of filing.
        checks: the checks by name.
        month: the month it is filed for.
        channel: how it is filed; the counter takes some things that the others don't.

    Yields:
        Faults with the row's id in their place; what the unit as a whole lacks comes once, and so
        does a check that nobody knows.
    """
    asked = tuple(
        one for one in business.requires if not (one.counter and channel is Channel.COUNTER)
    )
    told: set[str] = set()
    for row in rows if asked else ():
        person = facts.of(row.person)
        for requirement in asked:
            if requirement.id in told:
                continue
            check = checks.get(requirement.id)
            if check is None:
                told.add(requirement.id)
                yield Fault("filing.check-unknown", {"check": requirement.id})
                continue
            fault = check(
                Question(
                    requirement=requirement, row=row, person=person, facts=facts, on=on, month=month
                )
            )
            if fault is None:
                continue
            if fault.place.field in _OF_UNIT:
                told.add(requirement.id)
            yield _told(fault, requirement, row)


_OF_UNIT = frozenset({"arrears", "certificate_until", "yearly_check_done"})


def _told(fault: Fault, requirement: Requirement, row: Change) -> Fault:
    """A fault with its place, and with the way out that the counter may be."""
    where = Text("", "")
    if requirement.counter:
        where = Text("可到柜台办理。", " The counter takes it all the same.")
    fault = attrs.evolve(fault, values={**fault.values, "where": where})
    if fault.place.field in _OF_UNIT:
        return fault
    return fault.at(Place(field=row.row, value=row.person.document.masked() if row.person else ""))


def _must_be(name: str, code: str) -> Check:
    """A check of a yes-or-no fact of the person."""

    def check(question: Question) -> Fault | None:
        known: bool | None = getattr(question.person, name)
        if known is None:
            return question.unknown(name)
        return None if known else Fault(code, question.who())

    return check


def _not_elsewhere(question: Question) -> Fault | None:
    """Insured with another unit is a warning: the bureau, not this file, decides."""
    known = question.person.insured_elsewhere
    if known is None:
        return question.unknown("insured_elsewhere")
    if not known:
        return None
    return Fault("filing.insured-elsewhere", question.who(), severity=Severity.WARNING)


def _no_arrears(question: Question) -> Fault | None:
    owed = question.facts.arrears
    if owed is None:
        return question.unknown("arrears")
    if owed.fen <= 0:
        return None
    return Fault("filing.arrears", {"amount": str(owed)}, Place(field="arrears"))


def _age(question: Question) -> Fault | None:
    wanted, person = question.requirement, question.row.person
    if wanted.sex is not None:
        if person is None or person.sex is None:
            return question.unknown("sex")
        if person.sex is not wanted.sex:
            return None
    if person is None or person.birth_date is None:
        return question.unknown("birth_date")
    age = relativedelta(question.on, person.birth_date).years
    if _within(age, wanted):
        return None
    return Fault("filing.age", {**question.who(), "age": str(age), "span": _span(wanted)})


def _within(number: int, wanted: Requirement) -> bool:
    low, high = wanted.at_least, wanted.at_most
    return (low is None or number >= low) and (high is None or number <= high)


def _span(wanted: Requirement) -> str:
    low, high = wanted.at_least, wanted.at_most
    return f"{'' if low is None else low}–{'' if high is None else high}"


def _months_back(question: Question) -> Fault | None:
    """The months that are paid afterwards must lie so many months before that of filing."""
    row, wanted = question.row, question.requirement
    if row.first is None:
        return question.unknown("first")
    back = question.month - row.first, question.month - (row.last or row.first)
    if all(_within(one, wanted) for one in back):
        return None
    shown = f"{row.first}..{row.last or row.first}"
    return Fault("filing.months-back", {**question.who(), "months": shown, "span": _span(wanted)})


def _insurances(question: Question) -> Fault | None:
    """Only some insurances may be named; a row that names none means all, which are too many."""
    allowed, named = question.requirement.insurances, question.row.insurances
    if named is not None and named <= set(allowed):
        return None
    beyond = sorted(named - set(allowed)) if named is not None else ["*"]
    values = {"insurances": ", ".join(beyond), "choices": ", ".join(allowed)}
    return Fault("filing.insurances", {**question.who(), **values})


def _balance(question: Question) -> Fault | None:
    least, balance = question.requirement.amount, question.person.balance
    if balance is None:
        return question.unknown("balance")
    if least is None or balance >= least:
        return None
    values = {"balance": str(balance), "least": str(least)}
    return Fault("filing.balance", {**question.who(), **values})


def _certificate(question: Question) -> Fault | None:
    until = question.facts.certificate_until
    if until is None:
        return question.unknown("certificate_until")
    if until >= question.on:
        return None
    place = Place(field="certificate_until")
    return Fault("filing.certificate-expired", {"day": until.isoformat()}, place)


def _yearly_check(question: Question) -> Fault | None:
    done = question.facts.yearly_check_done
    if done is None:
        return question.unknown("yearly_check_done")
    return None if done else Fault("filing.yearly-check", {}, Place(field="yearly_check_done"))


CHECKS: Mapping[str, Check] = {
    "employment-registered": _must_be("employment_registered", "filing.employment-unregistered"),
    "enrolled": _must_be("enrolled", "filing.not-enrolled"),
    "no-arrears": _no_arrears,
    "age-within": _age,
    "not-insured-elsewhere": _not_elsewhere,
    "balance-at-least": _balance,
    "certificate-valid": _certificate,
    "yearly-check-done": _yearly_check,
    "months-back": _months_back,
    "insurances-among": _insurances,
}
"""The library of checks, by the name that rule files use."""
