"""PKCS#11 tokens through the library of their vendor: the likeliest way to a bureau's key.

The library itself counts tries and keeps the login for the whole process, so a login lasts for one
signature: it is given up at once. python-pkcs11 takes a PIN as text only, which can't be wiped;
nothing here keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs

from socialins.faults import Fault, FaultError, require
from socialins.signing.certificate import Certificate
from socialins.signing.drivers.files import needed
from socialins.signing.errors import SigningError, error_of
from socialins.signing.guard import PinOutcome
from socialins.signing.pin import Pin, PinPolicy, PinStatus
from socialins.signing.raw import der_of
from socialins.signing.scheme import Scheme
from socialins.signing.session import BaseSession
from socialins.signing.signer import WatchCallback
from socialins.signing.token import Token
from socialins.signing.watching import INTERVAL, PollingWatch

__all__ = ["Pkcs11Session", "Pkcs11Signer", "driver"]


def driver(options: Mapping[str, str]) -> Pkcs11Signer:
    """The driver, from its options.

    ``module`` is the vendor's library; ``last-try`` set to ``yes`` spends the PIN's last try, too.
    """
    return Pkcs11Signer(
        Path(needed("pkcs11", options, "module")),
        allow_last_try=options.get("last-try") == "yes",
    )


class Pkcs11Signer:
    """The tokens of a PKCS#11 library.

    Arguments:
        module: the library's file.
        allow_last_try: spend the last try of a PIN, too.
    """

    name = "pkcs11"

    def __init__(self, module: Path, *, allow_last_try: bool = False) -> None:
        self.module = Path(module)
        self.allow_last_try = allow_last_try

    def list_tokens(self) -> tuple[Token, ...]:
        """One entry for each certificate with a key that signs, and for each slot without."""
        slots = self._slots()
        if not slots:
            raise error_of(Fault("signing.no-reader"))
        return tuple(token for slot in slots for token in self._look(slot))

    def watch(self, callback: WatchCallback, interval: float | None = INTERVAL) -> PollingWatch:
        """Be told when a token comes or goes."""
        return PollingWatch(self.list_tokens, callback, interval)

    def open(self, token: Token, expected_cert_sha256: str | None = None) -> Pkcs11Session:
        """Open a token."""
        expected = expected_cert_sha256 or (token.certificate and token.certificate.sha256)
        seen = None
        for slot in self._slots():
            if _reader(slot) != token.reader:
                continue
            for key_id, certificate in self._certificates(slot):
                seen = seen or certificate
                if expected in (None, certificate.sha256):
                    handle = _opened(self.name, slot.get_token)
                    return Pkcs11Session(
                        token, handle, key_id, certificate, allow_last_try=self.allow_last_try
                    )
        if seen is not None:
            values = {"found": seen.sha256[:16], "expected": (expected or "")[:16]}
            raise error_of(Fault("signing.wrong-token", values))
        raise error_of(Fault("signing.no-token", {"reader": token.reader}))

    def _library(self) -> Any:
        pkcs11 = require("pkcs11", "pkcs11")
        reason = ""
        if not self.module.is_file():
            reason = self.module.name
        else:
            try:
                return pkcs11.lib(str(self.module))
            except (RuntimeError, OSError) as error:
                reason = f"{self.module.name}: {type(error).__name__}"
        raise error_of(
            Fault("signing.service-unavailable", {"service": "PKCS#11", "reason": reason})
        )

    def _slots(self) -> list[Any]:
        library = self._library()
        return list(_opened(self.name, library.get_slots))

    def _look(self, slot: Any) -> tuple[Token, ...]:
        reader = _reader(slot)
        try:
            handle = _opened(self.name, slot.get_token)
            token = Token(
                driver=self.name,
                reader=reader,
                label=str(handle.label).strip(),
                serial=bytes(handle.serial).decode("ascii", "replace").strip(),
                pin=_pin_status(handle),
            )
            found = self._certificates(slot)
        except FaultError as error:
            fault = error.fault
            if fault.code == "signing.token-removed":
                fault = Fault("signing.no-token", {"reader": reader})
            return (Token(driver=self.name, reader=reader, fault=fault),)
        if not found:
            return (attrs.evolve(token, fault=Fault("signing.no-certificate")),)
        return tuple(attrs.evolve(token, certificate=one) for _, one in found)

    def _certificates(self, slot: Any) -> list[tuple[bytes, Certificate]]:
        """The certificates that may sign, each with the identifier that its key shares."""
        pkcs11 = require("pkcs11", "pkcs11")
        handle = _opened(self.name, slot.get_token)

        def read() -> list[tuple[bytes, bytes]]:
            with handle.open() as session:
                wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}
                return [
                    (bytes(one[pkcs11.Attribute.ID]), bytes(one[pkcs11.Attribute.VALUE]))
                    for one in session.get_objects(wanted)
                ]

        certificates = []
        for key_id, der in _opened(self.name, read):
            try:
                certificate = Certificate(der)
            except SigningError:
                continue  # another kind of certificate, or a damaged one: it can't sign
            if certificate.may_sign and not certificate.may_issue:
                certificates.append((key_id, certificate))
        return certificates


class Pkcs11Session(BaseSession):
    """An open token; it is logged in only while it signs."""

    policy = PinPolicy(4, 255)

    def __init__(
        self,
        token: Token,
        handle: Any,
        key_id: bytes,
        certificate: Certificate,
        *,
        allow_last_try: bool = False,
    ) -> None:
        super().__init__(token, certificate.sha256, allow_last_try=allow_last_try)
        self._handle = handle
        self._key_id = key_id
        self._mine = certificate
        self._logged_in: Any = None

    def certificate(self) -> Certificate:
        """The certificate."""
        return self._mine

    def pin_status(self) -> PinStatus:
        """How the PIN stands, as far as the library's flags tell."""
        # A handle has the flags of the moment it was got: they are asked for anew.
        return _pin_status(_opened("pkcs11", self._handle.slot.get_token))

    def sign(self, message: bytes, scheme: Scheme, pin_provider: Any) -> bytes:
        """Sign a message, and log out."""
        try:
            return super().sign(message, scheme, pin_provider)
        finally:
            self._log_out()

    def unlock(self, pin_provider: Any) -> None:
        """Show the PIN once, and log out."""
        try:
            super().unlock(pin_provider)
        finally:
            self._log_out()

    def _show(self, pin: Pin) -> PinOutcome:
        with pin.exposed() as secret:
            text = secret.decode("utf-8", "replace")
        return self._answered(lambda: self._log_in(text))

    def _log_in(self, text: str) -> None:
        self._logged_in = self._handle.open(user_pin=text)

    def _answered(self, ask: Callable[[], None]) -> PinOutcome:
        """What the library said to a PIN."""
        pkcs11 = require("pkcs11", "pkcs11")
        try:
            ask()
        except pkcs11.PinIncorrect:
            return PinOutcome(accepted=False, tries_left=self.pin_status().tries_left)
        except pkcs11.PinLocked:
            return PinOutcome(accepted=False, tries_left=0, blocked=True)
        except pkcs11.PKCS11Error as error:
            raise error_of(_fault_of("pkcs11", error)) from None
        return PinOutcome(accepted=True)

    def _change(self, current: Pin, new: Pin) -> PinOutcome:
        with current.exposed() as one, new.exposed() as other:
            before = one.decode("utf-8", "replace")
            after = other.decode("utf-8", "replace")
        # Without logging in first: that would show the current PIN twice.
        return self._answered(lambda: self._set_pin(before, after))

    def _set_pin(self, before: str, after: str) -> None:
        with self._handle.open(rw=True) as session:
            session.set_pin(before, after)

    def _unblock(self, code: Pin, new: Pin) -> PinOutcome:
        with code.exposed() as one, new.exposed() as other:
            officer = one.decode("utf-8", "replace")
            after = other.decode("utf-8", "replace")
        return self._answered(lambda: self._init_pin(officer, after))

    def _init_pin(self, officer: str, after: str) -> None:
        with self._handle.open(so_pin=officer, rw=True) as session:
            session.init_pin(after)

    def _sign(self, message: bytes, scheme: Scheme) -> bytes:
        pkcs11 = require("pkcs11", "pkcs11")
        wanted = {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY,
            pkcs11.Attribute.ID: self._key_id,
        }

        def sign() -> bytes:
            found = list(self._logged_in.get_objects(wanted))
            if not found:
                raise error_of(Fault("signing.key-missing"))
            if scheme is Scheme.RSA_PKCS1_SHA256:
                return bytes(found[0].sign(message, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
            if scheme is Scheme.ECDSA_P256_SHA256:
                import hashlib

                digest = hashlib.sha256(message).digest()
                return der_of(bytes(found[0].sign(digest, mechanism=pkcs11.Mechanism.ECDSA)))
            # SM2 is a vendor's own mechanism: an adapter of a few lines knows its number.
            raise error_of(Fault("signing.key-upgraded", {"driver": "pkcs11"}))

        signature: bytes = _opened("pkcs11", sign)
        return signature

    def _log_out(self) -> None:
        session, self._logged_in = self._logged_in, None
        if session is not None:
            pkcs11 = require("pkcs11", "pkcs11")
            with suppress(pkcs11.PKCS11Error):  # the token is gone, and the login with it
                session.close()

    def _release(self) -> None:
        self._log_out()


def _opened(driver_name: str, ask: Any) -> Any:
    """What the library answers; its errors as faults."""
    pkcs11 = require("pkcs11", "pkcs11")
    try:
        return ask()
    except pkcs11.PKCS11Error as error:
        fault = _fault_of(driver_name, error)
    raise error_of(fault)


def _fault_of(driver_name: str, error: Exception) -> Fault:
    pkcs11 = require("pkcs11", "pkcs11")
    if isinstance(
        error, pkcs11.TokenNotPresent | pkcs11.DeviceRemoved | pkcs11.SessionHandleInvalid
    ):
        return Fault("signing.token-removed")
    if isinstance(error, pkcs11.TokenNotRecognised):
        return Fault("signing.other-driver", {"driver": driver_name})
    if isinstance(error, pkcs11.MechanismInvalid):
        return Fault("signing.key-upgraded", {"driver": driver_name})
    if isinstance(error, pkcs11.UserNotLoggedIn):
        return Fault("signing.pin-required")
    return Fault("signing.card-error", {"reason": type(error).__name__})


def _reader(slot: Any) -> str:
    return f"{str(slot.slot_description).strip()} #{slot.slot_id}"


def _pin_status(handle: Any) -> PinStatus:
    flags = require("pkcs11", "pkcs11").TokenFlag
    if flags.USER_PIN_LOCKED in handle.flags:
        return PinStatus(0, blocked=True)
    if flags.USER_PIN_FINAL_TRY in handle.flags:
        return PinStatus(1, low=True)
    return PinStatus(low=flags.USER_PIN_COUNT_LOW in handle.flags)
