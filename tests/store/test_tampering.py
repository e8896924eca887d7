"""Nobody can change, remove or move an event unnoticed; and verify says which one it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from socialins.store import Damaged, Head, Record
from socialins.store.sql import SqlStore

Fill = Callable[[SqlStore], SqlStore]
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
Found = list[tuple[str, dict[str, str]]]


@pytest.fixture
def found_after(place: Any, filled: Fill) -> Callable[..., Found]:
    """What verify finds, once statements were run on a journal of nine events."""

    def find(*statements: str) -> Found:
        with place.open() as store:
            filled(store)
        place.tamper(*statements)
        with place.open() as store:
            return [(fault.code, fault.words("en")) for fault in store.verify()]

    return find


def test_an_untouched_journal_has_nothing_wrong(found_after: Callable[..., Found]) -> None:
    assert found_after() == []


@pytest.mark.parametrize(
    "change",
    [
        "payload = '{\"number\":60}'",
        "payload = '{\"number\": 6}'",
        "payload = '{}'",
        "type = 'Filled'",
        "at = '2026-11-03T09:06:01+00:00'",
        "at = '2026-11-03T09:06:00Z'",
        "digest = substr(digest, 1, 31)",
    ],
)
def test_an_altered_event_is_named_and_no_other(
    found_after: Callable[..., Found], change: str
) -> None:
    ((code, words),) = found_after(f"UPDATE events SET {change} WHERE sequence = 6")
    assert (code, words["sequence"], words["stream"]) == ("store.altered", "6", "filing/a")


def test_an_altered_event_is_not_handed_out(place: Any, filled: Fill) -> None:
    with place.open() as store:
        filled(store)
    place.tamper("UPDATE events SET payload = '{}' WHERE sequence = 6")
    with place.open() as store:
        kept = []
        with pytest.raises(Damaged) as caught:
            kept.extend(one.version for one in store.read("filing/a"))
        assert caught.value.fault.words("en")["sequence"] == "6"
        with pytest.raises(Damaged):
            list(store.read_all())
        assert [one.version for one in store.read("filing/b", after=3)] == [4]


def test_an_event_that_was_moved_to_another_stream_is_named(
    found_after: Callable[..., Found],
) -> None:
    found = found_after("UPDATE events SET stream = 2, version = 5 WHERE sequence = 8")
    assert ("store.altered", "8") in [(code, words.get("sequence")) for code, words in found]


def test_two_events_that_changed_places_are_named(found_after: Callable[..., Found]) -> None:
    found = found_after(
        "UPDATE events SET sequence = 70 WHERE sequence = 7",
        "UPDATE events SET sequence = 7 WHERE sequence = 8",
        "UPDATE events SET sequence = 8 WHERE sequence = 70",
    )
    altered = [words["sequence"] for code, words in found if code == "store.altered"]
    assert altered[:2] == ["7", "8"]


@pytest.mark.parametrize("sequence", [1, 4, 8])
def test_a_missing_event_is_named(found_after: Callable[..., Found], sequence: int) -> None:
    found = found_after(f"DELETE FROM events WHERE sequence = {sequence}")
    assert ("store.missing", {"events": str(sequence)}) in found
    assert not any(code == "store.altered" for code, _ in found), "what is left is as it was"


def test_a_missing_event_is_not_passed_over_by_a_reader(place: Any, filled: Fill) -> None:
    with place.open() as store:
        filled(store)
    place.tamper("DELETE FROM events WHERE sequence = 4")
    with place.open() as store:
        with pytest.raises(Damaged):
            list(store.read("filing/b"))
        with pytest.raises(Damaged):
            list(store.read_all())


def test_events_cut_off_at_the_end_are_named(place: Any, filled: Fill) -> None:
    with place.open() as store:
        filled(store)
    place.tamper("DELETE FROM events WHERE sequence > 7")
    with place.open() as store:
        codes = {fault.code: fault.words("en") for fault in store.verify()}
        assert codes["store.truncated"] == {"events": "8–9"}
        for stream in ("filing/a", "filing/b"):
            with pytest.raises(Damaged):
                list(store.read(stream))
        with pytest.raises(Damaged):
            list(store.read_all())


def test_a_stream_that_lost_all_its_events_is_told(place: Any, filled: Fill) -> None:
    with place.open() as store:
        filled(store)
    place.tamper("DELETE FROM events WHERE stream = 2")
    with place.open() as store, pytest.raises(Damaged):
        list(store.read("filing/b"))


def test_an_event_put_in_past_the_library_is_told(found_after: Callable[..., Found]) -> None:
    found = found_after(
        "INSERT INTO events SELECT 10, 1, 6, type, at, payload, digest FROM events "
        "WHERE sequence = 9"
    )
    assert {"store.altered", "store.head", "store.stream"} == {code for code, _ in found}


def test_a_head_set_back_is_told(found_after: Callable[..., Found]) -> None:
    found = found_after("UPDATE head SET sequence = 8")
    assert found == [("store.head", {"sequence": "8", "last": "9"})]


def test_a_head_that_is_gone_is_told_and_nothing_is_appended(
    place: Any, filled: Fill, records: Any
) -> None:
    with place.open() as store:
        filled(store)
    place.tamper("DELETE FROM head")
    with place.open() as store:
        assert "store.damaged" in [fault.code for fault in store.verify()]
        with pytest.raises(Damaged):
            store.append("filing/a", records(10, 10), 5)


def test_a_history_rewritten_as_a_whole_is_told_by_a_head_noted_elsewhere(
    new_place: Any, filled: Fill, records: Any
) -> None:
    with new_place().open() as true, new_place().open() as false:
        noted = filled(true).head()
        false.append("filing/a", records(1, 9, forged=True), 0)
        assert false.verify() == ()
        assert [fault.code for fault in false.check(noted).faults] == ["store.noted"]
        true.append("filing/a", records(10, 12), 5)
        assert true.check(noted).faults == ()
        beyond = Head(20, noted.digest)
        assert [fault.code for fault in true.check(beyond).faults] == ["store.noted"]
        assert true.check(Head(0, "00" * 32)).faults == ()


def test_events_can_be_neither_changed_nor_removed_by_plain_statements(
    place: Any, filled: Fill
) -> None:
    with place.open() as store:
        filled(store)
        head = store.head()
        for statement in ("UPDATE $events SET payload = '{}'", "DELETE FROM $events"):
            with pytest.raises(Exception, match="append-only"):
                store._writing(lambda statement=statement: store._fetch(statement))
        assert store.head() == head
        assert store.verify() == ()


def test_a_clock_set_back_is_told_and_changes_no_order(store: SqlStore) -> None:
    moments = [AT, AT + timedelta(hours=2), AT + timedelta(hours=1), AT - timedelta(days=400)]
    for version, moment in enumerate(moments):
        store.append("a", [Record("Filed", {"number": version}, moment)], version)
    store.append("b", [Record("Filed", {}, AT - timedelta(days=1))], 0)
    assert [one.payload["number"] for one in store.read("a")] == [0, 1, 2, 3]
    assert [one.at for one in store.read("a")] == moments
    checked = store.check()
    assert checked.errors == ()
    (warning,) = checked.warnings
    assert warning.code == "store.clock-back"
    assert warning.words("en") == {"stream": "a", "sequence": "3", "count": "2"}


def test_a_check_counts_what_it_read(store: SqlStore, filled: Fill) -> None:
    checked = filled(store).check()
    assert (checked.events, checked.streams, checked.head) == (9, 2, store.head())
