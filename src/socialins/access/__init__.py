"""Access (谁可以办什么): who registers a unit, who acts for it, and why a portal says no.

Accounts and passwords of a portal are the bureau's. The library knows who may do what, refuses a
command without its grant, and explains a portal's refusals; no secret passes through it.
"""

from socialins.access.codes import MemberState, UnitState
from socialins.access.commands import (
    CarryOver,
    ChangeKeyData,
    Command,
    DropUnverified,
    Give,
    GiveAtCounter,
    HandInPapers,
    LeaveUnit,
    ListOperator,
    RecordAccount,
    RecordCertificate,
    RecordRegistration,
    Register,
    Reinstate,
    Revoke,
    Suspend,
    TakeOut,
)
from socialins.access.decide import Decision, decide
from socialins.access.desk import AccessDesk
from socialins.access.events import Event
from socialins.access.folding import evolve, fold
from socialins.access.login import Card, LogIn, Session, log_in
from socialins.access.permits import guard, permits
from socialins.access.records import BureauRecord, Certificate, Record, Records, Representative
from socialins.access.rules import AccessRules, explain_refusal
from socialins.access.state import EMPTY, AccessState, Grant, Member, RegisteredUnit
from socialins.access.tree import Tree
from socialins.access.wire import WIRE, event_from_plain, event_to_plain
from socialins.rules.access import EVERYTHING, LoginMethod, Role, UnitNature

__all__ = [
    "EMPTY",
    "EVERYTHING",
    "WIRE",
    "AccessDesk",
    "AccessRules",
    "AccessState",
    "BureauRecord",
    "Card",
    "CarryOver",
    "Certificate",
    "ChangeKeyData",
    "Command",
    "Decision",
    "DropUnverified",
    "Event",
    "Give",
    "GiveAtCounter",
    "Grant",
    "HandInPapers",
    "LeaveUnit",
    "ListOperator",
    "LogIn",
    "LoginMethod",
    "Member",
    "MemberState",
    "Record",
    "RecordAccount",
    "RecordCertificate",
    "RecordRegistration",
    "Records",
    "Register",
    "RegisteredUnit",
    "Reinstate",
    "Representative",
    "Revoke",
    "Role",
    "Session",
    "Suspend",
    "TakeOut",
    "Tree",
    "UnitNature",
    "UnitState",
    "decide",
    "event_from_plain",
    "event_to_plain",
    "evolve",
    "explain_refusal",
    "fold",
    "guard",
    "log_in",
    "permits",
]
