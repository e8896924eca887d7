"""Documents (待签文件): the bytes that are signed, the same for the same content on every machine.

A signature is worth as much as what it covers is clear. So what is signed names its kind, the unit,
the month and everything stated; it leaves out where a declaration stands, which changes afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

import attrs

from socialins.faults import Fault
from socialins.filing.book import FilingBook
from socialins.filing.closing import closing_content
from socialins.filing.declaration import Declaration
from socialins.filing.rules import FilingRules
from socialins.filing.stating import canonical_json, envelope, stated, submission_content
from socialins.model.unit import UnitAccount
from socialins.signing.errors import SigningError
from socialins.values import Month

__all__ = [
    "Document",
    "DocumentKind",
    "canonical_json",
    "closing_document",
    "declaration_document",
    "form_document",
    "head_document",
    "submission_document",
]


class DocumentKind(StrEnum):
    """What a document is."""

    DECLARATIONS = "declarations"
    SUBMISSION = "submission"
    CLOSING = "closing"
    FORM = "form"
    JOURNAL_HEAD = "journal-head"
    FILE = "file"


def _not_empty(_document: Document, _attribute: object, content: bytes) -> None:
    if not content:
        raise SigningError(Fault("signing.document-empty"))


@attrs.frozen(repr=False)
class Document:
    """What is signed.

    Arguments:
        name: what to call it; a file name without folders.
        content: its bytes.
        kind: what it is.

    >>> Document("a.xlsx", b"PK").kind.value
    'file'
    """

    name: str
    content: bytes = attrs.field(validator=_not_empty)
    kind: DocumentKind = DocumentKind.FILE

    @property
    def sha256(self) -> str:
        """The digest by which it is known, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()

    def __repr__(self) -> str:
        return f"<Document {self.name}, {len(self.content)} bytes>"


def declaration_document(
    declarations: Iterable[Declaration],
    account: UnitAccount,
    *,
    division: str,
    month: Month | str,
    name: str = "",
) -> Document:
    """Declarations of an account's month, as they are stated, in order of their ids.

    Arguments:
        declarations: what is filed; at least one.
        account: whose they are.
        division: the GB/T 2260 code of the bureau's division.
        month: the month they are filed for.
        name: what to call the document.

    Raises:
        SigningError: if there is none.
        ValueError: if two have one id.
    """
    batch = sorted(declarations, key=lambda one: one.id)
    if not batch:
        raise SigningError(Fault("signing.document-empty"))
    if len({one.id for one in batch}) != len(batch):
        raise ValueError("two declarations have one id")
    body = {
        "account": account.number,
        "declarations": [
            {**stated(one), "effect": str(one.effect) if one.effect else None} for one in batch
        ],
        "division": division,
        "month": str(Month.of(month)),
    }
    content = envelope(DocumentKind.DECLARATIONS.value, account, body)
    return Document(
        name or f"declarations-{body['month']}.json", content, DocumentKind.DECLARATIONS
    )


def submission_document(
    book: FilingBook, declaration: str, account: UnitAccount, *, name: str = ""
) -> Document:
    """What a unit signs to submit a declaration the next time; see `submission_content`."""
    content = submission_content(book, declaration, account)
    number = book.declarations[declaration].submissions + 1
    return Document(name or f"{declaration}-{number}.json", content, DocumentKind.SUBMISSION)


def closing_document(
    book: FilingBook,
    business: str,
    rules: FilingRules,
    account: UnitAccount,
    *,
    others: Iterable[FilingBook] = (),
    name: str = "",
) -> Document:
    """What a unit signs to close a month as it stands; see `closing_content`."""
    content = closing_content(book, business, rules, account, others=others)
    return Document(name or f"closing-{book.month}.json", content, DocumentKind.CLOSING)


def form_document(name: str, content: bytes) -> Document:
    """A filled form: its file is signed as it is, since that is what the bureau gets."""
    return Document(name, content, DocumentKind.FORM)


def head_document(head: object, account: UnitAccount, *, journal: str, name: str = "") -> Document:
    """The head of a journal (流水账标记): it stands for every event up to it.

    Arguments:
        head: the head, whose text is ``number:digest``.
        account: whose journal it is.
        journal: how the journal is called.
        name: what to call the document.
    """
    body = {"head": str(head), "journal": journal}
    content = envelope(DocumentKind.JOURNAL_HEAD.value, account, body)
    return Document(name or f"{journal}.head.json", content, DocumentKind.JOURNAL_HEAD)
