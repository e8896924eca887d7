"""How long filing takes: a decision, a fold, a batch of 100 000 rows, a year of a large unit."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import socialins as si
from benchmarks.measures import Figure, best, tell
from socialins.calendar import SHANGHAI
from socialins.filing import (
    Change,
    CloseMonth,
    Desk,
    Draft,
    FilingBook,
    Ready,
    Submit,
    correction,
    decide,
    event_from_plain,
    event_to_plain,
    fold,
    result_of,
)
from socialins.testing.middle import middle
from socialins.values import Money, Month

AT = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
MONTH = Month(2026, 11)
BATCH = 100_000
PEOPLE = 10_000
SINGLE = 1_000


def main() -> None:
    """Measure all."""
    figures = [*_decisions(), *_batch(), *_year()]
    tell("Filing", figures, "One process, one core; the rules are those of the fictional region.")


def _rows(count: int, first: int = 0) -> tuple[Change, ...]:
    return tuple(
        Change(
            row=str(number),
            person=si.InsuredPerson("某", si.IdDocument("passport", f"E{first + number:08d}")),
            wage=Money(500_000 + number),
        )
        for number in range(count)
    )


def _pass(desk: Desk, id_: str, at: datetime, month: Month, failures: dict[str, str]) -> None:
    """Confirm, submit and answer a declaration."""
    one = desk.book(month).declarations[id_]
    _do(desk, month, Ready(at=at, declaration=id_, heads=one.heads, wages=one.wages))
    _do(desk, month, Submit(at=at, declaration=id_))
    _do(desk, month, result_of(one, failures, at=at))


def _do(desk: Desk, month: Month, command: Any) -> None:
    found = desk.do(month, command)
    if found.refused:
        raise RuntimeError(str(found.faults[0]))


def _decisions() -> list[Figure]:
    """Single declarations, one command after the other."""
    rules = middle().filing()
    rows = _rows(SINGLE)
    desk = Desk(rules)
    desk.open("A1", MONTH, AT)
    begin = time.perf_counter()
    for number, row in enumerate(rows):
        entered = Draft(
            at=AT, key=f"k{number}", declaration=f"D{number}", business="staff.add", rows=(row,)
        )
        _do(desk, MONTH, entered)
        _pass(desk, f"D{number}", AT, MONTH, {})
    taken = time.perf_counter() - begin
    history, book = desk.history(MONTH), desk.book(MONTH)
    entered = Draft(at=AT, declaration="new", business="staff.add", rows=(rows[0],))
    decision = best(lambda: decide(book, entered, rules))
    folding = best(lambda: fold(history))
    plain = [event_to_plain(event) for event in history]
    reading = best(lambda: fold(map(event_from_plain, plain)), repeat=2)
    return [
        Figure("decisions (`decide`)", round(1 / decision), "a second", more=True, goal=10_000),
        Figure("events folded", round(len(history) / folding), "a second", more=True, goal=50_000),
        Figure(
            "events read from JSON and folded", round(len(history) / reading), "a second", more=True
        ),
        Figure(
            f"{SINGLE} declarations of one person, decided and kept",
            round(4 * SINGLE / taken),
            "commands a second",
            more=True,
        ),
    ]


def _batch() -> list[Figure]:
    """A batch of which a tenth fails, is corrected and passes."""
    begin = time.perf_counter()
    rows = _rows(BATCH)
    made = time.perf_counter() - begin
    desk = Desk(middle().filing())
    desk.open("A1", MONTH, AT)

    def entered() -> None:
        draft = Draft(at=AT, key="b", declaration="B1", business="staff.add", rows=rows)
        _do(desk, MONTH, draft)

    def answered() -> None:
        failures = {str(number): "不符" for number in range(0, BATCH, 10)}
        _pass(desk, "B1", AT, MONTH, failures)

    def corrected() -> None:
        one = desk.book(MONTH).declarations["B1"]
        again = correction(one, [row for row, _ in one.failed()], into="B2", at=AT)
        _do(desk, MONTH, again.command)
        _pass(desk, "B2", AT, MONTH, {})

    def listed() -> None:
        after = desk.roster_after(si.Roster(MONTH - 1, ()), MONTH)
        if len(after.roster) != BATCH or after.faults:
            raise RuntimeError("the roster after the batch is not whole")

    def written() -> None:
        for event in desk.history(MONTH):
            event_to_plain(event)

    steps: dict[str, Callable[[], None]] = {
        "entered, with a key": entered,
        "confirmed, submitted, answered in part": answered,
        "a tenth corrected, filed again and passed": corrected,
        "the roster after it": listed,
        "its events as plain data": written,
    }
    figures = [Figure(f"a batch of {BATCH:,} rows: made", round(made, 2), "s")]
    for name, step in steps.items():
        begin = time.perf_counter()
        step()
        taken = time.perf_counter() - begin
        figures.append(Figure(f"a batch of {BATCH:,} rows: {name}", round(taken, 2), "s", goal=5))
    return figures


def _year() -> list[Figure]:
    """A unit of ten thousand: each month one in fifty comes, one goes, and one earns more."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    began = _live()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    del began
    begin = time.perf_counter()
    desk = _live()
    taken = time.perf_counter() - begin
    books: list[FilingBook] = list(desk.books)
    events = sum(book.version for book in books)
    return [
        Figure(f"a year of {PEOPLE:,} people, {events} events", round(taken, 2), "s", goal=30),
        Figure("what its books and events hold in memory", round(held / 1e6, 1), "MB"),
    ]


def _live() -> Desk:
    desk = Desk(middle().filing())
    roster = si.Roster(
        "2025-12",
        [
            si.RosterEntry(row.person, si.DeclaredWage(row.wage))
            for row in _rows(PEOPLE)
            if row.person is not None and row.wage is not None
        ],
    )
    share = PEOPLE // 50
    for turn in range(12):
        month = Month(2026, 1) + turn
        at = datetime.combine(month.first_day, AT.timetz()) + timedelta(days=2)
        desk.open("A1", month, at)
        here = [entry.person for entry in roster]
        leaving, changing = here[:share], here[share : 2 * share]
        comers = _rows(share, PEOPLE + turn * share)
        filed: dict[str, list[tuple[Change, ...]]] = {
            "staff.add": [(row,) for row in comers],
            "staff.stop": [(Change(row="1", person=one),) for one in leaving],
            "wage.declare": [
                tuple(
                    Change(row=str(number), person=one, wage=Money(600_000))
                    for number, one in enumerate(changing)
                )
            ],
        }
        for business, declared in filed.items():
            for number, rows in enumerate(declared):
                id_ = f"{business}-{number}"
                when = at
                if (window := desk.rules.window(business, month)) is not None:
                    when = max(at, window.opens)
                    if not window.contains(when):
                        when = window.openings[0].opens.replace(hour=9)
                _do(desk, month, Draft(at=when, declaration=id_, business=business, rows=rows))
                _pass(desk, id_, when, month, {})
        _do(desk, month, CloseMonth(at=at, business="month.settle-changed"))
        roster = desk.roster_after(roster, month).roster
    if len(roster) != PEOPLE:
        raise RuntimeError("the year lost or made up people")
    return desk


if __name__ == "__main__":
    main()
