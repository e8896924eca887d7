"""A hundred thousand rows are one batch: each has its outcome, and what failed is filed again."""

from __future__ import annotations

import sys
from datetime import datetime

import attrs
from hypothesis import given, strategies as st

import socialins as si
from socialins.calendar import SHANGHAI
from socialins.filing import (
    Change,
    Decision,
    Desk,
    Draft,
    Ready,
    Submit,
    correction,
    evolve,
    result_of,
)
from socialins.testing.middle import middle
from socialins.values import Money

AT = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
MONTH = "2026-11"


def rows_of(count: int) -> tuple[Change, ...]:
    return tuple(
        Change(
            row=str(number),
            person=si.InsuredPerson("某", si.IdDocument("passport", f"E{number:08d}")),
            wage=Money(500_000 + number),
        )
        for number in range(count)
    )


def desk_with(rows: tuple[Change, ...]) -> Desk:
    """A desk at which a batch of joiners is submitted."""
    overlay = {"businesses": [{"id": "staff.add", "effect": "join", "batch": True}]}
    desk = Desk(middle().filing(overlay))
    desk.open("A1", MONTH, AT)
    entered = Draft(at=AT, key="b1", declaration="B1", business="staff.add", rows=rows)
    assert not desk.do(MONTH, entered).refused
    send(desk, "B1")
    return desk


def send(desk: Desk, id_: str) -> None:
    one = desk.book(MONTH).declarations[id_]
    for command in (
        Ready(at=AT, declaration=id_, heads=one.heads, wages=one.wages),
        Submit(at=AT, declaration=id_),
    ):
        assert not desk.do(MONTH, command).refused


def tell(desk: Desk, id_: str, failures: dict[str, str]) -> Decision:
    return desk.do(MONTH, result_of(desk.book(MONTH).declarations[id_], failures, at=AT))


@given(st.integers(1, 12), st.data())
def test_each_row_is_effective_once_or_on_the_failed_list(count: int, data: st.DataObject) -> None:
    desk = desk_with(rows_of(count))
    names = st.sets(st.integers(0, count - 1))
    waiting, current = set(range(count)), "B1"
    effective: list[str] = []
    for turn in range(2, 6):
        failing = data.draw(names) & waiting
        tell(desk, current, {str(number): "不符" for number in failing})
        one = desk.book(MONTH).declarations[current]
        effective += [row.row for row in one.taken()]
        assert {row.row for row, why in one.failed() if why.reason == "不符"} == {
            str(number) for number in failing
        }
        if not failing:
            break
        waiting = failing
        changed = [attrs.evolve(row, wage=Money(600_000)) for row, _ in one.failed()]
        found = correction(one, changed, into=f"B{turn}", at=AT)
        assert not desk.do(MONTH, found.command).refused
        current = f"B{turn}"
        send(desk, current)
    else:
        tell(desk, current, {})
        effective += [row.row for row in desk.book(MONTH).declarations[current].taken()]
    assert sorted(effective) == sorted(map(str, range(count)))
    after = desk.roster_after(si.Roster("2026-10", ()), MONTH)
    assert len(after.roster) == count
    assert after.faults == ()


def test_a_correction_takes_failed_rows_only_and_all_of_them_or_none() -> None:
    rows = rows_of(4)
    desk = desk_with(rows)
    tell(desk, "B1", {"1": "x", "2": "y"})
    one = desk.book(MONTH).declarations["B1"]
    wrong = correction(one, [rows[1], rows[3]], into="B2", at=AT)
    assert wrong.command is None
    assert [fault.code for fault in wrong.faults] == ["filing.not-failed"]
    twice = correction(one, [rows[1], rows[1]], into="B2", at=AT)
    assert twice.command is None
    part = correction(one, [rows[1]], into="B2", at=AT)
    assert [row.row for row in part.left] == ["2"]
    assert part.command is not None
    # Sent again it happens once; what one corrects, no other may.
    assert len(desk.do(MONTH, part.command).events) == 1
    assert desk.do(MONTH, part.command) == Decision()
    other = correction(one, [rows[1], rows[2]], into="B3", at=AT)
    assert other.command is not None
    refused = desk.do(MONTH, other.command)
    assert [fault.code for fault in refused.faults] == ["filing.corrected"]
    altered = attrs.evolve(part.command, rows=(attrs.evolve(rows[1], wage=Money(1)),))
    assert [fault.code for fault in desk.do(MONTH, altered).faults] == ["command.key-reused"]
    assert list(desk.book(MONTH).declarations) == ["B1", "B2"]


def test_failures_are_found_by_row_or_by_document_and_others_are_refused() -> None:
    desk = desk_with(rows_of(3))
    one = desk.book(MONTH).declarations["B1"]
    assert result_of(one, {"E00000001": "x"}, at=AT).rejected[0].row == "1"
    assert [
        result_of(one, dict.fromkeys(map(str, range(count)), "x"), at=AT).result.value
        for count in (0, 1, 3)
    ] == ["all", "part", "none"]
    refused = tell(desk, "B1", {"E99999999": "x"})
    assert [fault.code for fault in refused.faults] == ["filing.no-such-row"]
    assert desk.book(MONTH).declarations["B1"].state.value == "submitted"


def _work(count: int) -> None:
    """A batch of so many rows, from its draft to the roster after it."""
    rows = rows_of(count)
    desk = desk_with(rows)
    tell(desk, "B1", {str(number): "x" for number in range(0, count, 3)})
    one = desk.book(MONTH).declarations["B1"]
    found = correction(one, [row for row, _ in one.failed()], into="B2", at=AT)
    desk.do(MONTH, found.command)
    send(desk, "B2")
    tell(desk, "B2", {})
    before = si.Roster("2026-10", ())
    after = desk.roster_after(before, MONTH)
    assert len(after.roster) == count
    assert evolve(desk.book(MONTH), desk.history(MONTH)[-1]) is not None


def _calls(count: int) -> int:
    """The calls that it takes, of Python's functions and of C's."""
    found = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal found
        found += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        _work(count)
    finally:
        sys.setprofile(None)
    return found


def test_ten_times_the_rows_take_ten_times_the_steps_and_not_a_hundred_times() -> None:
    _work(10)  # what is done once in a process
    assert _calls(2_000) < 12 * _calls(200)
