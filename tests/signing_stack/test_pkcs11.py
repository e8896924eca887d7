"""The PKCS#11 driver over a library that nobody here wrote."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialins.signing import (
    Document,
    KeyTerms,
    Pin,
    PinIncorrect,
    Scheme,
    SigningError,
    sign_documents,
    verify,
)
from socialins.signing.drivers.pkcs11 import Pkcs11Signer
from socialins.signing.registry import make_signer
from socialins.testing.tokens.personal import personalise_pkcs11
from socialins.testing.tokens.samples import UNIT, Asked, authority

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
PIN, OFFICER = b"123456", b"87654321"
Takes = Callable[[bytes, bytes, Any], bool]


@pytest.fixture
def label(new_token: Callable[..., str]) -> str:
    """A new token of SoftHSM."""
    return new_token(PIN, OFFICER)


def mine(signer: Any, label: str) -> Any:
    return next(one for one in signer.list_tokens() if one.label == label)


@pytest.mark.parametrize("scheme", [RSA, P256])
def test_a_token_of_softhsm_signs_what_verifies(
    scheme: Scheme,
    softhsm: Path,
    label: str,
    openssl_takes: Takes,
) -> None:
    certificate = personalise_pkcs11(softhsm, label, PIN, scheme)
    signer = make_signer("pkcs11", {"module": str(softhsm)})
    token = mine(signer, label)
    assert token.certificate == certificate
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
        assert openssl_takes(one.document.content, one.signature, terms.authorities[0])
        assert not openssl_takes(b"x", one.signature, terms.authorities[0])


def test_a_wrong_pin_is_told_and_a_right_one_taken_afterwards(softhsm: Path, label: str) -> None:
    personalise_pkcs11(softhsm, label, PIN)
    signer = Pkcs11Signer(softhsm)
    with signer.open(mine(signer, label)) as session:
        with pytest.raises(PinIncorrect):
            session.sign(b"m", P256, Asked(b"654321"))
        assert session.sign(b"m", P256, Asked(PIN))


def test_a_login_does_not_outlive_its_signature(softhsm: Path, label: str) -> None:
    import pkcs11

    personalise_pkcs11(softhsm, label, PIN)
    signer = Pkcs11Signer(softhsm)
    with signer.open(mine(signer, label)) as session:
        session.sign(b"m", P256, Asked(PIN))
        token = pkcs11.lib(str(softhsm)).get_token(token_label=label)
        with token.open() as other:
            wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}
            assert list(other.get_objects(wanted)) == [], "the token is still logged in"


def test_a_pin_is_changed_and_unblocked(softhsm: Path, label: str) -> None:
    personalise_pkcs11(softhsm, label, PIN)
    signer = Pkcs11Signer(softhsm)

    def ask(request: Any) -> Pin:
        return Pin({"current": PIN, "unblock": OFFICER}.get(request.purpose, b"777777"))

    with signer.open(mine(signer, label)) as session:
        session.change_pin(ask)
        assert session.sign(b"m", P256, Asked(b"777777"))
        with pytest.raises(PinIncorrect):
            session.change_pin(ask)
        session.unblock_pin(lambda asked: Pin(OFFICER if asked.purpose == "unblock" else PIN))
        assert session.sign(b"m", P256, Asked(PIN))


def test_another_certificate_than_the_expected_one_is_refused(softhsm: Path, label: str) -> None:
    personalise_pkcs11(softhsm, label, PIN)
    signer = Pkcs11Signer(softhsm)
    with pytest.raises(SigningError) as caught:
        signer.open(mine(signer, label), "ab" * 32)
    assert caught.value.fault.code == "signing.wrong-token"


def test_a_token_without_a_certificate_is_listed_with_the_reason(softhsm: Path, label: str) -> None:
    token = mine(Pkcs11Signer(softhsm), label)
    assert token.fault is not None
    assert token.fault.code == "signing.no-certificate"
