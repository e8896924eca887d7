"""The head of a journal, signed (流水账标记签名): who stood for its events, and up to which one.

A head that is noted elsewhere proves that nothing before it was cut off or rewritten. Signed with
the unit's key it proves also whose word that is, and may be kept by anybody. A journal that has
grown since still contains the head; one that was cut, rewritten or is another one does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import attrs

from socialins.faults import Fault
from socialins.store.chain import Checked
from socialins.store.errors import Damaged, StoreError
from socialins.store.lines import verify_lines
from socialins.store.record import Head, canonical

if TYPE_CHECKING:
    from socialins.model.unit import Unit, UnitAccount
    from socialins.rules.signing import SigningRules
    from socialins.signing import Certificate, Document, RevocationList, Verification

__all__ = ["Checkable", "HeadReport", "check_journal", "head_in", "head_to_sign", "verify_head"]


class Checkable(Protocol):
    """A journal that can look through itself; every `Store` is one."""

    def check(self, noted: Head | None = None) -> Checked:
        """What is wrong with it, and whether it contains a head."""
        ...


def check_journal(journal: Checkable | Iterable[str], noted: Head | None = None) -> Checked:
    """Look through a journal, or through the lines of an export."""
    if isinstance(journal, Iterable):
        return verify_lines(journal, noted)
    return journal.check(noted)


def head_to_sign(
    journal: Checkable | Iterable[str], account: UnitAccount, *, name: str
) -> Document:
    """The head of a journal as a document to sign; the whole journal is looked through first.

    Arguments:
        journal: the journal, or the lines of its export.
        account: whose journal it is.
        name: how the journal is called in the document.

    Raises:
        Damaged: if the journal is not as it was written: nobody should sign for that.
        StoreError: if there is no event in it that could be signed for.
    """
    from socialins.signing.documents import head_document

    checked = check_journal(journal)
    if checked.errors:
        raise Damaged(*checked.errors)
    if checked.head is None or not checked.head.sequence:
        raise StoreError(Fault("store.head-empty"))
    return head_document(checked.head, account, journal=name)


@attrs.frozen(kw_only=True)
class HeadReport:
    """What verifying a signed head found.

    Arguments:
        head: the head that was signed; None if the document is none of a head.
        signature: what verifying the signature found.
        journal: what looking through the journal found, the signed head among it.
        faults: what is wrong with the document itself.
    """

    head: Head | None
    signature: Verification
    journal: Checked
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the unit signed it, and the journal is sound and still contains it."""
        return self.signature.ok and not self.journal.errors and not self.faults

    @property
    def errors(self) -> tuple[Fault, ...]:
        """All that is wrong."""
        return (*self.faults, *self.signature.faults, *self.journal.errors)


def verify_head(
    journal: Checkable | Iterable[str],
    document: bytes,
    signature: bytes,
    *,
    unit: Unit,
    rules: SigningRules | None = None,
    authorities: Sequence[Certificate] = (),
    between: Sequence[Certificate] = (),
    lists: Sequence[RevocationList] = (),
    at: datetime | None = None,
) -> HeadReport:
    """Verify a signed head, and that a journal still contains it.

    Arguments:
        journal: the journal, or the lines of an export.
        document: the document that `head_to_sign` gave.
        signature: the detached signature over it.
        unit: who is to have signed.
        rules: the region's rules of signing.
        authorities: trusted certificates, beside those of the rules.
        between: certificates on the way to them.
        lists: revocation lists.
        at: judge by this moment; left out, by the one that the signer stated.
    """
    from socialins.signing.verification import verify

    found = verify(
        document,
        signature,
        unit=unit,
        rules=rules,
        authorities=authorities,
        between=between,
        lists=lists,
        at=at,
    )
    head, faults = head_in(document, unit)
    return HeadReport(
        head=head, signature=found, journal=check_journal(journal, head), faults=faults
    )


def head_in(document: bytes, unit: Unit | None = None) -> tuple[Head | None, tuple[Fault, ...]]:
    """The head that a document states, and what is wrong with the document.

    Arguments:
        document: the document.
        unit: whose it has to be; None to leave that open.
    """
    try:
        said = json.loads(document)
        if canonical(said).encode() != document or said["socialins"] != "journal-head":
            raise ValueError("no head of a journal")
        head = Head.parse(said["head"])
        named = said["unit"]
    except (StoreError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, (Fault("store.head-document"),)
    faults = []
    if not head.sequence:
        # Every journal contains what comes before its first event.
        faults.append(Fault("store.head-empty"))
    if unit is not None:
        code = str(unit.credit_code) if unit.credit_code else None
        if named != {"credit_code": code, "name": unit.name}:
            faults.append(Fault("store.head-unit", {"name": unit.name}))
    return head, tuple(faults)
