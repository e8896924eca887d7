"""Drivers (密钥驱动) that the library brings, each by its name, loaded when it is asked for.

A driver is made from options, which are text: the command line and settings files have no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeAlias

from socialins.signing.signer import Signer

__all__ = ["BUILT_IN", "Driver"]

Driver: TypeAlias = Callable[[Mapping[str, str]], Signer]
"""Makes a signer from options."""


def _late(name: str) -> Driver:
    def make(options: Mapping[str, str]) -> Signer:
        module = import_module(f"socialins.signing.drivers.{name}")
        made: Signer = module.driver(options)
        return made

    make.__name__ = name
    return make


BUILT_IN: Mapping[str, Driver] = {
    "pcsc": _late("pcsc"),
    "pkcs11": _late("pkcs11"),
    "pkcs12": _late("pkcs12"),
    "sm2-file": _late("sm2file"),
}
"""The library's own, by name."""
