"""A journal in a file meets full disks, locked files and bad sectors: it says so, and keeps all."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from socialins.store import Busy, Damaged, Record, SqliteStore, StoreError, export_lines
from socialins.store.sql import SqlStore

Fill = Callable[[SqlStore], SqlStore]
Records = Callable[..., list[Record]]
NOBODY = 65534


def code_of(caught: Any) -> str:
    return str(caught.value.fault.code)


def fill_up(store: SqliteStore, records: Records) -> int:
    """Append until it fails; how many events were acknowledged."""
    version = 0
    while True:
        try:
            version = store.append("a", records(version + 1, version + 7, fill="x" * 500), version)
        except StoreError:
            return version


# The disk.


def test_a_full_disk_is_told_and_loses_nothing_acknowledged(
    tmp_path: Path, records: Records
) -> None:
    with SqliteStore(tmp_path / "journal.db") as store:
        store._connection.execute("PRAGMA max_page_count = 60")
        acknowledged = fill_up(store, records)
        assert acknowledged > 7
        with pytest.raises(StoreError) as caught:
            store.append("a", records(1, 7, fill="x" * 500), acknowledged)
        assert code_of(caught) == "store.full"
        assert store.version("a") == acknowledged
        assert store.verify() == ()
        # With room again, it goes on where it was.
        store._connection.execute("PRAGMA max_page_count = 1000")
        assert store.append("a", records(9999, 9999), acknowledged) == acknowledged + 1
    with SqliteStore(tmp_path / "journal.db") as again:
        assert sum(1 for _ in again.read("a")) == acknowledged + 1
        assert again.verify() == ()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 1 MiB, where this user may mount one."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root on Linux")
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
    )
    if done.returncode:
        folder.rmdir()
        pytest.skip(f"no small disk can be mounted here: {done.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def test_a_real_disk_that_runs_full_is_told_and_loses_nothing_acknowledged(
    small_disk: Path, records: Records, tmp_path: Path
) -> None:
    path = small_disk / "journal.db"
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 300_000)
    with SqliteStore(path) as store:
        acknowledged = fill_up(store, records)
        assert acknowledged > 7
        with pytest.raises(StoreError) as caught:
            store.append("a", records(1, 7, fill="x" * 500), acknowledged)
        assert code_of(caught) in {"store.full", "store.failed"}
        assert sum(1 for _ in store.read("a")) == acknowledged
        ballast.unlink()
        assert store.append("a", records(9999, 9999), acknowledged) == acknowledged + 1
    with SqliteStore(path) as again:
        assert again.version("a") == acknowledged + 1
        assert again.verify() == ()


def test_a_limit_on_the_size_of_files_loses_nothing_acknowledged(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="limits are a matter of Unix")
    script = """
