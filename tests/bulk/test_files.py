"""Files larger than memory, and several processes: nothing lost, nothing half written."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the extra bulk is not installed")

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

import socialins as si
from socialins.bulk import sources
from socialins.bulk.table import settle_table
from socialins.bulk.terms import TableError
from socialins.bulk.units import UnitTotals
from socialins.testing.middle import middle

MONTH = "2026-11"
ROWS = 5_000


def people(rows: int = ROWS, **more: Any) -> pa.Table:
    return pa.table(
        {
            "unit_id": [f"U{row % 7}" for row in range(rows)],
            "wage_fen": pa.array([row * 997 % 3_000_000 for row in range(rows)], pa.int64()),
            "household": [("urban-local", None, "foreign")[row % 3] for row in range(rows)],
            "injury_rate": [("0.2%", "1.9%")[row % 2] for row in range(rows)],
            **more,
        }
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.parquet"
    pq.write_table(people(), path, row_group_size=700)
    return path


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_file_is_settled_to_a_file_with_every_row_in_its_order(
    file: Path, tmp_path: Path
) -> None:
    expected = middle().settle_table(people(), MONTH)
    into = tmp_path / "settled.parquet"
    counted: list[int] = []
    made = middle().settle_table(file, MONTH, into=into, batch_rows=600, progress=counted.append)
    assert made == into
    assert pq.read_table(into).equals(expected)
    assert counted[-1] == ROWS
    assert counted == sorted(counted)
    assert names_in(tmp_path) == {"people.parquet", "settled.parquet"}
    streamed = middle().settle_table(str(file), MONTH)
    assert isinstance(streamed, pa.RecordBatchReader)
    assert streamed.read_all().equals(expected)


def test_a_folder_is_read_and_a_folder_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "FILE_ROWS", 1_000)
    folder, into = tmp_path / "people", tmp_path / "settled"
    ds.write_dataset(
        people(), folder, format="parquet", max_rows_per_file=1_500, max_rows_per_group=1_500
    )
    middle().settle_table(folder, MONTH, into=into, batch_rows=500)
    assert len(names_in(into)) == 5
    assert ds.dataset(into).to_table().equals(middle().settle_table(people(), MONTH))
    with pytest.raises(TableError, match="is no empty folder"):
        middle().settle_table(folder, MONTH, into=into)


def test_columns_that_are_names_of_folders_are_columns(tmp_path: Path) -> None:
    folder = tmp_path / "people"
    by_unit = ds.partitioning(pa.schema([("unit_id", pa.string())]), flavor="hive")
    ds.write_dataset(people(), folder, format="parquet", partitioning=by_unit)
    for processes in (1, 2):
        settled = middle().settle_table(folder, MONTH, processes=processes).read_all()
        columns = ["unit_id", "pension_base_fen", "injury_unit_fen"]
        order = [(name, "ascending") for name in columns]
        expected = middle().settle_table(people(), MONTH).select(columns).sort_by(order)
        assert settled.select(columns).sort_by(order).equals(expected)


@pytest.mark.parametrize("name", ["settled.parquet", "settled"])
def test_what_stops_half_way_leaves_nothing_behind(name: str, tmp_path: Path, file: Path) -> None:
    old = tmp_path / "settled.parquet"
    old.write_bytes(b"of last month")

    def batches() -> Any:
        yield from people(100).to_batches()
        raise OSError("the cable was pulled")

    stream = pa.RecordBatchReader.from_batches(people(1).schema, batches())
    with pytest.raises(OSError, match="the cable was pulled"):
        middle().settle_table(stream, MONTH, into=tmp_path / name)
    assert names_in(tmp_path) == {"people.parquet", "settled.parquet"}
    assert old.read_bytes() == b"of last month"


def test_what_is_not_known_is_said_before_anything_is_written(file: Path, tmp_path: Path) -> None:
    counted: list[int] = []
    with pytest.raises(si.RuleUnknown):
        middle().settle_table(file, "2025-11", into=tmp_path / "x.parquet", progress=counted.append)
    assert counted == []
    assert names_in(tmp_path) == {"people.parquet"}


def test_a_result_never_overwrites_its_source(file: Path) -> None:
    before = file.read_bytes()
    for path in (file, file.parent / "x" / ".." / "people.parquet"):
        with pytest.raises(TableError, match="can't be written over its source"):
            middle().settle_table(file, MONTH, into=path)
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"wage\n5\n"])
def test_what_is_no_parquet_is_said_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    for source in (path, tmp_path / "nothing.parquet"):
        with pytest.raises(TableError, match=source.name):
            middle().settle_table(source, MONTH)


def test_memory_is_bounded_by_the_batches_and_not_by_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROW_GROUP", 4_096)

    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.parquet"
        with pq.ParquetWriter(path, people(1).schema) as writer:
            for _ in range(rows // 10_000):
                writer.write_table(people(10_000))
        before = pa.total_allocated_bytes()
        highest = 0

        def watch(_done: int) -> None:
            nonlocal highest
            highest = max(highest, pa.total_allocated_bytes() - before)

        tracemalloc.start()
        middle().settle_table(
            path, MONTH, into=tmp_path / "o.parquet", batch_rows=4_096, progress=watch
        )
        _, traced = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest + traced

    monthly = 19 * 8
    few, many = peak(100_000), peak(400_000)
    assert many < 1.5 * few + 1_000_000
    assert many < 400_000 * monthly, "the whole result was in memory"


@pytest.mark.parametrize("into", ["settled.parquet", "settled", None])
def test_several_processes_make_the_same_table_in_the_same_order(
    file: Path, tmp_path: Path, into: str | None
) -> None:
    expected, one = middle().settle_table(people(), MONTH), UnitTotals()
    middle().settle_table(people(), MONTH, units=one)
    units, counted = UnitTotals(), []  # type: ignore[var-annotated]
    made = middle().settle_table(
        file,
        MONTH,
        into=None if into is None else tmp_path / into,
        processes=2,
        units=units,
        progress=counted.append,
    )
    found = made.read_all() if into is None else ds.dataset(made).to_table()
    assert found.equals(expected)
    assert units.table().equals(one.table())
    assert counted[-1] == ROWS


def test_a_table_in_memory_can_be_settled_by_several_processes() -> None:
    settled = middle().settle_table(people(), MONTH, processes=2, batch_rows=1_024)
    assert settled.equals(middle().settle_table(people(), MONTH))


def test_an_error_of_a_worker_is_the_caller_s(file: Path) -> None:
    with pytest.raises(si.RuleUnknown) as stopped:
        middle().settle_table(file, "2025-11", processes=2).read_all()
    assert stopped.value.insurance == "medical"


def test_an_overlay_goes_along_to_the_workers(file: Path) -> None:
    overlay = {
        "sources": {"own": {"title": "单位测算", "seen": "made up for tests"}},
        "rates": [
            {
                "insurance": "pension",
                "payer": "unit",
                "values": [{"from": "2010-01", "rate": "1%", "sources": ["own"], "mark": "C"}],
            }
        ],
    }
    settled = middle().settle_table(file, MONTH, overlay=overlay, processes=2).read_all()
    assert settled.equals(middle().settle_table(people(), MONTH, overlay=overlay))
    assert not settled.equals(middle().settle_table(people(), MONTH))


def test_what_can_t_be_sent_to_a_process_is_said(file: Path) -> None:
    from socialins.settlement.adjust import Adjust

    unsendable: Any = (lambda: None,)
    adjust = Adjust("990100", unsendable)
    reader = settle_table(middle().cascade, file, MONTH, adjust=adjust, processes=2)
    with pytest.raises(TableError, match="several processes can't be used"):
        reader.read_all()
