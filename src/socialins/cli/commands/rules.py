"""`socialins rules`: the figures of a month, what they rest on, and what is not known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import click
from rich.console import Console

from socialins.calendar import SHANGHAI
from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.figures import MonthFigures, RuleRow
from socialins.cli.figures_plain import figures_to_plain
from socialins.cli.gaps import RegionGaps
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import DAY, MONTH, REGION, Whole
from socialins.cli.screen import (
    Column,
    a_list,
    heading,
    make_console,
    print_trimmed,
    say,
    shown,
    table,
)
from socialins.facade import Region
from socialins.faults import Text
from socialins.rules import ALL, Citation
from socialins.rules.gaps import STALE_AFTER
from socialins.rules.rulefile import Caveat
from socialins.values import Money, Month

__all__ = ["command"]

_TEXT = Text(
    "列出一个地区一个月的基数上下限、费率、定额和进位方式，及其文件依据。",
    "List a region's floors, caps, rates, sums and roundings of a month, with their documents.",
)
_REGION = Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code.")
_MONTH = Text(
    "费款所属期，如 2026-11；只有 --gaps 可省略（默认本月）。",
    "Month of the contributions, as 2026-11; only --gaps can do without (this month, then).",
)
_DAY = Text("按这一天已公布的规定。", "By what had been announced on this day.")
_CLASSES = Text(
    "列出各类人员和参保户的不同标准；不选则只列本地城镇全日制企业职工。",
    "For every class of persons and accounts, not for local, urban, full-time employees of "
    "enterprises only.",
)
_GAPS = Text(
    "只列缺、暂按执行、久未确认或标为 C（未证实）的标准。",
    "List only what is missing, provisional, stale or marked C (unconfirmed).",
)
_STALE = Text(
    f"无终止月份的标准几个月未再确认算久（默认 {STALE_AFTER}）；与 --gaps 合用。",
    "Months after which an open-ended figure that nobody confirmed again is stale "
    f"(by default {STALE_AFTER}); goes with --gaps.",
)
_JSON = Text("输出一个 JSON 对象，含全部来源。", "Print one JSON object, with all sources.")
_KINDS = {
    "bounds": Text("基数上下限", "floor and cap"),
    "rate": Text("费率", "rate"),
    "fixed": Text("定额", "fixed sum"),
    "base-rounding": Text("基数进位", "base rounding"),
    "amount-rounding": Text("金额进位", "amount rounding"),
    "unit-base": Text("单位基数", "unit's base"),
    "injury-classes": Text("工伤行业费率", "injury classes"),
    "injury-bands": Text("工伤浮动档次", "floating bands"),
    "injury-multiplier": Text("工伤费率调整系数", "injury multiplier"),
    "coverage": Text("参保范围", "coverage"),
}
_COLUMNS = (
    Column(Text("险种", "Insurance"), whole=True),
    Column(Text("缴费", "Payer"), whole=True),
    Column(Text("适用", "Who")),
    Column(Text("下限", "Floor"), number=True),
    Column(Text("上限", "Cap"), number=True),
    Column(Text("费率", "Rate")),
    Column(Text("定额", "Fixed"), number=True),
    Column(Text("基数进位", "Base rounding")),
    Column(Text("金额进位", "Amount rounding")),
    Column(Text("依据", "Rests on"), whole=True),
)
_UNKNOWN = Text("未知", "unknown")
_NONE = Text("无", "none")
_RESTS = Text("依据", "What it rests on")
_NOT_KNOWN = Text("未知的标准", "Not known")
_CAVEATS = Text("尚未表达的规定", "Rules not yet expressed")
_ANNOUNCED = Text("{day} 公布", "announced {day}")
_MONTHS = Text("，月份 ", ", months ")
_DERIVED = Text("推算：", "computed: ")
_ALL = Text("全部险种", "all insurances")
_KNOWN_ON = Text("按 {day} 已公布的规定", "by what was announced on {day}")
_REMEDY = Text("办法：", "What to do: ")


def _run(
    *,
    region: Region,
    month: Month | None,
    known_on: date | None,
    all_classes: bool,
    gaps: bool,
    stale_after: int,
    as_json: bool,
) -> None:
    lang = lang_of()
    if gaps:
        asked = month or Month.of(datetime.now(SHANGHAI).date())
        found = region.gaps(asked, known_on=known_on, stale_after=stale_after)
        _tell_gaps(RegionGaps(region, asked, stale_after, found), lang, as_json=as_json)
        return
    if month is None:
        ctx = click.get_current_context()
        param = next(one for one in ctx.command.params if one.name == "month")
        raise click.MissingParameter(ctx=ctx, param=param)
    figures = MonthFigures.of(region, month, known_on, all_classes=all_classes)
    if as_json:
        print_json(figures_to_plain(figures, lang))
    else:
        _tell(make_console(), figures, lang)


def _tell_gaps(found: RegionGaps, lang: str, *, as_json: bool) -> None:
    if as_json:
        print_json(found.to_plain(lang))
    else:
        found.tell(make_console(), lang)


def _tell(console: Console, figures: MonthFigures, lang: str) -> None:
    month = str(figures.month) if lang == "en" else f"{figures.month:zh}"
    parts = [f"{figures.region.name.get(lang)} {figures.region.code}", month]
    if figures.known_on is not None:
        parts.append(_KNOWN_ON.get(lang).format(day=figures.known_on))
    say(console, shown((", " if lang == "en" else "，").join(parts)), "bold")
    say(console)
    numbers = {citation: number for number, citation in enumerate(figures.citations(), start=1)}
    rows = (_cells(row, figures.month, numbers, lang) for row in figures.rows)
    print_trimmed(console, table(_COLUMNS, rows, lang))
    heading(console, _RESTS.get(lang))
    for citation, number in numbers.items():
        say(console, f"{number:>4}  {shown(_cited(citation, lang))}")
        for note in _notes(citation, lang):
            say(console, f"      {shown(note)}", "dim")
    if unknown := figures.unknown():
        heading(console, _NOT_KNOWN.get(lang))
        a_list(console, (fault.message(lang) for fault in unknown))
        say(console, f"  {_REMEDY.get(lang)}{shown(unknown[0].remedy(lang))}")
    if caveats := figures.caveats():
        heading(console, _CAVEATS.get(lang))
        a_list(console, (_caveat(one, figures.region, lang) for one in caveats))


def _cells(row: RuleRow, month: Month, numbers: dict[Citation, int], lang: str) -> list[object]:
    unknown = _UNKNOWN.get(lang)
    floor, cap = "", ""
    if row.bounds is not None:
        floor, cap = _bound(row.bounds.floor, lang), _bound(row.bounds.cap, lang)
    elif row.lacks("bounds"):
        floor = cap = unknown
    rate, base_rounding, amount_rounding = (
        unknown if row.lacks(kind) else row.describe(kind, lang)
        for kind in ("rate", "base-rounding", "amount-rounding")
    )
    fixed = unknown if row.lacks("fixed") else ""
    if row.fixed is not None:
        fixed = f"{row.fixed.due_in(month):,}"
    cited = " ".join(map(str, sorted(numbers[citation] for citation in row.citations())))
    return [
        row.title.get(lang),
        row.payer.title(lang),
        row.who(lang),
        floor,
        cap,
        rate,
        fixed,
        base_rounding,
        amount_rounding,
        cited,
    ]


def _bound(amount: Money | str, lang: str) -> str:
    return f"{amount:,}" if isinstance(amount, Money) else _NONE.get(lang)


def _cited(citation: Citation, lang: str) -> str:
    """A figure in one line: what, for whom, where, months, since when, how sure, documents."""
    mark = f"{citation.mark.value} {citation.mark.title(lang)}"
    if citation.dates_mark is not citation.mark:
        mark += f"{_MONTHS.get(lang)}{citation.dates_mark.value}"
    documents = _joined((source.number or source.title for source in citation.sources), lang)
    parts = [
        f"{_KINDS[citation.kind].get(lang)} {citation.value.get(lang)}",
        citation.who.get(lang) if citation.who else "",
        citation.level.get(lang),
        str(citation.span),
        _ANNOUNCED.get(lang).format(day=citation.announced) if citation.announced else "",
        citation.status.title(lang),
        mark,
        documents,
    ]
    return " · ".join(part for part in parts if part)


def _notes(citation: Citation, lang: str) -> Iterable[str]:
    if citation.derived:
        yield f"{_DERIVED.get(lang)}{citation.derived}"
    if citation.note is not None:
        yield citation.note.get(lang)


def _caveat(caveat: Caveat, region: Region, lang: str) -> str:
    titles = (
        _ALL.get(lang) if one == ALL else region.cascade.title(one).get(lang)
        for one in caveat.insurances
    )
    colon = ": " if lang == "en" else "："
    return f"{_joined(titles, lang)}{colon}{caveat.text.get(lang)}"


def _joined(words: Iterable[str], lang: str) -> str:
    return (", " if lang == "en" else "、").join(words)


command = Command(
    "rules",
    text=_TEXT,
    params=[
        Argument(["region"], type=REGION, text=_REGION),
        Option(["--month"], type=MONTH, text=_MONTH),
        Option(["--known-on"], type=DAY, text=_DAY),
        Option(["--all-classes"], is_flag=True, text=_CLASSES),
        Option(["--gaps"], is_flag=True, text=_GAPS),
        Option(["--stale-after"], type=Whole(0), default=STALE_AFTER, text=_STALE),
        Option(["--json", "as_json"], is_flag=True, text=_JSON),
    ],
    callback=_run,
)
"""The command."""
