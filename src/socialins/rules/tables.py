"""Tables: TOML tables → objects of the classes made of `key` fields.

Nearly every table is right, so reading one only finds out whether it is. What does not fit is left
to `careful`, which tells every problem and where it stands; no table is right here and wrong there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs

from socialins.rules.keys import key_of
from socialins.values import Money, Month, Rate

__all__ = ["LEAVES", "PLAIN", "exactly", "structure"]

T = TypeVar("T")
Reader = Callable[[Any], Any]


def structure(cls: type[T], table: dict[str, Any], name: str, code: str = "rules.invalid") -> T:
    """Make an object of a TOML table, by a class of `key` fields; unknown keys are refused.

    Arguments:
        cls: the class.
        table: the table.
        name: how to call its file in faults.
        code: of the faults.

    Raises:
        RuleFileError: with a fault for each key that does not fit.
    """
    kind: Any = cls
    try:
        made: T = _reader(kind)(table)
    except Exception:  # noqa: BLE001
        # Whatever it is, the careful reading meets it again, and knows where it stands.
        from socialins.rules.careful import structure_carefully

        return structure_carefully(cls, table, name, code)
    return made


@cache
def _reader(kind: Any) -> Reader:
    """What makes an object of a type; it raises something or other where a value is wrong."""
    if kind in LEAVES:
        return LEAVES[kind]
    if attrs.has(kind):
        return _of_class(kind)
    container, parts = get_origin(kind), get_args(kind)
    if container in {tuple, frozenset}:
        item = _reader(parts[0])
        return lambda value: container([item(part) for part in exactly(value, list, "a list")])
    if container is dict:
        name, item = map(_reader, parts)
        return lambda value: {
            name(key): item(part) for key, part in exactly(value, dict, "a table").items()
        }
    if parts:
        return _of_several((kind,) if container is Literal else parts)
    for plain, wanted in PLAIN.items():
        if issubclass(kind, plain):
            return lambda value: kind(exactly(value, plain, wanted))
    raise TypeError(f"{kind} is not read from tables")


def _of_class(cls: type[Any]) -> Reader:
    @cache
    def fields() -> dict[str, tuple[str, Reader]]:
        types = {name: kind for base in cls.__mro__[::-1] for name, kind in _types(base).items()}
        return {key_of(one): (one.alias, _reader(types[one.name])) for one in attrs.fields(cls)}

    def read(value: object) -> Any:
        known, given = fields(), {}
        for name, part in exactly(value, dict, "a table").items():
            argument, reader = known[name]
            given[argument] = reader(part)
        return cls(**given)

    return read


@cache
def _types(cls: type[Any]) -> dict[str, Any]:
    """The types of the fields that a class adds to those of its bases."""
    return inspect.get_annotations(cls, eval_str=True)


def _of_several(kinds: tuple[Any, ...]) -> Reader:
    """Reads one of a few words, or something else: ``Money | Literal["none"]``, ``str | None``."""
    words = {word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)}
    others = [kind for kind in kinds if get_origin(kind) is not Literal and kind is not NoneType]
    if len(others) > 1:
        raise TypeError(f"{others} can't be told apart in tables")
    if not words:
        return _reader(others[0])  # TOML has no null: a key is left out

    def read(value: object) -> Any:
        if isinstance(value, str) and value in words:
            return value
        return _reader(others[0])(value)

    return read


def _money(value: object) -> Money:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{value!r} is no amount; write it as text, such as '7270' or '1705.80'")
    return Money.yuan(value)


def _rate(value: object) -> Rate:
    return Rate(exactly(value, str, "a rate as text, such as '9.8%'"))


def _month(value: object) -> Month:
    return Month.of(exactly(value, str, "a month as text, such as '2026-07'"))


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"{value!r} is no day; write it without quotes, such as 2026-08-21")
    return value


LEAVES: dict[Any, Reader] = {Money: _money, Rate: _rate, Month: _month, date: _day}
"""What has a way of its own to be written."""

PLAIN = {str: "text", bool: "true or false", int: "a whole number"}
"""What stands in TOML as it is, codes included, with the words for it."""


def exactly(value: object, kind: type[Any], wanted: str) -> Any:
    """The value, if it is of a type and not only taken for it.

    Raises:
        TypeError: if it is not; with the words for what is wanted.
    """
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{value!r} found where {wanted} is expected")
    return value
