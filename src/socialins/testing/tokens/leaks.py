"""A search for PINs in what a program tells: for the tests of drivers, a vendor's adapter too.

A driver that leaks does so in the form it has the PIN in: as text, as numbers, in hexadecimal, in a
variable of a frame that an exception keeps. All of these are looked through.
"""

from __future__ import annotations

import base64
import pickle
import traceback
from collections.abc import Iterable

from socialins.faults import FaultError

__all__ = ["all_told_by", "forms_of", "kept_by", "leaked"]


def leaked(text: str, *pins: bytes) -> tuple[str, ...]:
    """The forms in which any of these PINs stands in a text; none if it tells nothing.

    >>> leaked("VERIFY 00 20 00 80 06 31 33 35 37 39 32", b"135792")
    ('31 33 35 37 39 32',)
    >>> leaked("the PIN is wrong; tries left: 2", b"135792")
    ()
    """
    lowered = text.lower()
    return tuple(form for pin in pins for form in forms_of(pin) if form.lower() in lowered)


def forms_of(pin: bytes) -> tuple[str, ...]:
    """How a PIN may look when somebody wrote it down."""
    return (
        pin.decode("latin-1"),
        pin.hex(),
        pin.hex(" "),
        pin.hex(":"),
        ", ".join(str(byte) for byte in pin),
        ", ".join(hex(byte) for byte in pin),
        "".join(f"\\x{byte:02x}" for byte in pin),
        base64.b64encode(pin).decode().rstrip("=")[: len(pin) * 4 // 3],
    )


def all_told_by(error: BaseException) -> str:
    """All that an error can tell.

    Its causes, the variables of each frame that it came through, its attributes, its fault in both
    languages, and what it becomes when it is sent to another process.
    """
    told: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        told += traceback.TracebackException.from_exception(one, capture_locals=True).format()
        told += [repr(one), str(one), repr(one.args), repr(vars(one))]
        if isinstance(one, FaultError):
            fault = one.fault
            for lang in ("zh", "en"):
                told += [fault.message(lang), fault.explanation(lang), str(fault.remedy(lang))]
            told += [repr(fault), repr(fault.values), repr(pickle.dumps(one))]
        waiting += [one.__cause__, one.__context__]
    return "\n".join(told)


def kept_by(*things: object, of: tuple[str, ...] = ("socialins.signing",)) -> str:
    """What objects keep in their variables, as deep as they go.

    Arguments:
        things: a session, a signer, a watch.
        of: the packages whose objects are gone into; others are only printed. A test's own card has
            its PIN in its variables, and is no leak.
    """
    told: list[str] = []
    seen: set[int] = set()
    waiting = list(things)
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, list | tuple | set | frozenset):
            waiting += one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, bytearray):
            told.append(repr(bytes(one)))
        else:
            told.append(repr(one))
            if type(one).__module__.startswith(of):
                waiting += _variables(one)
    return "\n".join(told)


def _variables(thing: object) -> Iterable[object]:
    """The variables of an object: in its dictionary, or in its slots."""
    yield from getattr(thing, "__dict__", {}).values()
    for kind in type(thing).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            value = getattr(thing, name, None)
            if value is not thing and name not in ("__weakref__", "__dict__"):
                yield value
