"""Loading: TOML files → `RuleFile`s, with every problem named by file and key path.

Other formats whose classes are made of `key` fields load the same way, through `structure`.

All problems of a folder are collected before anything is raised: an author who made five typing
errors learns of five.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from socialins.faults import Fault, Place
from socialins.rules.errors import RuleFileError
from socialins.rules.rulefile import RuleFile
from socialins.rules.tables import structure

__all__ = [
    "parse_rules",
    "parse_table",
    "read_each",
    "read_rule_file",
    "read_rule_folder",
    "read_table",
    "read_text",
    "rule_files",
    "structure",
]

A = TypeVar("A")
B = TypeVar("B")

_LARGEST = 4_000_000
"""Bytes of a rule file; the largest real one is below a hundredth of it."""


def rule_files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    """The TOML files below a folder with their names relative to it, in order of name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from ((f"{entry.name}/{name}", file) for name, file in rule_files(entry))
        elif entry.name.endswith(".toml"):
            yield entry.name, entry


def read_each(
    files: Iterable[tuple[str, A]], read: Callable[[A, str], B]
) -> tuple[dict[str, B], list[Fault]]:
    """Read files one by one, those behind a wrong one too.

    Arguments:
        files: (name, file), the file as `read` wants it.
        read: reads a file, which it calls by the name; raises `RuleFileError`.

    Returns:
        Name → what was read, and the faults of the files that could not be.
    """
    found: dict[str, B] = {}
    faults: list[Fault] = []
    for name, file in files:
        try:
            found[name] = read(file, name)
        except RuleFileError as error:
            faults += error.faults
    return found, faults


def read_rule_folder(folder: Traversable) -> dict[str, RuleFile]:
    """Read every rule file below a folder.

    Returns:
        File name → contents.

    Raises:
        RuleFileError: with every problem of every file.
    """
    found, faults = read_each(rule_files(folder), read_rule_file)
    if faults:
        raise RuleFileError(faults)
    return found


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
    return parse_table(read_text(file, name, code), name, code)


def read_text(file: Traversable | Path, name: str, code: str = "rules.invalid") -> bytes:
    """Read what stands in a TOML file, whatever it is.

    Raises:
        RuleFileError: if it can't be read, or is monstrously large.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise _wrong(name, str(error), code) from error
    if len(raw) > _LARGEST:
        raise _wrong(name, f"{len(raw)} bytes; at most {_LARGEST} are read", code)
    return raw


def parse_table(raw: bytes, name: str, code: str = "rules.invalid") -> dict[str, Any]:
    """Make a table of what stands in a TOML file.

    Raises:
        RuleFileError: if it is not TOML.
    """
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise _wrong(name, f"not TOML in UTF-8: {error}", code) from error


def _wrong(file: str, problem: str, code: str) -> RuleFileError:
    return RuleFileError([Fault(code, {"problem": problem}, Place(file=file))])
