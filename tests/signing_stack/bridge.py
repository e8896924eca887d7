"""Puts a card that others wrote into the virtual reader of a PC/SC daemon; a process of its own.

It runs in the card's own environment and knows nothing of this library: `bridge.py CARD PORT`, and
what the card is given. The reader's protocol: a length of two bytes, then a command; single bytes
switch the card or ask for its ATR. A line `out` on the input pulls the same card out, one `in` puts
it back.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import select
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Protocol

OFF, ON, RESET, ATR = 0, 1, 2, 4
PIV = bytes.fromhex("A000000308")
RSA_2048, SIGNING = 0x07, 0x9C
SLOW = 2
"""Seconds that a slow signature takes."""

POLL = 1
"""Seconds after which the daemon has seen that a card is gone; it overlooks one back sooner."""


class Pulled(Exception):
    """The card is pulled out in the middle of a command."""


class Card(Protocol):
    def restart(self) -> None: ...
    def atr(self) -> bytes: ...
    def answer(self, command: bytes) -> bytes: ...


class JceCard:
    """jcecard, which knows its PIV application by the five bytes of the AID alone.

    Arguments:
        mishap: what happens to a signature: ``slow``, ``garbage``, or ``pulled``.
        number: to which one.
    """

    def __init__(self, mishap: str = "", number: str = "1") -> None:
        from jcecard.main import OpenPGPCard

        logging.disable(logging.CRITICAL)
        self.card: Any = OpenPGPCard(storage_path=Path(tempfile.mkdtemp()) / "card.json")
        self.mishap, self.left = mishap, int(number)

    def restart(self) -> None:
        self.card.reset()

    def atr(self) -> bytes:
        return bytes(self.card.get_atr())

    def answer(self, command: bytes) -> bytes:
        if command[1] == 0xA4 and command[5:10] == PIV:
            command = command[:4] + bytes([len(PIV)]) + PIV + b"\0"
        if command[1] == 0x87 and command[3] == 0x9C:
            self.left -= 1
            if self.left == 0 and self.mishap == "pulled":
                raise Pulled
            if self.left == 0 and self.mishap == "garbage":
                return bytes.fromhex("DEADBEEF")
            if self.left == 0 and self.mishap == "slow":
                time.sleep(SLOW)
        return bytes(self.card.process_apdu(command))


class MendedJceCard(JceCard):
    """jcecard with its RSA signatures as SP 800-73 has them.

    It makes and keeps such keys, but reads lengths of one byte only, and takes a bare digest where
    the padded block is sent. What it does of chaining, PIN and certificate stays as it is.
    """

    def __init__(self, *given: str) -> None:
        from jcecard.piv.applet import PIVApplet, make_response

        usual = PIVApplet._handle_general_authenticate

        def handle(applet: Any, apdu: Any) -> Any:
            if apdu.p1 != RSA_2048 or not applet.security.pin_verified:
                return usual(applet, apdu)
            signed = raised(applet.data_objects.get_key(SIGNING).private_key, apdu.data[-256:])
            return make_response(0x9000, b"\x7c\x82\x01\x04\x82\x82\x01\x00" + signed)

        PIVApplet._handle_general_authenticate = handle
        super().__init__(*given)


def raised(key: bytes, block: bytes) -> bytes:
    """A block to the power of an RSA key's secret exponent."""
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    numbers: Any = load_der_private_key(key, None).private_numbers()
    number = pow(int.from_bytes(block, "big"), numbers.d, numbers.public_numbers.n)
    return number.to_bytes(256, "big")


class OpenPgpCard:
    """smartcard-app-openpgp, whose state lives in a database in memory."""

    def __init__(self) -> None:
        import ZODB
        from smartcard import MASTER_FILE_IDENTIFIER, Card as Whole
        from smartcard.app.openpgp import OpenPGP
        from smartcard.utils import transaction_manager
        from ZODB.MappingStorage import MappingStorage

        connection = ZODB.DB(MappingStorage()).open(transaction_manager=transaction_manager)
        with transaction_manager:
            self.card: Any = Whole(name=b"peer")
            connection.root.card = self.card
            application = OpenPGP(identifier=b"\x56\x78")
            application.activateSelf()
            root = self.card.traverse((MASTER_FILE_IDENTIFIER,))
            self.card.createFile(root, application)

    def restart(self) -> None:
        self.card.clearVolatile()

    def atr(self) -> bytes:
        return bytes(self.card.getATR())

    def answer(self, command: bytes) -> bytes:
        return bytes(self.card.runAPDU(bytearray(command)))


