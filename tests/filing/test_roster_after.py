"""The roster after a month follows from the one before and from what was passed, and is settled."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.calendar import SHANGHAI
from socialins.filing import (
    Change,
    ConfirmAtCounter,
    Desk,
    Draft,
    Facts,
    FilingBook,
    Ready,
    Submit,
    event_from_plain,
    event_to_plain,
    fold,
    result_of,
    roster_after,
)
from socialins.model.codes import WageOrigin
from socialins.testing.middle import middle
from socialins.values import Money, Month

NOVEMBER = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
BUSINESSES = {
    "businesses": [
        {"id": "staff.add", "effect": "join"},
        {"id": "staff.stop", "effect": "leave"},
        {"id": "wage.change", "effect": "change", "handling": "audited"},
        {"id": "m.counter", "effect": "join", "counter": {"sets_effect": True}},
        {"id": "m.unknown"},
    ]
}


def somebody(number: int) -> si.InsuredPerson:
    return si.InsuredPerson(f"某{number}", si.IdDocument("passport", f"E{number:08d}"))


def entry(number: int, wage: int = 500_000) -> si.RosterEntry:
    return si.RosterEntry(somebody(number), si.DeclaredWage(Money(wage)))


class Filed:
    """A desk at which whatever is filed is passed, but for the rows that fail."""

    def __init__(self) -> None:
        self.desk = Desk(middle().filing(BUSINESSES))
        self.at = NOVEMBER
        self.count = 0
        self.desk.open("A1", "2026-11", self.at)

    def __call__(self, business: str, *rows: Change, failed: tuple[str, ...] = ()) -> str:
        self.count += 1
        self.at += timedelta(minutes=1)
        id_, month = f"D{self.count}", "2026-11"
        entered = Draft(at=self.at, declaration=id_, business=business, rows=rows)
        assert not self.desk.do(month, entered).refused
        one = self.desk.book(month).declarations[id_]
        for command in (
            Ready(at=self.at, declaration=id_, heads=one.heads, wages=one.wages),
            Submit(at=self.at, declaration=id_, facts=Facts()),
            result_of(one, dict.fromkeys(failed, "x"), at=self.at),
        ):
            assert not self.desk.do(month, command).refused
        return id_

    def after(self, before: si.Roster, month: str = "2026-11") -> Any:
        return self.desk.roster_after(before, month)


moves = st.lists(
    st.tuples(
        st.sampled_from(["staff.add", "staff.stop", "wage.change"]),
        st.integers(1, 5),
        st.integers(0, 3_000_000),
        st.booleans(),
    ),
    max_size=12,
)


@given(st.sets(st.integers(1, 5)), moves)
def test_it_is_what_a_clerk_with_a_list_would_get(
    first: set[int], listed: list[tuple[str, int, int, bool]]
) -> None:
    filed = Filed()
    before = si.Roster("2026-10", [entry(number) for number in sorted(first)])
    clerk = dict.fromkeys(sorted(first), 500000)
    odd = 0
    for business, number, wage, taken in listed:
        change = Change(row="1", person=somebody(number), wage=Money(wage))
        filed(business, change, failed=() if taken else ("1",))
        if not taken:
            continue
        if (business == "staff.add") is (number in clerk):
            odd += 1
        elif business == "staff.stop":
            del clerk[number]
        else:
            clerk[number] = wage
    found = filed.after(before)
    assert {entry.person.document.number: entry.wage.amount.fen for entry in found.roster} == {
        f"E{number:08d}": wage for number, wage in clerk.items()
    }
    assert len(found.faults) == odd, "a row that does not fit is told, not dropped"
    lines = [event_to_plain(event) for event in filed.desk.history("2026-11")]
    replayed = fold(event_from_plain(line) for line in lines)
    again = roster_after(before, [replayed], Month(2026, 11), filed.desk.rules.businesses)
    assert again == found


@given(st.lists(st.integers(300_000, 3_000_000), min_size=1, max_size=6))
def test_it_settles_to_what_the_same_roster_made_by_hand_does(wages: list[int]) -> None:
    filed = Filed()
    rows = [
        Change(row=str(number), person=somebody(number), wage=Money(wage))
        for number, wage in enumerate(wages)
    ]
    filed("staff.add", *rows)
    by_hand = si.Roster("2026-11", [entry(number, wage) for number, wage in enumerate(wages)])
    found = filed.after(si.Roster("2026-10", ())).roster
    region = middle()
    settle = {"strict": False}
    bill, wanted = region.settle(found, **settle), region.settle(by_hand, **settle)
    assert bill.total == wanted.total
    assert bill.total > Money(0)


def test_rows_that_failed_leave_no_trace_and_those_beside_them_do() -> None:
    filed = Filed()
    filed("staff.add", *(Change(row=str(n), person=somebody(n), wage=Money(1)) for n in range(3)),
          failed=("1",))  # fmt: skip
    assert [one.person.name for one in filed.after(si.Roster("2026-10", ())).roster] == [
        "某0",
        "某2",
    ]


def test_what_a_change_leaves_out_stays_as_it_is() -> None:
    filed = Filed()
    was = attrs.evolve(
        entry(1),
        household=si.Household.RURAL_OUTSIDE,
        insurances={"pension"},
        injury_rate=si.Rate("0.5%"),
    )
    filed("wage.change", Change(row="1", person=somebody(1), wage=Money(700_000)))
    (now,) = filed.after(si.Roster("2026-10", [was])).roster
    assert now == attrs.evolve(was, wage=now.wage)
    assert now.wage == si.DeclaredWage(Money(700_000), WageOrigin.CHANGED, Month(2026, 11))


def test_a_joiner_without_a_wage_and_a_leaver_who_is_not_there_are_faults() -> None:
    filed = Filed()
    filed("staff.add", Change(row="1", person=somebody(1)))
    filed("staff.stop", Change(row="1", person=somebody(2)))
    filed("m.unknown", Change(row="1", person=somebody(3), wage=Money(1)))
    found = filed.after(si.Roster("2026-10", [entry(7)]))
    assert [fault.code for fault in found.faults] == ["filing.no-wage", "filing.not-there"]
    assert [one.person.name for one in found.roster] == ["某7"]


def test_what_the_counter_confirmed_later_joins_the_later_roster() -> None:
    filed = Filed()
    id_ = filed("m.counter", Change(row="1", person=somebody(1), wage=Money(1)))
    empty = si.Roster("2026-10", ())
    assert len(filed.after(empty).roster) == 0
    later = datetime(2026, 12, 31, 23, 30, tzinfo=SHANGHAI)
    filed.desk.do("2026-11", ConfirmAtCounter(at=later, declaration=id_))
    assert len(filed.after(empty).roster) == 0
    assert len(filed.after(empty, "2026-12").roster) == 1
    assert len(filed.after(empty, "2027-01").roster) == 0


def test_of_two_changes_of_a_wage_the_one_submitted_last_holds() -> None:
    desk = Desk(middle().filing())
    desk.open("A1", "2026-11", NOVEMBER)
    for id_, wage in (("D1", 700_000), ("D2", 600_000)):
        change = Change(row="1", person=somebody(1), wage=Money(wage))
        for command in (
            Draft(at=NOVEMBER, declaration=id_, business="wage.change", rows=(change,)),
            Ready(at=NOVEMBER, declaration=id_, heads=1, wages=Money(wage)),
        ):
            assert not desk.do("2026-11", command).refused
    for minute, id_ in enumerate(("D2", "D1")):
        at = NOVEMBER + timedelta(minutes=minute)
        assert not desk.do("2026-11", Submit(at=at, declaration=id_)).refused
    (now,) = desk.roster_after(si.Roster("2026-10", [entry(1)]), "2026-11").roster
    assert now.wage.amount == Money(700_000)


def test_last_months_total_wages_are_not_taken_for_this_month_s() -> None:
    filed = Filed()
    before = si.Roster("2026-10", [entry(1)], total_wages=Money(900_000))
    assert filed.after(before).roster.total_wages is None
    stated = filed.desk.roster_after(before, "2026-11", total_wages=Money(800_000))
    assert stated.roster.total_wages == Money(800_000)


def test_a_book_that_is_given_twice_or_of_another_account_is_refused() -> None:
    filed = Filed()
    book = filed.desk.book("2026-11")
    before = si.Roster("2026-10", ())
    with pytest.raises(ValueError, match="of one month"):
        roster_after(before, [book, book], Month(2026, 11), {})
    other = attrs.evolve(book, account="A2", month=Month(2026, 12))
    with pytest.raises(ValueError, match="several accounts"):
        roster_after(before, [book, other], Month(2026, 11), {})
    assert roster_after(before, [FilingBook()], Month(2026, 11), {}).roster.month == Month(2026, 11)
