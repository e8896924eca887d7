"""What every journal promises, in a file and in PostgreSQL: what was appended is read, by all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from socialins.store import Conflict, Record, StoreError, open_store
from socialins.store.sql import PAGE, SqlStore

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
Records = Callable[..., list[Record]]
Fill = Callable[[SqlStore], SqlStore]

texts = st.text(st.characters(codec="utf-8"), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
# Whole seconds: Python reads an offset of less than one back as none at all.
offsets = st.integers(-23 * 3600, 23 * 3600).map(lambda seconds: timedelta(seconds=seconds))
moments = st.datetimes(timezones=st.builds(timezone, offsets))
names = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9)
one_record = st.builds(Record, names, st.dictionaries(texts, values, max_size=3), moments)
appends = st.lists(
    st.tuples(st.sampled_from(["a", "a/b", "养老/1", "z"]), st.lists(one_record, max_size=4)),
    max_size=8,
)


def said(store: SqlStore, stream: str) -> list[int]:
    return [one.payload["number"] for one in store.read(stream)]


def test_what_was_appended_is_read_back_in_order(store: SqlStore, filled: Fill) -> None:
    filled(store)
    assert said(store, "filing/a") == [1, 2, 6, 7, 8]
    assert said(store, "filing/b") == [3, 4, 5, 9]
    assert [one.version for one in store.read("filing/a")] == [1, 2, 3, 4, 5]
    assert [one.sequence for one in store.read_all()] == list(range(1, 10))
    assert [one.payload["number"] for one in store.read_all(after=6)] == [7, 8, 9]
    assert [one.version for one in store.read("filing/a", after=3)] == [4, 5]
    assert store.verify() == ()


def test_a_journal_that_is_opened_again_has_all_and_goes_on(
    place: Any, filled: Fill, records: Records
) -> None:
    with place.open() as store:
        head = filled(store).head()
    with place.open() as store:
        assert store.head() == head
        assert store.append("filing/a", records(10, 10), 5) == 6
        assert said(store, "filing/a") == [1, 2, 6, 7, 8, 10]
        assert store.head().sequence == 10
        assert store.check(noted=head).errors == ()


def test_who_comes_second_is_told_and_changes_nothing(place: Any, records: Records) -> None:
    with place.open() as first, place.open() as second:
        assert first.append("filing/a", records(1, 2), 0) == 2
        for stale in (0, 1, 3):
            with pytest.raises(Conflict) as caught:
                second.append("filing/a", records(3, 3), stale)
            assert caught.value.fault.words("en") == {
                "stream": "filing/a",
                "expected": str(stale),
                "found": "2",
            }
        assert said(first, "filing/a") == [1, 2]
        assert second.append("filing/a", records(3, 3), 2) == 3
        assert said(first, "filing/a") == [1, 2, 3], "who opened it before reads what came since"


def test_appending_nothing_checks_the_version_and_writes_nothing(
    store: SqlStore, records: Records
) -> None:
    assert store.append("a", [], 0) == 0
    assert list(store.streams()) == []
    store.append("a", records(1, 1), 0)
    head = store.head()
    assert store.append("a", [], 1) == 1
    with pytest.raises(Conflict):
        store.append("a", [], 0)
    assert store.head() == head


def test_streams_are_found_by_the_beginning_of_their_names(
    store: SqlStore, records: Records
) -> None:
    for name in ("pay/1", "filing/b", "filing/a", "filing", "filing0", "养老/甲"):
        store.append(name, records(1, 1), 0)
    assert list(store.streams("filing/")) == ["filing/a", "filing/b"]
    assert list(store.streams("filing")) == ["filing", "filing/a", "filing/b", "filing0"]
    assert list(store.streams("养")) == ["养老/甲"]
    assert list(store.streams("no")) == []
    assert len(list(store.streams())) == 6
    assert (store.version("filing/a"), store.version("none")) == (1, 0)
    assert list(store.read("none")) == []


def test_more_than_a_page_is_read_whole_even_if_more_comes_meanwhile(
    store: SqlStore, records: Records
) -> None:
    store.append("a", records(1, 2 * PAGE), 0)
    found = []
    for one in store.read("a"):
        if one.version == 10:
            store.append("a", records(2 * PAGE + 1, 2 * PAGE + 1), 2 * PAGE)
        found.append(one.version)
    assert found == list(range(1, 2 * PAGE + 2))
    assert sum(1 for _ in store.read_all()) == 2 * PAGE + 1
    # Exactly a page: where the end is must not be guessed from its length.
    assert sum(1 for _ in store.read("a", after=PAGE + 1)) == PAGE
    assert sum(1 for _ in store.read_all(after=PAGE + 1)) == PAGE


def test_many_streams_are_listed_whole(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialins.store.sql.PAGE", 7)
    lines = [f"s{number:05}" for number in range(7 + 5)]
    for name in lines:
        store.append(name, [Record("Opened", {}, AT)], 0)
    assert list(store.streams("s")) == lines


def test_an_event_too_many_keeps_all_of_its_batch_out(
    store: SqlStore, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append("a", records(1, 1), 0)
    before = store.head()
    many = type(store)._many

    def fails(self: SqlStore, statement: str, rows: Any) -> None:
        many(self, statement, rows)
        raise RuntimeError("the power went")

    monkeypatch.setattr(type(store), "_many", fails)
    with pytest.raises(RuntimeError, match="the power went"):
        store.append("a", records(2, 9), 1)
    monkeypatch.undo()
    assert store.head() == before
    assert said(store, "a") == [1]
    assert store.append("a", records(2, 2), 1) == 2
    assert store.verify() == ()


@pytest.mark.parametrize("name", ["", "a\nb", "a\x00b", "\ud800", "x" * 201])
def test_names_that_could_not_be_told_apart_are_refused(store: SqlStore, name: str) -> None:
    with pytest.raises(StoreError) as caught:
        store.append(name, [Record("Opened", {}, AT)], 0)
    assert caught.value.fault.code == "store.name"
    assert list(store.streams()) == []


@pytest.mark.parametrize(
    "payload", [{"a": float("nan")}, {"a": object()}, {"a": "\ud800"}, {"a": {1, 2}}]
)
def test_what_json_has_not_is_refused_before_anything_is_written(payload: Any) -> None:
    with pytest.raises(StoreError) as caught:
        Record("Filed", payload, AT)
    assert caught.value.fault.code == "store.not-json"


def test_a_payload_too_deep_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(StoreError):
        Record("Filed", {"a": deep}, AT)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Record("Filed", {}, datetime(2026, 11, 3))  # noqa: DTZ001 - that is what is refused


def test_changing_a_payload_later_changes_no_event(store: SqlStore) -> None:
    payload = {"rows": [1]}
    kept = Record("Filed", payload, AT)
    payload["rows"].append(2)
    kept.payload["rows"].append(3)
    store.append("a", [kept], 0)
    assert next(store.read("a")).payload == {"rows": [1]}


# Snapshots.


def test_a_snapshot_is_the_latest_and_spares_reading_what_it_counts(
    store: SqlStore, filled: Fill
) -> None:
    filled(store)
    assert store.latest_snapshot("filing/a") is None
    store.snapshot("filing/a", 3, {"sum": "9.00"})
    store.snapshot("filing/a", 2, {"sum": "3.00"})
    kept = store.latest_snapshot("filing/a")
    assert kept is not None
    assert (kept.version, kept.payload) == (3, {"sum": "9.00"})
    assert [one.version for one in store.read("filing/a", after=kept.version)] == [4, 5]
    store.snapshot("filing/a", 3, {"sum": "9.01"})
    again = store.latest_snapshot("filing/a")
    assert again is not None
    assert again.payload == {"sum": "9.01"}
    assert store.latest_snapshot("filing/b") is None
    assert store.verify() == ()


def test_a_snapshot_of_events_that_are_not_there_is_refused(store: SqlStore, filled: Fill) -> None:
    filled(store)
    for stream, version in (("filing/a", 6), ("filing/a", 0), ("none", 1)):
        with pytest.raises(StoreError) as caught:
            store.snapshot(stream, version, {})
        assert caught.value.fault.code == "store.snapshot-version"


@pytest.mark.parametrize(
    "change", ["payload = '{}'", "version = 4", "stream = 2", "digest = substr(digest, 1, 31)"]
)
def test_a_snapshot_that_was_changed_is_not_used_and_is_told(
    place: Any, filled: Fill, change: str
) -> None:
    with place.open() as store:
        filled(store).snapshot("filing/a", 3, {"sum": "9.00"})
    place.tamper(f"UPDATE snapshots SET {change}")
    with place.open() as store:
        assert store.latest_snapshot("filing/a") is None
        assert [fault.code for fault in store.verify()] == ["store.snapshot"]


# Anything at all.


@settings(max_examples=25)
@given(plan=appends)
def test_any_appends_read_back_equal(plan: Any) -> None:
    # Both kinds at once would need fixtures inside of Hypothesis; see the next test for PostgreSQL.
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        with open_store(path) as store:
            _check_plan(store, plan)
        with open_store(path) as again:
            _check_written(again, plan)


def test_any_appends_read_back_equal_in_each_kind(new_place: Any) -> None:
    @settings(max_examples=10, database=None)
    @given(plan=appends)
    def check(plan: Any) -> None:
        with new_place().open() as store:
            _check_plan(store, plan)
            _check_written(store, plan)

    check()


def _check_plan(store: SqlStore, plan: Any) -> None:
    for stream, events in plan:
        version = store.version(stream)
        assert store.append(stream, events, version) == version + len(events)


def _check_written(store: SqlStore, plan: Any) -> None:
    written: dict[str, list[Record]] = {}
    for stream, events in plan:
        written.setdefault(stream, []).extend(events)
    written = {stream: events for stream, events in written.items() if events}
    for stream, events in written.items():
        assert [one.record for one in store.read(stream)] == events
        assert [one.at for one in store.read(stream)] == [one.at for one in events]
    assert sorted(store.streams()) == sorted(written)
    assert sum(1 for _ in store.read_all()) == sum(map(len, written.values()))
    assert [fault for fault in store.verify() if fault.is_error] == []
