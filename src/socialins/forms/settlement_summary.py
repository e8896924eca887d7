"""The summary sheet: what is owed in all, in digits and capitals, and what to know of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialins.faults import Fault, Text
from socialins.forms.looks import Look, Value
from socialins.forms.settlement_view import BillView
from socialins.model.codes import Payer
from socialins.settlement import Settlement, Unsettled
from socialins.values import Money, in_capitals

if TYPE_CHECKING:
    from socialins.forms.spreadsheet import SheetWriter, WorkbookWriter

__all__ = ["title_of", "write_summary"]

_SUMMARY = Text("汇总", "summary")
_MOST_IN_CAPITALS = 10**18

_ABOUT = {
    "region": Text("地区", "Region"),
    "month": Text("结算期", "Month"),
    "known_on": Text("规则截至", "Rules as known on"),
    "strict": Text("结算方式", "Settling"),
    "unit": Text("单位名称", "Unit"),
    "credit_code": Text("统一社会信用代码", "Credit code"),
    "number": Text("单位编号", "Account number"),
    "persons": Text("结算人数", "Persons settled"),
}
_ALL_RULES = Text("已安装的全部规则", "all that is installed")
_STRICT = Text("严格：任何数值未知即停止", "strict: anything unknown stops it")
_LENIENT = Text("宽松：未知的部分列在下面", "lenient: what is unknown is listed below")
_TOTALS = (
    Text("险种", "Insurance"),
    Text("单位应缴", "Unit"),
    Text("个人应缴", "Persons"),
    Text("合计", "Total"),
    Text("备注", "Remarks"),
)
_TOTAL = Text("合计", "Total")
_CAPITALS = (
    Text("单位应缴合计", "Unit's share"),
    Text("个人应缴合计", "Persons' share"),
    Text("应缴总计", "Total"),
)
_PROVISIONAL_TITLE = Text("暂定的数值", "Provisional figures")
_PROVISIONAL = (
    Text("险种", "Insurance"),
    Text("数值", "Figure"),
    Text("适用月份", "Months"),
    Text("状态", "Status"),
)
_UNSETTLED_TITLE = Text("未结算", "Unsettled")
_UNSETTLED = (
    Text("险种", "Insurance"),
    Text("缴费主体", "Payer"),
    Text("人数", "Persons"),
    Text("原因", "Reason"),
    Text("处理办法", "Remedy"),
)
_FAULTS_TITLE = Text("提示", "Faults")
_FAULTS = (
    Text("级别", "Severity"),
    Text("位置", "Place"),
    Text("值", "Value"),
    Text("问题", "Problem"),
    Text("处理办法", "Remedy"),
    Text("代码", "Code"),
)
_SEVERITIES = {"error": Text("错误", "error"), "warning": Text("警告", "warning")}
_SOURCES_TITLE = Text("依据的文件", "Documents")
_SOURCES = (
    Text("序号", "No."),
    Text("文件", "Document"),
    Text("证实程度", "Mark"),
    Text("见于", "Seen"),
)
_PROVISIONAL_MARK = Text("含暂定数值", "provisional figures")
_UNSETTLED_MARK = Text("有未结算部分", "partly unsettled")


def title_of(bill: Settlement, lang: str) -> str:
    """The title of the workbook."""
    region = bill.region.name.get(lang)
    if lang == "en":
        return f"{region}: social insurance settlement for {bill.month}"
    return f"{region} {bill.month:zh} 社会保险费结算单"


def write_summary(book: WorkbookWriter, view: BillView) -> None:
    """Write the sheet."""
    sheet = book.sheet(_SUMMARY.get(view.lang), [24, 30, 22, 44, 50, 26])
    sheet.row([title_of(view.bill, view.lang)], Look.TITLE)
    sheet.row()
    for about, value in _about(view.bill, view.lang):
        sheet.row([about, value])
    sheet.row()
    _write_totals(sheet, view)
    _table(sheet, view.lang, _PROVISIONAL_TITLE, _PROVISIONAL, _provisional(view))
    _table(sheet, view.lang, _UNSETTLED_TITLE, _UNSETTLED, _unsettled(view))
    faults = (_fault(fault, view.lang) for fault in view.bill.faults)
    _table(sheet, view.lang, _FAULTS_TITLE, _FAULTS, faults)
    _table(sheet, view.lang, _SOURCES_TITLE, _SOURCES, _sources(view))


def _about(bill: Settlement, lang: str) -> Iterator[tuple[str, Value]]:
    account = bill.account
    values: dict[str, Value] = {
        "region": f"{bill.region.name.get(lang)} ({bill.division})",
        "month": f"{bill.month:zh}" if lang == "zh" else str(bill.month),
        "known_on": bill.known_on.isoformat() if bill.known_on else _ALL_RULES.get(lang),
        "strict": (_STRICT if bill.strict else _LENIENT).get(lang),
        "unit": account.unit.name if account else None,
        "credit_code": str(account.unit.credit_code or "") if account else None,
        "number": account.number if account else None,
        "persons": bill.persons,
    }
    for key, value in values.items():
        if value not in (None, ""):
            yield _ABOUT[key].get(lang), value


def _write_totals(sheet: SheetWriter, view: BillView) -> None:
    bill, lang = view.bill, view.lang
    sheet.row([heading.get(lang) for heading in _TOTALS], Look.HEADING)
    provisional = {one for found in view.provisional_figures.values() for one in found}
    unsettled = {gap.insurance for gap in bill.unsettled}
    for insurance in view.titles:
        owed = [bill.totals.get((insurance, payer)) for payer in (Payer.UNIT, Payer.PERSON)]
        marks = []
        if insurance in provisional:
            marks.append(_PROVISIONAL_MARK.get(lang))
        if insurance in unsettled:
            marks.append(_UNSETTLED_MARK.get(lang))
        total = Money.sum(amount for amount in owed if amount is not None)
        known = any(amount is not None for amount in owed)
        remark = ("; " if lang == "en" else "；").join(marks)
        sheet.row([view.title(insurance), *owed, total if known else None, remark])
    totals = (bill.unit_total, bill.person_total, bill.total)
    sheet.row([_TOTAL.get(lang), *totals, None], Look.TOTAL)
    sheet.row()
    for heading, amount in zip(_CAPITALS, totals, strict=True):
        sheet.row([heading.get(lang), amount, None, _capitals(amount)], Look.TOTAL)


def _capitals(amount: Money) -> str:
    return in_capitals(amount) if abs(amount.fen) < _MOST_IN_CAPITALS else ""


def _table(
    sheet: SheetWriter,
    lang: str,
    title: Text,
    headings: tuple[Text, ...],
    rows: Iterator[list[Value]],
) -> None:
    """A table with its title; nothing at all when it has no rows."""
    first = next(rows, None)
    if first is None:
        return
    sheet.row()
    sheet.row([title.get(lang)], Look.TITLE)
    sheet.row([heading.get(lang) for heading in headings], Look.HEADING)
    sheet.row(first)
    for row in rows:
        sheet.row(row)


def _provisional(view: BillView) -> Iterator[list[Value]]:
    lang = view.lang
    for citation, insurances in view.provisional_figures.items():
        titles = ", ".join(view.title(insurance) for insurance in insurances)
        figure = citation.value.get(lang)
        yield [titles, figure, str(citation.span), citation.status.title(lang)]


def _unsettled(view: BillView) -> Iterator[list[Value]]:
    groups: dict[tuple[str, str, str, str], list[Unsettled]] = {}
    lang = view.lang
    for gap in view.bill.unsettled:
        key = (gap.insurance, gap.payer, gap.reason(lang), gap.fault.remedy(lang))
        groups.setdefault(key, []).append(gap)
    for (insurance, payer, reason, remedy), gaps in groups.items():
        persons = len({gap.person.key for gap in gaps if gap.person is not None})
        yield [view.title(insurance), Payer(payer).title(lang), persons, reason, remedy]


def _fault(fault: Fault, lang: str) -> list[Value]:
    return [
        _SEVERITIES[fault.severity].get(lang),
        fault.place.describe(lang),
        fault.place.value,
        fault.message(lang),
        fault.remedy(lang),
        fault.code,
    ]


def _sources(view: BillView) -> Iterator[list[Value]]:
    for source, number in view.sources.items():
        marks = [f"{mark} {mark.title(view.lang)}" for mark in sorted(view.marks[source])]
        yield [f"[{number}]", source.describe(view.lang), ", ".join(marks), source.seen]
