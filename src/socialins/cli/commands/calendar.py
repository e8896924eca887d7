"""`socialins calendar`: the windows of a month, as a table, a picture, or a calendar file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from socialins.calendar import MonthCalendar, Window
from socialins.cli.command import Argument, Command, Option
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.monthpicture import month_picture
from socialins.cli.parameters import FILE, MONTH, NEW_FILE, REGION
from socialins.cli.screen import Column, heading, make_console, say, table, tell_faults
from socialins.facade import Region
from socialins.faults import Text
from socialins.forms.ics import write_ics
from socialins.settlement.plain import fault_to_plain
from socialins.values import Month

__all__ = ["command"]

_TEXT = Text(
    "列出一个月的申报期：表格、月历，或日历文件（.ics）。",
    "List a month's windows: as a table, as a picture, or as a calendar file (.ics).",
)
_REGION = Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code.")
_MONTH = Text(
    "业务生效的首月，如 2026-11；减员为不再参保的首月。",
    "First month the business takes effect for, as 2026-11; for a stop, the first not insured.",
)
_ICS = Text("把申报期写入这个日历文件。", "Write the windows into this calendar file.")
_OVERLAY = Text("单位自己的规则文件，先于地区规则。", "The unit's own rules, before the region's.")
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")
_WRITTEN = Text("日历文件：{path}", "Calendar file: {path}")
_UNKNOWN = Text("未知的申报期", "Windows not known")
_NOTHING = Text("没有已知的申报期。", "No window is known.")
_COLUMNS = (
    Column(Text("标", ""), whole=True),
    Column(Text("业务", "Business")),
    Column(Text("险种", "Insurance")),
    Column(Text("开始", "Opens"), whole=True),
    Column(Text("最后一天", "Last day"), whole=True),
    Column(Text("规则", "Rule")),
    Column(Text("可信度", "Mark")),
    Column(Text("依据", "Rests on")),
)
_MARKS = "abcdefghijklmnopqrstuvwxyz"


def _run(
    region: Region, month: Month, ics: Path | None, overlay: Path | None, as_json: bool
) -> None:
    lang = lang_of()
    found = region.calendar(month, overlay=overlay)
    if ics is not None:
        write_ics(found, ics, region.slug, lang)
    if as_json:
        print_json(_plain(region, found, lang))
        return
    console = make_console()
    _tell(console, region, found, lang)
    if ics is not None:
        say(console)
        say(console, _WRITTEN.get(lang).format(path=ics))


def _tell(console: Console, region: Region, found: MonthCalendar, lang: str) -> None:
    month = str(found.month) if lang == "en" else f"{found.month:zh}"
    say(
        console,
        f"{region.name.get(lang)} {region.code}{', ' if lang == 'en' else '，'}{month}",
        "bold",
    )
    say(console)
    if not len(found):
        say(console, _NOTHING.get(lang))
    else:
        rows = (_row(region, window, mark, lang) for window, mark in _marked(found))
        console.print(table(_COLUMNS, rows, lang))
        say(console)
        month_picture(console, list(_marked(found)), lang)
    if found.unknown:
        heading(console, _UNKNOWN.get(lang))
        tell_faults(console, found.unknown, lang)


def _marked(found: MonthCalendar) -> Iterator[tuple[Window, str]]:
    for number, window in enumerate(found):
        yield window, _MARKS[number % len(_MARKS)]


def _row(region: Region, window: Window, mark: str, lang: str) -> tuple[str, ...]:
    citation = window.citation
    insurance = region.cascade.title(window.insurance).get(lang) if window.insurance else ""
    dates = f"/{citation.dates_mark}" if citation.dates_mark is not citation.mark else ""
    return (
        mark,
        f"{window.title.get(lang)} {window.business}",
        insurance,
        f"{window.opens:%Y-%m-%d}",
        f"{window.last_day:%Y-%m-%d}",
        citation.value.get(lang),
        f"{citation.mark}{dates}",
        "; ".join(source.number or source.title for source in window.sources),
    )


def _plain(region: Region, found: MonthCalendar, lang: str) -> dict[str, Any]:
    return {
        "region": region.slug,
        "month": str(found.month),
        "windows": [
            {
                "business": window.business,
                "title": window.title.get(lang),
                "insurance": window.insurance,
                "variant": window.variant,
                "opens": window.opens.isoformat(),
                "closes": window.closes.isoformat(),
                "last_day": window.last_day.isoformat(),
                "openings": [
                    {"opens": one.opens.isoformat(), "closes": one.closes.isoformat()}
                    for one in window.openings
                ],
                "rule": window.citation.value.get(lang),
                "mark": window.citation.mark.value,
                "dates_mark": window.citation.dates_mark.value,
                "sources": [source.describe(lang) for source in window.sources],
            }
            for window in found
        ],
        "unknown": [fault_to_plain(fault, lang) for fault in found.unknown],
    }


command = Command(
    "calendar",
    text=_TEXT,
    callback=_run,
    params=[
        Argument(["region"], text=_REGION, type=REGION),
        Option(["--month"], text=_MONTH, type=MONTH, required=True),
        Option(["--ics"], text=_ICS, type=NEW_FILE),
        Option(
            ["--overlay"],
            text=_OVERLAY,
            type=FILE,
        ),
        Option(["--json", "as_json"], text=_JSON, is_flag=True),
    ],
)
