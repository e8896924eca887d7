"""Case: what the deciding functions ask of a book and its rules, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import attrs

from socialins.calendar import SHANGHAI
from socialins.deciding import Refused, Values
from socialins.faults import Fault, Text
from socialins.filing import commands as co, events as ev
from socialins.filing.book import FilingBook
from socialins.filing.codes import BookState, DeclarationState
from socialins.filing.declaration import Declaration
from socialins.filing.rules import FilingRules
from socialins.filing.signature import ProvedSignature, Signature, SignatureCheck, proved
from socialins.model.unit import UnitAccount
from socialins.rules.business import Business, Channel, LateChanges
from socialins.values import Month

__all__ = ["Case", "Outcome", "in_china", "listed"]

Outcome = tuple[Iterable[ev.Event], Iterable[Fault]]
"""Events that happen, and warnings about them."""


@attrs.frozen
class Case:
    """A command's surroundings.

    Arguments:
        book: the account's month.
        rules: the region's rules.
        others: the account's books of other months.
        signatures: proves signatures; None where nobody can.
    """

    book: FilingBook
    rules: FilingRules
    others: tuple[FilingBook, ...] = ()
    signatures: SignatureCheck | None = None

    @property
    def month(self) -> Month:
        """The book's month."""
        assert self.book.month is not None  # noqa: S101  # decide() refuses an unopened book
        return self.book.month

    def declaration(self, id_: str, *states: DeclarationState) -> Declaration:
        """A declaration that stands in one of these states, or the fault that it does not."""
        found = self.book.declarations.get(id_)
        if found is None:
            raise Refused(Fault("filing.no-such-declaration", {"declaration": id_}))
        if states and found.state not in states:
            wanted = Text(*(_joined(states, lang) for lang in ("zh", "en")))
            values: Values = {"declaration": id_, "state": found.state.text, "wanted": wanted}
            raise Refused(Fault("filing.wrong-state", values))
        return found

    def business(self, id_: str) -> Business:
        """A business of the catalogue, or the fault that it has none."""
        found = self.rules.businesses.get(id_)
        if found is None:
            values = {"business": id_, "choices": ", ".join(self.rules.businesses)}
            raise Refused(Fault("filing.no-such-business", values))
        return found

    def must_be_open(self) -> None:
        """Refuse changes to a closed month, and say which month they count for."""
        if self.book.state is BookState.OPEN:
            return
        values = {"month": str(self.month), "next": str(self.month + 1)}
        late = self.rules.closing.late_changes
        code = "filing.closed" if late is LateChanges.REFUSED else "filing.closed-next"
        raise Refused(Fault(code, values))

    def window_allows(
        self, business: str, command: co.Command, *, after: bool = False
    ) -> tuple[Fault, ...]:
        """Refuse a moment outside the window of a business.

        Arguments:
            business: the business.
            command: what is wanted, and when.
            after: a moment after the window will do.

        Returns:
            Nothing, or the warning that no rule states a window.
        """
        window = self.rules.window(business, self.month)
        name = self.rules.title(business)
        if window is None:
            asked: Values = {"business": name, "month": str(self.month)}
            return (Fault("filing.window-unknown", asked),)
        if not window.contains(command.at) and not (after and command.at >= window.closes):
            values: Values = {
                "business": name,
                "month": str(self.month),
                "opens": f"{window.opens:%Y-%m-%d %H:%M}",
                "last": window.last_day.isoformat(),
            }
            raise Refused(Fault("filing.window-closed", values))
        return ()

    def signed(
        self,
        business: str,
        channel: Channel,
        given: Signature | None,
        at: datetime,
        content: Callable[[UnitAccount], bytes],
    ) -> ProvedSignature | None:
        """The signature of what is submitted, proved; None where there need not be one.

        Arguments:
            business: the business.
            channel: how it is filed.
            given: the signature that came with the command.
            at: the moment of submission.
            content: gives what has to be signed.

        Raises:
            Refused: if it is missing where it is needed; if one is given that can't be proved, also
                where none is needed.
        """
        if given is not None:
            return proved(given, self.book.account, content, self.signatures, at)
        if self.rules.wants_signature(business, channel, in_china(at).date()):
            values: Values = {"business": self.rules.title(business)}
            raise Refused(Fault("filing.signature-missing", values))
        return None

    def first_open(self, month: Month) -> Month:
        """A month, or the first one after it whose book is not closed."""
        closed = {one.month for one in (self.book, *self.others) if one.state is BookState.CLOSED}
        while month in closed:
            month = month + 1
        return month

    def counting(self, books: Iterable[FilingBook]) -> Iterator[Declaration]:
        """The effective declarations of some books that change the month."""
        for book in books:
            for one in book.effective:
                business = self.rules.businesses.get(one.business)
                if one.effect == self.month and (business is None or business.changes_month):
                    yield one


def in_china(moment: datetime) -> datetime:
    """A moment by the bureaus' clocks, on which days and months depend."""
    return moment.astimezone(SHANGHAI)


def listed(code: str, declarations: Iterable[Declaration]) -> Fault:
    """A fault about some declarations."""
    ids = [one.id for one in declarations]
    shown = ", ".join(ids[:5]) + (" …" if len(ids) > 5 else "")
    return Fault(code, {"count": str(len(ids)), "declarations": shown})


def _joined(states: tuple[DeclarationState, ...], lang: str) -> str:
    return (" / " if lang == "en" else "、").join(state.title(lang) for state in states)
