"""Hypothesis strategies (测试数据) for the public types, for users' own test suites.

    from hypothesis import given
    from socialins.testing import strategies as sis

    @given(sis.rosters(month="2026-11", region=si.region("middle")))
    def test_our_payroll_takes_every_bill(roster): ...

All arguments are keywords and optional. Everything shrinks towards the plainest legal value: no
money, the earliest month, a resident's number, a name of two characters, local urban and full-time,
an empty roster. Nobody in them is real: numbers are drawn, and fit by their check character alone.

Needs the extra ``testing``; with it, ``st.from_type(si.Roster)`` gives the same with all defaults.

>>> from hypothesis import given
>>> from socialins import DeclaredWage, Money, Roster, RosterEntry
>>> from socialins.testing.middle import middle
>>> @given(persons(), wages(around=edges(region=middle(), month="2026-11")))
... def test_nobody_owes_less_than_nothing(person, wage):
...     entry = RosterEntry(person, DeclaredWage(wage))
...     bill = middle().settle(Roster("2026-11", [entry]), strict=False)
...     assert bill.person_total >= Money(0)
>>> test_nobody_owes_less_than_nothing()
"""

from socialins.testing.strategies.accounts import accounts, injury_terms, units
from socialins.testing.strategies.enrolments import enrolment_terms, enrolments
from socialins.testing.strategies.forms import form_heads, form_rows
from socialins.testing.strategies.identity import (
    credit_codes,
    documents,
    names,
    persons,
    resident_ids,
)
from socialins.testing.strategies.lines import lines
from socialins.testing.strategies.rosters import (
    declared_wages,
    edges,
    employments,
    households,
    roster_entries,
    rosters,
    wages,
)
from socialins.testing.strategies.values import (
    money,
    month_spans,
    months,
    rates,
    roundings,
)

__all__ = [
    "accounts",
    "credit_codes",
    "declared_wages",
    "documents",
    "edges",
    "employments",
    "enrolment_terms",
    "enrolments",
    "form_heads",
    "form_rows",
    "households",
    "injury_terms",
    "lines",
    "money",
    "month_spans",
    "months",
    "names",
    "persons",
    "rates",
    "resident_ids",
    "roster_entries",
    "rosters",
    "roundings",
    "units",
    "wages",
]
