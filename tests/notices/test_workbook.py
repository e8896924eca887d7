"""The workbook says what the PDF says, as numbers, and nothing in it runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

import socialins as si
from socialins.forms import FormError
from socialins.notices import Notice, NoticeKind, payment_notice
from socialins.notices.document import shown
from socialins.testing.middle import middle
from socialins.values import Money

Bill = Callable[..., si.Settlement]
NASTY = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1+2", "#N/A")


def cells(path: Path) -> list[Any]:
    book = load_workbook(path)
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_value_of_a_sheet_is_in_its_workbook(
    source: Callable[..., Any], tmp_path: Path, kind: NoticeKind, lang: str
) -> None:
    of, more = source(kind, 5)
    notice = middle().notices(of, kind, lang, day=date(2026, 11, 20), **more)
    path = notice.save(tmp_path / "sheet.xlsx")
    found = [cell.value for cell in cells(path)]
    numbers = [Decimal(str(value)) for value in found if isinstance(value, int | float)]
    texts = [value for value in found if isinstance(value, str)]
    for section in notice.document.sections:
        for label, value in (*section.fields, *section.lines):
            assert label in texts or not label
            money = value.to_decimal() if isinstance(value, Money) else value
            assert shown(value) in texts or money in numbers
        for table in section.tables:
            for row in (*table.rows, table.sums()):
                for value in row:
                    if isinstance(value, Money):
                        numbers.remove(value.to_decimal())
                    elif isinstance(value, int):
                        numbers.remove(Decimal(value))
                    elif value is not None and value != "":
                        assert shown(value) in texts
    assert all(note in texts for note in notice.document.notes)
    assert any(notice.document.parts().__next__().digest in text for text in texts)


def test_printed_twice_it_is_the_same_file(bill: Bill, tmp_path: Path) -> None:
    one = Notice(payment_notice(bill(3))).save(tmp_path / "one.xlsx")
    two = Notice(payment_notice(bill(3))).save(tmp_path / "two.xlsx")
    assert one.read_bytes() == two.read_bytes()


def test_a_name_that_looks_like_a_formula_stays_a_name(bill: Bill, tmp_path: Path) -> None:
    path = Notice(payment_notice(bill(len(NASTY), "2026-11", NASTY))).save(tmp_path / "n.xlsx")
    found = cells(path)
    for name in NASTY:
        (cell,) = [cell for cell in found if cell.value == name.strip()]
        assert cell.data_type == "s"
        assert cell.quotePrefix == (name.strip()[0] in "=+-@")
    assert not [cell for cell in found if cell.data_type == "f"]


def test_in_a_pdf_it_is_text_too_and_no_action(bill: Bill) -> None:
    names = ("(a) Tj /JavaScript", "</script>", "\\) Tj ET", "<<>>")
    made = Notice(payment_notice(bill(len(names), "2026-11", names))).to_pdf()
    for forbidden in (b"/JavaScript", b"/JS", b"/OpenAction <<", b"/Launch", b"/AA", b"/URI"):
        assert forbidden not in made


def test_another_ending_is_refused_before_anything_is_made(bill: Bill, tmp_path: Path) -> None:
    with pytest.raises(FormError) as caught:
        Notice(payment_notice(bill(1))).save(tmp_path / "notice.docx")
    assert caught.value.fault.code == "form.file.suffix"
    assert not list(tmp_path.iterdir())
