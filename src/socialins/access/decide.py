"""Deciding: a command against the state and the region's rules gives events, or says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from socialins import deciding
from socialins.access import commands as co, events as ev, granting, registering
from socialins.access.case import Case, Outcome
from socialins.access.rules import AccessRules
from socialins.access.state import AccessState

__all__ = ["Decision", "decide"]

Decision = deciding.Decision[ev.Event]
"""What comes of a command: events, or why there are none."""


def decide(state: AccessState, command: co.Command, rules: AccessRules) -> Decision:
    """Say what comes of a command.

    Arguments:
        state: units, operators and grants as they stand.
        command: what somebody wants to happen; `by` is who, as the application has made sure.
        rules: the region's rules.

    Returns:
        Events to be stored and folded into the state, or the faults for which there are none. The
        same command sent again, known by its key, gives neither.
    """

    def handle(command: co.Command) -> Outcome:
        return _HANDLERS[type(command)](Case(state, rules), command)

    return deciding.decided(command, state.keys, deciding.digest_of, handle)


_HANDLERS: dict[type[co.Command], Callable[[Case, Any], Outcome]] = {
    co.Register: registering.register,
    co.HandInPapers: registering.hand_in_papers,
    co.RecordRegistration: registering.record_registration,
    co.DropUnverified: registering.drop_unverified,
    co.RecordAccount: registering.record_account,
    co.RecordCertificate: registering.record_certificate,
    co.ChangeKeyData: registering.change_key_data,
    co.CarryOver: registering.carry_over,
    co.ListOperator: granting.list_operator,
    co.Suspend: granting.suspend,
    co.Reinstate: granting.reinstate,
    co.LeaveUnit: granting.leave_unit,
    co.Give: granting.give,
    co.GiveAtCounter: granting.give_at_counter,
    co.TakeOut: granting.take_out,
    co.Revoke: granting.revoke,
}
