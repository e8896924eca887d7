"""What no sound card does: the unit must know where it stands, and lose no signature and no try."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from socialins.signing import (
    Document,
    KeyTerms,
    ReaderBusy,
    Scheme,
    ServiceUnavailable,
    SigningError,
    SigningRound,
    TokenChange,
    TokenEvent,
    TokenRemoved,
    sign_documents,
    verify,
)
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.tokens import Mishap, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import (
    PIN,
    SUBJECT,
    UNIT,
    Asked,
    authority,
    inserted,
    unit_key,
)

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
TERMS = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))
DOCUMENTS = [Document(f"{number}.json", f"document {number}".encode()) for number in range(5)]


def opened(signer: PcscSigner) -> Any:
    return signer.open(signer.list_tokens()[0])


def code_of(session: Any, scheme: Scheme = P256) -> str:
    with pytest.raises(SigningError) as caught:
        session.sign(b"m", scheme, Asked())
    return caught.value.fault.code


@pytest.mark.parametrize(
    ("command", "mishap", "code"),
    [
        ("VERIFY", Mishap.REMOVED, "signing.token-removed"),
        ("VERIFY", Mishap.GARBAGE, "signing.card-error"),
        ("VERIFY", Mishap.SLOW, "signing.no-answer"),
        ("VERIFY", Mishap.CUT_OFF, "signing.card-error"),
        ("VERIFY", Mishap.SILENT, "signing.no-answer"),
        ("SIGN", Mishap.REMOVED, "signing.token-removed"),
        ("SIGN", Mishap.GARBAGE, "signing.card-error"),
        ("SIGN", Mishap.SLOW, "signing.no-answer"),
        ("SIGN", Mishap.CUT_OFF, "signing.card-error"),
        ("SIGN", Mishap.SILENT, "signing.no-answer"),
        ("SIGN", Mishap.WRONG_SIGNATURE, "signing.bad-signature"),
        ("SELECT", Mishap.REMOVED, "signing.token-removed"),
        ("SELECT", Mishap.SLOW, "signing.no-answer"),
    ],
)
@pytest.mark.parametrize("scheme", [P256, RSA])
def test_each_mishap_has_its_fault_and_one_verify_at_most(
    command: str, mishap: Mishap, code: str, scheme: Scheme
) -> None:
    card, signer = inserted(scheme)
    session = opened(signer)
    card.fail(command, mishap)
    assert code_of(session, scheme) == code
    assert card.asked["VERIFY"] <= 1
    session.close()


@pytest.mark.parametrize("mishap", [Mishap.REMOVED, Mishap.SLOW, Mishap.SILENT])
def test_a_session_whose_card_was_gone_never_sends_a_pin_again(mishap: Mishap) -> None:
    # Whatever is in the reader now may be another key.
    card, signer = inserted()
    session = opened(signer)
    card.fail("SIGN", mishap)
    code_of(session)
    card.present = True
    asked = card.asked["VERIFY"]
    assert code_of(session) == "signing.token-removed"
    assert card.asked["VERIFY"] == asked


def test_a_closed_session_signs_nothing() -> None:
    card, signer = inserted()
    session = opened(signer)
    session.close()
    session.close()
    assert code_of(session) == "signing.session-closed"
    assert card.asked["VERIFY"] == 0


def test_a_pin_does_not_stay_verified_for_others() -> None:
    card, signer = inserted()
    session = opened(signer)
    card.fail("SIGN", Mishap.GARBAGE)
    code_of(session)
    assert card._verified
    session.close()
    assert not card._verified


def test_an_open_key_is_nobody_else_s() -> None:
    _, signer = inserted()
    (token,) = signer.list_tokens()
    with signer.open(token):
        (seen,) = signer.list_tokens()
        assert seen.fault is not None
        assert seen.fault.code == "signing.reader-busy"
        with pytest.raises(ReaderBusy):
            signer.open(token)
    assert signer.list_tokens()[0].usable


def test_readers_without_keys_are_listed_with_the_reason() -> None:
    good = VirtualCard(unit_key(P256))
    readers = VirtualReaders({"a": None, "b": good, "c": VirtualCard(unit_key(RSA))})
    readers.busy.add("c")
    signer = PcscSigner(readers)
    told = [token.fault.code if token.fault else "" for token in signer.list_tokens()]
    assert told == ["signing.no-token", "", "signing.reader-busy"]
    with pytest.raises(TokenRemoved):
        signer.open(signer.list_tokens()[0])
    with pytest.raises(ServiceUnavailable) as caught:
        PcscSigner(VirtualReaders({})).list_tokens()
    assert caught.value.fault.code == "signing.no-reader"


def test_a_card_that_no_profile_knows_names_the_wrong_driver() -> None:
    _, signer = inserted()
    (token,) = PcscSigner(signer._readers(), profiles=()).list_tokens()
    assert token.fault is not None
    assert token.fault.code == "signing.wrong-driver"


def test_a_key_upgraded_to_sm2_is_told_apart_from_a_wrong_driver() -> None:
    card = VirtualCard(unit_key(Scheme.SM2_SM3))
    (token,) = PcscSigner(VirtualReaders({"reader": card})).list_tokens()
    assert token.fault is not None
    assert token.fault.code == "signing.key-upgraded"


# Rounds.


def test_a_round_asks_once_and_tells_how_far_it_is() -> None:
    card, signer = inserted()
    asked, told = Asked(), []
    with opened(signer) as session:
        made = sign_documents(
            session,
            DOCUMENTS,
            asked,
            TERMS,
            progress=lambda done, of, document: told.append((done, of, document.name)),
        )
    assert made.complete
    assert len(asked.requests) == 1
    assert told == [(number + 1, 5, f"{number}.json") for number in range(5)]
    assert card.asked["VERIFY"] == 5, "this key asks for its PIN at each signature"


@pytest.mark.parametrize("command", ["VERIFY", "SIGN"])
@pytest.mark.parametrize("time", [1, 3, 5])
@pytest.mark.parametrize("mishap", list(Mishap))
def test_a_key_pulled_half_way_leaves_what_is_signed_and_the_rest_for_later(
    command: str, time: int, mishap: Mishap
) -> None:
    if (command, mishap) == ("VERIFY", Mishap.WRONG_SIGNATURE):
        return
    card, signer = inserted()
    with opened(signer) as session:
        card.fail(command, mishap, time=time)
        first = sign_documents(session, DOCUMENTS, Asked(), TERMS)
    assert first.fault is not None
    assert not first.complete
    assert [one.document for one in first.signed] == DOCUMENTS[: time - 1]
    assert list(first.left) == DOCUMENTS[time - 1 :]
    card.present = True
    with opened(signer) as session:
        whole = sign_documents(session, [], Asked(), TERMS, after=first)
    assert whole.complete
    assert [one.document for one in whole.signed] == DOCUMENTS
    for one in whole.signed:
        found = verify(
            one.document.content, one.signature, unit=UNIT, authorities=TERMS.authorities, at=NOW
        )
        assert found.ok


def test_a_wrong_pin_stops_a_round_after_one_try() -> None:
    card, signer = inserted()
    with opened(signer) as session:
        made = sign_documents(session, DOCUMENTS, Asked(b"000000"), TERMS)
    assert made.fault is not None
    assert made.fault.code == "signing.pin-incorrect-left"
    assert (card.asked["VERIFY"], card.left, len(made.left)) == (1, 2, 5)


def test_the_rest_is_signed_by_the_same_key_or_not_at_all() -> None:
    card, signer = inserted()
    with opened(signer) as session:
        card.fail("SIGN", Mishap.REMOVED, time=2)
        first = sign_documents(session, DOCUMENTS, Asked(), TERMS)
    other = VirtualCard(authority(P256).issue({**SUBJECT, "CN": "第二把"}), PIN)
    second = PcscSigner(VirtualReaders({"reader": other}))
    with opened(second) as session, pytest.raises(SigningError) as caught:
        sign_documents(session, [], Asked(), TERMS, after=first)
    assert caught.value.fault.code == "signing.wrong-token"
    assert other.asked["VERIFY"] == 0


def test_nothing_to_sign_asks_nobody() -> None:
    asked = Asked()
    with opened(inserted()[1]) as session:
        made = sign_documents(session, [], asked, TERMS, after=SigningRound())
    assert made.complete
    assert asked.requests == []


# Watching.


def test_a_key_that_comes_and_goes_is_told() -> None:
    card, signer = inserted()
    events: list[TokenEvent] = []
    with signer.watch(events.append, interval=None) as watch:
        watch.look_again()
        assert events == []
        card.present = False
        watch.look_again()
        card.present = True
        watch.look_again()
        with opened(signer):
            watch.look_again()  # it is held, not gone
    card.present = False
    watch.look_again()
    assert [event.change for event in events] == [TokenChange.REMOVED, TokenChange.INSERTED]
    assert {event.token.certificate for event in events} == {card.key.certificate}


def test_a_watch_of_its_own_thread_tells_and_stops() -> None:
    from threading import Event

    card, signer = inserted()
    told = Event()
    with signer.watch(lambda _event: told.set(), interval=0.001):
        card.present = False
        assert told.wait(10)