import resource, signal, sys
from datetime import UTC, datetime
from socialins.store import Record, SqliteStore, StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SqliteStore(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
version = 0
try:
    while True:
        event = Record("Filed", {"fill": "x" * 500}, datetime.now(UTC))
        version = store.append("a", [event] * 5, version)
        print(version, flush=True)
except StoreError as error:
    print(error.fault.code)
"""
    path = tmp_path / "journal.db"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
    )
    *acknowledged, code = done.stdout.split()
    assert code in {"store.failed", "store.full"}
    with SqliteStore(path) as store:
        assert store.version("a") >= int(acknowledged[-1])
        assert store.verify() == ()
        version = store.version("a")
        assert store.append("a", [next(store.read("a")).record], version) == version + 1


# Rights.


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everything, so for a moment we are somebody else."""
    if os.name != "posix":
        pytest.skip("rights of this kind are a matter of Unix")
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may read."""
    folder = Path(tempfile.mkdtemp(prefix="journal"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_file_that_may_only_be_read_is_read_and_verified_and_not_written(
    open_folder: Path, filled: Fill, records: Records
) -> None:
    path = open_folder / "journal.db"
    with SqliteStore(path) as store:
        head = filled(store).head()
    path.chmod(0o444)
    open_folder.chmod(0o555)
    with as_nobody():
        with SqliteStore(path, read_only=True) as store:
            assert sum(1 for _ in store.read_all()) == 9
            assert store.verify() == ()
        with pytest.raises(StoreError) as caught, SqliteStore(path) as store:
            store.append("filing/a", records(10, 10), 5)
        assert code_of(caught) in {"store.read-only", "store.failed"}
        with pytest.raises(StoreError) as caught:
            SqliteStore(open_folder / "other.db")
        assert code_of(caught) == "store.failed"
    open_folder.chmod(0o755)
    path.chmod(0o644)
    with SqliteStore(path) as store:
        assert store.head() == head
        assert store.append("filing/a", records(10, 10), 5) == 6


def test_what_was_opened_for_reading_is_not_written(
    tmp_path: Path, filled: Fill, records: Records
) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        filled(store)
    with SqliteStore(path, read_only=True) as store, pytest.raises(StoreError) as caught:
        store.append("filing/a", records(10, 10), 5)
    assert code_of(caught) == "store.read-only"


# What is no journal.


def test_a_file_that_is_none_is_told_when_it_is_only_to_be_read(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        SqliteStore(tmp_path / "journal.db", read_only=True)
    assert code_of(caught) == "store.no-file"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_not_taken_for_a_new_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.touch()
    with pytest.raises(Damaged) as caught:
        SqliteStore(path)
    assert code_of(caught) == "store.empty-file"
    assert path.stat().st_size == 0


@pytest.mark.parametrize("content", [b"hello", b"x" * 5000])
def test_another_kind_of_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(content)
    with pytest.raises(StoreError):
        SqliteStore(path)
    assert path.read_bytes() == content


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE events (a)")
    connection.commit()
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        SqliteStore(path)
    assert code_of(caught) == "store.not-a-journal"
    assert path.read_bytes() == before


def test_making_a_journal_leaves_nothing_else_behind(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "journal.db").close()
    assert [path.name for path in tmp_path.iterdir()] == ["journal.db"]


def test_a_name_with_signs_of_an_address_in_it_is_a_name(tmp_path: Path, filled: Fill) -> None:
    path = tmp_path / "a?b=c#d%20 流水.db"
    with SqliteStore(path) as store:
        filled(store)
    assert path.stat().st_size > 0
    with SqliteStore(path, read_only=True) as store:
        assert store.head().sequence == 9


# Damage.


@pytest.fixture
def sound(tmp_path: Path, records: Records) -> tuple[Path, list[str]]:
    """A journal of a few pages, closed, and its export."""
    path = tmp_path / "sound.db"
    with SqliteStore(path) as store:
        for stream in ("filing/a", "filing/b", "pay"):
            store.append(stream, records(1, 40, note="养老保险" * 5), 0)
            store.snapshot(stream, 40, {"sum": stream})
        return path, list(export_lines(store))


def read_or_found(path: Path) -> list[str] | None:
    """The export of a file that verify finds nothing wrong with; None where it does."""
    try:
        with SqliteStore(path) as store:
            if any(fault.is_error for fault in store.verify()):
                return None
            exported = list(export_lines(store))
            streams = {name: list(store.read(name)) for name in store.streams()}
            assert sum(map(len, streams.values())) == len(exported) - 2
            return exported
    except StoreError:
        return None


@pytest.mark.parametrize("seed", range(4))
def test_a_flipped_bit_is_found_or_changes_nothing_that_is_read(
    sound: tuple[Path, list[str]], tmp_path: Path, seed: int
) -> None:
    path, exported = sound
    data = path.read_bytes()
    draw = random.Random(seed)
    found = 0
    flipped = tmp_path / "flipped.db"
    for _ in range(60):
        changed = bytearray(data)
        changed[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        flipped.write_bytes(changed)
        read = read_or_found(flipped)
        assert read is None or read == exported
        found += read is None
        for suffix in ("-wal", "-shm"):
            Path(f"{flipped}{suffix}").unlink(missing_ok=True)
    assert found > 20, "most of a journal is content, so most flips have to be found"


@pytest.mark.parametrize("byte", range(100))
def test_a_flipped_bit_in_the_head_of_the_file_is_found_or_changes_nothing(
    sound: tuple[Path, list[str]], tmp_path: Path, byte: int
) -> None:
    path, exported = sound
    changed = bytearray(path.read_bytes())
    changed[byte] ^= 1 << (byte % 8)
    path.write_bytes(changed)
    assert read_or_found(path) in (None, exported)


def test_a_truncated_journal_is_found(sound: tuple[Path, list[str]], tmp_path: Path) -> None:
    path, _ = sound
    data = path.read_bytes()
    draw = random.Random(1)
    lengths = [draw.randrange(len(data)) for _ in range(30)]
    lengths += [0, 1, 99, 100, 512, 4095, 4096, len(data) - 4096, len(data) - 1]
    cut = tmp_path / "cut.db"
    for length in lengths:
        cut.write_bytes(data[:length])
        assert read_or_found(cut) is None, length
        for suffix in ("-wal", "-shm"):
            Path(f"{cut}{suffix}").unlink(missing_ok=True)


def test_no_payload_is_quoted_by_a_fault_of_a_damaged_journal(
    tmp_path: Path, records: Records
) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        store.append("a", records(1, 3, holder="11010519491231002X"), 0)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"11010519491231002X", b"110105194912310\xff2X"))
    with SqliteStore(path) as store:
        with pytest.raises(Damaged) as caught:
            list(store.read("a"))
        told = [str(caught.value), *map(str, store.verify())]
    assert not any("1949" in text for text in told)


# Others.


def test_waiting_for_a_writer_ends_and_says_so(tmp_path: Path, records: Records) -> None:
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store, SqliteStore(path, timeout=0.02) as other:

        def meanwhile() -> None:
            with pytest.raises(Busy) as caught:
                other.append("a", records(1, 1), 0)
            assert code_of(caught) == "store.busy"
            assert list(other.read_all()) == [], "reading waits for nobody"

        store._writing(meanwhile)
        assert other.append("a", records(1, 1), 0) == 1


def test_threads_may_share_a_journal(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "journal.db") as store:
        at = __import__("datetime").datetime.fromisoformat("2026-11-03T09:00:00+08:00")
        problems: list[BaseException] = []

        def work(name: str) -> None:
            try:
                for version in range(20):
                    store.append(name, [Record("Filed", {"v": version}, at)], version)
                    assert sum(1 for _ in store.read(name)) == version + 1
            except BaseException as error:  # noqa: BLE001 - told below, by the test itself
                problems.append(error)

        threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        assert store.head().sequence == 80
        assert store.verify() == ()


def test_an_acknowledged_event_was_synced(tmp_path: Path) -> None:
    # The crash test can't cut the power; that the disk is waited for is a matter of two settings.
    with SqliteStore(tmp_path / "journal.db") as store:
        assert store._fetch("PRAGMA synchronous") == [(2,)]
        assert store._fetch("PRAGMA journal_mode") == [("wal",)]
        assert store._fetch("PRAGMA foreign_keys") == [(1,)]
