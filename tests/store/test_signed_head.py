"""A signed head that any journal would pass, or that no grown one passes, proves nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from socialins.model.unit import Unit, UnitAccount
from socialins.signing import Scheme, sign_cms
from socialins.signing.documents import head_document
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.store import (
    Damaged,
    Head,
    SqliteStore,
    StoreError,
    export_lines,
    head_to_sign,
    verify_head,
)
from socialins.store.sql import SqlStore
from socialins.testing.tokens import VirtualAuthority, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import PIN, SUBJECT, UNIT, Asked, authority, unit_key

P256 = Scheme.ECDSA_P256_SHA256
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
ACCOUNT = UnitAccount(UNIT, "A1")
TRUSTED = (authority(P256).certificate,)
Fill = Callable[[SqlStore], SqlStore]
Records = Callable[..., list[Any]]


def signature(content: bytes, key: Any = None) -> bytes:
    signer = PcscSigner(VirtualReaders({"reader": VirtualCard(key or unit_key(P256), PIN)}))
    with signer.open(signer.list_tokens()[0]) as session:
        return sign_cms(session, content, Asked(), at=AT)


def signed(journal: Any) -> tuple[bytes, bytes]:
    document = head_to_sign(journal, ACCOUNT, name="journal")
    return document.content, signature(document.content)


def codes(journal: Any, document: bytes, cms: bytes, **said: Any) -> list[str]:
    known: dict[str, Any] = {"unit": UNIT, "authorities": TRUSTED, "at": AT}
    report = verify_head(journal, document, cms, **{**known, **said})
    assert report.ok is not bool(report.errors)
    return [fault.code for fault in report.errors]


def lines(store: SqlStore) -> list[str]:
    return list(export_lines(store))


def test_a_head_holds_for_the_journal_and_for_the_one_it_grew_into(
    store: SqlStore, filled: Fill, records: Records
) -> None:
    document, cms = signed(filled(store))
    assert codes(store, document, cms) == []
    store.append("filing/a", records(20, 25), 5)
    assert codes(store, document, cms) == []
    assert codes(lines(store), document, cms) == []


def test_the_head_of_an_export_is_that_of_its_journal(store: SqlStore, filled: Fill) -> None:
    filled(store)
    assert head_to_sign(lines(store), ACCOUNT, name="a").content == (
        head_to_sign(store, ACCOUNT, name="a").content
    )


def test_a_journal_that_was_cut_and_made_whole_again_no_longer_has_it(
    store: SqlStore, filled: Fill, new_place: Any, records: Records
) -> None:
    document, cms = signed(filled(store))
    with new_place().open() as other:
        # All but the last event, then something else in its place: sound in itself.
        other.append("filing/a", records(1, 2), 0)
        other.append("filing/b", records(3, 5), 0)
        other.append("filing/a", records(6, 8), 2)
        assert not other.check().errors
        assert codes(other, document, cms) == ["store.noted"]
        other.append("filing/b", records(10, 10), 3)
        assert codes(other, document, cms) == ["store.noted"]
        assert codes(lines(other), document, cms) == ["store.noted"]


def test_an_altered_event_is_found_with_the_head_or_without(place: Any, filled: Fill) -> None:
    with place.open() as store:
        document, cms = signed(filled(store))
    place.tamper("UPDATE events SET payload = '{}' WHERE sequence = 4")
    with place.open() as store:
        assert codes(store, document, cms) == ["store.altered"]
        with pytest.raises(Damaged):
            head_to_sign(store, ACCOUNT, name="journal")


def test_a_cut_export_is_found(store: SqlStore, filled: Fill) -> None:
    document, cms = signed(filled(store))
    whole = lines(store)
    assert codes(whole, document, cms) == []
    assert "store.noted" in codes([*whole[:-2], whole[-1]], document, cms)
    assert "store.noted" in codes(whole[:5], document, cms)


def test_another_units_head_is_not_this_ones(journal: SqliteStore, filled: Fill) -> None:
    document, cms = signed(filled(journal))
    other = Unit("别的公司", UNIT.credit_code)
    assert codes(journal, document, cms, unit=other) == ["store.head-unit", "signing.key-unit-name"]
    mine = head_document(journal.head(), UnitAccount(other, "A1"), journal="journal").content
    assert codes(journal, mine, signature(mine)) == ["store.head-unit"]


def test_a_head_that_somebody_else_signed_is_refused(journal: SqliteStore, filled: Fill) -> None:
    document, _ = signed(filled(journal))
    stranger = VirtualAuthority(P256).issue(SUBJECT)
    assert codes(journal, document, signature(document, stranger)) == ["signing.key-chain"]
    assert codes(journal, document, signature(document), authorities=()) == [
        "signing.no-authorities"
    ]


def test_a_later_head_cant_be_put_under_an_earlier_signature(
    journal: SqliteStore, filled: Fill, records: Records
) -> None:
    _, cms = signed(filled(journal))
    journal.append("filing/a", records(20, 20), 5)
    later = head_to_sign(journal, ACCOUNT, name="journal").content
    assert codes(journal, later, cms) == ["signing.content-altered"]


def test_a_head_of_nothing_is_neither_signed_nor_believed(
    journal: SqliteStore, filled: Fill
) -> None:
    with pytest.raises(StoreError) as caught:
        head_to_sign(journal, ACCOUNT, name="journal")
    assert caught.value.fault.code == "store.head-empty"
    # Signed by hand all the same, it would hold for every journal.
    nothing = head_document(Head(0, "0" * 64), ACCOUNT, journal="journal").content
    filled(journal)
    assert codes(journal, nothing, signature(nothing)) == ["store.head-empty"]


@pytest.mark.parametrize(
    "document", [b"{}", b"[]", b"\xff", b'{"socialins": "journal-head"}', b'{"head":"1:a"}', b"1"]
)
def test_what_is_no_head_is_told_as_that(
    journal: SqliteStore, filled: Fill, document: bytes
) -> None:
    filled(journal)
    assert codes(journal, document, signature(document)) == ["store.head-document"]