class CacCard:
    """libcacard, a Common Access Card in C; its key lies in a database of NSS.

    Arguments:
        where: the database's folder; the certificate in it is called ``key``.
    """

    def __init__(self, where: str) -> None:
        self.library: Any = ctypes.CDLL("libcacard.so.0")
        for name in ("vcard_emul_options", "vreader_get_reader_by_name"):
            getattr(self.library, name).restype = ctypes.c_void_p
        options = f'db="sql:{where}" use_hw=no soft=(,peer,CAC,,key)'
        made = self.library.vcard_emul_options(options.encode())
        if made is None or self.library.vcard_emul_init(ctypes.c_void_p(made)):
            raise SystemExit("libcacard did not take the database")
        self.reader = ctypes.c_void_p(self.library.vreader_get_reader_by_name(b"peer"))
        self.called = b""
        self.restart()

    def restart(self) -> None:
        self.library.vreader_power_off(self.reader)
        buffer, size = (ctypes.c_ubyte * 64)(), ctypes.c_int(64)
        self.library.vreader_power_on(self.reader, buffer, ctypes.byref(size))
        self.called = bytes(buffer[: size.value])

    def atr(self) -> bytes:
        return self.called

    def answer(self, command: bytes) -> bytes:
        buffer, size = (ctypes.c_ubyte * 512)(), ctypes.c_int(512)
        sent = (self.reader, command, len(command), buffer, ctypes.byref(size))
        if self.library.vreader_xfr_bytes(*sent):
            return b"\x6f\x00"
        return bytes(buffer[: size.value])


class CountingCacCard(CacCard):
    """Libcacard takes any number of wrong PINs; this counts them in front of it, as keys do."""

    tries = left = 3

    def answer(self, command: bytes) -> bytes:
        if command[1] != 0x20:
            return super().answer(command)
        if self.left and len(command) > 5:
            right = super().answer(command) == b"\x90\x00"
            self.left = self.tries if right else self.left - 1
            if right:
                return b"\x90\x00"
        return bytes([0x63, 0xC0 | self.left]) if self.left else b"\x69\x83"


CARDS: dict[str, type[Any]] = {
    "jcecard": JceCard,
    "jcecard-mended": MendedJceCard,
    "openpgp": OpenPgpCard,
    "libcacard": CacCard,
    "libcacard-counting": CountingCacCard,
}


def serve(card: Card, port: int) -> None:
    """Answer until the daemon hangs up, the card is pulled out, or somebody says so."""
    with contextlib.suppress(Pulled), socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while sys.stdin.buffer not in select.select([line, sys.stdin.buffer], [], [])[0]:
            head = received(line, 2)
            body = head and received(line, int.from_bytes(head, "big"))
            if not body:
                return
            if len(body) > 1:
                send(line, card.answer(body))
            elif body[0] == ATR:
                send(line, card.atr())
            elif body[0] in (OFF, ON, RESET):
                card.restart()
        sys.stdin.buffer.readline()


def received(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        # Else each answer waits for an acknowledgement that comes 40 ms late.
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = line.recv(size - len(data))
        if not part:
            return b""
        data += part
    return data


def send(line: socket.socket, data: bytes) -> None:
    line.sendall(len(data).to_bytes(2, "big") + data)


if __name__ == "__main__":
    inserted = CARDS[sys.argv[1]](*sys.argv[3:])
    serve(inserted, int(sys.argv[2]))
    while sys.stdin.buffer.readline() == b"in\n":
        time.sleep(POLL)
        serve(inserted, int(sys.argv[2]))
