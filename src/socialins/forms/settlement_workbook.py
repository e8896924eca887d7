"""Settlements out: a `Settlement` (结算, 核定) as the workbook that a unit files and signs off.

Three sheets: a summary that fits on the desk, a row for each person, and every amount with what it
rests on. Totals stand in digits and in Chinese capitals; what is provisional or unsettled is said
where the totals are.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from socialins.faults import Text, require
from socialins.forms.output import check_suffix
from socialins.forms.settlement_view import BillView
from socialins.settlement import Settlement

if TYPE_CHECKING:
    from socialins.forms.spreadsheet import WorkbookWriter

__all__ = ["write_settlement"]

# A sheet has 1 048 576 rows; the details of a large unit go on in further sheets.
_MOST_ROWS = 1_000_000

_DETAILS = Text("明细", "details")
_HEADINGS = (
    (Text("行号", "row"), 7),
    (Text("姓名", "name"), 12),
    (Text("证件号码", "id_number"), 21),
    (Text("险种", "insurance"), 14),
    (Text("品目", "item"), 16),
    (Text("缴费主体", "payer"), 9),
    (Text("费款所属期", "period"), 11),
    (Text("类型", "kind"), 10),
    (Text("申报工资", "wage"), 13),
    (Text("缴费基数", "base"), 13),
    (Text("费率", "rate"), 9),
    (Text("定额", "fixed"), 10),
    (Text("应缴额", "amount"), 13),
    (Text("暂定", "provisional"), 11),
    (Text("依据", "documents"), 44),
)


def write_settlement(
    bill: Settlement,
    path: str | Path,
    lang: str = "zh",
    *,
    details: bool = True,
) -> None:
    """Write a settlement as a workbook.

    The same settlement gives the same bytes.

    Arguments:
        bill: the settlement.
        path: where; a name that ends in ``.xlsx``.
        lang: language of headings, words and explanations, ``"zh"`` or ``"en"``.
        details: whether to write every amount with its documents, by far the longest part.

    Raises:
        FormError: for another ending.
        MissingExtra: if the extra ``xlsx`` is not installed.
    """
    path = Path(path)
    check_suffix(path, ".xlsx")
    require("openpyxl", "xlsx")
    from socialins.forms.settlement_persons import write_persons
    from socialins.forms.settlement_summary import title_of, write_summary
    from socialins.forms.spreadsheet import WorkbookWriter

    view = BillView.of(bill, lang)
    with WorkbookWriter(title_of(bill, lang), bill.month) as book:
        write_summary(book, view)
        write_persons(book, view)
        if details:
            _write_details(book, view)
        book.save(path)


def _write_details(book: WorkbookWriter, view: BillView) -> None:
    from socialins.forms.spreadsheet import Look

    lang = view.lang
    number = 0
    sheet = None
    for one in view.bill.contributions:
        if sheet is None or sheet.rows >= _MOST_ROWS:
            number += 1
            name = _DETAILS.get(lang) + (f" {number}" if number > 1 else "")
            sheet = book.sheet(name, [width for _, width in _HEADINGS], repeat="1:1", freeze="D2")
            sheet.row([heading.get(lang) for heading, _ in _HEADINGS], Look.HEADING)
        person = one.person
        sheet.row(
            [
                one.row,
                person.name if person else view.whole_account,
                person.document.number if person else "",
                one.line.title.get(lang),
                one.line.item_title.get(lang),
                one.payer.title(lang),
                str(one.period),
                one.kind.title(lang),
                one.wage,
                one.base,
                one.rate,
                one.fixed or None,
                one.amount,
                view.provisional(one),
                view.documents(one),
            ]
        )
