"""Middle Province (中省) and its city 中州: a fictional region with every shape a rule can have.

It tests the engine without any real law, and lets an application's own tests run without a regional
plugin. Nothing in it is true anywhere.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from socialins.facade import Region
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import build_rule_books, read_rule_folder

__all__ = ["middle", "middle_registry"]


@cache
def middle_registry() -> Registry:
    """A registry that knows the fictional divisions and nothing else."""
    package = files(__name__)
    books = build_rule_books(read_rule_folder(package.joinpath("rules")))
    plugin = LoadedPlugin("middle", books=books, package=package)
    return Registry((plugin,), HookManager())


def middle(name: str = "middle") -> Region:
    """A fictional region: ``"middle"`` (中州, 990100) or ``"middle-province"`` (中省, 990000).

    >>> middle().name.zh
    '中州'
    """
    registry = middle_registry()
    return Region(registry.book(name), registry)
