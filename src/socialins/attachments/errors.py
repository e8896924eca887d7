"""The error of this package: a picture that can't be read, or can't be made to conform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialins.faults import Fault, FaultError

__all__ = ["AttachmentError"]


class AttachmentError(FaultError):
    """A picture can't be read, or no honest copy of it conforms.

    Arguments:
        fault: the first problem; `all` has every one.
        others: the further ones.
    """

    def __init__(self, fault: Fault, others: Sequence[Fault] = ()) -> None:
        super().__init__(fault)
        self.all = (fault, *others)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.fault, self.all[1:])
