"""CMS: a detached signature over a document, in the form that others can check.

RSA and P-256 are built by `cryptography`; it takes a key of ours, and so the signature comes from
the token. SM2 has object identifiers of its own, and is built here.

Source: RFC 5652; for SM2 GM/T 0010 (GB/T 35275), with the identifiers of GM/T 0006.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from socialins.faults import require
from socialins.signing.certificate import Certificate
from socialins.signing.der import tagged
from socialins.signing.pin import PinProvider
from socialins.signing.scheme import Scheme
from socialins.signing.signer import Session
from socialins.signing.sm2 import sm3

__all__ = ["SM2_DATA", "SM2_SIGNED_DATA", "SM2_SIGNING", "SM3", "sign_cms"]

SM2_DATA = "1.2.156.10197.6.1.4.2.1"
SM2_SIGNED_DATA = "1.2.156.10197.6.1.4.2.2"
SM2_SIGNING = "1.2.156.10197.1.301.1"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM3 = "1.2.156.10197.1.401"


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
    cms = require("asn1crypto.cms", "sign")
    certificate = session.certificate()
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": [SM2_DATA]},
            {"type": "signing_time", "values": [_moment(cms, at)]},
            {"type": "message_digest", "values": [sm3(content)]},
        ]
    )
    # What is signed is the SET itself; in the signature it stands under a tag of its own.
    signature = session.sign(attributes.dump(), Scheme.SM2_SM3, pin_provider)
    certificates = dict.fromkeys((certificate, *chain))
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": SM3}],
            "encap_content_info": {"content_type": SM2_DATA},
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
                    "digest_algorithm": {"algorithm": SM3},
                    "signed_attrs": attributes,
                    "signature_algorithm": {"algorithm": SM2_SIGNING},
                    "signature": signature,
                }
            ],
        }
    )
    return _wrapped(SM2_SIGNED_DATA, bytes(signed.dump()))


def _moment(cms: Any, at: datetime) -> Any:
    core = require("asn1crypto.core", "sign")
    return cms.Time({"utc_time": core.UTCTime(at)})


def _wrapped(kind: str, content: bytes) -> bytes:
    """A ContentInfo of a kind that asn1crypto does not know."""
    core = require("asn1crypto.core", "sign")
    return tagged(0x30, core.ObjectIdentifier(kind).dump() + tagged(0xA0, content))
