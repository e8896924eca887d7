"""Hooks: what a plugin can do in Python beyond the data it ships.

A plugin is a package found through the entry-point group ``socialins``. Its folder ``rules/`` is
read without any hook; most regions need nothing else. A hook is a function of the package whose
name begins ``socialins_``; docs/plugin-hooks.md tells each with an example. Hooks are called once
per batch, month or document, never once per person.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.resources.abc import Traversable

import pluggy

__all__ = ["hookimpl", "hookspec"]

hookspec = pluggy.HookspecMarker("socialins")
hookimpl = pluggy.HookimplMarker("socialins")


@hookspec
def socialins_rule_folders() -> Iterable[Traversable]:  # type: ignore[empty-body]
    """Folders of rule files, for a plugin that keeps them elsewhere than in ``rules/``.

    Called once, when the registry is built.
    """
