"""PDF signatures (PDF 签名): the signature stands in the file, and readers of PDF show it.

The document is not rewritten: what is added stands behind it (an incremental update), so that its
own bytes, and digests printed in it, stay what they were. Fields and updates are pyHanko's; what is
signed goes to the token whole, as everywhere else. The file is put together in memory: a key that
is pulled out leaves no half of it.

Source: ISO 32000-2, 12.8, and ETSI EN 319 142-1 (level B-B).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from io import BytesIO
from typing import Any

import attrs

from socialins.faults import Fault, FaultError, require
from socialins.signing.cades import sign_cades
from socialins.signing.certificate import Certificate
from socialins.signing.documents import Document
from socialins.signing.errors import SigningError
from socialins.signing.pin import PinProvider
from socialins.signing.rightkey import KeyTerms
from socialins.signing.rounds import Progress, SigningRound, sign_round
from socialins.signing.scheme import Scheme
from socialins.signing.signer import Session

__all__ = ["Stamp", "require_pdf", "sign_pdf", "sign_pdfs"]

_ROOM = 6_000
"""Bytes for a signature, beside its certificates."""

_FIELD = "Signature"


@attrs.frozen
class Stamp:
    """What shows on a page that the document is signed.

    Arguments:
        picture: a PDF whose first page is shown.
        box: where, in points from the lower left corner of the page: left, bottom, right, top.
        page: which page; 0 is the first, -1 the last.
    """

    picture: bytes = attrs.field(repr=False)
    box: tuple[float, float, float, float]
    page: int = -1


def sign_pdfs(
    session: Session,
    documents: Iterable[Document],
    pin_provider: PinProvider,
    terms: KeyTerms,
    *,
    chain: Sequence[Certificate] = (),
    reason: str = "",
    stamp: Callable[[Document], Stamp | None] | None = None,
    progress: Progress | None = None,
    after: SigningRound | None = None,
) -> SigningRound:
    """Sign PDF documents one after the other, under one opening.

    Arguments:
        session: an open token, with an RSA or a P-256 key.
        documents: what to sign; with `after` what was left then is signed first.
        pin_provider: asks for the PIN; it is asked once, and what it gave is wiped at the end.
        terms: what the key has to fulfil; it is looked at before anybody is asked for a PIN.
        chain: certificates that go along.
        reason: why they are signed, as readers show it.
        stamp: says what shows on a page; left out, nothing does.
        progress: is told after each.
        after: a round that stopped half-way.

    Returns:
        What is signed and what is left; the `signature` of each is the whole signed PDF. Faults of
        a document or of the token stop the round and stand in it.

    Raises:
        KeyRefused: if the key is the wrong one; nothing was signed.
        MissingExtra: without the extra ``pdf-sign``.
        SigningError: if the key is an SM2 key, or as `sign_documents` raises it.
    """
    require_pdf()

    def sign(document: Document, held: PinProvider) -> bytes:
        shown = stamp(document) if stamp is not None else None
        return sign_pdf(
            session, document.content, held, at=terms.at, chain=chain, reason=reason, stamp=shown
        )

    return sign_round(
        session, documents, pin_provider, terms, sign, progress=progress, after=after, fit=_must_fit
    )


def sign_pdf(
    session: Session,
    content: bytes,
    pin_provider: PinProvider,
    *,
    at: datetime,
    chain: Sequence[Certificate] = (),
    reason: str = "",
    stamp: Stamp | None = None,
) -> bytes:
    """Sign one PDF. It does not look whose key it is: `sign_pdfs` does, and is the usual way.

    Arguments:
        session: an open token, with an RSA or a P-256 key.
        content: the document.
        pin_provider: asks for the PIN, at most once.
        at: the moment of signing, aware; the signature states it.
        chain: certificates that go along.
        reason: why it is signed, as readers show it.
        stamp: what shows on a page; left out, nothing does.

    Returns:
        The signed document; it begins with the bytes of `content`.

    Raises:
        SigningError: for an SM2 key; for what is no PDF, is encrypted, or must not be changed;
            with what the token said.
        MissingExtra: without the extra ``pdf-sign``.
        ValueError: for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; pass an aware moment")
    _must_fit(session.certificate())
    require_pdf()
    room = 2 * (_ROOM + sum(len(one.der) for one in {session.certificate(), *chain}))
    ready = _Ready(content, at=at, room=room, reason=reason, stamp=stamp)
    made = sign_cades(session, ready.digest, pin_provider, at=None, chain=chain)
    return ready.filled(made)


def require_pdf() -> None:
    """Make sure that PDF can be signed.

    Raises:
        MissingExtra: without the extra ``pdf-sign``.
    """
    require("pyhanko", "pdf-sign")
    _keep_off_the_terminal()


