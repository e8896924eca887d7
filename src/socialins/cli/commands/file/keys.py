"""What `submit`, `close`, `verify-signatures` share: signing with the unit's key, and proving."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import attrs
import click

from socialins.cli.command import Option
from socialins.cli.commands.file.common import Kept
from socialins.cli.errors import Misuse
from socialins.cli.keys import DRIVER, TRUST, Trust, account_of, ask_pin, choose, signer_of
from socialins.faults import Fault, FaultError, Text
from socialins.filing import CloseMonth, Signature, Submit, events as ev
from socialins.signing import Document, UnitSignatures, sign_documents, signature_of

__all__ = ["CHECKING", "SIGNING", "check_of", "signed"]

C = TypeVar("C", Submit, CloseMonth)

# The book says which region it is of.
CHECKING = tuple(one for one in TRUST if one.name != "region")
"""Options that say whose signatures are taken."""

SIGNING: tuple[click.Parameter, ...] = (
    Option(
        ["--sign"],
        is_flag=True,
        text=Text(
            "用单位密钥签名后办理；口令在终端输入。",
            "Sign it with the unit's key; the PIN is asked for in the terminal.",
        ),
    ),
    Option(
        ["--token"],
        text=Text("用哪一把密钥：tokens 列出的名称。", "Which key: its name as tokens lists it."),
        metavar="NAME",
    ),
    *DRIVER,
    *CHECKING,
)
"""Options of what can be signed."""


def check_of(
    kept: Kept,
    *,
    unit: Path | None,
    authorities: tuple[Path, ...],
    between: tuple[Path, ...],
    lists: tuple[Path, ...],
) -> UnitSignatures:
    """What proves the signatures of a book's unit.

    Raises:
        Misuse: if no unit is named.
    """
    if unit is None:
        raise Misuse(
            Fault("cli.parameter-missing", {"name": "--unit"}), click.get_current_context()
        )
    account = account_of(unit, kept.region)
    if not account.number:
        account = attrs.evolve(account, number=kept.book.account)
    trust = Trust.read(authorities, between, lists)
    return UnitSignatures(
        account=account,
        rules=kept.rules.cascade.signing(),
        authorities=trust.authorities,
        between=trust.between,
        lists=trust.lists,
    )


def signed(
    kept: Kept,
    command: C,
    document: Any,
    *,
    sign: bool,
    token: str | None,
    driver: str,
    driver_options: tuple[tuple[str, str], ...],
    **trust: Any,
) -> tuple[Kept, C]:
    """A command with the unit's signature, if that was asked for; and the book that can prove it.

    Arguments:
        kept: the book.
        command: the command.
        document: makes the document that is signed, of the check; not called for what is refused.
        sign: whether it is signed.
        token: the name of the key.
        driver: the driver.
        driver_options: its options.
        trust: what `CHECKING` gave.

    Raises:
        SigningError: with what the key said; nothing was submitted.
    """
    if not sign:
        return kept, command
    check = check_of(kept, **trust)
    before = _before(kept, command)
    if before is not None:
        return attrs.evolve(kept, signatures=check), attrs.evolve(command, signature=before)
    if _refused(kept, command):
        return kept, command
    content: Document = document(check.account)
    signer = signer_of(driver, driver_options)
    with signer.open(choose(signer, token)) as session:
        made = sign_documents(
            session, [content], ask_pin, check.terms(command.at), chain=check.between
        )
    if made.fault is not None:
        raise FaultError(made.fault)
    (one,) = made.signed
    kept = attrs.evolve(kept, signatures=check)
    return kept, attrs.evolve(command, signature=signature_of(one))


def _before(kept: Kept, command: Submit | CloseMonth) -> Signature | None:
    """The signature that went with the command's key, so that sending it again asks for no PIN."""
    for event in kept.history if command.key else ():
        if event.key == command.key and isinstance(event, ev.Submitted | ev.MonthClosed):
            found = event.signature
            return None if found is None else Signature(found.content, found.cms)
    return None


def _refused(kept: Kept, command: Submit | CloseMonth) -> bool:
    """Whether it is refused however it were signed; then nobody is asked for a PIN."""
    found = kept.decide(command)
    codes = [fault.code for fault in found.faults if fault.is_error]
    return found.refused and codes != ["filing.signature-missing"]
