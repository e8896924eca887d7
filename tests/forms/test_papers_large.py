"""Large forms: the quick ways give what the slow ones do, or a large unit files other wages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from xml.etree.ElementTree import canonicalize
from zipfile import ZipFile

import pytest
from hypothesis import given, settings, strategies as st
from openpyxl import Workbook

from socialins.faults import Fault
from socialins.forms.errors import FormError
from socialins.forms.papers import FilledForm, Form, load_form
from socialins.forms.papers.quickrows import QuickRows
from socialins.forms.papers.readform import ReadForm
from socialins.forms.papers.writing import write_form
from socialins.identity import DocumentType, IdDocument, Sex
from socialins.testing import strategies as sis
from socialins.testing.middle import middle
from socialins.values import Money, Month

LAYOUT = """
division = "990100"
id = "wage.large"
business = "wage.declare"
title = { zh = "大表", en = "large form" }
mark = "C"
sheet = "大表"
header_row = 2

[sources.ours]
title = "made up"
seen = "for these tests"

[[head]]
row = 1
to_column = 3
text = "单位：{unit.name}"

[[columns]]
field = "number"
header = "序号"
type = "sequence"

[[columns]]
field = "name"
header = "姓名"
type = "name"
required = true
length = 20

[[columns]]
field = "id_type"
header = "证件类型"
type = "code"
codes = { "201" = ["居民身份证"], "208" = ["外国护照"] }
further_codes = "\\\\d{3}"
default = "201"

[[columns]]
field = "id_number"
header = "证件号码"
type = "id-number"
required = true

[[columns]]
field = "sex"
header = "性别"
type = "sex"

[[columns]]
field = "birth_date"
header = "出生日期"
type = "date"

[[columns]]
field = "wage"
header = "工资"
type = "wage"
required = true

[[columns]]
field = "bonus"
header = "奖金"
type = "money"

[[columns]]
field = "since"
header = "起始年月"
type = "month"

[[columns]]
field = "pension"
header = "养老"
type = "tick"
required = "group"
group = "险种"

[[columns]]
field = "medical"
header = "医疗"
type = "tick"
required = "group"
group = "险种"

[[columns]]
field = "note"
header = "备注"
type = "text"
length = 12

[[foot]]
row = 1
to_column = 3
text = "制表人：{clerk}"