@cache
def _keep_off_the_terminal() -> None:
    """What pyHanko logs of a document goes where the application logs, and nowhere else.

    Without a handler, Python writes warnings on the standard error; others' documents decide what.
    """
    logging.getLogger("pyhanko").addHandler(logging.NullHandler())


def _must_fit(certificate: Certificate) -> None:
    """Refuse a key whose signatures no reader of PDF can check."""
    if certificate.scheme is Scheme.SM2_SM3:
        raise SigningError(Fault("signing.pdf-sm2"))


class _Ready:
    """A document with room for its signature, and the digest of all the rest."""

    def __init__(
        self, content: bytes, *, at: datetime, room: int, reason: str, stamp: Stamp | None
    ) -> None:
        problem = ""
        try:
            writing = self._prepared(content, at, room, reason, stamp)
            self._prepared_digest, self._output = writing
        except FaultError:
            raise
        except Exception as error:  # noqa: BLE001 - a damaged file makes a parser raise anything
            problem = str(error).partition("\n")[0] or type(error).__name__
        if problem:
            raise SigningError(Fault("signing.pdf-unreadable", {"reason": problem[:120]}))

    @property
    def digest(self) -> bytes:
        return bytes(self._prepared_digest.document_digest)

    def filled(self, signature: bytes) -> bytes:
        self._prepared_digest.fill_with_cms(self._output, signature)
        return bytes(self._output.getvalue())

    def _prepared(
        self, content: bytes, at: datetime, room: int, reason: str, stamp: Stamp | None
    ) -> tuple[Any, Any]:
        fields = require("pyhanko.sign.fields", "pdf-sign")
        embedding = require("pyhanko.sign.signers.cms_embedder", "pdf-sign")
        ranges = require("pyhanko.sign.signers.pdf_byterange", "pdf-sign")
        writer = _writer(content)
        name = _free_name(writer.root)
        spec = fields.SigFieldSpec(name)
        if stamp is not None:
            box = tuple(round(side) for side in stamp.box)
            spec = fields.SigFieldSpec(name, on_page=stamp.page, box=box)
        placeholder = ranges.SignatureObject(
            timestamp=at,
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=reason or None,
            bytes_reserved=room,
        )
        embedder = embedding.PdfCMSEmbedder(new_field_spec=spec).write_cms(name, writer)
        field = next(embedder)
        if stamp is not None:
            _show(writer, field.get_object(), stamp)
        embedder.send(embedding.SigObjSetup(sig_placeholder=placeholder))
        prepared: tuple[Any, Any] = embedder.send(embedding.SigIOSetup(md_algorithm="sha256"))
        return prepared


def _writer(content: bytes) -> Any:
    """What writes behind a document; refuses those that nothing may be written behind."""
    writing = require("pyhanko.pdf_utils.incremental_writer", "pdf-sign")
    writer = writing.IncrementalPdfFileWriter(BytesIO(content))
    if writer.security_handler is not None:
        raise SigningError(Fault("signing.pdf-encrypted"))
    if _locked(writer.root):
        raise SigningError(Fault("signing.pdf-locked"))
    return writer


def _locked(root: Any) -> bool:
    """Whether a signature certifies a document and allows no change at all."""
    if "/DocMDP" not in _at(root, "/Perms", {}):
        return False
    return any(
        _at(_at(one, "/TransformParams", {}), "/P", None) == 1
        for one in root["/Perms"]["/DocMDP"]["/Reference"]
    )


def _free_name(root: Any) -> str:
    """A name that no field at the top of the form has; those below have longer ones."""
    form = _at(root, "/AcroForm", {})
    # Every field is looked at once: fields that hold each other could go on for ever.
    below = _at(form, "/Fields", ())
    taken = {str(below[at]["/T"]) for at in range(len(below)) if "/T" in below[at]}
    number = 1
    while f"{_FIELD}{number}" in taken:
        number += 1
    return f"{_FIELD}{number}"


def _at(table: Any, key: str, default: Any) -> Any:
    """What stands at a key; `get` of a dictionary of PDF does not follow references."""
    if key in table:
        return table[key]
    return default


def _show(writer: Any, field: Any, stamp: Stamp) -> None:
    """Let a field show the first page of another PDF; readers scale it to the field's box."""
    generic = require("pyhanko.pdf_utils.generic", "pdf-sign")
    reading = require("pyhanko.pdf_utils.reader", "pdf-sign")
    picture = writer.import_page_as_xobject(reading.PdfFileReader(BytesIO(stamp.picture)))
    field["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): picture})
    writer.update_container(field)
