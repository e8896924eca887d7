"""Readers: the system's PC/SC service through pyscard, and nothing of cards.

Its numbers become faults here. The low-level functions are used, since they give numbers where the
others give exceptions with whatever text they have.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

from socialins.faults import Fault, require
from socialins.signing.errors import error_of
from socialins.signing.pin import wipe

__all__ = ["Connection", "PcscReaders", "Readers", "fault_of"]


class Connection(Protocol):
    """A connection to the card in a reader."""

    def transmit(self, command: bytearray) -> bytes:
        """Send a command; the answer ends with its status."""

    def close(self) -> None:
        """End it and reset the card, so that no PIN stays verified."""


class Readers(Protocol):
    """The readers of a machine."""

    def names(self) -> tuple[str, ...]:
        """Their names; none where there is none."""

    def presence(self) -> dict[str, Hashable]:
        """For each reader None where it is empty, else what changes when its card does."""

    def connect(self, reader: str, *, exclusive: bool) -> Connection:
        """Connect to the card in a reader.

        Raises:
            ReaderBusy, TokenRemoved, WrongDriver: with the reason.
        """


_BUSY = {0x8010000B}
_REMOVED = {0x80100069, 0x80100016, 0x80100068, 0x80100017}
_NO_TOKEN = {0x8010000C, 0x80100009}
_NO_SERVICE = {0x8010001D, 0x8010001E, 0x80100004}
_TIME_OUT = {0x8010000A, 0x8010002F}
_NO_READERS = 0x8010002E
_UNSUPPORTED = {0x80100065, 0x8010001C}
_MUTE = {0x80100066, 0x80100067}
_TIMEOUT_REACHED = 0x8010000A


def fault_of(code: int, reader: str) -> Fault:
    """The fault of a number of PC/SC.

    >>> fault_of(0x80100069, "reader").code
    'signing.token-removed'
    """
    code &= 0xFFFFFFFF
    if code in _BUSY:
        return Fault("signing.reader-busy", {"reader": reader})
    if code in _REMOVED:
        return Fault("signing.token-removed")
    if code in _NO_TOKEN:
        return Fault("signing.no-token", {"reader": reader})
    if code in _TIME_OUT:
        return Fault("signing.no-answer")
    if code == _NO_READERS:
        return Fault("signing.no-reader")
    if code in _UNSUPPORTED:
        return Fault("signing.other-driver", {"driver": reader})
    if code in _MUTE:
        return Fault("signing.wrong-driver", {"driver": reader})
    if code in _NO_SERVICE:
        return Fault("signing.service-unavailable", {"service": "PC/SC", "reason": f"{code:08X}"})
    return Fault("signing.card-error", {"reason": f"{code:08X}"})


class PcscReaders:
    """The system's readers.

    Raises:
        MissingExtra: if pyscard is not installed.
    """

    def __init__(self) -> None:
        self._scard: Any = require("smartcard.scard", "pcsc")

    def names(self) -> tuple[str, ...]:
        """Their names; none where there is none."""
        with _Context(self._scard) as context:
            return self._names(context.handle)

    def presence(self) -> dict[str, Hashable]:
        """For each reader its card's ATR, with the service's count of changes; or None."""
        scard = self._scard
        with _Context(scard) as context:
            names = self._names(context.handle)
            if not names:
                return {}
            asked = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
            code, states = scard.SCardGetStatusChange(context.handle, 0, asked)
            if code not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
                raise error_of(fault_of(code, ", ".join(names)))
            return {
                name: (state >> 16, tuple(atr)) if state & scard.SCARD_STATE_PRESENT else None
                for name, state, atr in states
            }

    def connect(self, reader: str, *, exclusive: bool) -> PcscConnection:
        """Connect to the card in a reader."""
        scard = self._scard
        context = _Context(scard)
        mode = scard.SCARD_SHARE_EXCLUSIVE if exclusive else scard.SCARD_SHARE_SHARED
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, protocol = scard.SCardConnect(context.handle, reader, mode, protocols)
        if code != scard.SCARD_S_SUCCESS:
            context.release()
            raise error_of(fault_of(code, reader))
        return PcscConnection(scard, context, card, protocol, reader)

    def _names(self, context: Any) -> tuple[str, ...]:
        code, names = self._scard.SCardListReaders(context, [])
        if code & 0xFFFFFFFF == _NO_READERS:
            return ()
        if code != self._scard.SCARD_S_SUCCESS:
            raise error_of(fault_of(code, "PC/SC"))
        return tuple(names)


class PcscConnection:
    """A connection through the system's service."""

    def __init__(
        self, scard: Any, context: _Context, card: Any, protocol: int, reader: str
    ) -> None:
        self._scard = scard
        self._context = context
        self._card = card
        self._protocol = protocol
        self._reader = reader

    def transmit(self, command: bytearray) -> bytes:
        """Send a command."""
        sent = list(command)
        try:
            code, answer = self._scard.SCardTransmit(self._card, self._protocol, sent)
        finally:
            sent[:] = [0] * len(sent)
            wipe(command)
        if code != self._scard.SCARD_S_SUCCESS:
            raise error_of(fault_of(code, self._reader))
        return bytes(byte & 0xFF for byte in answer)

    def close(self) -> None:
        """End it and reset the card."""
        self._scard.SCardDisconnect(self._card, self._scard.SCARD_RESET_CARD)
        self._context.release()


class _Context:
    """The service, for as long as it is needed."""

    def __init__(self, scard: Any) -> None:
        self._scard = scard
        code, self.handle = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        if code != scard.SCARD_S_SUCCESS:
            raise error_of(fault_of(code, "PC/SC"))

    def release(self) -> None:
        """Give it back."""
        self._scard.SCardReleaseContext(self.handle)

    def __enter__(self) -> _Context:
        return self

    def __exit__(self, *_about: object) -> None:
        self.release()
