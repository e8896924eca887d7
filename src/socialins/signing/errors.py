"""Errors of signing: one class for each thing that a program answers differently.

Each carries its fault; the sentences stand in the catalogue. `raise_fault` makes the class that
goes with a code.
"""

from __future__ import annotations

from collections.abc import Iterable

from socialins.faults import Fault, FaultError

__all__ = [
    "KeyRefused",
    "LastTry",
    "PinBlocked",
    "PinIncorrect",
    "PinRequired",
    "PinUnfit",
    "ReaderBusy",
    "ServiceUnavailable",
    "SigningError",
    "TokenRemoved",
    "WrongDriver",
    "WrongToken",
    "error_of",
]


class SigningError(FaultError):
    """Something about a token, a key or a signature is wrong; the fault says what."""


class PinIncorrect(SigningError):
    """The PIN was wrong; `tries_left` may be known."""

    @property
    def tries_left(self) -> int | None:
        """How many tries are left; None where the token doesn't say."""
        left = self.fault.words("en").get("left", "")
        return int(left) if left.isdigit() else None


class PinBlocked(SigningError):
    """The PIN is blocked; no PIN was sent."""


class PinRequired(SigningError):
    """A PIN is needed, and nobody gave one."""


class PinUnfit(SigningError):
    """The PIN can't be right by its length or characters; it was not sent."""


class LastTry(SigningError):
    """One try is left, and nobody said that it may be spent; no PIN was sent."""


class TokenRemoved(SigningError):
    """The token is not there any more; open it again."""


class WrongToken(SigningError):
    """Another token is there than the one that was asked for; no PIN was sent."""


class ReaderBusy(SigningError):
    """Another program holds the reader."""


class ServiceUnavailable(SigningError):
    """The service, library or file that a driver rests on is not there."""


class WrongDriver(SigningError):
    """The token answers as its own driver would not have it answer."""


class KeyRefused(SigningError):
    """The key is not the unit's, or not good on that day; no PIN was sent.

    Arguments:
        faults: every reason, at least one.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.all = tuple(faults)
        super().__init__(self.all[0])

    def __reduce__(self) -> tuple[type[KeyRefused], tuple[tuple[Fault, ...]]]:
        return type(self), (self.all,)


_CLASSES: dict[str, type[SigningError]] = {
    "signing.pin-incorrect": PinIncorrect,
    "signing.pin-incorrect-left": PinIncorrect,
    "signing.pin-blocked": PinBlocked,
    "signing.pin-required": PinRequired,
    "signing.pin-length": PinUnfit,
    "signing.pin-characters": PinUnfit,
    "signing.pin-last-try": LastTry,
    "signing.token-removed": TokenRemoved,
    "signing.no-token": TokenRemoved,
    "signing.wrong-token": WrongToken,
    "signing.reader-busy": ReaderBusy,
    "signing.service-unavailable": ServiceUnavailable,
    "signing.no-reader": ServiceUnavailable,
    "signing.file-unreadable": ServiceUnavailable,
    "signing.wrong-driver": WrongDriver,
    "signing.other-driver": WrongDriver,
    "signing.key-upgraded": WrongDriver,
}


def error_of(fault: Fault) -> SigningError:
    """The error that goes with a fault.

    >>> error_of(Fault("signing.pin-incorrect-left", {"left": "2"})).tries_left
    2
    """
    return _CLASSES.get(fault.code, SigningError)(fault)
