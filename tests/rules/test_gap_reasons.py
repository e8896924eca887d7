"""What a gap says: for which months, for whom, and why, so that somebody knows what to look for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from socialins.rules import Cascade
from socialins.rules.gaps import Gap, GapKind, find_gaps
from socialins.values import Month, MonthSpan

Make = Callable[..., Cascade]
CITED = 'sources = ["s"], mark = "A"'

# A country that titles insurances and rounds, and says nothing of what a unit's share rests on.
BARE = f"""
insurances = [
  {{ id = "pension", title = {{ zh = "养老保险", en = "pension" }} }},
  {{ id = "medical", title = {{ zh = "医疗保险", en = "medical" }} }},
  {{ id = "injury", title = {{ zh = "工伤保险", en = "work injury" }} }},
]
[[base_rounding]]
insurances = ["*"]
values = [{{ from = "2000-01", rounding = "half-up-fen", {CITED} }}]
[[amount_rounding]]
insurances = ["*"]
values = [{{ from = "2000-01", rounding = "half-up-fen", {CITED} }}]
"""


def rate(insurance: str, payer: str, value: str = 'rate = "8%"') -> str:
    return f"""
    [[rates]]
    insurance = "{insurance}"
    payer = "{payer}"
    values = [{{ from = "2020-01", last_confirmed = 2025-01-01, {value}, {CITED} }}]
    """


def bounds(*values: str, more: str = "") -> str:
    listed = ", ".join(f'{{ floor = "1", cap = "9", {CITED}, {one} }}' for one in values)
    return f'[[bounds]]\ninsurances = ["pension"]\n{more}\nvalues = [{listed}]\n'


def missing(cascade: Cascade, month: str, **how: Any) -> list[Gap]:
    found = find_gaps(cascade, Month.of(month), **how)
    return [gap for gap in found if gap.kind is GapKind.MISSING]


def test_what_no_file_speaks_of_is_said_to_be_in_none(cascade_of: Make) -> None:
    (gap,) = missing(cascade_of(rate("pension", "unit")), "2025-01")
    assert (gap.reason.zh, gap.reason.en) == (
        "没有任何规则文件作出规定。",
        "No rule file says anything of it.",
    )
    assert (gap.title.zh, gap.level.zh, gap.division) == ("养老保险", "990100", "990100")


def test_months_before_the_first_figure_are_missing_up_to_it(cascade_of: Make) -> None:
    text = rate("pension", "unit") + bounds('from = "2022-03", to = "2030-12"')
    (gap,) = missing(cascade_of(text), "2021-06")
    assert gap.span == MonthSpan("2021-06", "2022-02")
    assert (gap.reason.zh, gap.reason.en) == ("没有已知标准。", "No figure is known.")


def test_months_after_the_last_figure_name_it_in_both_languages(cascade_of: Make) -> None:
    text = rate("pension", "unit") + bounds('from = "2022-03", to = "2022-12"')
    (gap,) = missing(cascade_of(text), "2023-06")
    assert gap.span == MonthSpan("2023-01", None)
    assert gap.reason.zh == "没有已知标准。最后已知：下限 1.00，上限 9.00（2022-03..2022-12）"
    assert gap.reason.en == (
        "No figure is known. Last known: floor 1.00, cap 9.00 (2022-03..2022-12)"
    )


def test_what_is_announced_later_does_not_end_a_gap_before_it_begins(cascade_of: Make) -> None:
    text = rate("pension", "unit") + bounds(
        'from = "2024-07", to = "2025-06", announced = 2024-06-20',
        'from = "2025-07", to = "2026-06", announced = 2025-09-18',
    )
    (gap,) = missing(cascade_of(text), "2025-07", known_on=date(2025, 8, 1))
    assert gap.span == MonthSpan("2025-07", None)
    assert not missing(cascade_of(text), "2025-07", known_on=date(2025, 9, 18))


def test_a_provisional_figure_is_named_with_its_months(cascade_of: Make) -> None:
    text = rate("pension", "unit") + bounds(
        'from = "2024-07", to = "2025-06", provisional_until_announced = "s"'
    )
    found = find_gaps(cascade_of(text), Month(2025, 7))
    (gap,) = (gap for gap in found if gap.kind is GapKind.PROVISIONAL)
    assert (gap.reason.zh, gap.reason.en) == (
        "2024-07..2025-06 的标准，新标准公布前暂按此执行。",
        "The figure of 2024-07..2025-06, provisional until the new figure is announced.",
    )


@pytest.mark.parametrize(
    ("marks", "zh", "en"),
    [
        ('mark = "C"', "数值和起止月份未证实。", "Unconfirmed: value and months."),
        ('mark = "C", dates_mark = "A"', "数值未证实。", "Unconfirmed: value."),
        ('mark = "A", dates_mark = "C"', "起止月份未证实。", "Unconfirmed: months."),
        (
            'mark = "C", note = { zh = "待核。", en = "Look again." }',
            "数值和起止月份未证实。待核。",
            "Unconfirmed: value and months. Look again.",
        ),
    ],
    ids=["both", "value", "months", "with a note"],
)
def test_what_is_unconfirmed_is_told_in_both_languages_with_its_note(
    cascade_of: Make, marks: str, zh: str, en: str
) -> None:
    text = f"""
    [[rates]]
    insurance = "pension"
    payer = "person"
    values = [{{ from = "2020-01", rate = "8%", sources = ["s"], {marks} }}]
    """
    found = find_gaps(cascade_of(text), Month(2021, 1))
    (gap,) = (gap for gap in found if gap.kind is GapKind.UNCONFIRMED)
    assert (gap.reason.zh, gap.reason.en) == (zh, en)


COVERAGE = f"""
[[coverage]]
values = [{{ from = "2020-01", to = "2024-12", insurances = ["pension"], {CITED} }}]
unknown = [{{ from = "2025-01", why = {{ zh = "未见。", en = "Not seen." }} }}]
"""


def test_an_insurance_that_does_not_hold_is_not_missed(cascade_of: Make) -> None:
    cascade = cascade_of(rate("pension", "unit") + rate("medical", "unit") + COVERAGE)
    assert {gap.insurance for gap in missing(cascade, "2024-01")} == {"pension", "*"}
    assert {gap.insurance for gap in missing(cascade, "2025-01")} == {"pension", "medical", "*"}


def test_coverage_that_is_not_known_is_missing_and_comes_first(cascade_of: Make) -> None:
    first, *others = missing(cascade_of(rate("pension", "unit") + COVERAGE), "2025-01")
    assert (first.figure, first.insurance, first.title.en) == ("coverage", "*", "all insurances")
    assert first.reason.en == ("Not seen. Last known: pension (2020-01..2024-12)"), (
        "the reason the file gives, and what was known last"
    )
    assert {gap.figure for gap in others} == {"bounds"}


def test_only_a_units_share_rests_on_a_basis(cascade_of: Make) -> None:
    lines = rate("pension", "person") + bounds('from = "2020-01", to = "2030-12"')
    assert not missing(cascade_of(lines, law=BARE), "2025-01")
    unit = rate("pension", "unit") + bounds('from = "2020-01", to = "2030-12"')
    (gap,) = missing(cascade_of(unit, law=BARE), "2025-01")
    assert (gap.figure, gap.insurance, gap.payer) == ("unit-base", "pension", "unit")


def test_what_is_not_collected_needs_neither_floor_nor_cap(cascade_of: Make) -> None:
    assert not missing(cascade_of(rate("pension", "unit", "none = true")), "2025-01")
    assert missing(cascade_of(rate("pension", "unit")), "2025-01")


INJURY = f"""
[[bounds]]
insurances = ["injury"]
values = [{{ from = "2020-01", to = "2030-12", floor = "1", cap = "9", {CITED} }}]
[[injury_classes]]
values = [{{ from = "2020-01", to = "2030-12", rates = {{ "1" = "0.2%" }}, {CITED} }}]
"""


@pytest.mark.parametrize(
    ("kind", "value"),
    [("injury_multiplier", 'multiplier = "80%"'), ("injury_bands", 'bands = { "1" = ["100%"] }')],
    ids=["multiplier", "bands"],
)
def test_what_an_accounts_own_rate_is_made_of_is_listed_where_it_is_stated(
    cascade_of: Make, kind: str, value: str
) -> None:
    own = rate("injury", "unit", 'operand = "injury-rate"')
    span = f'values = [{{ from = "2020-01", to = "2022-12", {value}, {CITED} }}]'
    stated = f"[[{kind}]]\n{span}\n"
    assert not missing(cascade_of(own + INJURY), "2025-01"), "neither need be stated"
    (gap,) = missing(cascade_of(own + INJURY + stated), "2025-01")
    assert (gap.figure, gap.insurance) == (kind.replace("_", "-"), "injury")
    silent = f"[[{kind}]]\ninherit_outside_span = true\n{span}\n"
    assert not missing(cascade_of(own + INJURY + silent), "2025-01"), "left to others"
    some = f'[[{kind}]]\nwho = {{ household = ["foreign"] }}\n{span}\n'
    (gap,) = missing(cascade_of(own + INJURY + some), "2025-01")
    assert gap.who is not None
    assert (gap.figure, gap.who.en) == (kind.replace("_", "-"), "foreign")
    without = rate("injury", "unit") + INJURY + stated
    assert not missing(cascade_of(without), "2025-01"), "a rate that is stated needs no classes"


def test_gaps_come_in_the_order_of_the_insurances_whoever_meets_them(cascade_of: Make) -> None:
    # The ordinary class lacks what is medical; a class that is looked at later lacks a pension.
    text = rate("medical", "person") + bounds(
        'from = "2020-01", to = "2022-12"', more='who = { household = ["foreign"] }'
    )
    text += rate("pension", "person") + bounds('from = "2020-01", to = "2030-12"')
    found = missing(cascade_of(text), "2025-01")
    assert [(gap.insurance, gap.who.en if gap.who else None) for gap in found] == [
        ("pension", "foreign"),
        ("medical", None),
    ]


def test_the_worst_comes_first(cascade_of: Make) -> None:
    text = rate("medical", "person") + rate("pension", "person").replace('mark = "A"', 'mark = "C"')
    text += bounds('from = "2020-01", to = "2030-12"')
    kinds = [gap.kind for gap in find_gaps(cascade_of(text), Month(2028, 1))]
    assert kinds == sorted(kinds, key=list(GapKind).index)
    assert set(kinds) == {GapKind.MISSING, GapKind.STALE, GapKind.UNCONFIRMED}


@pytest.mark.parametrize(
    ("more", "zh", "en"),
    [
        (
            "",
            "无终止月份，85 个月未再确认（2020-01-01 起始）。",
            "Open-ended and not confirmed for 85 months (it holds since 2020-01-01).",
        ),
        (
            "announced = 2019-10-31,",
            "无终止月份，88 个月未再确认（2019-10-31 公布）。",
            "Open-ended and not confirmed for 88 months (announced 2019-10-31).",
        ),
        (
            "announced = 2019-10-31, last_confirmed = 2023-05-17,",
            "无终止月份，45 个月未再确认（2023-05-17 确认）。",
            "Open-ended and not confirmed for 45 months (last confirmed 2023-05-17).",
        ),
    ],
    ids=["first month", "announced", "confirmed"],
)
def test_a_stale_figure_is_told_with_its_day_and_where_it_stands(
    cascade_of: Make, more: str, zh: str, en: str
) -> None:
    body = f"""
    [[rates]]
    insurance = "pension"
    payer = "person"
    values = [{{ from = "2020-01", rate = "8%", {more} sources = ["s"], mark = "C" }}]
    """
    found = [gap for gap in find_gaps(cascade_of(body), Month(2027, 2)) if gap.figure == "rate"]
    assert [gap.kind for gap in found] == [GapKind.STALE, GapKind.UNCONFIRMED]
    assert (found[0].reason.zh, found[0].reason.en) == (zh, en)
    for gap in found:
        assert (gap.insurance, gap.item, gap.payer) == ("pension", "basic", "person")
        assert (gap.span, gap.file, gap.path) == (
            MonthSpan("2020-01", None),
            "990100.toml",
            "rates[0]",
        )
        assert gap.citation is not None


def test_a_gap_of_some_classes_names_them_and_what_holds_for_all_is_called_so(
    cascade_of: Make,
) -> None:
    text = rate("pension", "unit") + bounds(
        'from = "2020-01", to = "2022-12"', more='who = { household = ["foreign"] }'
    )
    text += bounds('from = "2020-01", to = "2030-12"').replace('"pension"', '"*"')
    (gap,) = missing(cascade_of(text), "2025-01")
    assert gap.who is not None
    assert (gap.who.zh, gap.who.en) == ("外籍", "foreign")
    assert (gap.title.zh, gap.title.en, gap.item) == ("养老保险", "pension", None)
    everybody = text.replace('to = "2030-12"', 'to = "2024-12"')
    found = [one for one in missing(cascade_of(everybody), "2025-01") if one.insurance == "*"]
    assert [(one.title.zh, one.title.en, one.who) for one in found] == [
        ("全部险种", "all insurances", None)
    ]


RELIEF = """
[[reliefs]]
insurances = ["pension"]
%s
values = [{ from = "2020-02", to = "2020-06", pays = "50%%", sources = ["s"], mark = "C" }]
"""


@pytest.mark.parametrize(
    "who",
    [
        "",
        'who = { unit_size = ["small"] }',
        'who = { trade = ["catering"] }',
        'who = { unit_size = ["small"], trade = ["catering"] }',
    ],
    ids=["everybody", "small units", "a trade", "small units of a trade"],
)
def test_a_relief_that_is_unconfirmed_is_listed_in_its_months_for_whomever_it_is(
    cascade_of: Make, who: str
) -> None:
    text = rate("pension", "unit") + bounds('from = "2020-01", to = "2030-12"') + RELIEF % who
    for month, listed in (("2020-03", ["relief"]), ("2020-07", [])):
        found = find_gaps(cascade_of(text), Month.of(month))
        assert [gap.figure for gap in found if gap.kind is GapKind.UNCONFIRMED] == listed
        assert not [gap for gap in found if gap.kind is GapKind.MISSING]
    none = text.replace('rate = "8%"', "none = true")
    assert not find_gaps(cascade_of(none), Month(2020, 3)), "of nothing, nothing is relieved"


def test_what_is_admitted_elsewhere_is_not_listed_for_a_series_that_hides_it(
    cascade_of: Make,
) -> None:
    near = rate("pension", "unit") + bounds(
        'from = "2020-01", to = "2022-12"',
        more='unknown = [{ from = "2023-01", why = { zh = "未见。", en = "Not seen." } }]',
    )
    far = bounds(
        'from = "2020-01", to = "2020-12"',
        more='unknown = [{ from = "2021-01", why = { zh = "无。", en = "None." } }]',
    )
    found = missing(cascade_of(near, far), "2021-06")
    assert [(gap.division, str(gap.span)) for gap in found] == [("990100", "2023-01..")]


def test_what_a_series_for_some_months_admits_is_listed_in_other_months_too(
    cascade_of: Make,
) -> None:
    near = bounds(
        'from = "2023-01", to = "2023-12"',
        more="""inherit_outside_span = true
unknown = [{ from = "2024-01", to = "2024-06", why = { zh = "未见。", en = "Not seen." } }]""",
    )
    far = bounds('from = "2020-01", to = "2030-12"')
    (gap,) = missing(cascade_of(rate("pension", "unit") + near, far), "2025-01")
    assert (str(gap.span), gap.reason.zh[:3]) == ("2024-01..2024-06", "未见。")
