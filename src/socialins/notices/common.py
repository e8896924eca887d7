"""What the sheets share: who it is about, how numbers are masked, and the remark they all carry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from socialins.faults import Text
from socialins.identity import IdDocument
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.notices.document import Column, Field, Value
from socialins.settlement import Settlement
from socialins.values import Money, in_capitals

__all__ = [
    "AMOUNT",
    "NAME",
    "NUMBER",
    "OWN_SHEET",
    "ROW",
    "TOTAL",
    "amount",
    "capitals",
    "doubts",
    "faulty",
    "heads",
    "number_of",
    "text_column",
]

ROW = Text("序号", "No.")
NAME = Text("姓名", "Name")
NUMBER = Text("证件号码", "Document number")
AMOUNT = Text("金额", "Amount")
TOTAL = Text("合计", "Total")

OWN_SHEET = Text(
    "本单由参保单位根据自己的数据制作，不是经办机构或税务机关的表单、通知或凭证；以其核定和入账为准。"
    "扫描二维码得到本单内容的 SHA-256 摘要，可据以核对数字是否被改动。",
    "This sheet was made by the employer from its own data. It is no form, notice or voucher of a "
    "bureau or tax office, whose assessment and books decide. The code holds the SHA-256 digest of "
    "what stands here, to tell whether a figure was changed.",
)

_REGION = Text("地区", "Region")
_UNIT = Text("单位名称", "Unit")
_CREDIT = Text("统一社会信用代码", "Credit code")
_ACCOUNT = Text("单位编号", "Account number")
_DAY = Text("制表日期", "Date of this sheet")
_CAPITALS = Text("大写", "In Chinese capitals")
_FIGURES = Text("小写", "In figures")
_MOST = 10**18

_UNSETTLED = Text(
    "有 {count} 项应缴未能结算，不在以上金额之内。",
    "{count} amounts could not be settled; the sums above are without them.",
)
_PROVISIONAL = Text(
    "有 {count} 项金额按暂定的标准计算，标准公布后可能有差额。",
    "{count} amounts rest on provisional figures; differences may follow when these are announced.",
)
_FAULTY = Text(
    "花名册有 {count} 行有错误，这些人不在本单之内。",
    "{count} rows of the roster are wrong; these persons are not on this sheet.",
)


def heads(
    lang: str,
    account: UnitAccount | None,
    *,
    region: Text | None = None,
    day: date | None = None,
    more: Iterable[tuple[Text, Value]] = (),
) -> tuple[Field, ...]:
    """The fields at the head of a sheet; what is not known is left out."""
    found: list[tuple[Text, Value]] = []
    if account is not None:
        found.append((_UNIT, account.unit.name))
        if account.unit.credit_code is not None:
            found.append((_CREDIT, str(account.unit.credit_code)))
        if account.number:
            found.append((_ACCOUNT, account.number))
    if region is not None:
        found.append((_REGION, region.get(lang)))
    found += more
    if day is not None:
        found.append((_DAY, day))
    return tuple((label.get(lang), value) for label, value in found)


def capitals(lang: str, label: Text, total: Money) -> tuple[Field, ...]:
    """An amount in figures and in Chinese capitals (大写金额), as lines below a table."""
    open_, close = (" (", ")") if lang == "en" else ("（", "）")
    figures = f"{label.get(lang)}{open_}{_FIGURES.get(lang)}{close}", f"{total:¥,}"
    if abs(total.fen) >= _MOST:
        return (figures,)
    return figures, (f"{label.get(lang)}{open_}{_CAPITALS.get(lang)}{close}", in_capitals(total))


def doubts(bill: Settlement, lang: str) -> tuple[str, ...]:
    """What keeps the sums of a settlement from being the whole truth."""
    provisional = sum(one.provisional for one in bill.contributions)
    counts = (
        (_UNSETTLED, len(bill.unsettled)),
        (_PROVISIONAL, provisional),
        (_FAULTY, len(bill.errors)),
    )
    return tuple(text.get(lang).format(count=count) for text, count in counts if count)


def faulty(roster: Roster, lang: str) -> tuple[str, ...]:
    """That rows of a roster could not be read."""
    count = sum(fault.is_error for fault in roster.faults)
    return (_FAULTY.get(lang).format(count=count),) if count else ()


def number_of(document: IdDocument, *, masked: bool) -> str:
    """An identity number as a sheet shows it."""
    return document.masked() if masked else document.number


def amount(text: Text, lang: str, *, sums: bool = True) -> Column:
    """A column of amounts."""
    return Column(text.get(lang), right=True, sums=sums)


def text_column(text: Text, lang: str, *, wide: bool = False) -> Column:
    """A column of words."""
    return Column(text.get(lang), wide=wide)
