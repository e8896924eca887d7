"""Permits: whether somebody who is logged in may do a business on an account at a moment.

Everything is asked anew each time: a grant that was revoked, an operator who was suspended, a unit
whose code was changed are refused at once, whatever the login was good for before.
"""

from __future__ import annotations

from datetime import datetime

from socialins.access.case import day_of
from socialins.access.codes import MemberState
from socialins.access.login import Session, account_problem, role_of
from socialins.access.rules import AccessRules
from socialins.access.state import AccessState, Grant, Member
from socialins.deciding import Command, Needed, Permit, Values
from socialins.faults import Fault

__all__ = ["guard", "permits"]


def permits(
    state: AccessState, session: Session, business: str, at: datetime, rules: AccessRules
) -> Grant | Fault:
    """Whether a login may do a business at a moment.

    Arguments:
        state: units, operators and grants as they stand.
        session: who is logged in, and for which account.
        business: the business's id; empty to ask whether anything at all may be done.
        at: the moment, aware.
        rules: the region's rules.

    Returns:
        The grant it rests on (one without an id for the unit's head), or why not.
    """
    unit = state.unit_of(session.account)
    if unit is None:
        return Fault("access.no-such-account", {"account": session.account})
    member = unit.members.get(session.operator)
    if member is None or member.state is MemberState.LEFT:
        values = {"operator": session.operator, "unit": unit.name}
        return Fault("access.no-such-operator", values)
    if member.state is MemberState.SUSPENDED:
        return Fault("access.suspended", {"operator": member.name, "unit": unit.name})
    if not max(member.since, unit.since) <= session.since <= at:
        return Fault("access.session-over", {"since": f"{session.since:%Y-%m-%d %H:%M}"})
    role = role_of(unit, session.operator)
    problem = (
        rules.in_service(at)
        or rules.login_allowed(session.login, business, role)
        or account_problem(unit, session.account, session.login, at, rules)
    )
    if problem is not None:
        return problem
    if not unit.opened(business):
        return Fault("access.not-opened", {"business": rules.title(business), "unit": unit.name})
    if session.operator == unit.head:
        return Grant(id="", operator=session.operator, accounts=tuple(unit.accounts))
    return _grant(state, member, session.account, business, at=at, rules=rules)


def guard(state: AccessState, session: Session, rules: AccessRules) -> Permit:
    """What lets a login give commands, for whatever decides about them.

    Arguments:
        state: units, operators and grants as they stand; later changes need another guard, or
            `AccessDesk.guard`, which asks the state of the moment.
        session: who is logged in.
        rules: the region's rules.

    Returns:
        A permit for `socialins.filing.decide`, for a `Desk`, and for whatever else decides about
        commands: it refuses what is for another account, in another one's name, or not granted.
    """

    def permit(command: Command, needed: Needed, /) -> Fault | None:
        return refusal(state, session, command, needed, rules)

    return permit


def refusal(
    state: AccessState, session: Session, command: Command, needed: Needed, rules: AccessRules
) -> Fault | None:
    """Why a login may not give a command; None if it may."""
    if command.by != session.operator:
        values = {"by": command.by or "–", "operator": session.operator}
        return Fault("access.other-name", values)
    if needed.account != session.account:
        values = {"account": needed.account, "chosen": session.account}
        return Fault("access.other-account", values)
    found = permits(state, session, needed.business, command.at, rules)
    return found if isinstance(found, Fault) else None


def _grant(
    state: AccessState,
    member: Member,
    account: str,
    business: str,
    *,
    at: datetime,
    rules: AccessRules,
) -> Grant | Fault:
    here = [
        one
        for one in state.grants_of(member.operator)
        if account in one.accounts and one.given >= member.joined
    ]
    covering = [one for one in here if rules.tree.covers(one.nodes, one.but, business)]
    day = day_of(at)
    for one in covering:
        if one.holds_on(day):
            return one
    values: Values = {
        "operator": member.name,
        "account": account,
        "business": rules.title(business),
    }
    if covering:
        days = ", ".join(f"{one.first or ''}..{one.last or ''}" for one in covering)
        return Fault("access.not-on-this-day", {**values, "days": days, "day": day.isoformat()})
    if not business or not here:
        return Fault("access.nothing-granted-here", values)
    return Fault("access.not-granted", values)
