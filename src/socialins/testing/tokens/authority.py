"""An authority for tests: it issues certificates with keys of any scheme, and revocation lists."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from socialins.faults import require
from socialins.signing.certificate import SM2_CURVE, Certificate
from socialins.signing.der import tagged
from socialins.signing.scheme import Scheme
from socialins.signing.sm2 import sm2_public, sm2_sign
from socialins.signing.trust import RevocationList
from socialins.testing.tokens.pkcs8 import encrypted_pkcs8

__all__ = ["IssuedKey", "VirtualAuthority"]

FROM = datetime(2025, 1, 1, tzinfo=UTC)
UNTIL = datetime(2035, 1, 1, tzinfo=UTC)
"""What certificates hold for, where nothing else is asked for."""

_NAMES = {
    "C": "country_name",
    "O": "organization_name",
    "OU": "organizational_unit_name",
    "CN": "common_name",
    "serialNumber": "serial_number",
    "organizationIdentifier": "organization_identifier",
}
_SIGNATURES = {
    Scheme.RSA_PKCS1_SHA256: "1.2.840.113549.1.1.11",
    Scheme.ECDSA_P256_SHA256: "1.2.840.10045.4.3.2",
    Scheme.SM2_SM3: "1.2.156.10197.1.501",
}


@attrs.frozen(repr=False)
class IssuedKey:
    """A private key with its certificate.

    Arguments:
        scheme: how it signs.
        private: the key: `cryptography`'s, or 32 bytes for SM2.
        certificate: its certificate.
    """

    scheme: Scheme
    private: Any
    certificate: Certificate

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        return _sign(self.scheme, self.private, message)

    def pkcs12(self, password: bytes, *, clear_certificate: bool = False) -> bytes:
        """The key and its certificate as a PKCS#12 file.

        Arguments:
            password: what opens it.
            clear_certificate: leave the certificate readable without it.
        """
        x509 = require("cryptography.x509", "sign")
        pkcs12 = require("cryptography.hazmat.primitives.serialization.pkcs12", "sign")
        serialization = require("cryptography.hazmat.primitives.serialization", "sign")
        certificate = x509.load_der_x509_certificate(self.certificate.der)
        protection = serialization.BestAvailableEncryption(password)
        whole = bytes(
            pkcs12.serialize_key_and_certificates(
                b"key", self.private, certificate, None, protection
            )
        )
        return _with_clear_certificate(whole, self.certificate) if clear_certificate else whole

    def pkcs8(self, password: bytes = b"") -> bytes:
        """An SM2 key as PKCS#8 in DER.

        Arguments:
            password: what it is encrypted with; empty to leave it in the clear.
        """
        keys = require("asn1crypto.keys", "sign")
        private = keys.ECPrivateKey(
            {
                "version": "ecPrivkeyVer1",
                "private_key": int.from_bytes(self.private, "big"),
                "public_key": sm2_public(self.private),
            }
        )
        private["private_key"].set_encoded_width(32)
        algorithm = _public(self.scheme, self.private)["algorithm"].dump()
        made = tagged(0x30, b"\x02\x01\x00" + algorithm + tagged(0x04, private.dump()))
        return encrypted_pkcs8(made, password) if password else made


class VirtualAuthority:
    """An authority that issues whatever a test needs.

    Arguments:
        scheme: how it signs.
        name: its common name.

    >>> authority = VirtualAuthority(Scheme.ECDSA_P256_SHA256)
    >>> key = authority.issue({"O": "中州机械有限公司", "OU": "91990100MA0000001G"})
    >>> key.certificate.fields("O"), key.certificate.scheme.value
    (('中州机械有限公司',), 'ecdsa-p256-sha256')
    """

    def __init__(
        self, scheme: Scheme = Scheme.ECDSA_P256_SHA256, name: str = "中州测试认证中心"
    ) -> None:
        self.scheme = Scheme(scheme)
        self.private = _new_key(self.scheme)
        self.name = {"C": "CN", "CN": name}
        public = _public(self.scheme, self.private)
        self.certificate = self._issue(public, self.name, self.name, _authority_extensions())

    def issue(
        self,
        subject: Mapping[str, str],
        scheme: Scheme | None = None,
        *,
        start: datetime = FROM,
        end: datetime = UNTIL,
        usage: Iterable[str] = ("digital_signature", "non_repudiation"),
        extensions: Mapping[str, bytes] | None = None,
        private: Any = None,
    ) -> IssuedKey:
        """Issue a certificate with a new key.

        Arguments:
            subject: fields of the subject: ``O``, ``OU``, ``CN``, ``serialNumber``,
                ``organizationIdentifier``.
            scheme: how the key signs; the authority's own by default.
            start: the first moment it holds.
            end: the last.
            usage: what the key may be used for, in asn1crypto's words.
            extensions: further extensions: object identifier → value in DER.
            private: the private key, where it is not to be a new one.
        """
        scheme = scheme or self.scheme
        private = _new_key(scheme) if private is None else private
        listed = [{"extn_id": "key_usage", "critical": True, "extn_value": set(usage)}]
        listed += [
            {"extn_id": oid, "critical": False, "extn_value": value}
            for oid, value in (extensions or {}).items()
        ]
        public = _public(scheme, private)
        made = self._issue(public, subject, self.name, listed, span=(start, end))
        return IssuedKey(scheme, private, made)

    def certify(self, subject: Mapping[str, str], spki: bytes) -> Certificate:
        """Issue a certificate for a public key whose private key lies elsewhere, as on a card.

        Arguments:
            subject: fields of the subject.
            spki: the public key with its algorithm, in DER.
        """
        public = require("asn1crypto.keys", "sign").PublicKeyInfo.load(spki)
        usage = {"digital_signature", "non_repudiation"}
        listed = [{"extn_id": "key_usage", "critical": True, "extn_value": usage}]
        return self._issue(public, subject, self.name, listed)

    def issue_authority(self, name: str, scheme: Scheme | None = None) -> VirtualAuthority:
        """An authority below this one."""
        made = VirtualAuthority(scheme or self.scheme, name)
        public = _public(made.scheme, made.private)
        made.certificate = self._issue(public, made.name, self.name, _authority_extensions())
        return made

    def revoke(
        self,
        certificates: Iterable[Certificate],
        since: datetime,
        until: datetime = UNTIL,
    ) -> RevocationList:
        """A revocation list.

        Arguments:
            certificates: what is revoked.
            since: since when.
            until: when the next list comes.
        """
        crl = require("asn1crypto.crl", "sign")
        algorithm = {"algorithm": _SIGNATURES[self.scheme]}
        body = crl.TbsCertList(
            {
                "version": "v2",
                "signature": algorithm,
                "issuer": _name(self.name),
                "this_update": _time(since),
                "next_update": _time(until),
                "revoked_certificates": [
                    {"user_certificate": one.serial, "revocation_date": _time(since)}
                    for one in certificates
                ],
            }
        )
        made = crl.CertificateList(
            {
                "tbs_cert_list": body,
                "signature_algorithm": algorithm,
                "signature": _sign(self.scheme, self.private, body.dump()),
            }
        )
        return RevocationList(made.dump())

    def _issue(
        self,
        public: Any,
        subject: Mapping[str, str],
        issuer: Mapping[str, str],
        extensions: list[dict[str, Any]],
        *,
        span: tuple[datetime, datetime] = (FROM, UNTIL),
    ) -> Certificate:
        x509 = require("asn1crypto.x509", "sign")
        algorithm = {"algorithm": _SIGNATURES[self.scheme]}
        body = x509.TbsCertificate(
            {
                "version": "v3",
                "serial_number": secrets.randbits(120) | 1 << 120,
                "signature": algorithm,
                "issuer": _name(issuer),
                "validity": {"not_before": _time(span[0]), "not_after": _time(span[1])},
                "subject": _name(subject),
                "subject_public_key_info": public,
                "extensions": extensions,
            }
        )
        made = x509.Certificate(
            {
                "tbs_certificate": body,
                "signature_algorithm": algorithm,
                "signature_value": _sign(self.scheme, self.private, body.dump()),
            }
        )
        return Certificate(made.dump())


def _authority_extensions() -> list[dict[str, Any]]:
    return [
        {"extn_id": "basic_constraints", "critical": True, "extn_value": {"ca": True}},
        {
            "extn_id": "key_usage",
            "critical": True,
            "extn_value": {"key_cert_sign", "crl_sign"},
        },
    ]


def _new_key(scheme: Scheme) -> Any:
    if scheme is Scheme.SM2_SM3:
        return (secrets.randbits(240) | 1 << 240).to_bytes(32, "big")
    if scheme is Scheme.ECDSA_P256_SHA256:
        ec = require("cryptography.hazmat.primitives.asymmetric.ec", "sign")
        return ec.generate_private_key(ec.SECP256R1())
    rsa = require("cryptography.hazmat.primitives.asymmetric.rsa", "sign")
    return rsa.generate_private_key(65537, 2048)


def _public(scheme: Scheme, private: Any) -> Any:
    keys = require("asn1crypto.keys", "sign")
    if scheme is Scheme.SM2_SM3:
        algorithm = {"algorithm": "ec", "parameters": keys.ECDomainParameters("named", SM2_CURVE)}
        return keys.PublicKeyInfo(
            {"algorithm": algorithm, "public_key": keys.ECPointBitString(sm2_public(private))}
        )
    serialization = require("cryptography.hazmat.primitives.serialization", "sign")
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return keys.PublicKeyInfo.load(der)


def _sign(scheme: Scheme, private: Any, message: bytes) -> bytes:
    if scheme is Scheme.SM2_SM3:
        return sm2_sign(private, message)
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    if scheme is Scheme.ECDSA_P256_SHA256:
        ec = require("cryptography.hazmat.primitives.asymmetric.ec", "sign")
        return bytes(private.sign(message, ec.ECDSA(hashes.SHA256())))
    padding = require("cryptography.hazmat.primitives.asymmetric.padding", "sign")
    return bytes(private.sign(message, padding.PKCS1v15(), hashes.SHA256()))


def _name(fields: Mapping[str, str]) -> Any:
    x509 = require("asn1crypto.x509", "sign")
    return x509.Name.build({_NAMES.get(name, name): value for name, value in fields.items()})


def _time(moment: datetime) -> Any:
    core = require("asn1crypto.core", "sign")
    x509 = require("asn1crypto.x509", "sign")
    return x509.Time("utc_time", core.UTCTime(moment))


def _with_clear_certificate(whole: bytes, certificate: Certificate) -> bytes:
    """A PKCS#12 file whose certificate was taken out and put back unencrypted, without a MAC."""
    pkcs12 = require("asn1crypto.pkcs12", "sign")
    cms = require("asn1crypto.cms", "sign")
    core = require("asn1crypto.core", "sign")
    parts = [
        part
        for part in pkcs12.Pfx.load(whole).authenticated_safe
        if part["content_type"].native == "data"
    ]
    (key,) = pkcs12.SafeContents.load(parts[0]["content"].native)
    wanted = [one for one in key["bag_attributes"] if one["type"].native == "local_key_id"]
    bag = pkcs12.SafeBag(
        {
            "bag_id": "cert_bag",
            "bag_value": pkcs12.CertBag(
                {
                    "cert_id": "x509",
                    "cert_value": core.ParsableOctetString(certificate.der),
                }
            ),
            "bag_attributes": wanted,
        }
    )
    clear = cms.ContentInfo({"content_type": "data", "content": pkcs12.SafeContents([bag]).dump()})
    safe = pkcs12.AuthenticatedSafe([clear, *parts]).dump()
    return bytes(
        pkcs12.Pfx({"version": "v3", "auth_safe": {"content_type": "data", "content": safe}}).dump()
    )
