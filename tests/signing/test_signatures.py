"""A signature that holds for another document, or another unit, is worth less than none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from socialins.identity import CreditCode
from socialins.model.unit import Unit
from socialins.rules.signing import SchemeRule, SigningRules
from socialins.signing import Document, KeyTerms, Pin, Scheme, sign_documents, verify
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.signing.drivers.sm2file import Sm2FileSigner
from socialins.signing.raw import holds
from socialins.signing.signature import read_signature
from socialins.testing.tokens import VirtualAuthority
from socialins.testing.tokens.samples import UNIT, Asked, authority, inserted, unit_key

SCHEMES = list(Scheme)
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
CONTENT = "单位社保申报 2026-11".encode()


def signed(scheme: Scheme, content: bytes, at: datetime = NOW) -> bytes:
    """A document signed by the unit's key: on a card, or for SM2 in a file of this process."""
    terms = KeyTerms(unit=UNIT, at=at, authorities=(authority(scheme).certificate,))
    if scheme is Scheme.SM2_SM3:
        session: Any = _MemorySession()
    else:
        _, signer = inserted(scheme)
        session = signer.open(signer.list_tokens()[0])
    with session:
        made = sign_documents(session, [Document("a", content)], Asked(), terms)
    assert made.complete, made.fault
    return made.signed[0].signature


class _MemorySession:
    """The unit's SM2 key without a file, so that properties run quickly."""

    def certificate(self) -> Any:
        return unit_key(Scheme.SM2_SM3).certificate

    def sign(self, message: bytes, _scheme: Scheme, _ask: Any) -> bytes:
        return unit_key(Scheme.SM2_SM3).sign(message)

    def __enter__(self) -> _MemorySession:
        return self

    def __exit__(self, *_about: object) -> None: ...


def checked(content: bytes, signature: bytes, scheme: Scheme, **changes: Any) -> Any:
    known = {"unit": UNIT, "authorities": (authority(scheme).certificate,)}
    return verify(content, signature, **{**known, **changes})


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=8)
@given(content=st.binary(min_size=1, max_size=2_000))
def test_any_document_signs_and_verifies(scheme: Scheme, content: bytes) -> None:
    found = checked(content, signed(scheme, content), scheme)
    assert found.ok, found.faults


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=20)
@given(data=st.data())
def test_any_flipped_bit_of_a_document_is_noticed(scheme: Scheme, data: st.DataObject) -> None:
    signature = _kept(scheme)
    bit = data.draw(st.integers(0, len(CONTENT) * 8 - 1))
    found = checked(flipped(CONTENT, bit), signature, scheme)
    assert not found.ok
    assert not found.content.ok
    assert (found.signature.ok, found.chain.ok, found.binding.ok) == (True, True, True)


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=60)
@given(data=st.data())
def test_any_flipped_bit_of_a_signature_is_noticed(scheme: Scheme, data: st.DataObject) -> None:
    signature = _kept(scheme)
    bit = data.draw(st.integers(0, len(signature) * 8 - 1))
    assert not checked(CONTENT, flipped(signature, bit), scheme).ok


