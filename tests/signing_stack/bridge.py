"""Puts a card that others wrote into the virtual reader of a PC/SC daemon; a process of its own.

It runs in the card's own environment, as `bridge.py CARD PORT`, and knows nothing of this library.
The reader's protocol: a length of two bytes, then a command; single bytes switch the card or ask
for its ATR.
"""

from __future__ import annotations

import logging
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, Protocol

OFF, ON, RESET, ATR = 0, 1, 2, 4
PIV = bytes.fromhex("A000000308")


class Card(Protocol):
    def restart(self) -> None: ...
    def atr(self) -> bytes: ...
    def answer(self, command: bytes) -> bytes: ...


class JceCard:
    """jcecard, which knows its PIV application by the five bytes of the AID alone."""

    def __init__(self) -> None:
        from jcecard.main import OpenPGPCard

        logging.disable(logging.CRITICAL)
        self.card: Any = OpenPGPCard(storage_path=Path(tempfile.mkdtemp()) / "card.json")

    def restart(self) -> None:
        self.card.reset()

    def atr(self) -> bytes:
        return bytes(self.card.get_atr())

    def answer(self, command: bytes) -> bytes:
        if command[1] == 0xA4 and command[5:10] == PIV:
            command = command[:4] + bytes([len(PIV)]) + PIV + b"\0"
        return bytes(self.card.process_apdu(command))


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


CARDS: dict[str, type[Any]] = {"jcecard": JceCard, "openpgp": OpenPgpCard}


def serve(card: Card, port: int) -> None:
    """Answer until the daemon hangs up."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while (head := received(line, 2)) and (body := received(line, int.from_bytes(head, "big"))):
            if len(body) > 1:
                send(line, card.answer(body))
            elif body[0] == ATR:
                send(line, card.atr())
            elif body[0] in (OFF, ON, RESET):
                card.restart()


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
    serve(CARDS[sys.argv[1]](), int(sys.argv[2]))
