"""`socialins file submit`: a declaration goes to the bureau, or several."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs
import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.file.common import BOOK, WHEN, Kept, about
from socialins.cli.commands.file.keys import SIGNING, signed
from socialins.cli.commands.file.several import submit_several
from socialins.cli.errors import Misuse
from socialins.cli.parameters import FILE
from socialins.faults import Fault, FaultError, Place, Text
from socialins.filing import Declaration, Facts, PersonFacts, Submit
from socialins.model.unit import UnitAccount
from socialins.model.wire import from_plain
from socialins.signing import Document, submission_document

__all__ = ["command"]

_TEXT = Text("提交一项或多项申报。", "Submit a declaration, or several.")
_IDS = Text("申报编号，可以写多个。", "The declaration's id; may be several.")


def _run(
    *,
    declarations: tuple[str, ...],
    book: Path,
    facts: Path | None,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
    **signing: Any,
) -> None:
    kept = Kept.read(book, overlay)
    known = Facts()
    if facts is not None:
        known = _facts(facts, [kept.declaration(one) for one in declarations])
    if len(declarations) > 1:
        if key:  # a key is one command's
            values = {"problem": "--key, " + " ".join(declarations)}
            raise Misuse(Fault("cli.usage", values), click.get_current_context())
        submit_several(kept, declarations, at=at, by=by, facts=known, as_json=as_json, **signing)
        return
    (declaration,) = declarations
    command = Submit(**about(at, by, key), declaration=declaration, facts=known)

    def document(account: UnitAccount) -> Document:
        return submission_document(kept.book, declaration, account)

    kept, command = signed(kept, command, document, **signing)
    kept.do(command, as_json)


def _facts(path: Path, declarations: Sequence[Declaration]) -> Facts:
    """Read a file of facts; what it says of everybody holds for each person of the declarations."""
    try:
        plain = _texts(tomllib.loads(path.read_text("utf-8")))
        everybody = plain.pop("everybody", {})
        persons: dict[str, Any] = {
            row.person.document.number: everybody
            for declaration in declarations
            for row in declaration.rows
            if row.person
        }
        for number, said in plain.pop("persons", {}).items():
            persons[number] = {**everybody, **said}
        _only(plain, Facts)
        for said in persons.values():
            _only(said, PersonFacts)
        return from_plain(Facts, {**plain, "persons": persons})
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
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
        Argument(["declarations"], text=_IDS, nargs=-1, required=True),
        BOOK,
        Option(
            ["--facts"],
            type=FILE,
            text=Text(
                "已知情况（toml），用于核对前置条件。",
                "A file (toml) of what is known, for the prerequisites.",
            ),
        ),
        *SIGNING,
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
