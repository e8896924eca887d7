"""A made-up unit with its keys, ready to be inserted: for tests that want to sign something."""

from __future__ import annotations

from functools import cache

from socialins.identity import CreditCode
from socialins.model.unit import Unit
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.signing.pin import Pin, PinRequest
from socialins.signing.scheme import Scheme
from socialins.testing.tokens.authority import IssuedKey, VirtualAuthority
from socialins.testing.tokens.card import VirtualCard, VirtualReaders

__all__ = ["PIN", "SUBJECT", "UNIT", "Asked", "authority", "inserted", "unit_key"]

UNIT = Unit("中州机械(集团)有限公司", CreditCode("91990100MA0000001G"))
"""The unit."""

SUBJECT = {"C": "CN", "O": UNIT.name, "OU": "91990100MA0000001G", "CN": UNIT.name}
"""The subject of its certificates."""

PIN = b"246813"
"""The PIN of its cards."""


@cache
def authority(scheme: Scheme) -> VirtualAuthority:
    """The authority that issued the unit's key of a scheme; one a process, as keys take time."""
    return VirtualAuthority(scheme)


@cache
def unit_key(scheme: Scheme) -> IssuedKey:
    """The unit's key of a scheme; one a process."""
    return authority(scheme).issue(SUBJECT)


class Asked:
    """A provider that gives one PIN, and remembers what it was asked.

    Arguments:
        pin: the PIN it gives; None to give none.
    """

    def __init__(self, pin: bytes | None = PIN) -> None:
        self.pin = pin
        self.requests: list[PinRequest] = []

    def __call__(self, request: PinRequest) -> Pin | None:
        """Give the PIN."""
        self.requests.append(request)
        return None if self.pin is None else Pin(self.pin)


def inserted(scheme: Scheme = Scheme.ECDSA_P256_SHA256) -> tuple[VirtualCard, PcscSigner]:
    """A card with the unit's key, in a reader.

    >>> card, signer = inserted()
    >>> with signer.open(signer.list_tokens()[0]) as session:
    ...     signature = session.sign(b"message", Scheme.ECDSA_P256_SHA256, Asked())
    >>> card.asked["VERIFY"]
    1
    """
    card = VirtualCard(unit_key(scheme), PIN)
    return card, PcscSigner(VirtualReaders({"reader": card}))
