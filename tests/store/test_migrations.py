"""A journal of any earlier release opens, with all it had; one of a later release is left alone.

`fixtures/journal-N.db` was written by schema version N and `fixtures/journal-N.jsonl` is its export
of that time. Neither is ever made anew; a new version adds its own with `python make_fixture.py`.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from socialins.store import SqliteStore, StoreError, export_lines, sqlite_schema
from socialins.store.sql import SqlStore

FIXTURES = Path(__file__).parent / "fixtures"
KEPT = sorted(FIXTURES.glob("journal-*.db"))
Fill = Callable[[SqlStore], SqlStore]


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return found


def test_every_version_is_kept() -> None:
    wanted = [f"journal-{number}.db" for number in range(1, len(sqlite_schema.STEPS) + 1)]
    assert [path.name for path in KEPT] == wanted
    assert [version_of(path) for path in KEPT] == list(range(1, len(wanted) + 1))


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_a_journal_of_an_earlier_release_opens_with_all_it_had(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    shutil.copyfile(kept, path)
    with SqliteStore(path) as store:
        assert "".join(export_lines(store)) == kept.with_suffix(".jsonl").read_text("utf-8")
        assert store.check().errors == ()
        snapshot = store.latest_snapshot("filing/a")
        assert snapshot is not None
        assert snapshot.payload == {"sum": "3.00"}
        version = store.version("filing/a")
        event = next(store.read("filing/a")).record
        assert store.append("filing/a", [event], version) == version + 1
        assert store.check().errors == ()
    assert version_of(path) == len(sqlite_schema.STEPS)


# The machinery itself, by a step that was never released.


STEP = ("ALTER TABLE snapshots ADD COLUMN kept_at TEXT", "CREATE INDEX of_type ON events (type)")


def with_step(monkeypatch: pytest.MonkeyPatch, *steps: tuple[str, ...]) -> None:
    made = (*sqlite_schema.STEPS, *steps)
    monkeypatch.setattr("socialins.store.sqlite_schema.STEPS", made)
    monkeypatch.setattr("socialins.store.sqlite.STEPS", made)


def test_a_step_is_made_once_and_changes_no_event(
    tmp_path: Path, filled: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        exported = list(export_lines(filled(store)))
    with_step(monkeypatch, STEP)
    for _ in range(2):
        with SqliteStore(path) as store:
            assert list(export_lines(store)) == exported
            assert store.verify() == ()
    assert version_of(path) == len(sqlite_schema.STEPS)


def test_a_step_that_fails_leaves_the_journal_as_it_was(
    tmp_path: Path, filled: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        exported = list(export_lines(filled(store)))
    before = version_of(path)
    with monkeypatch.context() as patch:
        with_step(patch, STEP, ("CREATE TABLE half (a)", "ALTER TABLE nowhere ADD COLUMN a"))
        with pytest.raises(StoreError):
            SqliteStore(path)
    assert version_of(path) == before
    with SqliteStore(path) as store:
        assert list(export_lines(store)) == exported
        assert store.verify() == ()


def test_reading_only_brings_nothing_to_a_later_version(
    tmp_path: Path, filled: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        filled(store)
    with_step(monkeypatch, STEP)
    with pytest.raises(StoreError) as caught:
        SqliteStore(path, read_only=True)
    assert caught.value.fault.code == "store.older-schema"


def test_a_journal_of_a_later_release_is_left_alone(
    tmp_path: Path, filled: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    with monkeypatch.context() as patch:
        with_step(patch, STEP)
        with SqliteStore(path) as store:
            filled(store)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        SqliteStore(path)
    assert caught.value.fault.code == "store.newer-schema"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "change",
    [
        "DROP TRIGGER events_UPDATE",
        "DROP TRIGGER events_DELETE",
        "CREATE TRIGGER sly AFTER INSERT ON events BEGIN DELETE FROM snapshots; END",
        "ALTER TABLE snapshots ADD COLUMN more TEXT",
    ],
)
def test_tables_altered_past_the_library_are_told(
    tmp_path: Path, filled: Fill, change: str
) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        filled(store)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(change)
    connection.close()
    with SqliteStore(path) as store:
        assert [fault.code for fault in store.verify()] == ["store.schema-altered"]


def test_a_users_own_table_beside_ours_is_nobodys_business(tmp_path: Path, filled: Fill) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        filled(store)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with SqliteStore(path) as store:
        assert store.verify() == ()
