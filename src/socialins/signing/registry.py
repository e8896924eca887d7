"""The drivers there are: the library's own, and those that plugins bring.

A vendor's library is reached by a plugin of a few lines (docs/signing.md); nothing here knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from socialins.faults import Fault
from socialins.plugins import Registry, installed
from socialins.signing.drivers import BUILT_IN, Driver
from socialins.signing.errors import SigningError
from socialins.signing.signer import Signer

__all__ = ["known_drivers", "make_signer"]


def known_drivers(registry: Registry | None = None) -> Mapping[str, Driver]:
    """All drivers by name.

    Arguments:
        registry: the plugins; left out, those that are installed.

    Returns:
        The library's own, and over them those of plugins; of two with one name, the one whose
        plugin was loaded last.

    Raises:
        SigningError: if a plugin's hook raises, or gives what is no driver; the fault names it.

    >>> sorted(known_drivers())
    ['pcsc', 'pkcs11', 'pkcs12', 'sm2-file']
    """
    registry = registry or installed()
    found = dict(BUILT_IN)
    for hook in registry.manager.hook.socialins_signers.get_hookimpls():
        found |= _of_plugin(hook.plugin_name, hook.function)
    return found


def make_signer(
    name: str, options: Mapping[str, str] | None = None, registry: Registry | None = None
) -> Signer:
    """The signer of a driver.

    Arguments:
        name: the driver's name.
        options: what it needs, as docs/signing.md tells of each.
        registry: the plugins; left out, those that are installed.

    Raises:
        SigningError: if there is no such driver, or an option is missing.
    """
    known = known_drivers(registry)
    if name not in known:
        values = {"driver": name, "drivers": ", ".join(sorted(known))}
        raise SigningError(Fault("signing.driver-unknown", values))
    return known[name](dict(options or {}))


def _of_plugin(plugin: str, function: Callable[[], Any]) -> dict[str, Driver]:
    try:
        given = dict(function())
    except Exception as error:
        raise SigningError(_failed(plugin, f"{type(error).__name__}: {error}")) from error
    for name, made in given.items():
        if not isinstance(name, str) or not callable(made):
            raise SigningError(_failed(plugin, f"{name!r}: {made!r} is no driver"))
    return given


def _failed(plugin: str, reason: str) -> Fault:
    return Fault("signing.driver-failed", {"plugin": plugin, "reason": reason})
