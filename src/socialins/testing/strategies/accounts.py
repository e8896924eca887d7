"""Strategies for units, their accounts and the accounts' injury terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from socialins.model import AccountType, InjuryTerms, Payer, Unit, UnitAccount, UnitSize
from socialins.rules import Cascade, RuleClass
from socialins.testing.lazy import st
from socialins.testing.strategies.identity import credit_codes
from socialins.testing.strategies.values import month_spans, rates
from socialins.values import Month, MonthSpan, Rate

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from socialins.facade import Region

__all__ = ["accounts", "injury_terms", "units"]

_KINDS = ("有限公司", "（集团）股份有限公司", "(中州)商贸有限公司", "合作社", "研究所")
_ACCOUNT_TYPES = (AccountType.ENTERPRISE, AccountType.STATE_ORGAN)
_SIZES: tuple[UnitSize | None, ...] = (None, *UnitSize)

# The national bands (浮动档次), of class 1 and of the others: 人社部发〔2015〕71号.
_FIRST_BANDS = ("100%", "120%", "150%")
_BANDS = ("100%", "50%", "80%", "120%", "150%")


@attrs.frozen
class _Injury:
    """A risk class with or without a band, or an own rate."""

    risk_class: int | None = None
    band: Rate | None = None
    rate: Rate | None = None

    def in_months(self, span: MonthSpan) -> InjuryTerms:
        return InjuryTerms(span, risk_class=self.risk_class, band=self.band, rate=self.rate)


def units(*, region: Region | None = None) -> SearchStrategy[Unit]:
    """Units (参保单位) of any size; shrinks towards a company of which only the name is known.

    Their names have half-width and full-width brackets, which bureaus tell apart.

    Arguments:
        region: some are in one of the trades (行业) that its rules tell apart; without a region
            none is, since only rules have trades.
    """
    return _units(_SIZES, (None,) if region is None else (None, *_trades(region.cascade)))


@st.composite
def _units(draw: DrawFn, sizes: Sequence[UnitSize | None], trades: Sequence[str | None]) -> Unit:
    return Unit(
        draw(_STEMS) + draw(st.sampled_from(_KINDS)),
        draw(_CODES),
        draw(st.sampled_from(sizes)),
        draw(st.sampled_from(trades)),
    )


_STEMS = st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=4)
_CODES = st.none() | credit_codes()


def injury_terms(*, span: MonthSpan | None = None) -> SearchStrategy[InjuryTerms]:
    """What an account pays for work injury (工伤费率): a risk class, or a rate of its own.

    A class comes with or without one of the national floating bands (浮动档次). Shrinks towards
    class 1 without a band.

    Arguments:
        span: the months they hold for; drawn if left out.
    """
    spans = month_spans() if span is None else st.just(span)
    return st.builds(_Injury.in_months, _injuries(_NATIONAL), spans)


def accounts(
    *,
    month: Month | str | None = None,
    account_type: AccountType | None = None,
    region: Region | None = None,
) -> SearchStrategy[UnitAccount]:
    """Accounts of units (参保户), which keep all of a region's insurances.

    Shrinks towards an enterprise's account in class 1.

    Arguments:
        month: a month that the injury terms hold for; without one, they may hold for any, or
            be missing.
        account_type: one type only.
        region: a class may be in one of the floating bands that its figures have in the month,
            and a unit in one of its trades; size and trade are known where a relief of the month
            depends on them. Without a region there are neither bands nor trades, since not every
            region would settle them. Needs a month.
    """
    types = _ACCOUNT_TYPES if account_type is None else (account_type,)
    kept, whose, banded = Month.of("2000-01" if month is None else month), units(), _NO_BANDS
    if region is not None:
        if month is None:
            raise ValueError("bands hold for a month: pass month= along with region=")
        banded = _bands(region.cascade, kept)
        asked = _asked(region.cascade, kept)
        trades = _trades(region.cascade)
        whose = _units(
            tuple(UnitSize) if "unit_size" in asked else _SIZES,
            trades if "trade" in asked else (None, *trades),
        )
    holding = st.builds(_Injury.in_months, _injuries(banded), month_spans(containing=month))
    return st.builds(
        UnitAccount,
        whose,
        st.integers(10**5, 10**9).map(str),
        account_type=st.sampled_from(types),
        injury=st.lists(holding, min_size=month is not None, max_size=1),
    )


_Bands = tuple[tuple[int, Rate], ...]
_NO_BANDS: _Bands = ()
_NATIONAL: _Bands = tuple(
    (risk_class, Rate(band))
    for risk_class in range(1, 9)
    for band in (_FIRST_BANDS if risk_class == 1 else _BANDS)
)
_CLASSES = st.integers(1, 8).map(_Injury)
_RATES = rates(min_value="0.05%", max_value="3%", places=5).map(lambda rate: _Injury(rate=rate))


def _injuries(banded: _Bands) -> SearchStrategy[_Injury]:
    if not banded:
        return _CLASSES | _RATES
    return st.one_of(_CLASSES, st.sampled_from(banded).map(lambda one: _Injury(*one)), _RATES)


def _trades(cascade: Cascade) -> tuple[str, ...]:
    return tuple(trade.id for trade in cascade.trades())


@lru_cache(maxsize=64)
def _bands(cascade: Cascade, month: Month) -> _Bands:
    """The classes with the bands that accounts of every type can be in, as far as is known."""
    figures = []
    for account_type in _ACCOUNT_TYPES:
        rule_class = RuleClass(account_type=account_type)
        located = cascade.find("injury-bands", month, rule_class, insurance="injury")
        figures.append(located.figure if located else None)
    return tuple(
        (risk_class, band)
        for risk_class in range(1, 9)
        for band in (figures[0].of(risk_class) if figures[0] else ())
        if all(figure and band in figure.of(risk_class) for figure in figures)
    )


@lru_cache(maxsize=64)
def _asked(cascade: Cascade, month: Month) -> frozenset[str]:
    """What of a unit the reliefs of a month depend on, as keys of `RuleClass`."""
    return frozenset(
        key
        for account_type in _ACCOUNT_TYPES
        for insurance in cascade.insurances()
        for payer in Payer
        for key in cascade.undecided(
            "relief",
            month,
            RuleClass(account_type=account_type),
            insurance=insurance.id,
            payer=payer,
        )
    )
