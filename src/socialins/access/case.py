"""Case: what the deciding functions ask of the state and the rules, and how they refuse."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import attrs

from socialins.access import events as ev
from socialins.access.codes import MemberState, UnitState
from socialins.access.rules import AccessRules
from socialins.access.state import AccessState, Grant, Member, RegisteredUnit
from socialins.calendar import SHANGHAI
from socialins.deciding import Refused
from socialins.faults import Fault
from socialins.rules.access import Granter, Role

__all__ = ["Case", "Outcome", "day_of", "unit_problem"]

Outcome = tuple[Iterable[ev.Event], Iterable[Fault]]
"""Events that happen, and warnings about them."""


def day_of(moment: datetime) -> date:
    """The day of a moment in China."""
    return moment.astimezone(SHANGHAI).date()


def unit_problem(unit: RegisteredUnit, at: datetime) -> Fault | None:
    """Why nobody acts for a unit at all; None if somebody may."""
    if unit.state is UnitState.ACTIVE:
        return None
    values = {"unit": unit.name, "reason": unit.reason or "–"}
    late = unit.state is UnitState.UNVERIFIED and unit.due is not None and at >= unit.due
    state = UnitState.DROPPED if late else unit.state
    return Fault(f"access.unit-{state.value}", values)


@attrs.frozen
class Case:
    """A command's surroundings.

    Arguments:
        state: the units, operators and grants.
        rules: the region's rules.
    """

    state: AccessState
    rules: AccessRules

    def unit(self, id_: str) -> RegisteredUnit:
        """A unit by its id, or the fault that there is none."""
        found = self.state.units.get(id_)
        if found is None:
            raise Refused(Fault("access.no-such-unit", {"unit": id_}))
        return found

    def open_unit(self, id_: str, at: datetime) -> RegisteredUnit:
        """A unit that is open, or the fault that it is not."""
        found = self.unit(id_)
        problem = unit_problem(found, at)
        if problem is not None:
            raise Refused(problem)
        return found

    def unit_of(self, account: str, at: datetime) -> RegisteredUnit:
        """The open unit that a unit number is of."""
        found = self.state.unit_of(account)
        if found is None:
            raise Refused(Fault("access.no-such-account", {"account": account}))
        return self.open_unit(found.id, at)

    def member(self, unit: RegisteredUnit, operator: str) -> Member:
        """An operator whom a unit has listed and who has not left."""
        found = unit.members.get(operator)
        if found is None or found.state is MemberState.LEFT:
            values = {"operator": operator, "unit": unit.name}
            raise Refused(Fault("access.no-such-operator", values))
        return found

    def grant(self, id_: str) -> Grant:
        """A grant that nobody revoked."""
        found = self.state.grants.get(id_)
        if found is None:
            raise Refused(Fault("access.no-such-grant", {"grant": id_}))
        return found

    def must_be_head(self, unit: RegisteredUnit, operator: str) -> None:
        """Refuse whoever is not the unit's head: nobody else has others act for it."""
        head = unit.members[unit.head]
        if operator != unit.head:
            values = {"operator": operator or "–", "unit": unit.name, "head": head.name}
            raise Refused(Fault("access.not-head", values))

    def must_grant(self, units: Iterable[RegisteredUnit], operator: str) -> None:
        """Refuse whoever may not grant for some units."""
        for unit in units:
            self.must_be_head(unit, operator)
            granter = Granter.LEGAL if unit.role is Role.LEGAL else Granter.ADMIN
            self.must_be_granter(granter)

    def must_be_granter(self, granter: Granter) -> None:
        """Refuse a way of granting that the region does not have."""
        allowed = self.rules.terms.granted_by
        if allowed and granter not in allowed:
            choices = {
                lang: (", " if lang == "en" else "、").join(one.title(lang) for one in allowed)
                for lang in ("zh", "en")
            }
            values = {"choices_zh": choices["zh"], "choices_en": choices["en"]}
            raise Refused(Fault("access.granter", {"granter": granter.text, **values}))
