"""What the commands about keys share: the driver, the right key, certificates from files, the PIN.

A PIN is asked for in the terminal and nowhere else: others can read arguments and environments.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from socialins.cli.command import Option
from socialins.cli.context import lang_of
from socialins.cli.parameters import FILE, REGION
from socialins.faults import Fault, Text
from socialins.signing import (
    Certificate,
    Pin,
    PinPurpose,
    PinRequest,
    RevocationList,
    Signer,
    SigningError,
    Token,
    make_signer,
    read_certificates,
)

if TYPE_CHECKING:
    from socialins.facade import Region
    from socialins.model.unit import UnitAccount

__all__ = ["DRIVER", "TRUST", "Trust", "account_of", "ask_pin", "choose", "now", "signer_of"]

DRIVER = (
    Option(
        ["--driver"],
        text=Text(
            "密钥驱动：pcsc、pkcs11、pkcs12、sm2-file 或插件提供的。", "The driver of the key."
        ),
        default="pcsc",
        metavar="NAME",
    ),
    Option(
        ["--driver-option", "driver_options"],
        text=Text(
            "驱动的参数，可重复，如 module 厂商库.so、file 单位.p12。",
            "An option of the driver; may be repeated, as: module vendor.so, file unit.p12.",
        ),
        type=(str, str),
        multiple=True,
        metavar="NAME VALUE",
    ),
)
"""Options that say which driver is used."""

TRUST = (
    Option(
        ["--region"],
        text=Text("地区：其规则写明认可的发证机构。", "The region, whose rules name authorities."),
        type=REGION,
    ),
    Option(
        ["--unit"],
        text=Text("单位文件（toml）：名称和信用代码须与证书一致。", "The unit's file (toml)."),
        type=FILE,
    ),
    Option(
        ["--ca", "authorities"],
        text=Text("认可的发证机构证书，可重复。", "A trusted authority's certificate; repeatable."),
        type=FILE,
        multiple=True,
    ),
    Option(
        ["--between"],
        text=Text("中级证书，可重复。", "A certificate on the way to an authority; repeatable."),
        type=FILE,
        multiple=True,
    ),
    Option(
        ["--crl", "lists"],
        text=Text("吊销列表，可重复。", "A revocation list; repeatable."),
        type=FILE,
        multiple=True,
    ),
)
"""Options that say whose certificates are taken."""


@attrs.frozen
class Trust:
    """What `TRUST` gave, read."""

    authorities: tuple[Certificate, ...]
    between: tuple[Certificate, ...]
    lists: tuple[RevocationList, ...]

    @classmethod
    def read(
        cls, authorities: Sequence[Path], between: Sequence[Path], lists: Sequence[Path]
    ) -> Trust:
        """Read the files."""
        return cls(
            _certificates(authorities),
            _certificates(between),
            tuple(RevocationList(path.read_bytes()) for path in lists),
        )


def account_of(unit: Path, region: Region | None) -> UnitAccount:
    """The account of a unit's file.

    Raises:
        SigningError: if the file names no unit.
    """
    from socialins.forms.unitfile import read_unit
    from socialins.rules import Cascade

    account = read_unit(unit, region.cascade if region else Cascade(())).account
    if account is None:
        raise SigningError(Fault("signing.no-unit"))
    return account


def signer_of(driver: str, options: Sequence[tuple[str, str]]) -> Signer:
    """The signer that was asked for."""
    return make_signer(driver, dict(options))


def choose(signer: Signer, name: str | None) -> Token:
    """The token of a name, or the only one that can be used.

    Raises:
        SigningError: if there is none, or more than one and no name.
    """
    tokens = signer.list_tokens()
    if name:
        named = [one for one in tokens if name in (one.name, one.reader, one.label)]
        named += [
            one for one in tokens if one.certificate and one.certificate.sha256 == name.lower()
        ]
        if not named:
            raise SigningError(Fault("signing.token-unknown", {"token": name}))
        tokens = (named[0],)
    usable = [one for one in tokens if one.usable]
    if len(usable) > 1:
        raise SigningError(Fault("signing.token-choice", {"count": str(len(usable))}))
    if not usable:
        faults = [one.fault for one in tokens if one.fault is not None]
        raise SigningError(faults[0] if faults else Fault("signing.no-reader"))
    return usable[0]


_ASK = {
    PinPurpose.CURRENT: Text("当前口令（{token}）", "Current PIN of {token}"),
    PinPurpose.NEW: Text("新口令（{token}）", "New PIN of {token}"),
    PinPurpose.UNBLOCK: Text("解锁码（{token}）", "Unblocking code of {token}"),
}
_ASK_PIN = Text("密钥口令（{token}）", "PIN of {token}")
_LEFT = Text("，还可试 {left} 次", ", tries left: {left}")


def ask_pin(request: PinRequest) -> Pin | None:
    """Ask for a PIN in the terminal; what is typed is not shown."""
    lang = lang_of()
    words = _ASK.get(request.purpose, _ASK_PIN).get(lang).format(token=request.token)
    if request.status.tries_left is not None:
        words += _LEFT.get(lang).format(left=request.status.tries_left)
    typed = click.prompt(words, hide_input=True, default="", show_default=False, err=True)
    return Pin(typed)


def now() -> datetime:
    """The moment of the command."""
    return datetime.now(UTC)


def _certificates(paths: Sequence[Path]) -> tuple[Certificate, ...]:
    return tuple(one for path in paths for one in read_certificates(path.read_bytes()))
