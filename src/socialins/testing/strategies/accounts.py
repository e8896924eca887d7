"""Strategies for units, their accounts and the accounts' injury terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialins.model import AccountType, InjuryTerms, Unit, UnitAccount
from socialins.testing.lazy import st
from socialins.testing.strategies.identity import credit_codes
from socialins.testing.strategies.values import month_spans, rates
from socialins.values import Month, MonthSpan, Rate

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["accounts", "injury_terms", "units"]

_KINDS = ("有限公司", "（集团）股份有限公司", "(中州)商贸有限公司", "合作社", "研究所")
_ACCOUNT_TYPES = (AccountType.ENTERPRISE, AccountType.STATE_ORGAN)


@st.composite
def units(draw: DrawFn) -> Unit:
    """Units (参保单位); shrinks towards a company without a credit code.

    Their names have half-width and full-width brackets, which bureaus tell apart.
    """
    return Unit(draw(_STEMS) + draw(st.sampled_from(_KINDS)), draw(_CODES))


_STEMS = st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=4)
_CODES = st.none() | credit_codes()


def injury_terms(*, span: MonthSpan | None = None) -> SearchStrategy[InjuryTerms]:
    """What an account pays for work injury (工伤费率): a risk class, or a rate of its own.

    Shrinks towards class 1.

    Arguments:
        span: the months they hold for; drawn if left out.
    """
    spans = month_spans() if span is None else st.just(span)
    return st.builds(_terms, spans, _CLASSES_AND_RATES)


def _terms(span: MonthSpan, fixed: int | Rate) -> InjuryTerms:
    if isinstance(fixed, Rate):
        return InjuryTerms(span, rate=fixed)
    return InjuryTerms(span, risk_class=fixed)


def accounts(
    *, month: Month | str | None = None, account_type: AccountType | None = None
) -> SearchStrategy[UnitAccount]:
    """Accounts of units (参保户), which keep all of a region's insurances.

    Shrinks towards an enterprise's account in class 1.

    Arguments:
        month: a month that the injury terms hold for; without one, they may hold for any, or
            be missing.
        account_type: one type only.
    """
    types = _ACCOUNT_TYPES if account_type is None else (account_type,)
    holding = st.builds(_terms, month_spans(containing=month), _CLASSES_AND_RATES)
    return st.builds(
        UnitAccount,
        units(),
        st.integers(10**5, 10**9).map(str),
        account_type=st.sampled_from(types),
        injury=st.lists(holding, min_size=month is not None, max_size=1),
    )


_CLASSES_AND_RATES = st.integers(1, 8) | rates(min_value="0.05%", max_value="3%", places=5)
