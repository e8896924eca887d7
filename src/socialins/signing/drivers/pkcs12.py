"""A key in a PKCS#12 file (软证书, .p12 or .pfx), opened by its password.

The password never leaves the process and wrong ones cost nothing, but the rules of the PIN hold all
the same. Most such files hide even the certificate: it is then taken from a file of the same name
beside it, or known only after `Session.unlock`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socialins.faults import Fault, FaultError, require
from socialins.signing.certificate import Certificate
from socialins.signing.der import MALFORMED
from socialins.signing.drivers.files import (
    MOST_ROUNDS,
    certificate_beside,
    needed,
    read_file,
    token_of,
)
from socialins.signing.errors import error_of
from socialins.signing.guard import PinOutcome
from socialins.signing.pin import Pin, PinPolicy, PinStatus
from socialins.signing.scheme import Scheme
from socialins.signing.session import BaseSession
from socialins.signing.signer import WatchCallback
from socialins.signing.token import Token
from socialins.signing.watching import PollingWatch

__all__ = ["Pkcs12Session", "Pkcs12Signer", "driver"]

_STATUS = PinStatus(locks=False)


def driver(options: Mapping[str, str]) -> Pkcs12Signer:
    """The driver, from its options: ``file``, and ``certificate`` if that lies elsewhere."""
    beside = options.get("certificate")
    return Pkcs12Signer(Path(needed("pkcs12", options, "file")), Path(beside) if beside else None)


class Pkcs12Signer:
    """A PKCS#12 file as a token.

    Arguments:
        file: the file.
        certificate: the certificate in a file of its own; left out, one of the same name beside the
            file is taken, if there is one.
    """

    name = "pkcs12"

    def __init__(self, file: Path, certificate: Path | None = None) -> None:
        self.file = Path(file)
        self._certificate = certificate

    def list_tokens(self) -> tuple[Token, ...]:
        """The one token that the file is."""
        require("cryptography.x509", "sign")
        return (
            token_of(self.name, self.file, _STATUS, lambda: self._public(read_file(self.file))),
        )

    def watch(self, callback: WatchCallback) -> PollingWatch:
        """Be told when the file comes or goes: on a memory stick it may."""
        return PollingWatch(self._there, callback)

    def open(self, token: Token, expected_cert_sha256: str | None = None) -> Pkcs12Session:
        """Open the file; its password is asked for when it is needed."""
        data = read_file(self.file)
        expected = expected_cert_sha256 or (token.certificate and token.certificate.sha256)
        session = Pkcs12Session(token, data, self._public(data), expected or None)
        session.check()
        return session

    def _there(self) -> tuple[Token, ...]:
        return self.list_tokens() if self.file.is_file() else ()

    def _public(self, data: bytes) -> Certificate | None:
        """The certificate as far as it can be known without the password."""
        if self._certificate is not None:
            return Certificate.read(read_file(self._certificate))
        return _in_the_clear(data, self.file.name) or certificate_beside(self.file)


class Pkcs12Session(BaseSession):
    """An open PKCS#12 file; the key is held only while it signs."""

    policy = PinPolicy(0, 1024)

    def __init__(
        self, token: Token, data: bytes, certificate: Certificate | None, expected: str | None
    ) -> None:
        super().__init__(token, expected)
        self._data = data
        self._certificate = certificate
        self._key: Any = None

    def check(self) -> None:
        """Refuse another certificate than the expected one, as far as it is known."""
        if self._certificate is not None:
            self._must_be_expected()

    def certificate(self) -> Certificate:
        """The certificate; where the file hides it, only after `unlock`."""
        if self._certificate is None:
            raise error_of(Fault("signing.pin-required"))
        return self._certificate

    def pin_status(self) -> PinStatus:
        """A file never locks."""
        return _STATUS

    def _known(self) -> bool:
        return self._certificate is not None

    def _show(self, pin: Pin) -> PinOutcome:
        pkcs12 = require("cryptography.hazmat.primitives.serialization.pkcs12", "sign")
        check_rounds(self._data, self.token.label)
        with pin.exposed() as secret:
            try:
                key, found, others = pkcs12.load_key_and_certificates(self._data, secret or None)
            except ValueError:
                return PinOutcome(accepted=False)
        if key is None:
            raise error_of(Fault("signing.key-missing"))
        mine = _public_der(key.public_key())
        for one in (found, *others):
            if one is not None and _public_der(one.public_key()) == mine:
                self._certificate, self._key = Certificate(_der(one)), key
                return PinOutcome(accepted=True)
        if self._certificate is not None and self._certificate.spki == mine:
            self._key = key
            return PinOutcome(accepted=True)
        raise error_of(Fault("signing.no-certificate"))

    def _sign(self, message: bytes, scheme: Scheme) -> bytes:
        hashes = require("cryptography.hazmat.primitives.hashes", "sign")
        key, self._key = self._key, None
        if scheme is Scheme.RSA_PKCS1_SHA256:
            padding = require("cryptography.hazmat.primitives.asymmetric.padding", "sign")
            return bytes(key.sign(message, padding.PKCS1v15(), hashes.SHA256()))
        ec = require("cryptography.hazmat.primitives.asymmetric.ec", "sign")
        return bytes(key.sign(message, ec.ECDSA(hashes.SHA256())))

    def unlock(self, pin_provider: Any) -> None:
        """Show the password once, so that the certificate is known."""
        try:
            super().unlock(pin_provider)
        finally:
            self._key = None
        self._must_be_expected()

    def _release(self) -> None:
        self._key, self._data = None, b""


