"""Pin (密钥口令): a secret that can be used and wiped, and that nothing can show.

Logs, tracebacks with their locals, debuggers and pickles all go through `repr`, `str`, `format`,
`copy` and `pickle`; none of them gets at the characters. The bytes live in one place, which is
overwritten after use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Literal, NoReturn, TypeAlias

import attrs

from socialins.faults import Fault

__all__ = [
    "HeldPin",
    "Pin",
    "PinPolicy",
    "PinProvider",
    "PinPurpose",
    "PinRequest",
    "PinStatus",
    "wipe",
]


def wipe(secret: bytearray) -> None:
    """Overwrite bytes with zeros, in place."""
    secret[:] = bytes(len(secret))


class Pin:
    """A PIN or password, to be used once and wiped.

    Arguments:
        characters: a `bytearray` is taken over and emptied, so that no other copy is left. Text and
            `bytes` are copied; Python can't overwrite them, so a program that cares reads the PIN
            into a `bytearray`.

    >>> pin = Pin(bytearray(b"123456"))
    >>> pin, f"{pin}", len(pin)
    (<Pin>, '<Pin>', 6)
    >>> with pin.exposed() as secret:
    ...     secret[:2]
    bytearray(b'12')
    >>> len(pin)
    0
    """

    __slots__ = ("__weakref__", "_secret")

    def __init__(self, characters: str | bytes | bytearray) -> None:
        if isinstance(characters, str):
            characters = characters.encode()
        if not isinstance(characters, bytes | bytearray):
            raise TypeError(f"{type(characters).__name__} can't be a PIN")
        self._secret = bytearray(characters)
        if isinstance(characters, bytearray):
            wipe(characters)

    @contextmanager
    def exposed(self) -> Iterator[bytearray]:
        """The bytes, for the length of a ``with`` block; afterwards they are wiped."""
        try:
            yield self._secret
        finally:
            self.wipe()

    def wipe(self) -> None:
        """Overwrite the bytes; the PIN is of no use afterwards."""
        wipe(self._secret)
        self._secret = bytearray()

    def twin(self) -> Pin:
        """Another PIN of the same characters, to be wiped apart from this one."""
        made = Pin(b"")
        made._secret = bytearray(self._secret)
        return made

    def only_digits(self) -> bool:
        """Whether it has nothing but digits."""
        return all(48 <= byte <= 57 for byte in self._secret)

    def __len__(self) -> int:
        """How many bytes it has; 0 once it was wiped."""
        return len(self._secret)

    def __bool__(self) -> bool:
        return bool(self._secret)

    def __repr__(self) -> str:
        return "<Pin>"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return "<Pin>"

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a PIN is not to be stored or sent")

    def __copy__(self) -> NoReturn:
        raise TypeError("a PIN is not to be copied")

    def __deepcopy__(self, _memo: object) -> NoReturn:
        raise TypeError("a PIN is not to be copied")

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __del__(self) -> None:
        wipe(getattr(self, "_secret", bytearray()))


@attrs.frozen
class PinPolicy:
    """What a PIN of a token looks like, checked before it is sent: a short one would cost a try.

    Arguments:
        least, most: the number of characters, in bytes.
        characters: ``"digits"``, or ``"any"``.

    >>> PinPolicy(6, 8, "digits").problem(Pin("12345")).code
    'signing.pin-length'
    """

    least: int = 1
    most: int = 256
    characters: Literal["digits", "any"] = "any"

    def problem(self, pin: Pin) -> Fault | None:
        """What is wrong with a PIN; it says nothing of its characters."""
        if not self.least <= len(pin) <= self.most:
            values = {"least": str(self.least), "most": str(self.most)}
            return Fault("signing.pin-length", values)
        if self.characters == "digits" and not pin.only_digits():
            return Fault("signing.pin-characters")
        return None


@attrs.frozen
class PinStatus:
    """What a token tells of its PIN, without a try being spent.

    Arguments:
        tries_left: how many wrong PINs it still takes; None where it doesn't say, or never locks.
        blocked: no PIN is taken any more.
        low: a wrong PIN was given since the last right one.
        locks: whether it ever locks; a file does not.

    >>> PinStatus(1).is_last_try, PinStatus().is_last_try
    (True, False)
    """

    tries_left: int | None = None
    blocked: bool = False
    low: bool = False
    locks: bool = True

    @property
    def is_last_try(self) -> bool:
        """Whether one more wrong PIN blocks it."""
        return not self.blocked and self.tries_left == 1


class PinPurpose(StrEnum):
    """What a PIN is asked for."""

    UNLOCK = "unlock"
    SIGN = "sign"
    CURRENT = "current"
    NEW = "new"
    UNBLOCK = "unblock"


@attrs.frozen
class PinRequest:
    """What a provider is told when it is asked for a PIN.

    Arguments:
        purpose: signing, or a change: the current PIN, the new one, the code that unblocks.
        token: how the token is called.
        status: how many tries are left.
        policy: what the PIN has to look like.
    """

    purpose: PinPurpose
    token: str
    status: PinStatus = PinStatus()
    policy: PinPolicy = PinPolicy()


PinProvider: TypeAlias = Callable[[PinRequest], Pin | None]
"""Asks somebody for a PIN; None means that nobody gave one. It is called at most once a call."""


class HeldPin:
    """A provider that asks once and holds the PIN for several documents, then wipes it.

    A PIN that a token refused is never given again: what is held is wiped, and asked for anew.

    Arguments:
        provider: what asks.

    >>> with HeldPin(lambda request: Pin("123456")) as held:
    ...     first = held(PinRequest(PinPurpose.SIGN, "key"))
    ...     first.wipe()
    ...     len(held(PinRequest(PinPurpose.SIGN, "key")))
    6
    """

    __slots__ = ("_held", "_provider")

    def __init__(self, provider: PinProvider) -> None:
        self._provider = provider
        self._held: Pin | None = None

    def __call__(self, request: PinRequest) -> Pin | None:
        """The PIN; asked for where none is held."""
        if request.purpose not in (PinPurpose.SIGN, PinPurpose.UNLOCK):
            return self._provider(request)
        if self._held is None:
            self._held = self._provider(request)
        return None if self._held is None else self._held.twin()

    def refused(self) -> None:
        """Forget the PIN: the token did not take it, or nobody knows whether it did."""
        if self._held is not None:
            self._held.wipe()
        self._held = None

    def __repr__(self) -> str:
        return "<HeldPin>"

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a PIN is not to be stored or sent")

    def __enter__(self) -> HeldPin:
        return self

    def __exit__(self, *_about: Any) -> None:
        self.refused()
