"""Details of deciding that no single system needs and every one rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

import socialins as si
from socialins.filing import (
    EMPTY,
    ApplyAssessment,
    Change,
    CloseMonth,
    ConfirmAtCounter,
    Decision,
    Delete,
    Desk,
    Draft,
    Edit,
    Expire,
    OpenBook,
    RecordResult,
    Rejection,
    RollBack,
    RowOutcome,
    Submit,
    Withdraw,
    decide,
    event_from_plain,
)
from socialins.testing.middle import middle
from socialins.values import Money, Month

Row = Callable[..., Change]
Opened = Callable[..., Any]
Moment = Callable[[str], datetime]


def closing(**said: Any) -> dict[str, Any]:
    return {"closing": said}


def test_a_returned_item_is_sent_after_its_window_only_where_that_is_allowed(
    office: Opened, row: Row
) -> None:
    for allowed in (True, False):
        overlay = closing(resubmit_after_window=allowed)
        desk = office(middle(), "2026-11", "2026-11-05 10:00", overlay)
        desk.send("D1", "staff.add", row(1))
        desk.at("2026-11-09 10:00").done(RecordResult, declaration="D1", result="none")
        desk.done(Edit, declaration="D1", rows=(row(1, "9000"),))
        desk.confirm_sums("D1")
        if allowed:
            sent = desk.done(Submit, declaration="D1").events[0]
            assert sent.effect == Month(2026, 11)
            # Twice returned is returned all the same.
            desk.done(RecordResult, declaration="D1", result="none")
            desk.done(Edit, declaration="D1", rows=(row(1, "9100"),))
            desk.confirm_sums("D1")
            desk.done(Submit, declaration="D1")
        else:
            assert desk.refused(Submit, declaration="D1") == "filing.window-closed"


def test_what_was_never_sent_or_was_taken_back_has_no_time_after_the_window(
    office: Opened, row: Row
) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00", closing(resubmit_after_window=True))
    desk.enter("D1", "staff.add", row(1))
    desk.send("D2", "staff.add", row(2))
    desk.done(RecordResult, declaration="D2", result="none")
    desk.done(Edit, declaration="D2", rows=(row(2),))
    desk.confirm_sums("D2")
    desk.done(Submit, declaration="D2")
    desk.done(Withdraw, declaration="D2")
    desk.at("2026-11-09 10:00")
    assert desk.refused(Submit, declaration="D1") == "filing.window-closed"
    assert desk.refused(Submit, declaration="D2") == "filing.window-closed"


def test_a_moment_before_the_window_is_no_moment_after_it(office: Opened, row: Row) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00", closing(resubmit_after_window=True))
    desk.send("D1", "staff.add", row(1))
    desk.done(RecordResult, declaration="D1", result="none")
    desk.done(Edit, declaration="D1", rows=(row(1),))
    desk.confirm_sums("D1")
    desk.at("2026-10-10 23:59")
    assert desk.refused(Submit, declaration="D1") == "filing.window-closed"


def test_days_and_months_are_those_of_china(office: Opened, row: Row) -> None:
    """Half past eight on the evening of the 31st of December in London is the new year there."""
    desk = office(middle(), "2026-12", "2026-12-01 10:00")
    desk.send("D1", "staff.new", row(1))
    desk.done(RecordResult, declaration="D1", result="all")
    desk.now = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)
    desk.done(ConfirmAtCounter, declaration="D1")
    assert desk.one("D1").effect == Month(2027, 1)
    desk = office(middle(), "2026-11", "2026-11-30 10:00")
    # Submitted on the 30th of November in China: three months are over on the 28th of February.
    desk.now = datetime(2026, 11, 29, 17, tzinfo=UTC)
    desk.send("D2", "staff.new", row(2))
    desk.done(RecordResult, declaration="D2", result="all")
    desk.now = datetime(2027, 2, 27, 16, 59, 59, tzinfo=UTC)
    assert desk(Expire).events == ()
    desk.now = datetime(2027, 2, 27, 17, tzinfo=UTC)
    assert desk.refused(ConfirmAtCounter, declaration="D2") == "filing.lapsed"
    assert len(desk(Expire).events) == 1


def test_what_is_passed_after_the_month_was_closed_counts_for_the_next(
    office: Opened, row: Row
) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00", closing(waits_for=[]))
    desk.send("D1", "staff.add", row(1))
    desk.send("D2", "staff.new", row(2))
    desk.done(RecordResult, declaration="D2", result="all")
    desk.done(CloseMonth, business="month.settle-unchanged")
    desk.done(RecordResult, declaration="D1", result="all")
    desk.at("2026-11-28 10:00").done(ConfirmAtCounter, declaration="D2")
    assert [desk.one(id_).effect for id_ in ("D1", "D2")] == [Month(2026, 12)] * 2
    desk.turn_to("2026-12", "2026-12-05 10:00")
    closed = desk.done(CloseMonth, business="month.settle-changed").events[0]
    assert (closed.changes, closed.carried) == ((), ("D1", "D2"))


def test_months_are_closed_in_order_and_taken_back_in_reverse(office: Opened, row: Row) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    desk.turn_to("2026-12", "2026-12-05 10:00")
    assert desk.refused(CloseMonth, business="month.settle-unchanged") == "filing.earlier-open"
    november, december = Month(2026, 11), Month(2026, 12)
    for month in (november, december):
        desk.month = month
        desk.done(CloseMonth, business="month.settle-unchanged")
    desk.month = november
    assert desk.refused(RollBack) == "filing.later-closed"
    for month in (december, november):
        desk.month = month
        desk.done(RollBack)
    assert desk.refused(RollBack) == "filing.not-closed"


def test_a_roll_back_forgets_the_assessment_and_lets_the_month_change_again(
    office: Opened, row: Row
) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    assert desk.refused(ApplyAssessment, total=Money(1)) == "filing.not-closed"
    desk.done(CloseMonth, business="month.settle-unchanged")
    desk.done(ApplyAssessment, total=Money(1))
    desk.done(RollBack)
    assert desk.book.assessed is None
    desk.send("D1", "wage.change", row(1))
    desk.done(CloseMonth, business="month.settle-changed")
    desk.done(ApplyAssessment, total=Money(2))
    assert desk.book.assessed == Money(2)


def test_a_region_without_rollback_and_one_that_refuses_late_changes_say_so(
    office: Opened, row: Row
) -> None:
    overlay = closing(rollback=False, late_changes="refused")
    desk = office(middle(), "2026-11", "2026-11-05 10:00", overlay)
    desk.enter("D1", "staff.add", row(1))
    desk.done(CloseMonth, business="month.settle-unchanged", leave_unsent=True)
    assert desk.refused(RollBack) == "filing.no-rollback"
    assert desk.refused(Submit, declaration="D1") == "filing.closed"
    desk.done(Delete, declaration="D1")


def test_a_direct_business_with_a_counter_waits_for_the_counter_alone(
    office: Opened, row: Row
) -> None:
    overlay = {"businesses": [{"id": "wage.change", "counter": {}}]}
    desk = office(middle(), "2026-11", "2026-11-05 10:00", overlay)
    desk.send("D1", "wage.change", row(1), row(2))
    assert desk.state("D1") == "counter"
    assert desk.refused(RecordResult, declaration="D1", result="all") == "filing.wrong-state"
    desk.done(ConfirmAtCounter, declaration="D1")
    assert desk.one("D1").result.value == "all"
    assert {outcome for _, outcome in desk.one("D1").outcomes()} == {RowOutcome.PASSED}


def test_what_may_not_be_deleted_is_kept_until_it_is_returned(office: Opened, row: Row) -> None:
    overlay = {"businesses": [{"id": "staff.add", "deletable": False}]}
    desk = office(middle(), "2026-11", "2026-11-05 10:00", overlay)
    desk.send("D1", "staff.add", row(1))
    desk.enter("D2", "staff.add", row(2))
    assert desk.refused(Delete, declaration="D2") == "filing.not-deletable"
    desk.done(RecordResult, declaration="D1", result="none")
    desk.done(Delete, declaration="D1")


def test_failed_rows_that_nobody_filed_again_are_told_at_the_closing(
    office: Opened, row: Row
) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    desk.send("D1", "staff.add", row(1), row(2), row(3))
    desk.done(RecordResult, declaration="D1", result="part", rejected=(Rejection("1"),))
    left = {fault.code for fault in desk(CloseMonth, business="month.settle-changed").faults}
    assert "filing.failed-left" in left
    desk.done(RollBack)
    desk.send("D2", "staff.add", row(1), corrects="D1")
    desk.done(RecordResult, declaration="D2", result="all")
    found = desk.done(CloseMonth, business="month.settle-changed")
    assert "filing.failed-left" not in {fault.code for fault in found.faults}


def test_a_row_that_was_taken_is_not_filed_again_as_a_correction(office: Opened, row: Row) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    desk.send("D1", "staff.add", row(1), row(2))
    desk.done(RecordResult, declaration="D1", result="part", rejected=(Rejection("1"),))
    said = {"declaration": "D2", "business": "staff.add", "corrects": "D1"}
    assert desk.refused(Draft, rows=(row(1), row(2)), **said) == "filing.not-failed"
    desk.done(Draft, rows=(row(1),), **said)
    assert desk.refused(Edit, declaration="D2", rows=(row(2),)) == "filing.not-failed"


def test_a_return_that_is_filed_anew_in_part_still_holds_the_month_up(
    office: Opened, row: Row
) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    desk.send("D1", "staff.stop", row(1, None), row(2, None))
    desk.done(RecordResult, declaration="D1", result="none")
    desk.send("D2", "staff.stop", row(1, None), corrects="D1")
    desk.done(RecordResult, declaration="D2", result="all")
    assert desk.refused(CloseMonth, business="month.settle-changed") == "filing.unsent"
    desk.send("D3", "staff.stop", row(2, None), corrects="D1")
    desk.done(RecordResult, declaration="D3", result="all")
    desk.done(CloseMonth, business="month.settle-changed")


def test_a_return_that_another_files_again_is_not_edited_as_well(office: Opened, row: Row) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    desk.send("D1", "staff.add", row(1))
    desk.done(RecordResult, declaration="D1", result="none")
    desk.enter("D2", "staff.add", row(1), corrects="D1")
    assert desk.refused(Edit, declaration="D1", rows=(row(1),)) == "filing.corrected"
    desk.done(Delete, declaration="D2")
    desk.done(Edit, declaration="D1", rows=(row(1),))


def test_no_rows_of_a_returned_declaration_count_as_taken_even_if_none_is_named(
    office: Opened, row: Row
) -> None:
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    desk.send("D1", "staff.add", row(1), row(2))
    desk.done(RecordResult, declaration="D1", result="none")
    assert [row.row for row, _ in desk.one("D1").failed()] == ["1", "2"]
    assert list(desk.one("D1").taken()) == []
    for result, rejected in (("all", "1"), ("part", ""), ("none", "1")):
        desk.send(f"E{result}", "staff.add", row(5), row(6))
        listed = tuple(map(Rejection, ["5"] if rejected else []))
        said = {"declaration": f"E{result}", "result": result, "rejected": listed}
        assert desk.refused(RecordResult, **said) == "filing.result-differs"


def test_a_book_is_of_one_region_and_is_opened_once(office: Opened, moment: Moment) -> None:
    at = moment("2026-11-05 10:00")
    rules = middle().filing()
    opening = OpenBook(at=at, account="A1", division="110000", month="2026-11")
    assert decide(EMPTY, opening, rules).faults[0].code == "filing.other-division"
    assert decide(EMPTY, Expire(at=at), rules).faults[0].code == "filing.not-opened"
    desk = office(middle(), "2026-11", "2026-11-05 10:00")
    again = {"account": "A1", "division": "990100", "month": "2026-11"}
    assert desk.refused(OpenBook, **again) == "filing.already-open"
    elsewhere = si.region("beijing").filing()
    found = decide(desk.book, Expire(at=at), elsewhere)
    assert [fault.code for fault in found.faults] == ["filing.other-division"]
    for business in ("staff.add", "no.such"):
        closes = decide(desk.book, CloseMonth(at=at, business=business), rules)
        assert closes.faults[0].code == "filing.closing-business"
    assert desk.refused(Draft, declaration="D", business="no.such", rows=()) == (
        "filing.no-such-business"
    )


def test_a_key_belongs_to_one_command_whenever_it_is_sent(moment: Moment) -> None:
    desk = Desk(middle().filing())
    at = moment("2026-11-05 10:00")
    desk.open("A1", "2026-11", at)
    entered = Draft(at=at, key="k", declaration="D1", business="staff.add", rows=[])
    assert len(desk.do("2026-11", entered).events) == 1
    later = attrs.evolve(entered, at=moment("2026-11-06 10:00"))
    assert desk.do("2026-11", later) == Decision()
    for other in (
        attrs.evolve(entered, declaration="D2"),
        attrs.evolve(entered, rows=(Change(row="1"),)),
        Expire(at=at, key="k"),
    ):
        found = desk.do("2026-11", other)
        assert [fault.code for fault in found.faults] == ["command.key-reused"]
    without = attrs.evolve(entered, key="")
    assert desk.do("2026-11", without).faults[0].code == "filing.id-taken"


def test_a_command_that_makes_no_sense_cannot_be_made(moment: Moment) -> None:
    at = moment("2026-11-05 10:00")
    with pytest.raises(ValueError, match="no time zone"):
        Expire(at=datetime(2026, 11, 5))  # noqa: DTZ001
    with pytest.raises(ValueError, match="not of these times"):
        Expire(at=at.replace(year=9999))
    with pytest.raises(ValueError, match="not of these times"):
        OpenBook(at=at, account="A", division="990100", month="1900-01")
    with pytest.raises(ValueError, match="can't be empty"):
        Draft(at=at, declaration="", business="staff.add", rows=())
    with pytest.raises(ValueError, match="row"):
        Change(row="")
    with pytest.raises(ValueError, match="some"):
        RecordResult(at=at, declaration="D1", result="some")


def test_an_event_that_is_no_event_is_refused_with_its_reason() -> None:
    with pytest.raises(ValueError, match="no type of event"):
        event_from_plain({"type": "Nothing"})
    with pytest.raises(ValueError, match="declaration"):
        event_from_plain({"type": "Lapsed", "at": "2026-11-05T10:00:00+08:00"})
    with pytest.raises(ValueError, match="time zone"):
        event_from_plain({"type": "Lapsed", "at": "2026-11-05T10:00:00", "declaration": "D"})
