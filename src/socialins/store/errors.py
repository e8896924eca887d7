"""Errors of a journal; each carries its fault, and none a payload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from socialins.faults import Fault, FaultError

__all__ = ["Busy", "Conflict", "Damaged", "StoreError"]


class StoreError(FaultError):
    """A journal can't do what was asked; nothing was written."""


class Conflict(StoreError):
    """Somebody else was first: the stream is not at the version that was expected.

    Read the stream again, decide again, and append again.
    """


class Busy(StoreError):
    """Others held the journal for too long, or the database chose this transaction to give way.

    Doing the whole transaction again is right.
    """


class Damaged(StoreError):
    """What is stored is not what was written.

    Arguments:
        faults: what was found, the first of them first.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults[0])
        self.all: Sequence[Fault] = faults

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(self.all)
