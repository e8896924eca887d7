"""Certificate (证书): what an X.509 certificate says, whichever algorithm its key is of.

`cryptography` reads no SM2 key, so the structure is read by asn1crypto for all of them alike. Names
are kept as they stand, character for character.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cached_property
from typing import Any

import attrs

from socialins.faults import Fault, require
from socialins.identity import CreditCode
from socialins.identity.errors import IdentityError
from socialins.signing.der import MALFORMED
from socialins.signing.errors import SigningError
from socialins.signing.scheme import Scheme

__all__ = ["Certificate", "FieldRule", "read_certificates"]

SM2_CURVE = "1.2.156.10197.1.301"
"""The object identifier of the SM2 curve (GM/T 0006)."""

_NAMES = {
    "CN": "2.5.4.3",
    "serialNumber": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "organizationIdentifier": "2.5.4.97",
}
_SHORT = {oid: name for name, oid in _NAMES.items()}


@attrs.frozen
class FieldRule:
    """Where something stands in a certificate.

    Arguments:
        field: a name such as ``O``, an object identifier of the subject, or ``extension:`` and the
            identifier of an extension.
        prefix: what stands before it there, such as ``NTRCN-``.
    """

    field: str
    prefix: str = ""


def _bytes(der: bytes) -> bytes:
    return bytes(der)


@attrs.frozen(slots=False, repr=False)
class Certificate:
    """An X.509 certificate; equal if all bytes are.

    Arguments:
        der: the certificate in DER.

    Raises:
        SigningError: if it is none.
    """

    der: bytes = attrs.field(converter=_bytes)

    def __attrs_post_init__(self) -> None:
        # Everything is read at once, so that no later question meets an unreadable part.
        fault = None
        try:
            self.parsed.native, self.subject, self.issuer, self.scheme  # noqa: B018
            self.not_before, self.not_after  # noqa: B018
            self.fields("O")
            self._usage  # noqa: B018
            strict = self.parsed.dump(force=True) == self.der
        except MALFORMED as error:
            fault = _unreadable(str(error).partition("\n")[0] or type(error).__name__)
        else:
            fault = None if strict else _unreadable("DER")
        if fault is not None:
            raise SigningError(fault)

    @classmethod
    def read(cls, data: bytes) -> Certificate:
        """The one certificate in a file in DER or PEM; the first, where there are several.

        Raises:
            SigningError: if there is none.
        """
        found = read_certificates(data)
        if not found:
            raise SigningError(_unreadable("PEM"))
        return found[0]

    @cached_property
    def parsed(self) -> Any:
        """The structure, as asn1crypto has it."""
        return require("asn1crypto.x509", "sign").Certificate.load(self.der, strict=True)

    @cached_property
    def sha256(self) -> str:
        """The fingerprint, 64 hexadecimal digits."""
        return hashlib.sha256(self.der).hexdigest()

    @cached_property
    def subject(self) -> str:
        """Whom it is for, in one line."""
        return _line(self.parsed.subject)

    @cached_property
    def issuer(self) -> str:
        """Who issued it, in one line."""
        return _line(self.parsed.issuer)

    @property
    def serial(self) -> int:
        """Its serial number."""
        return int(self.parsed.serial_number)

    @cached_property
    def not_before(self) -> datetime:
        """The first moment it holds."""
        moment: datetime = self.parsed["tbs_certificate"]["validity"]["not_before"].native
        return moment

    @cached_property
    def not_after(self) -> datetime:
        """The last moment it holds."""
        moment: datetime = self.parsed["tbs_certificate"]["validity"]["not_after"].native
        return moment

    @cached_property
    def spki(self) -> bytes:
        """The public key with its algorithm, in DER."""
        return bytes(self.parsed.public_key.dump())

    @cached_property
    def scheme(self) -> Scheme | None:
        """How its key signs; None for a kind of key that is not known here."""
        key = self.parsed.public_key
        kind = key["algorithm"]["algorithm"].native
        if kind == "rsa":
            return Scheme.RSA_PKCS1_SHA256
        if kind == "ec":
            named, curve = key.curve
            if named == "named" and curve == "secp256r1":
                return Scheme.ECDSA_P256_SHA256
            if named == "named" and curve == SM2_CURVE:
                return Scheme.SM2_SM3
        return None

    def fields(self, field: str) -> tuple[str, ...]:
        """All values of a field, in order; `FieldRule` tells how fields are named."""
        if field.startswith("extension:"):
            wanted = field.partition(":")[2]
            return tuple(
                _extension_text(one)
                for one in self.parsed["tbs_certificate"]["extensions"]
                if one["extn_id"].dotted == wanted
            )
        wanted = _NAMES.get(field, field)
        return tuple(
            str(pair["value"].native)
            for name in self.parsed.subject.chosen
            for pair in name
            if pair["type"].dotted == wanted
        )

    def found(self, rules: tuple[FieldRule, ...]) -> tuple[str, ...]:
        """What stands at the places that rules name, without their prefixes."""
        return tuple(
            value.removeprefix(rule.prefix)
            for rule in rules
            for value in self.fields(rule.field)
            if value.startswith(rule.prefix)
        )

    def credit_codes(self, rules: tuple[FieldRule, ...]) -> tuple[CreditCode, ...]:
        """The credit codes at those places; what is no such code is passed over."""
        codes = []
        for value in dict.fromkeys(self.found(rules)):
            try:
                codes.append(CreditCode(value))
            except IdentityError:
                continue
        return tuple(codes)

    @cached_property
    def _usage(self) -> frozenset[str] | None:
        value = self.parsed.key_usage_value
        return None if value is None else frozenset(value.native)

    @property
    def may_sign(self) -> bool:
        """Whether its key usage allows signing; one that says nothing allows all."""
        usage = self._usage
        return usage is None or bool(usage & {"digital_signature", "non_repudiation"})

    @property
    def may_issue(self) -> bool:
        """Whether it may issue certificates."""
        usage = self._usage
        return bool(self.parsed.ca) and (usage is None or "key_cert_sign" in usage)

    @property
    def may_issue_lists(self) -> bool:
        """Whether it may issue revocation lists."""
        usage = self._usage
        return usage is None or "crl_sign" in usage

    @property
    def path_length(self) -> int | None:
        """How many certificates may stand between it and the last; None if it does not say."""
        constraint = self.parsed.basic_constraints_value
        length = constraint["path_len_constraint"].native if constraint is not None else None
        return None if length is None else int(length)

    @property
    def unknown_critical(self) -> tuple[str, ...]:
        """Identifiers of critical extensions that are not understood here."""
        return tuple(sorted(set(self.parsed.critical_extensions) - _UNDERSTOOD))

    def to_plain(self) -> dict[str, Any]:
        """What the self-check shows: text, and nothing secret."""
        names = self.fields("O")
        codes = self.credit_codes(DEFAULT_CODE_FIELDS)
        return {
            "sha256": self.sha256,
            "subject": self.subject,
            "issuer": self.issuer,
            "serial": f"{self.serial:x}",
            "unit_name": names[0] if names else None,
            "credit_code": str(codes[0]) if codes else None,
            "scheme": self.scheme.value if self.scheme else None,
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
        }

    def __repr__(self) -> str:
        return f"<Certificate {self.subject}, {self.sha256[:16]}>"


DEFAULT_CODE_FIELDS = (
    FieldRule("organizationIdentifier"),
    FieldRule("organizationIdentifier", "NTRCN-"),
    FieldRule("serialNumber"),
    FieldRule("OU"),
)
"""Where a credit code is looked for when no rule says where an authority writes it."""

_UNDERSTOOD = {"key_usage", "basic_constraints", "extended_key_usage", "certificate_policies"}


def read_certificates(data: bytes) -> tuple[Certificate, ...]:
    """All certificates of a file: one in DER, or any number in PEM.

    Raises:
        SigningError: if one of them can't be read.
    """
    if b"-----BEGIN" not in data:
        return (Certificate(data),)
    pem = require("asn1crypto.pem", "sign")
    fault = None
    try:
        parts = [(kind, der) for kind, _, der in pem.unarmor(data, multiple=True)]
    except MALFORMED:
        fault = _unreadable("PEM")
    if fault is not None:
        raise SigningError(fault)
    return tuple(Certificate(der) for kind, der in parts if kind.endswith("CERTIFICATE"))


def _unreadable(reason: str) -> Fault:
    return Fault("signing.certificate-unreadable", {"reason": reason})


def _line(name: Any) -> str:
    pairs = (pair for part in name.chosen for pair in part)
    return ", ".join(
        f"{_SHORT.get(pair['type'].dotted, pair['type'].dotted)}={pair['value'].native}"
        for pair in pairs
    )


def _extension_text(extension: Any) -> str:
    """An extension's value as text: a string of ASN.1, or the bytes as UTF-8."""
    core = require("asn1crypto.core", "sign")
    raw = bytes(extension["extn_value"].contents)
    try:
        value = core.load(raw, strict=True).native
        if isinstance(value, str):
            return value
    except MALFORMED:
        pass
    return raw.decode("utf-8", "replace")
