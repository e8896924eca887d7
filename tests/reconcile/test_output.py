"""What comes back: as text, rows, JSON and a workbook that marks what differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from openpyxl import load_workbook

import socialins as si
from socialins.forms import FormError
from socialins.reconcile import Cause, Reconciliation
from socialins.testing.middle import middle

Write = Callable[..., Path]


@pytest.fixture
def found(client: SimpleNamespace, export: Write) -> Reconciliation:
    """A missing person, an extra one with a name like a formula, and two that differ."""
    bill = client.bill_of(*(client.entry(index, "8000") for index in (1, 2, 3)))
    lines = [line for line in client.lines_of(bill) if line.name != "某3"]
    lines[0] = attrs.evolve(lines[0], base=si.Money.yuan(9000), due=si.Money.yuan(1440))
    lines[1] = attrs.evolve(lines[1], due=lines[1].due + si.Money(1))
    lines.append(attrs.evolve(lines[0], name="=1+1", number=client.number(88)))
    return middle().reconcile(bill, export(lines))


def test_text_hides_the_middle_of_numbers_and_tells_the_likely_cause(
    client: SimpleNamespace, found: Reconciliation
) -> None:
    for lang in ("zh", "en"):
        text = found.to_text(lang)
        assert Cause.BASE_CHANGED.title(lang) in text
        assert Cause.ROUNDING.title(lang) in text
        for sequence in (1, 2, 3, 88):
            assert client.number(sequence) not in text
        assert client.number(3) in found.to_text(lang, masked=False)
    assert "more" in found.to_text("en", most=1)
    assert len(found.to_text("en", most=0)) < len(found.to_text("en"))
    assert client.number(3) not in repr(found) + repr(found.missing) + repr(found.extra)
    assert client.number(1) not in repr(found.differing[0].who)


def test_json_has_every_finding_with_both_sides(
    client: SimpleNamespace, found: Reconciliation
) -> None:
    plain = found.to_plain("en")
    assert json.loads(json.dumps(plain)) == plain
    assert set(plain) == {
        "region", "month", "files", "clean", "equal", "ours", "theirs", "difference",
        "aside", "totals", "missing", "extra", "differing", "faults",
    }  # fmt: skip
    one = plain["differing"][0]
    assert (one["ours"]["base"], one["theirs"]["base"]) == ("8000.00", "9000.00")
    assert (one["ours"]["rate"], one["difference"], one["cause"]) == (
        "0.16", "160.00", "base-changed",
    )  # fmt: skip
    assert {each["id_number"] for each in plain["missing"]} == {client.number(3)}
    assert plain["extra"][0]["ours"] is None
    assert set(plain["missing"][0]) == set(one)
    assert found.to_plain("zh")["differing"][0]["likely"][0]["title"] == "基数不同"


def test_the_table_has_a_row_for_each_finding_with_the_same_keys(found: Reconciliation) -> None:
    rows = found.table()
    assert len(rows) == len(found) == len(list(found))
    assert len({tuple(row) for row in rows}) == 1
    first = next(row for row in rows if row["finding"] == "differing")
    assert (first["base_ours"], first["base_theirs"], first["fields"]) == (
        "8000.00", "9000.00", "base amount",
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_marks_the_cells_that_differ_and_says_why(
    found: Reconciliation, tmp_path: Path, client: SimpleNamespace, lang: str
) -> None:
    path = tmp_path / "out.xlsx"
    found.save(path, lang)
    book = load_workbook(path)
    assert len(book.sheetnames) == 4
    sheets = {"zh": "不一致", "en": "differing"}
    sheet = book[sheets[lang]]
    rows = list(sheet.iter_rows(min_row=2))
    assert len(rows) == len(found.differing) == 2
    marked = [[cell for cell in row if cell.fill.fgColor.rgb == "00FFE0B2"] for row in rows]
    # Both sides of each field that differs: base and amount; amount.
    assert [len(cells) for cells in marked] == [4, 2]
    assert [cell.value for cell in marked[0]] == [8000, 9000, 1280, 1440]
    comments = [cell.comment.text for row in rows for cell in row if cell.comment]
    assert len(comments) == 3
    assert "8000.00" in comments[0]
    assert "9000.00" in comments[0]
    assert Cause.BASE_CHANGED.title(lang) in comments[0]
    assert rows[0][1].value == client.number(1)
    missing = book[{"zh": "明细缺少", "en": "missing"}[lang]]
    assert missing.max_row == 1 + len(found.missing)
    totals = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    assert float(str(found.total.theirs)) in totals


def test_a_name_like_a_formula_stays_text(found: Reconciliation, tmp_path: Path) -> None:
    found.save(tmp_path / "out.xlsx")
    cell = load_workbook(tmp_path / "out.xlsx")["明细多出"]["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_the_same_findings_give_the_same_bytes(found: Reconciliation, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        found.save(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with pytest.raises(FormError):
        found.save(tmp_path / "c.csv")


def test_a_clean_one_and_one_with_faults_are_written_too(
    client: SimpleNamespace, export: Write, tmp_path: Path
) -> None:
    bill = client.bill_of(client.entry(1))
    lines = client.lines_of(bill)
    clean = middle().reconcile(bill, export(lines))
    assert clean
    clean.save(tmp_path / "clean.xlsx")
    assert clean.table() == []
    faulty = middle().reconcile(bill, export([*lines, lines[0]]))
    faulty.save(tmp_path / "faulty.xlsx", "en")
    texts = [
        str(cell.value)
        for row in load_workbook(tmp_path / "faulty.xlsx").worksheets[0].iter_rows()
        for cell in row
    ]
    assert any("several rows" in text for text in texts)
    assert "not compared" in texts
    for lang in ("zh", "en"):
        assert "[reconcile.twice]" in faulty.to_text(lang)


def test_comments_end_where_a_workbook_would_choke(
    client: SimpleNamespace, export: Write, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr("socialins.reconcile.workbook.MOST_COMMENTS", 1)
    bill = client.bill_of(client.entry(1), client.entry(2))
    lines = [
        attrs.evolve(line, due=line.due + si.Money(1)) if line.due.fen else line
        for line in client.lines_of(bill)
    ]
    middle().reconcile(bill, export(lines)).save(tmp_path / "x.xlsx")
    sheet = load_workbook(tmp_path / "x.xlsx")["不一致"]
    assert sum(cell.comment is not None for row in sheet.iter_rows() for cell in row) == 1
