"""What the commands of card batches have in common: the journal, the moment, how it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console

from socialins.cards import (
    Batch,
    CardKind,
    CardRow,
    Command as CardCommand,
    Decision,
    Event,
    RowState,
    decide,
    event_to_plain,
    fold,
    progress,
)
from socialins.cards.sheets import field_title
from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.deciding import JSON, OVERLAY, WHEN, about, sending, tell
from socialins.cli.errors import Misuse
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import FILE, NEW_FILE
from socialins.cli.screen import Column, print_trimmed, say, shown, table
from socialins.deciding import Event as AnyEvent
from socialins.facade import Region, region
from socialins.faults import Fault, FaultError, Place, Text
from socialins.model.wire import to_plain
from socialins.rules.card import CardRules
from socialins.settlement.plain import fault_to_plain
from socialins.store.card_journal import CardFile

__all__ = [
    "ALL",
    "BOOK",
    "JSON",
    "NEW_BOOK",
    "OVERLAY",
    "WHEN",
    "WHO",
    "Kept",
    "about",
    "batch_to_plain",
    "chosen",
    "head_of",
    "of_rows",
    "rows_table",
    "simple",
]

BOOK = Option(["--book"], required=True, type=FILE, text=Text("批次文件。", "The batch's file."))
NEW_BOOK = Option(
    ["--book"],
    required=True,
    type=NEW_FILE,
    text=Text(
        "批次文件（SQLite）；不存在的会建立，可与申报台账同一文件。",
        "The batch's file (SQLite); it is made, or is that of a filing book.",
    ),
)
WHO = Argument(
    ["who"], nargs=-1, text=Text("行号或证件号码，可多个。", "Rows, or document numbers.")
)
ALL = Option(["--all", "everybody"], is_flag=True, text=Text("全部。", "All of them."))

_ROWS = (
    Column(Text("行号", "Row"), whole=True),
    Column(Text("姓名", "Name"), whole=True),
    Column(Text("证件号码", "Number"), whole=True),
    Column(Text("状态", "State")),
    Column(Text("照片", "Photo")),
    Column(Text("银行", "Bank")),
    Column(Text("更正、原因", "Correction, reason")),
)
_HEAD = Text(
    "{region} {batch}，{kind}，{count}，{state}", "{region} {batch}, {kind}, {count}, {state}"
)
_PEOPLE = Text("{count} 人", "{count} people")
_PERSON = Text("1 人", "1 person")


@attrs.frozen
class Kept:
    """A batch that is kept in a file.

    Arguments:
        journal: the file.
        batch: the state.
        region: its region.
        rules: the region's rules.
        history: what happened.
    """

    journal: CardFile
    batch: Batch
    region: Region
    rules: CardRules
    history: tuple[Event, ...] = ()

    @classmethod
    def read(cls, path: Path, overlay: Path | None) -> Kept:
        """Read a batch.

        Raises:
            FaultError: if the file can't be read, or has no batch.
        """
        journal = CardFile(path)
        history = journal.read()
        batch = fold(history)
        if not batch.is_opened:
            raise FaultError(Fault("cards.not-opened", {}, Place(file=str(path))))
        where = region(batch.division)
        return cls(journal, batch, where, where.card_rules(overlay), history)

    def refuses(self, command: CardCommand) -> bool:
        """Whether a command would not be carried out."""
        return decide(self.batch, command, self.rules).refused

    def do(
        self,
        command: CardCommand,
        as_json: bool,
        besides: Iterable[Fault] = (),
        *,
        with_rows: bool = True,
    ) -> None:
        """Carry out a command, keep what happens, and tell it; a refusal ends with status 1.

        Arguments:
            command: the command.
            as_json: whether it is told as JSON.
            besides: warnings that are told as well.
            with_rows: whether the rows are shown that something happened to.
        """
        found, batch = self._keep(command)
        plain = ("batch", batch_to_plain(batch)) if as_json else None

        def show(console: Console, events: tuple[AnyEvent, ...], lang: str) -> None:
            say(console, head_of(batch, self.region, lang))
            touched = [batch.rows[id_] for id_ in _rows_of(events) if id_ in batch.rows]
            if touched and with_rows:
                rows_table(console, batch, touched, lang)

        told = Decision(found.events, (*found.faults, *besides))
        tell(told, command, batch.keys, plain=event_to_plain, state=plain, show=show)

    def do_as_json(self, command: CardCommand, besides: Iterable[Fault], **more: str) -> None:
        """Carry out a command that is not refused, and tell it as JSON with faults of others.

        Arguments:
            command: the command.
            besides: what is wrong with what it leaves out.
            more: what else to tell.
        """
        found, batch = self._keep(command)
        faults = (*found.faults, *besides)
        print_json(
            {
                "done": True,
                "events": [event_to_plain(event) for event in found.events],
                "faults": [fault_to_plain(fault, lang_of()) for fault in faults],
                "batch": batch_to_plain(batch),
                **more,
            }
        )

    def _keep(self, command: CardCommand) -> tuple[Decision, Batch]:
        found = decide(self.batch, command, self.rules)
        self.journal.append(found.events, self.batch.version)
        return found, fold(found.events, self.batch)


def simple(
    name: str, text: Text, make: Callable[..., CardCommand], *params: click.Parameter
) -> Command:
    """A command of cards that does nothing but send one to `decide`.

    Arguments:
        name: its name.
        text: what it does.
        make: makes the command of its own parameters and what every command carries.
        params: its own parameters.
    """
    return sending(name, text, make, (*params, BOOK), Kept.read)


def of_rows(name: str, text: Text, make: Callable[..., CardCommand], state: RowState) -> Command:
    """A command of cards that names rows, or means all of a state.

    Arguments:
        name: its name.
        text: what it does.
        make: makes the command of the rows and what every command carries.
        state: whom `ALL` means.
    """

    def run(
        *,
        who: tuple[str, ...],
        everybody: bool,
        book: Path,
        at: datetime | None,
        by: str,
        key: str,
        overlay: Path | None,
        as_json: bool,
    ) -> None:
        kept = Kept.read(book, overlay)
        rows = chosen(kept.batch, who, everybody, kept.batch.of_state(state))
        kept.do(make(**about(at, by, key), rows=rows), as_json)

    return Command(name, text=text, params=[WHO, ALL, BOOK, *WHEN], callback=run)


def chosen(
    batch: Batch, who: Sequence[str], everybody: bool, rows: Iterable[CardRow]
) -> tuple[str, ...]:
    """The rows that are named, or all of those that can be meant.

    Arguments:
        batch: the batch.
        who: rows or document numbers, of the argument `WHO`.
        everybody: whether all are meant, of the option `ALL`.
        rows: whom that means.
    """
    if bool(who) is everybody:
        raise Misuse(Fault("cli.one-of", {"names": "WHO…, --all"}), click.get_current_context())
    return tuple(row.row for row in rows) if everybody else tuple(map(batch.row_of, who))


def head_of(batch: Batch, where: Region, lang: str) -> str:
    """A batch in a line: region, id, what is wanted, how many people, where it stands."""
    count = len(batch.rows)
    return _HEAD.get(lang).format(
        region=where.name.get(lang),
        batch=shown(batch.id),
        kind=batch.kind.title(lang),
        count=_PERSON.get(lang) if count == 1 else _PEOPLE.get(lang).format(count=count),
        state=batch.state.title(lang),
    )


def rows_table(console: Console, batch: Batch, rows: Iterable[CardRow], lang: str) -> None:
    """Print rows, a line each."""
    cells = [
        [
            row.row,
            row.person.name,
            row.person.document.masked(),
            batch.states[row.row].title(lang),
            batch.photos[row.row].name if row.row in batch.photos else "",
            " ← ".join(filter(None, (row.bank, row.old_bank))),
            _said(batch, row, lang),
        ]
        for row in rows
    ]
    print_trimmed(console, table(_ROWS, cells, lang))


def batch_to_plain(batch: Batch) -> dict[str, Any]:
    """A batch for JSON."""
    return {
        "batch": batch.id,
        "division": batch.division,
        "kind": batch.kind.value,
        "state": batch.state.value,
        "enrolled": str(batch.enrolled) if batch.enrolled else None,
        "receipt": batch.receipt or None,
        "ready_on": batch.ready_on.isoformat() if batch.ready_on else None,
        "rows": [_row_to_plain(batch, row) for row in batch.rows.values()],
        "steps": [
            {"id": one.id, "stage": one.stage.value, "note": to_plain(one.note)}
            for one in progress(batch)
        ],
        "version": batch.version,
    }


def _row_to_plain(batch: Batch, row: CardRow) -> dict[str, Any]:
    photo = batch.photos.get(row.row)
    return {
        "row": row.row,
        "name": row.person.name,
        "id_number": row.person.document.number,
        "state": batch.states[row.row].value,
        "stated": dict(row.changes),
        "errors": dict(batch.errors.get(row.row, {})),
        "photo": photo.name if photo else None,
        "sha256": photo.digest if photo else None,
        "bank": row.bank or None,
        "old_bank": row.old_bank or None,
        "rejected": batch.rejected.get(row.row),
    }


def _said(batch: Batch, row: CardRow, lang: str) -> str:
    """What is to be corrected of a row, or why it was rejected."""
    reason = batch.rejected.get(row.row)
    if reason is not None:
        return reason
    corrected = row.changes if batch.kind is CardKind.CORRECTION else {}
    fields = {**corrected, **batch.errors.get(row.row, {})}
    return "; ".join(
        f"{field_title(field, lang)} → {text}" for field, text in fields.items() if text.strip()
    )


def _rows_of(events: Iterable[AnyEvent]) -> list[str]:
    """The rows that something happened to, each once, in order; none where it was to all."""
    named: dict[str, None] = {}
    for event in events:
        for source in ("rows", "errors", "photos", "rejected"):
            for one in getattr(event, source, ()):
                named[one if isinstance(one, str) else one.row] = None
    return list(named)
