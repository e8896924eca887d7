"""The PKCS#11 driver over a library that nobody here wrote."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from socialins.signing import (
    Certificate,
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
from socialins.testing.tokens.samples import SUBJECT, UNIT, Asked, authority

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
PIN, OFFICER = b"123456", b"87654321"
_NUMBERS = count()


@pytest.fixture
def label(softhsm: Path) -> Iterator[str]:
    """A new token of SoftHSM."""
    name = f"unit-{next(_NUMBERS)}"
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            f"--label={name}",
            f"--pin={PIN.decode()}",
            f"--so-pin={OFFICER.decode()}",
        ],
        check=True,
        capture_output=True,
    )
    import pkcs11

    library = pkcs11.lib(str(softhsm))
    if hasattr(library, "reinitialize"):
        library.reinitialize()
    yield name
    subprocess.run(
        ["softhsm2-util", "--delete-token", f"--token={name}"], capture_output=True, check=False
    )


def personalised(module: Path, label: str, scheme: Scheme) -> Certificate:
    """Have the token make a key, and write the unit's certificate to it."""
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
    from pkcs11.util.rsa import encode_rsa_public_key

    token = pkcs11.lib(str(module)).get_token(token_label=label)
    with token.open(user_pin=PIN.decode(), rw=True) as session:
        how: dict[str, Any] = {"id": b"\x01", "label": "unit", "store": True}
        if scheme is RSA:
            public, _ = session.generate_keypair(pkcs11.KeyType.RSA, 2048, **how)
            from asn1crypto.keys import PublicKeyInfo, RSAPublicKey

            key = RSAPublicKey.load(encode_rsa_public_key(public))
            spki = PublicKeyInfo.wrap(key, "rsa").dump()
        else:
            curve = session.create_domain_parameters(
                pkcs11.KeyType.EC,
                {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")},
                local=True,
            )
            public, _ = curve.generate_keypair(**how)
            spki = encode_ec_public_key(public)
        certificate = authority(P256).certify(SUBJECT, spki)
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.PRIVATE: False,
                pkcs11.Attribute.ID: b"\x01",
                pkcs11.Attribute.SUBJECT: certificate.parsed.subject.dump(),
                pkcs11.Attribute.VALUE: certificate.der,
            }
        )
    return certificate


def mine(signer: Any, label: str) -> Any:
    return next(one for one in signer.list_tokens() if one.label == label)


@pytest.mark.parametrize("scheme", [RSA, P256])
def test_a_token_of_softhsm_signs_what_verifies(scheme: Scheme, softhsm: Path, label: str) -> None:
    certificate = personalised(softhsm, label, scheme)
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


def test_a_wrong_pin_is_told_and_a_right_one_taken_afterwards(softhsm: Path, label: str) -> None:
    personalised(softhsm, label, P256)
    signer = Pkcs11Signer(softhsm)
    with signer.open(mine(signer, label)) as session:
        with pytest.raises(PinIncorrect):
            session.sign(b"m", P256, Asked(b"654321"))
        assert session.sign(b"m", P256, Asked(PIN))


def test_a_login_does_not_outlive_its_signature(softhsm: Path, label: str) -> None:
    import pkcs11

    personalised(softhsm, label, P256)
    signer = Pkcs11Signer(softhsm)
    with signer.open(mine(signer, label)) as session:
        session.sign(b"m", P256, Asked(PIN))
        token = pkcs11.lib(str(softhsm)).get_token(token_label=label)
        with token.open() as other:
            wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}
            assert list(other.get_objects(wanted)) == [], "the token is still logged in"


def test_a_pin_is_changed_and_unblocked(softhsm: Path, label: str) -> None:
    personalised(softhsm, label, P256)
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
    personalised(softhsm, label, P256)
    signer = Pkcs11Signer(softhsm)
    with pytest.raises(SigningError) as caught:
        signer.open(mine(signer, label), "ab" * 32)
    assert caught.value.fault.code == "signing.wrong-token"


def test_a_token_without_a_certificate_is_listed_with_the_reason(softhsm: Path, label: str) -> None:
    token = mine(Pkcs11Signer(softhsm), label)
    assert token.fault is not None
    assert token.fault.code == "signing.no-certificate"
