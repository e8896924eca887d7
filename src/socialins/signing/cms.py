"""CMS: a detached signature over a document, in the form that others can check.

RSA and P-256 are built by `cryptography`; it takes a key of ours, and so the signature comes from
the token. SM2 has object identifiers of its own, and is built here.

Source: RFC 5652; for SM2 GM/T 0010 (GB/T 35275), with the identifiers of GM/T 0006.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from socialins.faults import Fault, require
from socialins.signing.certificate import Certificate
from socialins.signing.der import tagged
from socialins.signing.errors import SigningError
from socialins.signing.pin import PinProvider
from socialins.signing.scheme import Scheme
from socialins.signing.signer import Session
from socialins.signing.sm2 import sm3

__all__ = [
    "SM2_DATA",
    "SM2_SIGNED_DATA",
    "SM2_SIGNING",
    "SM3",
    "data_type",
    "sign_attributes",
    "sign_cms",
    "time_of",
]

SM2_DATA = "1.2.156.10197.6.1.4.2.1"
SM2_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
SM2_SIGNING = "1.2.156.10197.1.301.1"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM3 = "1.2.156.10197.1.401"
_CLASSIC = "1.2.840.113549.1.7.2"
_NAMED = {
    Scheme.RSA_PKCS1_SHA256: (_CLASSIC, "sha256", "sha256_rsa"),
    Scheme.ECDSA_P256_SHA256: (_CLASSIC, "sha256", "sha256_ecdsa"),
    Scheme.SM2_SM3: (SM2_SIGNED_DATA, SM3, SM2_SIGNING),
}
"""By scheme: the identifiers of signed data, of the digest, and of the signature."""


def sign_cms(
    session: Session,
    content: bytes,
    pin_provider: PinProvider,
    *,
    at: datetime,
    chain: Sequence[Certificate] = (),
) -> bytes:
    """Sign a document; the signature stands in a file of its own.

    Arguments:
        session: an open token.
        content: the document.
        pin_provider: asks for the PIN, at most once.
        at: the moment of signing, aware. SM2 signatures state it; in the others `cryptography`
            states the clock's.
        chain: certificates that go along, so that others find the way to the authority.

    Returns:
        The signature in DER, with the certificate in it.

    Raises:
        SigningError: with what the token said.
        ValueError: for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; pass an aware moment")
    if session.certificate().scheme is Scheme.SM2_SM3:
        return _sm2(session, content, pin_provider, at, chain)
    return _classic(session, content, pin_provider, chain)


def _classic(
    session: Session, content: bytes, pin_provider: PinProvider, chain: Sequence[Certificate]
) -> bytes:
    x509 = require("cryptography.x509", "sign")
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    serialization = require("cryptography.hazmat.primitives.serialization", "sign")
    pkcs7 = require("cryptography.hazmat.primitives.serialization.pkcs7", "sign")
    certificate = x509.load_der_x509_certificate(session.certificate().der)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content)
    builder = builder.add_signer(certificate, session.as_private_key(pin_provider), hashes.SHA256())
    for one in chain:
        if one != session.certificate():
            builder = builder.add_certificate(x509.load_der_x509_certificate(one.der))
    options = pkcs7.PKCS7Options
    return bytes(
        builder.sign(
            serialization.Encoding.DER,
            [options.Binary, options.DetachedSignature, options.NoCapabilities],
        )
    )


def _sm2(
    session: Session,
    content: bytes,
    pin_provider: PinProvider,
    at: datetime,
    chain: Sequence[Certificate],
) -> bytes:
    attributes = [
        {"type": "content_type", "values": [SM2_DATA]},
        {"type": "signing_time", "values": [time_of(at)]},
        {"type": "message_digest", "values": [sm3(content)]},
    ]
    return sign_attributes(session, attributes, pin_provider, chain)


def sign_attributes(
    session: Session,
    attributes: Sequence[Any],
    pin_provider: PinProvider,
    chain: Sequence[Certificate],
) -> bytes:
    """Sign attributes as they are given, and wrap them up as CMS, whichever the scheme.

    Arguments:
        session: an open token.
        attributes: what is signed, as asn1crypto takes it; the document's digest is one of them.
        pin_provider: asks for the PIN, at most once.
        chain: certificates that go along.

    Raises:
        SigningError: with what the token said.
    """
    cms = require("asn1crypto.cms", "sign")
    certificate = session.certificate()
    signed_type, digest, signing = _NAMED[_known(certificate)]
    listed = cms.CMSAttributes(attributes)
    # What is signed is the SET itself; in the signature it stands under a tag of its own.
    signature = session.sign(listed.dump(), _known(certificate), pin_provider)
    certificates = dict.fromkeys((certificate, *chain))
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": digest}],
            "encap_content_info": {"content_type": data_type(certificate)},
            "certificates": [one.parsed for one in certificates],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": certificate.parsed.issuer,
                            "serial_number": certificate.serial,
                        }
                    },
                    "digest_algorithm": {"algorithm": digest},
                    "signed_attrs": listed,
                    "signature_algorithm": {"algorithm": signing},
                    "signature": signature,
                }
            ],
        }
    )
    return _wrapped(signed_type, bytes(signed.dump()))


def data_type(certificate: Certificate) -> str:
    """The identifier of plain data in signatures of a certificate's key."""
    return SM2_DATA if certificate.scheme is Scheme.SM2_SM3 else "1.2.840.113549.1.7.1"


def time_of(at: datetime) -> Any:
    """A moment, as a signed attribute states it."""
    cms = require("asn1crypto.cms", "sign")
    core = require("asn1crypto.core", "sign")
    return cms.Time({"utc_time": core.UTCTime(at)})


def _known(certificate: Certificate) -> Scheme:
    if certificate.scheme is None:
        values = {"scheme": "–", "schemes": ", ".join(Scheme)}
        raise SigningError(Fault("signing.scheme", values))
    return certificate.scheme


def _wrapped(kind: str, content: bytes) -> bytes:
    """A ContentInfo of a kind that asn1crypto does not know."""
    core = require("asn1crypto.core", "sign")
    return tagged(0x30, core.ObjectIdentifier(kind).dump() + tagged(0xA0, content))
