"""Gaps: whoever keeps a region's rules must see all that is not known well, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from socialins.model import AccountType, Employment, Household
from socialins.rules import Cascade, RuleClass
from socialins.rules.gaps import Gap, GapKind, find_gaps
from socialins.settlement import compile_schedule
from socialins.testing.middle import middle
from socialins.values import Month, MonthSpan

Make = Callable[..., Cascade]
MONTHS = ["2019-04", "2024-01", "2024-08", "2025-11", "2026-11", "2028-02"]


def gaps(month: str, kind: GapKind, **how: object) -> list[Gap]:
    """The gaps of a kind; those of what an account's own injury rate is made of are left aside."""
    found = middle().gaps(month, **how)  # type: ignore[arg-type]
    return [gap for gap in found if gap.kind is kind and not gap.figure.startswith("injury-")]


def subjects(found: list[Gap]) -> set[tuple[str, str]]:
    return {(gap.figure, gap.insurance) for gap in found}


@pytest.mark.parametrize("month", MONTHS)
def test_whatever_stops_a_settlement_is_listed_and_nothing_else(month: str) -> None:
    stops = set()
    for household in Household:
        for employment in Employment:
            for account_type in AccountType:
                rule_class = RuleClass(household, employment, account_type)
                schedule = compile_schedule(middle().cascade, Month.of(month), rule_class)
                for one in schedule.missing:
                    words = one.fault.words("en")
                    stops.add((words["what_id"], words["insurance_id"]))
    listed = {
        (gap.figure, gap.insurance)
        for gap in gaps(month, GapKind.MISSING)
        if gap.span is None or Month.of(month) in gap.span
    }
    # A bill stops at the first figure a line lacks; the list has the others too.
    assert stops <= listed
    lines = {insurance for _, insurance in stops}
    assert {insurance for _, insurance in listed if insurance != "maternity"} <= lines


def test_an_admitted_gap_says_why_where_and_what_was_known_last() -> None:
    (gap,) = (gap for gap in gaps("2025-11", GapKind.MISSING) if gap.insurance == "medical")
    assert (gap.figure, gap.span) == ("bounds", MonthSpan("2025-01", "2025-12"))
    assert gap.reason.en.startswith("The document of 2025 was not seen.")
    assert "floor 3,800.00, cap 19,000.00 (2024-01..2024-12)" in gap.reason.en
    assert gap.reason.zh.startswith("2025年的文件未见。")
    assert (gap.division, gap.file, gap.path) == ("990000", "province.toml", "bounds[2]")
    assert gap.citation is None


def test_an_admitted_gap_is_listed_in_other_months_too() -> None:
    before, after = (gaps(month, GapKind.MISSING) for month in ("2024-08", "2026-11"))
    assert subjects(before) == subjects(after) == {("bounds", "medical"), ("bounds", "maternity")}


def test_months_after_the_last_figure_are_missing_until_further_notice() -> None:
    found = [gap for gap in gaps("2028-02", GapKind.MISSING) if gap.insurance == "pension"]
    assert {gap.span for gap in found} == {MonthSpan("2027-07", None)}
    assert {str(gap.who.en) if gap.who else None for gap in found} == {
        None,
        "state organ or institution",
    }


def test_a_figure_that_goes_on_for_the_time_being_is_provisional() -> None:
    known_on = date(2025, 8, 15)
    found = gaps("2025-08", GapKind.PROVISIONAL, known_on=known_on)
    assert subjects(found) == {("bounds", name) for name in ("pension", "unemployment", "injury")}
    assert {gap.span for gap in found} == {MonthSpan("2024-07", "2025-06")}
    assert all(gap.citation is not None for gap in found)
    assert not gaps("2025-08", GapKind.PROVISIONAL)


