"""Comparing: a bill and the rows of its exports, person by person → findings.

One pass over the bill, one over the rows, by key; nothing is compared with everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from socialins.faults import Fault, Place, Text
from socialins.model.codes import Payer
from socialins.reconcile.causes import (
    Case,
    Key,
    Known,
    explain_differing,
    explain_extra,
    explain_missing,
)
from socialins.reconcile.detail import DetailRow, DetailTable, bare_number
from socialins.reconcile.finding import Finding, FindingKind
from socialins.reconcile.persons import Persons, Who
from socialins.reconcile.sides import (
    Pair,
    differing_fields,
    our_sides,
    side_of_bill,
    side_of_rows,
)
from socialins.reconcile.subject import Subject
from socialins.settlement import Contribution, Settlement
from socialins.values import Money, Month

__all__ = ["Compared", "pair_up"]


@attrs.define
class Compared:
    """Bill and exports, sorted by key.

    Arguments:
        bill: the bill.
        persons: whose rows are whose.
        ours, theirs: key → what each side has.
        people: number → person.
        pairs: insurance and payer that are compared.
        itemised: those in which the export tells items apart.
        aside: keys that can't be compared.
        shadowed: numbers of whom some row can't be told what it is of.
        faults: what was found on the way.
    """

    bill: Settlement = attrs.field(repr=False)
    persons: Persons = attrs.field(repr=False)
    ours: dict[Key, list[Contribution]] = attrs.field(factory=dict, repr=False)
    theirs: dict[Key, list[DetailRow]] = attrs.field(factory=dict, repr=False)
    people: dict[str, Who] = attrs.field(factory=dict, repr=False)
    pairs: frozenset[Pair] = frozenset()
    itemised: frozenset[Pair] = frozenset()
    aside: set[Key] = attrs.field(factory=set, repr=False)
    shadowed: set[str] = attrs.field(factory=set, repr=False)
    faults: list[Fault] = attrs.field(factory=list)
    aside_rows: list[DetailRow] = attrs.field(factory=list, repr=False)

    def known(self, known: Known) -> Known:
        """What is known, with what both sides say of persons."""
        insured: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.bill.contributions:
            if one.person is not None:
                insured[bare_number(one.person.document.number)].add(one.insurance)
        listed = {key[0] for key in self.theirs}
        return attrs.evolve(
            known,
            insured={number: frozenset(some) for number, some in insured.items()},
            listed=frozenset(listed),
            renumbered=self._renumbered(set(insured), listed),
            unsettled=frozenset(
                (bare_number(one.person.document.number), one.insurance, one.payer)
                for one in self.bill.unsettled
                if one.person is not None
            ),
        )

    def _renumbered(self, ours: set[str], theirs: set[str]) -> dict[str, str]:
        """Numbers of which the other side has another, with the same name, and no second one."""
        by_name: tuple[defaultdict[str, set[str]], defaultdict[str, set[str]]] = (
            defaultdict(set),
            defaultdict(set),
        )
        for numbers, names in zip((ours, theirs), by_name, strict=True):
            for number in numbers:
                who = self.people.get(number)
                if who is not None and who.name:
                    names[who.name].add(number)
        found: dict[str, str] = {}
        for name, mine in by_name[0].items():
            yours = by_name[1].get(name, set())
            if len(mine) == 1 and len(yours) == 1 and mine != yours:
                (here,), (there,) = mine, yours
                found[here], found[there] = there, here
        return found

    def findings(self, known: Known) -> Iterator[Finding | None]:
        """Every key in order of the bill, then of the export; None where all is equal."""
        known = self.known(known)
        for key in {**self.ours, **self.theirs}:
            if key in self.aside:
                continue
            yield self._finding(key, known)

    def _finding(self, key: Key, known: Known) -> Finding | None:
        number, insurance, item, payer = key
        contributions = tuple(self.ours.get(key, ()))
        rows = tuple(self.theirs.get(key, ()))
        ours = side_of_bill(contributions) if contributions else None
        theirs = side_of_rows(rows, known.month) if rows else None
        fields: tuple[str, ...] = ()
        if ours is not None and theirs is not None:
            fields = tuple(differing_fields(ours, theirs, contributions))
            if not fields:
                return None
            kind, explain = FindingKind.DIFFERING, explain_differing
        elif ours is not None:
            kind, explain = FindingKind.MISSING, explain_missing
        else:
            kind, explain = FindingKind.EXTRA, explain_extra
        case = Case(
            key=key,
            ours=ours,
            theirs=theirs,
            contributions=contributions,
            rows=rows,
            fields=fields,
            known=known,
        )
        return Finding(
            kind=kind,
            who=self.people[number],
            insurance=insurance,
            item=item,
            payer=payer,
            ours=ours,
            theirs=theirs,
            fields=fields,
            likely=explain(case),
            place=rows[0].place if rows else None,
        )


def pair_up(
    bill: Settlement,
    tables: Sequence[DetailTable],
    persons: Persons,
    expected: frozenset[Pair] | None,
) -> Compared:
    """Sort bill and rows by key.

    Arguments:
        bill: the bill.
        tables: what was read of the exports.
        persons: whose rows are whose.
        expected: insurance and payer that there should be rows of; all of the bill's if None.
    """
    made = Compared(bill, persons)
    payers: defaultdict[str, set[Payer]] = defaultdict(set)
    basic: dict[str, str] = {}
    for line in {id(one.line): one.line for one in bill.contributions}.values():
        payers[line.insurance].add(line.payer)
        if line.item_title == line.title:
            basic.setdefault(line.insurance, line.item)
    subjects = _Subjects(payers, basic)
    persons.learn(row for table in tables for row in table.rows)
    every = [(row, subjects.of(row.subject)) for table in tables for row in table.rows]
    made.itemised = frozenset(
        (one.insurance, one.payer)
        for _, one in every
        if one.item and one.insurance and one.payer and one.item != basic.get(one.insurance)
    )
    made.ours = our_sides(bill, made.itemised)
    made.people.update(persons.ours)
    for row, subject in every:
        _place(made, row, subject, basic)
    made.faults += subjects.faults(every)
    _twice(made, bill.month)
    seen = {(key[1], key[3]) for key in (*made.theirs, *made.aside)}
    for table in tables:
        one = subjects.of(table.subject)
        if one.insurance and one.payer:
            seen.add((one.insurance, one.payer))
    _scope(made, seen, expected)
    return made


@attrs.frozen
class _Subjects:
    """Completes what a row is of: where one payer alone owes an insurance, it is that one.

    Arguments:
        payers: insurance → who owes it in the bill.
        basic: insurance → the item that bears its own title.
    """

    payers: Mapping[str, set[Payer]]
    basic: Mapping[str, str]

    def of(self, subject: Subject) -> Subject:
        """The subject, with its payer where there is only one."""
        if subject.insurance is None or subject.payer is not None:
            return subject
        known = self.payers.get(subject.insurance, set())
        return attrs.evolve(subject, payer=next(iter(known))) if len(known) == 1 else subject

    def faults(self, every: Iterable[tuple[DetailRow, Subject]]) -> Iterator[Fault]:
        """One fault for each table and insurance whose payer is not known."""
        counts: defaultdict[tuple[Place, str], list[int]] = defaultdict(list)
        for row, subject in every:
            if subject.insurance is not None and subject.payer is None:
                counts[row.table, subject.insurance].append(row.row)
        for (table, insurance), rows in counts.items():
            values = {"insurance": insurance, "count": str(len(rows))}
            place = attrs.evolve(table, row=rows[0])
            yield Fault("reconcile.payer-unknown", values, place)


def _place(made: Compared, row: DetailRow, subject: Subject, basic: Mapping[str, str]) -> None:
    """Put a row to its key, or aside."""
    if not (row.number or row.name or row.staff):
        made.aside_rows.append(row)
        return
    matched = made.persons.match(row)
    if matched.fault is not None:
        made.faults.append(matched.fault.at(row.place))
    among = matched.among if matched.who is None else (matched.who,)
    for who in among:
        made.people.setdefault(who.key, who)
    if subject.insurance is None or subject.payer is None:
        made.shadowed.update(who.key for who in among)
        made.aside_rows.append(row)
        return
    pair = (subject.insurance, subject.payer)
    item = (subject.item or basic.get(subject.insurance)) if pair in made.itemised else None
    if matched.who is None:
        # Whosever it is, he isn't missing; those who have a row of their own are compared.
        made.aside_rows.append(row)
        made.shadowed.update(who.key for who in among)
        return
    key = (matched.who.key, subject.insurance, item, subject.payer)
    made.theirs.setdefault(key, []).append(row)
    if row.faulty:
        made.aside.add(key)


def _twice(made: Compared, month: Month) -> None:
    """Rows of a person that nothing tells apart: nobody knows which is meant."""
    for key, rows in made.theirs.items():
        if len(rows) < 2:
            continue
        by_period: defaultdict[tuple[Month, str | None], list[DetailRow]] = defaultdict(list)
        for row in rows:
            by_period[row.period or month, row.subject.item].append(row)
        for same in by_period.values():
            if len(same) > 1:
                made.aside.add(key)
                numbers = [str(row.row) for row in same]
                for row, number in zip(same, numbers, strict=True):
                    others = [other for other in numbers if other != number] or [number]
                    values = {"person": made.people[key[0]].masked(), "others": ", ".join(others)}
                    made.faults.append(Fault("reconcile.twice", values, row.place))


def _scope(made: Compared, seen: set[Pair], expected: frozenset[Pair] | None) -> None:
    """What is compared: what the exports have, and a fault for what they should have and lack."""
    owed: defaultdict[Pair, int] = defaultdict(int)
    for key, some in made.ours.items():
        owed[key[1], key[3]] += sum(one.amount.fen for one in some)
    titles = {one.insurance: one.line.title for one in made.bill.contributions}
    for pair, fen in owed.items():
        wanted = expected is None or pair in expected
        if wanted and pair not in seen and fen:
            values: dict[str, str | Text] = {
                "insurance": titles[pair[0]],
                "payer": pair[1].text,
                "insurance_id": pair[0],
                "payer_id": pair[1].value,
                "amount": f"{Money(fen):,}",
            }
            made.faults.append(Fault("reconcile.uncovered", values))
    made.pairs = frozenset(seen)
    made.ours = {key: some for key, some in made.ours.items() if (key[1], key[3]) in seen}
    for key in made.ours:
        if key not in made.theirs and key[0] in made.shadowed:
            made.aside.add(key)
