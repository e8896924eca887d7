"""Rosters from bureaus' forms: a file that a unit has anyway needs no second roster typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import openpyxl
import pytest
from hypothesis import given, settings

import socialins as si
from socialins.forms import write_roster
from socialins.forms.errors import FormError
from socialins.model import Household
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

MONTH = "2026-11"
NUMBER = "11010519491231002X"
GIVEN = {"added_on": date(2026, 11, 1), "reason": "11"}
UNIT = si.UnitAccount(
    si.Unit("中州某公司", si.CreditCode("91990100MA0000001G")), number="0001234567"
)


@pytest.fixture
def people(number: Callable[[int], str]) -> Callable[..., list[dict[str, Any]]]:
    def make(count: int, **rest: Any) -> list[dict[str, Any]]:
        return [
            {"name": f"人{index}", "id_number": number(index), "wage": f"{5000 + index}", **rest}
            for index in range(1, count + 1)
        ]

    return make


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: tuple[Any, ...]) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        path = tmp_path / "made.xlsx"
        book.save(path)
        return path

    return write


def test_a_form_is_recognised_by_its_headings_and_read_as_a_roster(
    people: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "add.xlsx"
    rows = people(4, pension=True)
    rows[1]["medical"] = True
    middle().forms["staff.add"].fill(rows, UNIT, **GIVEN).save(path)
    roster = middle().read_roster(path, MONTH, injury_rate="0.2%")
    assert not roster.faults
    assert [entry.person.name for entry in roster] == ["人1", "人2", "人3", "人4"]
    assert roster.entries[0].wage.amount == si.Money.yuan(5001)
    assert roster.entries[0].insurances == {"pension"}
    assert roster.entries[1].insurances == {"pension", "medical"}
    assert [entry.row for entry in roster] == [5, 6, 7, 14], "rows as the spreadsheet counts them"
    account = roster.account
    assert account is not None
    assert (account.unit.name, account.number) == ("中州某公司", "0001234567")
    assert account.injury_in(si.Month.of(MONTH)) is not None
    bill = middle().settle(roster)
    assert bill.persons == 4


def test_a_wrong_row_of_a_form_stands_in_the_rosters_faults(
    people: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "add.xlsx"
    middle().forms["staff.add"].fill(people(3, pension=True), **GIVEN).save(path)
    book = openpyxl.load_workbook(path)
    book.active["I6"].value = "五千"
    book.active["B7"].value, book.active["D7"].value = (
        book.active["B5"].value,
        book.active["D5"].value,
    )
    book.save(path)
    roster = middle().read_roster(path, MONTH)
    assert not len(roster), "the third row is the first one's person, and neither is settled"
    faults = [(fault.code, fault.place.row, fault.place.column) for fault in roster.faults]
    assert faults == [
        ("roster.duplicate", 5, "*证件号码"),
        ("form.amount.unreadable", 6, "*月工资收入（元）"),
        ("roster.duplicate", 7, "*证件号码"),
    ]
    assert {fault.place.file for fault in roster.faults} == {str(path)}


def test_a_form_that_declares_different_wages_for_a_person_is_asked_about(
    people: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "wage.xlsx"
    rows = people(2)
    rows[0] |= {"wage_10": "5001", "wage_20": "6001"}
    middle().forms["wage.declare"].fill(rows, payer_number="1").save(path)
    roster = middle().read_roster(path, MONTH)
    (fault,) = roster.faults
    assert (fault.code, fault.place.row, fault.place.field) == ("roster.wage.differs", 4, "wage")
    assert [entry.wage.amount for entry in roster] == [si.Money.yuan(5002)]


def test_a_permits_holder_is_no_local_urban_by_default(tmp_path: Path) -> None:
    row = {"name": "李四", "id_number": "830000199001010012", "wage": "5000", "medical": True}
    path = tmp_path / "add.xlsx"
    middle().forms["staff.add"].fill([row], **GIVEN).save(path)
    (entry,) = middle().read_roster(path, MONTH)
    assert entry.household is Household.HK_MACAO_TAIWAN


@settings(max_examples=25)
@given(roster=sis.rosters(month=MONTH, region=middle(), min_size=1, max_size=5))
def test_what_a_roster_fills_in_comes_back_as_the_same_people_and_wages(
    roster: si.Roster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    form = middle().forms["staff.add"]
    filled = form.fill(roster, **GIVEN)
    path = tmp_path_factory.mktemp("forms") / "add.xlsx"
    filled.save(path)
    read = form.to_roster(form.read(path), MONTH)
    kept = {row["id_number"] for row in filled.rows}
    expected = [entry for entry in roster if entry.person.document in kept]
    assert [(one.person, one.wage.amount) for one in read] == [
        (one.person, one.wage.amount) for one in expected
    ]
    left_out = {fault.code for fault in filled.errors}
    # Nobody is left out but for having no insurance that the form has, or a wage of zero.
    assert left_out <= {"form.group.missing", "roster.wage.not-positive"}
    assert len(expected) + len({fault.place.row for fault in filled.errors}) == len(roster)


# The own layout, and files that are neither.


def test_the_own_layout_comes_first(people: Callable[..., Any], tmp_path: Path) -> None:
    row = people(1)[0]
    person = si.InsuredPerson(row["name"], si.IdDocument("resident-id", row["id_number"]))
    roster = si.Roster(MONTH, [si.RosterEntry(person, si.DeclaredWage(si.Money.yuan("1.00")))])
    path = tmp_path / "roster.xlsx"
    write_roster(roster, path)
    assert [attrs.evolve(one, row=None) for one in middle().read_roster(path, MONTH)] == list(
        roster
    )


def refusal(path: Path) -> FormError:
    with pytest.raises(FormError) as caught:
        middle().read_roster(path, MONTH)
    return caught.value


def test_a_file_in_no_layout_keeps_the_own_layouts_fault(sheet: Callable[..., Path]) -> None:
    error = refusal(sheet(("姓名", "工号"), ("张三", 7)))
    assert [fault.code for fault in error.all] == ["roster.column.missing"]
    error = refusal(sheet(("甲", "乙"), (1, 2)))
    assert [fault.code for fault in error.all] == ["roster.header.missing"]


def test_a_form_with_a_heading_missing_is_named_as_near(sheet: Callable[..., Path]) -> None:
    path = sheet(
        ("*姓名", "*证件号码", "*参加险种", None, "*增加原因", "*增加日期"),
        (None, None, "养老", "医疗", None, None),
        ("张三", NUMBER, "√", None, "11", "2026-11-01"),
    )
    error = refusal(path)
    assert [fault.code for fault in error.all] == ["roster.column.missing", "form.layout.near"]
    assert "staff.add" in error.all[1].message("zh")
    assert error.all[1].place.file == str(path)


def test_a_file_that_fits_two_forms_is_not_guessed_at(
    monkeypatch: pytest.MonkeyPatch, people: Callable[..., Any], tmp_path: Path
) -> None:
    forms = middle().forms
    form = forms["staff.add"]
    twin = attrs.evolve(form, layout=attrs.evolve(form.layout, id="staff.twin"))
    found = attrs.evolve(forms, forms={**forms, "staff.twin": twin})
    monkeypatch.setattr("socialins.facade.papers._forms", lambda *_: found)
    path = tmp_path / "add.xlsx"
    form.fill(people(1, pension=True), **GIVEN).save(path)
    error = refusal(path)
    assert [fault.code for fault in error.all][1:] == ["form.layout.ambiguous"]
    assert "staff.add" in error.all[1].message("en")
    assert "staff.twin" in error.all[1].message("en")


def test_a_form_without_people_is_told_as_an_empty_roster(tmp_path: Path) -> None:
    path = tmp_path / "empty.xlsx"
    middle().forms["staff.add"].fill([]).save(path)
    assert refusal(path).fault.code == "roster.empty"


def test_a_form_that_lacks_what_a_roster_needs_can_not_become_one(tmp_path: Path) -> None:
    form = middle().forms["staff.add"]
    columns = tuple(one for one in form.layout.columns if one.field != "wage")
    stop = attrs.evolve(form, layout=attrs.evolve(form.layout, columns=columns))
    path = tmp_path / "stop.xlsx"
    stop.fill([{"name": "张三", "id_number": NUMBER, "pension": True}], **GIVEN).save(path)
    read = stop.read(path)
    assert len(read.rows) == 1
    assert not stop.can_be_roster
    with pytest.raises(FormError) as caught:
        stop.to_roster(read, MONTH)
    assert caught.value.fault.code == "form.no-roster"


def test_the_limit_of_rows_holds_for_forms_too(people: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "add.xlsx"
    middle().forms["staff.add"].fill(people(4, pension=True), **GIVEN).save(path)
    with pytest.raises(FormError) as caught:
        middle().read_roster(path, MONTH, max_rows=3)
    assert caught.value.fault.code == "form.file.rows"
