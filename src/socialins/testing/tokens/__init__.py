"""Virtual keys (虚拟密钥) for test suites: an authority that issues, a card that can fail.

Nothing here is secret or safe: the keys are for tests. It needs the extras that signing needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialins.testing.tokens.authority import IssuedKey, VirtualAuthority
    from socialins.testing.tokens.card import Mishap, VirtualCard, VirtualReaders
    from socialins.testing.tokens.leaks import all_told_by, kept_by, leaked

__all__ = [
    "IssuedKey",
    "Mishap",
    "VirtualAuthority",
    "VirtualCard",
    "VirtualReaders",
    "all_told_by",
    "kept_by",
    "leaked",
]

_HOMES = {
    "IssuedKey": "authority",
    "VirtualAuthority": "authority",
    "Mishap": "card",
    "VirtualCard": "card",
    "VirtualReaders": "card",
    "all_told_by": "leaks",
    "kept_by": "leaks",
    "leaked": "leaks",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
