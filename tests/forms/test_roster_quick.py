"""Rows of a roster that are read quickly are those that are read slowly, warnings included."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings, strategies as st

from socialins.forms.entry import EntryReader
from socialins.forms.layout import own_layout
from socialins.forms.vocabulary import Vocabulary
from socialins.testing.middle import middle
from socialins.values import Month

DAY = datetime(1949, 12, 31)  # noqa: DTZ001 - a cell knows no zone
CELLS: dict[str, list[Any]] = {
    "name": ["张三", " 李四", "王\u200b五", "名" * 101, 5, True],
    "id_number": [
        "11010519491231002X",
        "11010519491231002x",
        "110105194912310020",
        "119999199003070017",
        "E12345678",
        1.1010519491231e17,
    ],
    "wage": [5000, 5000.5, "5000.50", "¥5,000", 0, -0.0, 5000.005, 1e9, True, Decimal("5000.10")],
    "id_type": ["居民身份证", "护照", "resident-id", "?"],
    "household": ["本地城镇", "外埠农村", "外星", 1, True, 1.0],
    "employment": ["全日制", "非全日制", "?"],
    "insurances": ["养老、工伤", "养老", "?", 0.0, -0.0],
    "injury_rate": [0.004, "0.4%", 0.4, "?"],
    "wage_origin": ["变更申报", "?"],
    "wage_since": ["2026-07", 202607, "?"],
    "birth_date": ["1949-12-31", DAY, "1990-03-07", "2026-12-01", 19491231],
    "sex": ["女", "男", "female", "?"],
}
NEEDED = ("name", "id_number", "wage")
good = {field: CELLS[field][0] for field in NEEDED}
rows = st.fixed_dictionaries(
    {field: st.just(CELLS[field][0]) | st.sampled_from(CELLS[field]) for field in NEEDED},
    optional={field: st.sampled_from(CELLS[field]) for field in CELLS if field not in NEEDED},
)


def reader() -> EntryReader:
    return EntryReader(own_layout("roster"), Month(2026, 11), Vocabulary.of(middle().cascade))


@settings(max_examples=400)
@given(listed=st.lists(rows, min_size=1, max_size=6))
def test_a_row_that_is_read_quickly_is_the_row_that_is_read_slowly(
    listed: list[dict[str, Any]],
) -> None:
    quick, slow = reader(), reader()
    for number, cells in enumerate([*listed, *listed], start=2):
        found = quick.read(cells, number)
        with patch.object(EntryReader, "_quickly", lambda *_given: None):
            assert found == slow.read(cells, number)


def test_a_good_row_is_read_quickly() -> None:
    """Else everything is right, and takes five times as long."""
    for extra in ({}, {"household": "外埠农村", "sex": "女", "birth_date": DAY}):
        assert reader()._quickly(good | extra, 2) is not None


def test_a_row_that_lacks_something_is_told() -> None:
    for field in NEEDED:
        cells = {key: value for key, value in good.items() if key != field}
        entry, faults = reader().read(cells, 2)
        assert entry is None
        assert [where for where, _ in faults] == [field]
