"""Loading: TOML files → `RuleFile`s, with every problem named by file and key path.

Other formats whose classes are made of `key` fields load the same way, through `structure`.

All problems of a folder are collected before anything is raised: an author who made five typing
errors learns of five.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin

import attrs

from socialins.faults import Fault, Place
from socialins.rules.errors import RuleFileError
from socialins.rules.keys import key_of
from socialins.rules.rulefile import RuleFile
from socialins.values import Money, Month, Rate

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "parse_rules",
    "read_rule_file",
    "read_rule_folder",
    "read_table",
    "rule_files",
    "structure",
]

T = TypeVar("T")

_LARGEST = 4_000_000
"""Bytes of a rule file; the largest real one is below a hundredth of it."""


def rule_files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """The TOML files below a folder with their names relative to it, in order of name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from ((f"{entry.name}/{name}", file) for name, file in rule_files(entry))
        elif entry.name.endswith(".toml"):
            yield entry.name, entry


def read_rule_folder(folder: Traversable) -> dict[str, RuleFile]:
    """Read every rule file below a folder.

    Returns:
        File name → contents.

    Raises:
        RuleFileError: with every problem of every file.
    """
    read: dict[str, RuleFile] = {}
    faults: list[Fault] = []
    for name, file in rule_files(folder):
        try:
            read[name] = read_rule_file(file, name)
        except RuleFileError as error:
            faults += error.faults
    if faults:
        raise RuleFileError(faults)
    return read


def read_rule_file(file: Traversable | Path, name: str | None = None) -> RuleFile:
    """Read one rule file.

    Arguments:
        file: the file.
        name: how to call it in faults; its own name if left out.

    Raises:
        RuleFileError: if it is not TOML, or not a rule file.
    """
    name = name or file.name
    return parse_rules(read_table(file, name), name)


def parse_rules(table: dict[str, Any], name: str) -> RuleFile:
    """Make a `RuleFile` of a TOML table.

    Raises:
        RuleFileError: with a fault for each key that does not fit.
    """
    return structure(RuleFile, table, name)


def read_table(file: Traversable | Path, name: str, code: str = "rules.invalid") -> dict[str, Any]:
    """Read a TOML file.

    Arguments:
        file: the file.
        name: how to call it in faults.
        code: of the fault.

    Raises:
        RuleFileError: if it can't be read, or is not TOML.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RuleFileError([_fault(name, "", str(error), code)]) from error
    if len(raw) > _LARGEST:
        problem = f"{len(raw)} bytes; at most {_LARGEST} are read"
        raise RuleFileError([_fault(name, "", problem, code)])
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        problem = f"not TOML in UTF-8: {error}"
        raise RuleFileError([_fault(name, "", problem, code)]) from error


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
    from cattrs import BaseValidationError

    try:
        return _converter(detailed=False).structure(table, cls)
    except Exception:  # noqa: BLE001, S110
        # Whatever it is, the careful reading below meets it again and knows where it stands.
        pass
    try:
        return _converter(detailed=True).structure(table, cls)
    except BaseValidationError as error:
        faults = [_fault(name, path, problem, code) for path, problem in _problems(error, "")]
        raise RuleFileError(faults) from error


def _fault(file: str, path: str, problem: str, code: str) -> Fault:
    return Fault(code, {"problem": problem}, Place(file=file, field=path or None))


def _problems(error: BaseException, path: str) -> Iterator[tuple[str, str]]:
    """Walk cattrs' tree of errors; its notes say which key or index each branch belongs to."""
    from cattrs import (
        AttributeValidationNote,
        BaseValidationError,
        ForbiddenExtraKeysError,
        IterableValidationNote,
    )

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
def _converter(*, detailed: bool) -> Converter:
    """What makes objects of tables: in detail it knows the key of each problem, which takes longer.

    The functions for a class are made when a table of it is first met: most files use few classes.
    """
    from cattrs import Converter
    from cattrs.gen import make_dict_structure_fn, override

    made = Converter(forbid_extra_keys=True, detailed_validation=detailed)

    @cache
    def hook(cls: type[Any]) -> Callable[[Any, Any], Any]:
        renames = {field.name: override(rename=key_of(field)) for field in attrs.fields(cls)}
        return make_dict_structure_fn(
            cls,
            made,
            _cattrs_forbid_extra_keys=True,
            _cattrs_detailed_validation=detailed,
            **renames,  # type: ignore[arg-type]
        )

    def for_class(cls: type[Any]) -> Any:
        key: Any = cls
        return lambda value, kind: hook(key)(_exactly(value, dict, "a table"), kind)

    made.register_structure_hook_factory(attrs.has, for_class)
    made.register_structure_hook(Money, lambda value, _: _money(value))
    made.register_structure_hook(Rate, lambda value, _: _rate(value))
    made.register_structure_hook(Month, lambda value, _: _month(value))
    made.register_structure_hook(date, lambda value, _: _day(value))
    # cattrs would make text of a number, a number of text, and true of "false".
    plain = {str: "text", bool: "true or false", int: "a whole number"}
    for kind, wanted in plain.items():
        made.register_structure_hook(kind, _reader(kind, wanted))
    made.register_structure_hook_factory(_is_listed, lambda kind: _of_list(kind, made))
    made.register_structure_hook_func(_has_words, lambda value, kind: _word_or(value, kind, made))
    return made


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


def _money(value: object) -> Money:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError(f"{value!r} is no amount; write it as text, such as '7270' or '1705.80'")
    return Money.yuan(value)


def _rate(value: object) -> Rate:
    return Rate(_exactly(value, str, "a rate as text, such as '9.8%'"))


def _month(value: object) -> Month:
    return Month.of(_exactly(value, str, "a month as text, such as '2026-07'"))


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise TypeError(f"{value!r} is no day; write it without quotes, such as 2026-08-21")
    return value


def _reader(kind: type[Any], wanted: str) -> Callable[[object, Any], Any]:
    # The codes are subclasses of str and come here too, with their own class.
    return lambda value, cls: cls(_exactly(value, kind, wanted))


def _is_listed(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is tuple or origin is frozenset


def _of_list(kind: Any, made: Converter) -> Callable[[object, Any], Any]:
    """Tuples and sets from a list only: text is not a list of its letters."""
    container: Any = get_origin(kind)
    listed: Any = list.__class_getitem__(get_args(kind)[0])
    hook = made.get_structure_hook(listed)
    return lambda value, _: container(hook(_exactly(value, list, "a list"), listed))


def _exactly(value: object, kind: type[Any], wanted: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{value!r} found where {wanted} is expected")
    return value