def test_what_is_marked_c_is_listed_with_what_of_it_is_unconfirmed() -> None:
    found = gaps("2026-11", GapKind.UNCONFIRMED)
    assert subjects(found) == {("base-rounding", "pension"), ("base-rounding", "medical")}
    assert {gap.reason.en for gap in found} == {"Unconfirmed: value and months."}
    assert {gap.division for gap in found} == {"990100"}


RATE = """
[[rates]]
insurance = "pension"
payer = "unit"
values = [{{ from = "2020-01", rate = "16%", {more} sources = ["s"], mark = "{mark}" }}]
[[bounds]]
insurances = ["pension"]
values = [
  {{ from = "2020-01", to = "2030-12", floor = "1", cap = "9", sources = ["s"], mark = "A" }},
]
"""


def stale(make: Make, month: str, more: str, stale_after: int = 24) -> list[Gap]:
    cascade = make(RATE.format(more=more, mark="A"))
    found = find_gaps(cascade, Month.of(month), stale_after=stale_after)
    return [gap for gap in found if gap.kind is GapKind.STALE and gap.insurance == "pension"]


@pytest.mark.parametrize(
    ("more", "since"),
    [
        ("", Month(2020, 1)),
        ("announced = 2019-10-31,", Month(2019, 10)),
        ("announced = 2019-10-31, last_confirmed = 2023-05-17,", Month(2023, 5)),
    ],
)
def test_a_figure_is_stale_a_month_later_than_it_may_go_unconfirmed(
    cascade_of: Make, more: str, since: Month
) -> None:
    for after in (12, 24):
        assert not stale(cascade_of, str(since + after), more, after)
        (gap,) = stale(cascade_of, str(since + after + 1), more, after)
        assert f"{after + 1} months" in gap.reason.en
        assert f"{after + 1} 个月" in gap.reason.zh


def test_a_figure_with_an_end_is_never_stale(cascade_of: Make) -> None:
    assert not stale(cascade_of, "2029-12", 'to = "2030-12",')


@pytest.mark.parametrize(
    ("mark", "more", "told"),
    [
        ("C", "", "value and months"),
        ("C", 'dates_mark = "A",', "value"),
        ("A", 'dates_mark = "C",', "months"),
    ],
)
def test_it_is_told_whether_value_or_months_are_unconfirmed(
    cascade_of: Make, mark: str, more: str, told: str
) -> None:
    cascade = cascade_of(RATE.format(more=more, mark=mark))
    found = find_gaps(cascade, Month(2021, 1))
    (gap,) = (gap for gap in found if gap.kind is GapKind.UNCONFIRMED)
    assert gap.reason.en == f"Unconfirmed: {told}."


def test_what_no_file_speaks_of_is_missing(cascade_of: Make) -> None:
    text = """
    [[rates]]
    insurance = "medical"
    payer = "person"
    values = [{ from = "2020-01", rate = "2%", sources = ["s"], mark = "A" }]
    """
    found = find_gaps(cascade_of(text), Month(2021, 1))
    (gap,) = (gap for gap in found if gap.kind is GapKind.MISSING)
    assert (gap.figure, gap.insurance, gap.payer) == ("bounds", "medical", "person")
    assert (gap.span, gap.file) == (None, "")


def test_what_a_nearer_level_hides_is_not_missed(cascade_of: Make) -> None:
    far = """
    [[bounds]]
    insurances = ["pension"]
    values = [{ from = "2022-01", floor = "1", cap = "9", sources = ["s"], mark = "C" }]
    unknown = [{ from = "2020-01", to = "2021-12", why = { zh = "未见", en = "Not seen." } }]
    """
    near = RATE.format(more="", mark="A")
    for month in (Month(2021, 1), Month(2023, 1)):
        found = find_gaps(cascade_of(near, far), month)
        assert not [gap for gap in found if gap.division == "990000"]
        bare = cascade_of(near.partition("[[bounds]]")[0], far)
        assert [gap for gap in find_gaps(bare, month) if gap.division == "990000"]
