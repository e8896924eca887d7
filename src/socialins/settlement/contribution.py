"""Contribution (应缴额): one signed amount, with the line of the schedule it came from."""

from __future__ import annotations

from typing import Any

import attrs

from socialins.model.codes import Kind, Payer
from socialins.model.person import InsuredPerson
from socialins.rules import Citation, Source, Status
from socialins.settlement.operand import AccountRate
from socialins.settlement.schedule import Line
from socialins.values import Money, Month, Rate
from socialins.values.masking import masked

__all__ = ["Contribution"]


@attrs.frozen(kw_only=True)
class Contribution:
    """An amount owed for a person, or by the unit as a whole.

    Arguments:
        person: the insured person (参保人员); None for a unit-level amount.
        insurance: the insurance's id (险种).
        item: the item's id (品目).
        payer: unit or person (缴费主体).
        period: the month the amount is for (费款所属期).
        kind: why it is owed (类型).
        base: the wage base (缴费基数).
        rate: the rate (费率) that was collected, after any relief.
        fixed: the fixed sum in the amount (定额).
        amount: base × rate, rounded, plus the fixed sum; negative for what is taken back.
        wage: the declared wage it started from (缴费工资).
        line: the line of the schedule.
        operand: the rules that the account's own rate comes from; None if it was stated.
        stated: the account's own rate as it was stated, for a line that takes one.
        settled: for a difference, what was settled before for the same.
        row: the row of the roster's file.
    """

    person: InsuredPerson | None
    insurance: str
    item: str
    payer: Payer
    period: Month
    kind: Kind = Kind.REGULAR
    base: Money = attrs.field(repr=masked)
    rate: Rate
    fixed: Money
    amount: Money = attrs.field(repr=masked)
    wage: Money = attrs.field(repr=masked)
    line: Line = attrs.field(repr=False)
    operand: AccountRate | None = attrs.field(default=None, repr=False)
    stated: Rate | None = None
    settled: Money | None = attrs.field(default=None, repr=masked)
    row: int | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The figures that the amount rests on."""
        return self.line.citations + (self.operand.citations if self.operand else ())

    @property
    def sources(self) -> tuple[Source, ...]:
        """The documents that the amount rests on, each once."""
        found = {source: None for citation in self.citations for source in citation.sources}
        return tuple(found)

    @property
    def provisional(self) -> bool:
        """Whether some figure is provisional or carried rather than confirmed for the month."""
        return any(citation.status is not Status.CONFIRMED for citation in self.citations)

    def explain(self, lang: str = "zh") -> str:
        """The derivation, line by line, with the documents.

        Arguments:
            lang: ``"zh"`` or ``"en"``.
        """
        from socialins.settlement.explain import explain_contribution

        return explain_contribution(self, lang)

    def explain_plain(self, lang: str = "zh") -> dict[str, Any]:
        """The derivation as plain data for JSON: steps with exact figures, then the documents."""
        from socialins.settlement.explain_plain import contribution_explained

        return contribution_explained(self, lang)

    def explain_html(self, lang: str = "zh") -> str:
        """The derivation as a piece of HTML, escaped and with nothing to fetch."""
        from socialins.settlement.explain_html import contribution_to_html

        return contribution_to_html(self, lang)

    def _repr_html_(self) -> str:
        return self.explain_html()
