"""The error of this package: a file that is not what it should be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialins.faults import Fault, FaultError

__all__ = ["FormError"]


class FormError(FaultError):
    """A file can't be read as what it should be, or something can't be written to one.

    `fault` is the first problem; where several stop a file, `all` has every one.

    Arguments:
        fault: the first problem.
        others: the further ones.
    """

    def __init__(self, fault: Fault, others: Sequence[Fault] = ()) -> None:
        super().__init__(fault)
        self.all = (fault, *others)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.fault, self.all[1:])