[blanks.clerk]
title = { zh = "制表人", en = "clerk" }
"""

# What cells hold: what is right, what is odd, and what is wrong.
CELLS: dict[str, list[Any]] = {
    "name": ["张三", "李 四", " 王五 ", "名" * 11, "赵\u200b六", None, 5, "合计", "\u3000"],
    "id_type": [None, "201", "居民身份证", 201, 201.0, "208", "999", "身份", "201|居民身份证"],
    "id_number": [
        "11010519491231002X",
        "11010519491231002x",
        "110105194912310020",
        "110105199003070012",
        "11010519900307002X",
        "119999199003070017",
        "110105491231002",
        1.1010519491231e17,
        "E12345678",
        "83000019900101001X",
        None,
        "合计",
    ],
    "sex": [None, "男", "女", "女 ", "male", "不"],
    "birth_date": [None, "1949-12-31", "1990年3月7日", datetime(1990, 3, 7), 19491231, "1990"],  # noqa: DTZ001
    "wage": [
        5000,
        5000.0,
        "5000.50",
        712.43,
        "５０００",
        0,
        0.0,
        -1,
        5000.005,
        "1.2万",
        None,
        True,
        1e21,
        "1e3",
        0.29,
        999999999.99,
        1e9,
        " 5000",
        "¥5,000",
    ],
    "bonus": [None, 0, 0.0, -0.0, "0", 100, "-3", "x", 1.1, Decimal("1.10")],
    "since": [None, "2026-07", 202607, "2026年7月", datetime(2026, 7, 1), 2026.1],  # noqa: DTZ001
    "pension": [None, "√", True, 1, 1.0, "否", "?", 0],
    "medical": [None, "√", "×", False],
    "note": [None, "好", "=1+1", "长" * 5, 1, 1.0, -0.0, 0.0, True, "\n", "a\tb", 1e16, "x" * 13],
}
HEADERS = {
    "name": "姓名",
    "id_type": "证件类型",
    "id_number": "证件号码",
    "sex": "性别",
    "birth_date": "出生日期",
    "wage": "工资",
    "bonus": "奖金",
    "since": "起始年月",
    "pension": "养老",
    "medical": "医疗",
    "note": "备注",
}
rows_of_cells = st.lists(
    st.fixed_dictionaries({field: st.sampled_from(values) for field, values in CELLS.items()}),
    max_size=12,
)


def one_of(good: Any, values: list[Any]) -> st.SearchStrategy[Any]:
    """Mostly what is good, so that a row has a chance to be so altogether."""
    return st.one_of(st.just(good), st.just(good), st.just(good), st.sampled_from(values))


GOOD = {
    "name": "张三",
    "id_number": "11010519491231002X",
    "wage": 5000,
    "pension": "√",
    "sex": "女",
    "birth_date": "1949-12-31",
}
mixed_rows = st.lists(
    st.fixed_dictionaries(
        {field: one_of(GOOD.get(field), values) for field, values in CELLS.items()}
    ),
    max_size=12,
)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    path = tmp_path_factory.mktemp("layout") / "large.toml"
    path.write_text(LAYOUT, "utf-8")
    return load_form(path, middle().cascade)


@contextmanager
def slowly() -> Iterator[None]:
    """No row is a quick one."""
    with patch.object(QuickRows, "make", lambda _self, _values: None):
        yield


def told(fault: Fault) -> tuple[Any, ...]:
    return fault.code, dict(fault.values), fault.place, fault.severity


def content(read: ReadForm | FilledForm) -> Any:
    """All that a reader gives, with the types of the values."""
    rows = [[(field, type(value), value) for field, value in row.items()] for row in read.rows]
    faults = [told(fault) for fault in read.faults]
    if isinstance(read, FilledForm):
        return rows, faults, read.head
    failed = [(one.number, dict(one.cells), list(map(told, one.faults))) for one in read.failed]
    return rows, read.numbers, faults, failed, read.head, read.sums


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["单位：某公司", *[None] * 7, "险种", "险种"])
    sheet.append(list(HEADERS.values()))
    for row in rows:
        sheet.append([row[field] for field in HEADERS])
    sheet.append(["合计", None, None, None, None, 5000])
    sheet.append(["制表人：王五"])
    book.save(path)


@settings(max_examples=150, deadline=None)
@given(rows=rows_of_cells | mixed_rows)
def test_a_row_that_is_read_quickly_is_the_row_that_is_read_slowly(
    form: Form, rows: list[dict[str, Any]]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "form.xlsx")
        write(path, rows)
        quick = form.read(path)
        with slowly():
            assert content(quick) == content(form.read(path))


TYPED: dict[str, list[Any]] = {
    "id_number": [
        IdDocument("resident-id", "11010519491231002X"),
        IdDocument("passport", "E12345678"),
    ],
    "id_type": [DocumentType.PASSPORT, DocumentType.RESIDENT_ID],
    "sex": [Sex.MALE, Sex.FEMALE],
    "birth_date": [date(1949, 12, 31), date(1990, 3, 7)],
    "wage": [Money.yuan("5000.50"), Money(0), Money(-1), 5.0, Decimal(5000), Decimal("1.005")],
    "bonus": [Money(0), Money(5), 2.0],
    "since": [Month(2026, 7), Month(1990, 1)],
    "note": ["", Money(5), Decimal("1.0"), Decimal("1.00"), date(2026, 1, 1)],
    "pension": [True, False],
}


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                field: one_of(GOOD.get(field), [*values, *TYPED.get(field, [])])
                for field, values in CELLS.items()
            }
            | {"nobody": st.just(1)},
        ),
        max_size=8,
    ),
    shared=st.fixed_dictionaries(
        {}, optional={"pension": st.booleans(), "note": st.just("某"), "bonus": st.just(Money(7))}
    ),
)
def test_a_row_that_is_filled_in_quickly_is_the_row_that_is_filled_in_slowly(
    form: Form, rows: list[dict[str, Any]], shared: dict[str, Any]
) -> None:
    quick = form.fill(rows, **shared)
    with slowly():
        assert content(quick) == content(form.fill(rows, **shared))


def test_quick_rows_are_taken_at_all(form: Form, tmp_path: Path) -> None:
    """Else everything is right, and takes ten times as long."""
    people = [GOOD | {"note": f"第{number}号", "wage": number + 0.5} for number in range(1, 200)]
    write(tmp_path / "form.xlsx", [dict.fromkeys(CELLS) | one for one in people])

    def never(*_given: object) -> Any:
        raise AssertionError("made slowly")

    with patch("socialins.forms.papers.rows.RowMaker.make", never):
        assert len(form.read(tmp_path / "form.xlsx").rows) == 199
        texts = [one | {"wage": str(one["wage"])} for one in people]
        assert len(form.fill(texts).rows) == 199


def test_headings_that_are_no_persons_stay_out(form: Form, tmp_path: Path) -> None:
    """Rows with a good number and little else, beside repeated headings and signatures."""
    rows = [dict.fromkeys(CELLS) | GOOD, dict(HEADERS), dict.fromkeys(CELLS) | GOOD]
    write(tmp_path / "form.xlsx", rows)
    read = form.read(tmp_path / "form.xlsx")
    assert [len(read.rows), len(read.failed)] == [2, 0]
    assert [fault.code for fault in read.faults] == ["form.row.repeated", "form.total.differs"]
    assert read.head == {"unit.name": "某公司", "clerk": "王五"}


def parts(path: Path) -> dict[str, str]:
    """The parts of a workbook, in the one way in which each can be written."""
    with ZipFile(path) as archive:
        return {name: canonicalize(archive.read(name).decode()) for name in archive.namelist()}


@pytest.mark.parametrize("name", ["wage.declare", "large"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_form_written_as_a_stream_is_the_workbook_that_openpyxl_writes(
    form: Form, name: str, data: st.DataObject
) -> None:
    chosen = form if name == "large" else middle().forms[name]
    rows = data.draw(sis.form_rows(form=chosen))
    filled = chosen.fill(rows, **data.draw(sis.form_heads(form=chosen)))
    with TemporaryDirectory() as folder:
        quick, slow, stream = (Path(folder, f"{one}.xlsx") for one in ("quick", "slow", "stream"))
        filled.save(quick)
        write_form(filled, slow)
        assert parts(quick) == parts(slow)
        with chosen.writer(stream, **filled.head) as out:
            for row in rows:
                out.write([row])
        assert stream.read_bytes() == quick.read_bytes()
        assert list(chosen.read(quick).rows) == list(filled.rows)


def test_amounts_and_texts_that_spreadsheets_change_are_written_as_they_are(
    form: Form, tmp_path: Path
) -> None:
    amounts = [Money(1), Money.yuan("712.43"), Money(10**15 - 1), Money(10**15), Money(10**17)]
    rows = [GOOD | {"bonus": None, "note": "=1", "wage": Money(1)} for _ in amounts]
    filled = form.fill(rows)
    made = [dict(row, bonus=amount) for row, amount in zip(filled.rows, amounts, strict=True)]
    odd = FilledForm(form, tuple(made), (), {"clerk": "A&B <1>"})
    odd.save(tmp_path / "quick.xlsx")
    write_form(odd, tmp_path / "slow.xlsx")
    assert parts(tmp_path / "quick.xlsx") == parts(tmp_path / "slow.xlsx")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@settings(max_examples=20, deadline=None)
@given(rows=mixed_rows)
def test_pieces_are_the_whole(form: Form, size: int, rows: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "form.xlsx")
        write(path, rows)
        whole, pieces = form.read(path), list(form.read_batches(path, size=size))
    assert [row for piece in pieces for row in piece.rows] == list(whole.rows)
    assert [number for piece in pieces for number in piece.numbers] == list(whole.numbers)
    assert [told(one) for piece in pieces for one in piece.faults] == list(map(told, whole.faults))
    assert [one.number for piece in pieces for one in piece.failed] == [
        one.number for one in whole.failed
    ]
    assert pieces[-1].head == whole.head
    assert all(len(piece.rows) + len(piece.failed) == size for piece in pieces[:-1])


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_other_formats_come_in_pieces_too(suffix: str, form: Form, tmp_path: Path) -> None:
    path = tmp_path / f"form{suffix}"
    if suffix == ".csv":
        line = "张三,201,11010519491231002X,5000,√\n"
        heads = "姓名,证件类型,证件号码,工资,养老\n"
        path.write_text(f",,,,险种\n{heads}{line * 5}", "utf-8")
    else:
        line = '{"name":"张三","id_number":"11010519491231002X","wage":"5000","pension":true}\n'
        path.write_text(line * 5, "utf-8")
    assert [len(piece.rows) for piece in form.read_batches(path, size=2)] == [2, 2, 1]


def test_totals_are_compared_over_all_pieces(form: Form, tmp_path: Path) -> None:
    people = [dict.fromkeys(CELLS) | GOOD | {"wage": 1000} for _ in range(5)]
    write(tmp_path / "form.xlsx", people)
    faults = [one for piece in form.read_batches(tmp_path / "form.xlsx", size=2)
              for one in piece.faults]  # fmt: skip
    assert "form.total.differs" not in {fault.code for fault in faults}
    assert [fault.code for fault in faults] == ["form.row.repeated"] * 4


def test_a_file_with_more_rows_than_may_be_is_refused_in_pieces_too(
    form: Form, tmp_path: Path
) -> None:
    bad = dict.fromkeys(CELLS) | GOOD | {"wage": "x"}
    write(tmp_path / "form.xlsx", [bad if at % 2 else dict.fromkeys(CELLS) | GOOD
                                   for at in range(6)])  # fmt: skip
    for size in (1, 2, 5, 6, 7):
        assert sum(1 for _ in form.read_batches(tmp_path / "form.xlsx", size=size, max_rows=6))
        with pytest.raises(FormError) as error:
            list(form.read_batches(tmp_path / "form.xlsx", size=size, max_rows=5))
        assert error.value.fault.code == "form.file.rows"
        assert error.value.fault.place.row == 8
    with pytest.raises(FormError):
        form.read(tmp_path / "form.xlsx", max_rows=5)
    with pytest.raises(ValueError, match="at least 1"):
        form.read_batches(tmp_path / "form.xlsx", size=0)


def test_a_stream_that_breaks_leaves_no_file(form: Form, tmp_path: Path) -> None:
    def breaking() -> Iterator[dict[str, Any]]:
        yield GOOD
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), form.writer(tmp_path / "form.xlsx") as out:
        out.write(breaking())
    assert list(tmp_path.iterdir()) == []


def test_a_stream_tells_which_row_is_wrong_of_all_that_were_passed(
    form: Form, tmp_path: Path
) -> None:
    with form.writer(tmp_path / "form.xlsx", clerk="王五") as out:
        assert out.write([GOOD, GOOD]) == ()
        (fault,) = out.write([GOOD | {"wage": 0}, GOOD])
        assert (fault.place.row, fault.place.field, out.count) == (3, "wage", 3)
    read = form.read(tmp_path / "form.xlsx")
    assert len(read.rows) == 3
    assert read.head["clerk"] == "王五"


def test_what_can_not_be_streamed_is_refused_before_a_row_is_lost(
    form: Form, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="pages"):
        middle().forms["staff.add"].writer(tmp_path / "form.xlsx")
    with pytest.raises(FormError):
        form.writer(tmp_path / "form.csv")
    with pytest.raises(FormError):
        form.writer(tmp_path / "form.xlsx", nobody=1)
