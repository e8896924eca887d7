"""Explanations: how an amount came about, in words, with the documents.

Written so that an employee who doubts a payslip can follow it: wage, bound, base, rate, rounding,
amount; then every figure with its months, its document and how well it is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from socialins.faults import Text
from socialins.rules import Citation, Status
from socialins.settlement.contribution import Contribution
from socialins.settlement.reference import derive
from socialins.values import Money, Rate

__all__ = ["explain_contribution"]

_KINDS = {
    "bounds": Text("基数上下限", "Floor and cap"),
    "rate": Text("费率", "Rate"),
    "fixed": Text("定额", "Fixed sum"),
    "base-rounding": Text("基数进位", "Rounding of the base"),
    "amount-rounding": Text("金额进位", "Rounding of the amount"),
    "unit-base": Text("单位基数", "Basis of the unit's share"),
    "injury-classes": Text("行业费率", "Rates of the risk classes"),
    "coverage": Text("参保范围", "Coverage"),
}


def explain_contribution(one: Contribution, lang: str = "zh") -> str:
    """The derivation of a contribution, one step a line, then what it rests on."""
    english = lang == "en"
    lines = [_headline(one, lang)]
    lines += _steps(one, lang) if one.person is not None else _unit_steps(one, lang)
    if one.settled is not None:
        now = one.settled + one.amount
        lines.append(
            f"  Now {now:,}, settled before {one.settled:,}: difference {one.amount:,}"
            if english
            else f"  现应缴 {now:,}，此前已结算 {one.settled:,}，差额 {one.amount:,}"
        )
    lines.append("Rests on:" if english else "依据：")
    for citation in one.citations:
        lines += _cited(citation, lang)
    if one.line.operand is not None and one.operand is None:
        lines.append(
            f"  Injury rate {one.rate}: the account's own, as given"
            if english
            else f"  工伤费率 {one.rate}：参保户自有费率，由使用者给出"
        )
    return "\n".join(lines)


def _headline(one: Contribution, lang: str) -> str:
    title = one.line.title.get(lang)
    if one.line.item_title != one.line.title:
        title += f" · {one.line.item_title.get(lang)}"
    payer = one.payer.title(lang)
    period = str(one.period) if lang == "en" else f"{one.period:zh}"
    amount = one.amount.format()
    separator = ": " if lang == "en" else "："
    kind = f" · {one.kind.title(lang)}"
    return f"{title} · {payer} · {period}{kind}{separator}{amount}"


def _steps(one: Contribution, lang: str) -> Iterator[str]:
    english = lang == "en"
    line = one.line
    steps = derive(line, one.wage, one.rate)
    yield f"  Declared wage {steps.wage:,}" if english else f"  申报工资 {steps.wage:,}"
    if steps.rounded != steps.wage:
        kind = line.base_rounding.title(lang)
        yield (
            f"  Rounded ({kind}) {steps.rounded:,}"
            if english
            else f"  进位（{kind}）{steps.rounded:,}"
        )
    yield _bounded(steps.rounded, steps.base, lang)
    exact = _yuan(steps.exact)
    if english:
        yield f"  {steps.base:,} × {one.rate} = {exact}"
    else:
        yield f"  应缴 {steps.base:,} × {one.rate} = {exact}"
    if steps.exact != steps.product.fen:
        kind = line.amount_rounding.title(lang)
        yield (
            f"  Rounded ({kind}) {steps.product:,}"
            if english
            else f"  进位（{kind}）{steps.product:,}"
        )
    if line.fixed:
        added = f"{steps.product:,} + {line.fixed_money:,} = {steps.amount:,}"
        yield f"  With the fixed sum {added}" if english else f"  加定额 {added}"


def _bounded(rounded: Money, base: Money, lang: str) -> str:
    if base > rounded:
        return (
            f"  Base {base:,} (raised to the floor)"
            if lang == "en"
            else f"  基数 {base:,}（低于下限，按下限）"
        )
    if base < rounded:
        return (
            f"  Base {base:,} (cut to the cap)"
            if lang == "en"
            else f"  基数 {base:,}（高于上限，按上限）"
        )
    return f"  Base {base:,}" if lang == "en" else f"  基数 {base:,}"


def _unit_steps(one: Contribution, lang: str) -> Iterator[str]:
    basis = one.line.unit_basis
    owed = one.line.amount_rounding(one.rate.of(one.base))
    if lang == "en":
        yield f"  The unit's share rests on {basis.title(lang)}: {one.base:,}"
        yield f"  {one.base:,} × {one.rate} = {owed:,} for the account as a whole"
        yield f"  The persons' lines add up to {owed - one.amount:,}; the difference is this line"
    else:
        yield f"  单位部分的基数为{basis.title(lang)}：{one.base:,}"
        yield f"  整户应缴 {one.base:,} × {one.rate} = {owed:,}"
        yield f"  逐人金额合计 {owed - one.amount:,}，差额即本行"


def _cited(citation: Citation, lang: str) -> Iterator[str]:
    english = lang == "en"
    comma, stop = (", ", ". ") if english else ("，", "。")
    kind = _KINDS[citation.kind].get(lang)
    about = [f"{citation.level.get(lang)}", str(citation.span)]
    if citation.own:
        about.insert(0, "the unit's own figure" if english else "单位自有数值")
    if citation.who:
        about.append(citation.who.get(lang))
    if citation.status is not Status.CONFIRMED:
        about.append(citation.status.title(lang))
    if citation.announced is None and citation.kind in ("bounds", "rate"):
        about.append("announcement day not known" if english else "公布日期未知")
    elif citation.announced is not None:
        day = citation.announced.isoformat()
        about.append(f"announced {day}" if english else f"{day} 公布")
    details = comma.join(about)
    value = citation.value.get(lang)
    yield f"  {kind}: {value} ({details})" if english else f"  {kind}：{value}（{details}）"
    mark = f"{citation.mark.value} {citation.mark.title(lang)}"
    if citation.dates_mark is not citation.mark:
        dates = f"{citation.dates_mark.value} {citation.dates_mark.title(lang)}"
        mark += f"; months {dates}" if english else f"；起止月份 {dates}"
    for source in citation.sources:
        yield f"    [{mark}] {source.describe(lang)}{stop.rstrip()} {source.seen}"
    if citation.derived:
        yield f"    Derived: {citation.derived}" if english else f"    推算：{citation.derived}"
    if citation.note:
        yield f"    {citation.note.get(lang)}"


def _yuan(fen: Fraction) -> str:
    """An exact number of fen in yuan, with all its decimals and at least two."""
    whole, _, decimals = Rate(fen / 100).decimal().partition(".")
    return f"{int(whole):,}.{decimals:0<2}"
