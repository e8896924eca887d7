"""`socialins file submit`: a declaration goes to the bureau."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs

from socialins.cli.command import Command, Option
from socialins.cli.commands.file.common import BOOK, DECLARATION, WHEN, Kept, about
from socialins.cli.parameters import FILE
from socialins.faults import Fault, FaultError, Place, Text
from socialins.filing import Declaration, Facts, PersonFacts, Submit
from socialins.model.wire import from_plain

__all__ = ["command"]

_TEXT = Text("提交一项申报。", "Submit a declaration.")


def _run(
    *,
    declaration: str,
    book: Path,
    facts: Path | None,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
) -> None:
    kept = Kept.read(book, overlay)
    known = Facts() if facts is None else _facts(facts, kept.declaration(declaration))
    kept.do(Submit(**about(at, by, key), declaration=declaration, facts=known), as_json)


def _facts(path: Path, declaration: Declaration) -> Facts:
    """Read a file of facts; what it says of everybody holds for each person of the declaration."""
    try:
        plain = _texts(tomllib.loads(path.read_text("utf-8")))
        everybody = plain.pop("everybody", {})
        persons: dict[str, Any] = {
            row.person.document.number: everybody for row in declaration.rows if row.person
        }
        for number, said in plain.pop("persons", {}).items():
            persons[number] = {**everybody, **said}
        _only(plain, Facts)
        for said in persons.values():
            _only(said, PersonFacts)
        return from_plain(Facts, {**plain, "persons": persons})
    except (OSError, ValueError, AttributeError, TypeError) as error:
        values = {"path": str(path), "reason": str(error)}
        raise FaultError(Fault("cli.facts", values, Place(file=str(path)))) from error


def _only(said: dict[str, Any], kind: type[Any]) -> None:
    known = {field.name for field in attrs.fields(kind)} - {"persons"}
    if beyond := sorted(set(said) - known):
        raise ValueError(f"{beyond[0]!r} is none of {', '.join(sorted(known))}")


def _texts(value: Any) -> Any:
    """TOML as JSON has it: days are text there."""
    if isinstance(value, dict):
        return {name: _texts(inner) for name, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value


command = Command(
    "submit",
    text=_TEXT,
    params=[
        DECLARATION,
        BOOK,
        Option(
            ["--facts"],
            type=FILE,
            text=Text(
                "已知情况（toml），用于核对前置条件。",
                "A file (toml) of what is known, for the prerequisites.",
            ),
        ),
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
