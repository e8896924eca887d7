"""An SM2 key in a file: PKCS#8, encrypted by a password or not, with its certificate beside it.

This is for tests and for units whose authority hands out files. Arithmetic in Python takes about as
many milliseconds a signature as a token does, and does not hide its timing: a key that others may
attack belongs on a token.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from socialins.faults import Fault, require
from socialins.signing.certificate import SM2_CURVE, Certificate
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
from socialins.signing.sm2 import sm2_public, sm2_sign
from socialins.signing.token import Token
from socialins.signing.watching import PollingWatch

__all__ = ["Sm2FileSession", "Sm2FileSigner", "driver"]

_STATUS = PinStatus(locks=False)


def driver(options: Mapping[str, str]) -> Sm2FileSigner:
    """The driver, from its options: ``file``, and ``certificate`` if that lies elsewhere."""
    beside = options.get("certificate")
    return Sm2FileSigner(
        Path(needed("sm2-file", options, "file")), Path(beside) if beside else None
    )


class Sm2FileSigner:
    """A file with an SM2 key as a token.

    Arguments:
        file: the key in PKCS#8, DER or PEM.
        certificate: its certificate; left out, one of the same name beside the key is taken.
    """

    name = "sm2-file"

    def __init__(self, file: Path, certificate: Path | None = None) -> None:
        self.file = Path(file)
        self._beside = certificate

    def list_tokens(self) -> tuple[Token, ...]:
        """The one token that the file is."""
        require("gmalg", "sm2")

        def certificate() -> Certificate:
            read_file(self.file)
            return self._certificate()

        return (token_of(self.name, self.file, _STATUS, certificate),)

    def watch(self, callback: WatchCallback) -> PollingWatch:
        """Be told when the file comes or goes."""
        return PollingWatch(lambda: self.list_tokens() if self.file.is_file() else (), callback)

    def open(self, token: Token, expected_cert_sha256: str | None = None) -> Sm2FileSession:
        """Open the file; its password is asked for when it signs."""
        expected = expected_cert_sha256 or (token.certificate and token.certificate.sha256)
        session = Sm2FileSession(token, read_file(self.file), self._certificate(), expected or None)
        session.check()
        return session

    def _certificate(self) -> Certificate:
        if self._beside is not None:
            found: Certificate | None = Certificate.read(read_file(self._beside))
        else:
            found = certificate_beside(self.file)
        if found is None:
            raise error_of(Fault("signing.no-certificate"))
        if found.scheme is not Scheme.SM2_SM3:
            raise error_of(Fault("signing.wrong-driver", {"driver": self.name}))
        return found


class Sm2FileSession(BaseSession):
    """An open SM2 key file; the key is held only while it signs."""

    policy = PinPolicy(0, 1024)

    def __init__(
        self, token: Token, data: bytes, certificate: Certificate, expected: str | None
    ) -> None:
        super().__init__(token, expected)
        self._data = data
        self._mine = certificate
        self._key = bytearray()

    def check(self) -> None:
        """Refuse another certificate than the expected one."""
        self._must_be_expected()

    def certificate(self) -> Certificate:
        """The certificate."""
        return self._mine

    def pin_status(self) -> PinStatus:
        """A file never locks."""
        return _STATUS

    def _show(self, pin: Pin) -> PinOutcome:
        with pin.exposed() as secret:
            key = private_key_of(self._data, secret)
        if key is None:
            return PinOutcome(accepted=False)
        if sm2_public(bytes(key)) != self._mine.parsed.public_key["public_key"].native:
            raise error_of(Fault("signing.key-missing"))
        self._key = key
        return PinOutcome(accepted=True)

    def _sign(self, message: bytes, scheme: Scheme) -> bytes:
        try:
            return sm2_sign(bytes(self._key), message)
        finally:
            self._forget()

    def unlock(self, pin_provider: Any) -> None:
        """Show the password once, without signing."""
        try:
            super().unlock(pin_provider)
        finally:
            self._forget()

    def _forget(self) -> None:
        self._key[:] = bytes(len(self._key))
        self._key = bytearray()

    def _release(self) -> None:
        self._forget()
        self._data = b""


def private_key_of(data: bytes, password: bytes | bytearray) -> bytearray | None:
    """The 32 bytes of an SM2 key in PKCS#8; None where the password does not open it.

    Source: RFC 5208 and RFC 5958 for the file, RFC 8018 for PBES2.

    Raises:
        ServiceUnavailable: if it is no such file.
    """
    keys = require("asn1crypto.keys", "sign")
    pem = require("asn1crypto.pem", "sign")
    reason = "PKCS#8"
    try:
        der = pem.unarmor(data)[2] if pem.detect(data) else data
        info = _as(keys.EncryptedPrivateKeyInfo, der)
        if info is not None:
            opened = _decrypted(info, password)
            if opened is None:
                return None
            der = opened
        read = _as(keys.PrivateKeyInfo, der)
        if read is None and info is not None:
            return None  # the padding came out right by chance
        if read is not None and read["private_key_algorithm"]["parameters"].native == SM2_CURVE:
            number = int(read["private_key"].parsed["private_key"].native)
            return bytearray(number.to_bytes(32, "big"))
        reason = "SM2"
    except MALFORMED:
        pass
    raise error_of(Fault("signing.file-unreadable", {"file": "PKCS#8", "reason": reason}))


def _as(kind: Any, der: bytes) -> Any:
    """A structure, if the bytes are one."""
    try:
        read = kind.load(der, strict=True)
        _ = read.native  # asn1crypto reads late: this is where it fails
    except MALFORMED:
        return None
    return read


def _decrypted(info: Any, password: bytes | bytearray) -> bytes | None:
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    ciphers = require("cryptography.hazmat.primitives.ciphers", "sign")
    kdf = require("cryptography.hazmat.primitives.kdf.pbkdf2", "sign")
    padding = require("cryptography.hazmat.primitives.padding", "sign")
    how = info["encryption_algorithm"]
    if (how["algorithm"].native, how.kdf, how.encryption_cipher) != ("pbes2", "pbkdf2", "aes"):
        raise ValueError("PBES2 with PBKDF2 and AES is understood")
    if not 0 < how.kdf_iterations <= MOST_ROUNDS:
        raise ValueError(f"{how.kdf_iterations} rounds")
    digest = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha512": hashes.SHA512}[how.kdf_hmac]
    derived = kdf.PBKDF2HMAC(digest(), how.key_length, how.kdf_salt, how.kdf_iterations)
    cipher = ciphers.Cipher(
        ciphers.algorithms.AES(derived.derive(password)), ciphers.modes.CBC(how.encryption_iv)
    ).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        plain = cipher.update(info["encrypted_data"].native) + cipher.finalize()
        return bytes(unpadder.update(plain) + unpadder.finalize())
    except ValueError:
        return None
