"""`socialins check` reminds of retirement by the rules, and does not guess from ages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stdnum.cn.ric import calc_check_digit


def numbered(birth: str, sequence: int) -> str:
    """A resident number; men have odd sequences."""
    digits = f"110105{birth}{sequence:03}"
    return digits + calc_check_digit(f"{digits}0")


MAN_NOW = numbered("19660301", 1)  # 2026-03 and eight months of delay
MAN_LATER = numbered("19900301", 1)
WOMAN = numbered("19711201", 2)  # 2021-12 or 2026-12


def test_who_retires_is_told_with_the_months_that_may_be_chosen(
    call: Callable[..., object], roster: Callable[..., Path]
) -> None:
    path = roster(("甲", MAN_NOW, "5000"), ("乙", MAN_LATER, "5000"), ("丙", WOMAN, "5000"))
    asked = ("check", path, "--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%")
    run = call(*asked, "--today", "2026-11-03", env={"COLUMNS": "200"})
    told = run.out  # type: ignore[attr-defined]
    assert "reaches it this month" in told
    assert "2026-03..2027-11" in told, "two years earlier, though not below 60; one later"
    assert "maybe past the statutory retirement age" in told
    assert "2021-12 women formerly retiring at 50" in told
    assert "2026-12 women formerly retiring at 55" in told
    assert "乙" not in told.partition("Retirement")[2].partition("Open now")[0]


def test_json_has_the_dates_and_whom_nothing_is_known_of(
    call: Callable[..., object], roster: Callable[..., Path]
) -> None:
    path = roster(
        ("甲", MAN_NOW, "5000", ""),
        ("丁", "E12345678", "5000", "护照"),
        heading="姓名,证件号码,申报工资,证件类型",
    )
    asked = ("check", path, "--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%")
    found = call(*asked, "--today", "2026-11-03", "--json").json  # type: ignore[attr-defined]
    (one,) = found["retirement"]
    assert (one["status"], one["certain"], one["row"]) == ("this-month", True, 2)
    (date,) = one["dates"]
    assert date == {
        "category": "men",
        "month": "2026-11",
        "delay_months": 8,
        "earliest": "2026-03",
        "latest": "2027-11",
        "minimum_months": 180,
    }
    assert found["retirement_unknown"] == ["E12345678"]
