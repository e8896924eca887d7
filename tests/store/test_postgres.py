"""A journal in the caller's own transaction: kept if and only if the rest is."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from socialins.store import Busy, Conflict, PostgresStore, Record, StoreError

psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")

Records = Callable[..., list[Record]]
NUMBERS = count(1)
DOCUMENT = Path(__file__).parents[2] / "docs" / "store.md"


@pytest.fixture
def schema(server: str) -> str:
    """A schema with the tables of a journal, and a table of the application's."""
    name = f"own_{next(NUMBERS)}"
    PostgresStore(server, schema=name).close()
    with psycopg.connect(server) as connection:
        connection.execute(f"CREATE TABLE {name}.payslips (id int PRIMARY KEY)")
    return name


@pytest.fixture
def connection(server: str) -> Iterator[Any]:
    """A connection of the application's."""
    with psycopg.connect(server) as opened:
        yield opened


def slips(server: str, schema: str) -> int:
    with psycopg.connect(server) as other:
        return int(other.execute(f"SELECT count(*) FROM {schema}.payslips").fetchone()[0])


def events(server: str, schema: str) -> int:
    with PostgresStore(server, schema=schema) as store:
        assert store.verify() == ()
        return store.head().sequence


def test_an_event_is_kept_with_the_callers_own_rows(
    server: str, schema: str, connection: Any, records: Records
) -> None:
    store = PostgresStore(connection, schema=schema)
    connection.execute(f"INSERT INTO {schema}.payslips VALUES (1)")
    store.append("a", records(1, 2), 0)
    assert events(server, schema) == 0, "nothing is seen before the caller commits"
    connection.commit()
    assert (events(server, schema), slips(server, schema)) == (2, 1)


@pytest.mark.parametrize("first", ["rows", "events"])
def test_an_event_is_lost_with_the_callers_own_rows(
    server: str, schema: str, connection: Any, records: Records, first: str
) -> None:
    store = PostgresStore(connection, schema=schema)
    connection.rollback()
    # Even where the events come first, the transaction is the caller's.
    if first == "rows":
        connection.execute(f"INSERT INTO {schema}.payslips VALUES (1)")
    store.append("a", records(1, 2), 0)
    assert store.version("a") == 2
    connection.rollback()
    assert (events(server, schema), slips(server, schema)) == (0, 0)
    assert store.append("a", records(1, 1), 0) == 1
    connection.commit()
    assert events(server, schema) == 1


def test_a_conflict_leaves_the_callers_transaction_usable(
    server: str, schema: str, connection: Any, records: Records
) -> None:
    store = PostgresStore(connection, schema=schema)
    connection.execute(f"INSERT INTO {schema}.payslips VALUES (1)")
    store.append("a", records(1, 1), 0)
    with pytest.raises(Conflict):
        store.append("a", records(2, 2), 0)
    store.append("a", records(2, 2), 1)
    connection.commit()
    assert (events(server, schema), slips(server, schema)) == (2, 1)


def test_a_connection_that_commits_by_itself_commits_each_append(
    server: str, schema: str, records: Records
) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        store = PostgresStore(connection, schema=schema)
        store.append("a", records(1, 2), 0)
        assert events(server, schema) == 2
        with connection.transaction():
            store.append("a", records(3, 3), 2)
            raise psycopg.Rollback
        assert events(server, schema) == 2


def test_the_callers_rows_may_be_dictionaries(server: str, schema: str, records: Records) -> None:
    from psycopg.rows import dict_row

    with psycopg.connect(server, row_factory=dict_row) as connection:
        store = PostgresStore(connection, schema=schema)
        store.append("a", records(1, 3), 0)
        store.snapshot("a", 3, {"sum": 1})
        assert [one.version for one in store.read("a")] == [1, 2, 3]
        assert store.latest_snapshot("a") is not None
        assert store.verify() == ()
        store.close()
        assert not connection.closed, "the connection is the caller's"


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_a_caller_who_reads_an_older_state_overwrites_nothing(
    server: str, schema: str, connection: Any, records: Records, level: str
) -> None:
    connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
    store = PostgresStore(connection, schema=schema)
    assert store.version("a") == 0
    with PostgresStore(server, schema=schema) as other:
        other.append("a", records(1, 1), 0)
    with pytest.raises((Conflict, Busy)):
        store.append("a", records(2, 2), 0)
    connection.rollback()
    assert store.append("a", records(2, 2), 1) == 2
    connection.commit()
    assert events(server, schema) == 2


def test_two_callers_who_lock_crosswise_are_told_and_one_goes_on(
    server: str, schema: str, records: Records
) -> None:
    with psycopg.connect(server) as setup:
        setup.execute(f"INSERT INTO {schema}.payslips VALUES (1)")
    held, done = threading.Event(), threading.Event()
    outcomes: list[str] = []
    lock = f"SELECT * FROM {schema}.payslips WHERE id = 1 FOR UPDATE"

    def events_first() -> None:
        with psycopg.connect(server) as connection:
            store = PostgresStore(connection, schema=schema)
            try:
                store.append("a", records(1, 1), 0)
                held.set()
                assert done.wait(20)
                connection.execute(lock)
                connection.commit()
                outcomes.append("kept")
            except psycopg.errors.DeadlockDetected:
                connection.rollback()
                outcomes.append("again")

    thread = threading.Thread(target=events_first)
    thread.start()
    assert held.wait(20)
    with psycopg.connect(server) as connection:
        store = PostgresStore(connection, schema=schema)
        connection.execute(lock)
        done.set()
        try:
            store.append("b", records(1, 1), 0)
            connection.commit()
            outcomes.append("kept")
        except Busy:
            connection.rollback()
            outcomes.append("again")
    thread.join(30)
    assert sorted(outcomes) == ["again", "kept"]
    assert events(server, schema) == 1


