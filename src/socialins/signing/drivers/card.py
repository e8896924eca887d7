"""A smart card by its profile: select, certificate, tries left, VERIFY, signature.

Each method is one step on an open channel, and knows nothing of readers or sessions.
"""

from __future__ import annotations

import hashlib
from typing import Any

from socialins.faults import Fault, require
from socialins.signing.certificate import Certificate
from socialins.signing.drivers.apdu import Answer, Channel, exchange, find_tag
from socialins.signing.drivers.profile import CardProfile, PinRule
from socialins.signing.errors import SigningError, error_of
from socialins.signing.guard import PinOutcome
from socialins.signing.pin import Pin, PinStatus, wipe
from socialins.signing.raw import der_of
from socialins.signing.scheme import Scheme

__all__ = ["Card"]

_BLOCKED = (0x6983, 0x6984)
_NEEDS_PIN = 0x6982
_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")


class Card:
    """A card whose application is of a profile's kind.

    Arguments:
        channel: the connection.
        profile: how it is spoken to.
    """

    def __init__(self, channel: Channel, profile: CardProfile) -> None:
        self.channel = channel
        self.profile = profile

    def select(self) -> bool:
        """Select the application; whether the card has it."""
        return self._send(b"\x00\xa4\x04\x00", self.profile.aid).ok

    def certificate(self) -> Certificate | None:
        """The certificate; None where none was written."""
        profile = self.profile
        answer = self._send(profile.certificate_command, profile.certificate_data)
        if answer.status in (0x6A82, 0x6A88) or (answer.ok and not answer.data):
            return None
        if not answer.ok:
            raise self._failed(answer)
        data = answer.data
        for tag in profile.certificate_inside:
            data = find_tag(data, tag)
        return Certificate(_whole(data)) if data else None

    def pin_status(self) -> PinStatus:
        """How the PIN stands; it costs no try."""
        return self._status(self.profile.status.pin_at)

    def unblock_status(self) -> PinStatus:
        """How the code that unblocks stands, where the card tells."""
        at = self.profile.status.unblock_at
        return PinStatus() if at is None else self._status(at)

    def verify(self, pin: Pin) -> PinOutcome:
        """Show the PIN, once."""
        rule = self.profile.pin
        with pin.exposed() as secret:
            command = _padded((secret, rule))
        return self._outcome(
            bytes([0, 0x20, 0, rule.reference]), command, self.profile.status.pin_at
        )

    def change(self, current: Pin, new: Pin) -> PinOutcome:
        """Change the PIN, in one command that shows the current one."""
        rule = self.profile.pin
        command = self._two(current, rule, new, rule)
        return self._outcome(
            bytes([0, 0x24, 0, rule.reference]), command, self.profile.status.pin_at
        )

    def unblock(self, code: Pin, new: Pin) -> PinOutcome:
        """Unblock the PIN, in one command that shows the code."""
        rule = self.profile.pin
        command = self._two(code, self.profile.unblock, new, rule)
        return self._outcome(
            bytes([0, 0x2C, 0, rule.reference]), command, self.profile.status.unblock_at
        )

    def sign(self, message: bytes, scheme: Scheme, certificate: Certificate) -> bytes:
        """Sign a message's SHA-256; the PIN was verified."""
        digest = hashlib.sha256(message).digest()
        if self.profile.sign == "general-authenticate":
            return self._general_authenticate(digest, scheme, certificate)
        wanted = digest if scheme is Scheme.ECDSA_P256_SHA256 else _DIGEST_INFO + digest
        answer = self._signed(self._send(b"\x00\x2a\x9e\x9a", wanted))
        return der_of(answer) if scheme is Scheme.ECDSA_P256_SHA256 else answer

    def _general_authenticate(
        self, digest: bytes, scheme: Scheme, certificate: Certificate
    ) -> bytes:
        if scheme is Scheme.ECDSA_P256_SHA256:
            algorithm, wanted = 0x11, digest
        else:
            size = (certificate.parsed.public_key.bit_size + 7) // 8
            if size != 256:
                values = {"scheme": f"RSA-{size * 8}", "schemes": "RSA-2048"}
                raise error_of(Fault("signing.scheme", values))
            info = _DIGEST_INFO + digest
            algorithm = 0x07
            wanted = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
        inner = b"\x82\x00" + _tlv(0x81, wanted)
        header = bytes([0, 0x87, algorithm, self.profile.key])
        answer = self._signed(self._send(header, _tlv(0x7C, inner)))
        return find_tag(find_tag(answer, 0x7C), 0x82)

    def _signed(self, answer: Answer) -> bytes:
        if answer.status == _NEEDS_PIN:
            raise error_of(Fault("signing.pin-required"))
        if not answer.ok:
            raise self._failed(answer)
        return answer.data

    def _two(self, first: Pin, first_rule: PinRule, second: Pin, rule: PinRule) -> bytearray:
        with first.exposed() as one, second.exposed() as other:
            return _padded((one, first_rule), (other, rule))

    def _outcome(self, header: bytes, command: bytearray, status_at: int | None) -> PinOutcome:
        try:
            answer = exchange(self.channel, header, command, answer=False)
        finally:
            wipe(command)
        if answer.ok:
            return PinOutcome(accepted=True)
        if answer.status >> 4 == 0x63C:
            left = answer.status & 0xF
            return PinOutcome(accepted=False, tries_left=left, blocked=left == 0)
        if answer.status in _BLOCKED:
            return PinOutcome(accepted=False, tries_left=0, blocked=True)
        if answer.status == _NEEDS_PIN:  # some cards say so of a wrong PIN
            status = PinStatus() if status_at is None else self._status(status_at)
            return PinOutcome(accepted=False, tries_left=status.tries_left, blocked=status.blocked)
        raise self._failed(answer)

    def _status(self, at: int) -> PinStatus:
        rule = self.profile.status
        if rule.how == "empty-verify":
            header = bytes([0, 0x20, 0, self.profile.pin.reference])
            answer = exchange(self.channel, header, answer=False)
            if answer.status in _BLOCKED:
                return PinStatus(0, blocked=True)
            if answer.status >> 4 == 0x63C:
                left = answer.status & 0xF
                return PinStatus(left, blocked=left == 0)
            return PinStatus()
        answer = self._send(rule.command)
        if not answer.ok or len(answer.data) <= at:
            return PinStatus()
        return PinStatus(answer.data[at], blocked=answer.data[at] == 0)

    def _send(self, header: bytes, data: bytes = b"") -> Answer:
        return exchange(self.channel, header, data, long=self.profile.long_commands)

    def _failed(self, answer: Answer) -> SigningError:
        return error_of(Fault("signing.card-error", {"reason": f"{answer.status:04X}"}))


def _padded(*secrets: tuple[bytearray, PinRule]) -> bytearray:
    """PINs as they are sent, each written once into a place that is large enough from the start.

    Bytes that are put together or grow leave copies behind, which nothing wipes.
    """
    made = bytearray(sum(rule.length(len(secret)) for secret, rule in secrets))
    at = 0
    for secret, rule in secrets:
        end, padded = at + len(secret), at + rule.length(len(secret))
        made[at:end] = secret
        made[end:padded] = b"\xff" * (padded - end)
        at = padded
    return made


def _tlv(tag: int, value: bytes) -> bytes:
    from socialins.signing.der import tagged

    return tagged(tag, value)


def _whole(data: bytes) -> bytes:
    """A certificate without what fills its data object up behind it."""
    parser: Any = require("asn1crypto.parser", "sign")
    try:
        size = parser.peek(data)
    except ValueError:
        return data
    return data[:size]
