"""Card profiles: how a kind of smart card is spoken to, as a small file.

Two ways of signing and two of telling the tries left cover the cards that are known; a further card
is a further file, and a vendor's plugin may bring one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import attrs

from socialins.faults import Text
from socialins.signing.pin import PinPolicy

__all__ = ["CardProfile", "PinRule", "StatusRule", "built_in_profiles", "read_profile"]


@attrs.frozen(kw_only=True)
class PinRule:
    """What a PIN of the card looks like, and how it is sent.

    Arguments:
        reference: the second parameter of VERIFY.
        least, most: its length.
        characters: ``"digits"`` or ``"any"``.
        padded_to: filled up with FF to so many bytes; None to send it as it is.
    """

    reference: int = 0
    least: int
    most: int
    characters: Literal["digits", "any"] = "any"
    padded_to: int | None = None

    @property
    def policy(self) -> PinPolicy:
        """What is checked before it is sent."""
        return PinPolicy(self.least, self.most, self.characters)

    def length(self, length: int) -> int:
        """How many bytes are sent for a PIN of a length."""
        return length if self.padded_to is None else self.padded_to


@attrs.frozen(kw_only=True)
class StatusRule:
    """How the card tells the tries left.

    Arguments:
        how: a VERIFY without a PIN, or a data object.
        command: the header that reads the object.
        pin_at, unblock_at: where in it the tries of either stand.
    """

    how: Literal["empty-verify", "data-object"]
    command: bytes = b""
    pin_at: int = 0
    unblock_at: int | None = None


@attrs.frozen(kw_only=True)
class CardProfile:
    """How a kind of card is spoken to.

    Arguments:
        id: its name.
        title: its name for people.
        source: the specification.
        aid: the application that is selected.
        long_commands: how more than 255 bytes are sent.
        pin: the PIN that signing asks for.
        unblock: the code that unblocks it.
        status: how the tries left are told.
        certificate_command, certificate_data: what reads the certificate.
        certificate_inside: the tags it stands in, from the outermost.
        sign: which command signs.
        key: the key's reference, where the command has one.
    """

    id: str
    title: Text
    source: str
    aid: bytes
    long_commands: Literal["chained", "extended"]
    pin: PinRule
    unblock: PinRule
    status: StatusRule
    certificate_command: bytes
    certificate_data: bytes = b""
    certificate_inside: tuple[int, ...] = ()
    sign: Literal["general-authenticate", "compute-digital-signature"]
    key: int = 0


def read_profile(table: Mapping[str, Any]) -> CardProfile:
    """A profile from its TOML table.

    Raises:
        KeyError, TypeError, ValueError: if the table is no profile.
    """
    status, certificate, sign = table["status"], table["certificate"], table["sign"]
    if sign["how"] not in ("general-authenticate", "compute-digital-signature"):
        raise ValueError(f"{sign['how']!r} is no way of signing that is known")
    if status["how"] not in ("empty-verify", "data-object"):
        raise ValueError(f"{status['how']!r} is no way of telling the tries left that is known")
    return CardProfile(
        id=table["id"],
        title=Text(**table["title"]),
        source=table["source"],
        aid=bytes.fromhex(table["aid"]),
        long_commands=table["long_commands"],
        pin=PinRule(**table["pin"]),
        unblock=PinRule(**table["unblock"]),
        status=StatusRule(**{**status, "command": bytes.fromhex(status.get("command", ""))}),
        certificate_command=bytes.fromhex(certificate["command"]),
        certificate_data=bytes.fromhex(certificate.get("data", "")),
        certificate_inside=tuple(int(tag, 16) for tag in certificate.get("inside", ())),
        sign=sign["how"],
        key=sign.get("key", 0),
    )


@cache
def built_in_profiles() -> tuple[CardProfile, ...]:
    """The library's own, in the order they are tried.

    >>> [profile.id for profile in built_in_profiles()]
    ['piv', 'openpgp']
    """
    folder = files("socialins.signing.drivers").joinpath("profiles")
    names = ("piv.toml", "openpgp.toml")
    return tuple(
        read_profile(tomllib.loads(folder.joinpath(name).read_text("utf-8"))) for name in names
    )
