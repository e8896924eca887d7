"""An export outlives the database: it comes back equal, and not one character of it can change."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from socialins.store import (
    Damaged,
    SqliteStore,
    StoreError,
    export_lines,
    import_lines,
    read_lines,
    verify_lines,
)
from socialins.store.sql import SqlStore

Fill = Callable[[SqlStore], SqlStore]


@pytest.fixture
def lines(journal: SqliteStore, filled: Fill) -> list[str]:
    """An export of nine events."""
    return list(export_lines(filled(journal)))


def codes(lines: list[str]) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.place.row) for fault in verify_lines(lines).faults]


def test_an_export_comes_back_equal(new_place: Any, filled: Fill) -> None:
    with new_place().open() as store, new_place().open() as other:
        exported = list(export_lines(filled(store)))
        assert import_lines(other, exported) == 9
        assert list(export_lines(other)) == exported
        assert other.head() == store.head()
        assert other.verify() == ()
        assert list(other.read_all()) == list(store.read_all())
        assert other.append("filing/a", [next(store.read("filing/a")).record], 5) == 6


def test_an_export_goes_from_one_kind_of_database_to_the_other(
    place: Any, journal: SqliteStore, filled: Fill
) -> None:
    exported = list(export_lines(filled(journal)))
    with place.open() as other:
        import_lines(other, exported)
        assert list(export_lines(other)) == exported


def test_an_empty_journal_has_an_export_too(journal: SqliteStore, tmp_path: Path) -> None:
    exported = list(export_lines(journal))
    assert len(exported) == 2
    assert verify_lines(exported).faults == ()
    with SqliteStore(tmp_path / "other.db") as other:
        assert import_lines(other, exported) == 0


def test_a_line_is_json_that_anybody_can_read(lines: list[str]) -> None:
    event = json.loads(lines[3])
    assert event["payload"] == {"number": 3}
    assert (event["sequence"], event["stream"], event["version"]) == (3, "filing/b", 1)


def test_nothing_is_imported_over_what_is_there(place: Any, filled: Fill, lines: list[str]) -> None:
    with place.open() as store:
        head = filled(store).head()
        with pytest.raises(StoreError) as caught:
            import_lines(store, lines)
        assert caught.value.fault.code == "store.not-empty"
        assert store.head() == head


@pytest.mark.parametrize("cut", [-1, -2, 4])
def test_an_export_that_is_not_whole_leaves_nothing_behind(
    place: Any, lines: list[str], cut: int
) -> None:
    del lines[cut]
    with place.open() as store:
        with pytest.raises(Damaged):
            import_lines(store, lines)
        assert store.head().sequence == 0
        assert list(store.streams()) == []
        assert store.append("a", [], 0) == 0


def test_a_removed_line_is_named(lines: list[str]) -> None:
    del lines[4]
    assert ("store.missing", 5) in codes(lines)
    assert verify_lines(lines).faults[-1].words("en")["events"] == "4"


def test_lines_that_changed_places_are_named(lines: list[str]) -> None:
    lines[4], lines[5] = lines[5], lines[4]
    assert ("store.misplaced", 6) in codes(lines)
    assert "store.missing" not in {code for code, _ in codes(lines)}


def test_a_line_that_stands_twice_is_named(lines: list[str]) -> None:
    lines.insert(4, lines[3])
    assert codes(lines) == [("store.misplaced", 5)]


def test_an_export_cut_off_is_told(lines: list[str]) -> None:
    assert codes(lines[:-1]) == [("store.no-last-line", 11)]
    assert [code for code, _ in codes([*lines[:-3], lines[-1]])] == ["store.truncated"]
    assert codes([]) == [("store.no-last-line", 1)]


def test_what_follows_the_last_line_is_told(lines: list[str]) -> None:
    assert codes([*lines, "\n"]) == [("store.line", 12)]
    assert codes([*lines, lines[-1]]) == [("store.line", 12)]


def test_an_edited_amount_is_named_even_if_the_line_is_well_formed(lines: list[str]) -> None:
    lines[3] = lines[3].replace('{"number":3}', '{"number":4}')
    assert codes(lines) == [("store.altered", 4)]


def test_a_file_with_other_ends_of_line_is_not_the_export(lines: list[str], tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    path.write_bytes("".join(lines).encode())
    assert verify_lines(read_lines(path)).faults == ()
    path.write_bytes("".join(lines).replace("\n", "\r\n").encode())
    assert verify_lines(read_lines(path)).errors


def test_bytes_that_are_no_text_are_not_taken_for_text_that_stands_for_them(
    journal: SqliteStore, records: Any, tmp_path: Path
) -> None:
    journal.append("a", records(1, 1, note="\ufffd"), 0)
    data = "".join(export_lines(journal)).encode()
    path = tmp_path / "export.jsonl"
    path.write_bytes(data.replace("\ufffd".encode(), b"\xff"))
    assert [fault.code for fault in verify_lines(read_lines(path)).errors] == ["store.line"]


@settings(max_examples=400, database=None)
@given(seed=st.integers(0, 2**32))
def test_any_single_change_is_found(exported: bytes, tmp_file: Path, seed: int) -> None:
    draw = random.Random(seed)
    data = bytearray(exported)
    place = draw.randrange(len(data))
    match draw.randrange(6):
        case 0:
            data[place] ^= 1 << draw.randrange(8)
        case 1:
            del data[place]
        case 2:
            data.insert(place, draw.choice(b' \n\r{}0"a\x00\xff'))
        case 3:
            del data[place:]
        case 4:
            lines = exported.splitlines(keepends=True)
            del lines[draw.randrange(len(lines))]
            data = bytearray(b"".join(lines))
        case _:
            lines = exported.splitlines(keepends=True)
            one, other = draw.sample(range(len(lines)), 2)
            lines[one], lines[other] = lines[other], lines[one]
            data = bytearray(b"".join(lines))
    tmp_file.write_bytes(data)
    found = verify_lines(read_lines(tmp_file)).errors
    if data == exported:  # an insertion of what stood there
        assert not found
    else:
        assert found


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An export with Chinese text, escapes and numbers of many kinds."""
    from datetime import UTC, datetime

    from socialins.store import Record

    at = datetime(2026, 11, 3, 9, tzinfo=UTC)
    payloads: list[dict[str, Any]] = [
        {"wage": "5000.00", "name": "王一"},
        {"a": [1, 1.5, None, True], "b": "\n\u2028\\"},
        {},
        {"a": {"b": -0.0, "c": 10**20}},
    ]
    with SqliteStore(tmp_path_factory.mktemp("export") / "journal.db") as store:
        for number, payload in enumerate(payloads):
            version = store.version(f"s{number % 2}")
            store.append(f"s{number % 2}", [Record("Filed", payload, at)], version)
        return "".join(export_lines(store)).encode()


@pytest.fixture(scope="module")
def tmp_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to write into again and again."""
    return tmp_path_factory.mktemp("changed") / "export.jsonl"
