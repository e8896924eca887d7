"""Events and commands as JSON, both ways; a digest that tells two commands apart."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_origin

import attrs

from socialins.deciding.command import Command
from socialins.deciding.event import Event
from socialins.model.wire import converter as model_converter

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["ADDED", "Wire", "digest_of"]

ADDED = {"socialins.added": True}
"""Metadata of a field that an earlier release lacked: left out where it is the default, so that
what was written before is still written, and digested, to the same text."""

E = TypeVar("E", bound=Event)


class Wire(Generic[E]):
    """The types of event of one kind of state, as data and back.

    Arguments:
        types: the classes of the events; the name of its class tells what an event is.

    >>> import attrs
    >>> from datetime import UTC
    >>> @attrs.frozen(kw_only=True)
    ... class Paid(Event):
    ...     order: str
    >>> wire = Wire([Paid])
    >>> paid = Paid(at=datetime(2026, 11, 3, 9, tzinfo=UTC), by="甲", order="P1")
    >>> wire.from_plain(wire.to_plain(paid)) == paid
    True
    """

    def __init__(self, types: Iterable[type[E]]) -> None:
        self._types = {one.__name__: one for one in types}

    def to_plain(self, event: E) -> dict[str, Any]:
        """An event as dicts, lists and text; ``type`` has the name of its class."""
        return {"type": type(event).__name__, **_converter().unstructure(event)}

    def from_plain(self, plain: dict[str, Any]) -> E:
        """The event that `to_plain` gave the data for.

        Raises:
            ValueError: if it is of no known type, or does not fit it.
        """
        from cattrs import BaseValidationError, transform_error

        data = dict(plain)
        cls = self._types.get(str(data.pop("type", "")))
        if cls is None:
            raise ValueError(f"{plain.get('type')!r} is no type of event")
        try:
            return _converter().structure(data, cls)
        except BaseValidationError as error:
            told = transform_error(error, format_exception=_problem)
            raise ValueError("; ".join(told)) from error
        except TypeError as error:
            raise ValueError(str(error)) from error


def digest_of(command: Command) -> str:
    """A digest of what a command wants; the moment is not part of it.

    A command that is sent again is sent later: its key and its contents say that it is the same.
    """
    plain = _converter().unstructure(command)
    del plain["at"]
    text = json.dumps([type(command).__name__, plain], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _problem(error: BaseException, kind: type[Any] | None) -> str:
    """A problem in the words of the value that refused; cattrs' own words for the rest."""
    from cattrs.v import format_exception

    if isinstance(error, TypeError | ValueError) and str(error):
        return str(error)
    return format_exception(error, kind)


def _bytes(text: object, _: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError(f"{type(text).__name__} found where base64 is expected")
    return b64decode(text, validate=True)


def _has_added(cls: Any) -> bool:
    return attrs.has(cls) and any(field.metadata.get("socialins.added") for field in _fields(cls))


def _without_added(cls: Any, made: Converter) -> Any:
    from cattrs.gen import make_dict_unstructure_fn, override

    omitted: dict[str, Any] = {
        field.name: override(omit_if_default=True)
        for field in _fields(cls)
        if field.metadata.get("socialins.added")
    }
    return make_dict_unstructure_fn(cls, made, **omitted)


def _fields(cls: Any) -> tuple[attrs.Attribute[Any], ...]:
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(get_origin(cls) or cls)
    return fields


@cache
def _converter() -> Converter:
    made = model_converter().copy()
    made.register_unstructure_hook(datetime, datetime.isoformat)
    made.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    made.register_unstructure_hook(bytes, lambda data: b64encode(data).decode())
    made.register_structure_hook(bytes, _bytes)
    made.register_unstructure_hook_factory(_has_added, lambda cls: _without_added(cls, made))
    return made
