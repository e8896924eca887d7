"""Strategies for rosters: declared wages about the edges, household classes, entries, rosters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import attrs

from socialins.model import (
    FIVE_INSURANCES,
    AccountType,
    DeclaredWage,
    Employment,
    Household,
    InsuredPerson,
    Roster,
    RosterEntry,
    UnitAccount,
    WageOrigin,
)
from socialins.rules import Bounds, Cascade, RuleClass
from socialins.testing.lazy import st
from socialins.testing.strategies.accounts import accounts
from socialins.testing.strategies.identity import persons
from socialins.testing.strategies.values import money, months, rates
from socialins.values import Money, Month, MonthSpan

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from socialins.facade import Region

__all__ = [
    "declared_wages",
    "edges",
    "employments",
    "households",
    "roster_entries",
    "rosters",
    "wages",
]

_MOST = "200000"
# Next to a bound, and where a base that is rounded to the jiao or the yuan jumps over it.
_STEPS = (0, -1, 1, -5, 5, -50, 49, 50, 100)


def households() -> SearchStrategy[Household]:
    """Household classes (户籍); shrinks towards local urban."""
    return st.sampled_from(list(Household))


def employments() -> SearchStrategy[Employment]:
    """Forms of employment (用工形式); shrinks towards full-time."""
    return st.sampled_from(list(Employment))


def edges(*, region: Region, month: Month | str) -> tuple[Money, ...]:
    """Every floor and every cap (基数上下限) that some class of persons meets, the lowest first.

    Arguments:
        region: whose rules.
        month: the month they hold in; what is not known is left out.

    >>> from socialins.testing.middle import middle
    >>> [str(amount) for amount in edges(region=middle(), month="2026-11")]
    ['3992.00', '4100.00', '4310.00', '5000.00', '20000.00', '20500.00', '21500.00']
    """
    return _edges(region.cascade, Month.of(month))


def wages(
    *,
    around: Iterable[Money | Bounds] = (),
    min_value: Money | str = "0",
    max_value: Money | str = _MOST,
) -> SearchStrategy[Money]:
    """Wages: any amount, and half of them where rules change their mind.

    Bounds shrink the field to a handful of amounts that matter: floor and cap, one fen beside
    them, and where rounding carries a wage across. Shrinks towards the least amount.

    Arguments:
        around: bounds or amounts to stay near; see `edges`.
        min_value: the least wage.
        max_value: the greatest wage, as far as no bound lies beyond it.
    """
    anywhere = money(min_value=min_value, max_value=max_value)
    least = Money.yuan(min_value).fen
    near = {amount.fen + step for amount in _amounts(around) for step in _STEPS}
    close = sorted(fen for fen in near if fen >= least)
    return anywhere | st.sampled_from(close).map(Money) if close else anywhere


def declared_wages(
    *, amounts: SearchStrategy[Money] | None = None, month: Month | str | None = None
) -> SearchStrategy[DeclaredWage]:
    """Declared wages (缴费工资) of every origin.

    Shrinks towards last year's average, with no month stated.

    Arguments:
        amounts: the amounts; any wage if left out.
        month: a month by which they have been declared.
    """
    latest = Month.of("2099-12" if month is None else month)
    return st.builds(
        DeclaredWage,
        wages() if amounts is None else amounts,
        st.sampled_from(list(WageOrigin)),
        st.none() | months(min_value=min(latest, Month(2000, 1)), max_value=latest),
    )


def roster_entries(
    *,
    region: Region | None = None,
    month: Month | str | None = None,
    persons: SearchStrategy[InsuredPerson] | None = None,
    wages: SearchStrategy[DeclaredWage] | None = None,
) -> SearchStrategy[RosterEntry]:
    """Entries of a roster (花名册中的一人), of every household class and form of employment.

    One in a few has its insurances chosen, or an injury rate of its own. Shrinks towards a local
    urban full-timer in all insurances.

    Arguments:
        region: wages lie about its bounds, and its insurances are chosen from.
        month: the month of these bounds; needed with a region.
        persons: the persons.
        wages: the declared wages, in place of the region's.
    """
    if wages is None:
        wages = declared_wages(amounts=_wages_of(region, month), month=month)
    chosen = st.frozensets(st.sampled_from(_insurances(region)), min_size=1)
    return st.builds(
        RosterEntry,
        _persons() if persons is None else persons,
        wages,
        households(),
        employments(),
        st.one_of(st.none(), st.none(), chosen),
        _ROW_RATES,
    )


_persons = persons
_ROW_RATES = st.one_of(st.none(), st.none(), rates(min_value="0.05%", max_value="3%", places=5))


def rosters(
    *,
    month: Month | str | None = None,
    region: Region | None = None,
    min_size: int = 0,
    max_size: int = 8,
    entries: SearchStrategy[RosterEntry] | None = None,
    accounts: SearchStrategy[UnitAccount] | None = None,
) -> SearchStrategy[Roster]:
    """Rosters (花名册) that nobody stands in twice, with an account and its total wages.

    The account's injury terms hold for the month, and a region's reliefs find what they depend on,
    so that a month whose figures are known can be settled. Shrinks towards nobody.

    Arguments:
        month: the month; drawn if left out.
        region: wages lie about its bounds, its insurances are chosen from, and the account has
            bands and trades of its.
        min_size: how many persons there are at least.
        max_size: how many there are at most.
        entries: the entries, in place of the region's.
        accounts: the account, in place of any.
    """
    if region is not None and month is None:
        return months().flatmap(
            lambda when: rosters(
                month=when,
                region=region,
                min_size=min_size,
                max_size=max_size,
                entries=entries,
                accounts=accounts,
            )
        )
    # Without a region nothing depends on the month but the injury terms, which `_roster` moves.
    earliest = "2000-01" if month is None else month
    listed = st.lists(
        roster_entries(region=region, month=earliest) if entries is None else entries,
        min_size=min_size,
        max_size=max_size,
        unique_by=lambda entry: entry.person.key,
    )
    kept = _accounts(month=earliest, region=region) if accounts is None else accounts
    return st.builds(
        _roster,
        months() if month is None else st.just(Month.of(month)),
        listed,
        kept,
        _TOTALS,
        move=st.just(accounts is None),
    )


_accounts = accounts
_TOTALS = st.none() | money(min_value="0", max_value="10000000")


def _roster(
    month: Month,
    entries: list[RosterEntry],
    account: UnitAccount,
    total_wages: Money | None,
    *,
    move: bool,
) -> Roster:
    if move and account.injury_in(month) is None:
        held = [attrs.evolve(terms, span=MonthSpan(month, month)) for terms in account.injury]
        account = attrs.evolve(account, injury=held)
    return Roster(month, tuple(entries), account, total_wages)


def _amounts(around: Iterable[Money | Bounds]) -> Iterable[Money]:
    for one in around:
        if isinstance(one, Money):
            yield one
        else:
            yield from (bound for bound in (one.floor, one.cap) if isinstance(bound, Money))


def _wages_of(region: Region | None, month: Month | str | None) -> SearchStrategy[Money] | None:
    if region is None:
        return None
    if month is None:
        raise ValueError("bounds hold for a month: pass month= along with region=")
    return wages(around=edges(region=region, month=month))


def _insurances(region: Region | None) -> tuple[str, ...]:
    if region is None:
        return FIVE_INSURANCES
    return tuple(insurance.id for insurance in region.cascade.insurances())


@lru_cache(maxsize=64)
def _edges(cascade: Cascade, month: Month) -> tuple[Money, ...]:
    found: set[Money] = set()
    insurances = [insurance.id for insurance in cascade.insurances()]
    for rule_class, insurance in product(_rule_classes(), insurances):
        located = cascade.find("bounds", month, rule_class, insurance=insurance)
        if located is not None and located.figure is not None:
            found.update(_amounts([located.figure]))
    return tuple(sorted(found))


def _rule_classes() -> Iterator[RuleClass]:
    for household in Household:
        for employment in Employment:
            for account_type in AccountType:
                yield RuleClass(household, employment, account_type)
