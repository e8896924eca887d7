"""Trust (信任链): from a certificate up to an authority that a region names, on the day of signing.

Every link is checked: who issued it, the signature, the days, whether the issuer may issue. A
revocation list that is given is checked itself before it is believed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import attrs

from socialins.faults import Fault, FaultError, require
from socialins.signing.certificate import Certificate
from socialins.signing.der import MALFORMED
from socialins.signing.errors import SigningError
from socialins.signing.raw import holds, public_key_of
from socialins.signing.scheme import Scheme

__all__ = ["RevocationList", "check_chain"]

_LONGEST = 8
_MOST_STEPS = 500
_SM2_WITH_SM3 = "1.2.156.10197.1.501"


def check_chain(
    certificate: Certificate,
    authorities: Sequence[Certificate],
    at: datetime,
    *,
    between: Sequence[Certificate] = (),
    lists: Sequence[RevocationList] = (),
) -> tuple[Fault, ...]:
    """Check a certificate up to an authority.

    Arguments:
        certificate: the certificate.
        authorities: certificates that are trusted as they stand.
        at: the moment it has to hold, aware.
        between: further certificates that the way may lead over.
        lists: revocation lists; those of other issuers don't matter.

    Returns:
        What is wrong; nothing if one way up is right. Of several wrong ways, the one that leads
        farthest is told.

    Raises:
        ValueError: for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; pass an aware moment")
    if not authorities:
        return (Fault("signing.no-authorities"),)
    best: tuple[Fault, ...] | None = None
    steps = iter(range(_MOST_STEPS))
    for way in _ways((certificate,), tuple(authorities), tuple(between), steps):
        faults = tuple(_along(way, at, lists))
        if not faults:
            return ()
        best = best or faults
    return best or (Fault("signing.key-untrusted", {"issuer": certificate.issuer}),)


def _ways(
    so_far: tuple[Certificate, ...],
    authorities: tuple[Certificate, ...],
    between: tuple[Certificate, ...],
    steps: Iterator[int],
) -> Iterator[tuple[Certificate, ...]]:
    """Every chain of names from a certificate to an authority, as far as the steps go."""
    last = so_far[-1]
    # A dozen certificates of one name, which anybody can send, have millions of ways.
    if next(steps, None) is None:
        return
    if last in authorities:
        yield so_far
        return
    if len(so_far) >= _LONGEST:
        return
    for issuer in dict.fromkeys((*authorities, *between)):
        if issuer not in so_far and _named(issuer, last):
            yield from _ways((*so_far, issuer), authorities, between, steps)


def _named(issuer: Certificate, certificate: Certificate) -> bool:
    return bytes(issuer.parsed.subject.dump()) == bytes(certificate.parsed.issuer.dump())


def _along(
    way: tuple[Certificate, ...], at: datetime, lists: Sequence[RevocationList]
) -> Iterator[Fault]:
    for certificate in way:
        yield from check_days(certificate, at)
        if certificate.unknown_critical:
            yield _broken(certificate, f"critical {', '.join(certificate.unknown_critical)}")
    for depth, (certificate, issuer) in enumerate(pairwise(way)):
        if not issuer.may_issue:
            yield _broken(issuer, "CA:FALSE")
        if issuer.path_length is not None and depth > issuer.path_length:
            yield _broken(issuer, f"pathlen:{issuer.path_length}")
        if not issued_by(certificate.parsed, "tbs_certificate", issuer):
            yield _broken(certificate, "signature")
        yield from _revoked(certificate, issuer, at, lists)


def check_days(certificate: Certificate, at: datetime) -> Iterator[Fault]:
    """Whether a certificate holds at a moment."""
    if at < certificate.not_before:
        values = {"subject": certificate.subject, "since": certificate.not_before.isoformat()}
        yield Fault("signing.key-early", values)
    if at > certificate.not_after:
        values = {"subject": certificate.subject, "until": certificate.not_after.isoformat()}
        yield Fault("signing.key-expired", values)


def _revoked(
    certificate: Certificate, issuer: Certificate, at: datetime, lists: Sequence[RevocationList]
) -> Iterator[Fault]:
    for one in lists:
        if not one.is_of(issuer):
            continue
        if problem := one.problem(issuer, at):
            yield Fault("signing.crl", {"reason": problem})
            continue
        since = one.revoked.get(certificate.serial)
        if since is not None and since <= at:
            values = {"subject": certificate.subject, "since": since.isoformat()}
            yield Fault("signing.key-revoked", values)


