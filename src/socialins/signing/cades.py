"""CAdES: a detached signature that also names its certificate, as PDF and containers ask for.

The signer's certificate is bound by its digest, so nobody can put another certificate of the same
key in its place. Signed data, attributes and digests are built here for all schemes alike.

Source: ETSI EN 319 122-1 (level B-B), RFC 5035 for the attribute that names the certificate.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from socialins.faults import require
from socialins.signing.certificate import Certificate
from socialins.signing.cms import SM3, data_type, sign_attributes, time_of
from socialins.signing.pin import PinProvider
from socialins.signing.scheme import Scheme
from socialins.signing.signature import digest_of
from socialins.signing.signer import Session

__all__ = ["sign_cades"]


def sign_cades(
    session: Session,
    digest: bytes,
    pin_provider: PinProvider,
    *,
    at: datetime | None,
    chain: Sequence[Certificate] = (),
) -> bytes:
    """Sign a document that is known by its digest.

    Arguments:
        session: an open token.
        digest: the document's: SM3 for an SM2 key, else SHA-256.
        pin_provider: asks for the PIN, at most once.
        at: the moment of signing, aware; None where it is stated elsewhere, as in a PDF.
        chain: certificates that go along.

    Returns:
        The signature in DER, with the certificate in it.

    Raises:
        SigningError: with what the token said.
        ValueError: for a moment without a time zone.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; pass an aware moment")
    certificate = session.certificate()
    attributes: list[dict[str, Any]] = [
        {"type": "content_type", "values": [data_type(certificate)]},
        {"type": "message_digest", "values": [digest]},
        {"type": "signing_certificate_v2", "values": [_named(certificate)]},
    ]
    if at is not None:
        attributes.append({"type": "signing_time", "values": [time_of(at)]})
    return sign_attributes(session, attributes, pin_provider, chain)


def _named(certificate: Certificate) -> Any:
    """The certificate by its digest; SHA-256 is the one that is not written out."""
    tsp = require("asn1crypto.tsp", "sign")
    sm2 = certificate.scheme is Scheme.SM2_SM3
    one: dict[str, Any] = {"cert_hash": digest_of(certificate.der, sm3=sm2)}
    if sm2:
        one["hash_algorithm"] = {"algorithm": SM3}
    return tsp.SigningCertificateV2({"certs": [one]})
