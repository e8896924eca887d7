"""The PC/SC driver on a real daemon, with cards that others wrote."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from socialins.signing import (
    Certificate,
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
from socialins.signing.der import tagged
from socialins.signing.drivers.apdu import exchange, find_tag
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.signing.drivers.readers import PcscReaders
from socialins.testing.tokens.samples import SUBJECT, UNIT, Asked, authority

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
PIN, ADMIN = b"123456", b"12345678"
P256_OID = bytes.fromhex("2A8648CE3D030107")
Insert = Callable[[str], "subprocess.Popen[bytes]"]

CARDS = [("jcecard", P256), ("openpgp", P256), ("openpgp", RSA)]


def connected() -> Any:
    readers = PcscReaders()
    return readers.connect(readers.names()[0], exclusive=True)


def ok(channel: Any, header: str, data: bytes = b"", **how: Any) -> bytes:
    answer = exchange(channel, bytes.fromhex(header), data, **how)
    assert answer.ok, f"{header}: {answer.status:04X}"
    return answer.data


def p256_key(point: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec

    return spki(ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))


def rsa_key(modulus: bytes, exponent: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import rsa

    numbers = (int.from_bytes(one, "big") for one in (exponent, modulus))
    return spki(rsa.RSAPublicNumbers(*numbers).public_key())


def spki(key: Any) -> bytes:
    from cryptography.hazmat.primitives import serialization as how

    made: bytes = key.public_bytes(how.Encoding.DER, how.PublicFormat.SubjectPublicKeyInfo)
    return made


def personalised(card: str, scheme: Scheme) -> Certificate:
    """Have the card make a key, and write the unit's certificate to it."""
    channel = connected()
    try:
        return _piv(channel) if card == "jcecard" else _openpgp(channel, scheme)
    finally:
        channel.close()


def _piv(channel: Any) -> Certificate:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    ok(channel, "00A40400", bytes.fromhex("A00000030800001000"))
    witness = ok(channel, "0087039B", bytes.fromhex("7C028000"))[4:]
    key = bytes.fromhex("010203040506070801020304050607080102030405060708")
    plain = Cipher(TripleDES(key), modes.ECB()).decryptor().update(witness)
    proof = tagged(0x80, plain) + tagged(0x81, bytes(8))
    ok(channel, "0087039B", tagged(0x7C, proof))
    made = ok(channel, "0047009C", bytes.fromhex("AC03800111"))
    certificate = authority(P256).certify(SUBJECT, p256_key(made[-65:]))
    stored = tagged(0x70, certificate.der) + bytes.fromhex("710100FE00")
    ok(channel, "00DB3FFF", bytes.fromhex("5C035FC10A") + tagged(0x53, stored), answer=False)
    return certificate


def _openpgp(channel: Any, scheme: Scheme) -> Certificate:
    ok(channel, "00A40400", bytes.fromhex("D27600012401"))
    ok(channel, "00200083", ADMIN, answer=False)
    attributes = b"\x13" + P256_OID if scheme is P256 else bytes.fromhex("010800002000")
    ok(channel, "00DA00C1", attributes, answer=False)
    made = waited_for_key(channel)
    if scheme is P256:
        public = p256_key(made[-65:])
    else:
        inner = made[2 + 1 + (made[2] & 0x7F if made[2] >= 0x80 else 0) :]
        public = rsa_key(find_tag(inner, 0x81), find_tag(inner, 0x82))
    certificate = authority(P256).certify(SUBJECT, public)
    ok(channel, "00DA7F21", certificate.der, answer=False, long="extended")
    return certificate


def waited_for_key(channel: Any) -> bytes:
    """The public key of a new pair: this card begins to make one when it is told its kind."""
    end = time.monotonic() + 20
    while True:
        answer = exchange(channel, bytes.fromhex("00478000"), bytes.fromhex("B600"))
        if answer.ok:
            return answer.data
        assert time.monotonic() < end, f"{answer.status:04X}"
        time.sleep(0.02)


@pytest.mark.parametrize(("card", "scheme"), CARDS)
def test_a_card_of_others_signs_what_verifies(card: str, scheme: Scheme, insert: Insert) -> None:
    insert(card)
    certificate = personalised(card, scheme)
    signer = PcscSigner()
    token = signer.list_tokens()[0]
    assert (token.certificate, token.pin.tries_left) == (certificate, 3)
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))
    documents = [Document(f"{number}", bytes([number]) * 1000) for number in range(1, 4)]
    with signer.open(token) as session:
        made = sign_documents(session, documents, Asked(PIN), terms)
    assert made.complete, made.fault
    for one in made.signed:
        found = verify(
            one.document.content, one.signature, unit=UNIT, authorities=terms.authorities, at=NOW
        )
        assert found.ok, found.faults


@pytest.mark.parametrize(("card", "scheme"), CARDS[:2])
def test_a_wrong_pin_costs_one_try_of_a_real_card_and_the_last_is_kept(
    card: str, scheme: Scheme, insert: Insert
) -> None:
    insert(card)
    personalised(card, scheme)
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
def test_a_short_pin_costs_a_real_card_nothing(card: str, scheme: Scheme, insert: Insert) -> None:
    insert(card)
    personalised(card, scheme)
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        with pytest.raises(SigningError):
            session.sign(b"m", scheme, Asked(b"12345"))
        assert session.pin_status().tries_left == 3


@pytest.mark.parametrize(("card", "scheme"), CARDS[:2])
def test_a_real_card_s_pin_is_changed(card: str, scheme: Scheme, insert: Insert) -> None:
    from socialins.signing import Pin

    insert(card)
    personalised(card, scheme)
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        session.change_pin(lambda asked: Pin(b"24681357" if asked.purpose == "new" else PIN))
        assert session.sign(b"m", scheme, Asked(b"24681357"))


def test_a_card_that_is_pulled_out_is_noticed_and_told(insert: Insert) -> None:
    process = insert("jcecard")
    personalised("jcecard", P256)
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


def test_a_reader_that_another_holds_is_busy(insert: Insert) -> None:
    insert("jcecard")
    personalised("jcecard", P256)
    signer = PcscSigner()
    token = signer.list_tokens()[0]
    with signer.open(token):
        with pytest.raises(SigningError) as caught:
            PcscSigner().open(token)
        assert caught.value.fault.code == "signing.reader-busy"


def test_an_empty_reader_is_listed_with_the_remedy(daemon: int) -> None:
    del daemon
    token = PcscSigner().list_tokens()[0]
    assert token.fault is not None
    assert token.fault.code == "signing.no-token"
