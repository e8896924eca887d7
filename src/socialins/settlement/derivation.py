"""How a contribution came about, as data: its steps, and the figures it rests on.

Text, JSON and HTML are made from this one structure, so that none of them can tell another story.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from socialins.faults import Text
from socialins.rules import Citation
from socialins.settlement.reference import derive_at
from socialins.values import Money, Rate
from socialins.values.masking import masked

if TYPE_CHECKING:
    from socialins.settlement.contribution import Contribution

__all__ = ["Explanation", "Step", "explain_steps"]


@attrs.frozen(kw_only=True)
class Step:
    """One step from the declared wage to the amount.

    Arguments:
        kind: what is done: ``wage``, ``base-rounding``, ``base``, ``operand``, ``relief``,
            ``product``, ``amount-rounding``, ``fixed``; for a line of the unit as a whole
            ``unit-base``, ``unit-owed``, ``unit-shared``; for a difference ``settled``.
        label: what is done, in words.
        line: the step as a line of text, its figures included.
        figures: the figures by name, as exact text: money in yuan with two decimals, rates and
            what is not yet rounded with all their decimals.
    """

    kind: str
    label: Text
    line: Text
    figures: dict[str, str]


@attrs.frozen(kw_only=True)
class Explanation:
    """The derivation of one contribution.

    Arguments:
        title: what is owed, by whom, for which month, and of which kind.
        amount: the amount, as the contribution has it.
        steps: how it came about, in order.
        citations: the figures it rests on, with their documents.
        given: what the user of the library gave in place of a figure.
    """

    title: Text
    amount: Money = attrs.field(repr=masked)
    steps: tuple[Step, ...] = attrs.field(repr=False)
    citations: tuple[Citation, ...]
    given: Text | None = None


def explain_steps(one: Contribution) -> Explanation:
    """Derive a contribution anew, step by step.

    Arguments:
        one: the contribution.

    >>> from socialins.testing.middle import middle
    >>> import socialins as si
    >>> person = si.InsuredPerson("甲", si.IdDocument("passport", "E12345678"))
    >>> wage = si.DeclaredWage(si.Money.yuan("8000.40"))
    >>> entry = si.RosterEntry(person, wage, insurances=frozenset({"pension"}))
    >>> bill = middle().settle(si.Roster("2026-11", [entry]))
    >>> [step.kind for step in explain_steps(bill.contributions[0]).steps]
    ['wage', 'base-rounding', 'base', 'product']
    """
    steps = list(_steps(one) if one.person is not None else _unit_steps(one))
    if one.settled is not None:
        steps.append(_settled(one, one.settled))
    return Explanation(
        title=Text(_title(one, "zh"), _title(one, "en")),
        amount=one.amount,
        steps=tuple(steps),
        citations=one.citations,
        given=_given(one),
    )


def _title(one: Contribution, lang: str) -> str:
    title = one.line.title.get(lang)
    if one.line.item_title != one.line.title:
        title += f" · {one.line.item_title.get(lang)}"
    period = str(one.period) if lang == "en" else f"{one.period:zh}"
    return f"{title} · {one.payer.title(lang)} · {period} · {one.kind.title(lang)}"


def _given(one: Contribution) -> Text | None:
    if one.stated is None:
        return None
    return Text(
        f"工伤费率 {one.stated}：参保户自有费率，由使用者给出",
        f"Injury rate {one.stated}: the account's own, as given",
    )


def _steps(one: Contribution) -> Iterator[Step]:
    line = one.line
    found = derive_at(line, one.wage, one.rate)
    yield _plain_step("wage", Text("申报工资", "Declared wage"), {"wage": found.wage})
    if found.rounded != found.wage:
        label = _rounded(line.base_rounding.title("zh"), line.base_rounding.title("en"))
        yield _plain_step("base-rounding", label, {"rounded": found.rounded}, tight=True)
    yield _base(one, found.rounded, found.base)
    yield from _account_rate(one)
    yield from _relief(one)
    yield _product("product", Text("应缴", "Base × rate"), (found.base, found.rate, found.exact))
    if found.exact != found.product.fen:
        label = _rounded(line.amount_rounding.title("zh"), line.amount_rounding.title("en"))
        yield _plain_step("amount-rounding", label, {"product": found.product}, tight=True)
    if line.fixed:
        added = f"{found.product:,} + {line.fixed_money:,} = {found.amount:,}"
        yield Step(
            kind="fixed",
            label=Text("加定额", "With the fixed sum"),
            line=Text(f"加定额 {added}", f"With the fixed sum {added}"),
            figures=_exact(product=found.product, fixed=line.fixed_money, amount=found.amount),
        )


def _rounded(zh: str, en: str) -> Text:
    return Text(f"进位（{zh}）", f"Rounded ({en})")


def _plain_step(kind: str, label: Text, figure: dict[str, Money], *, tight: bool = False) -> Step:
    """A step of one figure; `tight` where Chinese has no blank after a bracket."""
    (amount,) = figure.values()
    zh = f"{label.zh}{'' if tight else ' '}{amount:,}"
    line = Text(zh, f"{label.en} {amount:,}")
    return Step(kind=kind, label=label, line=line, figures=_exact(**figure))


def _base(one: Contribution, rounded: Money, base: Money) -> Step:
    zh, en = "", ""
    if base > rounded:
        zh, en = "（低于下限，按下限）", " (raised to the floor)"
    elif base < rounded:
        zh, en = "（高于上限，按上限）", " (cut to the cap)"
    figures = {"floor": one.line.floor, "cap": one.line.cap, "base": base.fen}
    return Step(
        kind="base",
        label=Text(f"基数{zh}", f"Base{en}"),
        line=Text(f"基数 {base:,}{zh}", f"Base {base:,}{en}"),
        figures=_exact(**{name: Money(fen) for name, fen in figures.items() if fen is not None}),
    )


def _account_rate(one: Contribution) -> Iterator[Step]:
    """How the account's injury rate is made, where it is more than its class's."""
    if one.operand is None or len(one.operand.factors) < 2:
        return
    zh, en = (
        " × ".join(
            _FACTORS[factor.kind].get(lang).format(factor.rate) for factor in one.operand.factors
        )
        for lang in ("zh", "en")
    )
    made = one.operand.rate
    figures = {factor.kind: factor.rate.decimal() for factor in one.operand.factors}
    yield Step(
        kind="operand",
        label=Text("工伤费率", "Injury rate"),
        line=Text(f"工伤费率 {zh} = {made}", f"Injury rate {en} = {made}"),
        figures={**figures, "rate": one.operand.rate.decimal()},
    )


def _relief(one: Contribution) -> Iterator[Step]:
    """What a relief leaves of the rate."""
    line = one.line
    if line.relief is None:
        return
    before = one.operand.rate if one.operand else one.stated or line.rate or Rate(0)
    sum_ = f"{before} × {line.relief} = {one.rate}"
    label = Text("减免后费率", "Rate after the relief")
    figures = {"before": before, "relief": line.relief, "rate": one.rate}
    yield Step(
        kind="relief",
        label=label,
        line=Text(f"{label.zh} {sum_}", f"{label.en} {sum_}"),
        figures={name: rate.decimal() for name, rate in figures.items()},
    )


_FACTORS = {
    "injury-classes": Text("{}（行业费率）", "{} (class)"),
    "injury-multiplier": Text("{}（调整系数）", "{} (multiplier)"),
    "injury-bands": Text("{}（浮动档次）", "{} (band)"),
}


def _product(kind: str, label: Text, product: tuple[Money, Rate, Fraction]) -> Step:
    base, rate, exact = product
    sum_ = f"{base:,} × {rate} = {_yuan(exact)}"
    figures = {**_exact(base=base), "rate": rate.decimal(), "exact": Rate(exact / 100).decimal()}
    return Step(kind=kind, label=label, line=Text(f"应缴 {sum_}", sum_), figures=figures)


def _unit_steps(one: Contribution) -> Iterator[Step]:
    basis = one.line.unit_basis
    owed = one.line.amount_rounding(one.rate.of(one.base))
    shared = owed - one.amount
    zh, en = "单位部分的基数为", "The unit's share rests on"
    label = Text(f"{zh}{basis.title('zh')}", f"{en} {basis.title('en')}")
    yield Step(
        kind="unit-base",
        label=label,
        line=Text(f"{label.zh}：{one.base:,}", f"{label.en}: {one.base:,}"),
        figures=_exact(base=one.base),
    )
    yield from _account_rate(one)
    yield from _relief(one)
    whole = f"{one.base:,} × {one.rate} = {owed:,}"
    yield Step(
        kind="unit-owed",
        label=Text("整户应缴", "For the account as a whole"),
        line=Text(f"整户应缴 {whole}", f"{whole} for the account as a whole"),
        figures={**_exact(base=one.base, owed=owed), "rate": one.rate.decimal()},
    )
    yield Step(
        kind="unit-shared",
        label=Text("逐人金额合计", "The persons' lines add up to"),
        line=Text(
            f"逐人金额合计 {shared:,}，差额即本行",
            f"The persons' lines add up to {shared:,}; the difference is this line",
        ),
        figures=_exact(shared=shared, amount=one.amount),
    )


def _settled(one: Contribution, before: Money) -> Step:
    now = before + one.amount
    return Step(
        kind="settled",
        label=Text("与此前结算的差额", "Difference to what was settled before"),
        line=Text(
            f"现应缴 {now:,}，此前已结算 {before:,}，差额 {one.amount:,}",
            f"Now {now:,}, settled before {before:,}: difference {one.amount:,}",
        ),
        figures=_exact(now=now, settled=before, amount=one.amount),
    )


def _exact(**amounts: Money) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items()}


def _yuan(fen: Fraction) -> str:
    """An exact number of fen in yuan, with all its decimals and at least two."""
    whole, _, decimals = Rate(fen / 100).decimal().partition(".")
    return f"{int(whole):,}.{decimals:0<2}"
