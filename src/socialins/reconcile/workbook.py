"""A reconciliation as a workbook: summary, missing, extra, and differing with the cells marked.

What differs is filled, and carries a comment with both sides and the likely cause. Text from the
exports is written as text, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from socialins.faults import Text, require
from socialins.forms.looks import Look, Value
from socialins.forms.output import check_suffix
from socialins.reconcile.finding import Finding, FindingKind, Side
from socialins.reconcile.result import Compare, Reconciliation
from socialins.reconcile.telling import FIELD_TITLES, KIND_TITLES

if TYPE_CHECKING:
    from socialins.forms.spreadsheet import SheetWriter, WorkbookWriter

__all__ = ["MOST_COMMENTS", "write_reconciliation"]

MOST_COMMENTS = 5_000
"""Comments that are written at most: each is a drawing, and the columns say the same."""

# A sheet has 1 048 576 rows.
_MOST_ROWS = 1_000_000
_TITLE = Text("对账 {region} {month}", "Reconciliation {region} {month}")
_SUMMARY = Text("汇总", "summary")
_SHEETS = {
    FindingKind.MISSING: Text("明细缺少", "missing"),
    FindingKind.EXTRA: Text("明细多出", "extra"),
    FindingKind.DIFFERING: Text("不一致", "differing"),
}
_OURS, _THEIRS = Text("账单", "bill"), Text("明细", "export")
_GAP = Text("相差", "difference")
_TOTAL = Text("合计", "total")
_ASIDE = Text("未能比较", "not compared")
_EQUAL = Text("一致的项", "equal")
_FAULTS = Text("发现的问题", "what is wrong")
_FAULT_HEADS = (Text("位置", "place"), Text("问题", "problem"), Text("办法", "what to do"))
_HEADS: tuple[tuple[Text, float], ...] = (
    (Text("姓名", "name"), 12),
    (Text("证件号码", "id_number"), 21),
    (Text("人员编号", "person_number"), 14),
    (Text("险种", "insurance"), 18),
    (Text("缴费主体", "payer"), 9),
)
_TAIL: tuple[tuple[Text, float], ...] = (
    (_GAP, 13),
    (Text("可能的原因", "likely cause"), 18),
    (Text("依据", "why"), 60),
    (Text("名册行号", "roster row"), 9),
    (Text("明细文件", "file"), 24),
    (Text("工作表", "sheet"), 12),
    (Text("行号", "row"), 8),
)


def write_reconciliation(result: Reconciliation, path: str | Path, lang: str = "zh") -> None:
    """Write a reconciliation as a workbook; the same one gives the same bytes.

    Arguments:
        result: the reconciliation.
        path: where; a name that ends in ``.xlsx``.
        lang: ``"zh"`` or ``"en"``.

    Raises:
        FormError: for another ending.
        MissingExtra: if the extra ``xlsx`` is not installed.
    """
    path = Path(path)
    check_suffix(path, ".xlsx")
    require("openpyxl", "xlsx")
    from socialins.forms.spreadsheet import WorkbookWriter

    title = _TITLE.get(lang).format(region=result.region.name.get(lang), month=result.month)
    with WorkbookWriter(title, result.month) as book:
        _write_summary(book, result, title, lang)
        for kind in FindingKind:
            _write_findings(book, result, kind, lang)
        book.save(path)


def _write_summary(book: WorkbookWriter, result: Reconciliation, title: str, lang: str) -> None:
    sheet = book.sheet(_SUMMARY.get(lang), [30, 40, 40, 15, 15])
    sheet.row([title], Look.TITLE)
    sheet.row()
    heads = (_HEADS[3][0], _HEADS[4][0], _OURS, _THEIRS, _GAP)
    sheet.row([one.get(lang) for one in heads], Look.HEADING)
    for (insurance, payer), both in result.totals.items():
        name = result.titles.get(insurance, Text(insurance, insurance)).get(lang)
        look = Look.MARKED if both.difference else Look.BODY
        amounts = [(one, look) for one in _amounts(both)]
        sheet.cells([(name, Look.BODY), (payer.title(lang), Look.BODY), *amounts])
    sheet.row([_TOTAL.get(lang), None, *_amounts(result.total)], Look.TOTAL)
    if result.aside.ours or result.aside.theirs:
        sheet.row([_ASIDE.get(lang), None, *_amounts(result.aside)])
    sheet.row()
    sheet.row([_EQUAL.get(lang), result.equal])
    for kind, name_of in KIND_TITLES.items():
        sheet.row([name_of.get(lang), sum(one.kind is kind for one in result.findings)])
    if result.faults:
        sheet.row()
        sheet.row([_FAULTS.get(lang)], Look.TITLE)
        sheet.row([one.get(lang) for one in _FAULT_HEADS], Look.HEADING)
        for fault in result.faults:
            sheet.row([fault.place.describe(lang), fault.message(lang), fault.remedy(lang)])


def _amounts(both: Compare) -> list[Value]:
    return [both.ours, both.theirs, both.difference]


def _write_findings(
    book: WorkbookWriter, result: Reconciliation, kind: FindingKind, lang: str
) -> None:
    pairs = kind is FindingKind.DIFFERING
    heads = [*_HEADS]
    for title in FIELD_TITLES.values():
        for side in (_OURS, _THEIRS) if pairs else (None,):
            said = f" ({side.get(lang)})" if side else ""
            heads.append((Text(f"{title.zh}{said}", f"{title.en}{said}"), 12))
    heads += _TAIL
    sheet = None
    number = comments = 0
    for one in (each for each in result.findings if each.kind is kind):
        if sheet is None or sheet.rows >= _MOST_ROWS:
            number += 1
            sheet = _sheet(book, kind, heads, number, lang)
        cells = [(value, Look.BODY) for value in _whose(result, one, lang)]
        notes: dict[int, str] = {}
        for field in FIELD_TITLES:
            marked = field in one.fields
            sides = (one.ours, one.theirs) if pairs else (one.ours or one.theirs,)
            look = Look.MARKED if marked else Look.BODY
            cells += [(_value(side, field), look) for side in sides]
            if marked and comments < MOST_COMMENTS:
                comments += 1
                notes[len(cells) - 1] = _note(one, field, lang)
        cells += [(value, Look.BODY) for value in _tail(one, lang)]
        sheet.cells(cells, notes)
    if sheet is None:
        _sheet(book, kind, heads, 1, lang)


def _sheet(
    book: WorkbookWriter,
    kind: FindingKind,
    heads: Iterable[tuple[Text, float]],
    number: int,
    lang: str,
) -> SheetWriter:
    name = _SHEETS[kind].get(lang) + (f" {number}" if number > 1 else "")
    heads = list(heads)
    sheet = book.sheet(name, [width for _, width in heads], repeat="1:1", freeze="C2")
    sheet.row([head.get(lang) for head, _ in heads], Look.HEADING)
    return sheet


def _whose(result: Reconciliation, one: Finding, lang: str) -> list[Value]:
    who = one.who
    return [
        who.name,
        who.number,
        who.staff or None,
        result.title_of(one).get(lang),
        one.payer.title(lang),
    ]


def _tail(one: Finding, lang: str) -> list[Value]:
    place = one.place
    ours = one.ours.rows if one.ours else ()
    return [
        one.difference,
        one.cause.title(lang),
        one.why.get(lang),
        ours[0] if ours else None,
        Path(place.file).name if place and place.file else None,
        place.sheet if place else None,
        place.row if place else None,
    ]


def _value(side: Side | None, field: str) -> Value:
    value: Value = getattr(side, field) if side is not None else None
    return value


def _note(one: Finding, field: str, lang: str) -> str:
    """The comment on a cell: both sides, and the likely cause."""
    colon = ": " if lang == "en" else "："
    sides = [
        f"{title.get(lang)}{colon}{_shown(side, field)}"
        for title, side in ((_OURS, one.ours), (_THEIRS, one.theirs))
    ]
    cause = f"{_TAIL[1][0].get(lang)}{colon}{one.cause.title(lang)}"
    return "\n".join([*sides, cause, one.why.get(lang)])


def _shown(side: Side | None, field: str) -> str:
    value = _value(side, field)
    return "—" if value is None else str(value)