def test_every_single_bit_of_a_signature_counts() -> None:
    scheme = Scheme.ECDSA_P256_SHA256
    signature = _kept(scheme)
    unnoticed = [
        bit
        for bit in range(len(signature) * 8)
        if checked(CONTENT, flipped(signature, bit), scheme).ok
    ]
    assert unnoticed == []


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=60)
@given(data=st.data())
def test_any_flipped_bit_of_a_raw_signature_is_noticed(scheme: Scheme, data: st.DataObject) -> None:
    key = unit_key(scheme)
    signature = _raw(scheme)
    assert holds(key.certificate.spki, scheme, CONTENT, signature)
    bit = data.draw(st.integers(0, len(signature) * 8 - 1))
    assert not holds(key.certificate.spki, scheme, CONTENT, flipped(signature, bit))


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_verifying(garbage: bytes) -> None:
    found = verify(CONTENT, garbage, unit=UNIT)
    assert not found.ok
    assert found.faults[0].code == "signing.not-a-signature"


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_signature_is_told_and_does_not_raise(data: st.DataObject) -> None:
    signature = bytearray(_kept(Scheme.SM2_SM3))
    for _ in range(data.draw(st.integers(1, 6))):
        signature[data.draw(st.integers(0, len(signature) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(signature)))
    assert isinstance(checked(CONTENT, bytes(signature[:cut]), Scheme.SM2_SM3).ok, bool)


def test_something_behind_a_signature_is_noticed() -> None:
    assert not checked(CONTENT, _kept(Scheme.SM2_SM3) + b"\0", Scheme.SM2_SM3).ok


@pytest.mark.parametrize("scheme", SCHEMES)
def test_each_side_is_told_by_itself(scheme: Scheme) -> None:
    signature = _kept(scheme)
    other = Unit("中州另一公司", CreditCode("91990100MA0000002K"))
    found = checked(b"another", signature, scheme, unit=other, authorities=())
    told = {name: [fault.code for fault in one.faults] for name, one in found.aspects()}
    assert told == {
        "signature": [],
        "chain": ["signing.no-authorities"],
        "content": ["signing.content-altered"],
        "binding": ["signing.key-unit-name", "signing.key-credit-code"],
    }
    assert found.signature.ok
    assert found.certificate == unit_key(scheme).certificate
    assert [fault.place.field for fault in found.faults] == ["chain", "content", *["binding"] * 2]


def test_a_signature_of_a_stranger_leads_to_no_authority() -> None:
    stranger = VirtualAuthority(Scheme.ECDSA_P256_SHA256, "别的中心")
    found = checked(
        CONTENT, _kept(Scheme.SM2_SM3), Scheme.SM2_SM3, authorities=(stranger.certificate,)
    )
    assert [fault.code for fault in found.chain.faults] == ["signing.key-untrusted"]


def test_a_signature_of_another_moment_is_judged_by_that() -> None:
    signature = _kept(Scheme.SM2_SM3)
    late = NOW + timedelta(days=365 * 20)
    assert checked(CONTENT, signature, Scheme.SM2_SM3).judged_at == NOW
    found = checked(CONTENT, signature, Scheme.SM2_SM3, at=late)
    assert "signing.key-expired" in [fault.code for fault in found.chain.faults]


def test_both_algorithms_are_trusted_in_their_spans() -> None:
    # A unit's certificate went from RSA to SM2 within its validity.
    change = NOW.date()
    rules = SigningRules(
        schemes=(
            SchemeRule(scheme="rsa-pkcs1-sha256", end=change),
            SchemeRule(scheme="sm2-sm3", start=change),
        )
    )
    for scheme, day, good in (
        (Scheme.RSA_PKCS1_SHA256, NOW - timedelta(days=30), True),
        (Scheme.RSA_PKCS1_SHA256, NOW + timedelta(days=30), False),
        (Scheme.SM2_SM3, NOW - timedelta(days=30), False),
        (Scheme.SM2_SM3, NOW + timedelta(days=30), True),
    ):
        found = checked(CONTENT, _kept(scheme), scheme, rules=rules, at=day)
        assert found.chain.ok is good
        assert good or [fault.code for fault in found.chain.faults] == ["signing.key-scheme"]


def test_what_a_verification_found_is_plain_data() -> None:
    import json

    found = checked(b"another", _kept(Scheme.SM2_SM3), Scheme.SM2_SM3)
    plain = json.loads(json.dumps(found.to_plain("en")))
    assert plain["ok"] is False
    assert plain["content"]["faults"][0]["code"] == "signing.content-altered"
    assert plain["certificate"]["credit_code"] == str(UNIT.credit_code)


def test_sm2_signatures_use_the_identifiers_of_their_standard() -> None:
    from asn1crypto.core import ObjectIdentifier

    signature = _kept(Scheme.SM2_SM3)
    for oid in (
        "1.2.156.10197.6.1.4.2.1",  # data
        "1.2.156.10197.6.1.4.2.2",  # signedData
        "1.2.156.10197.1.401",  # SM3
        "1.2.156.10197.1.301.1",  # SM2-1, signatures
    ):
        assert ObjectIdentifier(oid).dump() in signature
    assert read_signature(signature).signed_at == NOW


# Key files.


@pytest.mark.parametrize("clear", [False, True])
@pytest.mark.parametrize("scheme", [Scheme.RSA_PKCS1_SHA256, Scheme.ECDSA_P256_SHA256])
def test_a_pkcs12_file_signs(scheme: Scheme, clear: bool, tmp_path: Path) -> None:
    file = tmp_path / "unit.p12"
    file.write_bytes(unit_key(scheme).pkcs12(b"pass-word", clear_certificate=clear))
    signer = Pkcs12Signer(file)
    (token,) = signer.list_tokens()
    assert (token.certificate is not None) is clear
    asked = Asked(b"pass-word")
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(scheme).certificate,))
    with signer.open(token) as session:
        made = sign_documents(session, [Document("a", CONTENT), Document("b", b"b")], asked, terms)
    assert made.complete
    assert len(asked.requests) == 1
    assert checked(CONTENT, made.signed[0].signature, scheme, at=NOW).ok


