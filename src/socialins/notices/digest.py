"""Digests of sheets: whether a paper says what the data says.

The QR code of a sheet holds the SHA-256 of its content. Whoever has the data prints the sheet anew
and compares; a paper on which a figure was changed has another digest. It proves nothing about who
printed it: that is what a signature is for.
"""

from __future__ import annotations

import re

from socialins.faults import Fault
from socialins.notices.document import Document

__all__ = ["code_of", "digests_of", "verify_digest"]

_CLAIM = re.compile(r"(?:socialins:[a-z-]+:)?(?:sha-?256:)?([0-9a-f]{64})", re.IGNORECASE)


def code_of(document: Document) -> str:
    """What the QR code of a document says."""
    return f"socialins:{document.kind.value}:sha256:{document.digest}"


def digests_of(document: Document) -> tuple[str, ...]:
    """The digests that its pages may carry: of the whole, and of each part that is handed out."""
    return tuple(dict.fromkeys((document.digest, *(part.digest for part in document.parts()))))


def verify_digest(document: Document, claimed: str) -> Fault | None:
    """Compare a document with the digest that a paper carries.

    Arguments:
        document: the sheet as the data gives it now (`Notice.document`).
        claimed: what was scanned from the QR code, or the 64 hexadecimal digits alone.

    Returns:
        None if they agree; else why not.
    """
    found = _CLAIM.fullmatch("".join(claimed.split()))
    if found is None:
        return Fault("notice.digest.unreadable", {"claimed": claimed.strip()[:80]})
    if found[1].lower() not in digests_of(document):
        values = {"claimed": found[1].lower()[:16], "found": document.digest[:16]}
        return Fault("notice.digest.differs", values)
    return None