def _broken(certificate: Certificate, reason: str) -> Fault:
    return Fault("signing.key-chain", {"subject": certificate.subject, "reason": reason})


def _list_bytes(data: bytes) -> bytes:
    pem = require("asn1crypto.pem", "sign")
    try:
        return bytes(pem.unarmor(data)[2]) if pem.detect(data) else bytes(data)
    except ValueError:
        return bytes(data)


@attrs.frozen(slots=False, repr=False)
class RevocationList:
    """A revocation list (吊销列表, CRL) in DER or PEM.

    Arguments:
        der: the list.

    Raises:
        SigningError: if it is none.
    """

    der: bytes = attrs.field(converter=_list_bytes)

    def __attrs_post_init__(self) -> None:
        fault = None
        try:
            self.revoked, self.parsed.native  # noqa: B018 - all of it, or it is refused
        except (*MALFORMED, FaultError):
            fault = Fault("signing.crl", {"reason": "DER"})
        if fault is not None:
            raise SigningError(fault)

    @cached_property
    def parsed(self) -> Any:
        """The structure, as asn1crypto has it."""
        return require("asn1crypto.crl", "sign").CertificateList.load(self.der, strict=True)

    @cached_property
    def revoked(self) -> dict[int, datetime]:
        """Serial numbers, each with the moment since when."""
        entries = self.parsed["tbs_cert_list"]["revoked_certificates"] or ()
        return {
            int(one["user_certificate"].native): one["revocation_date"].native for one in entries
        }

    def is_of(self, issuer: Certificate) -> bool:
        """Whether it bears an issuer's name."""
        mine = bytes(self.parsed["tbs_cert_list"]["issuer"].dump())
        return mine == bytes(issuer.parsed.subject.dump())

    def problem(self, issuer: Certificate, at: datetime) -> str:
        """Why it can't be believed at a moment; empty if it can."""
        body = self.parsed["tbs_cert_list"]
        if not issuer.may_issue_lists or not issued_by(self.parsed, "tbs_cert_list", issuer):
            return "signature"
        if any(one["critical"].native for one in (body["crl_extensions"] or ())):
            return "critical extension"
        until = body["next_update"].native
        if until is not None and at > until:
            return f"next update {until.isoformat()}"
        return ""


def issued_by(signed: Any, body: str, issuer: Certificate) -> bool:
    """Whether a certificate or list is signed by an issuer's key."""
    outer = signed["signature_algorithm"]
    inner = signed[body]["signature"]
    if outer.dump() != inner.dump():
        return False
    key = "signature_value" if body == "tbs_certificate" else "signature"
    signature, message = bytes(signed[key].native), bytes(signed[body].dump())
    if outer["algorithm"].dotted == _SM2_WITH_SM3:
        return issuer.scheme is Scheme.SM2_SM3 and holds(
            issuer.spki, Scheme.SM2_SM3, message, signature
        )
    if issuer.scheme is Scheme.SM2_SM3:
        return False
    return _classic(issuer.spki, outer["algorithm"].native, message, signature)


def _classic(spki: bytes, algorithm: str, message: bytes, signature: bytes) -> bool:
    """RSA and ECDSA with SHA-2; what is older is no longer believed."""
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    errors = require("cryptography.exceptions", "sign")
    name, _, kind = algorithm.partition("_")
    digest = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}.get(name)
    if digest is None:
        return False
    try:
        key = public_key_of(spki)
        if kind == "rsa":
            padding = require("cryptography.hazmat.primitives.asymmetric.padding", "sign")
            key.verify(signature, message, padding.PKCS1v15(), digest())
        elif kind == "ecdsa":
            ec = require("cryptography.hazmat.primitives.asymmetric.ec", "sign")
            key.verify(signature, message, ec.ECDSA(digest()))
        else:
            return False
    except (errors.InvalidSignature, errors.UnsupportedAlgorithm, ValueError):
        return False
    except (TypeError, AttributeError):  # the key is of another kind
        return False
    return True
