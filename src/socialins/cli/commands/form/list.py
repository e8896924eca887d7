"""`socialins form list`: the forms of a region, or the columns of one."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.form.common import REGION_OF, find_form
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, heading, make_console, print_trimmed, say, shown, table
from socialins.facade import Region
from socialins.faults import Text
from socialins.forms.papers import Form
from socialins.forms.papers.columns import PaperColumn

__all__ = ["command"]

_TEXT = Text(
    "列出一个地区的表单，或一张表单的各列。", "List a region's forms, or the columns of one."
)
_FORM = Text("只看这张表单的各列。", "The columns of this form only.")
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_NOTHING = Text("没有已知的表单。", "No form is known.")
_FORMS = (
    Column(Text("表单", "Form"), whole=True),
    Column(Text("名称", "Title")),
    Column(Text("业务", "Business"), whole=True),
    Column(Text("每页", "A page"), number=True),
    Column(Text("可信度", "Mark")),
    Column(Text("来源", "Seen in")),
)
_COLUMNS = (
    Column(Text("字段", "Field"), whole=True),
    Column(Text("表头", "Heading")),
    Column(Text("内容", "Holds"), whole=True),
    Column(Text("必填", "Required")),
    Column(Text("默认", "Default")),
    Column(Text("代码", "Codes")),
)
_BLANKS = Text("表头和表尾", "Above and below the table")
_REQUIRED = Text("是", "yes")
_NEEDED = Text("（必填）", " (required)")
_ONE = Text("同组至少一项", "one of its group")


def _run(region: Region, form: str | None, as_json: bool) -> None:
    lang = lang_of()
    found = [find_form(region, form)] if form else list(region.forms.values())
    if as_json:
        print_json({"region": region.slug, "forms": [_plain(one, lang) for one in found]})
        return
    console = make_console()
    if form:
        _tell(console, found[0], lang)
    elif found:
        print_trimmed(console, table(_FORMS, (_cells(one, lang) for one in found), lang))
    else:
        say(console, _NOTHING.get(lang))


def _cells(form: Form, lang: str) -> list[object]:
    seen = tuple(source.title for source in form.sources)
    a_page = form.layout.rows_a_page or ""
    return [form.id, form.title.get(lang), form.business, a_page, form.mark.title(lang), seen]


def _tell(console: Console, form: Form, lang: str) -> None:
    say(console, shown(f"{form.title.get(lang)} {form.id}"), "bold")
    say(console)
    print_trimmed(console, table(_COLUMNS, (_column(one, lang) for one in form.columns), lang))
    if form.blanks:
        heading(console, _BLANKS.get(lang))
        for name, blank in form.blanks.items():
            needed = _NEEDED.get(lang) if blank.required else ""
            say(console, f"  {name}  {shown(blank.title.get(lang))}{needed}")
    if form.layout.note is not None:
        say(console)
        say(console, shown(form.layout.note.get(lang)))


def _column(column: PaperColumn, lang: str) -> list[object]:
    spec = column.spec
    above = f"{column.group} / " if column.group else ""
    required = _ONE.get(lang) if column.one_of else _REQUIRED.get(lang) if spec.required else ""
    codes = tuple(f"{code} {words[0]}" if words else code for code, words in spec.codes.items())
    return [
        column.field,
        f"{above}{spec.header}",
        spec.type.value,
        required,
        spec.default,
        codes,
    ]


def _plain(form: Form, lang: str) -> dict[str, Any]:
    layout = form.layout
    return {
        "id": form.id,
        "title": form.title.get(lang),
        "business": form.business,
        "division": layout.division,
        "mark": form.mark.value,
        "sources": [source.describe(lang) for source in form.sources],
        "note": layout.note.get(lang) if layout.note else None,
        "sheet": layout.sheet,
        "rows_a_page": layout.rows_a_page,
        "roster": form.can_be_roster,
        "columns": [
            {
                "field": column.field,
                "header": column.spec.header,
                "group": column.group,
                "type": column.spec.type.value,
                "required": column.spec.required,
                "default": column.spec.default,
                "codes": {code: list(words) for code, words in column.spec.codes.items()},
            }
            for column in form.columns
        ],
        "blanks": {
            name: {"title": blank.title.get(lang), "required": blank.required}
            for name, blank in form.blanks.items()
        },
    }


command = Command(
    "list",
    text=_TEXT,
    params=[
        REGION_OF,
        Argument(["form"], required=False, text=_FORM),
        Option(["--json", "as_json"], is_flag=True, text=_JSON),
    ],
    callback=_run,
)
"""The command."""
