"""Submitting what is signed (签名提交): declarations signed under one opening of a key, then sent.

`UnitSignatures` is what `decide` asks to prove a signature. `sign_and_submit` goes the whole way
for a `Desk`; an application with a store of its own signs `submission_document`s and decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import attrs

from socialins.faults import Fault
from socialins.filing import (
    CloseMonth,
    Decision,
    Desk,
    Facts,
    Signature,
    SignatureFact,
    Submit,
    decide,
)
from socialins.filing.commands import Command
from socialins.model.unit import UnitAccount
from socialins.rules.signing import SigningRules
from socialins.signing.certificate import Certificate
from socialins.signing.documents import Document, closing_document, submission_document
from socialins.signing.errors import SigningError
from socialins.signing.pin import PinProvider
from socialins.signing.rightkey import KeyTerms
from socialins.signing.rounds import Progress, SignedDocument, SigningRound, sign_documents
from socialins.signing.signer import Session
from socialins.signing.trust import RevocationList
from socialins.signing.verification import verify
from socialins.values import Month

__all__ = [
    "SignedSubmissions",
    "UnitSignatures",
    "sign_and_close",
    "sign_and_submit",
    "signature_of",
]


@attrs.frozen(kw_only=True)
class UnitSignatures:
    """Proves signatures of an account's unit: a `socialins.filing.SignatureCheck`.

    Arguments:
        account: the account, with its unit.
        rules: the region's rules of signing.
        authorities: trusted certificates, beside those of the rules.
        between: certificates on the way to them.
        lists: revocation lists.
    """

    account: UnitAccount
    rules: SigningRules = SigningRules()
    authorities: tuple[Certificate, ...] = ()
    between: tuple[Certificate, ...] = ()
    lists: tuple[RevocationList, ...] = ()

    def __call__(
        self, content: bytes, signature: bytes, at: datetime, /
    ) -> SignatureFact | tuple[Fault, ...]:
        """Prove that the unit signed some bytes, with a certificate that held at a moment."""
        found = verify(
            content,
            signature,
            unit=self.account.unit,
            authorities=self.authorities,
            rules=self.rules,
            between=self.between,
            lists=self.lists,
            at=at,
        )
        certificate = found.certificate
        if not found.ok or certificate is None or certificate.scheme is None:
            return found.faults
        return SignatureFact(certificate.scheme.value, certificate.sha256)

    def terms(self, at: datetime) -> KeyTerms:
        """What a key has to fulfil to sign for the account at a moment."""
        return KeyTerms(
            unit=self.account.unit,
            at=at,
            rules=self.rules,
            authorities=self.authorities,
            between=self.between,
            lists=self.lists,
            account=self.account.number,
        )


@attrs.frozen(kw_only=True)
class SignedSubmissions:
    """What came of signing and submitting.

    Arguments:
        decisions: by the declaration's id (by that of the closing business), what was decided;
            what the region's rules refuse was not signed.
        left: ids of those that were not signed, since the key stopped; they stand as before.
        fault: why the key stopped; None if it did not.
        certificate: the key that signed; None if nothing had to be signed.
    """

    decisions: Mapping[str, Decision] = attrs.field(factory=dict)
    left: tuple[str, ...] = ()
    fault: Fault | None = None
    certificate: Certificate | None = None

    @property
    def complete(self) -> bool:
        """Whether all is signed and submitted."""
        return not self.left and not any(one.refused for one in self.decisions.values())


def signature_of(signed: SignedDocument) -> Signature:
    """A signed document as the evidence that a command brings."""
    return Signature(signed.document.content.decode(), signed.signature)


def sign_and_submit(
    desk: Desk,
    month: Month | str,
    declarations: Iterable[str],
    session: Session,
    pin_provider: PinProvider,
    *,
    at: datetime,
    by: str = "",
    facts: Facts = Facts(),  # noqa: B008 - it is frozen
    terms: KeyTerms | None = None,
    chain: Sequence[Certificate] = (),
    progress: Progress | None = None,
    after: SignedSubmissions | None = None,
) -> SignedSubmissions:
    """Sign declarations under one opening of a key, the PIN asked for once, and submit each.

    Arguments:
        desk: the account's desk; its `signatures` have to be `UnitSignatures`.
        month: the month of the book.
        declarations: ids of what is submitted; with `after` what was left then comes first.
        session: an open token.
        pin_provider: asks for the PIN.
        at: the moment of submission, by which the certificate is judged.
        by: who submits.
        facts: what is known of unit and persons.
        terms: what the key has to fulfil beyond the desk's `signatures`, such as its number.
        chain: certificates that go along with each signature.
        progress: is told after each signature.
        after: an earlier round that the key left half-way.

    Returns:
        What was submitted, refused, and left. A key that is pulled out leaves the rest unsubmitted.

    Raises:
        KeyRefused: if the key is the wrong one; nothing was signed.
        SigningError: if the desk can prove no signature, or the key is not that of `after`.
    """
    ids = dict.fromkeys((*(after.left if after else ()), *declarations))
    month = Month.of(month)
    check = _check_of(desk)
    commands = {id_: Submit(at=at, by=by, declaration=id_, facts=facts) for id_ in ids}
    documents = {
        id_: submission_document(desk.book(month), id_, check.account)
        for id_ in ids
        if id_ in desk.book(month).declarations
    }
    return _sent(
        desk,
        month,
        commands,
        documents,
        session=session,
        pin_provider=pin_provider,
        terms=terms or check.terms(at),
        chain=chain,
        progress=progress,
        after=after,
    )


def sign_and_close(
    desk: Desk,
    month: Month | str,
    business: str,
    session: Session,
    pin_provider: PinProvider,
    *,
    at: datetime,
    by: str = "",
    leave_unsent: bool = False,
    terms: KeyTerms | None = None,
    chain: Sequence[Certificate] = (),
) -> SignedSubmissions:
    """Sign the closing of a month, and close it.

    Arguments:
        desk: the account's desk; its `signatures` have to be `UnitSignatures`.
        month: the month.
        business: the business that closes it.
        session: an open token.
        pin_provider: asks for the PIN.
        at: the moment of closing.
        by: who closes it.
        leave_unsent: as for `CloseMonth`.
        terms: what the key has to fulfil beyond the desk's `signatures`.
        chain: certificates that go along with the signature.

    Raises:
        KeyRefused: if the key is the wrong one; nothing was signed.
        SigningError: if the desk can prove no signature.
    """
    month = Month.of(month)
    check = _check_of(desk)
    closing = CloseMonth(at=at, by=by, business=business, leave_unsent=leave_unsent)
    document = closing_document(
        desk.book(month), business, desk.rules, check.account, others=desk.books
    )
    return _sent(
        desk,
        month,
        {business: closing},
        {business: document},
        session=session,
        pin_provider=pin_provider,
        terms=terms or check.terms(at),
        chain=chain,
    )


def _check_of(desk: Desk) -> UnitSignatures:
    check = desk.signatures
    if not isinstance(check, UnitSignatures):
        raise SigningError(Fault("filing.signature-unchecked"))
    return check


def _sent(
    desk: Desk,
    month: Month,
    commands: Mapping[str, Submit | CloseMonth],
    documents: Mapping[str, Document],
    *,
    session: Session,
    pin_provider: PinProvider,
    terms: KeyTerms,
    chain: Sequence[Certificate],
    progress: Progress | None = None,
    after: SignedSubmissions | None = None,
) -> SignedSubmissions:
    refused = {
        id_: decision
        for id_, command in commands.items()
        if (decision := _refused(desk, month, command)) is not None
    }
    asked = [id_ for id_ in commands if id_ not in refused]
    if not asked:
        return SignedSubmissions(
            decisions=refused, certificate=after.certificate if after else None
        )
    round_ = sign_documents(
        session,
        [documents[id_] for id_ in asked],
        pin_provider,
        terms,
        chain=chain,
        progress=progress,
        after=SigningRound(certificate=after.certificate) if after else None,
    )
    done = {
        id_: desk.do(month, attrs.evolve(commands[id_], signature=signature_of(signed)))
        for id_, signed in zip(asked, round_.signed, strict=False)
    }
    return SignedSubmissions(
        decisions={id_: (done | refused)[id_] for id_ in commands if id_ in done | refused},
        left=tuple(asked[len(round_.signed) :]),
        fault=round_.fault,
        certificate=round_.certificate,
    )


def _refused(desk: Desk, month: Month, command: Command) -> Decision | None:
    """Why a command would be refused however well it were signed; None if it would not be."""
    found = decide(desk.book(month), command, desk.rules, others=desk.books, permit=desk.permit)
    wants_signature = [fault.code for fault in found.faults] == ["filing.signature-missing"]
    return found if found.refused and not wants_signature else None
