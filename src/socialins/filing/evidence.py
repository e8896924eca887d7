"""Evidence (签名复核): every signature of a book proved again, from what its events keep.

What a journal says of a signature is the word of whoever wrote it. So nothing of that is believed:
the content is compared with the declaration that the events make, and the signature is verified
over the bytes that were kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from socialins.faults import Fault
from socialins.filing import events as ev
from socialins.filing.book import EMPTY, FilingBook, fold
from socialins.filing.case import in_china
from socialins.filing.rules import FilingRules
from socialins.filing.signature import ProvedSignature, SignatureCheck, SignatureFact
from socialins.filing.stating import changed, closing_bytes, differences, submission_content
from socialins.rules.business import Channel

__all__ = ["SignatureFinding", "check_signatures"]


@attrs.frozen(kw_only=True)
class SignatureFinding:
    """What came of proving a submission's signature again.

    Arguments:
        event: the number of the event in the book, counted from 1.
        declaration: the declaration that was submitted; empty for a month that was closed.
        business: its business.
        at: the moment of submission.
        certificate: the fingerprint of the signer's certificate; empty if nothing was signed.
        faults: what is wrong.
    """

    event: int
    declaration: str
    business: str
    at: datetime
    certificate: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it is signed, and verifies."""
        return not self.faults


def check_signatures(
    history: Iterable[ev.Event], rules: FilingRules, check: SignatureCheck
) -> tuple[SignatureFinding, ...]:
    """Prove every signature of a book again.

    Arguments:
        history: the book's events, all of them, in order.
        rules: the region's rules; what they want signed and was not is a finding too.
        check: proves signatures of the account's unit.

    Returns:
        A finding for each submission and closing that is signed, or should be.
    """
    return tuple(_findings(history, rules, check))


def _findings(
    history: Iterable[ev.Event], rules: FilingRules, check: SignatureCheck
) -> Iterator[SignatureFinding]:
    book = EMPTY
    waiting: list[ev.Event] = []
    for number, event in enumerate(history, start=1):
        if isinstance(event, ev.Submitted | ev.MonthClosed):
            # Folded only here: a fold copies the book, however few events it takes.
            book, waiting = fold(waiting, book), []
            yield from _finding(number, event, book, rules, check)
        waiting.append(event)


def _finding(
    number: int,
    event: ev.Submitted | ev.MonthClosed,
    book: FilingBook,
    rules: FilingRules,
    check: SignatureCheck,
) -> Iterator[SignatureFinding]:
    declaration, business, channel = "", "", Channel.ONLINE
    if isinstance(event, ev.MonthClosed):
        business = event.business
    else:
        known = book.declarations[event.declaration]
        declaration, business, channel = known.id, known.business, known.channel
    found = event.signature
    if found is None:
        if not rules.wants_signature(business, channel, in_china(event.at).date()):
            return
        faults: tuple[Fault, ...] = (
            Fault("filing.signature-missing", {"business": rules.title(business)}),
        )
    else:
        faults = tuple(_problems(found, event, book, check))
    yield SignatureFinding(
        event=number,
        declaration=declaration,
        business=business,
        at=event.at,
        certificate=found.certificate if found else "",
        faults=faults,
    )


def _problems(
    found: ProvedSignature,
    event: ev.Submitted | ev.MonthClosed,
    book: FilingBook,
    check: SignatureCheck,
) -> Iterator[Fault]:
    account = check.account
    if account.number != book.account:
        values = {"account": book.account, "found": account.number}
        yield Fault("filing.signature-account", values)
        return
    if isinstance(event, ev.MonthClosed):
        expected = closing_bytes(
            book,
            account,
            business=event.business,
            changes=event.changes,
            carried=event.carried,
        )
    else:
        expected = submission_content(book, event.declaration, account)
    if differences(expected, found.content):
        yield Fault("filing.signature-content", {"changed": changed(expected, found.content)})
    fact = check(found.content.encode(errors="replace"), found.cms, event.at)
    if not isinstance(fact, SignatureFact):
        yield from fact
    elif fact != found.fact:
        yield Fault("filing.signature-record", {"found": fact.certificate[:16]})
