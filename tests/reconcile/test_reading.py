"""Reading exports: what a file doesn't say is asked for, never guessed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest

import socialins as si
from socialins.forms import FormError
from socialins.reconcile import Cause, Export, Subject
from socialins.testing.middle import middle

Write = Callable[..., Path]
PENSION_UNIT = {"insurance": "pension", "payer": "unit"}


def pension(client: SimpleNamespace, bill: si.Settlement) -> list[Any]:
    return [
        line
        for line in client.lines_of(bill)
        if (line.insurance, line.payer) == ("pension", si.Payer.UNIT)
    ]


@pytest.fixture
def bill(client: SimpleNamespace) -> si.Settlement:
    return client.bill_of(client.entry(1, "6000"), client.entry(2, "9000.5"))


def codes(found: Any) -> list[str]:
    return [fault.code for fault in found.faults]


@pytest.mark.parametrize("headings", ["SHANGHAI", "TIANJIN"])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_both_cities_columns_are_read_once_it_is_said_what_they_are_of(
    client: SimpleNamespace, bill: si.Settlement, export: Write, headings: str, suffix: str
) -> None:
    path = export(pension(client, bill), f"x{suffix}", getattr(client, headings))
    found = middle().reconcile(bill, path, **PENSION_UNIT)
    assert found.clean, found.to_text("en")
    assert found.equal == 2
    unsaid = middle().reconcile(bill, path)
    assert "reconcile.insurance-unknown" in codes(unsaid)
    assert not unsaid.clean
    assert not unsaid.findings


def test_the_payer_is_asked_for_where_two_pay_and_known_where_one_does(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    path = export(pension(client, bill), headings=client.SHANGHAI)
    found = middle().reconcile(bill, path, insurance="pension")
    assert "reconcile.payer-unknown" in codes(found)
    assert not found.findings
    injury = [line for line in client.lines_of(bill) if line.insurance == "injury"]
    path = export(injury, "injury.csv", headings=client.SHANGHAI)
    assert middle().reconcile(bill, path, insurance="injury").clean


def test_each_file_may_say_of_itself_what_it_is(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    exports = []
    for number, (insurance, payer) in enumerate(bill.totals):
        some = [
            line
            for line in client.lines_of(bill)
            if (line.insurance, line.payer) == (insurance, payer)
        ]
        path = export(some, f"{number}.csv", client.TIANJIN)
        exports.append(Export(path, insurance=insurance, payer=payer))
    found = middle().reconcile(bill, exports)
    assert found.clean
    assert found.total.ours == bill.total
    # Of half of them, half is compared, and nobody is missing from what was not given.
    assert middle().reconcile(bill, exports[:2]).clean


def test_what_is_left_out_is_told_unless_a_part_was_asked_for(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    path = export(pension(client, bill))
    found = middle().reconcile(bill, path)
    assert set(codes(found)) == {"reconcile.uncovered"}
    assert not found.clean
    assert middle().reconcile(bill, path, **PENSION_UNIT).clean


def test_sheet_names_and_titles_say_what_rows_are_of(
    client: SimpleNamespace, bill: si.Settlement, tmp_path: Path
) -> None:
    sheets = {}
    for insurance, payer in bill.totals:
        some = [
            line
            for line in client.lines_of(bill)
            if (line.insurance, line.payer) == (insurance, payer)
        ]
        payer_word = {"unit": "单位缴纳", "person": "个人缴纳"}[payer.value]
        rows = client.table_of(some, client.SHANGHAI)
        if insurance == "pension":
            rows = [[f"养老保险费（{payer_word}）明细"], *rows]
            sheets[f"表{len(sheets)}"] = rows
        else:
            sheets[f"{some[0].title}({payer_word})"] = rows
    path = client.write_book(tmp_path / "x.xlsx", sheets)
    found = middle().reconcile(bill, path)
    assert found.clean, found.to_text("en")


def test_a_label_that_names_the_unit_is_not_taken_for_the_payer(
    client: SimpleNamespace, bill: si.Settlement, tmp_path: Path
) -> None:
    rows = client.table_of(pension(client, bill), client.SHANGHAI)
    path = client.write(tmp_path / "x.csv", rows, above=["单位", "某公司"])
    found = middle().reconcile(bill, path, insurance="pension")
    assert "reconcile.payer-unknown" in codes(found)


def test_a_word_that_is_only_partly_known_is_asked_about_and_can_be_explained(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    lines = [
        attrs.evolve(line, title="公务员养老补助", item="养老") for line in pension(client, bill)
    ]
    path = export(lines)
    found = middle().reconcile(bill, path, **PENSION_UNIT)
    (fault,) = [one for one in found.faults if one.code == "reconcile.word-unknown"]
    assert fault.values["count"] == "2"
    assert not found.findings
    explained = middle().reconcile(
        bill, path, words={"公务员养老补助费": "pension:unit"}, **PENSION_UNIT
    )
    assert explained.clean


def test_a_file_of_something_else_than_was_said_is_a_contradiction(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    path = export(pension(client, bill))
    found = middle().reconcile(bill, path, insurance="medical", payer="unit")
    assert "reconcile.contradiction" in codes(found)
    assert not found.findings


def test_an_ambiguous_title_is_a_fault(
    client: SimpleNamespace, bill: si.Settlement, tmp_path: Path
) -> None:
    rows = client.table_of(pension(client, bill), client.SHANGHAI)
    path = client.write_book(tmp_path / "x.xlsx", {"养老工伤明细": rows})
    found = middle().reconcile(bill, path, payer="unit")
    assert "reconcile.insurance-ambiguous" in codes(found)


def test_amounts_as_text_with_thousands_and_as_binary_numbers_are_the_same_fen(
    client: SimpleNamespace, tmp_path: Path
) -> None:
    bill = client.bill_of(client.entry(1, "12345.67"), client.entry(2, "8000.29"))
    rows = client.table_of(pension(client, bill), client.SHANGHAI)
    for at in (4, 5, 7, 9):
        rows[1][at] = f"￥{float(rows[1][at]):,.2f}元"
        rows[2][at] = float(rows[2][at])
    rows[2][6] = float(rows[2][6])
    path = client.write_book(tmp_path / "x.xlsx", {"x": rows})
    assert middle().reconcile(bill, path, **PENSION_UNIT).clean


@pytest.mark.parametrize(("written", "unit"), [("16", "percent"), ("0.16", "fraction")])
def test_a_rate_without_a_percent_sign_is_told_by_base_and_amount(
    client: SimpleNamespace, bill: si.Settlement, tmp_path: Path, written: str, unit: str
) -> None:
    rows = client.table_of(pension(client, bill), client.TIANJIN)
    for row in rows[1:]:
        row[6] = written
    path = client.write(tmp_path / "x.csv", rows)
    assert middle().reconcile(bill, path, **PENSION_UNIT).clean
    for row in rows[1:]:
        row[5] = ""
    path = client.write(tmp_path / "y.csv", rows)
    found = middle().reconcile(bill, path, **PENSION_UNIT)
    assert codes(found) == ["reconcile.rate-unit"]
    assert not found.findings, "a rate that can't be told is not compared"
    assert middle().reconcile(bill, path, rate_unit=unit, **PENSION_UNIT).clean
    other = {"percent": "fraction", "fraction": "percent"}[unit]
    if written == "0.16":
        found = middle().reconcile(bill, path, rate_unit=other, **PENSION_UNIT)
        assert {one.fields for one in found.differing} == {("rate",)}


def test_a_row_of_totals_is_checked(
    client: SimpleNamespace, bill: si.Settlement, tmp_path: Path
) -> None:
    rows = client.table_of(pension(client, bill), client.SHANGHAI, total=True)
    rows[-1][7] = "1.00"
    found = middle().reconcile(bill, client.write(tmp_path / "x.csv", rows), **PENSION_UNIT)
    (fault,) = found.faults
    assert (fault.code, fault.place.row) == ("reconcile.total", 4)
    assert not found.findings


def test_a_person_twice_for_the_same_is_set_aside_and_not_added_up(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    lines = pension(client, bill)
    path = export([*lines, lines[0]])
    found = middle().reconcile(bill, path, **PENSION_UNIT)
    assert codes(found) == ["reconcile.twice", "reconcile.twice"]
    assert not found.findings
    assert found.aside.ours == lines[0].due
    assert found.aside.theirs == lines[0].due + lines[0].due
    assert found.total.ours == lines[1].due


def test_rows_of_other_months_are_added_up_and_told_as_back_payment(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    lines = [attrs.evolve(line, period="2026-11") for line in pension(client, bill)]
    late = attrs.evolve(lines[0], period="202609", due=si.Money(777))
    headings = [*client.SAYING, "费款所属期"]
    found = middle().reconcile(bill, export([*lines, late], headings=headings), **PENSION_UNIT)
    (one,) = found.findings
    assert (one.cause, one.difference, one.fields) == (
        Cause.BACK_PAYMENT, si.Money(777), ("amount",),
    )  # fmt: skip
    assert "2026-09" in one.why.get("en")
    assert not found.faults


def test_masked_numbers_are_matched_by_name_where_that_tells_who_it_is(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    lines = [
        attrs.evolve(line, number=f"{line.number[:3]}***********{line.number[-4:]}")
        for line in pension(client, bill)
    ]
    assert middle().reconcile(bill, export(lines), **PENSION_UNIT).clean
    short = [attrs.evolve(line, number=f"{line.number[:3]}**{line.number[-4:]}") for line in lines]
    assert middle().reconcile(bill, export(short), **PENSION_UNIT).clean
    other = [attrs.evolve(lines[0], number=lines[0].number[:-1] + "*"), lines[1]]
    assert middle().reconcile(bill, export(other), **PENSION_UNIT).clean
    wrong = [attrs.evolve(lines[0], number="999" + lines[0].number[3:]), lines[1]]
    found = middle().reconcile(bill, export(wrong), **PENSION_UNIT)
    assert {one.cause for one in found} == {Cause.NUMBER_DIFFERS}
    nameless = [attrs.evolve(line, number="") for line in lines]
    assert middle().reconcile(bill, export(nameless), **PENSION_UNIT).clean


def test_two_of_a_name_are_told_apart_by_person_number_or_not_at_all(
    client: SimpleNamespace, export: Write
) -> None:
    entries = [client.entry(1, "6000"), client.entry(2, "9000"), client.entry(3, "7000")]
    entries[1] = attrs.evolve(entries[1], person=attrs.evolve(entries[1].person, name="某1"))
    bill = client.bill_of(*entries)
    full = [
        attrs.evolve(line, staff=f"S{index}") for index, line in enumerate(pension(client, bill))
    ]
    lines = [attrs.evolve(line, number="*" * 14 + line.number[-4:]) for line in full]
    lines = [attrs.evolve(line, number="1" + "*" * 17) for line in lines]
    path = export(lines)
    found = middle().reconcile(bill, path, **PENSION_UNIT)
    assert codes(found) == ["reconcile.person-ambiguous"] * 2
    assert not found.findings, "whoever of the two it is, neither is missing"
    assert found.equal == 1
    assert found.aside.ours == found.aside.theirs == full[0].due + full[1].due
    numbers = {line.staff: line.number for line in full}
    assert middle().reconcile(bill, path, person_numbers=numbers, **PENSION_UNIT).clean
    # Another file that has the numbers in full tells it as well.
    injury = [
        attrs.evolve(line, staff=f"S{index}")
        for index, line in enumerate(
            one for one in client.lines_of(bill) if one.insurance == "injury"
        )
    ]
    both = [Export(path, **PENSION_UNIT), Export(export(injury, "i.csv"), insurance="injury")]
    assert middle().reconcile(bill, both).clean


def test_amounts_of_the_account_as_a_whole_are_pointed_out_and_not_missed(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    whole = attrs.evolve(bill.contributions[0], person=None, amount=si.Money(33))
    more = attrs.evolve(bill, contributions=(*bill.contributions, whole))
    found = middle().reconcile(more, export(pension(client, bill)), **PENSION_UNIT)
    assert codes(found) == ["reconcile.whole-account"]
    assert "0.33" in found.faults[0].message("en")
    assert found.clean


def test_strangers_without_numbers_are_as_many_persons_as_they_have_names(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    lines = pension(client, bill)
    strangers = [
        attrs.evolve(lines[0], name="甲", number=""),
        attrs.evolve(lines[0], name="乙", number=""),
        attrs.evolve(lines[0], name="丙", number="110***********0000", staff="S1"),
        attrs.evolve(lines[0], name="丙", number="110***********0000", staff="S2"),
    ]
    found = middle().reconcile(bill, export([*lines, *strangers]), **PENSION_UNIT)
    assert not found.faults
    assert [one.who.name for one in found.extra] == ["甲", "乙", "丙", "丙"]
    assert len(found.persons("extra")) == 4


def test_a_row_that_can_not_be_read_sets_its_person_aside(
    client: SimpleNamespace, bill: si.Settlement, tmp_path: Path
) -> None:
    rows = client.table_of(pension(client, bill), client.SHANGHAI)
    rows[1][7] = "many"
    found = middle().reconcile(bill, client.write(tmp_path / "x.csv", rows), **PENSION_UNIT)
    (fault,) = found.faults
    assert (fault.code, fault.place.row, fault.place.column) == (
        "form.amount.unreadable", 2, "应缴费额",
    )  # fmt: skip
    assert not found.findings
    assert found.equal == 1


def test_a_thousand_persons_may_be_a_file_cut_off(client: SimpleNamespace, export: Write) -> None:
    bill = client.bill_of(*(client.entry(index) for index in range(1, 1001)))
    found = middle().reconcile(bill, export(pension(client, bill)), **PENSION_UNIT)
    assert codes(found) == ["reconcile.cut"]
    assert found.clean, "a warning keeps nothing out"


def test_names_that_differ_are_told_though_the_number_is_the_same(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    lines = pension(client, bill)
    lines[0] = attrs.evolve(lines[0], name="某一")
    found = middle().reconcile(bill, export(lines), **PENSION_UNIT)
    assert codes(found) == ["reconcile.name-differs"]
    assert found.clean


def test_a_file_that_is_no_export_is_refused_in_its_own_words(tmp_path: Path, bill: Any) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FormError) as caught:
        middle().reconcile(bill, path)
    assert caught.value.fault.code == "reconcile.header"
    path.write_text("姓名,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FormError) as caught:
        middle().reconcile(bill, path)
    assert caught.value.fault.code == "reconcile.column"
    with pytest.raises(FormError) as caught:
        middle().reconcile(bill, [path, tmp_path / "none.csv"])
    assert len(caught.value.all) == 2


def test_a_hostile_workbook_is_refused(tmp_path: Path, bill: Any) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 50_000_000)
    with pytest.raises(FormError):
        middle().reconcile(bill, path)


def test_more_rows_than_allowed_are_refused(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    with pytest.raises(FormError) as caught:
        middle().reconcile(bill, export(pension(client, bill)), max_rows=1, **PENSION_UNIT)
    assert caught.value.fault.code == "form.file.rows"


def test_arguments_that_mean_nothing_are_refused(bill: si.Settlement, export: Write) -> None:
    path = export([])
    for wrong in ({"insurance": "a b"}, {"payer": "boss"}, {"rate_unit": "permille"}):
        with pytest.raises(ValueError, match=r"a b|boss|permille"):
            middle().reconcile(bill, path, **wrong)
    with pytest.raises(ValueError, match="no export"):
        middle().reconcile(bill, [])
    with pytest.raises(ValueError, match="did not make"):
        middle("middle-province").reconcile(bill, path)
    assert Subject.parse("medical/large-aid:person").payer is si.Payer.PERSON


def test_items_are_compared_apart_where_the_export_tells_them(
    client: SimpleNamespace, bill: si.Settlement, export: Write
) -> None:
    lines = client.lines_of(bill, items=True)
    at = next(i for i, line in enumerate(lines) if line.item == "大额医疗互助")
    wrong = attrs.evolve(lines[at], due=lines[at].due + si.Money.yuan(5))
    found = middle().reconcile(bill, export([*lines[:at], wrong, *lines[at + 1 :]]))
    (one,) = found.findings
    assert (one.insurance, one.item, one.difference) == ("medical", "large-aid", si.Money(500))
    assert found.title_of(one).zh == "医疗保险 大额医疗互助"
