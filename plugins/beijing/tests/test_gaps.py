"""What is not known well of Beijing must be said, and what is known must not be called unknown."""

from __future__ import annotations

from datetime import date

import pytest

import socialins as si
from socialins.rules import RuleClass
from socialins.rules.gaps import Gap, GapKind
from socialins.values import MonthSpan

BEIJING = si.region("beijing")


def gaps(month: str, kind: GapKind, known_on: date | None = None) -> list[Gap]:
    return [gap for gap in BEIJING.gaps(month, known_on=known_on) if gap.kind is kind]


def test_nothing_that_enterprises_need_is_missing_in_november_2026() -> None:
    missing = [
        gap
        for gap in gaps("2026-11", GapKind.MISSING)
        if si.Month(2026, 11) in gap.span  # type: ignore[operator]
    ]
    assert [(gap.figure, gap.insurance, gap.span) for gap in missing] == [
        ("bounds", "pension", MonthSpan("2025-07", None))
    ]
    assert missing[0].who is not None
    assert missing[0].who.zh == "机关事业单位"


def admitted(insurance: str) -> dict[MonthSpan, Gap]:
    return {
        gap.span: gap
        for gap in gaps("2026-11", GapKind.MISSING)
        if (gap.figure, gap.insurance, gap.who) == ("bounds", insurance, None)
        and gap.span is not None
    }


@pytest.mark.parametrize("insurance", ["pension", "unemployment", "medical"])
def test_the_years_between_the_notices_of_2009_and_2017_are_admitted(insurance: str) -> None:
    gap = admitted(insurance)[MonthSpan("2010-04", "2017-06")]
    assert (gap.division, gap.file) == ("110000", "bounds.toml")


def test_the_doubtful_medical_cap_of_2021_is_admitted_and_never_carried_over() -> None:
    doubtful = MonthSpan("2021-07", "2022-06")
    assert "29732" in admitted("medical")[doubtful].reason.en
    assert doubtful not in admitted("pension")
    located = BEIJING.cascade.find(
        "bounds", si.Month(2021, 7), RuleClass(), insurance="medical", lenient=True
    )
    assert located is not None
    assert located.figure is None


def test_july_2025_was_provisional_until_the_notice_of_september() -> None:
    before = gaps("2025-07", GapKind.PROVISIONAL, date(2025, 9, 17))
    insurances = {"pension", "unemployment", "injury", "medical"}
    assert {(gap.figure, gap.insurance) for gap in before} == {
        ("bounds", insurance) for insurance in insurances
    }
    assert {gap.span for gap in before} == {MonthSpan("2024-07", "2025-06")}
    assert not gaps("2025-07", GapKind.PROVISIONAL, date(2025, 9, 18))


def test_the_rounding_of_a_persons_base_is_told_as_an_assumption() -> None:
    found = {(gap.figure, gap.insurance): gap for gap in gaps("2026-11", GapKind.UNCONFIRMED)}
    assert "assumption" in found["base-rounding", "*"].reason.en
    assert not [key for key in found if key[0] in {"bounds", "rate", "fixed"}]


def test_july_2027_lacks_its_bounds() -> None:
    missing = gaps("2027-07", GapKind.MISSING)
    lacking = {gap.insurance for gap in missing if gap.span == MonthSpan("2027-07", None)}
    assert lacking == {"pension", "unemployment", "injury", "medical"}
