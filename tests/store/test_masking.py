"""A journal keeps identity numbers and wages; no repr and no message shows one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st
from stdnum.cn.ric import calc_check_digit

from socialins.store import Conflict, Head, Record, Snapshot, SqliteStore, Stored, StoreError
from socialins.store.record import canonical, masked_name

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    birth = draw(st.dates(datetime(1930, 1, 1).date(), datetime(2008, 1, 1).date()))  # noqa: DTZ001
    digits = f"110105{birth:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return digits + calc_check_digit(f"{digits}0")


secrets = st.tuples(
    numbers(), st.integers(100_000, 9_999_999).map(lambda fen: f"{fen // 100}.{fen % 100:02}")
)
names = st.sampled_from(["person/{}", "{}", "pay/{}/2026-11", "甲{}乙"])


@given(secrets=secrets, name=names)
def test_no_repr_shows_a_number_or_a_wage(secrets: tuple[str, str], name: str) -> None:
    number, wage = secrets
    payload = {"person": {"number": number}, "wage": wage, number: 1}
    stream = name.format(number)
    record = Record(f"Filed {number}", payload, AT)
    text = canonical(payload)
    shown: list[Any] = [
        record,
        Stored(1, stream, 1, f"Filed {number}", AT, text, "ab" * 32),
        Snapshot(stream, 1, text),
    ]
    for one in shown:
        for words in (repr(one), str(one), f"{[one]}", repr({"a": (one,)})):
            assert number not in words
            assert number[6:14] not in words, "the birth date"
            assert wage not in words
    assert record.payload == payload, "what is kept is not masked"


@given(secrets=secrets, name=names)
def test_no_fault_of_a_stream_shows_the_number_in_its_name(
    secrets: tuple[str, str], name: str, journal_of_all: SqliteStore
) -> None:
    stream = name.format(secrets[0])
    event = Record("Filed", {"wage": secrets[1]}, AT)
    told: list[str] = []
    for attempt in (
        lambda: journal_of_all.append(stream, [event], 10**6),
        lambda: journal_of_all.snapshot(stream, 10**6, {}),
        lambda: journal_of_all.append(f"{stream}\n", [event], 0),
    ):
        with pytest.raises(StoreError) as caught:
            attempt()
        told += [str(caught.value), repr(caught.value), repr(caught.value.fault)]
        told += [caught.value.fault.message("zh")]
    assert not any(secrets[0] in words or secrets[0][6:14] in words for words in told)


@pytest.fixture(scope="module")
def journal_of_all(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A journal that all examples share."""
    with SqliteStore(tmp_path_factory.mktemp("masked") / "journal.db") as store:
        yield store


def test_what_verify_says_of_a_damaged_stream_is_masked(tmp_path: Any) -> None:
    number = "11010519491231002X"
    path = tmp_path / "journal.db"
    with SqliteStore(path) as store:
        store.append(f"person/{number}", [Record("Filed", {"number": number}, AT)] * 3, 0)
        store.snapshot(f"person/{number}", 2, {"number": number})
    data = path.read_bytes()
    path.write_bytes(data.replace(b'{"number":"11', b'{"number":"12'))
    with SqliteStore(path) as store:
        found = [repr(fault) + str(fault) for fault in store.verify()]
    assert found
    assert not any("19491231" in words for words in found)


def test_an_error_can_be_sent_to_another_process_and_stays_masked() -> None:
    import pickle

    from socialins.faults import Fault
    from socialins.store import Damaged

    one = Fault("store.missing", {"events": "3"})
    damaged = pickle.loads(pickle.dumps(Damaged(one, one)))
    assert list(damaged.all) == [one, one]
    conflict = pickle.loads(pickle.dumps(Conflict(one)))
    assert type(conflict) is Conflict


def test_ordinary_names_are_shown_as_they_are() -> None:
    for name in ("filing/990100/A1/2026-11", "pay/2026", "unit/1234567"):
        assert masked_name(name) == name
    assert repr(Head(3, "ab" * 32)) == f"Head(sequence=3, digest='{'ab' * 32}')"
