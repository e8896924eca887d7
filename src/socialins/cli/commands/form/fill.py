"""`socialins form fill`: a form filled in from a roster."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.form.common import FORM, REGION_OF, find_form
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.parameters import FILE, MONTH
from socialins.cli.request import Request
from socialins.cli.screen import make_console, say, shown, tell_faults
from socialins.facade import Region
from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.output import check_suffix
from socialins.forms.papers import FilledForm, Form
from socialins.values import Month

__all__ = ["command"]

_TEXT = Text("用花名册填写一张表单。", "Fill in a form from a roster.")
_ROSTER = Text("花名册文件（csv、xlsx）。", "The roster's file (csv, xlsx).")
_MONTH = Text("月份，如 2026-11。", "The month, as 2026-11.")
_OUT = Text(
    "写成这个文件；表单有的格式（xlsx，有的还有 xls、csv、txt、jsonl）。",
    "The file to write, in a format of the form (xlsx; some have xls, csv, txt, jsonl).",
)
_TEMPLATE = Text(
    "填在经办机构自己的工作簿里，保留其样式（xlsx）。",
    "Fill in the bureau's own workbook, its styles kept (xlsx).",
)
_SET = Text(
    "给每一行填上：字段=值；或填表头、表尾：名称=值。可重复。",
    "For every row: field=value; or above and below the table: name=value. May be repeated.",
)
_HEADS = Text(
    "本单位模板的险种表头：字段=表头,表头。", "Heads of the unit's own template: field=head,head."
)
_UNIT = Text("单位文件（toml）：参保户自己的数据。", "The unit's file (toml) on the account.")
_DONE = Text(
    "{title}：{rows} 人，{pages} 页：{path}", "{title}: {rows} persons, {pages} pages: {path}"
)
_NONE = Text("没有写出：没有能填的人员。", "Nothing was written: nobody could be filled in.")


def _run(
    *,
    region: Region,
    form: str,
    roster: Path,
    month: Month,
    out: Path,
    given: tuple[str, ...],
    heads: tuple[str, ...],
    unit: Path | None,
    template: Path | None,
) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    if out.is_dir():
        raise Misuse(Fault("cli.file-new", {"path": str(out)}), ctx)
    found = _with_heads(find_form(region, form), heads)
    check_suffix(out, *found.layout.suffixes)
    values: dict[str, Any] = dict(_pair(one) for one in given)
    if unknown := sorted(values.keys() - found.fields - found.blanks.keys()):
        raise Misuse(found.unknown(unknown[0], found.fields | found.blanks.keys()), ctx)
    read = Request(roster=roster, region=region, month=month, unit=unit).read(lang)
    filled = found.fill(read, **values)
    console = make_console()
    if filled.rows:
        _save(filled, out, template)
        words = {"rows": len(filled.rows), "pages": filled.pages, "path": out}
        say(console, _DONE.get(lang).format(title=filled.form.title.get(lang), **words))
    else:
        say(console, _NONE.get(lang))
    faults = [*read.faults, *filled.faults]
    tell_faults(make_console(stderr=True), faults, lang)
    ctx.exit(1 if any(fault.is_error for fault in faults) else 0)


def _save(filled: FilledForm, out: Path, template: Path | None) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        filled.save(out, template=template)
    except OSError as error:
        values = {"path": str(out), "reason": error.strerror or str(error)}
        raise Stopped([Fault("cli.workbook-failed", values, Place(file=str(out)))]) from error


def _with_heads(form: Form, heads: Iterable[str]) -> Form:
    named = dict(_pair(one) for one in heads)
    try:
        return form.with_heads(
            **{field: [head.strip() for head in text.split(",")] for field, text in named.items()}
        )
    except FormError as error:
        raise Misuse(error.fault, click.get_current_context()) from error


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise Misuse(Fault("cli.pair", {"value": shown(text)}), click.get_current_context())
    return name.strip(), value.strip()


command = Command(
    "fill",
    text=_TEXT,
    params=[
        REGION_OF,
        FORM,
        Argument(["roster"], type=FILE, text=_ROSTER),
        Option(["--month"], required=True, type=MONTH, text=_MONTH),
        Option(["--out"], required=True, type=click.Path(path_type=Path), text=_OUT),
        Option(["--set", "given"], multiple=True, metavar="FIELD=VALUE", text=_SET),
        Option(["--heads"], multiple=True, metavar="FIELD=HEADS", text=_HEADS),
        Option(["--unit"], type=FILE, text=_UNIT),
        Option(["--template"], type=FILE, text=_TEMPLATE),
    ],
    callback=_run,
)
"""The command."""
