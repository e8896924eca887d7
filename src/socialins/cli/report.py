"""A settlement as people read it: amounts, what could not be settled, and what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rich.console import Console

from socialins.cli.request import Outcome
from socialins.cli.screen import (
    Column,
    a_list,
    heading,
    print_trimmed,
    say,
    shown,
    table,
    tell_faults,
)
from socialins.faults import Fault, Text
from socialins.model import Payer
from socialins.rules import Status
from socialins.settlement import Settlement, Unsettled
from socialins.values import Money, in_capitals

__all__ = ["tell_outcome", "tell_unsettled"]

_COLUMNS = (
    Column(Text("险种", "Insurance")),
    Column(Text("人数", "Persons"), number=True),
    Column(Text("单位应缴", "Unit owes"), number=True),
    Column(Text("个人应缴", "Persons owe"), number=True),
    Column(Text("合计", "Total"), number=True),
)
_TOTAL = Text("合计", "Total")
_CAPITALS = Text("大写：", "In capitals: ")
_KNOWN_ON = Text("按 {day} 已公布的规定", "by what was announced on {day}")
_CARRIED = Text("未经当月证实的标准", "Figures not confirmed for the month")
_UNSETTLED = Text("未能结算", "Not settled")
_STOPPED = Text("没有结算：以下标准未知", "Nothing was settled: these figures are not known")
_NOTHING = Text("没有结算", "Nothing was settled")
_FAULTS = Text("发现的问题", "What is wrong")
_WARNINGS = Text("提请注意", "To be looked at")
_PERSONS = Text("{count} 人", "{count} persons")
_ONE = Text("1 人", "1 person")
_WHOLE = Text("整户", "the account as a whole")
_REMEDY = Text("办法：", "What to do: ")


def tell_outcome(console: Console, outcome: Outcome, lang: str) -> None:
    """Print what came of a request.

    Arguments:
        console: where to.
        outcome: what came of it.
        lang: ``"zh"`` or ``"en"``.
    """
    bill = outcome.bill
    if bill is None:
        title = _STOPPED if outcome.stopped else _NOTHING
        say(console, title.get(lang), "bold red")
        tell_faults(console, outcome.stopped, lang, remedies_once=True)
        _tell_wrong(console, outcome.faults, lang)
        return
    say(console, _headline(bill, lang), "bold")
    say(console)
    print_trimmed(console, table(_COLUMNS, _rows(outcome, bill, lang), lang, last_is_total=True))
    say(console)
    say(console, f"{_CAPITALS.get(lang)}{in_capitals(bill.total)}")
    if carried := _carried(bill, lang):
        heading(console, _CARRIED.get(lang))
        a_list(console, carried)
    tell_unsettled(console, bill.unsettled, lang)
    _tell_wrong(console, bill.faults, lang)


def tell_unsettled(console: Console, unsettled: Iterable[Unsettled], lang: str) -> None:
    """Print what could not be settled, each reason once, with how many persons it concerns."""
    groups: defaultdict[tuple[str, Payer, str], list[Unsettled]] = defaultdict(list)
    for one in unsettled:
        groups[one.insurance, one.payer, one.reason(lang)].append(one)
    if not groups:
        return
    heading(console, _UNSETTLED.get(lang))
    a_list(
        console,
        (f"{_concerned(group, lang)}{_colon(lang)}{key[2]}" for key, group in groups.items()),
    )
    first_of_code = {group[0].fault.code: group[0].fault for group in groups.values()}
    for fault in first_of_code.values():
        say(console, f"  {_REMEDY.get(lang)}{shown(fault.remedy(lang))}")


def _headline(bill: Settlement, lang: str) -> str:
    month = str(bill.month) if lang == "en" else f"{bill.month:zh}"
    parts = [f"{bill.region.name.get(lang)} {bill.division}", month]
    parts.append(_count(bill.persons, lang))
    if bill.known_on is not None:
        parts.append(_KNOWN_ON.get(lang).format(day=bill.known_on))
    return shown((", " if lang == "en" else "，").join(parts))


def _rows(outcome: Outcome, bill: Settlement, lang: str) -> list[list[object]]:
    titles: dict[str, Text] = {}
    persons: defaultdict[str, set[int]] = defaultdict(set)
    for one in bill.contributions:
        titles.setdefault(one.insurance, one.line.title)
        if one.person is not None:
            persons[one.insurance].add(id(one.person))
    counts = outcome.counts or {insurance: len(found) for insurance, found in persons.items()}
    rows: list[list[object]] = []
    for insurance, title in titles.items():
        unit, own = (bill.totals.get((insurance, payer)) for payer in (Payer.UNIT, Payer.PERSON))
        total = Money.sum(part for part in (unit, own) if part is not None)
        rows.append(
            [title.get(lang), counts.get(insurance, 0), _money(unit), _money(own), f"{total:,}"]
        )
    owed = (bill.unit_total, bill.person_total, bill.total)
    rows.append([_TOTAL.get(lang), bill.persons, *(f"{amount:,}" for amount in owed)])
    return rows


def _carried(bill: Settlement, lang: str) -> list[str]:
    """Figures that are provisional or carried past their end, each once."""
    found: dict[str, None] = {}
    for one in bill.contributions:
        for citation in one.citations:
            if citation.status is not Status.CONFIRMED:
                what = f"{one.line.title.get(lang)}{_colon(lang)}{citation.value.get(lang)}"
                found[f"{what} ({citation.span}; {citation.status.title(lang)})"] = None
    return list(found)


def _tell_wrong(console: Console, faults: Iterable[Fault], lang: str) -> None:
    """Errors in the order of the file's rows, then warnings."""
    ordered = sorted(faults, key=lambda fault: (fault.place.row is None, fault.place.row or 0))
    for title, wanted in ((_FAULTS, True), (_WARNINGS, False)):
        chosen = [fault for fault in ordered if fault.is_error is wanted]
        if chosen:
            heading(console, f"{title.get(lang)} ({len(chosen)})")
            tell_faults(console, chosen, lang)


def _concerned(group: list[Unsettled], lang: str) -> str:
    people = {id(one.person) for one in group if one.person is not None}
    whom = _count(len(people), lang) if people else _WHOLE.get(lang)
    title = group[0].fault.words(lang).get("insurance", group[0].insurance)
    return f"{title} · {group[0].payer.title(lang)} · {whom}"


def _count(persons: int, lang: str) -> str:
    return _ONE.get(lang) if persons == 1 else _PERSONS.get(lang).format(count=persons)


def _money(amount: Money | None) -> str:
    return f"{amount:,}" if amount is not None else ""


def _colon(lang: str) -> str:
    return ": " if lang == "en" else "："
