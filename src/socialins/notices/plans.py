"""The sheet of collection plans (征缴计划明细): what is to be paid, and how it is paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from socialins.collection import Collection, CollectionPlan
from socialins.faults import Fault, FaultError, Text
from socialins.model.codes import Payer
from socialins.model.unit import UnitAccount
from socialins.notices.common import OWN_SHEET, amount, capitals, heads, text_column
from socialins.notices.document import Column, Document, Section, Table, Value
from socialins.notices.kinds import NoticeKind
from socialins.values import Money

__all__ = ["plan_sheet"]

_ACCOUNT = Text("单位编号", "Account number")
_MONTH = Text("征缴月份", "Month")
_PLAN = Text("计划", "Plan")
_MODE = Text("征缴方式", "Mode")
_STATE = Text("状态", "State")
_DUE_ON = Text("缴费期限", "Due on")
_INSURANCE = Text("险种", "Insurance")
_PAYER = Text("缴费主体", "Payer")
_PERIOD = Text("费款所属期", "Period")
_KIND = Text("类型", "Kind")
_ASSESSED = Text("核定金额", "Assessed")
_CREDITED = Text("待转金冲抵", "Credit")
_DUE = Text("应缴金额", "Due")
_PAID = Text("已缴", "Paid")
_ORDER = Text("缴款", "Order")
_METHOD = Text("缴款方式", "By")
_VOUCHER = Text("凭证", "Voucher")
_DEADLINE = Text("限缴日期", "Deadline")
_PAID_ON = Text("缴款日期", "Paid on")
_AMOUNT = Text("金额", "Amount")
_LATE_FEE = Text("其中滞纳金", "Late fee in it")
_ORDERS = Text("缴款记录", "Orders")
_OPEN = Text("待缴合计", "Open in all")


def plan_sheet(
    collection: Collection,
    title_of: Callable[[str], Text],
    lang: str = "zh",
    *,
    plan: str | None = None,
    account: UnitAccount | None = None,
    region: Text | None = None,
    day: date | None = None,
) -> Document:
    """The sheet of an account's plans of a month, with the orders that pay them.

    Arguments:
        collection: the account's collection of the month.
        title_of: how an insurance is called.
        lang: ``"zh"`` or ``"en"``.
        plan: the id of the one plan that is wanted; all that were not revoked if left out.
        account: the unit's account.
        region: how the region is called.
        day: the day that the sheet is dated with.

    Raises:
        FaultError: if there is no such plan, or none at all.
    """
    kind = NoticeKind.PLAN
    if plan is None:
        plans = collection.live
    elif plan in collection.plans:
        plans = (collection.plans[plan],)
    else:
        raise FaultError(Fault("collection.no-such-plan", {"plan": plan}))
    if not plans or collection.month is None:
        raise FaultError(Fault("notice.nothing", {"kind": kind.text}))
    number = () if account is not None and account.number else ((_ACCOUNT, collection.account),)
    fields = heads(
        lang,
        account,
        region=region,
        day=day,
        more=(*number, (_MONTH, collection.month)),
    )
    tables = [table for one in plans for table in _tables(collection, one, title_of, lang)]
    total = Money.sum(one.open for one in plans)
    return Document(
        kind=kind,
        lang=lang,
        title=f"{kind.en} · {collection.month}"
        if lang == "en"
        else f"{collection.month:zh}{kind.zh}",
        month=collection.month,
        day=day,
        sections=(Section(fields, tuple(tables), capitals(lang, _OPEN, total)),),
        notes=(OWN_SHEET.get(lang),),
    )


def _tables(
    collection: Collection, plan: CollectionPlan, title_of: Callable[[str], Text], lang: str
) -> Iterator[Table]:
    columns = (
        text_column(_INSURANCE, lang, wide=True),
        text_column(_PAYER, lang),
        text_column(_PERIOD, lang),
        text_column(_KIND, lang),
        amount(_ASSESSED, lang),
        amount(_CREDITED, lang),
        amount(_DUE, lang),
        amount(_PAID, lang),
    )
    rows: list[tuple[Value, ...]] = [
        (
            title_of(line.insurance).get(lang) + ("" if line.item == "basic" else f" {line.item}"),
            line.payer.title(lang),
            line.period,
            line.kind.title(lang),
            line.amount,
            line.credited,
            line.due,
            paid,
        )
        for line, paid in zip(plan.lines, plan.paid, strict=True)
    ]
    # Late fees that were paid are lines of their own: nothing of them was assessed.
    rows += [
        (
            "",
            Payer.UNIT.title(lang),
            fee.period,
            fee.kind.title(lang),
            Money(0),
            Money(0),
            fee.amount,
            fee.amount,
        )
        for fee in plan.late_fees
    ]
    yield Table(_told(plan, lang), columns, tuple(rows))
    orders = collection.orders_of(plan.id)
    if orders:
        yield _orders(collection, plan, lang)


def _told(plan: CollectionPlan, lang: str) -> str:
    """A plan in a line: id, mode, state, last day of payment."""
    mark, joint = (": ", "; ") if lang == "en" else ("：", "；")
    parts = [
        (_PLAN, plan.id),
        (_MODE, plan.mode.title(lang)),
        (_STATE, plan.state.title(lang)),
        (_DUE_ON, plan.due_on or ""),
    ]
    return joint.join(f"{label.get(lang)}{mark}{value}" for label, value in parts if value)


def _orders(collection: Collection, plan: CollectionPlan, lang: str) -> Table:
    columns = (
        text_column(_ORDER, lang),
        text_column(_METHOD, lang, wide=True),
        text_column(_STATE, lang, wide=True),
        text_column(_VOUCHER, lang),
        text_column(_DEADLINE, lang),
        text_column(_PAID_ON, lang),
        Column(_LATE_FEE.get(lang), right=True),
        Column(_AMOUNT.get(lang), right=True),
    )
    rows = []
    for one in collection.orders_of(plan.id):
        voucher = collection.vouchers.get(one.voucher)
        rows.append(
            (
                one.id,
                one.method.title(lang),
                one.state.title(lang),
                one.voucher,
                voucher.deadline if voucher else None,
                one.paid_on,
                one.late_fee,
                one.amount,
            )
        )
    return Table(f"{_ORDERS.get(lang)} {plan.id}", columns, tuple(rows))
