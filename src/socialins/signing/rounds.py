"""Rounds (批量签名): several documents under one opening, the PIN asked for once.

A key can be pulled out at any moment. Then what was signed stays signed, what was not is named, and
the rest is signed later, by the same key and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import attrs

from socialins.faults import Fault, FaultError
from socialins.signing.certificate import Certificate
from socialins.signing.cms import sign_cms
from socialins.signing.documents import Document
from socialins.signing.errors import PinRequired, error_of
from socialins.signing.pin import HeldPin, PinProvider
from socialins.signing.rightkey import KeyTerms, require_right_key
from socialins.signing.signer import Session

__all__ = [
    "Progress",
    "SignedDocument",
    "SigningRound",
    "right_certificate",
    "sign_documents",
    "sign_round",
]

Progress: TypeAlias = Callable[[int, int, Document], None]
"""Is told how many are signed, of how many, and which was the last."""


@attrs.frozen
class SignedDocument:
    """A document and its signature.

    Arguments:
        document: what was signed.
        signature: the detached signature, CMS in DER; of `sign_pdfs` the whole signed PDF.
    """

    document: Document
    signature: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class SigningRound:
    """What a round came to; a round that goes on later begins with it.

    Arguments:
        signed: what is signed, in order.
        left: what is not, in order.
        fault: why it stopped; None if nothing is left.
        certificate: the key that signed.
    """

    signed: tuple[SignedDocument, ...] = ()
    left: tuple[Document, ...] = ()
    fault: Fault | None = None
    certificate: Certificate | None = None

    @property
    def complete(self) -> bool:
        """Whether all is signed."""
        return not self.left and self.fault is None


def sign_documents(
    session: Session,
    documents: Iterable[Document],
    pin_provider: PinProvider,
    terms: KeyTerms,
    *,
    chain: Sequence[Certificate] = (),
    progress: Progress | None = None,
    after: SigningRound | None = None,
) -> SigningRound:
    """Sign documents one after the other.

    Arguments:
        session: an open token.
        documents: what to sign; with `after` what was left then is signed first.
        pin_provider: asks for the PIN; it is asked once, and what it gave is wiped at the end.
        terms: what the key has to fulfil; it is looked at before anybody is asked for a PIN.
        chain: certificates that go along.
        progress: is told after each.
        after: a round that stopped half-way.

    Returns:
        What is signed and what is left. Faults of the token stop the round and stand in it.

    Raises:
        KeyRefused: if the key is the wrong one; nothing was signed.
        SigningError: if the certificate can't be read, or is another than that of `after`.
    """

    def sign(document: Document, held: PinProvider) -> bytes:
        return sign_cms(session, document.content, held, at=terms.at, chain=chain)

    return sign_round(session, documents, pin_provider, terms, sign, progress=progress, after=after)


def sign_round(
    session: Session,
    documents: Iterable[Document],
    pin_provider: PinProvider,
    terms: KeyTerms,
    sign: Callable[[Document, PinProvider], bytes],
    *,
    progress: Progress | None = None,
    after: SigningRound | None = None,
    fit: Callable[[Certificate], None] | None = None,
) -> SigningRound:
    """A round of any kind of signature; `sign_documents` tells what its arguments are.

    Arguments:
        session: an open token.
        documents: what to sign.
        pin_provider: asks for the PIN.
        terms: what the key has to fulfil.
        sign: signs one document; it is given a provider that asks for the PIN once.
        progress: is told after each.
        after: a round that stopped half-way.
        fit: raises where a key that is the right one can't make such signatures.
    """
    before = after or SigningRound()
    waiting = (*before.left, *documents)
    signed = list(before.signed)
    fault = None
    with HeldPin(pin_provider) as held:
        certificate = right_certificate(session, held, terms)
        if fit is not None:
            fit(certificate)
        if before.certificate is not None and before.certificate != certificate:
            found, expected = certificate.sha256[:16], before.certificate.sha256[:16]
            raise error_of(Fault("signing.wrong-token", {"found": found, "expected": expected}))
        for document in waiting:
            try:
                made = sign(document, held)
            except FaultError as error:
                fault = error.fault
                break
            signed.append(SignedDocument(document, made))
            if progress is not None:
                progress(len(signed), len(before.signed) + len(waiting), document)
    return SigningRound(
        signed=tuple(signed),
        left=tuple(waiting[len(signed) - len(before.signed) :]),
        fault=fault,
        certificate=certificate,
    )


def right_certificate(session: Session, pin_provider: PinProvider, terms: KeyTerms) -> Certificate:
    """The key's certificate, checked.

    A file that hides its certificate has to be opened first; no try of it can be lost.

    Raises:
        KeyRefused: if the key is the wrong one.
        SigningError: if the certificate can't be read.
    """
    try:
        certificate = session.certificate()
    except PinRequired:
        if session.pin_status().locks:
            raise
        session.unlock(pin_provider)
        certificate = session.certificate()
    require_right_key(certificate, terms)
    return certificate
