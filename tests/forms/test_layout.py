"""Layouts are data: what their words promise, the readers hold."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from socialins.faults import Text, core_catalogue
from socialins.forms.cells import KINDS
from socialins.forms.layout import Column, Layout, own_layout
from socialins.forms.plaintext import excerpt, fold, is_blank, trim


@pytest.mark.parametrize("name", ["roster", "unit"])
def test_a_layout_names_only_kinds_and_faults_that_there_are(name: str) -> None:
    catalogue = core_catalogue()
    for column in own_layout(name).columns:
        assert column.kind in KINDS
        assert column.needed is (column.missing is not None)
        if column.missing is not None:
            catalogue.entry(column.missing)


def test_a_heading_that_would_name_two_columns_is_an_error_of_the_layout() -> None:
    one = Column(field="a", title=Text("甲", "a"), kind="text")
    other = Column(field="b", title=Text("乙", "b"), kind="text", aliases=["＊甲"])
    layout = Layout(id="x", sheet=Text("x", "x"), columns=(one, other))
    with pytest.raises(ValueError, match="heads two columns"):
        layout.column_for("甲")


@given(st.text())
def test_writing_makes_no_difference_to_a_heading(text: str) -> None:
    assert fold(f" ＊{text.upper()}：\u200b") == fold(text.upper())
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_trimming_leaves_nothing_to_trim_and_nothing_out(text: str) -> None:
    trimmed = trim(text)
    assert trim(trimmed) == trimmed
    assert trimmed in text
    assert is_blank(text) is (trimmed == "")


@given(st.text() | st.integers() | st.floats() | st.dates())
def test_what_is_shown_fits_on_a_line(value: object) -> None:
    shown = excerpt(value)
    assert len(shown) <= 40
    assert shown.isprintable()
