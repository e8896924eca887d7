"""Unit (参保单位) and its accounts (参保户, 单位编号).

A unit is the employer; an account is the unit at one agency, with the insurances kept there, a
bureau number and an injury rate of its own. Enrolments, rosters and filings belong to accounts.
"""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from socialins.identity import CreditCode
from socialins.model.codes import AccountType, UnitSize
from socialins.model.insurance import is_id
from socialins.values import Month, MonthSpan, Rate

__all__ = ["InjuryTerms", "Unit", "UnitAccount"]


def _trade(_instance: object, _attribute: object, trade: str | None) -> None:
    if trade is not None and not is_id(trade):
        raise ValueError(f"trade {trade!r} can't be an id; use lower-case words joined by hyphens")


@attrs.frozen
class Unit:
    """The insured employer.

    Arguments:
        name: the registered name, character for character.
        credit_code: the unified social credit code (统一社会信用代码), if known.
        size: its size (单位规模), if known; some reliefs depend on it.
        trade: the id of its trade (行业) as rule files name it, if known; likewise.
    """

    name: str
    credit_code: CreditCode | None = None
    size: UnitSize | None = None
    trade: str | None = attrs.field(default=None, validator=_trade)


def as_injury_rate(rate: Rate | str | None) -> Rate | None:
    """An injury rate from a rate or its text; None stays None."""
    return None if rate is None else Rate(rate)


def injury_rate(_instance: object, _attribute: object, rate: Rate | None) -> None:
    """Let only rates from 0 % to 100 % through: a validator."""
    if rate is not None and not 0 <= rate.fraction <= 1:
        raise ValueError(f"injury rate {rate} lies outside 0 % to 100 %")


def _one_of_two(terms: InjuryTerms, _attribute: object, _value: int | None) -> None:
    if (terms.risk_class is None) == (terms.rate is None):
        raise ValueError("give an injury class or an injury rate, one of the two")
    if terms.risk_class is not None and terms.risk_class not in range(1, 9):
        raise ValueError(f"injury class {terms.risk_class} does not exist; classes run from 1 to 8")


def _floats_a_class(terms: InjuryTerms, _attribute: object, band: Rate | None) -> None:
    if band is None:
        return
    if terms.risk_class is None:
        raise ValueError("a floating band goes with an injury class; an own rate has it in it")
    if band.fraction <= 0:
        raise ValueError(f"floating band {band} must lie above 0 %")


@attrs.frozen
class InjuryTerms:
    """What an account pays for work injury in a span of months (工伤费率).

    Arguments:
        span: the months it holds for.
        risk_class: the industry's risk class (行业风险类别), 1 to 8; the region has its rate.
        rate: the account's own rate, fixed by the agency, in place of a class.
        band: the floating band (浮动档次) within the class, such as ``"120%"`` of its rate; left
            out, the class's rate holds as it is.

    >>> InjuryTerms(MonthSpan("2026-01"), rate=Rate("0.2%")).rate
    Rate('0.2%')
    >>> InjuryTerms(MonthSpan("2026-01"), risk_class=2, band="150%").band
    Rate('150%')
    """

    span: MonthSpan
    risk_class: int | None = attrs.field(default=None, kw_only=True, validator=_one_of_two)
    rate: Rate | None = attrs.field(
        default=None, kw_only=True, converter=as_injury_rate, validator=injury_rate
    )
    band: Rate | None = attrs.field(
        default=None, kw_only=True, converter=as_injury_rate, validator=_floats_a_class
    )


def as_ids(ids: Iterable[str] | None) -> frozenset[str] | None:
    """Ids of insurances as a set; None stays None."""
    return None if ids is None else frozenset(ids)


def _terms(terms: Iterable[InjuryTerms]) -> tuple[InjuryTerms, ...]:
    return tuple(terms)


def _no_overlap(account: UnitAccount, _attribute: object, terms: tuple[InjuryTerms, ...]) -> None:
    for index, one in enumerate(terms):
        for other in terms[index + 1 :]:
            if months := one.span.overlap(other.span):
                raise ValueError(f"account {account.number}: two injury rates hold for {months}")


@attrs.frozen
class UnitAccount:
    """A unit's account at an agency.

    Arguments:
        unit: the employer.
        number: the bureau's number for the account (单位编号).
        division: the GB/T 2260 code of the agency's division, if it is to be recorded.
        insurances: ids of the insurances kept here; None for all of the region's.
        account_type: enterprise or state organ.
        injury: injury classes or rates, by span.
    """

    unit: Unit
    number: str = ""
    division: str | None = None
    insurances: frozenset[str] | None = attrs.field(default=None, converter=as_ids)
    account_type: AccountType = AccountType.ENTERPRISE
    injury: tuple[InjuryTerms, ...] = attrs.field(
        default=(), converter=_terms, validator=_no_overlap
    )

    def injury_in(self, month: Month) -> InjuryTerms | None:
        """The injury terms that hold for a month, or None when none were given."""
        return next((terms for terms in self.injury if month in terms.span), None)
