"""Careful reading: what is wrong with a table, every problem with its key path.

It is loaded when a table was found to be wrong: it takes its time, and needs cattrs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin

import attrs
from cattrs import (
    AttributeValidationNote,
    BaseValidationError,
    Converter,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from socialins.faults import Fault, Place
from socialins.rules.errors import RuleFileError
from socialins.rules.keys import key_of
from socialins.rules.tables import LEAVES, PLAIN, Reader, exactly

__all__ = ["structure_carefully"]

T = TypeVar("T")
Hook = Callable[[Any, Any], Any]


def structure_carefully(cls: type[T], table: dict[str, Any], name: str, code: str) -> T:
    """Make an object of a TOML table, as `structure` does.

    Raises:
        RuleFileError: with a fault for each key that does not fit.
    """
    try:
        return _converter().structure(table, cls)
    except BaseValidationError as error:
        faults = [
            Fault(code, {"problem": problem}, Place(file=name, field=path or None))
            for path, problem in _problems(error, "")
        ]
        raise RuleFileError(faults) from error


def _problems(error: BaseException, path: str) -> Iterator[tuple[str, str]]:
    """Walk cattrs' tree of errors; its notes say which key or index each branch belongs to."""
    if isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            step = ""
            for note in getattr(inner, "__notes__", ()):
                if isinstance(note, AttributeValidationNote):
                    step = (
                        f".{_toml_key(error, note.name)}" if path else _toml_key(error, note.name)
                    )
                elif isinstance(note, IterableValidationNote):
                    step = f"[{note.index!r}]"
            yield from _problems(inner, path + step)
    elif isinstance(error, ForbiddenExtraKeysError):
        for extra in sorted(error.extra_fields):
            yield f"{path}.{extra}".strip("."), f"unknown key {extra!r}"
    elif isinstance(error, KeyError):
        yield path, f"missing key {error.args[0]!r}"
    else:
        yield path, str(error)


def _toml_key(error: BaseException, attribute: str) -> str:
    cls = getattr(error, "cl", None)
    if cls is not None and attrs.has(cls):
        for field in attrs.fields(cls):
            if field.name == attribute:
                return key_of(field)
    return attribute


@cache
def _converter() -> Converter:
    made = Converter(forbid_extra_keys=True, detailed_validation=True)
    made.register_structure_hook_factory(attrs.has, lambda cls: _of_class(cls, made))
    for kind, reader in LEAVES.items():
        made.register_structure_hook(kind, _leaf(reader))
    # cattrs would make text of a number, a number of text, and true of "false".
    for plain, wanted in PLAIN.items():
        made.register_structure_hook(plain, _plain(plain, wanted))
    made.register_structure_hook_factory(_is_listed, lambda kind: _of_list(kind, made))
    made.register_structure_hook_func(_has_words, lambda value, kind: _word_or(value, kind, made))
    return made


def _of_class(cls: type[Any], made: Converter) -> Hook:
    @cache
    def hook() -> Hook:
        renames = {field.name: override(rename=key_of(field)) for field in attrs.fields(cls)}
        return make_dict_structure_fn(
            cls,
            made,
            _cattrs_forbid_extra_keys=True,
            _cattrs_detailed_validation=True,
            **renames,  # type: ignore[arg-type]
        )

    return lambda value, kind: hook()(exactly(value, dict, "a table"), kind)


def _leaf(reader: Reader) -> Hook:
    return lambda value, _: reader(value)


def _plain(kind: type[Any], wanted: str) -> Hook:
    # The codes are subclasses of str and come here too, with their own class.
    return lambda value, cls: cls(exactly(value, kind, wanted))


def _is_listed(kind: Any) -> bool:
    return get_origin(kind) in {tuple, frozenset}


def _of_list(kind: Any, made: Converter) -> Hook:
    """Tuples and sets from a list only: text is not a list of its letters."""
    container: Any = get_origin(kind)
    listed: Any = list.__class_getitem__(get_args(kind)[0])
    hook = made.get_structure_hook(listed)
    return lambda value, _: container(hook(exactly(value, list, "a list"), listed))


def _has_words(kind: Any) -> bool:
    """Whether a type is something, or one of a few words: ``Money | Literal["none"]``."""
    return any(get_origin(part) is Literal for part in get_args(kind))


def _word_or(value: object, kind: Any, made: Converter) -> Any:
    words: set[object] = set()
    others = []
    for part in get_args(kind):
        if get_origin(part) is Literal:
            words.update(get_args(part))
        else:
            others.append(part)
    if isinstance(value, str) and value in words:
        return value
    return made.structure(value, others[0])
