"""Payments from a file: what a certificate is made of, where payments are kept in a list.

Three columns, in any order, named in either language: order 缴款单号, day 缴款日期, amount 金额; a
fourth, month 费款所属期, where a payment is for another month than that of its day.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from socialins.faults import Fault, Place
from socialins.forms.amounts import read_amount
from socialins.forms.days import read_day, read_month
from socialins.forms.errors import FormError
from socialins.forms.opening import open_book
from socialins.forms.plaintext import fold, is_blank, trim
from socialins.forms.sheets import CellValue, Limits, Row
from socialins.notices.payments import PaymentFact

__all__ = ["read_payments"]

_COLUMNS = {
    "order": ("order", "缴款单号", "缴款单", "凭证号"),
    "day": ("day", "date", "缴款日期", "日期"),
    "amount": ("amount", "paid", "金额", "缴款金额"),
    "month": ("month", "period", "费款所属期", "所属期", "月份"),
}
_NEEDED = ("order", "day", "amount")
_KNOWN = {fold(name): field for field, names in _COLUMNS.items() for name in names}


def read_payments(path: str | Path) -> tuple[PaymentFact, ...]:
    """Read payments from a csv file or a workbook.

    Arguments:
        path: the file; its first sheet is read.

    Raises:
        FormError: if it can't be read; with every row that is wrong, as a certificate that lacks a
            payment would be a false one.
    """
    path = Path(path)
    limits = Limits()
    book = open_book(path, limits, frozenset(_KNOWN))
    try:
        # A workbook may have none but sheets of charts.
        rows = [row for sheet in book.sheets[:1] for row in islice(sheet.rows(), limits.rows + 1)]
    finally:
        book.close()
    if len(rows) > limits.rows:
        values = {"most": str(limits.rows)}
        raise FormError(Fault("form.file.rows", values, Place(file=str(path))))
    if not rows:
        raise FormError(Fault("form.file.empty", place=Place(file=str(path))))
    columns = {
        _KNOWN[fold(str(value))]: column
        for column, value in rows[0].cells.items()
        if fold(str(value)) in _KNOWN
    }
    lacking = [_COLUMNS[field][1] for field in _NEEDED if field not in columns]
    if lacking:
        values = {"reason": "、".join(lacking)}
        place = Place(file=str(path), row=rows[0].number)
        raise FormError(Fault("notice.payment.columns", values, place))
    found: list[PaymentFact] = []
    faults: list[Fault] = []
    for row in rows[1:]:
        if all(is_blank(value) for value in row.cells.values()):
            continue
        read = _payment(row, columns)
        if isinstance(read, Fault):
            faults.append(read.at(Place(file=str(path), row=row.number)))
        else:
            found.append(read)
    if faults:
        raise FormError(faults[0], faults[1:])
    return tuple(found)


def _payment(row: Row, columns: dict[str, int]) -> PaymentFact | Fault:
    def cell(field: str) -> CellValue:
        return row.cells.get(columns[field]) if field in columns else None

    day = read_day(cell("day"))
    if isinstance(day, Fault):
        return day.at(Place(field="day"))
    amount = read_amount(cell("amount"))
    if isinstance(amount, Fault):
        return amount.at(Place(field="amount"))
    if is_blank(cell("order")):
        return Fault("notice.payment.order", place=Place(field="order"))
    order = trim(str(cell("order")))
    if is_blank(cell("month")):
        return PaymentFact(order, day, amount)
    month = read_month(cell("month"))
    if isinstance(month, Fault):
        return month.at(Place(field="month"))
    return PaymentFact(order, day, amount, month)
