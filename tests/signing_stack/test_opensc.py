"""The PKCS#11 driver over OpenSC, and under it the daemon and cards that others wrote.

This is the way of a vendor's key: the driver sees a library alone, the library speaks to a card. Of
the three cards, two count their tries; the library passes on what it saw of that.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialins.signing import (
    Document,
    KeyTerms,
    LastTry,
    PinBlocked,
    PinIncorrect,
    Scheme,
    SigningError,
    sign_documents,
    verify,
)
from socialins.signing.drivers.pkcs11 import Pkcs11Signer
from socialins.signing.registry import make_signer
from socialins.testing.tokens.samples import UNIT, Asked, authority, unit_key

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
PIN, WRONG = b"123456", b"654321"
Insert = Callable[..., "subprocess.Popen[bytes]"]
Takes = Callable[[bytes, bytes, Any], bool]


def the_token(signer: Any) -> Any:
    (token,) = [one for one in signer.list_tokens() if one.certificate is not None]
    return token


def test_a_cac_card_signs_what_openssl_verifies(
    opensc: Path,
    cac: Path,
    insert: Insert,
    openssl_takes: Takes,
) -> None:
    insert("libcacard", cac)
    signer = make_signer("pkcs11", {"module": str(opensc)})
    token = the_token(signer)
    assert token.certificate == unit_key(RSA).certificate
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(RSA).certificate,))
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


def test_a_wrong_pin_is_shown_once_and_the_right_one_taken_afterwards(
    opensc: Path, cac: Path, insert: Insert
) -> None:
    insert("libcacard", cac)
    signer = Pkcs11Signer(opensc)
    with signer.open(the_token(signer)) as session:
        asked = Asked(WRONG)
        with pytest.raises(SigningError) as caught:
            session.sign(b"m", RSA, asked)
        # Libcacard says 6985 to a wrong PIN, of which OpenSC makes a general error.
        assert caught.value.fault.code == "signing.card-error"
        assert len(asked.requests) == 1
        assert session.sign(b"m", RSA, Asked(PIN))


def test_tries_left_are_told_and_the_last_is_kept_through_a_library(
    opensc: Path, cac: Path, insert: Insert
) -> None:
    insert("libcacard-counting", cac)
    signer = Pkcs11Signer(opensc)
    with signer.open(the_token(signer)) as session:
        told = []
        for _ in range(2):
            with pytest.raises(PinIncorrect) as caught:
                session.sign(b"m", RSA, Asked(WRONG))
            told.append(caught.value.tries_left)
        # The interface has no numbers, only a flag for the last try.
        assert told == [None, 1]
        with pytest.raises(LastTry):
            session.sign(b"m", RSA, Asked(PIN))
        session.allow_last_try = True
        with pytest.raises(PinBlocked):
            session.sign(b"m", RSA, Asked(WRONG))
        assert session.pin_status().blocked
    assert the_token(signer).pin.blocked
