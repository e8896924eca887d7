"""Signer (密钥驱动) and Session: what a driver for a kind of key has to offer, and nothing else.

The protocols fit a file, a smart card, a PKCS#11 token and a vendor's own library alike. The
message is handed over, not its digest: SM2 mixes the signer's identity into what it hashes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, TypeAlias, runtime_checkable

from socialins.signing.certificate import Certificate
from socialins.signing.pin import PinProvider, PinStatus
from socialins.signing.scheme import Scheme
from socialins.signing.token import Token, TokenEvent

__all__ = ["Session", "Signer", "Watch", "WatchCallback"]

WatchCallback: TypeAlias = Callable[[TokenEvent], None]
"""Is told when a token comes or goes, from a thread of the driver's."""


class Watch(Protocol):
    """A watch over tokens that goes on until it is stopped."""

    def stop(self) -> None:
        """Stop it; afterwards the callback is not called any more."""

    def __enter__(self) -> Watch: ...

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class Session(Protocol):
    """An open token."""

    def certificate(self) -> Certificate:
        """The signing certificate.

        Raises:
            PinRequired: where it can't be read without the PIN; `unlock` first.
        """

    def schemes(self) -> tuple[Scheme, ...]:
        """How the key can sign."""

    def pin_status(self) -> PinStatus:
        """How the PIN stands; asking costs no try."""

    def unlock(self, pin_provider: PinProvider) -> None:
        """Show the PIN once without signing, to read what can't be read without it."""

    def sign(self, message: bytes, scheme: Scheme, pin_provider: PinProvider) -> bytes:
        """Sign a message.

        Arguments:
            message: what is signed, whole.
            scheme: one of `schemes`.
            pin_provider: asks for the PIN, at most once.

        Returns:
            The signature: for RSA as many bytes as the modulus has, else SEQUENCE { r, s } in DER.

        Raises:
            SigningError: with what is wrong; nothing was tried a second time.
        """

    def change_pin(self, pin_provider: PinProvider) -> None:
        """Change the PIN: the provider is asked for the current one, then the new one."""

    def unblock_pin(self, pin_provider: PinProvider) -> None:
        """Unblock the PIN: the provider is asked for the code that unblocks, then a new PIN."""

    def as_private_key(self, pin_provider: PinProvider) -> Any:
        """A private key of `cryptography` whose `sign` goes to the token; RSA and P-256 only."""

    def close(self) -> None:
        """Give back what it holds."""

    def __enter__(self) -> Session: ...

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None: ...


@runtime_checkable
class Signer(Protocol):
    """A driver: finds tokens of its kind and opens them."""

    name: str

    def list_tokens(self) -> tuple[Token, ...]:
        """The tokens that are there, those that can't be used too; no try is spent.

        Raises:
            MissingExtra: if the library it rests on is not installed.
            ServiceUnavailable: if there is nothing that could have a token.
        """

    def watch(self, callback: WatchCallback) -> Watch:
        """Be told when a token comes or goes."""

    def open(self, token: Token, expected_cert_sha256: str | None = None) -> Session:
        """Open a token.

        Arguments:
            token: one of `list_tokens`.
            expected_cert_sha256: the fingerprint that its certificate has to have; the token's own
                by default, so that another one in the same reader is noticed.

        Raises:
            WrongToken, TokenRemoved, ReaderBusy, WrongDriver: before any PIN is asked for.
        """
