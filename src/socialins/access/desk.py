"""AccessDesk: units, operators and grants in memory, with the events that made them.

`decide` and `fold` are pure; somebody has to keep what they give. An application has a store for
that; a script or a test has this.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from socialins.access import commands as co, events as ev
from socialins.access.decide import Decision, decide
from socialins.access.folding import fold
from socialins.access.login import LogIn, Session, log_in
from socialins.access.permits import permits, refusal
from socialins.access.rules import AccessRules
from socialins.access.state import EMPTY, AccessState, Grant
from socialins.deciding import Command, Needed, Permit
from socialins.faults import Fault

__all__ = ["AccessDesk"]


class AccessDesk:
    """The units of an application in a region, and what happened to them.

    Arguments:
        rules: the region's rules.

    >>> from socialins.access import Register, Representative
    >>> from socialins.calendar import SHANGHAI
    >>> from socialins.identity import CreditCode, IdDocument
    >>> from socialins.testing.middle import middle
    >>> desk = AccessDesk(middle().access())
    >>> at = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
    >>> desk.do(Register(
    ...     at=at, unit="U1", code=CreditCode("91990100MA0000001G"), name="中州机械公司",
    ...     representative=Representative("赵一", IdDocument("passport", "E00000001")),
    ...     head="zhao", numbers=["0000000001"],
    ... )).refused
    False
    >>> session = desk.log_in(LogIn(at=at, method="scan", operator="zhao"))
    >>> session.account, desk.permits(session, "staff.add", at).operator
    ('0000000001', 'zhao')
    """

    def __init__(self, rules: AccessRules) -> None:
        self.rules = rules
        self.state: AccessState = EMPTY
        self._history: list[ev.Event] = []

    @property
    def history(self) -> tuple[ev.Event, ...]:
        """What happened."""
        return tuple(self._history)

    def do(self, command: co.Command) -> Decision:
        """Decide about a command, and keep what happens."""
        found = decide(self.state, command, self.rules)
        self.keep(found.events)
        return found

    def keep(self, events: Iterable[ev.Event]) -> None:
        """Keep events that were decided elsewhere, or read from where they are stored."""
        kept = tuple(events)
        if kept:
            self.state = fold(kept, self.state)
            self._history.extend(kept)

    def log_in(self, attempt: LogIn) -> Session | Fault:
        """Let somebody in, or say why a portal won't."""
        return log_in(self.state, attempt, self.rules)

    def permits(self, session: Session, business: str, at: datetime) -> Grant | Fault:
        """Whether a login may do a business at a moment."""
        return permits(self.state, session, business, at, self.rules)

    def guard(self, session: Session) -> Permit:
        """A permit that asks the state of the moment: what is revoked is refused at once."""

        def permit(command: Command, needed: Needed, /) -> Fault | None:
            return refusal(self.state, session, command, needed, self.rules)

        return permit