def test_the_certificate_beside_a_file_makes_it_known_before_the_password(tmp_path: Path) -> None:
    key = unit_key(Scheme.ECDSA_P256_SHA256)
    (tmp_path / "unit.p12").write_bytes(key.pkcs12(b"pass-word"))
    (tmp_path / "unit.cer").write_bytes(key.certificate.der)
    (token,) = Pkcs12Signer(tmp_path / "unit.p12").list_tokens()
    assert token.certificate == key.certificate


@pytest.mark.parametrize("driver", [Pkcs12Signer, Sm2FileSigner])
def test_a_wrong_password_and_a_wrong_file_are_told(driver: Any, tmp_path: Path) -> None:
    from socialins.signing import PinIncorrect

    gone = driver(tmp_path / "gone.p12")
    assert gone.list_tokens()[0].fault.code == "signing.file-unreadable"
    if driver is Pkcs12Signer:
        (tmp_path / "x.p12").write_bytes(unit_key(Scheme.ECDSA_P256_SHA256).pkcs12(b"pass-word"))
        signer = driver(tmp_path / "x.p12")
        with signer.open(signer.list_tokens()[0]) as session, pytest.raises(PinIncorrect):
            session.sign(b"m", Scheme.ECDSA_P256_SHA256, lambda _: Pin("wrong"))
        (tmp_path / "x.p12").write_bytes(b"no such file")
        assert signer.list_tokens()[0].fault.code == "signing.file-unreadable"


def test_a_file_of_another_key_than_its_certificate_is_noticed(tmp_path: Path) -> None:
    from socialins.signing import SigningError

    other = authority(Scheme.SM2_SM3).issue({"O": "别的单位"})
    (tmp_path / "a.key").write_bytes(other.pkcs8())
    (tmp_path / "a.cer").write_bytes(unit_key(Scheme.SM2_SM3).certificate.der)
    signer = Sm2FileSigner(tmp_path / "a.key")
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(SigningError) as caught:
        session.sign(b"m", Scheme.SM2_SM3, lambda _: Pin(""))
    assert caught.value.fault.code == "signing.key-missing"


def test_an_sm2_file_signs(tmp_path: Path) -> None:
    key = unit_key(Scheme.SM2_SM3)
    (tmp_path / "a.key").write_bytes(key.pkcs8())
    (tmp_path / "a.cer").write_bytes(key.certificate.der)
    signer = Sm2FileSigner(tmp_path / "a.key")
    with signer.open(signer.list_tokens()[0]) as session:
        signature = session.sign(CONTENT, Scheme.SM2_SM3, lambda _: Pin(""))
        with pytest.raises(Exception, match="can't sign with rsa"):
            session.sign(CONTENT, Scheme.RSA_PKCS1_SHA256, lambda _: Pin(""))
    assert holds(key.certificate.spki, Scheme.SM2_SM3, CONTENT, signature)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


_KEPT: dict[Scheme, bytes] = {}
_RAW: dict[Scheme, bytes] = {}


def _kept(scheme: Scheme) -> bytes:
    if scheme not in _KEPT:
        _KEPT[scheme] = signed(scheme, CONTENT)
    return _KEPT[scheme]


def _raw(scheme: Scheme) -> bytes:
    if scheme not in _RAW:
        _RAW[scheme] = unit_key(scheme).sign(CONTENT)
    return _RAW[scheme]
