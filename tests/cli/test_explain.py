"""Explaining one person's amounts: each step, each document, and nobody else's business."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialins.testing.middle import middle

Call = Callable[..., Any]
Write = Callable[..., Path]
Number = Callable[[int], str]

MIDDLE = ("--region", "middle", "--month", "2026-11", "--injury-rate", "0.2%")


@pytest.fixture
def path(roster: Write, number: Number) -> Path:
    return roster(
        ("甲", number(1), "3000"), ("乙", number(2), "10000.55"), ("丙", number(3), "many"),
        ("丁", number(4), "8000"), ("丁", number(5), "9000"),
    )  # fmt: skip


def test_a_person_is_found_by_number_row_or_name_and_gets_the_same_answer(
    call: Call, path: Path, number: Number
) -> None:
    by_row = call("explain", path, *MIDDLE, "--row", "3")
    assert by_row.status == 0
    assert call("explain", path, *MIDDLE, "--name", "乙") == by_row
    spaced = f"{number(2)[:6]} {number(2)[6:].lower()}"
    assert call("explain", path, *MIDDLE, "--person", spaced) == by_row


def test_every_step_from_wage_to_amount_is_told_with_its_document(call: Call, path: Path) -> None:
    asked = ("--row", "2", "--insurance", "pension", "--payer", "person")
    told = call("explain", path, *MIDDLE, *asked).out.splitlines()
    steps = [line.strip() for line in told]
    assert steps[0] == "Middle City 990100, 2026-11"
    assert steps[1].startswith("甲, 110***********")
    assert steps[1].endswith("row 2")
    assert steps[3] == "pension · person · 2026-11 · regular: ¥344.80"
    assert "Declared wage 3,000.00" in steps
    assert "Base 4,310.00 (raised to the floor)" in steps
    assert any(step.startswith("4,310.00 × 8% = 344.8") for step in steps)
    assert any("中人社〔2026〕3号" in step for step in steps)
    assert sum("×" in step for step in steps) == 1


def test_the_whole_slip_of_the_person_is_told_with_each_figure_once(
    call: Call, path: Path, number: Number
) -> None:
    told = call("explain", path, *MIDDLE, "--row", "3").out
    region = middle()
    settled = region.settle(region.read_roster(path, "2026-11", injury_rate="0.2%"))
    slip = settled.explain(number(2), "en").splitlines()
    lines = told.splitlines()
    assert lines[1] == f"{slip[1]}, row 3"
    assert lines == [slip[0], lines[1], *slip[2:]]
    assert sum("中人社〔2026〕3号" in line for line in lines) < sum("×" in line for line in lines)


def test_a_part_of_the_slip_shows_no_totals_that_would_be_taken_for_the_persons(
    call: Call, path: Path
) -> None:
    assert "in all" in call("explain", path, *MIDDLE, "--row", "3").out
    for asked in (("--insurance", "pension"), ("--payer", "unit")):
        assert "in all" not in call("explain", path, *MIDDLE, "--row", "3", *asked).out


@pytest.mark.parametrize("word", ["medical", "医疗保险", "医疗", "MEDICAL"])
def test_an_insurance_is_named_by_id_title_or_word(call: Call, path: Path, word: str) -> None:
    told = call("explain", path, *MIDDLE, "--row", "3", "--insurance", word).out
    assert "medical · unit" in told
    assert "large medical aid · person" in told
    assert "pension" not in told


def test_an_insurance_that_is_not_here_is_answered_with_those_that_are(
    call: Call, path: Path
) -> None:
    ran = call("explain", path, *MIDDLE, "--row", "3", "--insurance", "dental")
    assert ran.status == 2
    assert "long-term-care" in ran.err


def test_the_number_is_not_shown_in_full(call: Call, path: Path, number: Number) -> None:
    assert number(2) not in call("explain", path, *MIDDLE, "--row", "3").out


def test_the_program_gets_amounts_and_explanations_that_agree(call: Call, path: Path) -> None:
    plain = call("explain", path, *MIDDLE, "--row", "3", "--json").json
    settled = call("settle", path, *MIDDLE, "--json").json
    own = [one for one in settled["contributions"] if one["row"] == 3]
    assert plain["contributions"] == own
    cents = [round(float(one["amount"]) * 100) for one in plain["explanations"]]
    assert sum(cents) == sum(round(float(one["amount"]) * 100) for one in own)
    assert all(one["amount"] in one["text"].replace(",", "") for one in plain["explanations"])
    slip = plain["slip"]
    assert [one["amount"] for one in slip["contributions"]] == [
        one["amount"] for one in plain["explanations"]
    ]
    assert (slip["name"], slip["total"]) == ("乙", plain["total"])
    cited = {number for one in slip["contributions"] for number in one["citations"]}
    assert [one["id"] for one in slip["citations"]] == sorted(cited)


def test_a_name_of_two_is_answered_with_their_rows(call: Call, path: Path) -> None:
    ran = call("explain", path, *MIDDLE, "--name", "丁")
    assert ran.status == 2
    assert "[cli.person-ambiguous]" in ran.err
    assert "rows 5, 6" in ran.err


def test_a_row_that_is_wrong_is_explained_by_what_is_wrong(call: Call, path: Path) -> None:
    ran = call("explain", path, *MIDDLE, "--row", "4")
    assert ran.status == 1
    assert "row 4," in ran.out
    assert "What to do: " in ran.out
    plain = call("explain", path, *MIDDLE, "--row", "4", "--json")
    assert plain.status == 1
    assert plain.json["explanations"] == []
    assert plain.json["slip"] is None
    assert {one["row"] for one in plain.json["faults"]} == {4}


@pytest.mark.parametrize("asked", [("--row", "99"), ("--name", "戊"), ("--person", "123")])
def test_nobody_found_is_wrong_usage(call: Call, path: Path, asked: tuple[str, str]) -> None:
    ran = call("explain", path, *MIDDLE, *asked)
    assert ran.status == 2
    assert "[cli.person-unknown]" in ran.err
    assert "1 more rows have errors" in ran.err


def test_nothing_owed_is_said(call: Call, path: Path) -> None:
    asked = ("--row", "3", "--insurance", "injury", "--payer", "person")
    ran = call("explain", path, *MIDDLE, *asked)
    assert ran.status == 1
    assert "[cli.nothing-to-explain]" in ran.err


def test_an_unknown_rule_of_somebody_else_does_not_stop_the_answer(
    call: Call, roster: Write, number: Number
) -> None:
    heading = "姓名,证件号码,申报工资,险种"
    path = roster(
        ("甲", number(1), "5000", "养老"), ("乙", number(2), "5000", "医疗"), heading=heading
    )
    asked = ("--region", "middle", "--month", "2025-11")
    assert call("explain", path, *asked, "--name", "甲").status == 0
    stopped = call("explain", path, *asked, "--name", "乙")
    assert stopped.status == 1
    assert "medical (unit)" in stopped.out
    lenient = call("explain", path, *asked, "--name", "乙", "--lenient")
    assert lenient.status == 0


def test_what_could_not_be_settled_of_the_person_is_told_once_with_its_remedy(
    call: Call, path: Path
) -> None:
    asked = ("--region", "middle", "--month", "2026-11", "--lenient", "--row", "3")
    told = call("explain", path, *asked)
    assert told.out.count("injury rate for 2026-11 was not given") == 1
    assert "What to do: " in told.out
    assert "pension · unit" in told.out
    alone = call("explain", path, *asked, "--insurance", "injury")
    assert alone.out.splitlines()[0].endswith("row 3")
    assert "injury rate for 2026-11 was not given" in alone.out
    plain = call("explain", path, *asked, "--insurance", "injury", "--json").json
    assert (plain["explanations"], plain["slip"]) == ([], None)
    assert len(plain["unsettled"]) == 1


def test_a_person_is_explained_in_chinese(call: Call, path: Path) -> None:
    told = call("explain", path, *MIDDLE, "--row", "2", "--lang", "zh").out
    for part in ("申报工资 3,000.00", "低于下限，按下限", "依据：", "第 2 行", "大额医疗互助"):
        assert part in told
