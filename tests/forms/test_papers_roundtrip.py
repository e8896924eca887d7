"""The round trip: what is filled in is what is read back, or somebody files something else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from socialins.forms.papers import Form
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

FORMS = dict(middle().forms)


def round_trip(form: Form, rows: list[dict[str, Any]], head: dict[str, Any]) -> None:
    filled = form.fill(rows, **head)
    assert not filled.errors
    assert len(filled.rows) == len(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder, "form.xlsx")
        filled.save(path)
        read = form.read(path)
    assert not read.errors
    assert list(read.rows) == list(filled.rows) == rows
    assert read.head == filled.head == head


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=40)
@given(data=st.data())
def test_whatever_a_form_can_hold_reads_back_equal(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    rows = data.draw(sis.form_rows(form=form))
    head = data.draw(sis.form_heads(form=form))
    round_trip(form, rows, head)


@settings(max_examples=20)
@given(
    data=st.data(),
    codes=st.lists(st.integers(10, 999).map(str), min_size=1, max_size=5, unique=True),
)
def test_a_form_with_a_units_own_heads_reads_back_equal(
    data: st.DataObject, codes: list[str]
) -> None:
    form = FORMS["wage.declare"].with_heads(wage=[f"{code}|某险{code}" for code in codes])
    rows = data.draw(sis.form_rows(form=form, min_size=1))
    filled = form.fill(rows, payer_number="1")
    with TemporaryDirectory() as folder:
        path = Path(folder, "form.xlsx")
        filled.save(path)
        read = FORMS["wage.declare"].read(path)
    assert read.form.heads == form.heads, "the heads are those of the file, not of the layout"
    assert list(read.rows) == rows
    again = read.form.fill(read.rows, payer_number="1")
    assert list(again.rows) == rows


def test_the_same_form_gives_the_same_bytes(tmp_path: Path) -> None:
    row = {"name": "张三", "id_number": "11010519491231002X", "wage": "5000", "reason": "11"}
    for copy in ("one.xlsx", "two.xlsx"):
        filled = FORMS["staff.add"].fill([row], pension=True, added_on=date(2026, 11, 1))
        filled.save(tmp_path / copy)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
