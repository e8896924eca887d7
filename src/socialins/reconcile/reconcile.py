"""Reconciling (对账): a bill and the client's detail export → a `Reconciliation`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

from socialins.faults import Fault, Text
from socialins.forms.errors import FormError
from socialins.forms.opening import open_book
from socialins.forms.sheets import Limits
from socialins.model.roster import Roster
from socialins.reconcile.causes import Key, Known
from socialins.reconcile.comparing import Compared, pair_up
from socialins.reconcile.detail import DetailTable, bare_number
from socialins.reconcile.exportfile import DetailLayout
from socialins.reconcile.finding import Finding, Side
from socialins.reconcile.persons import Persons
from socialins.reconcile.rates import RateUnit
from socialins.reconcile.reading import Opener, read_export
from socialins.reconcile.result import Compare, Reconciliation
from socialins.reconcile.sides import Pair, our_sides, side_of_bill
from socialins.reconcile.subject import UNSAID, Export, Subject, Words
from socialins.rules import Cascade
from socialins.settlement import Contribution, Difference, Differences, Settlement
from socialins.values import Money, Month

__all__ = ["Read", "read_files", "reconcile"]

Read = Callable[..., list[DetailTable]]
"""What reads a file; the arguments are those of `read_export`."""


def read_files(
    exports: Sequence[Export],
    *,
    bill: Settlement,
    cascade: Cascade,
    layout: DetailLayout,
    given: Subject = UNSAID,
    words: Mapping[str, Subject] | None = None,
    rate_unit: RateUnit | None = None,
    max_rows: int = 200_000,
    read: Read = read_export,
    opener: Opener = open_book,
) -> list[DetailTable]:
    """Read the files of an export.

    Arguments:
        exports: the files.
        bill: the bill, for the titles of its items.
        cascade: the region's rules, for their words.
        layout: headings and words of the export.
        given: what all files are of where they don't say.
        words: further words of the files, explained.
        rate_unit: how rates without a percent sign are meant.
        max_rows: rows of one file that are read at most.
        read: what reads a file.
        opener: what opens one.

    Raises:
        FormError: if a file can't be read; its `all` has what is wrong with every one.
    """
    known = Words.of(cascade, layout, bill.contributions, words or {})
    tables: list[DetailTable] = []
    wrong: list[Fault] = []
    for export in exports:
        try:
            tables += read(
                export,
                given=given,
                layout=layout,
                words=known,
                limits=Limits(rows=max_rows),
                opener=opener,
                rate_unit=rate_unit,
            )
        except FormError as error:
            wrong += error.all
    if wrong:
        raise FormError(wrong[0], wrong[1:])
    return tables


def reconcile(
    bill: Settlement,
    tables: Sequence[DetailTable],
    *,
    exports: Sequence[Export] = (),
    given: Subject = UNSAID,
    previous: Roster | Settlement | None = None,
    again: Settlement | None = None,
    earlier: Iterable[Differences] = (),
    besides: Iterable[Contribution] = (),
    staff: Mapping[str, str] | None = None,
) -> Reconciliation:
    """Compare a bill with what was read of its exports.

    Arguments:
        bill: the bill.
        tables: what was read.
        exports: the files, with what they are of as far as the caller said.
        given: what all files are of as far as the caller said.
        previous: roster or bill of the month before, which tells who is new and who has left.
        again: the bill's roster settled by what is known on another day.
        earlier: differences of earlier months, which the export may or may not contain.
        besides: amounts known to be paid in this month besides the bill.
        staff: 人员编号 → document number.
    """
    persons = Persons.of(
        (one.person for one in _first_of_each(bill) if one.person is not None), staff or {}
    )
    compared = pair_up(bill, tables, persons, _expected(bill, tables, exports, given))
    known = Known(
        month=bill.month,
        before=_before(previous),
        again=_again(again, compared),
        differences=_earlier(earlier, compared),
        besides=_besides(besides, compared),
    )
    findings: list[Finding] = []
    equal = 0
    for one in compared.findings(known):
        if one is None:
            equal += 1
        else:
            findings.append(one)
    faults = [fault for table in tables for fault in table.faults]
    faults += compared.faults
    faults += _whole_account(bill, compared)
    totals, aside = _totals(compared)
    lines = {id(one.line): one.line for one in bill.contributions}.values()
    return Reconciliation(
        region=bill.region,
        division=bill.division,
        month=bill.month,
        files=tuple(one.path for one in exports),
        findings=tuple(findings),
        equal=equal,
        faults=tuple(faults),
        totals=totals,
        aside=aside,
        titles={line.insurance: line.title for line in lines},
        items={(line.insurance, line.item): line.item_title for line in lines},
    )


def _first_of_each(bill: Settlement) -> Iterable[Contribution]:
    for _, group in groupby(bill.contributions, key=lambda one: id(one.person)):
        yield next(group)


def _expected(
    bill: Settlement,
    tables: Sequence[DetailTable],
    exports: Sequence[Export],
    given: Subject,
) -> frozenset[Pair] | None:
    """What there should be rows of: all of the bill, unless the caller said what the files are."""
    subjects = [
        Subject(one.insurance or given.insurance, None, one.payer or given.payer) for one in exports
    ] or [given]
    if any(one.insurance is None for one in subjects):
        return None
    return frozenset(
        (one.insurance, one.payer)
        for one in bill.contributions
        if any(
            one.insurance == subject.insurance and subject.payer in (None, one.payer)
            for subject in subjects
        )
    )


def _before(previous: Roster | Settlement | None) -> frozenset[tuple[str, str]] | None:
    """Who was insured in what in the month before."""
    if previous is None:
        return None
    if isinstance(previous, Settlement):
        return frozenset(
            (bare_number(one.person.document.number), one.insurance)
            for one in previous.contributions
            if one.person is not None
        )
    return frozenset(
        (bare_number(entry.person.document.number), insurance)
        for entry in previous.entries
        for insurance in (entry.insurances if entry.insurances is not None else ("",))
    )


def _key(one: Contribution | Difference, compared: Compared) -> Key | None:
    if one.person is None:
        return None
    item = one.item if (one.insurance, one.payer) in compared.itemised else None
    return bare_number(one.person.document.number), one.insurance, item, one.payer


def _again(again: Settlement | None, compared: Compared) -> dict[Key, Side]:
    if again is None:
        return {}
    return {key: side_of_bill(some) for key, some in our_sides(again, compared.itemised).items()}


def _earlier(
    earlier: Iterable[Differences], compared: Compared
) -> dict[Key, tuple[Money, tuple[Month, ...]]]:
    fen: defaultdict[Key, int] = defaultdict(int)
    months: defaultdict[Key, dict[Month, None]] = defaultdict(dict)
    for differences in earlier:
        for one in differences:
            key = _key(one, compared)
            if key is not None:
                fen[key] += one.amount.fen
                months[key][one.period] = None
    return {key: (Money(total), tuple(months[key])) for key, total in fen.items() if total}


def _besides(besides: Iterable[Contribution], compared: Compared) -> dict[Key, Money]:
    fen: defaultdict[Key, int] = defaultdict(int)
    for one in besides:
        key = _key(one, compared)
        if key is not None:
            fen[key] += one.amount.fen
    return {key: Money(total) for key, total in fen.items() if total}


def _whole_account(bill: Settlement, compared: Compared) -> Iterable[Fault]:
    """The bill's amounts that are nobody's: a list of persons can't have them."""
    for one in bill.contributions:
        if one.person is None and (one.insurance, one.payer) in compared.pairs and one.amount:
            values: dict[str, str | Text] = {
                "insurance": one.line.title,
                "amount": f"{one.amount:,}",
            }
            yield Fault("reconcile.whole-account", values)


def _totals(compared: Compared) -> tuple[dict[Pair, Compare], Compare]:
    ours: defaultdict[Pair, int] = defaultdict(int)
    theirs: defaultdict[Pair, int] = defaultdict(int)
    aside_ours = 0
    aside_theirs = sum(row.amount.fen for row in compared.aside_rows)
    for key, some in compared.ours.items():
        fen = sum(one.amount.fen for one in some)
        if key in compared.aside:
            aside_ours += fen
        else:
            ours[key[1], key[3]] += fen
    for key, rows in compared.theirs.items():
        fen = sum(row.amount.fen for row in rows)
        if key in compared.aside:
            aside_theirs += fen
        else:
            theirs[key[1], key[3]] += fen
    pairs = [*dict.fromkeys([*ours, *theirs])]
    totals = {pair: Compare(Money(ours[pair]), Money(theirs[pair])) for pair in pairs}
    return totals, Compare(Money(aside_ours), Money(aside_theirs))
