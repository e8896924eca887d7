"""The head of a journal in a file (流水账标记): written to be signed, and verified later."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from socialins.faults import Fault, FaultError, Place
from socialins.forms.output import whole_file
from socialins.model.unit import UnitAccount
from socialins.store import (
    HeadReport,
    StoreError,
    head_to_sign,
    is_database,
    open_store,
    read_lines,
    verify_head,
)
from socialins.store.signed_head import head_in

if TYPE_CHECKING:
    from socialins.cli.keys import Trust
    from socialins.rules.signing import SigningRules
    from socialins.signing import Document

__all__ = ["is_export", "signature_beside", "verify_signed_head", "write_head"]


def is_export(journal: Path | str) -> bool:
    """Whether a journal is an export as JSON lines; an empty file is none."""
    return isinstance(journal, Path) and bool(journal.stat().st_size) and not is_database(journal)


def write_head(journal: Path | str, folder: Path, account: UnitAccount) -> Path:
    """Write a journal's head into a folder, as the document that is signed.

    Each head has a file of its own, so that a signature never stands beside a later one.

    Arguments:
        journal: the journal, its export, or the address of a database.
        folder: where it goes; it is made if need be.
        account: whose journal it is.

    Raises:
        StoreError: if the journal is not as it was written, or has no events.
    """
    document = _head_of(journal, account)
    head, _ = head_in(document.content)
    number = f"{head.sequence}-{head.digest[:8]}" if head else ""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_name(journal)}-{number}.head.json"
    with whole_file(path) as unfinished:
        unfinished.write_bytes(document.content)
    return path


def signature_beside(document: Path) -> Path:
    """The signature of a document, as `socialins sign` puts it beside.

    Raises:
        FaultError: if there is none.
    """
    path = document.with_name(f"{document.name}.p7s")
    if not path.is_file():
        raise FaultError(Fault("cli.file", {"path": str(path)}, Place(file=str(path))))
    return path


def verify_signed_head(
    journal: Path | str,
    document: Path,
    account: UnitAccount,
    trust: Trust,
    rules: SigningRules | None,
) -> HeadReport:
    """Verify a head that stands in a file, with its signature beside it.

    Arguments:
        journal: the journal, its export, or the address of a database.
        document: the file of the head.
        account: whose it has to be.
        trust: whose certificates are taken.
        rules: the region's rules of signing, if one was named.
    """
    content, signature = document.read_bytes(), signature_beside(document).read_bytes()

    def verified(source: object) -> HeadReport:
        return verify_head(
            source,  # type: ignore[arg-type]  # a store, or lines
            content,
            signature,
            unit=account.unit,
            rules=rules,
            authorities=trust.authorities,
            between=trust.between,
            lists=trust.lists,
        )

    if is_export(journal):
        return verified(read_lines(Path(journal)))
    with open_store(journal, read_only=True) as store:
        return verified(store)


def _head_of(journal: Path | str, account: UnitAccount) -> Document:
    name = _name(journal)
    if is_export(journal):
        try:
            return head_to_sign(read_lines(Path(journal)), account, name=name)
        except StoreError as error:
            if all(one.code in _NO_LINES for one in getattr(error, "all", (error.fault,))):
                place = Place(file=str(journal))
                raise StoreError(Fault("store.not-a-journal", place=place)) from None
            raise
    with open_store(journal, read_only=True) as store:
        return head_to_sign(store, account, name=name)


_NO_LINES = {"store.line", "store.no-last-line"}


def _name(journal: Path | str) -> str:
    """How a journal is called; of an address the database alone, since it may hold a password."""
    if isinstance(journal, Path):
        return journal.name
    return urlsplit(journal).path.strip("/").replace("/", "-") or "journal"
