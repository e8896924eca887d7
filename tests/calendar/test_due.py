"""What is due: nobody who joined, left or had a wage changed is forgotten."""

from __future__ import annotations

from datetime import date

from socialins.calendar import DueStatus
from socialins.identity import parse_document
from socialins.model import DeclaredWage, InsuredPerson, Roster, RosterEntry
from socialins.testing.middle import middle
from socialins.values import Money

ANNA = InsuredPerson("安娜", parse_document("11010519491231002X"))
BAI = InsuredPerson("白", parse_document("E12345678"))
CHEN = InsuredPerson("陈", parse_document("E12345679"))


def roster(month: str, **wages: int) -> Roster:
    people = {"anna": ANNA, "bai": BAI, "chen": CHEN}
    entries = [
        RosterEntry(people[name], DeclaredWage(Money.yuan(wage))) for name, wage in wages.items()
    ]
    return Roster(month, tuple(entries))


def test_joiners_leavers_and_changed_wages_each_call_for_their_business() -> None:
    due = middle().due(
        roster("2026-10", anna=5000, bai=6000),
        roster("2026-11", bai=6500, chen=7000),
        "2026-11",
        today=date(2026, 11, 3),
    )
    assert {item.business: [person.name for person in item.persons] for item in due} == {
        "staff.add": ["陈"],
        "staff.stop": ["安娜"],
        "wage.change": ["白"],
    }


def test_a_due_item_has_its_last_day_papers_and_prerequisites() -> None:
    (item,) = middle().due(None, roster("2026-11", bai=6500), "2026-11", today=date(2026, 11, 3))
    assert item.status is DueStatus.OPEN
    assert item.last_day == date(2026, 11, 7)
    assert [text.zh for text in item.materials] == ["劳动合同"]
    assert [text.en for text in item.prerequisites] == ["employment is registered"]


def test_a_window_that_has_closed_is_told_as_missed() -> None:
    (item,) = middle().due(None, roster("2026-11", bai=6500), "2026-11", today=date(2026, 11, 8))
    assert item.status is DueStatus.MISSED
    assert item.last_day is None


def test_a_window_that_is_still_to_come_is_told_as_such() -> None:
    (item,) = middle().due(None, roster("2026-12", bai=6500), "2026-12", today=date(2026, 11, 8))
    assert item.status is DueStatus.UPCOMING
    assert item.last_day == date(2026, 12, 7)


def test_a_business_without_a_known_window_is_listed_all_the_same() -> None:
    (item,) = middle().due(
        roster("2026-10", bai=6000), roster("2026-11", bai=6500), "2026-11", date(2026, 11, 3)
    )
    assert item.business == "wage.change"
    assert item.status is DueStatus.UNKNOWN
    assert [fault.code for fault in item.unknown] == ["calendar.window-unknown"]


def test_nothing_changed_calls_for_nothing() -> None:
    same = roster("2026-11", anna=5000, bai=6000)
    assert (
        middle().due(roster("2026-10", bai=6000, anna=5000), same, "2026-11", date(2026, 11, 3))
        == ()
    )
