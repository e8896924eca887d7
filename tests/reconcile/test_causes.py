"""Likely causes: each is named by arithmetic that comes out, and by no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

import socialins as si
from socialins.reconcile import Cause
from socialins.testing.middle import middle

Write = Callable[..., Path]
BEFORE = date(2025, 8, 15)
"""The bounds of 2025-07 were announced on 2025-09-18."""


def changed(bill: si.Settlement, **terms: object) -> si.Settlement:
    """A bill with further amounts of its first contribution."""
    first = bill.contributions[0]
    return attrs.evolve(bill, contributions=(*bill.contributions, attrs.evolve(first, **terms)))


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (si.Kind.DIFFERENCE, Cause.DIFFERENCE),
        (si.Kind.BACKPAY, Cause.BACK_PAYMENT),
        (si.Kind.LATE_FEE, Cause.BACK_PAYMENT),
    ],
)
def test_what_the_bill_has_besides_and_the_export_lacks_is_not_collected_yet(
    client: SimpleNamespace, export: Write, kind: si.Kind, cause: Cause
) -> None:
    bill = client.bill_of(client.entry(1))
    more = changed(bill, kind=kind, amount=si.Money(4321), period=bill.month - 2)
    found = middle().reconcile(more, export(client.lines_of(bill)))
    (one,) = found.findings
    assert (one.cause, one.difference) == (cause, si.Money(-4321))
    assert "43.21" in one.why.get("en")


def test_a_known_difference_of_earlier_months_explains_the_gap(
    client: SimpleNamespace, export: Write
) -> None:
    person = client.entry(1, "90000")
    july = client.bill_of(person, month=si.Month(2025, 7), known_on=BEFORE, strict=False)
    gaps: defaultdict[tuple[str, si.Payer], si.Money] = defaultdict(lambda: si.Money(0))
    for one in middle().differences(july):
        gaps[one.insurance, one.payer] += one.amount
    assert gaps
    bill = client.bill_of(person)
    lines = [
        attrs.evolve(line, due=line.due + gaps[line.insurance, line.payer])
        for line in client.lines_of(bill)
    ]
    found = middle().reconcile(bill, export(lines), earlier=[july])
    assert {one.cause for one in found} == {Cause.DIFFERENCE}
    assert {(one.insurance, one.payer): one.difference for one in found} == {
        key: gap for key, gap in gaps.items() if gap
    }
    assert all("2025-07" in one.why.get("zh") for one in found)
    without = middle().reconcile(bill, export(lines))
    assert Cause.DIFFERENCE not in {one.cause for one in without}


def test_a_bureau_that_works_by_other_rules_than_the_bill_is_told(
    client: SimpleNamespace, export: Write
) -> None:
    person = client.entry(1, "90000")
    old, new = (
        client.bill_of(person, month=si.Month(2025, 7), known_on=day, strict=False)
        for day in (BEFORE, None)
    )
    found = middle().reconcile(new, export(client.lines_of(old)), known_on=BEFORE)
    assert {one.cause for one in found} == {Cause.DIFFERENCE}
    assert all("base" in one.fields for one in found)
    # The other way round: the bill was made before the figures came, the export after.
    found = middle().reconcile(old, export(client.lines_of(new)))
    assert {one.cause for one in found} == {Cause.DIFFERENCE}
    # Without asking by what day, it is another base.
    found = middle().reconcile(new, export(client.lines_of(old)))
    assert {one.cause for one in found} == {Cause.BASE_CHANGED}


def test_known_back_payments_explain_the_gap(client: SimpleNamespace, export: Write) -> None:
    bill = client.bill_of(client.entry(1))
    first = bill.contributions[0]
    late = attrs.evolve(first, kind=si.Kind.LATE_FEE, amount=si.Money(999))
    lines = client.lines_of(bill)
    lines[0] = attrs.evolve(lines[0], due=lines[0].due + si.Money(999))
    found = middle().reconcile(bill, export(lines), besides=[late])
    (one,) = found.findings
    assert one.cause is Cause.BACK_PAYMENT
    assert [each.cause for each in one.likely] == [Cause.BACK_PAYMENT]


def test_more_payable_than_due_is_a_back_payment(client: SimpleNamespace, export: Write) -> None:
    bill = client.bill_of(client.entry(1))
    lines = client.lines_of(bill)
    lines[0] = attrs.evolve(lines[0], credit=si.Money(-500))
    (one,) = middle().reconcile(bill, export(lines)).findings
    assert (one.cause, one.difference) == (Cause.BACK_PAYMENT, si.Money(500))


def test_base_and_rate_together_are_told_as_both(client: SimpleNamespace, export: Write) -> None:
    bill = client.bill_of(client.entry(1))
    lines = client.lines_of(bill)
    (mine,) = (one for one in bill.contributions if one.insurance == "injury")
    at = next(i for i, line in enumerate(lines) if line.insurance == "injury")
    base, rate = si.Money.yuan(9999), si.Rate("0.7%")
    due = mine.line.amount_rounding(rate.of(base))
    lines[at] = attrs.evolve(lines[at], base=base, rate=rate, due=due)
    (one,) = middle().reconcile(bill, export(lines)).findings
    assert one.cause is Cause.BASE_AND_RATE
    lines[at] = attrs.evolve(lines[at], due=due + si.Money(7))
    (one,) = middle().reconcile(bill, export(lines)).findings
    assert one.cause is Cause.UNKNOWN


def test_a_gap_that_nothing_gives_is_unknown(client: SimpleNamespace, export: Write) -> None:
    bill = client.bill_of(client.entry(1))
    lines = client.lines_of(bill)
    lines[0] = attrs.evolve(lines[0], due=lines[0].due + si.Money(4567))
    (one,) = middle().reconcile(bill, export(lines)).findings
    assert one.cause is Cause.UNKNOWN
    assert "45.67" in one.why.get("zh")


def test_another_declared_wage_under_the_same_base_is_told(
    client: SimpleNamespace, export: Write
) -> None:
    bill = client.bill_of(client.entry(1))
    lines = client.lines_of(bill)
    lines[0] = attrs.evolve(lines[0], wage=lines[0].wage + si.Money(1))
    (one,) = middle().reconcile(bill, export(lines)).findings
    assert (one.cause, one.fields, one.difference) == (Cause.WAGE_DIFFERS, ("wage",), si.Money(0))


def test_a_typing_error_in_a_number_is_told_on_both_sides(
    client: SimpleNamespace, export: Write
) -> None:
    bill = client.bill_of(client.entry(1), client.entry(2))
    lines = [
        attrs.evolve(line, number=client.number(77)) if line.name == "某1" else line
        for line in client.lines_of(bill)
    ]
    found = middle().reconcile(bill, export(lines))
    assert {one.cause for one in found} == {Cause.NUMBER_DIFFERS}
    assert len(found.missing) == len(found.extra) > 0
    assert found.difference == si.Money(0)


def test_what_the_bill_could_not_settle_is_told(client: SimpleNamespace, export: Write) -> None:
    full = client.bill_of(client.entry(1))
    bill = client.bill_of(client.entry(1, injury_rate=None), strict=False)
    found = middle().reconcile(bill, export(client.lines_of(full)))
    (one,) = found.extra
    assert (one.insurance, one.cause) == ("injury", Cause.NOT_SETTLED)


def test_who_was_there_last_month_and_is_missing_now_is_no_enrolment(
    client: SimpleNamespace, export: Write
) -> None:
    bill = client.bill_of(client.entry(1), client.entry(2))
    lines = [line for line in client.lines_of(bill) if line.name == "某1"]
    found = middle().reconcile(bill, export(lines), previous=bill.roster)
    assert {one.cause for one in found.missing} == {Cause.UNKNOWN}


def test_a_relief_that_the_rules_know_too_is_no_difference(
    client: SimpleNamespace, export: Write
) -> None:
    """The export states the full rate and the relief; the bill what is left of both."""
    bill = client.bill_of(client.entry(1))
    first = bill.contributions[0]
    half = attrs.evolve(
        first,
        line=attrs.evolve(first.line, relief=si.Rate("50%")),
        rate=first.rate * si.Rate("50%"),
        amount=si.Money(first.amount.fen // 2),
    )
    relieved = attrs.evolve(bill, contributions=(half, *bill.contributions[1:]))
    lines = client.lines_of(bill)
    lines[0] = attrs.evolve(lines[0], relief=lines[0].due - half.amount)
    assert middle().reconcile(relieved, export(lines)).clean
