"""Settlement: a month's rules → a schedule → contributions → totals."""

from socialins.settlement.compile import compile_schedule
from socialins.settlement.contribution import Contribution
from socialins.settlement.differences import Difference, Differences, compare_settlements
from socialins.settlement.fast import fast_function
from socialins.settlement.reference import Derivation, derive
from socialins.settlement.schedule import Line, Missing, Schedule
from socialins.settlement.settle import OperandMissing, settle_roster
from socialins.settlement.settlement import BackEndShare, Settlement, Unsettled

__all__ = [
    "BackEndShare",
    "Contribution",
    "Derivation",
    "Difference",
    "Differences",
    "Line",
    "Missing",
    "OperandMissing",
    "Schedule",
    "Settlement",
    "Unsettled",
    "compare_settlements",
    "compile_schedule",
    "derive",
    "fast_function",
    "settle_roster",
]
