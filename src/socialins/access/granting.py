"""Deciding who acts for a unit: operators listed, suspended, gone; grants given and taken back.

Only a unit's head (its legal representative, or the administrator) and the bureau's counter grant;
whoever was granted something can't hand it on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from socialins.access import commands as co, events as ev
from socialins.access.case import Case, Outcome
from socialins.access.codes import MemberState
from socialins.access.state import Grant, RegisteredUnit
from socialins.deciding import Refused, Values
from socialins.faults import Fault
from socialins.identity import IdDocument
from socialins.rules.access import Granter

__all__ = [
    "give",
    "give_at_counter",
    "leave_unit",
    "list_operator",
    "reinstate",
    "revoke",
    "suspend",
    "take_out",
]


def list_operator(case: Case, command: co.ListOperator) -> Outcome:
    """List an operator, or correct what is listed."""
    unit = case.open_unit(command.unit, command.at)
    case.must_be_head(unit, command.by)
    if command.operator == unit.head:
        values = {"operator": command.operator, "unit": unit.name}
        raise Refused(Fault("access.head-stays", values))
    _one_person_once(unit, command.operator, command.document)
    event = ev.MemberListed(
        at=command.at,
        unit=unit.id,
        operator=command.operator,
        name=command.name,
        document=command.document,
        phone=command.phone,
    )
    return (event,), ()


def suspend(case: Case, command: co.Suspend) -> Outcome:
    """Suspend an operator who acts."""
    return _to(case, command, MemberState.SUSPENDED, MemberState.ACTIVE)


def reinstate(case: Case, command: co.Reinstate) -> Outcome:
    """Let a suspended operator act again."""
    return _to(case, command, MemberState.ACTIVE, MemberState.SUSPENDED)


def leave_unit(case: Case, command: co.LeaveUnit) -> Outcome:
    """An operator leaves, whatever he or she was."""
    return _to(case, command, MemberState.LEFT, MemberState.ACTIVE, MemberState.SUSPENDED)


def give(case: Case, command: co.Give) -> Outcome:
    """Grant, as the head of every unit that is concerned."""
    units = _units(case, command)
    case.must_grant(units, command.by)
    for unit in units:
        case.member(unit, command.operator)
    _fits(case, command)
    return (_given(command, at_counter=False),), ()


def give_at_counter(case: Case, command: co.GiveAtCounter) -> Outcome:
    """Record a grant of the counter, which needs a registration that fits what is stated."""
    case.must_be_granter(Granter.COUNTER)
    found = [
        unit
        for unit in case.state.live
        if unit.code == command.code and unit.representative.document == command.representative
    ]
    if not found:
        values = {"code": command.code.text, "document": command.representative.masked()}
        raise Refused(Fault("access.not-registered-for-grant", values))
    units = _units(case, command)
    for unit in units:
        if unit not in found:
            values = {"code": command.code.text, "document": command.representative.masked()}
            raise Refused(Fault("access.not-registered-for-grant", values))
    _fits(case, command)
    listed = [event for unit in units for event in _listing(unit, command)]
    return (*listed, _given(command, at_counter=True)), ()


def take_out(case: Case, command: co.TakeOut) -> Outcome:
    """Take nodes out of a grant; nothing left of it is as good as revoked."""
    grant = case.grant(command.grant)
    _may_take_back(case, command, grant)
    _nodes_exist(case, command.nodes)
    nodes, but = case.rules.tree.without(grant.nodes, grant.but, command.nodes)
    event: ev.Event = ev.GrantNarrowed(at=command.at, grant=grant.id, nodes=nodes, but=but)
    if not nodes:
        event = ev.GrantRevoked(at=command.at, grant=grant.id)
    return (event,), ()


def revoke(case: Case, command: co.Revoke) -> Outcome:
    """Take a grant back, at once."""
    grant = case.grant(command.grant)
    _may_take_back(case, command, grant)
    return (ev.GrantRevoked(at=command.at, grant=grant.id),), ()


def _to(
    case: Case,
    command: co.Suspend | co.Reinstate | co.LeaveUnit,
    state: MemberState,
    *before: MemberState,
) -> Outcome:
    unit = case.open_unit(command.unit, command.at)
    case.must_be_head(unit, command.by)
    if command.operator == unit.head:
        values: Values = {"operator": command.operator, "unit": unit.name}
        raise Refused(Fault("access.head-stays", values))
    member = case.member(unit, command.operator)
    if member.state not in before:
        values = {"operator": member.name, "state": member.state.text}
        raise Refused(Fault("access.operator-state", values))
    event = ev.MemberStateChanged(
        at=command.at, unit=unit.id, operator=command.operator, state=state
    )
    return (event,), ()


def _one_person_once(unit: RegisteredUnit, operator: str, document: IdDocument | None) -> None:
    """A person who stands in a list twice keeps, by the second entry, what the first lost."""
    for other in unit.members.values():
        if (
            document is not None
            and other.operator != operator
            and other.document == document
            and other.state is not MemberState.LEFT
        ):
            values = {"operator": other.operator, "document": document.masked()}
            raise Refused(Fault("access.operator-twice", values))


def _units(case: Case, command: co.Give | co.GiveAtCounter) -> list[RegisteredUnit]:
    found = {unit.id: unit for unit in (case.unit_of(a, command.at) for a in command.accounts)}
    return list(found.values())


def _fits(case: Case, command: co.Give | co.GiveAtCounter) -> None:
    if command.grant in case.state.taken:
        raise Refused(Fault("access.grant-taken", {"grant": command.grant}))
    _nodes_exist(case, (*command.nodes, *command.but))
    tree = case.rules.tree
    for node in command.but:
        if node in command.nodes or not tree.covers(command.nodes, (), node):
            raise Refused(Fault("access.but-outside", {"node": node}))


def _nodes_exist(case: Case, nodes: Iterable[str]) -> None:
    tree = case.rules.tree
    for node in nodes:
        if not tree.knows(node):
            choices = ", ".join(tree.nodes) or "*"
            raise Refused(Fault("access.no-such-node", {"node": node, "choices": choices}))


def _given(command: co.Give | co.GiveAtCounter, *, at_counter: bool) -> ev.GrantGiven:
    return ev.GrantGiven(
        at=command.at,
        grant=command.grant,
        operator=command.operator,
        accounts=command.accounts,
        nodes=command.nodes,
        but=command.but,
        first=command.first,
        last=command.last,
        at_counter=at_counter,
    )


def _listing(unit: RegisteredUnit, command: co.GiveAtCounter) -> Iterator[ev.MemberListed]:
    known = unit.members.get(command.operator)
    if known is not None and known.state is not MemberState.LEFT:
        if known.document != command.document:
            values = {"operator": command.operator, "document": command.document.masked()}
            raise Refused(Fault("access.operator-other", values))
        return
    _one_person_once(unit, command.operator, command.document)
    yield ev.MemberListed(
        at=command.at,
        unit=unit.id,
        operator=command.operator,
        name=command.name,
        document=command.document,
        phone=command.phone,
    )


def _may_take_back(case: Case, command: co.TakeOut | co.Revoke, grant: Grant) -> None:
    """Whoever is head of one of the units may take back; so may the counter."""
    if command.at_counter:
        case.must_be_granter(Granter.COUNTER)
        return
    units = [case.unit_of(account, command.at) for account in grant.accounts]
    for unit in units:
        if unit.head == command.by:
            case.must_be_head(unit, command.by)
            return
    case.must_be_head(units[0], command.by)
