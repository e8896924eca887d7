"""Whatever order, files and columns: what was changed is found, it alone, and to the fen."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
from hypothesis import given, strategies as st

import socialins as si
from socialins.reconcile import Cause, FindingKind, Reconciliation
from socialins.testing.middle import middle

WAGES = st.integers(min_value=100_000, max_value=6_000_000)


@st.composite
def wage_lists(draw: st.DrawFn) -> list[str]:
    return [str(si.Money(fen)) for fen in draw(st.lists(WAGES, min_size=2, max_size=5))]


def reconciled(
    client: SimpleNamespace, bill: si.Settlement, lines: list[Any], data: st.DataObject, **how: Any
) -> Reconciliation:
    """Write the lines somehow, over some files, and reconcile the bill with them."""
    lines = data.draw(st.permutations(lines), label="order")
    headings = data.draw(st.permutations(client.SAYING), label="columns")
    parts = data.draw(st.integers(1, 3), label="files")
    suffix = data.draw(st.sampled_from([".csv", ".xlsx"]), label="format")
    total = data.draw(st.booleans(), label="row of totals")
    percent = data.draw(st.booleans(), label="percent signs")
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for part in range(parts):
            rows = client.table_of(lines[part::parts], headings, total=total)
            if percent:
                at = headings.index("费率")
                for row in rows[1:]:
                    row[at] = str(si.Rate(row[at])) if row[at] else ""
            paths.append(client.write(Path(folder, f"{part}{suffix}"), rows))
        found = middle().reconcile(bill, paths, **how)
    check_sums(found)
    return found


def check_sums(found: Reconciliation) -> None:
    """Nothing gets lost: findings add up to the gap, in all and for each insurance and payer."""
    assert si.Money.sum(one.difference for one in found) == found.theirs - found.ours
    for (insurance, payer), both in found.totals.items():
        mine = [one for one in found if (one.insurance, one.payer) == (insurance, payer)]
        assert si.Money.sum(one.difference for one in mine) == both.difference


def a_bill(client: SimpleNamespace, wages: list[str]) -> si.Settlement:
    return client.bill_of(*(client.entry(index, wage) for index, wage in enumerate(wages, 1)))


def only(found: Reconciliation, *keys: tuple[Any, ...]) -> None:
    got = {(one.who.number, one.insurance, one.payer) for one in found}
    assert got == set(keys), found.to_text("en")
    assert not found.errors
    assert not found.clean


@given(wages=wage_lists(), data=st.data())
def test_an_export_of_the_bill_itself_has_nothing_to_be_found(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    bill = a_bill(client, wages)
    lines = client.lines_of(bill, items=data.draw(st.booleans(), label="items"))
    found = reconciled(client, bill, lines, data)
    assert not found.findings, found.to_text("en")
    assert not found.errors
    assert found.clean
    assert found.ours == found.theirs == bill.total
    assert found.equal >= len(wages)


@given(wages=wage_lists(), data=st.data())
def test_somebody_whom_the_export_lacks_is_missing(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    bill = a_bill(client, wages)
    lines = client.lines_of(bill)
    gone = data.draw(st.sampled_from(sorted({line.number for line in lines})))
    previous = client.bill_of(
        *(one for one in bill.roster.entries if one.person.document.number != gone),
        month=bill.month - 1,
    )
    given_before = data.draw(st.sampled_from([None, previous, previous.roster]))
    left = [line for line in lines if line.number != gone]
    found = reconciled(client, bill, left, data, previous=given_before)
    only(found, *(line.key for line in lines if line.number == gone))
    assert {one.cause for one in found.missing} == {Cause.ENROLMENT_NOT_PASSED}
    assert len(found.missing) == len(found.findings)
    assert [who.number for who in found.persons("missing")] == [gone]
    assert -found.difference == si.Money.sum(one.amount for one in bill.of(gone))


@given(wages=wage_lists(), data=st.data())
def test_somebody_whom_the_bill_lacks_is_extra(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    whole = a_bill(client, wages)
    leaver = data.draw(st.sampled_from(whole.roster.entries)).person.document.number
    stays = [one for one in whole.roster.entries if one.person.document.number != leaver]
    bill = client.bill_of(*stays)
    lines = client.lines_of(whole)
    given_before = data.draw(st.sampled_from([None, whole, whole.roster]))
    found = reconciled(client, bill, lines, data, previous=given_before)
    only(found, *(line.key for line in lines if line.number == leaver))
    assert {one.cause for one in found.extra} == {Cause.STOP_NOT_PASSED}
    assert len(found.extra) == len(found.findings)
    assert [who.number for who in found.persons(FindingKind.EXTRA)] == [leaver]


@given(wages=wage_lists(), data=st.data())
def test_another_base_is_told_as_such(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    bill = a_bill(client, wages)
    lines = client.lines_of(bill)
    index = data.draw(
        st.sampled_from([i for i, line in enumerate(lines) if line.rate]), label="line"
    )
    line = lines[index]
    base = line.base + si.Money.yuan(data.draw(st.integers(100, 5000)))
    amounts = [
        one
        for one in bill.contributions
        if (one.person.document.number, one.insurance, one.payer) == line.key
    ]
    due = si.Money.sum(one.line.amount_rounding(one.rate.of(base)) + one.fixed for one in amounts)
    lines[index] = attrs.evolve(line, base=base, due=due)
    found = reconciled(client, bill, lines, data)
    only(found, line.key)
    (one,) = found.differing
    assert "base" in one.fields
    assert one.cause is Cause.BASE_CHANGED
    assert (one.ours.base, one.theirs.base) == (line.base, base)
    assert one.difference == due - line.due


@given(wages=wage_lists(), data=st.data())
def test_another_rate_is_told_as_such(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    bill = a_bill(client, wages)
    lines = client.lines_of(bill)
    index = data.draw(
        st.sampled_from([i for i, one in enumerate(lines) if one.insurance == "injury"])
    )
    line = lines[index]
    rate = line.rate + si.Rate(f"{data.draw(st.integers(1, 17))}/1000")
    (mine,) = (one for one in bill.of(line.number) if one.insurance == "injury")
    due = mine.line.amount_rounding(rate.of(line.base))
    lines[index] = attrs.evolve(line, rate=rate, due=due)
    found = reconciled(client, bill, lines, data)
    only(found, line.key)
    (one,) = found.differing
    assert one.fields == ("rate", "amount")
    assert one.cause is Cause.RATE_DIFFERS
    assert (one.ours.rate, one.theirs.rate) == (line.rate, rate)


@given(wages=wage_lists(), data=st.data())
def test_a_fen_is_told_as_rounding(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    bill = a_bill(client, wages)
    lines = client.lines_of(bill)
    index = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line.due.fen > 1]))
    line, change = lines[index], data.draw(st.sampled_from([si.Money(1), si.Money(-1)]))
    lines[index] = attrs.evolve(line, due=line.due + change)
    found = reconciled(client, bill, lines, data)
    only(found, line.key)
    (one,) = found.differing
    assert one.fields == ("amount",)
    assert one.cause is Cause.ROUNDING
    assert one.difference == change


@given(wages=wage_lists(), data=st.data())
def test_relief_and_credit_are_told_by_their_columns(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    bill = a_bill(client, wages)
    lines = client.lines_of(bill)
    index = data.draw(st.sampled_from([i for i, line in enumerate(lines) if line.due.fen > 1]))
    line = lines[index]
    part = si.Money(data.draw(st.integers(1, line.due.fen)))
    what, cause = data.draw(
        st.sampled_from([("relief", Cause.RELIEF), ("credit", Cause.CREDIT_OFFSET)])
    )
    lines[index] = attrs.evolve(line, **{what: part})
    found = reconciled(client, bill, lines, data)
    only(found, line.key)
    (one,) = found.differing
    assert one.cause is cause
    assert one.difference == -part


@given(wages=wage_lists(), data=st.data())
def test_several_changes_at_once_are_each_found(
    client: SimpleNamespace, wages: list[str], data: st.DataObject
) -> None:
    bill = a_bill(client, wages)
    lines = client.lines_of(bill)
    changed: dict[tuple[Any, ...], FindingKind] = {}
    kept = []
    for line in lines:
        # Each pair of insurance and payer keeps a row, so that its export is there.
        first = line.number == lines[0].number
        what = data.draw(st.sampled_from(["keep", "keep", "amount", "keep" if first else "drop"]))
        if what == "drop":
            changed[line.key] = FindingKind.MISSING
            continue
        if what == "amount":
            changed[line.key] = FindingKind.DIFFERING
            more = si.Money(data.draw(st.integers(1, 10**7)))
            kept.append(attrs.evolve(line, due=line.due + more))
            continue
        kept.append(line)
    kept.append(attrs.evolve(lines[0], name="外人", number=client.number(900), due=si.Money(12345)))
    changed[kept[-1].key] = FindingKind.EXTRA
    found = reconciled(client, bill, kept, data)
    got = {(one.who.number, one.insurance, one.payer): one.kind for one in found}
    assert got == changed
    assert found.equal == len(lines) + 1 - len(changed)
