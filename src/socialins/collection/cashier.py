"""Cashier (出纳): an account's collections in memory, with the events that made them.

An application has a store for that; a script, a test or a double has this.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from socialins.collection import commands as co, events as ev
from socialins.collection.decide import Decision, decide
from socialins.collection.rules import CollectionRules
from socialins.collection.state import EMPTY, Collection, fold
from socialins.deciding import Permit
from socialins.values import Month

__all__ = ["Cashier"]


class Cashier:
    """An account's collections, one a month, and what happened in each.

    Arguments:
        rules: the region's rules.
        permit: says who may do what; without one, everything may be done.

    >>> from socialins.calendar import SHANGHAI
    >>> from socialins.testing.middle import middle
    >>> cashier = Cashier(middle().collection())
    >>> at = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
    >>> cashier.open("0001", "2026-11", at).refused
    False
    >>> cashier.collection("2026-11").account
    '0001'
    """

    def __init__(self, rules: CollectionRules, permit: Permit | None = None) -> None:
        self.rules = rules
        self.permit = permit
        self._collections: dict[Month, Collection] = {}
        self._history: dict[Month, list[ev.Event]] = {}

    def collection(self, month: Month | str) -> Collection:
        """The collection of a month; `EMPTY` before it is opened."""
        return self._collections.get(Month.of(month), EMPTY)

    def history(self, month: Month | str) -> tuple[ev.Event, ...]:
        """What happened in a month."""
        return tuple(self._history.get(Month.of(month), ()))

    def open(self, account: str, month: Month | str, at: datetime, by: str = "") -> Decision:
        """Begin a month."""
        month = Month.of(month)
        command = co.OpenCollection(
            at=at, by=by, account=account, division=self.rules.division, month=month
        )
        return self.do(month, command)

    def do(self, month: Month | str, command: co.Command) -> Decision:
        """Decide about a command for a month, and keep what happens."""
        month = Month.of(month)
        found = decide(self.collection(month), command, self.rules, permit=self.permit)
        self.keep(month, found.events)
        return found

    def keep(self, month: Month | str, events: Iterable[ev.Event]) -> None:
        """Keep events that were decided elsewhere, or read from where they are stored."""
        month = Month.of(month)
        kept = tuple(events)
        if kept:
            self._collections[month] = fold(kept, self.collection(month))
            self._history.setdefault(month, []).extend(kept)
