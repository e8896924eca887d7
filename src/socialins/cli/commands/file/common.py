"""What the commands of filing have in common: the book, the moment, and how an outcome is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console

from socialins.cli.command import Argument, Command, Option
from socialins.cli.deciding import JSON, MOMENTS, OVERLAY, about, sending, tell
from socialins.cli.parameters import FILE
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table
from socialins.deciding import Event
from socialins.facade import Region, region
from socialins.faults import Fault, FaultError, Place, Text
from socialins.filing import (
    Decision,
    Declaration,
    FilingBook,
    FilingRules,
    SignatureCheck,
    commands as co,
    decide,
    event_to_plain,
    events as ev,
    fold,
)
from socialins.filing.journal import FileJournal
from socialins.store.filing_journal import BookFile, journal_at
from socialins.values import Month

__all__ = [
    "BOOK",
    "DECLARATION",
    "JSON",
    "OTHERS",
    "OVERLAY",
    "WHEN",
    "Kept",
    "about",
    "book_to_plain",
    "declaration_to_plain",
    "declarations_table",
    "head_of",
    "simple",
]

BOOK = Option(
    ["--book"], required=True, type=FILE, text=Text("台账文件。", "The book's journal file.")
)
_OTHERS = "socialins.file.others"


def _keep_others(ctx: click.Context, _param: click.Parameter, paths: tuple[Path, ...]) -> None:
    ctx.meta[_OTHERS] = paths


OTHERS = Option(
    ["--other"],
    multiple=True,
    type=FILE,
    expose_value=False,
    callback=_keep_others,
    text=Text(
        "同一参保户其他月份的台账文件，可多次；结算、回退和柜台确认时要看。",
        "A book of the account's other months; may be repeated. Closing, taking back and the "
        "counter look at them.",
    ),
)
DECLARATION = Argument(["declaration"], text=Text("申报编号。", "The declaration's id."))
WHEN: tuple[click.Parameter, ...] = (*MOMENTS, OTHERS, OVERLAY, JSON)

_COLUMNS = (
    Column(Text("编号", "Id"), whole=True),
    Column(Text("业务", "Business")),
    Column(Text("状态", "State")),
    Column(Text("人数", "Rows"), number=True),
    Column(Text("失败", "Failed"), number=True),
    Column(Text("工资合计", "Wages"), number=True),
    Column(Text("生效月份", "Counts for"), whole=True),
)
_OPEN_BOOK = Text("{region} {account}，{month}，{state}", "{region} {account}, {month}, {state}")


@attrs.frozen
class Kept:
    """A book that is kept in a file.

    Arguments:
        journal: the file.
        book: the state.
        region: its region.
        rules: the region's rules.
        history: what happened.
        signatures: proves signatures; None where no command has one.
    """

    journal: BookFile | FileJournal
    book: FilingBook
    region: Region
    rules: FilingRules
    history: tuple[ev.Event, ...] = ()
    signatures: SignatureCheck | None = None

    @classmethod
    def read(cls, path: Path, overlay: Path | None) -> Kept:
        """Read a book.

        Raises:
            FaultError: if the file can't be read, or has no book.
        """
        journal = journal_at(path)
        try:
            history = journal.read()
        except OSError as error:
            raise _unusable("cli.unreadable", path, error) from error
        book = fold(history)
        if not book.is_opened:
            raise FaultError(Fault("filing.not-opened", {}, Place(file=str(path))))
        where = region(book.division)
        return cls(journal, book, where, where.filing(overlay), history)

    @property
    def month(self) -> Month:
        """The book's month."""
        assert self.book.month is not None  # noqa: S101  # `read` has seen to it
        return self.book.month

    def declaration(self, id_: str) -> Declaration:
        """A declaration of the book.

        Raises:
            FaultError: if there is none.
        """
        found = self.book.declarations.get(id_)
        if found is None:
            raise FaultError(Fault("filing.no-such-declaration", {"declaration": id_}))
        return found

    def decide(self, command: co.Command) -> Decision:
        """Say what comes of a command, in sight of the account's other books."""
        return decide(
            self.book, command, self.rules, others=self.others(), signatures=self.signatures
        )

    def others(self) -> list[FilingBook]:
        """The account's books of other months that were named."""
        paths = click.get_current_context().meta.get(_OTHERS, ())
        return [fold(journal_at(path).read()) for path in paths]

    def do(self, command: co.Command, as_json: bool) -> None:
        """Carry out a command, keep what happens, and tell it; a refusal ends with status 1."""
        found = self.decide(command)
        self.keep(found.events)
        book = fold(found.events, self.book)

        def show(console: Console, events: tuple[Event, ...], lang: str) -> None:
            named = (id_ for one in events if (id_ := getattr(one, "declaration", "")))
            touched = dict.fromkeys(named)
            if touched:
                declarations = [book.declarations[id_] for id_ in touched]
                declarations_table(declarations, self.region, lang)
            else:
                say(console, head_of(book, self.region, lang))

        plain = ("book", book_to_plain(book)) if as_json else None
        tell(found, command, book.keys, plain=event_to_plain, state=plain, show=show)

    def keep(self, events: Sequence[ev.Event]) -> None:
        """Append events to the file.

        Raises:
            FaultError: if it can't be written, or somebody else has written.
        """
        try:
            self.journal.append(events, self.book.version)
        except OSError as error:
            raise _unusable("cli.write-failed", self.journal.path, error) from error


