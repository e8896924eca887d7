"""Exceptions that carry a fault.

Where one thing was asked for and can't be had, the library raises; where many things were given,
it returns the faults with the result instead. Every exception of the library descends from
`SocialinsError`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from socialins.faults.fault import Fault

__all__ = ["FaultError", "MissingExtra", "SocialinsError", "require"]


class SocialinsError(Exception):
    """Base of all errors of this library."""


class FaultError(SocialinsError):
    """An error with its `Fault`; the text is the fault's, with its remedy.

    Arguments:
        fault: what is wrong.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"{fault} — {fault.remedy('en')}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.fault,)


class MissingExtra(FaultError, ImportError):
    """An optional part of the library is not installed; the message has the command."""


def require(module: str, extra: str) -> Any:
    """Import a module that an extra brings.

    Arguments:
        module: the module's name.
        extra: the extra of this distribution that installs it.

    Returns:
        The module.

    Raises:
        MissingExtra: if it can't be imported.

    >>> try:
    ...     require("no_such_module", "xlsx")
    ... except MissingExtra as error:
    ...     print(error)
    no_such_module is not installed, which this needs — Run: pip install 'socialins[xlsx]'
    """
    try:
        return import_module(module)
    except ImportError:
        fault = Fault("install.extra-missing", {"module": module, "extra": extra})
        raise MissingExtra(fault) from None
