"""`socialins form read`: what a file in a form's layout holds, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from rich.console import Console

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.form.common import FORM, REGION_OF, find_form, to_plain
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import FILE
from socialins.cli.screen import Column, make_console, print_trimmed, say, shown, table, tell_faults
from socialins.facade import Region
from socialins.faults import Fault, Place, Text
from socialins.forms.amounts import read_amount
from socialins.forms.errors import FormError
from socialins.forms.papers import ReadForm
from socialins.forms.papers.columns import TICK, PaperColumn
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.papers.rows import FilledRow
from socialins.settlement.plain import fault_to_plain
from socialins.values import Money

__all__ = ["command"]

_TEXT = Text(
    "读取按表单填写的文件，逐行检查。", "Read a file in a form's layout and check each row."
)
_FILE = Text(
    "填好的文件（xlsx、xls、csv 等）。", "The file that was filled in (xlsx, xls, csv and others)."
)
_MARK = Text(
    "写回一份，把有误的单元格涂色并加批注（xlsx）。",
    "Write it back with wrong cells coloured and commented (xlsx).",
)
_FAILED = Text(
    "把有误的行和原因另写一份（xlsx）。", "Write the rows that failed, with reasons (xlsx)."
)
_CONFIRM = Text("核对应有的行数。", "Compare with the count of rows there should be.")
_SUM = Text(
    "核对一列的合计：字段=金额。可重复。",
    "Compare a column's sum: field=amount. May be repeated.",
)
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
# These have a column of their own; a form has too many for each to have one.
_OWN = ("name", "id_number", "wage")
_ROW = Column(Text("行", "Row"), number=True)
_FURTHER = Column(Text("其他", "Further"))
_COUNT = Text("{title}：读入 {rows} 行", "{title}: {rows} rows")


def _run(
    *,
    region: Region,
    form: str,
    file: Path,
    as_json: bool,
    mark: Path | None,
    failed: Path | None,
    count: int | None,
    stated: tuple[str, ...],
) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    read = find_form(region, form).read(file)
    sums = dict(_pair(one) for one in stated)
    differing = _confirm(read, count, sums) if count is not None or sums else ()
    faults = (*read.faults, *differing)
    for path, write in ((mark, read.mark), (failed, read.save_failed)):
        if path is not None:
            _write(path, write, lang)
    if as_json:
        print_json(
            {
                "region": region.slug,
                "form": form,
                "head": {name: to_plain(value) for name, value in read.head.items()},
                "rows": [
                    {"row": number, **{field: to_plain(value) for field, value in row.items()}}
                    for number, row in zip(read.numbers, read.rows, strict=True)
                ],
                "faults": [fault_to_plain(fault, lang) for fault in faults],
                "sums": {field: str(amount) for field, amount in read.sums.items()},
            }
        )
    else:
        _tell(make_console(), read, lang)
        tell_faults(make_console(stderr=True), faults, lang)
    ctx.exit(1 if any(fault.is_error for fault in faults) else 0)


def _confirm(read: ReadForm, count: int | None, sums: dict[str, Money]) -> tuple[Fault, ...]:
    try:
        return read.confirm(len(read.rows) if count is None else count, **sums)
    except FormError as error:
        raise Misuse(error.fault, click.get_current_context()) from error


def _pair(text: str) -> tuple[str, Money]:
    field, equals, amount = text.partition("=")
    found = read_amount(amount.strip())
    if not equals or isinstance(found, Fault):
        raise Misuse(Fault("cli.pair", {"value": shown(text)}), click.get_current_context())
    return field.strip(), found


def _write(path: Path, write: Callable[[Path, str], object], lang: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, lang)
    except OSError as error:
        values = {"path": str(path), "reason": error.strerror or str(error)}
        raise Stopped([Fault("cli.workbook-failed", values, Place(file=str(path)))]) from error


def _tell(console: Console, read: ReadForm, lang: str) -> None:
    form = read.form
    count = _COUNT.get(lang).format(title=form.title.get(lang), rows=len(read.rows))
    say(console, shown(count), "bold")
    for name, value in read.head.items():
        say(console, f"  {shown(form.blanks[name].title.get(lang))}  {shown(value)}")
    if not read.rows:
        return
    say(console)
    own = [column for field in _OWN if (column := form.column(field)) is not None]
    titles = [_ROW, *(_title(column) for column in own), _FURTHER]
    others = [
        column
        for column in form.columns
        if column not in own and column.type is not ColumnType.SEQUENCE
    ]
    rows = (
        [number, *(_cell(column, row) for column in own), _joined(others, row, lang)]
        for number, row in zip(read.numbers, read.rows, strict=True)
    )
    print_trimmed(console, table(titles, rows, lang))


def _title(column: PaperColumn) -> Column:
    return Column(column.title, number=column.type is ColumnType.WAGE, whole=True)


def _cell(column: PaperColumn, row: FilledRow) -> object:
    cell = column.write(row[column.field])
    return "" if cell is None else cell


def _joined(columns: Iterable[PaperColumn], row: FilledRow, lang: str) -> str:
    """What further columns hold, each with its name; of what is ticked, the name alone."""
    parts = []
    for column in columns:
        if cell := column.write(row[column.field]):
            title = column.title.get(lang)
            parts.append(title if cell == TICK else f"{title} {cell}")
    return ("; " if lang == "en" else "；").join(parts)


command = Command(
    "read",
    text=_TEXT,
    params=[
        REGION_OF,
        FORM,
        Argument(["file"], type=FILE, text=_FILE),
        Option(["--mark"], type=click.Path(path_type=Path), text=_MARK),
        Option(["--failed"], type=click.Path(path_type=Path), text=_FAILED),
        Option(["--count"], type=int, text=_CONFIRM),
        Option(["--sum", "stated"], multiple=True, metavar="FIELD=AMOUNT", text=_SUM),
        Option(["--json", "as_json"], is_flag=True, text=_JSON),
    ],
    callback=_run,
)
"""The command."""