def simple(
    name: str,
    text: Text,
    make: Callable[..., co.Command],
    *params: click.Parameter,
    of_declaration: bool = True,
) -> Command:
    """A command of filing that does nothing but send one to `decide`.

    Arguments:
        name: its name.
        text: what it does.
        make: makes the command of its own parameters and what every command carries.
        params: its own parameters.
        of_declaration: whether it names a declaration.
    """
    named = (DECLARATION,) if of_declaration else ()
    return sending(name, text, make, (*named, BOOK, *params, OTHERS), Kept.read)


def _unusable(code: str, path: Path, error: OSError) -> FaultError:
    values = {"path": str(path), "reason": error.strerror or str(error)}
    return FaultError(Fault(code, values, Place(file=str(path))))


def head_of(book: FilingBook, where: Region, lang: str) -> str:
    """A book in a line: region, account, month, whether it is open, what it was assessed at."""
    line = _OPEN_BOOK.get(lang).format(
        region=where.name.get(lang),
        account=shown(book.account),
        month=book.month,
        state=book.state.title(lang),
    )
    if book.assessed is not None:
        line += f"{', ' if lang == 'en' else '，'}{book.assessed:,}"
    return line


def declarations_table(declarations: Sequence[Declaration], where: Region, lang: str) -> None:
    """Print declarations, a line each."""
    names = where.businesses
    rows = []
    for one in declarations:
        known = names.get(one.business)
        title = (known.name.get(lang), one.business) if known else one.business
        failed = sum(1 for _ in one.failed())
        wages = one.wages
        rows.append(
            [
                one.id,
                title,
                one.state.title(lang),
                one.heads,
                failed or "",
                f"{wages:,}" if wages.fen else "",
                one.effect or "",
            ]
        )
    print_trimmed(make_console(), table(_COLUMNS, rows, lang))


def book_to_plain(book: FilingBook) -> dict[str, Any]:
    """A book for JSON."""
    return {
        "account": book.account,
        "division": book.division,
        "month": str(book.month) if book.month else None,
        "state": book.state.value,
        "closed_by": book.closed_by or None,
        "assessed": None if book.assessed is None else str(book.assessed),
        "version": book.version,
        "declarations": [declaration_to_plain(one) for one in book.declarations.values()],
    }


def declaration_to_plain(one: Declaration) -> dict[str, Any]:
    """A declaration for JSON, without its rows."""
    return {
        "id": one.id,
        "business": one.business,
        "channel": one.channel.value,
        "state": one.state.value,
        "heads": one.heads,
        "failed": sum(1 for _ in one.failed()),
        "wages": str(one.wages),
        "effect": str(one.effect) if one.effect else None,
        "submitted_at": one.submitted_at.isoformat() if one.submitted_at else None,
        "result": one.result.value if one.result else None,
        "corrects": one.corrects or None,
    }
