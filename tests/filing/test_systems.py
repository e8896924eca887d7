"""The systems of the manuals: a unit's specialist gets through the month as the manual tells.

Each test is named after the row of a system and walks its main procedure by the rules that its
file under `systems/` states (three of them by those of an installed region).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
import pytest

import socialins as si
from socialins.filing import (
    ApplyAssessment,
    Change,
    CloseMonth,
    ConfirmAtCounter,
    Delete,
    Draft,
    Edit,
    Expire,
    Facts,
    PersonFacts,
    Ready,
    RecordResult,
    RecordStep,
    Rejection,
    RollBack,
    Submit,
    Withdraw,
    correction,
    result_of,
)
from socialins.rules.business import Channel, Handling
from socialins.values import Money

System = Callable[[str], si.Region]
Row = Callable[..., Change]
Opened = Callable[..., Any]

UNIT = Change(row="unit", extra={"phone": "010-12345678"})
BOUND = {"scope": "rural-worker"}


def known(*numbers: int, arrears: str | None = None, **facts: Any) -> Facts:
    """The same facts of some persons."""
    persons = {f"E{number:08d}": PersonFacts(**facts) for number in numbers}
    return Facts(persons=persons, arrears=None if arrears is None else Money.yuan(arrears))


def test_s01_the_operators_own_data_change_at_once_and_a_stop_waits_for_the_counter(
    office: Opened, row: Row
) -> None:
    harbin = si.region("harbin")
    desk = office(harbin, "2026-11", "2026-11-03 10:00")
    desk.send("D1", "harbin.operator-update", UNIT)
    assert desk.state("D1") == "passed"
    desk.send("D2", "staff.stop", row(1, None, reason="辞职"))
    desk.done(RecordResult, declaration="D2", result="all")
    # The hall is asked for the status of each business.
    assert {one.id: one.state.value for one in desk.book.declarations.values()} == {
        "D1": "passed",
        "D2": "counter",
    }
    assert desk.refused(CloseMonth, business="month.settle-changed") == "filing.pending"
    desk.done(ConfirmAtCounter, declaration="D2")
    assert desk.done(CloseMonth, business="month.settle-changed").events[0].changes == ("D2",)


def test_s04_a_month_closes_by_exactly_one_of_changed_and_unchanged(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s04"), "2026-11", "2026-11-03 10:00")
    ready = {"facts": known(1, employment_registered=True, arrears="0")}
    wrong = row(9, "800000", employment="full-time", extra=BOUND)
    desk.enter("D0", "staff.add", wrong)
    desk.done(Delete, declaration="D0")
    assert desk.refused(Submit, declaration="D0") == "filing.wrong-state"
    desk.send("D1", "staff.add", row(1, extra=BOUND), **ready)
    assert desk.refused(CloseMonth, business="month.settle-changed") == "filing.pending"
    assert desk.refused(CloseMonth, business="month.settle-unchanged") == "filing.pending"
    assert desk.refused(Delete, declaration="D1") == "filing.wrong-state"
    desk.done(RecordResult, declaration="D1", result="all")
    assert desk.refused(CloseMonth, business="month.settle-unchanged") == "filing.changed"
    desk.done(CloseMonth, business="month.settle-changed")
    for business in ("month.settle-changed", "month.settle-unchanged"):
        assert desk.refused(CloseMonth, business=business) == "filing.closed-before"

    desk.turn_to("2026-12", "2026-12-03 10:00")
    assert desk.refused(CloseMonth, business="month.settle-changed") == "filing.nothing-changed"
    desk.done(CloseMonth, business="month.settle-unchanged")


def test_s04_registration_comes_first_and_arrears_send_a_stop_to_the_branch(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s04"), "2026-11", "2026-11-03 10:00")
    desk.enter("D1", "staff.add", row(1, extra=BOUND))
    assert desk.refused(Submit, declaration="D1") == "filing.fact-unknown"
    unregistered = known(1, employment_registered=False)
    found = desk(Submit, declaration="D1", facts=unregistered)
    assert [fault.code for fault in found.faults] == ["filing.employment-unregistered"]
    desk.enter("D2", "staff.stop", row(2, None, reason="停缴费"))
    owing = known(2, employment_registered=True, arrears="0.01")
    found = desk(Submit, declaration="D2", facts=owing)
    assert [fault.code for fault in found.faults] == ["filing.arrears"]
    assert "counter" in found.faults[0].message("en")
    # What the unit may state of a stop is the reason; a wage there is a slip.
    rows = (row(2, "8000", reason="停缴费"),)
    assert desk.refused(Edit, declaration="D2", rows=rows) == "filing.field"


def test_s04_back_payment_is_for_months_before_this_one_and_for_those_enrolled(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s04"), "2026-11", "2026-11-03 10:00")
    month = si.Month.of
    february = {"first": month("2026-02"), "last": month("2026-02")}
    desk.enter("D1", "backpay.base", row(1, **february))
    outsider = known(1, enrolled=False)
    assert desk.refused(Submit, declaration="D1", facts=outsider) == "filing.not-enrolled"
    desk.done(Submit, declaration="D1", facts=known(1, enrolled=True))
    this_month = {"first": month("2026-10"), "last": month("2026-11")}
    desk.enter("D2", "backpay.base", row(2, **this_month))
    enrolled = known(2, enrolled=True)
    assert desk.refused(Submit, declaration="D2", facts=enrolled) == "filing.months-back"
    desk.done(Delete, declaration="D2")
    desk.done(RecordResult, declaration="D1", result="all")
    # A back payment leaves the roster as it is, and makes the month one with changes all the same.
    desk.done(CloseMonth, business="month.settle-changed")
    after = desk.desk.roster_after(si.Roster("2026-10", ()), "2026-11")
    assert len(after.roster) == 0


def test_s05_plain_unit_data_change_at_once_and_sensitive_ones_are_applied_for(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s05"), "2026-11", "2026-11-03 10:00")
    desk.send("D1", "unit.update", UNIT)
    desk.send("D2", "unit.update-sensitive", UNIT)
    desk.send("D3", "staff.add", row(1), row(2))
    assert [desk.state(id_) for id_ in ("D1", "D2", "D3")] == ["passed", "submitted", "submitted"]
    desk.done(RecordResult, declaration="D2", result="none")
    desk.done(RecordResult, declaration="D3", result="all")
    # The results of the audit are looked up per declaration.
    outcomes = {
        id_: {outcome.value for _, outcome in desk.one(id_).outcomes()} for id_ in ("D2", "D3")
    }
    assert outcomes == {"D2": {"failed"}, "D3": {"passed"}}


def test_s07_a_failed_item_is_deleted_and_filed_again_and_the_counter_is_waited_for(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s07"), "2026-11", "2026-11-03 10:00").insert_key()
    desk.send("D1", "staff.add", row(1))
    desk.send("D2", "staff.stop", row(2, None), channel=Channel.COUNTER)
    desk.done(RecordResult, declaration="D1", result="none")
    assert desk.refused(Edit, declaration="D1", rows=(row(1, "9000"),)) == "filing.file-anew"
    assert desk.refused(Submit, declaration="D1") == "filing.wrong-state"
    desk.done(Delete, declaration="D1")
    desk.send("D3", "staff.add", row(1, "9000"), corrects="D1")
    desk.done(RecordResult, declaration="D3", result="all")
    # Everything online is done; the item at the counter is not.
    assert desk.refused(CloseMonth, business="month.settle-changed") == "filing.pending"
    desk.done(RecordResult, declaration="D2", result="all")
    closed = desk.done(CloseMonth, business="month.settle-changed").events[0]
    assert closed.changes == ("D2", "D3")


def test_s08_every_success_leaves_a_record_that_can_be_printed(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s08"), "2026-11", "2026-11-03 10:00")
    desk.done(Draft, declaration="D1", business="staff.add", rows=(row(1), row(2)), key="k1")
    desk.done(Edit, declaration="D1", rows=(row(1, "8100"),), key="k2")
    assert [one.person.name for one in desk.one("D1").rows] == ["某1"]
    desk.confirm_sums("D1")
    desk.done(Submit, declaration="D1", key="k3")
    desk.done(Draft, declaration="D2", business="staff.stop", rows=(row(3, None),))
    desk.done(Delete, declaration="D2")
    told = [
        (type(event).__name__, event.by, event.key) for event in desk.desk.history("2026-11")[1:]
    ]
    assert told == [
        ("Drafted", "经办人", "k1"),
        ("Edited", "经办人", "k2"),
        ("Readied", "经办人", ""),
        ("Submitted", "经办人", "k3"),
        ("Drafted", "经办人", ""),
        ("Deleted", "经办人", ""),
    ]


def test_s09_each_business_is_direct_or_by_declaration(
    office: Opened, system: System, row: Row
) -> None:
    lijiang = system("s09")
    listed = {
        handling: {
            one.id
            for one in lijiang.filing().businesses.values()
            if one.handling is handling and one.sources
        }
        for handling in Handling
    }
    assert listed[Handling.DIRECT] == {
        "unit.update",
        "s09.person-basic",
        "s09.print-payments",
        "s09.print-enrolment",
        "s09.print-assessment",
    }
    assert listed[Handling.AUDITED] == {
        "unit.update-sensitive",
        "s09.specialist-change",
        "s09.specialist-add",
        "staff.add",
        "staff.stop",
        "wage.declare",
        "person.update",
    }
    assert {one.id for one in lijiang.cascade.insurances()} >= {"pension", "injury"}
    desk = office(lijiang, "2026-11", "2026-11-03 10:00")
    desk.send("D1", "s09.person-basic", row(1, None, extra={"phone": "1"}))
    desk.send("D2", "staff.add", row(2))
    assert [one.id for one in desk.book.effective] == ["D1"]
    desk.done(RecordResult, declaration="D2", result="all")
    assert [one.id for one in desk.book.effective] == ["D1", "D2"]


def test_s10_a_failed_item_cannot_be_edited_only_filed_anew(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s10"), "2026-11", "2026-11-03 10:00")
    registered = known(1, 2, employment_registered=True)
    desk.enter("D1", "staff.add", row(1), row(2))
    assert desk.state("D1") == "ready"
    desk.done(Submit, declaration="D1", facts=registered)
    assert desk.state("D1") == "submitted"
    desk.done(RecordResult, declaration="D1", result="none")
    assert desk.state("D1") == "returned"
    assert desk.refused(Edit, declaration="D1", rows=(row(1),)) == "filing.file-anew"
    # Until it is filed anew, the month would be assessed without it.
    assert desk.refused(CloseMonth, business="assessment.apply") == "filing.unsent"
    desk.send("D2", "staff.add", row(1), row(2), corrects="D1", facts=registered)
    desk.done(RecordResult, declaration="D2", result="all")
    assert desk.state("D2") == "passed"
    desk.done(CloseMonth, business="assessment.apply")
    desk.done(ApplyAssessment, total=Money.yuan("1234.56"))
    assert desk.refused(ApplyAssessment, total=Money(0)) == "filing.assessed-before"


def test_s10_past_months_are_applied_for_apart(office: Opened, system: System, row: Row) -> None:
    desk = office(system("s10"), "2026-11", "2026-11-03 10:00")
    past = {"first": si.Month.of("2026-08"), "last": si.Month.of("2026-10")}
    desk.send("D1", "backpay.base", row(1, **past))
    desk.enter("D2", "backpay.base", row(2, first=si.Month.of("2026-11")))
    assert desk.refused(Submit, declaration="D2") == "filing.months-back"


def test_s11_what_is_entered_is_listed_and_confirmed_before_it_is_submitted(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s11"), "2026-11", "2026-11-03 10:00")
    desk.done(Draft, declaration="D1", business="staff.add", rows=(row(1), row(2, "7000.50")))
    assert desk.refused(Submit, declaration="D1") == "filing.wrong-state"
    wrong = {"declaration": "D1", "heads": 2, "wages": Money.yuan("15000")}
    assert desk.refused(Ready, **wrong) == "filing.sums-differ"
    desk.done(Ready, declaration="D1", heads=2, wages=Money.yuan("15000.50"))
    desk.done(Submit, declaration="D1")
    two = (UNIT, attrs.evolve(UNIT, row="again"))
    batch = {"declaration": "D2", "business": "collection.declare", "rows": two}
    assert desk.refused(Draft, **batch) == "filing.no-batch"


def test_s12_household_classes_are_stated_and_papers_stay_with_the_unit(
    office: Opened, system: System, row: Row
) -> None:
    jinan = system("s12")
    desk = office(jinan, "2026-11", "2026-11-03 10:00")
    rows = [
        row(1, household=si.Household.URBAN_LOCAL, extra={"residence": "济南"}),
        row(2, household=si.Household.RURAL_OUTSIDE, extra={"residence": "徐州"}),
        row(3, household=si.Household.HK_MACAO_TAIWAN, extra={"residence": "香港"}),
    ]
    desk.send("D1", "staff.add", *rows)
    desk.done(RecordResult, declaration="D1", result="all")
    after = desk.desk.roster_after(si.Roster("2026-10", ()), "2026-11")
    assert [entry.household.value for entry in after.roster] == [
        "urban-local",
        "rural-outside",
        "hmt",
    ]
    assert not after.faults
    materials = jinan.businesses["staff.add"].materials
    assert materials
    assert not any(one.required for one in materials)


def test_s13_the_assessment_is_rolled_back_to_the_very_state(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s13"), "2026-11", "2026-11-03 10:00")
    desk.send("D1", "staff.add", row(1), row(2))
    desk.done(RecordResult, declaration="D1", result="all")
    desk.send("D2", "backpay.gap", row(1, first=si.Month.of("2026-09")))
    desk.done(RecordResult, declaration="D2", result="all")
    before = desk.book
    desk.done(CloseMonth, business="assessment.apply")
    desk.done(ApplyAssessment, total=Money.yuan("5000"))
    assert desk.refused(Draft, declaration="D3", business="staff.add", rows=()) == (
        "filing.closed-next"
    )
    desk.done(RollBack)
    assert attrs.evolve(desk.book, version=before.version) == before
    # The back payment is taken back as well, by a business of its own.
    desk.send("D3", "s13.backpay-undo", row(1, None))
    desk.done(RecordResult, declaration="D3", result="all")
    desk.done(CloseMonth, business="assessment.apply")
    desk.done(ApplyAssessment, total=Money.yuan("4000"))
    assert desk.book.assessed == Money.yuan("4000")


def test_s15_what_is_not_audited_is_effective_at_once_and_the_rest_waits(
    office: Opened, system: System, row: Row
) -> None:
    shenzhen = system("s15")
    desk = office(shenzhen, "2026-11", "2026-11-03 10:00")
    direct = [
        "staff.add",
        "staff.stop",
        "staff.resume",
        "wage.change",
        "s15.kinds-change",
        "staff.transfer-in",
        "s15.person-other",
        "unit.update",
    ]
    for number, business in enumerate(direct):
        desk.send(f"D{number}", business, row(number))
        assert desk.state(f"D{number}") == "passed", business
    desk.send("E1", "person.update", row(20))
    pension = {"insurances": {"pension"}, "first": si.Month.of("1992-07")}
    desk.send("E2", "s15.pension-before-1992-08", row(21, **pension))
    desk.enter("E3", "s15.pension-after-1992-08", row(22, insurances={"medical"}))
    assert desk.refused(Submit, declaration="E3") == "filing.insurances"
    assert [desk.state(id_) for id_ in ("E1", "E2")] == ["submitted", "submitted"]
    desk.done(Withdraw, declaration="E2")
    # Batches are uploaded per item; each row has its outcome.
    desk.send("E4", "unit.update-sensitive", UNIT)
    failures = {"unit": "名称与登记不符"}
    found = desk.desk.do("2026-11", result_of(desk.one("E4"), failures, at=desk.now))
    assert not found.refused
    assert [reason.reason for _, reason in desk.one("E4").failed()] == ["名称与登记不符"]


def test_s16_heads_and_wages_are_counted_before_a_sheet_is_taken(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s16"), "2026-11", "2026-11-03 10:00")
    sheet = tuple(row(number, "4000") for number in range(1, 51))
    desk.done(Draft, declaration="D1", business="wage.declare", rows=sheet)
    lost = {"heads": 49, "wages": Money.yuan(4000 * 49)}
    assert desk.refused(Ready, declaration="D1", **lost) == "filing.sums-differ"
    desk.done(Ready, declaration="D1", heads=50, wages=Money.yuan(4000 * 50))
    desk.done(Submit, declaration="D1")
    assert desk.state("D1") == "passed"
    starred = row(1, "4000", household=si.Household.FOREIGN)
    said = {"declaration": "D2", "business": "wage.declare", "rows": (starred,)}
    assert desk.refused(Draft, **said) == "filing.field"


def test_s16_somebody_insured_elsewhere_is_a_warning_and_goes_in(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s16"), "2026-11", "2026-11-03 10:00")
    part_time = row(1, employment=si.Employment.PART_TIME, insurances={"injury"})
    elsewhere = known(1, insured_elsewhere=True)
    found = desk.send("D1", "staff.add", part_time, facts=elsewhere)
    warned = [fault for fault in found.faults if fault.code == "filing.insured-elsewhere"]
    assert len(warned) == 1
    assert not warned[0].is_error
    assert desk.state("D1") == "passed"


def test_s16_supplementary_medical_needs_a_balance_of_155(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s16"), "2026-11", "2026-11-03 10:00")
    desk.enter("D1", "s16.medical-from-account", row(1, None))
    poor, rich = (known(1, balance=Money.yuan(balance)) for balance in ("154.99", "155"))
    assert desk.refused(Submit, declaration="D1", facts=poor) == "filing.balance"
    desk.done(Submit, declaration="D1", facts=rich)
    desk.send("D2", "s16.medical-by-transfer", row(2, None))
    assert desk.state("D2") == "passed"


def days(first: int, last: int) -> dict[str, Any]:
    """An overlay with the days that a copy lacks, as a unit that knows them would have it."""
    return {
        "sources": {"own": {"title": "经办机构告知", "seen": "made up for tests"}},
        "windows": [
            {
                "businesses": ["staff.add", "month.settle-changed"],
                "values": [
                    {
                        "from": "2026-01",
                        "intervals": [{"first": {"day": first}, "last": {"day": last}}],
                        "sources": ["own"],
                        "mark": "C",
                    }
                ],
            }
        ],
    }


def test_s17_the_window_binds_submission_and_neither_drafts_nor_audits(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s17"), "2026-11", "2026-11-01 10:00", days(3, 25)).insert_key()
    desk.done(Draft, declaration="D1", business="staff.add", rows=(row(1),))
    desk.done(Edit, declaration="D1", rows=(row(1, "8500"),))
    desk.confirm_sums("D1")
    assert desk.refused(Submit, declaration="D1") == "filing.window-closed"
    # A Sunday night is as good as a workday.
    desk.at("2026-11-22 23:59").done(Submit, declaration="D1")
    desk.send("D2", "staff.add", row(2))
    desk.at("2026-11-26 00:00")
    assert desk.refused(Withdraw, declaration="D2") == "filing.window-closed"
    desk.done(RecordResult, declaration="D1", result="all")
    desk.done(RecordResult, declaration="D2", result="none")
    # Returned after the time: it can be corrected, and not be submitted.
    desk.done(Edit, declaration="D2", rows=(row(2, "8600"),))
    desk.confirm_sums("D2")
    assert desk.refused(Submit, declaration="D2") == "filing.window-closed"
    assert desk.refused(CloseMonth, business="month.settle-changed", leave_unsent=True) == (
        "filing.window-closed"
    )


def test_s17_where_the_days_are_not_known_a_warning_says_so(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s17"), "2026-11", "2026-11-01 10:00").insert_key()
    found = desk.send("D1", "staff.add", row(1))
    assert [(fault.code, fault.is_error) for fault in found.faults] == [
        ("filing.window-unknown", False)
    ]
    assert found.events[0].window_known is False
    # One business is free of the time: its window is open on all days.
    found = desk.at("2026-11-30 23:00").send("D2", "s17.benefit-check", row(2, None))
    assert found.faults == ()


def test_s17_progress_shows_each_step_its_handler_and_its_colour(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s17"), "2026-11", "2026-11-03 10:00").insert_key()
    desk.send("D1", "staff.add", row(1))
    assert desk.refused(RecordStep, declaration="D1", step="seal", state="done") == (
        "filing.no-such-step"
    )
    desk.done(RecordStep, declaration="D1", step="accept", state="in-hand", handler="甲")
    desk.at("2026-11-04 09:00")
    desk.done(RecordStep, declaration="D1", step="accept", state="done", handler="甲")
    desk.done(RecordStep, declaration="D1", step="handle", state="in-hand", handler="乙")
    shown = [(one.step, one.handler, one.state.words[-1]) for one in desk.one("D1").audit]
    assert shown == [("accept", "甲", "绿色"), ("handle", "乙", "蓝色")]
    materials = system("s17").businesses["staff.add"].materials
    assert [one.required for one in materials] == [True, False]


def test_s21_all_part_or_none_of_a_file_is_imported_whichever_way_it_came(
    office: Opened, row: Row
) -> None:
    beijing = si.region("beijing")
    desk = office(beijing, "2026-11", "2026-11-06 10:00")
    said = {"business": "staff.transfer-in", "rows": (row(9),)}
    assert desk.refused(Draft, declaration="X", channel=Channel.COUNTER, **said) == (
        "filing.channel"
    )
    for number, channel in enumerate((Channel.ONLINE, Channel.DISK, Channel.PAPER)):
        rows = [row(10 * number + each) for each in range(3)]
        desk.send(f"D{number}", "staff.transfer-in", *rows, channel=channel)
    desk.done(RecordResult, declaration="D0", result="all")
    part = desk.desk.do("2026-11", result_of(desk.one("D1"), {"E00000011": "重复"}, at=desk.now))
    assert part.events[0].result.value == "part"
    desk.done(RecordResult, declaration="D2", result="none")
    assert [desk.one(f"D{number}").result.value for number in range(3)] == ["all", "part", "none"]
    assert [len(tuple(desk.one(f"D{number}").taken())) for number in range(3)] == [3, 2, 0]
    assert [len(tuple(desk.one(f"D{number}").failed())) for number in range(3)] == [0, 1, 3]
    # One declaration feeds both systems of the bureau.
    fed = {insurance for one in beijing.back_ends for insurance in one.insurances}
    assert {"pension", "medical", "unemployment", "injury", "maternity"} <= fed
    wrong = (Rejection("99"),)
    desk.send("D9", "staff.transfer-in", row(90))
    assert desk.refused(RecordResult, declaration="D9", result="part", rejected=wrong) == (
        "filing.no-such-row"
    )


@pytest.mark.parametrize(
    ("who", "online"),
    [
        (("male", date(2010, 11, 3)), True),
        (("male", date(2010, 11, 4)), False),
        (("male", date(1976, 11, 4)), True),
        (("male", date(1976, 11, 3)), False),
        (("female", date(1986, 11, 4)), True),
        (("female", date(1986, 11, 3)), False),
    ],
)
def test_s22_beyond_an_age_somebody_is_added_at_the_counter(
    office: Opened, system: System, row: Row, who: tuple[str, date], online: bool
) -> None:
    desk = office(system("s22"), "2026-12", "2026-11-03 10:00")
    known_person = attrs.evolve(row(1).person, sex=si.Sex(who[0]), birth_date=who[1])
    change = attrs.evolve(row(1), person=known_person)
    desk.enter("D1", "staff.new", change)
    if online:
        desk.done(Submit, declaration="D1")
    else:
        assert desk.refused(Submit, declaration="D1") == "filing.age"
        desk.enter("D2", "staff.new", change, channel=Channel.COUNTER)
        desk.done(Submit, declaration="D2")


def test_s22_what_is_filed_this_month_counts_for_the_next_once_it_is_confirmed(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s22"), "2026-11", "2026-11-03 10:00")
    desk.enter("D1", "staff.stop", row(1, None))
    assert desk.refused(Submit, declaration="D1") == "filing.other-month"
    desk.turn_to("2026-12", "2026-11-03 10:00")
    desk.send("D1", "staff.stop", row(1, None))
    desk.done(RecordResult, declaration="D1", result="all")
    assert desk.state("D1") == "counter"
    before = si.Roster("2026-11", [si.RosterEntry(row(1).person, si.DeclaredWage(Money(1)))])
    assert len(desk.desk.roster_after(before, "2026-12").roster) == 1
    desk.done(ConfirmAtCounter, declaration="D1")
    assert len(desk.desk.roster_after(before, "2026-12").roster) == 0
    # Wages are audited by the system itself; three missed months at most are paid online.
    four, three = (
        {"first": si.Month.of(first), "last": si.Month.of("2026-11")}
        for first in ("2026-08", "2026-09")
    )
    desk.enter("D2", "backpay.gap", row(2, **four))
    assert desk.refused(Submit, declaration="D2") == "filing.months-back"
    desk.send("D3", "backpay.gap", row(3, **three))


def test_s25_insurance_kinds_are_added_and_dropped(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s25"), "2026-11", "2026-11-03 10:00")
    everything = frozenset({"pension", "medical", "injury"})
    desk.send("D1", "staff.add", row(1, insurances={"pension"}))
    desk.send("D2", "s25.kind-add", row(1, None, insurances=everything))
    desk.at("2026-11-04 10:00").send("D3", "s25.kind-drop", row(1, None, insurances={"pension"}))
    desk.send("D4", "wage.declare", row(1, "9000"))
    desk.send("D5", "s25.accident", row(1, None))
    for number in range(1, 6):
        desk.done(RecordResult, declaration=f"D{number}", result="all")
    (entry,) = desk.desk.roster_after(si.Roster("2026-10", ()), "2026-11").roster
    assert entry.insurances == {"pension"}
    assert entry.wage.amount == Money.yuan("9000")
    # An accident is no change of the month.
    closed = desk.done(CloseMonth, business="month.settle-changed").events[0]
    assert closed.changes == ("D1", "D2", "D3", "D4")


def test_s27_what_is_filed_after_the_7th_counts_for_the_next_month(
    office: Opened, system: System, row: Row
) -> None:
    suzhou = system("s27")
    desk = office(suzhou, "2026-11", "2026-10-11 00:00")
    desk.send("D1", "staff.add", row(1))
    desk.at("2026-11-07 23:59").send("D2", "staff.stop", row(2, None))
    for closed in ("2026-11-08 00:00", "2026-11-10 23:59"):
        desk.at(closed).enter(f"E{closed[8:10]}", "staff.add", row(3))
        assert desk.refused(Submit, declaration=f"E{closed[8:10]}") == "filing.window-closed"
        desk.done(Delete, declaration=f"E{closed[8:10]}")
    for one in ("D1", "D2"):
        desk.done(RecordResult, declaration=one, result="all")
    desk.done(CloseMonth, business="month.settle-changed")
    assert desk.refused(Draft, declaration="D3", business="staff.add", rows=(row(3),)) == (
        "filing.closed-next"
    )
    desk.turn_to("2026-12", "2026-11-11 00:00")
    found = desk.send("D3", "staff.add", row(3))
    assert found.events[0].effect == si.Month.of("2026-12")
    deduction = suzhou.window("collection.deduct", "2026-11")
    assert (deduction.opens.day, deduction.last_day.day) == (11, 22)


def test_s27_the_other_wording_is_kept_as_a_reading_of_its_own(system: System) -> None:
    chosen = {"variants": {"staff.add": "to-next-month"}}
    window = system("s27").window("staff.add", "2026-11", overlay=chosen)
    assert (window.opens.date(), window.last_day) == (date(2026, 11, 1), date(2026, 12, 7))


def test_s28_the_yearly_check_comes_before_the_yearly_declaration(
    office: Opened, system: System, row: Row
) -> None:
    desk = office(system("s28"), "2026-07", "2026-07-03 10:00")
    sheet = [row(number, "6000", extra={"mobile": "1"}) for number in (1, 2)]
    desk.enter("D1", "wage.declare", *sheet)
    found = desk(Submit, declaration="D1", facts=Facts(yearly_check_done=False))
    assert [fault.code for fault in found.faults] == ["filing.yearly-check"], "once for the unit"
    desk.done(Submit, declaration="D1", facts=Facts(yearly_check_done=True))
    beyond = row(3, "6000", extra={"bank": "x"})
    assert desk.refused(Draft, declaration="D2", business="wage.declare", rows=(beyond,)) == (
        "filing.field"
    )
    twice = (row(3), attrs.evolve(row(3), row="4"))
    assert desk.refused(Draft, declaration="D2", business="wage.declare", rows=twice) == (
        "filing.person-twice"
    )


def test_s30_a_new_person_is_enrolled_from_the_month_of_the_counter(
    office: Opened, row: Row
) -> None:
    beijing = si.region("beijing")
    desk = office(beijing, "2026-11", "2026-11-04 23:59")
    desk.enter("D1", "staff.new", row(1))
    assert desk.refused(Submit, declaration="D1") == "filing.window-closed"
    desk.at("2026-11-05 00:00").done(Submit, declaration="D1")
    desk.send("D2", "staff.new", row(2))
    desk.send("D3", "staff.transfer-in", row(3))
    assert beijing.businesses["staff.new"].result_workdays == 3
    for one in ("D1", "D2", "D3"):
        desk.at("2026-11-10 09:00").done(RecordResult, declaration=one, result="all")
    assert [desk.state(one) for one in ("D1", "D2", "D3")] == ["counter", "counter", "passed"]
    # Who is not confirmed counts as not added, and does not hold the month up.
    closed = desk.done(CloseMonth, business="month.settle-changed").events[0]
    assert closed.changes == ("D3",)
    desk.at("2026-12-08 09:00").done(ConfirmAtCounter, declaration="D1")
    november = desk.desk.roster_after(si.Roster("2026-10", ()), "2026-11").roster
    december = desk.desk.roster_after(november, "2026-12").roster
    assert [entry.person.name for entry in november] == ["某3"]
    assert [entry.person.name for entry in december] == ["某3", "某1"]
    # The other one lapses after six months, to the moment.
    desk.at("2027-05-04 23:59")(Expire)
    assert desk.state("D2") == "counter"
    desk.at("2027-05-05 00:00")
    assert desk.refused(ConfirmAtCounter, declaration="D2") == "filing.lapsed"
    desk.done(Expire)
    assert desk.state("D2") == "lapsed"


def test_s30_a_failed_entry_is_corrected_and_submitted_again(office: Opened, row: Row) -> None:
    desk = office(si.region("beijing"), "2026-11", "2026-11-06 10:00")
    desk.send("D1", "staff.transfer-in", row(1))
    desk.done(RecordResult, declaration="D1", result="none", rejected=(Rejection("1", "", "x"),))
    desk.done(Edit, declaration="D1", rows=(row(1, "9000"),))
    desk.confirm_sums("D1")
    desk.at("2026-11-25 23:00").done(Submit, declaration="D1")
    desk.done(RecordResult, declaration="D1", result="all")
    assert desk.state("D1") == "passed"


def test_s30_who_left_in_october_is_stopped_by_the_22nd_of_november(
    office: Opened, row: Row
) -> None:
    desk = office(si.region("beijing"), "2026-11", "2026-11-22 23:59")
    desk.send("D1", "staff.stop", row(1, None))
    desk.at("2026-11-23 00:00").enter("D2", "staff.stop", row(2, None))
    assert desk.refused(Submit, declaration="D2") == "filing.window-closed"


def test_s32_failures_are_looked_at_on_the_third_working_day_and_filed_again(
    office: Opened, system: System, row: Row
) -> None:
    region = system("s32")
    desk = office(region, "2026-11", "2026-11-03 10:00")
    assert region.businesses["wage.declare"].result_workdays == 3
    desk.send("D1", "wage.declare", *(row(number) for number in range(1, 6)))
    result = result_of(desk.one("D1"), {"2": "低于下限", "5": "证件有误"}, at=desk.now)
    desk.at("2026-11-06 10:00").desk.do("2026-11", result)
    found = correction(desk.one("D1"), [row(2, "8800"), row(5, "8800")], into="D2", at=desk.now)
    assert found.left == ()
    assert not desk.desk.do("2026-11", found.command).refused
    desk.confirm_sums("D2")
    desk.done(Submit, declaration="D2")
    assert desk.refused(CloseMonth, business="month.settle-changed") == "filing.pending"
    desk.done(RecordResult, declaration="D2", result="all")
    closed = desk.done(CloseMonth, business="month.settle-changed")
    assert "filing.failed-left" not in {fault.code for fault in closed.faults}


def test_s32_a_difference_is_of_pension_and_needs_its_proof_in_time(
    office: Opened, system: System, row: Row
) -> None:
    region = system("s32")
    desk = office(region, "2026-11", "2026-11-03 10:00")
    for id_, business, insurance in (
        ("D1", "backpay.gap", "unemployment"),
        ("D2", "backpay.gap", "injury"),
        ("D3", "backpay.difference", "medical"),
    ):
        desk.enter(id_, business, row(1, insurances={insurance}))
        assert desk.refused(Submit, declaration=id_) == "filing.insurances"
    desk.send("D4", "backpay.gap", row(1, insurances={"medical"}))
    desk.send("D5", "backpay.difference", row(2, insurances={"pension"}))
    proof = region.window("s32.difference-proof", "2026-11")
    assert (proof.opens.day, proof.last_day.day) == (5, 25)
    desk.at("2026-11-26 09:00").done(RecordResult, declaration="D5", result="none")
    assert desk.state("D5") == "returned"
