"""`socialins check`: what to know of a roster before the month is settled and filed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import attrs
import click
from rich.console import Console

from socialins.calendar import SHANGHAI, DueItem, RetirementReminder, Window
from socialins.cli.checkup import Bounded, Checkup, Edge, check_up
from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import DAY, FILE
from socialins.cli.request import ASKED, Request
from socialins.cli.screen import (
    Column,
    heading,
    make_console,
    print_trimmed,
    say,
    shown,
    table,
    tell_faults,
)
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text(
    "结算和申报之前检查花名册：证件、重复、基数上下限、退休、缺少的标准、申报期和待办业务。",
    "Check a roster before settling and filing: identity, duplicates, bounds that are met, "
    "retirement, figures that are not known, windows, and what is due.",
)
_BEFORE = Text(
    "上月的花名册；据此列出待办业务。", "Last month's roster; with it, what is due is listed."
)
_TODAY = Text(
    "以这一天为今天；默认为当天（中国）。", "Take this day for today; by default it is, in China."
)

_PERSONS = Text("{count} 人", "{count} persons")
_WHEN = Text("今天 {day}", "today {day}")
_BOUNDS = Text("达到基数上下限的人员", "Wages that meet a floor or a cap")
_NO_BOUNDS = Text("没有人达到基数上下限。", "No wage meets a floor or a cap.")
_BOUND_COLUMNS = (
    Column(Text("行", "Row"), number=True),
    Column(Text("姓名", "Name"), whole=True),
    Column(Text("申报工资", "Wage"), number=True),
    Column(Text("下限", "Floor")),
    Column(Text("上限", "Cap")),
)
_RETIREMENT = Text("退休提醒", "Retirement")
_RETIREMENT_COLUMNS = (
    Column(Text("行", "Row"), number=True),
    Column(Text("姓名", "Name"), whole=True),
    Column(Text("提醒", "Reminder")),
    Column(Text("法定退休年月", "Statutory month")),
    Column(Text("可选择的年月", "May be chosen")),
)
_NO_RETIREMENT = Text(
    "六个月内没有人达到法定退休年龄。", "Nobody reaches the statutory retirement age in six months."
)
_MAYBE = Text("可能{status}（退休类别未知）", "maybe {status} (the category is not known)")
_NO_BIRTH = Text(
    "{count} 人的出生日期、性别或适用规定未知，未作提醒。",
    "Of {count} persons birth, sex or rule is not known; nothing is said of them.",
)
_MISSING = Text("缺少的标准：按严格方式不能结算", "Not known: strict settling stops here")
_OPEN = Text("现在可以申报", "Open now")
_NOT_OPEN = Text("没有正在申报期内的业务。", "No window is open.")
_WINDOW_COLUMNS = (
    Column(Text("业务", "Business")),
    Column(Text("险种", "Insurance")),
    Column(Text("最后一天", "Last day"), whole=True),
)
_DUE = Text("待办业务", "What is due")
_NOTHING_DUE = Text("与上月相比没有变化。", "Nothing changed since last month.")
_DOUBT = Text(
    "有问题的行不计在内，看起来像减员：更正后再看。",
    "Rows that are wrong don't count, and look like leavers: correct them first.",
)
_DUE_COLUMNS = (
    Column(Text("业务", "Business")),
    Column(Text("人员", "Persons")),
    Column(Text("状态", "Status")),
    Column(Text("最后一天", "Last day"), whole=True),
    Column(Text("材料", "Papers")),
    Column(Text("前提", "Before that")),
)
_WRONG = Text("发现的问题", "What is wrong")
_RIGHT = Text("没有发现问题。", "Nothing is wrong.")


def _run(before: Path | None, today: date | None, as_json: bool, **asked: Any) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    request = Request.gather(**asked)
    earlier = None
    if before is not None:
        earlier = attrs.evolve(request, roster=before, month=request.month - 1)
    found = check_up(request, earlier, today or datetime.now(SHANGHAI).date(), lang)
    if as_json:
        print_json(found.to_plain(lang))
    else:
        _tell(make_console(), found, lang)
    ctx.exit(0 if found.clean else 1)


def _tell(console: Console, found: Checkup, lang: str) -> None:
    request = found.request
    month = str(request.month) if lang == "en" else f"{request.month:zh}"
    parts = [f"{request.region.name.get(lang)} {request.region.code}", month]
    if found.roster is not None:
        parts.append(_PERSONS.get(lang).format(count=len(found.roster)))
    parts.append(_WHEN.get(lang).format(day=found.today))
    say(console, shown((", " if lang == "en" else "，").join(parts)), "bold")
    if found.roster is not None:
        heading(console, _BOUNDS.get(lang))
        _rows(console, _BOUND_COLUMNS, _bounds(found, lang), _NO_BOUNDS, lang)
    if (retirement := found.retirement) is not None:
        heading(console, _RETIREMENT.get(lang))
        rows = [_reminder(one, lang) for one in retirement]
        _rows(console, _RETIREMENT_COLUMNS, rows, _NO_RETIREMENT, lang)
        if retirement.unknown:
            say(console, _NO_BIRTH.get(lang).format(count=len(retirement.unknown)))
    if found.missing:
        heading(console, _MISSING.get(lang))
        tell_faults(console, found.missing, lang)
    windows = [_window(found, one, lang) for one in found.calendar if found.is_open(one)]
    heading(console, _OPEN.get(lang))
    _rows(console, _WINDOW_COLUMNS, windows, _NOT_OPEN, lang)
    if found.due is not None:
        heading(console, _DUE.get(lang))
        if any(fault.is_error for fault in found.faults):
            say(console, _DOUBT.get(lang), "yellow")
        due = [_due(item, lang) for item in found.due]
        _rows(console, _DUE_COLUMNS, due, _NOTHING_DUE, lang)
    heading(console, _WRONG.get(lang))
    if found.faults:
        ordered = sorted(found.faults, key=lambda fault: (not fault.is_error, fault.place.row or 0))
        tell_faults(console, ordered, lang)
    else:
        say(console, _RIGHT.get(lang))


def _rows(
    console: Console,
    columns: tuple[Column, ...],
    rows: list[list[object]],
    nothing: Text,
    lang: str,
) -> None:
    if rows:
        print_trimmed(console, table(columns, rows, lang))
    else:
        say(console, nothing.get(lang))


def _bounds(found: Checkup, lang: str) -> list[list[object]]:
    return [
        [
            one.entry.row or "",
            one.entry.person.name,
            f"{one.entry.wage.amount:,}",
            tuple(_edges(one, Edge.FLOOR, lang)),
            tuple(_edges(one, Edge.CAP, lang)),
        ]
        for one in found.bounded
    ]


def _edges(one: Bounded, edge: Edge, lang: str) -> Iterator[str]:
    """The bounds a person meets, insurances that share one in one line."""
    titles: dict[str, list[str]] = {}
    for touched in one.touched:
        if touched.edge is edge:
            titles.setdefault(f"{touched.bound:,}", []).append(touched.title.get(lang))
    comma = ", " if lang == "en" else "、"
    for bound, listed in titles.items():
        yield f"{bound} {comma.join(listed)}"


def _reminder(one: RetirementReminder, lang: str) -> list[object]:
    status = one.status.title(lang)
    if not one.certain:
        status = _MAYBE.get(lang).format(status=status)
    months: tuple[str, ...] = tuple(str(each.month) for each in one.dates)
    if not one.certain:
        months = tuple(f"{each.month} {each.category.title(lang)}" for each in one.dates)
    chosen = tuple(f"{each.earliest}..{each.latest}" for each in one.dates)
    return [one.row or "", one.person.name, status, months, chosen]


def _window(found: Checkup, window: Window, lang: str) -> list[object]:
    cascade = found.request.region.cascade
    insurance = cascade.title(window.insurance).get(lang) if window.insurance else ""
    return [f"{window.title.get(lang)} {window.business}", insurance, window.last_day]


def _due(item: DueItem, lang: str) -> list[object]:
    comma = ", " if lang == "en" else "、"
    return [
        f"{item.title.get(lang)} {item.business}",
        comma.join(person.name for person in item.persons),
        item.status.title(lang),
        item.last_day or "",
        tuple(text.get(lang) for text in item.materials),
        tuple(text.get(lang) for text in item.prerequisites),
    ]


command = Command(
    "check",
    text=_TEXT,
    params=[
        *ASKED,
        Option(["--before"], type=FILE, text=_BEFORE),
        Option(["--today"], type=DAY, text=_TODAY),
    ],
    callback=_run,
)
"""The command."""
