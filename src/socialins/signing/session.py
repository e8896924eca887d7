"""The base of sessions: what is the same for every driver, written once.

A driver adds how to read the certificate and the PIN's status, how to show a PIN, and how to sign.
The order is fixed here: the token is held alone, it is still the same token, the PIN is shown once,
it signs, and the signature is checked against the certificate before anybody gets it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from socialins.faults import Fault
from socialins.signing.certificate import Certificate
from socialins.signing.errors import error_of
from socialins.signing.guard import PinOutcome, show_pin
from socialins.signing.pin import (
    Pin,
    PinPolicy,
    PinProvider,
    PinPurpose,
    PinRequest,
    PinStatus,
)
from socialins.signing.raw import holds
from socialins.signing.scheme import Scheme
from socialins.signing.token import Token

__all__ = ["BaseSession"]


class BaseSession(ABC):
    """A session; drivers derive from it.

    Arguments:
        token: the token as it was listed.
        expected: the fingerprint that the certificate must have; empty where it is not known yet.
        allow_last_try: spend the last try of the PIN, too.
    """

    policy = PinPolicy()
    """What a PIN looks like."""

    unblocking = PinPolicy()
    """What a code that unblocks looks like."""

    def __init__(
        self, token: Token, expected: str | None = None, *, allow_last_try: bool = False
    ) -> None:
        self.token = token
        self.allow_last_try = allow_last_try
        self._expected = expected or ""
        self._open = True

    # What a driver adds.

    @abstractmethod
    def certificate(self) -> Certificate:
        """The signing certificate."""

    @abstractmethod
    def pin_status(self) -> PinStatus:
        """How the PIN stands."""

    @abstractmethod
    def _show(self, pin: Pin) -> PinOutcome:
        """Show the PIN, in one command."""

    @abstractmethod
    def _sign(self, message: bytes, scheme: Scheme) -> bytes:
        """Sign; the PIN was shown."""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the token alone, from choosing its application to the signature."""
        yield

    def _known(self) -> bool:
        """Whether the certificate can be read by now."""
        return True

    def _release(self) -> None:  # noqa: B027 - most have nothing to give back
        """Give back what it holds."""

    def _change(self, current: Pin, new: Pin) -> PinOutcome:
        raise error_of(Fault("signing.pin-change"))

    def _unblock(self, code: Pin, new: Pin) -> PinOutcome:
        raise error_of(Fault("signing.pin-change"))

    def _unblock_status(self) -> PinStatus:
        """How the code that unblocks stands."""
        return PinStatus()

    # What all have.

    def schemes(self) -> tuple[Scheme, ...]:
        """How the key can sign: as its certificate says."""
        scheme = self.certificate().scheme
        return () if scheme is None else (scheme,)

    def unlock(self, pin_provider: PinProvider) -> None:
        """Show the PIN once, without signing."""
        with self._ready():
            self._ask(pin_provider, PinPurpose.UNLOCK)

    def sign(self, message: bytes, scheme: Scheme, pin_provider: PinProvider) -> bytes:
        """Sign a message; `Session.sign` has the arguments."""
        scheme = Scheme(scheme)
        with self._ready():
            if self._known():
                self._must_have(scheme)
            self._ask(pin_provider, PinPurpose.SIGN)
            self._must_have(scheme)
            signature = self._sign(message, scheme)
            # A card that was pulled or disturbed may answer anything.
            if not holds(self.certificate().spki, scheme, message, signature):
                raise error_of(Fault("signing.bad-signature"))
            return signature

    def change_pin(self, pin_provider: PinProvider) -> None:
        """Change the PIN."""
        with self._ready():
            self._show_two(
                pin_provider, PinPurpose.CURRENT, self.policy, self.pin_status(), self._change
            )

    def unblock_pin(self, pin_provider: PinProvider) -> None:
        """Unblock the PIN."""
        with self._ready():
            status = self._unblock_status()
            self._show_two(pin_provider, PinPurpose.UNBLOCK, self.unblocking, status, self._unblock)

    def as_private_key(self, pin_provider: PinProvider) -> Any:
        """A private key of `cryptography` whose `sign` goes to the token."""
        from socialins.signing.external import external_key

        return external_key(self, pin_provider)

    def close(self) -> None:
        """Give back what it holds; once is enough, twice does no harm."""
        if self._open:
            self._open = False
            self._release()

    @contextmanager
    def _ready(self) -> Iterator[None]:
        if not self._open:
            raise error_of(Fault("signing.session-closed"))
        with self._alone():
            if self._known():
                self._must_be_expected()
            yield

    def _must_be_expected(self) -> None:
        """Refuse another token than the one that was asked for."""
        found = self.certificate().sha256
        if self._expected and found != self._expected.lower():
            values = {"found": found[:16], "expected": self._expected[:16]}
            raise error_of(Fault("signing.wrong-token", values))
        self._expected = found

    def _must_have(self, scheme: Scheme) -> None:
        self._must_be_expected()
        schemes = self.schemes()
        if scheme not in schemes:
            values = {"scheme": scheme.value, "schemes": ", ".join(schemes) or "–"}
            raise error_of(Fault("signing.scheme", values))

    def _ask(self, provider: PinProvider, purpose: PinPurpose) -> None:
        status = self.pin_status()
        show_pin(
            provider,
            [self._request(purpose, status, self.policy)],
            self._show,
            status=status,
            allow_last_try=self.allow_last_try,
        )

    def _show_two(
        self,
        provider: PinProvider,
        first: PinPurpose,
        policy: PinPolicy,
        status: PinStatus,
        how: Any,
    ) -> None:
        requests = [
            self._request(first, status, policy),
            self._request(PinPurpose.NEW, status, self.policy),
        ]
        show_pin(provider, requests, how, status=status, allow_last_try=self.allow_last_try)

    def _request(self, purpose: PinPurpose, status: PinStatus, policy: PinPolicy) -> PinRequest:
        return PinRequest(purpose, self.token.label or self.token.name, status, policy)

    def __enter__(self) -> BaseSession:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.token.reader}>"
