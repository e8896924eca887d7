"""Rows of an export: the cells of a person → a `DetailRow`, and every problem with its place.

What a row doesn't say of itself comes from the titles of its table, or from the caller; where these
contradict each other, or say nothing, it is a fault, and the row's person is set aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.amounts import read_amount
from socialins.forms.days import read_month
from socialins.forms.header import Table
from socialins.forms.plaintext import excerpt, is_blank, trim
from socialins.forms.sheets import CellValue, ErrorCell, NoResult, Row
from socialins.reconcile.detail import DetailRow, DetailTable, bare_number
from socialins.reconcile.exportfile import DetailLayout
from socialins.reconcile.rates import RateUnit, read_detail_rate, settle_rates
from socialins.reconcile.subject import Meaning, Subject, Words
from socialins.reconcile.totals import SUMMED, Totals
from socialins.values import Money, Month, Rate

__all__ = ["RowReader"]

_Amount: TypeAlias = Literal["wage", "base", "due", "relief", "payable"]
_AMOUNTS: tuple[_Amount, ...] = ("wage", "base", "due", "relief", "payable")
_SAID = ("insurance", "item", "sub_item", "payer")
# Numbers below it keep all their digits in a spreadsheet.
_EXACT = 10**15


@attrs.define
class RowReader:
    """Reads the rows of one table.

    Arguments:
        table: the table.
        layout: its layout.
        words: what words mean.
        said: what the caller said of the file.
        hints: what its titles say.
    """

    table: Table
    layout: DetailLayout
    words: Words
    said: Subject
    hints: list[Meaning]
    rows: list[DetailRow] = attrs.field(factory=list)
    faults: list[Fault] = attrs.field(factory=list)
    count: int = 0
    totals: Totals = attrs.field(factory=Totals)
    _subjects: dict[tuple[str, ...], Subject | Fault] = attrs.field(factory=dict)
    _unclear: defaultdict[tuple[str, ...], list[int]] = attrs.field(
        factory=lambda: defaultdict(list)
    )
    _amounts: dict[Any, Money | Fault] = attrs.field(factory=dict)
    _rates: dict[Any, tuple[Rate, bool] | Fault] = attrs.field(factory=dict)

    def take(self, row: Row) -> None:
        """Read a row: a person's, one of totals, or a blank one."""
        cells = {
            field: value
            for field, index in self.table.columns.items()
            if not is_blank(value := row.cells.get(index))
        }
        if not cells or cells.keys() == {"serial"}:
            return
        label = self._label(cells, row)
        if label == "total":
            self._take_total(cells, row)
        if label:
            return
        self.count += 1
        read = self._read(cells, row)
        self.totals.add(read)
        self.rows.append(read)

    def _label(self, cells: dict[str, CellValue], row: Row) -> str | None:
        if "id_number" in cells or "person_number" in cells:
            return None
        labels = [cells["name"]] if "name" in cells else row.cells.values()
        texts = [one for one in labels if isinstance(one, str)]
        if any(map(self.layout.totals.passes_over, texts)):
            return "total"
        return "subtotal" if any(map(self.layout.subtotals.passes_over, texts)) else None

    def _read(self, cells: dict[str, CellValue], row: Row) -> DetailRow:
        wrong: list[Fault] = []
        amounts = {field: self._amount(field, cells, row, wrong) for field in _AMOUNTS}
        if amounts["due"] is None and amounts["payable"] is None and not wrong:
            wrong.append(Fault("reconcile.amount-missing", {}, self._place(row, "due")))
        rate, bare = self._rate(cells, row, wrong)
        number, name, staff = (
            self._text(field, cells, row, wrong) for field in ("id_number", "name", "person_number")
        )
        number = bare_number(number)
        if not (number or name or staff):
            wrong.append(Fault("reconcile.person-missing", {}, self._place(row, "name")))
        subject = self._subject(cells, row)
        period = self._period(cells, row, wrong)
        self.faults += wrong
        return DetailRow(
            table=self.table.place,
            row=row.number,
            name=name,
            number=number,
            staff=staff,
            subject=subject,
            period=period,
            rate=rate,
            bare=bare,
            faulty=bool(wrong),
            **amounts,
        )

    def _amount(
        self, field: _Amount, cells: dict[str, CellValue], row: Row, wrong: list[Fault]
    ) -> Money | None:
        value = cells.get(field)
        if value is None:
            return None
        key = (type(value), value)
        found = self._amounts.get(key)
        if found is None:
            found = self._read_amount(field, value)
            if len(self._amounts) < 100_000:
                self._amounts[key] = found
        if isinstance(found, Fault):
            wrong.append(found.at(self._place(row, field, value)))
            return None
        return found

    def _read_amount(self, field: str, value: CellValue) -> Money | Fault:
        if isinstance(value, ErrorCell | NoResult):
            return self._bad_cell(field, value)
        return read_amount(value)

    def _bad_cell(self, field: str, value: ErrorCell | NoResult) -> Fault:
        values: dict[str, str | Text] = {
            "what": self.layout.layout.column(field).title,
            "value": excerpt(value),
        }
        code = "form.cell.error" if isinstance(value, ErrorCell) else "form.cell.formula"
        return Fault(code, values)

    def _rate(
        self, cells: dict[str, CellValue], row: Row, wrong: list[Fault]
    ) -> tuple[Rate | None, bool]:
        value = cells.get("rate")
        if value is None:
            return None, False
        if isinstance(value, ErrorCell | NoResult):
            wrong.append(self._bad_cell("rate", value).at(self._place(row, "rate", value)))
            return None, False
        key = (type(value), value)
        found = self._rates.get(key)
        if found is None:
            found = read_detail_rate(value)
            if len(self._rates) < 1000:
                self._rates[key] = found
        if isinstance(found, Fault):
            wrong.append(found.at(self._place(row, "rate", value)))
            return None, False
        return found

    def _text(self, field: str, cells: dict[str, CellValue], row: Row, wrong: list[Fault]) -> str:
        value = cells.get(field)
        if value is None:
            return ""
        if isinstance(value, str):
            return trim(value)
        title = self.layout.layout.column(field).title
        if isinstance(value, ErrorCell | NoResult):
            wrong.append(self._bad_cell(field, value).at(self._place(row, field, value)))
        elif isinstance(value, bool) or not isinstance(value, int | float):
            shown: dict[str, str | Text] = {"what": title, "value": excerpt(value)}
            wrong.append(Fault("form.cell.not-text", shown, self._place(row, field, value)))
        elif abs(value) >= _EXACT or value != int(value):
            shown = {"what": title, "value": excerpt(value)}
            wrong.append(Fault("form.cell.precision", shown, self._place(row, field, value)))
        else:
            return str(int(value))
        return ""

    def _period(self, cells: dict[str, CellValue], row: Row, wrong: list[Fault]) -> Month | None:
        given = {
            field: cells[field]
            for field in ("period", "period_from", "period_to")
            if field in cells
        }
        if not given:
            return None
        read: list[Month] = []
        for field, value in given.items():
            month = read_month(value)
            if isinstance(month, Fault):
                wrong.append(month.at(self._place(row, field, value)))
                return None
            read.append(month)
        if len(set(read)) > 1:
            values = {"first": str(min(read)), "last": str(max(read))}
            wrong.append(Fault("reconcile.period-span", values, self._place(row, "period_from")))
            return None
        return read[0]

    def _subject(self, cells: dict[str, CellValue], row: Row) -> Subject:
        texts = tuple(trim(str(cells[field])) if field in cells else "" for field in _SAID)
        found = self._subjects.get(texts)
        if found is None:
            found = self._subjects[texts] = self._join(texts)
        if isinstance(found, Fault):
            self._unclear[texts].append(row.number)
            return Subject()
        return found

    def _join(self, texts: tuple[str, ...]) -> Subject | Fault:
        """What a row is of, by its own words, its titles, and what the caller said."""
        own: list[Meaning] = []
        for text in texts:
            meaning = self.words.read(text) if text else Meaning()
            if meaning is None:
                return Fault("reconcile.word-unknown", {"text": excerpt(text)})
            own.append(meaning)
        said = Meaning(
            frozenset({self.said.insurance} if self.said.insurance else ()),
            frozenset({self.said.payer} if self.said.payer else ()),
        )
        every = [*own, *self.hints, said]
        insurance = _one([one.insurances for one in every])
        payer = _one([one.payers for one in every])
        items = {one.item for one in own if one.item} | (
            {self.said.item} if self.said.item else set()
        )
        shown = {"text": excerpt(" ".join(filter(None, texts)) or (self.table.place.sheet or "—"))}
        if insurance is None or payer is None or len(items) > 1:
            return Fault("reconcile.contradiction", shown)
        if not insurance:
            return Fault("reconcile.insurance-unknown", shown)
        if len(insurance) > 1:
            return Fault("reconcile.insurance-ambiguous", shown)
        return Subject(next(iter(insurance)), next(iter(items), None), next(iter(payer), None))

    def _take_total(self, cells: dict[str, CellValue], row: Row) -> None:
        wrong: list[Fault] = []
        self.totals.state(
            row.number, {field: self._amount(field, cells, row, wrong) for field in SUMMED}
        )
        self.faults += wrong

    def finish(self, rate_unit: RateUnit | None) -> DetailTable:
        """The table as it was read."""
        rows, unit_unknown = settle_rates(self.rows, rate_unit)
        if unit_unknown is not None:
            place = self._place_of(unit_unknown, "rate")
            self.faults.append(Fault("reconcile.rate-unit", {}, place))
        for texts, numbers in self._unclear.items():
            fault = self._subjects[texts]
            if isinstance(fault, Fault):
                counted = {**fault.values, "count": str(len(numbers))}
                place = self._place_of(numbers[0], "insurance")
                self.faults.append(attrs.evolve(fault, values=counted, place=place))
        for row, field, ours, stated in self.totals.wrong():
            values: dict[str, str | Text] = {
                "what": self.layout.layout.column(field).title,
                "stated": f"{stated:,}",
                "sum": f"{ours:,}",
            }
            self.faults.append(Fault("reconcile.total", values, self._place_of(row, field)))
        most = self.layout.most_persons
        if most is not None and self.count == most:
            self.faults.append(Fault("reconcile.cut", {"most": str(most)}, self.table.place))
        if not self.count:
            self.faults.append(Fault("reconcile.empty", {}, self._place_of(self.table.row)))
        return DetailTable(
            place=self.table.place,
            rows=tuple(rows),
            faults=tuple(self.faults),
            subject=self._whole(),
            explicit=self.said.insurance is not None,
        )

    def _whole(self) -> Subject:
        """What the table as a whole is of, so that one without rows is known to be there."""
        found = self._join(("", "", "", ""))
        return found if isinstance(found, Subject) else Subject()

    def _place(self, row: Row, field: str | None = None, value: object = None) -> Place:
        return self.table.place_of(row.number, field, value)

    def _place_of(self, row: int, field: str | None = None) -> Place:
        return self.table.place_of(row, field)


def _one(told: Iterable[frozenset[Any]]) -> frozenset[Any] | None:
    """What all who say something agree on; None where they don't."""
    left: frozenset[Any] = frozenset()
    for one in told:
        if one:
            left = left & one if left else one
            if not left:
                return None
    return left
