"""Collection (征缴): from an assessed month to a paid one, as pure decisions over events."""

from socialins.collection.cashier import Cashier
from socialins.collection.codes import (
    CollectionMode,
    DeductionOutcome,
    OrderState,
    PayMethod,
    PlanState,
    PrintedFrom,
    Role,
    VoucherState,
)
from socialins.collection.commands import (
    ClearLock,
    Command,
    Declare,
    Deduct,
    HandOver,
    MakeOrder,
    MakePlan,
    NoteAgreement,
    NoteCredit,
    OpenCollection,
    PrintVoucher,
    RecordDeduction,
    RecordFeedback,
    RecordPayment,
    RecordRefund,
    Reprint,
    Revoke,
    VoidDeclaration,
    VoidOrder,
)
from socialins.collection.decide import Decision, decide
from socialins.collection.events import Event
from socialins.collection.fromfiling import may_plan, may_roll_back, plan_of
from socialins.collection.lines import Owed, Part, PlanLine, lines_of
from socialins.collection.plan import CollectionPlan, PaymentOrder, Voucher
from socialins.collection.rules import CollectionRules
from socialins.collection.state import EMPTY, Collection, evolve, fold
from socialins.collection.totals import Totals, totals
from socialins.collection.wire import event_from_plain, event_to_plain

__all__ = [
    "EMPTY",
    "Cashier",
    "ClearLock",
    "Collection",
    "CollectionMode",
    "CollectionPlan",
    "CollectionRules",
    "Command",
    "Decision",
    "Declare",
    "Deduct",
    "DeductionOutcome",
    "Event",
    "HandOver",
    "MakeOrder",
    "MakePlan",
    "NoteAgreement",
    "NoteCredit",
    "OpenCollection",
    "OrderState",
    "Owed",
    "Part",
    "PayMethod",
    "PaymentOrder",
    "PlanLine",
    "PlanState",
    "PrintVoucher",
    "PrintedFrom",
    "RecordDeduction",
    "RecordFeedback",
    "RecordPayment",
    "RecordRefund",
    "Reprint",
    "Revoke",
    "Role",
    "Totals",
    "VoidDeclaration",
    "VoidOrder",
    "Voucher",
    "VoucherState",
    "decide",
    "event_from_plain",
    "event_to_plain",
    "evolve",
    "fold",
    "lines_of",
    "may_plan",
    "may_roll_back",
    "plan_of",
    "totals",
]
