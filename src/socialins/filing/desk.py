"""Desk: an account's books in memory, with the events that made them.

`decide` and `fold` are pure; somebody has to keep what they give. An application has a store for
that; a script, a test or a command has this.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from socialins.deciding import Permit
from socialins.filing import commands as co, events as ev
from socialins.filing.book import EMPTY, FilingBook, fold
from socialins.filing.decide import Decision, decide
from socialins.filing.roster_after import RosterAfter, roster_after
from socialins.filing.rules import FilingRules
from socialins.filing.signature import SignatureCheck
from socialins.model.roster import Roster
from socialins.values import Money, Month

__all__ = ["Desk"]


class Desk:
    """An account's books, one a month, and what happened in each.

    Arguments:
        rules: the region's rules.
        permit: says who may do what, as for `decide`; another one can be set at any time, when
            somebody else logs in.
        signatures: proves signatures, as for `decide`; can be set at any time too.

    >>> from datetime import datetime
    >>> from socialins.calendar import SHANGHAI
    >>> from socialins.testing.middle import middle
    >>> desk = Desk(middle().filing())
    >>> at = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
    >>> opened = desk.open("0001", "2026-11", at)
    >>> desk.do("2026-11", co.CloseMonth(at=at, business="month.settle-unchanged")).refused
    False
    >>> desk.book("2026-11").state.value, len(desk.history("2026-11"))
    ('closed', 2)
    """

    def __init__(
        self,
        rules: FilingRules,
        *,
        permit: Permit | None = None,
        signatures: SignatureCheck | None = None,
    ) -> None:
        self.rules = rules
        self.permit = permit
        self.signatures = signatures
        self._books: dict[Month, FilingBook] = {}
        self._history: dict[Month, list[ev.Event]] = {}

    @property
    def books(self) -> tuple[FilingBook, ...]:
        """The books, in order of their months."""
        return tuple(self._books[month] for month in sorted(self._books))

    def book(self, month: Month | str) -> FilingBook:
        """The book of a month; `EMPTY` before it is opened."""
        return self._books.get(Month.of(month), EMPTY)

    def history(self, month: Month | str) -> tuple[ev.Event, ...]:
        """What happened in a month's book."""
        return tuple(self._history.get(Month.of(month), ()))

    def open(self, account: str, month: Month | str, at: datetime, by: str = "") -> Decision:
        """Open a month's book."""
        month = Month.of(month)
        command = co.OpenBook(
            at=at, by=by, account=account, division=self.rules.division, month=month
        )
        return self.do(month, command)

    def do(self, month: Month | str, command: co.Command) -> Decision:
        """Decide about a command for a month, and keep what happens."""
        month = Month.of(month)
        found = decide(
            self.book(month),
            command,
            self.rules,
            others=self._books.values(),
            permit=self.permit,
            signatures=self.signatures,
        )
        self.keep(month, found.events)
        return found

    def keep(self, month: Month | str, events: Iterable[ev.Event]) -> None:
        """Keep events that were decided elsewhere, or read from where they are stored."""
        month = Month.of(month)
        kept = tuple(events)
        if kept:
            self._books[month] = fold(kept, self.book(month))
            self._history.setdefault(month, []).extend(kept)

    def roster_after(
        self, before: Roster, month: Month | str, *, total_wages: Money | None = None
    ) -> RosterAfter:
        """The roster after a month, from the roster before and all books."""
        return roster_after(
            before, self.books, Month.of(month), self.rules.businesses, total_wages=total_wages
        )
