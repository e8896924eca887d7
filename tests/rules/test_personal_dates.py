"""Retirement, bands and back ends in rule files: a typing error is named, not retired by."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest

from socialins.rules import Cascade, RuleFileError, build_rule_books, parse_rules

HEAD = """
division = "990100"
[region]
slug = "x"
name = { zh = "某", en = "x" }
[sources.s]
title = "s"
seen = "made up"
"""
CITED = 'sources = ["s"], mark = "A"'


def age(**more: int) -> str:
    """A value of a retirement series."""
    pairs = {"age": 60, **more}
    listed = ", ".join(f"{name} = {number}" for name, number in pairs.items())
    return f'{{ from = "1965-01", {listed}, {CITED} }}'


def retirement(*values: str, category: str = "men") -> str:
    return f'[[retirement]]\ncategory = "{category}"\nvalues = [{", ".join(values)}]\n'


def dated(table: str, value: str) -> str:
    """A series of one value."""
    return f'[[{table}]]\nvalues = [{{ from = "2030-01", {value}, {CITED} }}]\n'


def problems(body: str) -> list[str]:
    with pytest.raises(RuleFileError) as caught:
        build_rule_books({"x.toml": parse_rules(tomllib.loads(HEAD + body), "x.toml")})
    return [f"{fault.place.field}: {fault.values['problem']}" for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (retirement(age(limit=63)), "both 'limit' and 'births_per_month'"),
        (retirement(age(births_per_month=4)), "both 'limit' and 'births_per_month'"),
        (retirement(age(limit=60, births_per_month=4)), "must lie above 'age' 60"),
        (retirement(age(limit=63, births_per_month=0)), "makes a step"),
        (retirement(age(early_years=-1)), "no number of years is negative"),
        (retirement(age(late_years=-1)), "no number of years is negative"),
        (retirement(age(age=600)), "600 is no age"),
        (retirement(age(), category="children"), "children"),
        (retirement(age(), age()), "overlaps"),
        (retirement(age()) * 2, "answers the same question"),
        (dated("contribution_months", "months = 0"), "0 months"),
        (dated("injury_bands", 'bands = { 9 = ["100%"] }'), "class '9'"),
        (dated("injury_bands", "bands = { 1 = [] }"), "class 1 has no band"),
        (dated("injury_bands", 'bands = { 1 = ["0%"] }'), "above 0 %"),
        (dated("injury_multiplier", 'multiplier = "0%"'), "above 0 %"),
    ],
)
def test_a_rule_that_makes_no_sense_does_not_load(body: str, named: str) -> None:
    assert any(named in problem for problem in problems(body)), problems(body)


def system(id_: str, insurances: str, source: str = "s") -> str:
    return (
        f'[[back_ends]]\nid = "{id_}"\ntitle = {{ zh = "某", en = "x" }}\n'
        f'insurances = {insurances}\nsource = "{source}"\n'
    )


def test_an_insurance_is_settled_in_one_system_of_a_known_source() -> None:
    body = system("a", '["medical"]') + system("b", '["medical"]') + system("a", '["pension"]', "t")
    assert problems(body) == [
        "back_ends[1].insurances: 'medical' is already settled in 'a'",
        "back_ends[2].source: unknown source 't'",
        "back_ends[2].id: 'a' is already another system's",
    ]


def test_the_nearest_level_that_names_systems_names_all_of_them(
    cascade_of: Callable[..., Cascade],
) -> None:
    city, province = system("a", '["medical"]'), system("b", '["medical", "pension"]')
    assert [one.id for one in cascade_of(city, province).back_ends()] == ["a"]
    assert [one.id for one in cascade_of("", province).back_ends()] == ["b"]
    assert cascade_of("").back_ends() == ()
    untitled = cascade_of(system("a", '["medicall"]')).untitled()
    assert [insurance for _, insurance in untitled] == ["medicall"]


def test_categories_of_retirement_are_not_taken_for_insurances(
    cascade_of: Callable[..., Cascade],
) -> None:
    cascade = cascade_of(retirement(age()))
    assert list(cascade.untitled()) == []
