"""Personal dates: nobody is told a wrong retirement month, and nobody near it is passed over."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, strategies as st

import socialins as si
from socialins.calendar import RetirementStatus, retirement_month
from socialins.calendar.retirement import RetirementDate
from socialins.identity import IdDocument
from socialins.model.codes import RetirementCategory
from socialins.rules import Cascade, Mark, build_rule_books, read_rule_folder
from socialins.testing.middle import middle

MEN, WOMEN_55, WOMEN_50 = RetirementCategory
Month = si.Month
OLD_AGES = {MEN: 60, WOMEN_55: 55, WOMEN_50: 50}
LIMITS = {MEN: 36, WOMEN_55: 36, WOMEN_50: 60}
FIRST = {MEN: Month(1965, 1), WOMEN_55: Month(1970, 1), WOMEN_50: Month(1975, 1)}

# Single dates that third parties print (posts and tests seen in public, CSDN 142263821 among them;
# not the official table), mark B.
with (Path(__file__).parent / "retirement_points.csv").open(encoding="utf-8", newline="") as file:
    POINTS = list(csv.DictReader(file))

categories = st.sampled_from(RetirementCategory)
births = st.integers(Month(1940, 1).index, Month(2010, 12).index).map(Month.from_index)


@pytest.fixture(scope="module")
def national() -> Cascade:
    books = build_rule_books(read_rule_folder(files("socialins_national").joinpath("rules")))
    return Cascade((books["000000"],))


@pytest.mark.parametrize("point", POINTS, ids=lambda one: f"{one['category']}-{one['birth']}")
def test_dates_printed_by_others_come_out_alike(national: Cascade, point: dict[str, str]) -> None:
    category = RetirementCategory.read(point["category"])
    assert category is not None
    found = retirement_month(national, Month.of(point["birth"]), category)
    assert str(found.month) == point["retires"]
    assert found.delay_months == int(point["delay"])


def test_all_twenty_points_are_compared() -> None:
    assert len(POINTS) == 20
    assert {one["category"] for one in POINTS} == {"M", "F55", "F50"}


@given(birth=births, category=categories)
def test_a_later_birth_never_retires_earlier(
    national: Cascade, birth: si.Month, category: RetirementCategory
) -> None:
    one = retirement_month(national, birth, category)
    next_ = retirement_month(national, birth + 1, category)
    assert next_.month - one.month in (1, 2), "a month of birth adds at most a month of delay"
    assert next_.earliest >= one.earliest


@given(birth=births, category=categories)
def test_the_flexible_months_keep_their_bounds(
    national: Cascade, birth: si.Month, category: RetirementCategory
) -> None:
    found = retirement_month(national, birth, category)
    old = birth + 12 * OLD_AGES[category]
    assert 0 <= found.delay_months <= LIMITS[category]
    assert found.month == old + found.delay_months
    assert old <= found.earliest <= found.month <= found.latest
    if birth < FIRST[category]:
        assert found.earliest == found.month == found.latest == old
    else:
        assert found.earliest == max(old, found.month - 36)
        assert found.latest == found.month + 36


@pytest.mark.parametrize(
    ("category", "birth", "expected"),
    [
        (MEN, "1964-12", "0 2024-12 2024-12 2024-12"),
        (MEN, "1965-01", "1 2025-02 2025-01 2028-02"),
        (MEN, "1965-04", "1 2025-05 2025-04 2028-05"),
        (MEN, "1965-05", "2 2025-07 2025-05 2028-07"),
        (MEN, "1976-08", "35 2039-07 2036-08 2042-07"),
        (MEN, "1976-09", "36 2039-09 2036-09 2042-09"),
        (MEN, "1977-01", "36 2040-01 2037-01 2043-01"),
        (WOMEN_55, "1969-12", "0 2024-12 2024-12 2024-12"),
        (WOMEN_55, "1970-01", "1 2025-02 2025-01 2028-02"),
        (WOMEN_55, "1981-08", "35 2039-07 2036-08 2042-07"),
        (WOMEN_55, "1981-09", "36 2039-09 2036-09 2042-09"),
        (WOMEN_50, "1974-12", "0 2024-12 2024-12 2024-12"),
        (WOMEN_50, "1975-01", "1 2025-02 2025-01 2028-02"),
        (WOMEN_50, "1975-02", "1 2025-03 2025-02 2028-03"),
        (WOMEN_50, "1975-03", "2 2025-05 2025-03 2028-05"),
        (WOMEN_50, "1984-10", "59 2039-09 2036-09 2042-09"),
        (WOMEN_50, "1984-11", "60 2039-11 2036-11 2042-11"),
        (WOMEN_50, "1990-01", "60 2045-01 2042-01 2048-01"),
    ],
)
def test_the_first_and_the_last_step_are_where_the_rule_puts_them(
    national: Cascade, category: RetirementCategory, birth: str, expected: str
) -> None:
    """Months of delay, then the statutory, the earliest and the latest month."""
    found = retirement_month(national, Month.of(birth), category)
    told = f"{found.delay_months} {found.month} {found.earliest} {found.latest}"
    assert told == expected


YEARS = {
    2025: "15", 2029: "15", 2030: "15.5", 2031: "16", 2032: "16.5", 2033: "17", 2034: "17.5",
    2035: "18", 2036: "18.5", 2037: "19", 2038: "19.5", 2039: "20", 2040: "20", 2060: "20",
}  # fmt: skip


@given(birth=births, category=categories)
def test_the_years_one_must_have_paid_are_those_of_the_retirement_year(
    national: Cascade, birth: si.Month, category: RetirementCategory
) -> None:
    found = retirement_month(national, birth, category)
    if found.month < Month(2011, 7):
        assert found.minimum_years is None, "no rule is cited for those years"
        assert found.minimum_citation is None
        return
    assert found.minimum_months is not None
    if (year := str(found.month.year)) and found.month.year in YEARS:
        assert found.minimum_years == Decimal(YEARS[int(year)])
    assert found.minimum_months == min(240, max(180, 180 + 6 * (found.month.year - 2029)))


def test_the_date_cites_the_measures_and_says_what_is_not_sure(national: Cascade) -> None:
    new = retirement_month(national, Month(1966, 1), MEN)
    (source,) = new.citation.sources
    assert source.title == "国务院关于渐进式延迟法定退休年龄的办法"
    assert (new.citation.mark, new.citation.dates_mark) == (Mark.A, Mark.A)
    assert new.citation.derived
    assert "63" in new.citation.value.en
    assert "每4个月" in new.citation.value.zh
    old = retirement_month(national, Month(1960, 1), MEN)
    assert old.citation.dates_mark is Mark.C
    assert old.citation.value == si.faults.Text("60周岁", "at 60")


def test_the_delay_is_not_known_before_it_was_announced(national: Cascade) -> None:
    birth = Month(1966, 1)
    with pytest.raises(si.RuleUnknown) as caught:
        retirement_month(national, birth, MEN, known_on=date(2024, 9, 12))
    fault = caught.value.fault
    assert fault.code == "calendar.retirement-unknown"
    assert "1966-01" in fault.message("en")
    assert fault.message("zh")
    assert (caught.value.month, caught.value.insurance, caught.value.last_known) == (
        "1966-01",
        "pension",
        "",
    )
    assert retirement_month(national, birth, MEN, known_on=date(2024, 9, 13)).delay_months == 4


# ---- through a region ----


def person(sex: str | None, birth: str | None, number: str = "E12345678") -> si.InsuredPerson:
    return si.InsuredPerson(
        f"某{number[-3:]}",
        IdDocument("passport", number),  # type: ignore[arg-type]
        birth_date=date.fromisoformat(birth) if birth else None,
        sex=si.Sex(sex) if sex else None,
    )


def roster(*persons: si.InsuredPerson) -> si.Roster:
    wage = si.DeclaredWage(si.Money.yuan("5000"))
    return si.Roster(
        "2026-11", [si.RosterEntry(one, wage, row=row) for row, one in enumerate(persons, 2)]
    )


def test_a_man_needs_no_category_and_a_woman_does() -> None:
    region = middle()
    man, woman = person("male", "1966-01-31"), person("female", "1970-05-02")
    assert region.retirement(man) == region.retirement("1966-01", "M")
    assert region.retirement(woman, "F50").month == Month(2020, 5)
    assert region.retirement(woman, WOMEN_55).month == Month(2025, 5)
    with pytest.raises(ValueError, match=r"women-55 .*women-50"):
        region.retirement(woman)
    with pytest.raises(ValueError, match="say which category"):
        region.retirement("1970-05")
    with pytest.raises(ValueError, match="'F60' is no category"):
        region.retirement("1970-05", "F60")
    with pytest.raises(ValueError, match="birth date"):
        region.retirement(person("male", None), "M")


@pytest.mark.parametrize(
    ("birth", "status"),
    [
        # Fictional men born from 1965-01 on: two months of birth add one month of delay.
        ("1964-12-31", RetirementStatus.OVER_AGE),  # 2024-12
        ("1966-02-28", RetirementStatus.OVER_AGE),  # 2026-02 + 7
        ("1966-03-01", RetirementStatus.THIS_MONTH),  # 2026-03 + 8
        ("1966-04-30", RetirementStatus.WITHIN_3_MONTHS),  # 2026-04 + 8, one month ahead
        ("1966-05-31", RetirementStatus.WITHIN_3_MONTHS),  # 2026-05 + 9, three months
        ("1966-06-01", RetirementStatus.WITHIN_6_MONTHS),  # 2026-06 + 9, four months
        ("1966-07-01", RetirementStatus.WITHIN_6_MONTHS),  # 2026-07 + 10, six months
        ("1966-08-01", None),  # 2026-08 + 10, seven months
    ],
)
def test_everybody_near_the_age_is_reminded_of(birth: str, status: RetirementStatus | None) -> None:
    found = middle().retirement_reminders(roster(person("male", birth)))
    assert [one.status for one in found] == ([status] if status else [])


@given(months=st.integers(-30, 30))
def test_a_reminder_counts_whole_months(months: int) -> None:
    retires = middle().retirement("1950-07", "M").month
    found = middle().retirement("1950-07", "M").status_in(retires - months)
    expected = {
        months < 0: RetirementStatus.OVER_AGE,
        months == 0: RetirementStatus.THIS_MONTH,
        0 < months <= 3: RetirementStatus.WITHIN_3_MONTHS,
        3 < months <= 6: RetirementStatus.WITHIN_6_MONTHS,
    }.get(True)
    assert found is expected


def test_the_reminders_of_s15_and_the_over_age_list_of_s25_come_in_order() -> None:
    people = [
        person("male", "1966-06-01", "E00000001"),
        person("male", "1990-06-01", "E00000002"),
        person("male", "1966-03-01", "E00000003"),
        person("male", "1950-01-01", "E00000004"),
        person("male", "1966-04-01", "E00000005"),
    ]
    found = middle().retirement_reminders(roster(*people), "2026-11")
    assert [(one.status.value, one.row) for one in found] == [
        ("over-age", 5),
        ("this-month", 4),
        ("within-3-months", 6),
        ("within-6-months", 2),
    ]
    assert [one.person for one in found.of(RetirementStatus.OVER_AGE)] == [people[3]]
    assert len(found) == 4
    assert found.items[1].message("en") == "reaches it this month: 2026-11"
    assert found.items[1].message("zh") == "本月达到法定退休年龄：2026年11月"
    later = middle().retirement_reminders(roster(*people), "2027-03")
    assert [one.row for one in later.of(RetirementStatus.THIS_MONTH)] == [2]


def test_a_woman_of_unknown_category_is_told_both_months() -> None:
    woman = person("female", "1971-12-01")
    (one,) = middle().retirement_reminders(roster(woman))
    assert not one.certain
    assert [str(date_.month) for date_ in one.dates] == ["2021-12", "2026-12"]
    assert one.status is RetirementStatus.OVER_AGE
    assert "2021-12" in one.message("en")
    assert "2026-12" in one.message("en")
    assert "2021年12月" in one.message("zh")
    number = woman.document.number
    (told,) = middle().retirement_reminders(roster(woman), categories={number: "F55"})
    assert told.certain
    assert told.status is RetirementStatus.WITHIN_3_MONTHS


def test_a_woman_who_is_young_for_either_age_is_not_told() -> None:
    assert not len(middle().retirement_reminders(roster(person("female", "1985-01-01"))))


def test_whoever_cannot_be_judged_is_named_and_not_dropped() -> None:
    people = [
        person("male", None, "E00000001"),
        person(None, "1950-01-01", "E00000002"),
        person("male", "1929-12-31", "E00000003"),  # before the fictional law
        person("male", "1990-01-01", "E00000004"),
    ]
    found = middle().retirement_reminders(roster(*people))
    assert not found.items
    assert list(found.unknown) == people[:3]


def test_a_category_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="no category"):
        middle().retirement_reminders(roster(), categories={"E1": "F60"})


def test_a_units_own_rule_comes_before_the_countrys() -> None:
    own: dict[str, Any] = {
        "sources": {"own": {"title": "own", "seen": "own"}},
        "retirement": [
            {
                "category": "men",
                "values": [{"from": "1900-01", "age": 50, "sources": ["own"], "mark": "C"}],
            }
        ],
    }
    found = middle().retirement("1966-01", "M", overlay=own)
    assert found.month == Month(2016, 1)
    assert found.citation.own


def test_a_date_is_plain_to_compare() -> None:
    one = middle().retirement("1966-01", "M")
    assert isinstance(one, RetirementDate)
    assert one == attrs.evolve(one)
