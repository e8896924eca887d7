"""A made-up unit, its bill, and the exports that a bureau's client would make of it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from openpyxl import Workbook
from stdnum.cn.ric import calc_check_digit

import socialins as si
from socialins.testing.middle import middle

# fmt: off
TIANJIN = [
    "序号", "姓名", "证件类型", "证件号码", "缴费工资", "缴费基数", "费率", "应缴费额", "人员编号",
]
SHANGHAI = [*TIANJIN[:8], "减免费额", "应补(退)费额", "人员编号"]
# fmt: on
"""The headings that were seen; neither says of which insurance a row is."""

SAYING = [*SHANGHAI, "征收项目", "征收品目"]
MONTH = si.Month(2026, 11)


def number(sequence: int) -> str:
    """A made-up resident number."""
    digits = f"110105199{sequence // 1000:01}0307{sequence % 1000:03}"
    return digits + calc_check_digit(f"{digits}0")


def entry(sequence: int, wage: str = "8000", **terms: Any) -> si.RosterEntry:
    """A made-up person of a roster."""
    person = si.InsuredPerson(f"某{sequence}", si.IdDocument("resident-id", number(sequence)))
    terms.setdefault("injury_rate", si.Rate("0.2%"))
    return si.RosterEntry(person, si.DeclaredWage(si.Money.yuan(wage)), row=sequence + 1, **terms)


def bill_of(*entries: si.RosterEntry, month: si.Month = MONTH, **how: Any) -> si.Settlement:
    """The bill of some persons, in the fictional region."""
    return middle().settle(si.Roster(month, entries), **how)


@attrs.define
class Line:
    """A row that the client would export."""

    name: str
    number: str
    insurance: str
    payer: si.Payer
    wage: si.Money
    base: si.Money
    rate: si.Rate
    due: si.Money
    title: str
    relief: si.Money = si.Money(0)
    credit: si.Money = si.Money(0)
    staff: str = ""
    item: str | None = None
    period: str = ""

    @property
    def key(self) -> tuple[str, str, si.Payer]:
        return self.number, self.insurance, self.payer

    @property
    def payable(self) -> si.Money:
        return self.due - self.relief - self.credit

    def cells(self) -> dict[str, str]:
        payer = {"unit": "单位缴纳", "person": "个人缴纳"}[self.payer.value]
        return {
            "姓名": self.name,
            "证件类型": "居民身份证",
            "证件号码": self.number,
            "缴费工资": str(self.wage),
            "缴费基数": str(self.base),
            "费率": self.rate.decimal(),
            "应缴费额": str(self.due),
            "减免费额": str(self.relief),
            "应补(退)费额": str(self.payable),
            "人员编号": self.staff,
            "征收项目": f"{self.title}费",
            "征收品目": f"{self.item or self.title}（{payer}）",
            "费款所属期": self.period,
        }


def lines_of(bill: si.Settlement, *, items: bool = False) -> list[Line]:
    """What an export of a bill would have: a line per person, insurance and payer, or per item."""
    found = []
    for (whose, insurance, payer, _), group in groupby(
        bill.contributions,
        key=lambda one: (one.person, one.insurance, one.payer, one.item if items else None),
    ):
        some = list(group)
        first = some[0]
        if whose is None:
            continue
        found.append(
            Line(
                name=whose.name,
                number=whose.document.number,
                insurance=insurance,
                payer=payer,
                wage=first.wage,
                base=first.base,
                rate=sum((one.rate for one in some), si.Rate(0)),
                due=si.Money.sum(one.amount for one in some),
                title=first.line.title.zh,
                item=first.line.item_title.zh if items else None,
            )
        )
    return found


def table_of(
    lines: Iterable[Line], headings: Sequence[str], *, total: bool = False
) -> list[list[str]]:
    """A table with headings, and maybe its row of totals."""
    lines = list(lines)
    rows = [list(headings)]
    for serial, line in enumerate(lines, start=1):
        cells = {"序号": str(serial), **line.cells()}
        rows.append([cells[heading] for heading in headings])
    if total:
        sums = {
            "序号": "合计",
            "应缴费额": str(si.Money.sum(line.due for line in lines)),
            "减免费额": str(si.Money.sum(line.relief for line in lines)),
            "应补(退)费额": str(si.Money.sum(line.payable for line in lines)),
        }
        rows.append([sums.get(heading, "") for heading in headings])
    return rows


def write(path: Path, rows: Sequence[Sequence[Any]], *, above: Sequence[Any] = ()) -> Path:
    """Write a table as csv, or as a workbook."""
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([*([above] if above else []), *rows])
        return path
    return write_book(path, {"Sheet1": [*([above] if above else []), *rows]})


def write_book(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """Write a workbook of several sheets."""
    book = Workbook()
    for index, (name, rows) in enumerate(sheets.items()):
        sheet = book.active if index == 0 else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    book.save(path)
    return path


@pytest.fixture(scope="session")
def client() -> SimpleNamespace:
    """All of the above, for tests that draw their rows."""
    return SimpleNamespace(
        SHANGHAI=SHANGHAI,
        TIANJIN=TIANJIN,
        SAYING=SAYING,
        Line=Line,
        bill_of=bill_of,
        entry=entry,
        lines_of=lines_of,
        number=number,
        table_of=table_of,
        write=write,
        write_book=write_book,
    )


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Writes lines to a file that says of each row what it is of."""

    def make(
        lines: Iterable[Line],
        name: str = "detail.csv",
        headings: Sequence[str] = SAYING,
        **how: Any,
    ) -> Path:
        above = how.pop("above", ())
        return write(tmp_path / name, table_of(lines, headings, **how), above=above)

    return make
