"""The account's injury rate: stated, or made of its class's rate by the rules.

Nothing stands in for a rate that was not given, and a band that the rules don't know is refused
rather than taken at its word.
"""

from __future__ import annotations

from datetime import date

import attrs

from socialins.faults import Fault, Place, Text
from socialins.model.codes import Payer
from socialins.model.insurance import INJURY
from socialins.model.unit import InjuryTerms, UnitAccount
from socialins.rules import (
    Cascade,
    Citation,
    InjuryBands,
    InjuryClasses,
    InjuryMultiplier,
    Located,
    RuleClass,
)
from socialins.settlement.compile import unknown_fault
from socialins.values import Month, Rate

__all__ = ["AccountRate", "Factor", "InjuryRates", "ResolvedRate"]


@attrs.frozen
class Factor:
    """One of the rates that an account's injury rate is the product of.

    Arguments:
        kind: ``injury-classes``, ``injury-multiplier`` or ``injury-bands``.
        rate: the factor.
        citation: the rule that has it.
    """

    kind: str
    rate: Rate
    citation: Citation


@attrs.frozen
class AccountRate:
    """Where an account's injury rate comes from, if rules gave it.

    Arguments:
        factors: the class's rate; then the region's multiplier and the account's band, where
            there are such.
    """

    factors: tuple[Factor, ...]

    @property
    def rate(self) -> Rate:
        """The exact product."""
        product = Rate(1)
        for factor in self.factors:
            product *= factor.rate
        return product

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The rules, in order of the factors."""
        return tuple(factor.citation for factor in self.factors)


@attrs.frozen
class ResolvedRate:
    """An account's injury rate: its value and where it comes from, or why there is none.

    Arguments:
        rate: the rate; None if there is none.
        source: the rules it comes from; None for a rate that was stated.
        fault: why there is none.
    """

    rate: Rate | None
    source: AccountRate | None = None
    fault: Fault | None = None

    @property
    def stated(self) -> Rate | None:
        """The rate, if it was stated rather than made of rules."""
        return self.rate if self.source is None else None


@attrs.frozen(kw_only=True)
class InjuryRates:
    """Finds the injury rates of an account's persons in a month.

    Arguments:
        cascade: the region's rules.
        account: the account; None if the roster names none.
        month: the month.
        known_on, lenient: as in `compile_schedule`.
    """

    cascade: Cascade
    account: UnitAccount | None
    month: Month
    known_on: date | None = None
    lenient: bool = False

    def of(self, rule_class: RuleClass, stated: Rate | None = None) -> ResolvedRate:
        """The rate stated in the row, else the account's own, else its class's with its band."""
        if stated is not None:
            return ResolvedRate(stated)
        terms = self.account.injury_in(self.month) if self.account else None
        if terms is None:
            values: dict[str, str | Text] = {
                "month": str(self.month),
                "insurance": self.cascade.title(INJURY),
            }
            fault = Fault("settle.injury-rate-missing", values, Place(field="injury_rate"))
            return ResolvedRate(None, fault=fault)
        if terms.rate is not None:
            return ResolvedRate(terms.rate)
        factors: list[Factor] = []
        for found in (
            self._class_rate(rule_class, terms),
            self._multiplier(rule_class),
            self._band(rule_class, terms),
        ):
            if isinstance(found, Fault):
                return ResolvedRate(None, fault=found)
            if found is not None:
                factors.append(found)
        source = AccountRate(tuple(factors))
        return ResolvedRate(source.rate, source)

    def _class_rate(self, rule_class: RuleClass, terms: InjuryTerms) -> Factor | Fault:
        located = self._find("injury-classes", rule_class)
        table: InjuryClasses | None = located.figure if located else None
        rate = table.rates.get(str(terms.risk_class)) if table else None
        if located is None or rate is None:
            return self._unknown("injury-classes", located)
        return Factor("injury-classes", rate, located.citation())

    def _multiplier(self, rule_class: RuleClass) -> Factor | Fault | None:
        located = self._find("injury-multiplier", rule_class)
        if located is None:
            return None
        figure: InjuryMultiplier | None = located.figure
        if figure is not None:
            return Factor("injury-multiplier", figure.multiplier, located.citation())
        if located.silent_in(self.month):
            return None
        return self._unknown("injury-multiplier", located)

    def _band(self, rule_class: RuleClass, terms: InjuryTerms) -> Factor | Fault | None:
        if terms.band is None:
            return None
        located = self._find("injury-bands", rule_class)
        table: InjuryBands | None = located.figure if located else None
        allowed = table.of(terms.risk_class) if table else ()
        if located is None or not allowed:
            return self._unknown("injury-bands", located)
        if terms.band not in allowed:
            values = {
                "band": str(terms.band),
                "risk_class": str(terms.risk_class),
                "choices": ", ".join(map(str, allowed)),
            }
            return Fault("settle.injury-band-unheard", values, Place(field="injury_band"))
        return Factor("injury-bands", terms.band, located.citation())

    def _find(self, kind: str, rule_class: RuleClass) -> Located | None:
        return self.cascade.find(
            kind,
            self.month,
            rule_class,
            insurance=INJURY,
            known_on=self.known_on,
            lenient=self.lenient,
        )

    def _unknown(self, kind: str, located: Located | None) -> Fault:
        return unknown_fault(
            self.cascade, located, kind, month=self.month, insurance=INJURY, payer=Payer.UNIT
        )
