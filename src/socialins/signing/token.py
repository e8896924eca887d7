"""Tokens (密钥): what a driver sees before anybody opens one, and how that changes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import attrs

from socialins.faults import Fault
from socialins.signing.certificate import Certificate
from socialins.signing.pin import PinStatus

__all__ = ["Token", "TokenChange", "TokenEvent"]


@attrs.frozen(kw_only=True)
class Token:
    """A key that a driver found, or a place where one could be; looking costs no try of the PIN.

    Arguments:
        driver: the driver's name.
        reader: the reader, slot or file.
        label: how the key calls itself.
        serial: its serial number, if it tells one.
        profile: which kind of key the driver took it for.
        certificate: its signing certificate; None where there is none, or the PIN is needed first.
        pin: how its PIN stands.
        fault: why it can't be used; None if it can.
    """

    driver: str
    reader: str
    label: str = ""
    serial: str = ""
    profile: str = ""
    certificate: Certificate | None = None
    pin: PinStatus = PinStatus()
    fault: Fault | None = None

    @property
    def usable(self) -> bool:
        """Whether it can be opened."""
        return self.fault is None

    @property
    def name(self) -> str:
        """What tells it from the others: its certificate's fingerprint, else where it is."""
        if self.certificate is not None:
            return self.certificate.sha256[:16]
        return f"{self.reader}/{self.serial or self.label}".rstrip("/")

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """Dicts, lists and text."""
        return {
            "driver": self.driver,
            "reader": self.reader,
            "name": self.name,
            "label": self.label,
            "serial": self.serial,
            "profile": self.profile,
            "certificate": self.certificate.to_plain() if self.certificate else None,
            "tries_left": self.pin.tries_left,
            "blocked": self.pin.blocked,
            "low": self.pin.low,
            "usable": self.usable,
            "fault": (
                {
                    "code": self.fault.code,
                    "message": self.fault.message(lang),
                    "remedy": self.fault.remedy(lang),
                }
                if self.fault
                else None
            ),
        }


class TokenChange(StrEnum):
    """What happened to a token."""

    INSERTED = "inserted"
    REMOVED = "removed"


@attrs.frozen
class TokenEvent:
    """A token came or went.

    Arguments:
        change: which of the two.
        token: the token as it was seen.
    """

    change: TokenChange
    token: Token
