"""Documents (待签文件): the bytes that are signed, the same for the same content on every machine.

A signature is worth as much as what it covers is clear. So what is signed names its kind, the unit,
the month and everything stated; it leaves out where a declaration stands, which changes afterwards.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import attrs

from socialins.faults import Fault
from socialins.filing.declaration import Declaration
from socialins.model.unit import UnitAccount
from socialins.model.wire import to_plain
from socialins.signing.errors import SigningError
from socialins.values import Month

__all__ = [
    "Document",
    "DocumentKind",
    "canonical_json",
    "declaration_document",
    "form_document",
    "head_document",
]

_FORMAT = 1


class DocumentKind(StrEnum):
    """What a document is."""

    DECLARATIONS = "declarations"
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


def canonical_json(value: object) -> bytes:
    """JSON in UTF-8, the same for equal values: keys in order, no blanks, no needless escapes.

    >>> canonical_json({"b": 1, "a": "养老"}).decode()
    '{"a":"养老","b":1}'
    """
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


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
    stated = sorted(declarations, key=lambda one: one.id)
    if not stated:
        raise SigningError(Fault("signing.document-empty"))
    if len({one.id for one in stated}) != len(stated):
        raise ValueError("two declarations have one id")
    body = {
        "account": account.number,
        "declarations": [_stated(one) for one in stated],
        "division": division,
        "month": str(Month.of(month)),
    }
    content = _envelope(DocumentKind.DECLARATIONS, account, body)
    return Document(
        name or f"declarations-{body['month']}.json", content, DocumentKind.DECLARATIONS
    )


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
    content = _envelope(DocumentKind.JOURNAL_HEAD, account, body)
    return Document(name or f"{journal}.head.json", content, DocumentKind.JOURNAL_HEAD)


def _envelope(kind: DocumentKind, account: UnitAccount, body: Mapping[str, Any]) -> bytes:
    unit = account.unit
    return canonical_json(
        {
            "socialins": kind.value,
            "version": _FORMAT,
            "unit": {
                "credit_code": str(unit.credit_code) if unit.credit_code else None,
                "name": unit.name,
            },
            **body,
        }
    )


def _stated(declaration: Declaration) -> dict[str, Any]:
    return {
        "business": declaration.business,
        "channel": declaration.channel.value,
        "corrects": declaration.corrects,
        "effect": str(declaration.effect) if declaration.effect else None,
        "id": declaration.id,
        "rows": [to_plain(row) for row in declaration.rows],
    }
