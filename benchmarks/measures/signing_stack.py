"""What the measures of signing share: the PIN, a session that signs, and what starts the stacks."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from benchmarks.places import ROOT
from socialins.signing import Pin, Scheme

__all__ = ["PIN", "SECRET", "guarded", "module_of_stack", "of_session", "signing"]

PIN = b"123456"
SECRET = b"a password"


def signing(signer: Any, scheme: Scheme, message: bytes) -> Callable[[], Any]:
    """Signs by the only token of a signer; its password is `SECRET`."""
    return guarded(signer, signer.list_tokens()[0], scheme, message, SECRET)


def guarded(
    signer: Any, token: Any, scheme: Scheme, message: bytes, pin: bytes
) -> Callable[[], Any]:
    """Signs by a token that is opened once; the PIN is given anew for each signature."""
    return of_session(signer.open(token), scheme, message, pin)


def of_session(session: Any, scheme: Scheme, message: bytes, pin: bytes) -> Callable[[], Any]:
    """Signs by an open token."""
    return lambda: session.sign(message, scheme, lambda _: Pin(pin))


def module_of_stack() -> Any:
    """What starts the stacks of the tests; it serves here, too."""
    place = ROOT / "tests" / "signing_stack" / "stack.py"
    spec = importlib.util.spec_from_file_location("stack", place)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
