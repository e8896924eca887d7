"""Login: who comes to a portal, by which way, and for which account; or why not.

The portal asks for the password, the PIN or the card itself, and the library never sees one. What
it can tell is whether the region allows the way, whether the person is known, and for which unit
numbers; and where a portal would only say no, it says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from socialins.access.case import day_of, unit_problem
from socialins.access.codes import MemberState
from socialins.access.identical import identity_problems
from socialins.access.rules import AccessRules
from socialins.access.state import AccessState, Member, RegisteredUnit
from socialins.faults import Fault, Text
from socialins.identity import IdDocument
from socialins.rules.access import LoginMethod, Role

__all__ = ["Card", "LogIn", "Session", "account_problem", "log_in", "role_of"]


@attrs.frozen
class Card:
    """电子社保卡: whose electronic card was scanned.

    Arguments:
        name: the name on it.
        document: the identity document behind it.
    """

    name: str
    document: IdDocument


def _method(method: str) -> LoginMethod:
    return LoginMethod(method)


@attrs.frozen(kw_only=True)
class LogIn:
    """What somebody does to log in; no secret is part of it.

    Arguments:
        at: the moment, aware.
        method: the way.
        operator: the operator's id; a scanned card says it itself.
        card: the scanned card.
        role: as what; a portal that scans cards asks for it.
        login_id: what was typed for the name.
        account: the unit number that is chosen; may be left out where there is only one.
        business: what for, where a way is open for some businesses only.
    """

    at: datetime
    method: LoginMethod = attrs.field(converter=_method)
    operator: str = ""
    card: Card | None = None
    role: Role = attrs.field(default=Role.CLERK, converter=Role)
    login_id: str = ""
    account: str = ""
    business: str = ""


@attrs.frozen(kw_only=True)
class Session:
    """登录: somebody who is in, for one account.

    Arguments:
        operator: the operator's id.
        login: the way in.
        account: the unit number that was chosen.
        since: the moment.
    """

    operator: str
    login: LoginMethod
    account: str
    since: datetime


def role_of(unit: RegisteredUnit, operator: str) -> Role:
    """As what an operator acts for a unit."""
    return unit.role if operator == unit.head else Role.CLERK


def log_in(state: AccessState, attempt: LogIn, rules: AccessRules) -> Session | Fault:
    """Let somebody in, or say why a portal won't.

    Arguments:
        state: units, operators and grants as they stand.
        attempt: who comes, and how.
        rules: the region's rules.
    """
    closed = rules.in_service(attempt.at)
    if closed is not None:
        return closed
    methods = {one.method for one in rules.terms.logins}
    if methods and attempt.method not in methods:
        return rules.login_allowed(attempt.method, "", attempt.role) or _unreachable()
    found = _by_card(state, attempt) if attempt.card else _by_login_id(state, attempt, rules)
    if isinstance(found, Fault):
        return found
    listed = list(found)
    accounts: dict[str, tuple[RegisteredUnit, Member]] = {}
    for unit, member in listed:
        for account in _accounts(state, unit, member, attempt):
            accounts[account] = unit, member
    if not accounts:
        return _why_none(listed, attempt)
    chosen = attempt.account or (next(iter(accounts)) if len(accounts) == 1 else "")
    if not chosen:
        return _choose(accounts)
    if chosen not in accounts:
        return Fault("access.account-not-granted", {"account": chosen})
    unit, member = accounts[chosen]
    role = role_of(unit, member.operator)
    problem = rules.login_allowed(attempt.method, attempt.business, role)
    problem = problem or account_problem(unit, chosen, attempt.method, attempt.at, rules)
    if problem is not None:
        return problem
    return Session(operator=member.operator, login=attempt.method, account=chosen, since=attempt.at)


def account_problem(
    unit: RegisteredUnit, account: str, method: LoginMethod, at: datetime, rules: AccessRules
) -> Fault | None:
    """Why nobody gets in for an account, whoever it is; None if somebody may."""
    problem = unit_problem(unit, at)
    if problem is not None:
        return problem
    if method in (LoginMethod.KEY, LoginMethod.PIN_AND_CODE) and unit.certificate is not None:
        until = unit.certificate.until
        if until is not None and day_of(at) > until:
            return Fault("access.certificate-expired", {"until": until.isoformat()})
    return next(identity_problems(unit, account, rules.terms), None)


def _unreachable() -> Fault:
    raise AssertionError("a way that no rule has is refused")


def _by_card(state: AccessState, attempt: LogIn) -> Fault | Iterator[tuple[RegisteredUnit, Member]]:
    card = attempt.card
    assert card is not None  # noqa: S101  # log_in() asks only then
    as_head = attempt.role is not Role.CLERK
    candidates = [
        (unit, member)
        for unit in state.live
        for member in unit.members.values()
        if (member.operator == unit.head) is as_head and member.state is not MemberState.LEFT
    ]
    found = [pair for pair in candidates if pair[1].document == card.document]
    for _, member in found:
        if member.name != card.name:
            values = {"listed": member.name, "card": card.name}
            return Fault("access.listed-name", values)
    if found:
        return iter(found)
    for _, member in candidates:
        if member.name == card.name and member.document is not None:
            values = {"listed": member.document.masked(), "card": card.document.masked()}
            return Fault("access.listed-document", values)
    return Fault("access.no-legal-account" if as_head else "access.no-clerk-account", {})


def _by_login_id(
    state: AccessState, attempt: LogIn, rules: AccessRules
) -> Fault | Iterator[tuple[RegisteredUnit, Member]]:
    typed = attempt.login_id
    problem = _login_id_problem(state, attempt, rules)
    if problem is not None:
        return problem
    units = [unit for unit in state.live if not typed or unit.login_id == typed]
    if typed and not units:
        return Fault("access.no-such-user", {})
    found = [
        (unit, unit.members[attempt.operator])
        for unit in units
        if attempt.operator in unit.members
        and unit.members[attempt.operator].state is not MemberState.LEFT
    ]
    return iter(found) if found else Fault("access.no-such-user", {})


def _login_id_problem(state: AccessState, attempt: LogIn, rules: AccessRules) -> Fault | None:
    """What is wrong with what was typed, where the region says what is to be typed."""
    rule = next((one for one in rules.logins() if one.method is attempt.method), None)
    if rule is None or (rule.login_id is None and rule.login_title is None):
        return None
    shape = rules.numbers.get(rule.login_id or "")
    if rule.login_title is not None:
        title = rule.login_title
    else:
        title = Text(shape.zh, shape.en) if shape else Text("账号", "account")
    typed = attempt.login_id
    if not typed:
        return Fault("access.login-id-empty", {"title": title})
    if any(typed in (unit.name, unit.representative.name) for unit in state.units.values()):
        return Fault("access.login-id-name", {"title": title})
    if shape is not None:
        errors = [fault for fault in shape.check(typed)[1] if fault.is_error]
        if errors:
            return Fault("access.login-id-shape", {"title": title, "length": str(shape.length)})
    return None


def _accounts(
    state: AccessState, unit: RegisteredUnit, member: Member, attempt: LogIn
) -> Iterator[str]:
    """The unit numbers of a unit that somebody can enter on a day."""
    if member.state is not MemberState.ACTIVE:
        return
    if member.operator == unit.head:
        yield from unit.accounts
        return
    day = day_of(attempt.at)
    for grant in state.grants_of(member.operator):
        if grant.holds_on(day) and grant.given >= member.joined:
            yield from (account for account in grant.accounts if account in unit.accounts)


def _why_none(listed: list[tuple[RegisteredUnit, Member]], attempt: LogIn) -> Fault:
    """Why somebody who is listed can enter nothing."""
    unit, member = listed[0]
    problem = unit_problem(unit, attempt.at)
    if problem is not None:
        return problem
    if all(one.state is MemberState.SUSPENDED for _, one in listed):
        return Fault("access.suspended", {"operator": member.name, "unit": unit.name})
    if member.operator == unit.head:
        return Fault("access.no-number-yet", {"unit": unit.name})
    return Fault("access.nothing-granted", {"operator": member.name})


def _choose(accounts: dict[str, tuple[RegisteredUnit, Member]]) -> Fault:
    several = len({unit.id for unit, _ in accounts.values()})
    choices = ", ".join(f"{unit.name} {account}" for account, (unit, _) in accounts.items())
    return Fault(
        "access.choose-account",
        {"count": str(len(accounts)), "units": str(several), "choices": choices},
    )
