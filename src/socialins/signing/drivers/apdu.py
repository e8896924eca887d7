"""Commands to a smart card (APDU): sent whole or in parts, and answers put together.

A command that carries a PIN is sent once and wiped, whatever comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

import attrs

from socialins.faults import Fault
from socialins.signing.errors import error_of
from socialins.signing.pin import wipe

__all__ = ["OK", "Answer", "Channel", "exchange", "find_tag"]

OK = 0x9000
_MOST_PARTS = 64
_SHORT = 255


class Channel(Protocol):
    """A connection to a card."""

    def transmit(self, command: bytearray) -> bytes:
        """Send a command; the answer ends with its two status bytes.

        Raises:
            SigningError: if the card or the reader fails.
        """


@attrs.frozen
class Answer:
    """What a card answered.

    Arguments:
        data: the data.
        status: the two status bytes as a number, such as 0x9000.
    """

    data: bytes
    status: int

    @property
    def ok(self) -> bool:
        """Whether the card did what it was asked to."""
        return self.status == OK


def exchange(
    channel: Channel,
    header: bytes,
    data: bytes | bytearray = b"",
    *,
    answer: bool = True,
    long: Literal["chained", "extended"] = "chained",
) -> Answer:
    """Send a command and collect the whole answer.

    Arguments:
        channel: the card.
        header: class, instruction and two parameters.
        data: the data.
        answer: whether data is expected back.
        long: how more than 255 bytes are sent.
    """
    found = Answer(b"", OK)
    for command in _commands(header, data, answer=answer, long=long):
        try:
            found = _split(channel.transmit(command))
        finally:
            wipe(command)
    if found.status >> 8 == 0x6C and answer:
        found = _split(channel.transmit(bytearray(header + bytes([found.status & 0xFF]))))
    collected = found.data
    for _ in range(_MOST_PARTS):
        if found.status >> 8 != 0x61:
            return Answer(collected, found.status)
        found = _split(channel.transmit(bytearray([0, 0xC0, 0, 0, found.status & 0xFF])))
        collected += found.data
    raise error_of(Fault("signing.card-error", {"reason": "61XX"}))


def _commands(
    header: bytes, data: bytes | bytearray, *, answer: bool, long: str
) -> Iterator[bytearray]:
    if len(data) <= _SHORT:
        # Of its length from the start: bytes that grow leave copies of a PIN behind.
        lead = bytes(header) + bytes([len(data)] if data else [])
        body = bytearray(len(lead) + len(data) + (1 if answer else 0))
        body[: len(lead)] = lead
        body[len(lead) : len(lead) + len(data)] = data
        yield body
    elif long == "extended":
        body = bytearray(header) + bytes([0]) + len(data).to_bytes(2, "big") + data
        yield body + (b"\0\0" if answer else b"")
    else:
        for start in range(0, len(data), _SHORT):
            part = data[start : start + _SHORT]
            last = start + _SHORT >= len(data)
            body = bytearray(header)
            body[0] |= 0 if last else 0x10
            body.append(len(part))
            body += part
            yield body + (b"\0" if answer and last else b"")


def _split(raw: bytes) -> Answer:
    if not raw:  # some readers say so of a card that is pulled out meanwhile
        raise error_of(Fault("signing.no-answer"))
    if len(raw) < 2:
        raise error_of(Fault("signing.card-error", {"reason": f"{len(raw)} bytes"}))
    return Answer(bytes(raw[:-2]), int.from_bytes(raw[-2:], "big"))


def find_tag(data: bytes, tag: int) -> bytes:
    """The value of a tag of one byte among those that follow each other.

    Raises:
        SigningError: if it is not there, or the data is cut off.

    >>> find_tag(bytes.fromhex("710100700261627100"), 0x70)
    b'ab'
    """
    at = 0
    while at + 2 <= len(data):
        found, size, start = data[at], data[at + 1], at + 2
        if size >= 0x80:
            start = at + 2 + (size & 0x7F)
            size = int.from_bytes(data[at + 2 : start], "big")
        if start + size > len(data):
            break
        if found == tag:
            return data[start : start + size]
        at = start + size
    raise error_of(Fault("signing.card-error", {"reason": f"tag {tag:02X}"}))
