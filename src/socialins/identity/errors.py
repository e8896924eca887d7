"""The error of this package: one number was asked for and can't be had."""

from __future__ import annotations

from socialins.faults import FaultError

__all__ = ["IdentityError"]


class IdentityError(FaultError, ValueError):
    """Text is no such document, code or number; the fault says why."""