def test_waiting_for_a_writer_ends_and_says_so(
    server: str, schema: str, connection: Any, records: Records
) -> None:
    PostgresStore(connection, schema=schema).append("a", records(1, 1), 0)
    with PostgresStore(server, schema=schema, timeout=0.05) as store:
        with pytest.raises(Busy):
            store.append("b", records(1, 1), 0)
        assert list(store.read_all()) == [], "reading waits for nobody"
        connection.commit()
        assert store.append("b", records(1, 1), 0) == 1


def test_a_transaction_that_had_to_give_way_is_done_again(
    server: str, schema: str, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    from socialins.faults import Fault

    left = [Busy(Fault("store.busy")), Busy(Fault("store.busy"))]
    once = PostgresStore._own_transaction

    def gives_way(store: PostgresStore, work: Any) -> Any:
        if left:
            raise left.pop()
        return once(store, work)

    with PostgresStore(server, schema=schema) as store:
        monkeypatch.setattr(PostgresStore, "_own_transaction", gives_way)
        assert store.append("a", records(1, 2), 0) == 2
        assert [one.version for one in store.read("a")] == [1, 2]


def test_a_connection_that_was_cut_is_told_and_the_next_call_goes_on(
    server: str, schema: str, records: Records
) -> None:
    with PostgresStore(server, schema=schema) as store:
        store.append("a", records(1, 1), 0)
        with psycopg.connect(server, autocommit=True) as other:
            pid = store._connection.info.backend_pid
            other.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))
        with pytest.raises(StoreError) as caught:
            store.append("a", records(2, 2), 1)
        assert caught.value.fault.code == "store.unreachable"
        assert store.append("a", records(2, 2), 1) == 2


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        PostgresStore(f"postgresql://nobody:secret@/none?host={tmp_path}")
    assert caught.value.fault.code == "store.unreachable"
    assert "secret" not in str(caught.value)


def test_who_may_only_read_is_told(server: str, schema: str, records: Records) -> None:
    with PostgresStore(server, schema=schema) as store:
        store.append("a", records(1, 1), 0)
    with psycopg.connect(server) as connection:
        connection.read_only = True
        store = PostgresStore(connection, schema=schema)
        assert store.version("a") == 1
        with pytest.raises(StoreError) as caught:
            store.append("a", records(2, 2), 1)
        assert caught.value.fault.code == "store.read-only"


def test_nothing_is_made_for_who_only_reads_or_brings_a_connection(
    server: str, connection: Any
) -> None:
    for open_ in (
        lambda: PostgresStore(server, schema="nowhere", read_only=True),
        lambda: PostgresStore(connection, schema="nowhere"),
    ):
        with pytest.raises(StoreError) as caught:
            open_()
        assert caught.value.fault.code == "store.no-tables"
    assert connection.execute("SELECT to_regnamespace('nowhere')").fetchone() == (None,)


def test_a_journal_of_a_later_release_is_left_alone(server: str, schema: str) -> None:
    with psycopg.connect(server) as connection:
        connection.execute(f"INSERT INTO {schema}.schema_version VALUES (999)")
    with pytest.raises(StoreError) as caught:
        PostgresStore(server, schema=schema)
    assert caught.value.fault.code == "store.newer-schema"


def test_a_schemas_name_can_carry_no_statement(server: str) -> None:
    for name in ('x"; DROP SCHEMA public; --', "X", "", "a b"):
        with pytest.raises(StoreError) as caught:
            PostgresStore(server, schema=name)
        assert caught.value.fault.code == "store.name"


def test_a_database_that_is_not_in_utf8_is_refused(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        )
        try:
            with pytest.raises(StoreError) as caught:
                PostgresStore(server.replace("/postgres", "/latin"))
            assert caught.value.fault.code == "store.encoding"
        finally:
            connection.execute("DROP DATABASE latin WITH (FORCE)")


def test_no_payload_is_quoted_when_the_database_refuses_a_row(
    server: str, schema: str, records: Records
) -> None:
    with psycopg.connect(server) as connection:
        connection.execute(f"ALTER TABLE {schema}.events ADD CHECK (length(payload) < 30)")
    with PostgresStore(server, schema=schema) as store, pytest.raises(StoreError) as caught:
        store.append("a", records(1, 1, holder="11010519491231002X"), 0)
    assert "1949" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_documents_examples_for_postgresql_run(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = re.findall(
        r"^```py\n(.*?)^```$", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert blocks
    session: dict[str, object] = {"ADDRESS": server}
    with psycopg.connect(server) as connection:
        connection.execute("DROP SCHEMA IF EXISTS socialins CASCADE")
        connection.execute("DROP TABLE IF EXISTS payslips")
        connection.execute("CREATE TABLE payslips (id int PRIMARY KEY)")
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(compile(block, "docs/store.md", "exec"), session)
    with PostgresStore(server) as store:
        assert store.head().sequence > 0
        assert store.verify() == ()
