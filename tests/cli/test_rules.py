"""What a user sees of a month's figures: all that settling uses, and all that it lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from socialins.facade import region
from socialins.model import Household
from socialins.rules import RuleClass
from socialins.settlement import compile_schedule
from socialins.values import Month

Call = Callable[..., Any]

MONTHS = ["2019-04", "2019-12", "2020-11", "2024-08", "2025-01", "2025-11", "2026-11", "2028-02"]


def lines_of(text: str, beginning: str) -> Iterator[list[str]]:
    return (line.split() for line in text.splitlines() if line.startswith(beginning))


def test_floor_cap_rate_and_rounding_stand_in_one_line_with_their_payer(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2026-11", env={"COLUMNS": "200"})
    assert ran.status == 0
    unit, person = lines_of(ran.out, "pension")
    assert unit[1:5] == ["unit", "4,310.00", "21,500.00", "16%"]
    assert person[1:5] == ["person", "4,310.00", "21,500.00", "8%"]
    assert "half up to the yuan  half up to the fen" in ran.out


def test_each_figure_is_followed_by_months_mark_day_and_document(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2026-11")
    (line,) = (line for line in ran.out.splitlines() if "floor 4,310.00" in line)
    for part in ("2026-07..2027-06", "announced 2026-09-10", "B secondary", "中人社〔2026〕3号"):
        assert part in line


def test_the_numbers_behind_a_line_lead_to_its_figures(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2026-11", env={"COLUMNS": "200"})
    table, _, figures = ran.out.partition("What it rests on")
    listed = re.findall(r"^ +(\d+)  (\S.*)$", figures, re.MULTILINE)
    assert [int(number) for number, _ in listed] == list(range(1, len(listed) + 1))
    told = dict(listed)
    unit = next(lines_of(table, "unemployment"))
    rests = [told[number] for number in unit[unit.index("fen", unit.index("fen") + 1) + 1 :]]
    assert sorted(text.split(" · ")[0] for text in rests) == [
        "amount rounding half up to the fen",
        "base rounding half up to the fen",
        "floor and cap floor 4,310.00, cap 21,500.00",
        "rate 0.5%",
        "unit's base each person's amount, summed",
    ]


def test_a_month_is_shown_as_it_was_known_on_a_day(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2026-11", "--known-on", "2026-09-09")
    assert "4,300.00" in ran.out
    assert "4,310.00" not in ran.out
    assert "announced on 2026-09-09" in ran.out


def test_a_figure_that_goes_on_for_the_time_being_says_so(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2025-08", "--known-on", "2025-08-15", "--lang", "zh")
    (line,) = (line for line in ran.out.splitlines() if "下限 4,000.00" in line)
    assert "新标准公布前暂按此执行" in line


def test_what_is_not_known_is_told_with_what_was_known_last_and_why(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2025-11")
    assert ran.status == 0
    assert next(lines_of(ran.out, "medical"))[2:4] == ["unknown", "unknown"]
    assert "7.5%" in next(lines_of(ran.out, "medical"))
    *_, told = ran.out.partition("Not known")
    assert "The document of 2025 was not seen." in told
    assert "floor 3,800.00, cap 19,000.00 (2024-01..2024-12)" in told
    assert "--lenient" in told


def test_rules_that_the_files_do_not_express_are_told(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2020-11")
    assert "pension, unemployment, work injury: The relief of these months" in ran.out
    assert "relief" not in call("rules", "middle", "--month", "2026-11").out


def test_other_classes_are_shown_when_asked_for(call: Call) -> None:
    one = call("rules", "middle", "--month", "2026-08", env={"COLUMNS": "200"})
    every = call("rules", "middle", "--month", "2026-08", "--all-classes", env={"COLUMNS": "200"})
    assert "3,992.00" not in one.out
    assert "3,992.00" in every.out
    (rural,) = (
        line
        for line in every.out.splitlines()
        if line.startswith("unemployment") and "0%  " in line
    )
    assert "local rural/non-local rural" in rural
    assert "coverage injury" in every.out
    assert "part-time" in every.out


@pytest.mark.parametrize("month", MONTHS)
def test_the_table_shows_exactly_what_settling_uses(call: Call, month: str) -> None:
    schedule = compile_schedule(region("middle").cascade, Month.of(month), RuleClass())
    rows = call("rules", "middle", "--month", month, "--json").json["rules"]
    shown = {
        (row["insurance"], row["item"], row["payer"]): (
            row["floor"],
            row["cap"],
            row["operand"] or row["rate"] or "0",
            row["fixed"] or "0.00",
            row["base_rounding"],
            row["amount_rounding"],
            row["unit_base"] or "persons",
        )
        for row in rows
        if row["collected"] and not row["unknown"]
    }
    used = {
        line.key: (
            "none" if line.floor is None else f"{line.floor / 100:.2f}",
            "none" if line.cap is None else f"{line.cap / 100:.2f}",
            str(line.operand) if line.operand else line.rate.decimal(),
            str(line.fixed_money),
            str(line.base_rounding),
            str(line.amount_rounding),
            str(line.unit_basis),
        )
        for line in schedule.lines
    }
    assert shown == used
    lacking = {(row["insurance"], row["item"], row["payer"]) for row in rows if row["unknown"]}
    assert lacking == {(one.insurance, one.item, one.payer) for one in schedule.missing}


@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize("household", Household)
def test_no_class_is_left_out_of_all_classes(call: Call, month: str, household: Household) -> None:
    rows = call("rules", "middle", "--month", month, "--all-classes", "--json").json["rules"]
    shown = {
        (row["insurance"], row["item"], row["payer"], row["floor"], row["rate"]) for row in rows
    }
    schedule = compile_schedule(region("middle").cascade, Month.of(month), RuleClass(household))
    for line in schedule.lines:
        floor = "none" if line.floor is None else f"{line.floor / 100:.2f}"
        rates = [line.rate.decimal()] if line.rate is not None and line.rate else ["0", None]
        assert any((*line.key, floor, rate) in shown for rate in rates), line


def test_a_program_gets_every_figure_with_its_documents(call: Call) -> None:
    plain = call("rules", "middle", "--month", "2026-11", "--json").json
    assert (plain["region"], plain["division"]) == ("middle", "990100")
    assert plain["known_on"] is None
    known = [one for one in plain["entries"] if one["known"]]
    assert known
    assert all(one["sources"] and one["mark"] and one["from"] for one in known)
    (bounds,) = (
        one
        for one in known
        if (one["kind"], one["insurance"], one["who"]) == ("bounds", "pension", None)
    )
    assert bounds["announced"] == "2026-09-10"
    assert bounds["sources"][0]["number"] == "中人社〔2026〕3号"
    for one in plain["entries"]:
        if not one["known"]:
            assert {"why", "last"} <= set(one)


def test_a_program_learns_what_is_not_known_and_by_which_id(call: Call) -> None:
    plain = call("rules", "middle", "--month", "2025-11", "--json").json
    assert {(one["insurance"], one["payer"], one["kind"]) for one in plain["unknown"]} == {
        ("medical", "unit", "bounds"),
        ("medical", "person", "bounds"),
    }


def test_square_brackets_in_a_rule_are_text_and_no_markup(call: Call) -> None:
    from socialins.cli.screen import Column, make_console, print_trimmed, table
    from socialins.faults import Text

    console = make_console()
    with console.capture() as captured:
        print_trimmed(console, table([Column(Text("[red]列", "[red]c"))], [["[/] [bold]x"]], "en"))
    assert "[/] [bold]x" in captured.get()
    assert "[red]c" in captured.get()


def test_gaps_are_listed_by_kind_with_reason_and_file(call: Call) -> None:
    ran = call("rules", "middle", "--month", "2025-11", "--gaps")
    assert ran.status == 0
    missing, _, rest = ran.out.partition("stale (")
    assert "missing (" in missing
    (line,) = (line for line in missing.splitlines() if "· medical ·" in line)
    for part in ("Floor and cap", "2025-01..2025-12", "was not seen", "province.toml bounds[2]"):
        assert part in line
    assert "unconfirmed (C) (2)" in rest
    assert "24 months" in ran.out
    chinese = call("rules", "middle", "--month", "2025-11", "--gaps", "--lang", "zh").out
    assert "2025年的文件未见" in chinese
    assert "久未确认" in chinese


def test_how_long_a_figure_may_go_unconfirmed_can_be_said(call: Call) -> None:
    asked = ("rules", "middle", "--month", "2026-11", "--gaps", "--json")
    few = call(*asked, "--stale-after", "321").json
    assert few["stale_after"] == 321
    kinds = [(one["kind"], one["insurance"]) for one in few["gaps"] if one["gap"] == "stale"]
    assert sorted(kinds) == [
        ("amount-rounding", "*"),
        ("base-rounding", "*"),
        ("coverage", "*"),
        ("unit-base", "*"),
    ]
    assert not [one for one in call(*asked, "--stale-after", "322").json["gaps"]
                if one["gap"] == "stale"]  # fmt: skip


def test_a_program_gets_each_gap_with_its_figure_and_documents(call: Call) -> None:
    plain = call("rules", "middle", "--month", "2026-11", "--gaps", "--json").json
    assert (plain["region"], plain["month"]) == ("middle", "2026-11")
    for one in plain["gaps"]:
        assert {"kind", "insurance", "item", "payer", "who", "from", "to", "reason"} <= set(one)
        assert one["division"] in {"990100", "990000", "000000"}
        assert (one["figure"] is None) is (one["gap"] == "missing")
        if one["figure"] is not None:
            assert one["figure"]["sources"]


def test_gaps_without_a_month_are_those_of_this_month(call: Call) -> None:
    ran = call("rules", "middle", "--gaps", "--json")
    assert ran.status == 0
    assert re.fullmatch(r"\d{4}-\d\d", ran.json["month"])


def test_the_figures_of_no_month_are_wrong_usage(call: Call) -> None:
    ran = call("rules", "middle")
    assert ran.status == 2
    assert "--month" in ran.err
