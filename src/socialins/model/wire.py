"""JSON both ways for everything in the model.

Money, rates, months and spans travel as text, so that no reader on the way can turn them into
binary floats. What is written reads back equal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Set
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from socialins.faults import Text
from socialins.identity import CreditCode
from socialins.values import Money, Month, MonthSpan, Rate

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["converter", "from_json", "from_plain", "to_json", "to_plain"]

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """Dicts, lists, text and numbers for an object of the model.

    >>> to_plain(Month(2026, 11)), to_plain(Money(5))
    ('2026-11', '0.05')
    """
    return converter().unstructure(value)


def from_plain(cls: type[T], plain: object) -> T:
    """The object of class ``cls`` that `to_plain` gave ``plain`` for.

    Raises:
        ValueError: if the data does not fit the class; the message names the field.
    """
    from cattrs import BaseValidationError, transform_error

    try:
        return converter().structure(plain, cls)
    except BaseValidationError as error:
        problems = transform_error(error, format_exception=_problem)
        raise ValueError("; ".join(problems)) from error
    except TypeError as error:
        raise ValueError(str(error)) from error


def to_json(value: object) -> str:
    """JSON text for an object of the model.

    >>> to_json(MonthSpan("2026-07", "2027-06"))
    '"2026-07..2027-06"'
    """
    return json.dumps(to_plain(value), ensure_ascii=False)


def from_json(cls: type[T], text: str | bytes) -> T:
    """Read an object of class ``cls`` back from its JSON text.

    >>> from_json(Money, '"1600.00"')
    Money.yuan('1600.00')
    """
    return from_plain(cls, json.loads(text))


@cache
def converter() -> Converter:
    """The converter behind this module; loaded on first use, since cattrs takes its time."""
    from cattrs.preconf.json import make_converter

    # In order, so that what is equal is written alike: hashes of text change with every process.
    made = make_converter(detailed_validation=True, unstruct_collection_overrides={Set: sorted})
    texts: dict[type[Any], Callable[[str], Any]] = {
        Money: Money.yuan,
        Rate: Rate,
        Month: Month.of,
        MonthSpan: MonthSpan.parse,
        CreditCode: CreditCode.parse,
    }
    for cls, read in texts.items():
        made.register_unstructure_hook(cls, str)
        made.register_structure_hook(cls, _reader(read))
    # cattrs would take "false" for True, and a number for the text of its digits.
    for kind in _WORDS:
        made.register_structure_hook(kind, _exactly)
    made.register_structure_hook(
        str | Text,
        lambda value, _: made.structure(value, Text) if isinstance(value, dict) else _text(value),
    )
    return made


def _problem(error: BaseException, kind: type[Any] | None) -> str:
    """A problem in the words of the value that refused; cattrs' own words for the rest."""
    from cattrs.v import format_exception

    if isinstance(error, TypeError | ValueError) and str(error):
        return str(error)
    return format_exception(error, kind)


def _reader(read: Callable[[str], Any]) -> Callable[[object, Any], Any]:
    return lambda value, _: read(_text(value))


_WORDS = {bool: "true or false", int: "a whole number", str: "text"}


def _exactly(value: object, kind: type[T]) -> T:
    """A value of a plain type, or the code that it is the value of."""
    plain = next(one for one in _WORDS if issubclass(kind, one))
    # True is an int to Python, and to nobody else.
    if not isinstance(value, plain) or (plain is int and isinstance(value, bool)):
        raise TypeError(f"{type(value).__name__} {value!r} found where {_WORDS[plain]} is expected")
    make: Callable[[Any], T] = kind
    return make(value)


def _text(value: object) -> str:
    return _exactly(value, str)
