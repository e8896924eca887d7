"""Old workbooks (.xls): the same values as in new ones, and never on trust."""

from __future__ import annotations

import contextlib
import struct
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.forms import FormError
from socialins.forms.opening import open_book
from socialins.forms.sheets import Limits
from socialins.testing.middle import middle

DETAIL = Path(__file__).parent / "data" / "detail.xls"
"""Two persons' pension, as a spreadsheet program saved it."""


@pytest.fixture
def bill(client: SimpleNamespace) -> si.Settlement:
    return client.bill_of(client.entry(1, "6000"), client.entry(2, "9000.5"))


def refused(path: Path, bill: si.Settlement) -> str:
    with pytest.raises(FormError) as caught:
        middle().reconcile(bill, path, insurance="pension", payer="unit")
    return caught.value.fault.code


def test_an_old_workbook_reads_like_a_new_one(bill: si.Settlement) -> None:
    found = middle().reconcile(bill, DETAIL, insurance="pension", payer="unit")
    assert found.clean, found.to_text("en")
    assert found.equal == 2


def test_a_cell_far_out_costs_no_more_than_any_other(bill: si.Settlement, tmp_path: Path) -> None:
    raw = bytearray(DETAIL.read_bytes())
    at = raw.rindex(struct.pack("<HHHH", 0x00FD, 10, 2, 1))
    raw[at + 4 : at + 8] = struct.pack("<HH", 65535, 255)
    path = tmp_path / "far.xls"
    path.write_bytes(raw)
    assert refused(path, bill) == "form.file.columns"


def test_the_old_format_gives_the_values_of_the_new_one() -> None:
    """Numbers, hundredths, percentages, dates, long texts, as a program saved them both ways."""
    old = open_book(DETAIL.with_name("values.xls"), Limits())
    new = open_book(DETAIL.with_name("values.xlsx"), Limits())
    for one, other in zip(old.sheets, new.sheets, strict=True):
        assert (one.name, one.visible) == (other.name, other.visible)
        mine, yours = ([dict(row.cells) for row in each.rows()] for each in (one, other))
        assert mine == yours
        kinds = [[type(value) for value in cells.values()] for cells in mine]
        assert kinds == [[type(value) for value in cells.values()] for cells in yours]
    for book in (old, new):
        book.close()


@given(data=st.data())
def test_a_damaged_one_is_a_fault_and_no_traceback(
    client: SimpleNamespace, data: st.DataObject
) -> None:
    bill = client.bill_of(client.entry(1, "6000"), client.entry(2, "9000.5"))
    raw = bytearray(DETAIL.read_bytes())
    for at in data.draw(st.lists(st.integers(8, len(raw) - 1), min_size=1, max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    end = data.draw(st.sampled_from([len(raw), 3 * 512, 600, 80]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "broken.xls")
        path.write_bytes(raw[:end])
        with contextlib.suppress(FormError):
            middle().reconcile(bill, path, insurance="pension", payer="unit")
