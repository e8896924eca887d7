"""Another unit's key signs just as well, and a bureau takes it for that unit's word."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from socialins.identity import CreditCode
from socialins.model.unit import Unit
from socialins.rules.signing import (
    AuthorityRule,
    CertificateField,
    SchemeRule,
    SigningRules,
    Text,
)
from socialins.signing import (
    Certificate,
    Document,
    KeyRefused,
    KeyTerms,
    RevocationList,
    Scheme,
    SigningError,
    check_key,
    sign_documents,
)
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.tokens import IssuedKey, VirtualAuthority, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import SUBJECT, UNIT, Asked, authority, unit_key

P256 = Scheme.ECDSA_P256_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
CODE = str(UNIT.credit_code)
OTHER_CODE = "91990100MA0000002K"


def codes(certificate: Certificate, **changes: Any) -> list[str]:
    known: dict[str, Any] = {
        "unit": UNIT,
        "at": NOW,
        "authorities": (authority(P256).certificate,),
    }
    return [fault.code for fault in check_key(certificate, KeyTerms(**{**known, **changes}))]


def issued(subject: dict[str, str] | None = None, **how: Any) -> Certificate:
    return authority(P256).issue(subject or SUBJECT, **how).certificate


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_unit_s_own_key_is_the_right_one(scheme: Scheme) -> None:
    trusted = (authority(scheme).certificate,)
    assert codes(unit_key(scheme).certificate, authorities=trusted) == []


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], list[str]]] = {
    "another-unit": (
        {"O": "中州另一公司", "OU": OTHER_CODE},
        {},
        ["signing.key-unit-name", "signing.key-credit-code"],
    ),
    "brackets": (
        {**SUBJECT, "O": UNIT.name.replace("(", "（").replace(")", "）")},
        {},
        ["signing.key-unit-name"],
    ),
    "a-blank": ({**SUBJECT, "O": UNIT.name + " "}, {}, ["signing.key-unit-name"]),
    "no-name": ({"OU": CODE}, {}, ["signing.key-no-unit-name"]),
    "no-code": ({"O": UNIT.name}, {}, ["signing.key-no-credit-code"]),
    "two-codes": (
        {**SUBJECT, "serialNumber": OTHER_CODE},
        {},
        ["signing.key-credit-code"],
    ),
    "for-encryption": (
        SUBJECT,
        {"usage": ("key_encipherment", "data_encipherment")},
        ["signing.key-usage"],
    ),
    "expired": (
        SUBJECT,
        {"end": NOW - timedelta(seconds=1)},
        ["signing.key-expired"],
    ),
    "not-yet": (SUBJECT, {"start": NOW + timedelta(seconds=1)}, ["signing.key-early"]),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_key_is_named_for_what_is_wrong(case: str) -> None:
    subject, how, expected = WRONG[case]
    assert codes(issued(subject, **how)) == expected


@pytest.mark.parametrize("case", [*WRONG, "untrusted"])
def test_a_wrong_key_is_refused_before_any_pin(case: str) -> None:
    subject, how, expected = WRONG.get(case, (SUBJECT, {}, ["signing.key-untrusted"]))
    issuer = VirtualAuthority(P256, "别的中心") if case == "untrusted" else authority(P256)
    card = VirtualCard(issuer.issue(subject, **how))
    signer = PcscSigner(VirtualReaders({"reader": card}))
    asked = Asked()
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(KeyRefused) as caught:
        sign_documents(session, [Document("a", b"a")], asked, terms)
    assert [fault.code for fault in caught.value.all] == expected
    assert asked.requests == []
    assert (card.asked["VERIFY"], card.asked["SIGN"]) == (0, 0)
    assert card.left == card.tries


def test_the_first_and_the_last_second_of_a_certificate_count() -> None:
    start, end = NOW - timedelta(days=1), NOW + timedelta(days=1)
    certificate = issued(start=start, end=end)
    second = timedelta(seconds=1)
    assert codes(certificate, at=start) == codes(certificate, at=end) == []
    assert codes(certificate, at=start - second) == ["signing.key-early"]
    assert codes(certificate, at=end + second) == ["signing.key-expired"]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        codes(issued(), at=datetime(2026, 11, 3))  # noqa: DTZ001


def test_a_chain_leads_over_the_certificates_between() -> None:
    root = authority(P256)
    middle = root.issue_authority("中州二级中心")
    key = middle.issue(SUBJECT).certificate
    assert codes(key) == ["signing.key-untrusted"]
    assert codes(key, between=(middle.certificate,)) == []
    assert codes(key, authorities=(middle.certificate,)) == []


def test_a_unit_s_key_can_t_issue_another() -> None:
    mine = unit_key(P256)
    forger = VirtualAuthority(P256)
    forger.name, forger.private = SUBJECT, mine.private
    forged = forger.issue(SUBJECT).certificate
    assert codes(forged, between=(mine.certificate,)) == ["signing.key-chain"]


def test_an_authority_of_the_same_name_is_not_the_authority() -> None:
    impostor = VirtualAuthority(P256)
    found = impostor.issue(SUBJECT).certificate
    assert codes(found) == ["signing.key-chain"]
    assert codes(found, between=(impostor.certificate,)) == ["signing.key-chain"]


def test_without_authorities_nothing_is_trusted() -> None:
    assert codes(issued(), authorities=()) == ["signing.no-authorities"]


def test_a_revoked_key_is_refused_from_that_moment_on() -> None:
    certificate = issued()
    listed = authority(P256).revoke([certificate], NOW)
    assert codes(certificate, lists=(listed,)) == ["signing.key-revoked"]
    assert codes(certificate, lists=(listed,), at=NOW - timedelta(seconds=1)) == []
    assert codes(issued(), lists=(listed,)) == []


def test_a_list_is_believed_only_from_its_issuer_and_in_its_time() -> None:
    certificate = issued()
    forged = VirtualAuthority(P256).revoke([], NOW)
    assert codes(certificate, lists=(forged,)) == ["signing.crl"]
    old = authority(P256).revoke([], NOW - timedelta(days=9), NOW - timedelta(days=1))
    assert codes(certificate, lists=(old,)) == ["signing.crl"]
    others = VirtualAuthority(P256, "别的中心").revoke([certificate], NOW)
    assert codes(certificate, lists=(others,)) == [], "other issuers have other numbers"


@given(st.binary(max_size=200))
def test_what_is_no_list_or_certificate_is_told(garbage: bytes) -> None:
    with pytest.raises(SigningError):
        RevocationList(garbage)
    with pytest.raises(SigningError):
        Certificate.read(garbage)


# What a region's rules say.


def pem(certificate: Certificate) -> str:
    from asn1crypto.pem import armor

    return str(armor("CERTIFICATE", certificate.der).decode())


def test_a_region_names_its_authorities_and_their_days() -> None:
    one = AuthorityRule(
        title=Text("中心", "centre"),
        certificate=pem(authority(P256).certificate),
        end=date(2026, 11, 3),
        source="s",
    )
    rules = SigningRules(authorities=(one,))
    assert codes(issued(), authorities=(), rules=rules) == []
    # 16:00 in Greenwich is the next day in China.
    late = datetime(2026, 11, 3, 16, tzinfo=UTC)
    assert codes(issued(), authorities=(), rules=rules, at=late) == ["signing.no-authorities"]


@pytest.mark.parametrize(
    ("field", "subject", "extensions"),
    [
        (CertificateField(field="serialNumber"), {"serialNumber": CODE}, {}),
        (
            CertificateField(field="organizationIdentifier", prefix="NTRCN-"),
            {"organizationIdentifier": f"NTRCN-{CODE}"},
            {},
        ),
        (CertificateField(field="2.5.4.97"), {"organizationIdentifier": CODE}, {}),
        (
            CertificateField(field="extension:1.2.3.4"),
            {},
            {"1.2.3.4": b"\x0c\x12" + CODE.encode()},
        ),
        (CertificateField(field="extension:1.2.3.4"), {}, {"1.2.3.4": CODE.encode()}),
    ],
    ids=["serial", "prefix", "identifier", "extension", "bare-extension"],
)
def test_the_credit_code_stands_where_the_authority_writes_it(
    field: CertificateField, subject: dict[str, str], extensions: dict[str, bytes]
) -> None:
    rules = SigningRules(credit_code=(field,))
    certificate = issued({"O": UNIT.name, **subject}, extensions=extensions)
    assert codes(certificate, rules=rules) == []
    assert codes(issued(), rules=rules) == ["signing.key-no-credit-code"]


def test_a_unit_without_a_code_can_t_be_compared() -> None:
    assert codes(issued(), unit=Unit(UNIT.name)) == ["signing.unit-no-credit-code"]
    assert codes(issued(), unit=Unit(UNIT.name, CreditCode(OTHER_CODE))) == [
        "signing.key-credit-code"
    ]


def test_a_scheme_out_of_its_days_is_refused() -> None:
    rules = SigningRules(schemes=(SchemeRule(scheme="sm2-sm3"),))
    assert codes(issued(), rules=rules) == ["signing.key-scheme"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("", []),
        ("230100000001", []),
        ("230100000002", ["signing.key-id-differs"]),
        ("23010000000", ["signing.key-id"]),
        (UNIT.name, ["signing.key-id"]),
        ("２３０１００００００００", ["signing.key-id"]),
    ],
)
def test_the_number_on_the_key_is_twelve_digits_and_the_registered_one(
    number: str, expected: list[str]
) -> None:
    rules = SigningRules(key_id=(CertificateField(field="serialNumber"),))
    certificate = issued({**SUBJECT, "serialNumber": "230100000001"})
    assert codes(certificate, rules=rules, key_id=number) == expected


def test_one_account_has_one_certificate_and_one_certificate_one_account() -> None:
    mine, other = issued(), issued()
    assert codes(mine, account="A1", registered={}) == []
    assert codes(mine, account="A1", registered={"A1": mine.sha256.upper()}) == []
    assert codes(mine, account="A1", registered={"A1": other.sha256}) == ["signing.key-account"]
    assert codes(mine, account="A2", registered={"A1": mine.sha256}) == ["signing.key-taken"]


def test_a_key_of_two_units_brackets_is_explained_in_both_languages() -> None:
    certificate = issued({**SUBJECT, "O": "中州机械（集团）有限公司"})
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))
    (fault,) = check_key(certificate, terms)
    assert "括号" in fault.explanation("zh")
    assert "U+FF08" in fault.explanation("en")


def test_another_key_in_the_same_reader_is_noticed_before_any_pin() -> None:
    first, second = VirtualCard(unit_key(P256)), VirtualCard(_other_key())
    readers = VirtualReaders({"reader": first})
    signer = PcscSigner(readers)
    (token,) = signer.list_tokens()
    readers.cards["reader"] = second
    with pytest.raises(SigningError) as caught:
        signer.open(token)
    assert caught.value.fault.code == "signing.wrong-token"
    with pytest.raises(SigningError) as caught:
        signer.open(signer.list_tokens()[0], unit_key(P256).certificate.sha256)
    assert caught.value.fault.code == "signing.wrong-token"
    assert second.asked["VERIFY"] == 0


def _other_key() -> IssuedKey:
    return authority(P256).issue({**SUBJECT, "CN": "第二把"})
