"""A reconciliation as text: totals, then each finding with its likely cause."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from socialins.faults import Text
from socialins.identity.plain import shown
from socialins.reconcile.finding import Finding, FindingKind, Side
from socialins.values import Money, Rate

if TYPE_CHECKING:
    from socialins.reconcile.result import Reconciliation

__all__ = ["FIELD_TITLES", "KIND_TITLES", "describe", "tell", "whose"]

KIND_TITLES = {
    FindingKind.MISSING: Text("账单有、明细没有", "In the bill, not in the export"),
    FindingKind.EXTRA: Text("明细有、账单没有", "In the export, not in the bill"),
    FindingKind.DIFFERING: Text("双方不一致", "Different"),
}
"""How each kind of finding is headed."""
FIELD_TITLES = {
    "wage": Text("缴费工资", "wage"),
    "base": Text("缴费基数", "base"),
    "rate": Text("费率", "rate"),
    "amount": Text("金额", "amount"),
}
"""How each field is called."""

_HEAD = Text(
    "{region} {month}：账单 {ours}，明细 {theirs}，相差 {difference}；{equal} 项一致，"
    "{found} 项不一致",
    "{region} {month}: bill {ours}, export {theirs}, difference {difference}; {equal} equal, "
    "{found} not",
)
_ASIDE = Text("未能比较：账单 {ours}，明细 {theirs}", "Not compared: bill {ours}, export {theirs}")
_LIKELY = Text("可能：", "likely: ")
_MORE = Text("另有 {count} 项", "{count} more")


def tell(result: Reconciliation, lang: str, *, masked: bool, most: int | None) -> str:
    """A reconciliation in lines.

    Arguments:
        result: the reconciliation.
        lang: ``"zh"`` or ``"en"``.
        masked: hide the middle of identity numbers.
        most: findings that are told at most; all if None.
    """
    return "\n".join(_lines(result, lang, masked, most)) + "\n"


def describe(result: Reconciliation, one: Finding, lang: str) -> str:
    """What differs, in a few words: the fields, each with both sides, and the gap."""
    colon, comma = (": ", ", ") if lang == "en" else ("：", "，")
    parts = [
        f"{FIELD_TITLES[field].get(lang)} {_shown(one.ours, field)} → {_shown(one.theirs, field)}"
        for field in one.fields
    ]
    if one.kind is not FindingKind.DIFFERING:
        side = one.ours or one.theirs
        parts = [f"{FIELD_TITLES['amount'].get(lang)} {_shown(side, 'amount')}"]
    what = f"{result.title_of(one).get(lang)} {one.payer.title(lang)}"
    return f"{what}{colon}{comma.join(parts)}"


def whose(one: Finding, *, masked: bool) -> str:
    """A person's name and number, on one line and with nothing that a terminal would obey."""
    number = one.who.masked() if masked else one.who.number
    return f"{shown(one.who.name)} {shown(number)}".strip()


def _lines(result: Reconciliation, lang: str, masked: bool, most: int | None) -> Iterator[str]:
    total = result.total
    yield _HEAD.get(lang).format(
        region=result.region.name.get(lang),
        month=result.month,
        ours=f"{total.ours:,}",
        theirs=f"{total.theirs:,}",
        difference=f"{total.difference:,}",
        equal=result.equal,
        found=len(result.findings),
    )
    if result.aside.ours or result.aside.theirs:
        yield _ASIDE.get(lang).format(
            ours=f"{result.aside.ours:,}", theirs=f"{result.aside.theirs:,}"
        )
    left = len(result.findings) if most is None else most
    for kind, title in KIND_TITLES.items():
        found = [one for one in result.findings if one.kind is kind]
        if not found:
            continue
        yield ""
        yield f"{title.get(lang)} ({len(found)})"
        for one in found[: max(left, 0)]:
            comma = ", " if lang == "en" else "，"
            yield f"  {whose(one, masked=masked)}{comma}{describe(result, one, lang)}"
            yield f"    {_LIKELY.get(lang)}{one.cause.title(lang)} — {one.why.get(lang)}"
        if len(found) > max(left, 0):
            yield f"  {_MORE.get(lang).format(count=len(found) - max(left, 0))}"
        left -= len(found)
    for fault in result.faults:
        where = fault.place.describe(lang)
        colon = ": " if lang == "en" else "："
        yield ""
        yield f"{where}{colon if where else ''}{fault.message(lang)} [{fault.code}]"
        yield f"  {fault.remedy(lang)}"


def _shown(side: Side | None, field: str) -> str:
    value: Money | Rate | None = getattr(side, field) if side is not None else None
    if value is None:
        return "—"
    return f"{value:,}" if isinstance(value, Money) else str(value)
