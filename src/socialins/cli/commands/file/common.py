"""What the commands of filing have in common: the book, the moment, and how an outcome is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs
import click

from socialins.calendar import SHANGHAI
from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Stopped
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import FILE, MOMENT
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table, tell_faults
from socialins.facade import Region, region
from socialins.faults import Fault, FaultError, Place, Text
from socialins.filing import (
    Decision,
    Declaration,
    FilingBook,
    FilingRules,
    commands as co,
    decide,
    event_to_plain,
    events as ev,
    fold,
)
from socialins.filing.journal import FileJournal
from socialins.settlement.plain import fault_to_plain
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
OVERLAY = Option(
    ["--overlay"],
    type=FILE,
    text=Text("单位自己的规则（规则文件）。", "The unit's own rules, as a rule file."),
)
JSON = Option(
    ["--json", "as_json"],
    is_flag=True,
    text=Text("输出一个 JSON 对象。", "Print one JSON object."),
)
DECLARATION = Argument(["declaration"], text=Text("申报编号。", "The declaration's id."))
WHEN: tuple[click.Parameter, ...] = (
    Option(
        ["--at"],
        type=MOMENT,
        text=Text("办理时间；默认为现在（中国）。", "The moment; now, in China, by default."),
    ),
    Option(["--by"], default="", text=Text("经办人。", "Who does it.")),
    Option(
        ["--key"],
        default="",
        text=Text(
            "操作号：同一操作重发时只办理一次。",
            "A key: the same command sent again with it happens once.",
        ),
    ),
    OTHERS,
    OVERLAY,
    JSON,
)

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
_BEFORE = Text("该操作已办理过。", "This was done before.")
_NOTHING = Text("没有需要办理的。", "There is nothing to do.")


@attrs.frozen
class Kept:
    """A book that is kept in a file.

    Arguments:
        journal: the file.
        book: the state.
        region: its region.
        rules: the region's rules.
        history: what happened.
    """

    journal: BookFile | FileJournal
    book: FilingBook
    region: Region
    rules: FilingRules
    history: tuple[ev.Event, ...] = ()

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
        paths = click.get_current_context().meta.get(_OTHERS, ())
        others = [fold(journal_at(path).read()) for path in paths]
        return decide(self.book, command, self.rules, others=others)

    def do(self, command: co.Command, as_json: bool) -> None:
        """Carry out a command, keep what happens, and tell it; a refusal ends with status 1."""
        found = self.decide(command)
        self.keep(found.events)
        _tell(found, fold(found.events, self.book), self.region, command, as_json)
        if found.refused:
            click.get_current_context().exit(1)

    def keep(self, events: Sequence[ev.Event]) -> None:
        """Append events to the file.

        Raises:
            FaultError: if it can't be written, or somebody else has written.
        """
        try:
            self.journal.append(events, self.book.version)
        except OSError as error:
            raise _unusable("cli.write-failed", self.journal.path, error) from error


def about(at: datetime | None, by: str, key: str) -> dict[str, Any]:
    """What every command carries, of the options `WHEN`."""
    return {"at": at or datetime.now(SHANGHAI), "by": by, "key": key}


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

    def run(
        *,
        book: Path,
        at: datetime | None,
        by: str,
        key: str,
        overlay: Path | None,
        as_json: bool,
        **own: Any,
    ) -> None:
        kept = Kept.read(book, overlay)
        kept.do(make(**about(at, by, key), **own), as_json)

    named = (DECLARATION,) if of_declaration else ()
    return Command(name, text=text, params=[*named, BOOK, *params, *WHEN], callback=run)


def _unusable(code: str, path: Path, error: OSError) -> FaultError:
    values = {"path": str(path), "reason": error.strerror or str(error)}
    return FaultError(Fault(code, values, Place(file=str(path))))


def _tell(
    found: Decision, book: FilingBook, where: Region, command: co.Command, as_json: bool
) -> None:
    lang = lang_of()
    if as_json:
        print_json(
            {
                "done": not found.refused,
                "events": [event_to_plain(event) for event in found.events],
                "faults": [fault_to_plain(fault, lang) for fault in found.faults],
                "book": book_to_plain(book),
            }
        )
        return
    if found.refused:
        raise Stopped(found.faults, click.get_current_context())
    console = make_console()
    if not found.events:
        say(console, (_BEFORE if command.key in book.keys else _NOTHING).get(lang))
    touched = dict.fromkeys(
        id_ for event in found.events if (id_ := getattr(event, "declaration", ""))
    )
    if touched:
        declarations_table([book.declarations[id_] for id_ in touched], where, lang)
    elif found.events:
        say(console, head_of(book, where, lang))
    tell_faults(make_console(stderr=True), found.faults, lang, remedies_once=True)


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
