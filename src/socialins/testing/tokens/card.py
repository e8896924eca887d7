"""A virtual smart card that can be made to fail: for what no sound card ever does.

It speaks PIV as far as signing needs it, in Python alone, and counts what it was asked. It is no
proof that a driver fits real cards; cards that others wrote are that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import Any

from socialins.faults import require
from socialins.signing.der import tagged
from socialins.signing.drivers.readers import fault_of
from socialins.signing.errors import error_of
from socialins.signing.scheme import Scheme
from socialins.testing.tokens.authority import IssuedKey

__all__ = ["Mishap", "VirtualCard", "VirtualReaders"]

_REMOVED = 0x80100069
_SHARING = 0x8010000B
_NO_CARD = 0x8010000C
_TIMED_OUT = 0x8010000A
_NAMES = {
    0xA4: "SELECT",
    0xCB: "GET DATA",
    0x20: "VERIFY",
    0x24: "CHANGE",
    0x2C: "UNBLOCK",
    0x87: "SIGN",
    0xC0: "GET RESPONSE",
}


class Mishap(StrEnum):
    """What may go wrong at a command."""

    REMOVED = "removed"
    GARBAGE = "garbage"
    SLOW = "slow"
    CUT_OFF = "cut-off"
    SILENT = "silent"
    WRONG_SIGNATURE = "wrong-signature"


class VirtualCard:
    """A PIV card of Python.

    Arguments:
        key: its key and certificate; RSA-2048 or P-256.
        pin: its PIN.
        unblocking: the code that unblocks it.
        tries: how many wrong PINs in a row it takes.

    >>> from socialins.testing.tokens import VirtualAuthority
    >>> card = VirtualCard(VirtualAuthority().issue({"O": "中州机械有限公司"}))
    >>> card.transmit(bytearray.fromhex("00A4040009A00000030800001000"))[-2:].hex()
    '9000'
    >>> card.asked["SELECT"], card.asked["VERIFY"]
    (1, 0)
    """

    def __init__(
        self,
        key: IssuedKey,
        pin: bytes = b"246813",
        unblocking: bytes = b"13572468",
        tries: int = 3,
    ) -> None:
        self.key = key
        self.tries = self.left = tries
        self.unblocking_left = tries
        self.asked: Counter[str] = Counter()
        self.present = True
        self._pin, self._unblocking = pin.ljust(8, b"\xff"), unblocking.ljust(8, b"\xff")
        self._verified = False
        self._chained = b""
        self._rest = b""
        self._mishaps: dict[tuple[str, int], Mishap] = {}

    def fail(self, command: str, mishap: Mishap, *, time: int = 1) -> None:
        """Have something go wrong.

        Arguments:
            command: ``SELECT``, ``GET DATA``, ``VERIFY``, ``CHANGE``, ``UNBLOCK`` or ``SIGN``.
            mishap: what goes wrong.
            time: at which such command, counted from now.
        """
        self._mishaps[command, self.asked[command] + time] = mishap

    def reset(self) -> None:
        """What happens when a connection ends."""
        self._verified, self._chained, self._rest = False, b"", b""

    def transmit(self, command: bytearray) -> bytes:
        """Answer a command.

        Raises:
            SigningError: as a reader would, when the card is gone or does not answer.
        """
        if not self.present:
            raise error_of(fault_of(_REMOVED, "virtual"))
        name = _NAMES.get(command[1], "?")
        data = bytes(command[5 : 5 + command[4]]) if len(command) > 5 else b""
        if name == "SIGN" and command[0] & 0x10:
            self._chained += data
            return b"\x90\x00"
        # An empty VERIFY asks how many tries are left; it is no try.
        if name != "VERIFY" or data:
            self.asked[name] += 1
        mishap = self._mishaps.get((name, self.asked[name])) if data or name == "SIGN" else None
        if mishap is Mishap.REMOVED:
            self.present = False
            raise error_of(fault_of(_REMOVED, "virtual"))
        if mishap is Mishap.SLOW:
            raise error_of(fault_of(_TIMED_OUT, "virtual"))
        if mishap is Mishap.SILENT:
            return b""
        if mishap is Mishap.GARBAGE:
            return b"\xde\xad\xbe\xef"
        answer = self._answer(name, bytes(command), data, mishap)
        return answer[:1] if mishap is Mishap.CUT_OFF else answer

    def _answer(self, name: str, command: bytes, data: bytes, mishap: Mishap | None) -> bytes:
        steps: dict[str, Callable[[bytes], bytes]] = {
            "SELECT": self._select,
            "GET DATA": lambda _: self._long(
                tagged(0x53, tagged(0x70, self.key.certificate.der) + b"\x71\x01\x00\xfe\x00")
            ),
            "VERIFY": self._verify,
            "CHANGE": lambda sent: self._two(sent, self._pin, "left"),
            "UNBLOCK": lambda sent: self._two(sent, self._unblocking, "unblocking_left"),
            "SIGN": lambda sent: self._sign(command, sent, mishap),
            "GET RESPONSE": lambda _: self._long(self._rest),
        }
        return steps[name](data) if name in steps else b"\x6d\x00"

    def _select(self, aid: bytes) -> bytes:
        return b"\x90\x00" if aid.startswith(bytes.fromhex("A000000308")) else b"\x6a\x82"

    def _long(self, data: bytes) -> bytes:
        part, self._rest = data[:256], data[256:]
        more = min(len(self._rest), 255)
        return part + (bytes([0x61, more]) if more else b"\x90\x00")

    def _verify(self, data: bytes) -> bytes:
        if self.left == 0:
            return b"\x69\x83"
        if not data:
            return b"\x90\x00" if self._verified else bytes([0x63, 0xC0 | self.left])
        self._verified = data == self._pin
        self.left = self.tries if self._verified else self.left - 1
        return b"\x90\x00" if self._verified else bytes([0x63, 0xC0 | self.left])

    def _two(self, data: bytes, known: bytes, counter: str) -> bytes:
        if getattr(self, counter) == 0:
            return b"\x69\x83"
        if data[:8] != known:
            setattr(self, counter, getattr(self, counter) - 1)
            return bytes([0x63, 0xC0 | getattr(self, counter)])
        self._pin, self.left = data[8:16], self.tries
        return b"\x90\x00"

    def _sign(self, command: bytes, data: bytes, mishap: Mishap | None) -> bytes:
        whole, self._chained = self._chained + data, b""
        if not self._verified:
            return b"\x69\x82"
        self._verified = False  # this key wants its PIN each time
        digest = whole[-32:]
        if mishap is Mishap.WRONG_SIGNATURE:
            digest = bytes(32)
        return self._long(tagged(0x7C, tagged(0x82, _sign_digest(self.key, digest))))

    def close(self) -> None:
        """End the connection."""
        self.reset()

    def __repr__(self) -> str:
        return f"<VirtualCard {self.key.certificate.sha256[:16]}>"


class VirtualReaders:
    """Readers of a machine that has none.

    Arguments:
        cards: reader → its card; None for an empty one.
    """

    def __init__(self, cards: dict[str, VirtualCard | None]) -> None:
        self.cards = cards
        self.busy: set[str] = set()
        self.held: set[str] = set()

    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self.cards)

    def presence(self) -> dict[str, Hashable]:
        """Which cards are there."""
        return {name: self._there(name) for name in self.cards}

    def connect(self, reader: str, *, exclusive: bool) -> Any:
        """Connect to a card."""
        if reader in self.busy or reader in self.held:
            raise error_of(fault_of(_SHARING, reader))
        card = self.cards.get(reader)
        if card is None or not card.present:
            raise error_of(fault_of(_NO_CARD, reader))
        if exclusive:
            self.held.add(reader)
        return _Connection(self, reader, card)

    def _there(self, reader: str) -> int | None:
        card = self.cards[reader]
        return id(card) if card is not None and card.present else None


class _Connection:
    def __init__(self, readers: VirtualReaders, reader: str, card: VirtualCard) -> None:
        self._readers, self._reader, self._card = readers, reader, card

    def transmit(self, command: bytearray) -> bytes:
        return self._card.transmit(command)

    def close(self) -> None:
        self._card.reset()
        self._readers.held.discard(self._reader)


def _sign_digest(key: IssuedKey, digest: bytes) -> bytes:
    hashes = require("cryptography.hazmat.primitives.hashes", "sign")
    utils = require("cryptography.hazmat.primitives.asymmetric.utils", "sign")
    prehashed = utils.Prehashed(hashes.SHA256())
    if key.scheme is Scheme.ECDSA_P256_SHA256:
        ec = require("cryptography.hazmat.primitives.asymmetric.ec", "sign")
        return bytes(key.private.sign(digest, ec.ECDSA(prehashed)))
    padding = require("cryptography.hazmat.primitives.asymmetric.padding", "sign")
    return bytes(key.private.sign(digest, padding.PKCS1v15(), prehashed))