def check_rounds(data: bytes, name: str) -> None:
    """Refuse a file that asks for minutes of work before a password is known to be wrong.

    Raises:
        ServiceUnavailable: if it does.
    """
    pkcs12 = require("asn1crypto.pkcs12", "sign")
    most = 0
    try:
        whole = pkcs12.Pfx.load(data)
        if whole["mac_data"].native is not None:
            most = whole["mac_data"]["iterations"].native
        for part in whole.authenticated_safe:
            kind = part["content_type"].native
            if kind == "encrypted_data":
                how = part["content"]["encrypted_content_info"]["content_encryption_algorithm"]
                most = max(most, how.kdf_iterations)
            elif kind == "data":
                for bag in pkcs12.SafeContents.load(part["content"].native):
                    if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                        how = bag["bag_value"]["encryption_algorithm"]
                        most = max(most, how.kdf_iterations)
    except MALFORMED:
        pass  # what opens the file says so
    if most > MOST_ROUNDS:
        reason = f"{most} rounds; at most {MOST_ROUNDS}"
        raise error_of(Fault("signing.file-unreadable", {"file": name, "reason": reason}))


def _der(certificate: Any) -> bytes:
    serialization = require("cryptography.hazmat.primitives.serialization", "sign")
    return bytes(certificate.public_bytes(serialization.Encoding.DER))


def _public_der(key: Any) -> bytes:
    serialization = require("cryptography.hazmat.primitives.serialization", "sign")
    return bytes(
        key.public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def _in_the_clear(data: bytes, name: str) -> Certificate | None:
    """The certificate that goes with the key, where the file does not encrypt it."""
    pkcs12 = require("asn1crypto.pkcs12", "sign")
    reason = ""
    found: dict[bytes | None, Certificate] = {}
    keys: list[bytes | None] = []
    try:
        for part in pkcs12.Pfx.load(data, strict=True).authenticated_safe:
            if part["content_type"].native != "data":
                continue
            for bag in pkcs12.SafeContents.load(part["content"].native):
                kind, value = bag["bag_id"].native, bag["bag_value"]
                if kind == "cert_bag":
                    found[_local_id(bag)] = Certificate(value["cert_value"].parsed.dump())
                elif kind in ("key_bag", "pkcs8_shrouded_key_bag"):
                    keys.append(_local_id(bag))
    except FaultError as error:
        raise error_of(error.fault) from None
    except MALFORMED as error:
        reason = str(error).partition("\n")[0]
    if reason:
        raise error_of(Fault("signing.file-unreadable", {"file": name, "reason": "PKCS#12"}))
    return next((found[one] for one in keys if one in found), None)


def _local_id(bag: Any) -> bytes | None:
    for attribute in bag["bag_attributes"] or ():
        if attribute["type"].native == "local_key_id":
            return bytes(attribute["values"][0].native)
    return None
