"""Bills, books and readers of PDF: what the tests of the sheets share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader
from stdnum.cn.ric import calc_check_digit

import socialins as si
from socialins.calendar import SHANGHAI
from socialins.collection import Cashier, Collection, Owed, commands as pay
from socialins.filing import Change, FilingBook, Rejection, commands as co
from socialins.filing.desk import Desk
from socialins.notices import Document, NoticeKind, PaymentFact
from socialins.notices.document import shown
from socialins.testing.middle import middle
from socialins.values import Money

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = ("伟", "芳芳", "秀英", "㛃", "䶮", "𬭛", "𫖯", "𪟝", "志强", "国庆", "喆", "堃")


def number_of(number: int) -> str:
    """A synthetic identity number."""
    body = f"1101051980{number // 997 % 12 + 1:02}{number % 28 + 1:02}{number % 997 + 1:03}"
    return body + calc_check_digit(body + "0")


def person(number: int, name: str = "") -> si.InsuredPerson:
    name = name or SURNAMES[number % len(SURNAMES)] + GIVEN[number % len(GIVEN)]
    return si.InsuredPerson(name, si.IdDocument("resident-id", number_of(number)))


def account(name: str = "中州某某有限公司", number: str = "0000000001") -> si.UnitAccount:
    unit = si.Unit(name, si.CreditCode("91990100MA0000001G"))
    return si.UnitAccount(
        unit, number, injury=[si.InjuryTerms(si.MonthSpan("2020-01"), risk_class=1)]
    )


@cache
def roster(count: int = 3, month: str = "2026-11", names: tuple[str, ...] = ()) -> si.Roster:
    entries = [
        si.RosterEntry(
            person(number, names[number] if number < len(names) else ""),
            si.DeclaredWage(Money(450_000 + 12_371 * number)),
        )
        for number in range(count)
    ]
    return si.Roster(month, entries, account(), Money.yuan(123_456))


@cache
def bill(count: int = 3, month: str = "2026-11", names: tuple[str, ...] = ()) -> si.Settlement:
    return middle().settle(roster(count, month, names))


def moment(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


@cache
def book() -> FilingBook:
    """A month with people who joined, left and were refused, and one that is still on its way."""
    desk = Desk(middle().filing())
    month = si.Month(2026, 11)

    def do(command: type[co.Command], day: int, **said: Any) -> None:
        found = desk.do(month, command(at=moment(day), by="经办人", **said))
        assert not found.refused, [str(fault) for fault in found.faults]

    def send(id_: str, business: str, *rows: Change) -> None:
        do(co.Draft, 2, declaration=id_, business=business, rows=rows)
        wages = Money.sum(row.wage for row in rows if row.wage is not None)
        do(co.Ready, 2, declaration=id_, heads=len(rows), wages=wages)
        do(co.Submit, 2, declaration=id_)

    def row(number: int, **stated: Any) -> Change:
        return Change(row=str(number), person=person(number), **stated)

    do(co.OpenBook, 1, account="0000000001", division=middle().code, month=month)
    send("D1", "staff.add", row(1, wage=Money.yuan(5000)), row(2, wage=Money.yuan(6000)))
    do(
        co.RecordResult,
        3,
        declaration="D1",
        result="part",
        rejected=(Rejection("2", "E07", "已在其他单位参保"),),
    )
    send("D2", "staff.stop", row(3, reason="解除劳动合同"))
    return desk.book(month)


@cache
def collection() -> Collection:
    """A month of two plans: one paid in part and late, one that credit paid some of."""
    cashier = Cashier(middle().collection({"collection": {"part_payment": True}}))
    month = si.Month(2026, 11)

    def do(command: type[pay.Command], day: int, **said: Any) -> None:
        found = cashier.do(month, command(at=moment(day), by="经办人", **said))
        assert not found.refused, [str(fault) for fault in found.faults]

    def owed(yuan: str, insurance: str, payer: str = "unit") -> Owed:
        amount = Money.yuan(yuan)
        return Owed(insurance=insurance, payer=si.Payer(payer), period=month, amount=amount)

    do(pay.OpenCollection, 1, account="0000000001", division=middle().code, month=month)
    do(pay.NoteCredit, 1, balance=Money.yuan("100"))
    lines = owed("1280", "pension"), owed("640", "pension", "person")
    do(pay.MakePlan, 3, plan="P1", lines=lines, mode="self-declared")
    do(pay.MakePlan, 3, plan="P2", lines=(owed("16.05", "injury"),), mode="self-declared")
    do(pay.Declare, 4, plans="P1")
    do(pay.RecordFeedback, 4, plan="P1", accepted=True)
    do(pay.MakeOrder, 5, order="O1", plan="P1", method="voucher", amount=Money.yuan("1000"))
    do(pay.PrintVoucher, 5, order="O1", voucher="3110001", deadline=date(2026, 11, 9))
    do(pay.RecordPayment, 6, voucher="3110001")
    return cashier.collection(month)


PAYMENTS = (
    PaymentFact(
        "P-2026-09-001", datetime(2026, 9, 15, tzinfo=SHANGHAI).date(), Money.yuan("1200.5")
    ),
    PaymentFact("P-2026-11-001", datetime(2026, 11, 16, tzinfo=SHANGHAI).date(), Money.yuan("980")),
)


def source_of(kind: NoticeKind, count: int = 3) -> tuple[Any, dict[str, Any]]:
    """What a sheet of a kind is made of, and what else it takes."""
    if kind is NoticeKind.ROSTER:
        return roster(count), {}
    if kind is NoticeKind.CERTIFICATE:
        return PAYMENTS, {"months": "2026-09..2026-11", "account": account()}
    if kind in (NoticeKind.CHANGES, NoticeKind.PROGRESS):
        return book(), {"account": account()}
    if kind is NoticeKind.PLAN:
        return collection(), {"account": account()}
    return bill(count), {}


def texts_of(document: Document) -> Iterator[str]:
    """Everything that a document says, in the order of reading."""
    for part in document.parts():
        (section,) = part.sections
        yield part.title
        yield from (f"{label}{shown(value)}" for label, value in section.fields)
        for table in section.tables:
            yield table.title
            for row in table.rows:
                yield from (shown(value) for value in row)
            if table.has_sums:
                yield from (shown(value) for value in table.sums())
        yield from (f"{label}{shown(value)}" for label, value in section.lines)
        yield from part.notes


def squeezed(text: str) -> str:
    """A text without blanks and colons: lines break where they must."""
    return "".join(char for char in text if not char.isspace() and char not in ":：")


def by_pypdf(made: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


def by_pdfium(made: bytes) -> list[str]:
    file = pypdfium2.PdfDocument(made)
    found = []
    for page in file:
        text = page.get_textpage()
        found.append(text.get_text_range())
        text.close()
        page.close()
    file.close()
    return found


@pytest.fixture(scope="session", name="bill")
def bill_fixture() -> Callable[..., si.Settlement]:
    """The bill of so many persons."""
    return bill


@pytest.fixture(scope="session", name="roster")
def roster_fixture() -> Callable[..., si.Roster]:
    """The roster of so many persons."""
    return roster


@pytest.fixture(scope="session", name="book")
def book_fixture() -> FilingBook:
    """A filing book."""
    return book()


@pytest.fixture(scope="session", name="account")
def account_fixture() -> Callable[..., si.UnitAccount]:
    """A unit's account."""
    return account


@pytest.fixture(scope="session")
def source() -> Callable[..., tuple[Any, dict[str, Any]]]:
    """What a sheet of a kind is made of, and what else it takes."""
    return source_of


@pytest.fixture(scope="session")
def said() -> Callable[[Document], list[str]]:
    """Everything that a document says, without blanks, in the order of reading."""
    return lambda document: [text for one in texts_of(document) if (text := squeezed(one))]


@pytest.fixture(params=["pypdf", "pdfium"])
def read(request: pytest.FixtureRequest) -> Callable[[bytes], list[str]]:
    """The text of each page without blanks, by either of two readers."""
    reader = {"pypdf": by_pypdf, "pdfium": by_pdfium}[request.param]
    return lambda made: [squeezed(page) for page in reader(made)]
