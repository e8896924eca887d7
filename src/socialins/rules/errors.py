"""Errors of rules: a file that can't be used, a figure that is not known."""

from __future__ import annotations

from collections.abc import Sequence

from socialins.faults import Fault, FaultError, SocialinsError

__all__ = ["RuleFileError", "RuleUnknown"]


class RuleFileError(SocialinsError):
    """One or more rule files can't be used; `faults` has every problem with file and key path."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[RuleFileError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class RuleUnknown(FaultError):
    """A figure that settling needs is not known for the month.

    The values of its fault name region, insurance, payer, month and the last known figure. Where
    several are missing, `all` has a fault for each, this one first.
    """

    def __init__(self, fault: Fault, others: Sequence[Fault] = ()) -> None:
        super().__init__(fault)
        self.all = (fault, *others)

    def __reduce__(self) -> tuple[type[RuleUnknown], tuple[Fault, tuple[Fault, ...]]]:
        return type(self), (self.fault, self.all[1:])

    @property
    def region(self) -> str:
        """The region's name."""
        return self.fault.words("zh")["region"]

    @property
    def insurance(self) -> str:
        """The insurance's id."""
        return self.fault.words("en")["insurance_id"]

    @property
    def payer(self) -> str:
        """``unit`` or ``person``."""
        return self.fault.words("en")["payer_id"]

    @property
    def month(self) -> str:
        """The month asked for."""
        return self.fault.words("en")["month"]

    @property
    def last_known(self) -> str:
        """The last known figure with its months; empty when there is none."""
        last = self.fault.words("en")["last"]
        return "" if last == "nothing" else last
