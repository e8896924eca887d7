"""The PC/SC driver on a real daemon, with cards that others wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from socialins.signing import (
    Document,
    KeyTerms,
    PinBlocked,
    PinIncorrect,
    Scheme,
    SigningError,
    TokenChange,
    TokenEvent,
    sign_documents,
    verify,
)
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.tokens.personal import NEW_PIN, OFFICER
from socialins.testing.tokens.samples import UNIT, Asked, authority

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
PIN, PUK = NEW_PIN, OFFICER
NewCard = Callable[..., Any]
Takes = Callable[[bytes, bytes, Any], bool]

CARDS = [("jcecard", P256), ("openpgp", P256), ("openpgp", RSA), ("jcecard-mended", RSA)]


@pytest.mark.parametrize(("card", "scheme"), CARDS)
def test_a_card_of_others_signs_what_verifies(
    card: str,
    scheme: Scheme,
    new_card: NewCard,
    openssl_takes: Takes,
) -> None:
    certificate, _ = new_card(card, scheme)
    signer = PcscSigner()
    token = signer.list_tokens()[0]
    assert (token.certificate, token.pin.tries_left) == (certificate, 3)
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))
    documents = [Document(f"{number}", bytes([number]) * 1000) for number in range(1, 4)]
    with signer.open(token) as session:
        made = sign_documents(session, documents, Asked(PIN), terms)
    assert made.complete, made.fault and made.fault.message("en")
    for one in made.signed:
        found = verify(
            one.document.content, one.signature, unit=UNIT, authorities=terms.authorities, at=NOW
        )
        assert found.ok, found.faults
        assert openssl_takes(one.document.content, one.signature, terms.authorities[0])
        assert not openssl_takes(b"x", one.signature, terms.authorities[0])


@pytest.mark.parametrize(("card", "scheme"), CARDS[:2])
def test_a_wrong_pin_costs_one_try_of_a_real_card_and_the_last_is_kept(
    card: str, scheme: Scheme, new_card: NewCard
) -> None:
    new_card(card, scheme)
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        for left in (2, 1):
            with pytest.raises(PinIncorrect) as caught:
                session.sign(b"m", scheme, Asked(b"654321"))
            assert caught.value.tries_left == left == session.pin_status().tries_left
        with pytest.raises(SigningError) as refused:
            session.sign(b"m", scheme, Asked(PIN))
        assert refused.value.fault.code == "signing.pin-last-try"
        session.allow_last_try = True
        with pytest.raises(PinBlocked):
            session.sign(b"m", scheme, Asked(b"654321"))
    token = signer.list_tokens()[0]
    assert token.pin.blocked


@pytest.mark.parametrize(("card", "scheme"), CARDS[:2])
def test_a_short_pin_costs_a_real_card_nothing(
    card: str, scheme: Scheme, new_card: NewCard
) -> None:
    new_card(card, scheme)
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        with pytest.raises(SigningError):
            session.sign(b"m", scheme, Asked(b"12345"))
        assert session.pin_status().tries_left == 3


@pytest.mark.parametrize(("card", "scheme"), CARDS[:2])
def test_a_real_card_s_pin_is_changed(card: str, scheme: Scheme, new_card: NewCard) -> None:
    from socialins.signing import Pin

    new_card(card, scheme)
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        session.change_pin(lambda asked: Pin(b"24681357" if asked.purpose == "new" else PIN))
        assert session.sign(b"m", scheme, Asked(b"24681357"))


@pytest.mark.parametrize("card", ["jcecard", "openpgp"])
def test_a_real_card_s_blocked_pin_is_unblocked(card: str, new_card: NewCard) -> None:
    from socialins.signing import Pin

    new_card(card)
    signer = PcscSigner(allow_last_try=True)
    with signer.open(signer.list_tokens()[0]) as session:
        for _ in range(3):
            with pytest.raises(SigningError):
                session.sign(b"m", P256, Asked(b"654321"))
        assert session.pin_status().blocked
        with pytest.raises(PinIncorrect):
            session.unblock_pin(lambda _: Pin(b"87654321"))
        session.unblock_pin(lambda asked: Pin(PIN if asked.purpose == "new" else PUK))
        assert session.sign(b"m", P256, Asked(PIN))
        assert session.pin_status().tries_left in (3, None)


def test_a_card_that_is_pulled_out_is_noticed_and_told(new_card: NewCard) -> None:
    _, process = new_card("jcecard")
    signer = PcscSigner()
    from threading import Event

    events: list[TokenEvent] = []
    gone = Event()

    def tell(event: TokenEvent) -> None:
        events.append(event)
        gone.set()

    with signer.open(signer.list_tokens()[0]) as session, signer.watch(tell, interval=0.05):
        assert session.sign(b"m", P256, Asked(PIN))
        process.terminate()
        process.wait(20)
        assert gone.wait(20)
        with pytest.raises(SigningError) as caught:
            session.sign(b"m", P256, Asked(PIN))
        assert caught.value.fault.code in ("signing.token-removed", "signing.no-token")
    assert events[0].change is TokenChange.REMOVED


def test_a_reader_that_another_holds_is_busy(new_card: NewCard) -> None:
    new_card("jcecard")
    signer = PcscSigner()
    token = signer.list_tokens()[0]
    with signer.open(token):
        with pytest.raises(SigningError) as caught:
            PcscSigner().open(token)
        assert caught.value.fault.code == "signing.reader-busy"


def test_an_empty_reader_is_listed_with_the_remedy(daemon: None) -> None:
    del daemon
    token = PcscSigner().list_tokens()[0]
    assert token.fault is not None
    assert token.fault.code == "signing.no-token"
