"""Fold: the state of access that a history of events makes, one step an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import attrs

from socialins.access import events as ev
from socialins.access.codes import MemberState, UnitState
from socialins.access.records import BureauRecord
from socialins.access.state import EMPTY, AccessState, Grant, Member, RegisteredUnit
from socialins.rules.access import Role

__all__ = ["evolve", "fold"]


def evolve(state: AccessState, event: ev.Event) -> AccessState:
    """The state after an event; nothing is checked here, that was for `decide`."""
    return fold((event,), state)


def fold(history: Iterable[ev.Event], state: AccessState = EMPTY) -> AccessState:
    """The state after a history of events.

    Arguments:
        history: the events in order.
        state: the state before the first of them.
    """
    made: dict[str, Any] = {
        "units": dict(state.units),
        "grants": dict(state.grants),
        "taken": set(state.taken),
        "keys": dict(state.keys),
        "version": state.version,
    }
    for event in history:
        _STEPS[type(event)](made, event)
        if event.key:
            made["keys"][event.key] = event.digest
        made["version"] += 1
    return AccessState(**{**made, "taken": frozenset(made["taken"])})


def _change(made: dict[str, Any], unit: str, **changes: Any) -> None:
    made["units"][unit] = attrs.evolve(made["units"][unit], **changes)


def _applied(made: dict[str, Any], event: ev.UnitApplied) -> None:
    head = Member(
        operator=event.head,
        name=event.representative.name if event.role is Role.LEGAL else event.head,
        document=event.representative.document if event.role is Role.LEGAL else None,
        phone=event.phone,
        since=event.at,
        joined=made["version"],
    )
    made["units"][event.unit] = RegisteredUnit(
        id=event.unit,
        code=event.code,
        name=event.name,
        representative=event.representative,
        head=event.head,
        role=event.role,
        accounts=dict.fromkeys(event.numbers, event.record),
        virtual=event.virtual,
        certificate=event.certificate,
        login_id=event.login_id,
        phone=event.phone,
        mail=event.mail,
        nature=event.nature,
        district=event.district,
        businesses=None if event.businesses is None else frozenset(event.businesses),
        papers=frozenset(event.papers),
        members={event.head: head},
        state=event.state,
        due=event.due,
        since=event.at,
    )


def _papers(made: dict[str, Any], event: ev.PapersHandedIn) -> None:
    papers = made["units"][event.unit].papers | frozenset(event.papers)
    _change(made, event.unit, papers=papers, state=event.state)


def _decided(made: dict[str, Any], event: ev.RegistrationDecided) -> None:
    unit = made["units"][event.unit]
    state = UnitState.ACTIVE if event.passed else UnitState.REJECTED
    accounts = {**dict.fromkeys(event.numbers), **unit.accounts}
    _change(made, event.unit, state=state, reason=event.reason, accounts=accounts)


def _dropped(made: dict[str, Any], event: ev.RegistrationDropped) -> None:
    _change(made, event.unit, state=UnitState.DROPPED)


def _account(made: dict[str, Any], event: ev.AccountRecorded) -> None:
    accounts = {**made["units"][event.unit].accounts, event.number: event.record}
    _change(made, event.unit, accounts=accounts)


def _certificate(made: dict[str, Any], event: ev.CertificateRecorded) -> None:
    _change(made, event.unit, certificate=event.certificate)


def _key_data(made: dict[str, Any], event: ev.KeyDataChanged) -> None:
    unit: RegisteredUnit = made["units"][event.unit]
    record = BureauRecord(code=event.code, name=event.name, representative=event.representative)
    members = dict(unit.members)
    if event.head != unit.head:
        # Whoever represented the unit before has nothing of it any more.
        members[unit.head] = attrs.evolve(members[unit.head], state=MemberState.LEFT)
        members[event.head] = Member(
            operator=event.head,
            name=event.representative.name if unit.role is Role.LEGAL else event.head,
            document=event.representative.document if unit.role is Role.LEGAL else None,
            since=event.at,
            joined=made["version"],
        )
    elif unit.role is Role.LEGAL:
        members[unit.head] = attrs.evolve(
            members[unit.head],
            name=event.representative.name,
            document=event.representative.document,
        )
    _change(
        made,
        event.unit,
        code=event.code,
        name=event.name,
        representative=event.representative,
        head=event.head,
        accounts={**unit.accounts, event.number: record},
        members=members,
        since=event.at,
    )


def _member(made: dict[str, Any], event: ev.MemberListed) -> None:
    unit = made["units"][event.unit]
    known = unit.members.get(event.operator)
    if known is not None and known.state is MemberState.LEFT:
        known = None  # comes anew, and is granted anew
    listed = Member(
        operator=event.operator,
        name=event.name,
        document=event.document,
        phone=event.phone,
        state=known.state if known else MemberState.ACTIVE,
        since=event.at,
        joined=known.joined if known else made["version"],
    )
    _change(made, event.unit, members={**unit.members, event.operator: listed})


def _member_state(made: dict[str, Any], event: ev.MemberStateChanged) -> None:
    unit = made["units"][event.unit]
    changed = attrs.evolve(unit.members[event.operator], state=event.state, since=event.at)
    _change(made, event.unit, members={**unit.members, event.operator: changed})


def _given(made: dict[str, Any], event: ev.GrantGiven) -> None:
    made["taken"].add(event.grant)
    made["grants"][event.grant] = Grant(
        id=event.grant,
        operator=event.operator,
        accounts=event.accounts,
        nodes=event.nodes,
        but=event.but,
        first=event.first,
        last=event.last,
        by=event.by,
        at_counter=event.at_counter,
        given=made["version"],
    )


def _narrowed(made: dict[str, Any], event: ev.GrantNarrowed) -> None:
    known = made["grants"][event.grant]
    made["grants"][event.grant] = attrs.evolve(known, nodes=event.nodes, but=event.but)


def _revoked(made: dict[str, Any], event: ev.GrantRevoked) -> None:
    del made["grants"][event.grant]


_STEPS: dict[type[ev.Event], Callable[[dict[str, Any], Any], None]] = {
    ev.UnitApplied: _applied,
    ev.PapersHandedIn: _papers,
    ev.RegistrationDecided: _decided,
    ev.RegistrationDropped: _dropped,
    ev.AccountRecorded: _account,
    ev.CertificateRecorded: _certificate,
    ev.KeyDataChanged: _key_data,
    ev.MemberListed: _member,
    ev.MemberStateChanged: _member_state,
    ev.GrantGiven: _given,
    ev.GrantNarrowed: _narrowed,
    ev.GrantRevoked: _revoked,
}
