"""The checks that plugins add to the library of prerequisites."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from socialins.faults import Fault, FaultError
from socialins.filing.prerequisites import CHECKS, Check, Question
from socialins.rules import Cascade

if TYPE_CHECKING:
    from socialins.plugins import Registry

__all__ = ["checks_for"]

_HOOK = "socialins_prerequisites"


def checks_for(registry: Registry, cascade: Cascade) -> Mapping[str, Check]:
    """The checks that a region's businesses may require: the library's, and those of plugins.

    Arguments:
        registry: the registry that the rules come from.
        cascade: the rules; only plugins that speak for one of its divisions are asked, and the
            nearer one's check is taken where two have one name.

    Raises:
        FaultError: if a plugin's hook raises, or gives what is no check; the fault names it.
    """
    implemented = getattr(registry.manager.hook, _HOOK).get_hookimpls()
    found = {one.plugin_name: one for one in implemented}
    checks = dict(CHECKS)
    for book in reversed(cascade.books) if found else ():
        plugin = None if book.own else registry.plugin_of(book.division)
        if plugin is not None and plugin.name in found:
            checks |= _checks(plugin.name, found[plugin.name].function)
    return checks


def _checks(plugin: str, function: Callable[[], Any]) -> dict[str, Check]:
    try:
        given = dict(function())
    except Exception as error:
        raise FaultError(_failed(plugin, f"{type(error).__name__}: {error}")) from error
    for name, check in given.items():
        if not isinstance(name, str) or not callable(check):
            raise FaultError(_failed(plugin, f"{name!r}: {check!r} is no check"))
    return {name: _guarded(plugin, check) for name, check in given.items()}


def _guarded(plugin: str, check: Check) -> Check:
    """A check that refuses what it raises on: deciding must not fail for a plugin's mistake."""

    def guarded(question: Question) -> Fault | None:
        try:
            found = check(question)
        except Exception as error:  # noqa: BLE001
            return _failed(plugin, f"{type(error).__name__}: {error}")
        if found is None or isinstance(found, Fault):
            return found
        return _failed(plugin, f"{found!r} is no fault")

    return guarded


def _failed(plugin: str, reason: str) -> Fault:
    return Fault("filing.check-failed", {"plugin": plugin, "reason": reason})
