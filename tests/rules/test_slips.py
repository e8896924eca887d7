"""Slips in the rarer rules: each is refused where it stands, and what just fits is let in.

What `test_load_errors` does for the figures of every bill, for arrears, reliefs, windows,
businesses and personal dates; and the edge of each range from both sides.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from socialins.rules import (
    RegionNames,
    RuleFileError,
    Text,
    build_rule_books,
    parse_rules,
    read_rule_file,
    read_rule_folder,
)
from socialins.rules.overlay import overlay_book

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


def dated(table: str, value: str, more: str = "") -> str:
    """A series of one value."""
    return f'[[{table}]]\n{more}\nvalues = [{{ from = "2030-01", {value}, {CITED} }}]\n'


def pension(table: str, value: str) -> str:
    return dated(table, value, 'insurances = ["pension"]')


def days(first: str, last: str) -> str:
    run = f"intervals = [{{ first = {{ {first} }}, last = {{ {last} }} }}]"
    return dated("windows", run, 'businesses = ["staff.add"]')


def number(more: str) -> str:
    return (
        '[[numbers]]\nid = "unit-number"\ntitle = { zh = "某", en = "x" }\n'
        f'source = "s"\n{more}\n'
    )


def rate(value: str) -> str:
    return (
        '[[rates]]\ninsurance = "pension"\npayer = "unit"\n'
        f'values = [{{ from = "2030-01", rate = "{value}", {CITED} }}]\n'
    )


def age(more: str) -> str:
    return dated("retirement", more, 'category = "men"')


def problems(*bodies: str) -> dict[tuple[str | None, str | None], str]:
    """What is wrong, by file and key path."""
    heads = [HEAD, 'division = "990100"\n']
    try:
        build_rule_books(
            {
                f"{index}.toml": parse_rules(tomllib.loads(head + body), f"{index}.toml")
                for index, (head, body) in enumerate(zip(heads, bodies, strict=False))
            }
        )
    except RuleFileError as error:
        return {
            (fault.place.file, fault.place.field): str(fault.values["problem"])
            for fault in error.faults
        }
    return {}


SLIPS: dict[str, tuple[str, str, str]] = {
    "back payment of no month": (
        pension("back_payment", 'kinds = ["gap"], months = 0'),
        "back_payment[0].values[0]",
        "'months' is 0; where nothing may be paid, leave 'kinds' empty",
    ),
    "a free late fee": (
        pension("late_fee_rate", 'daily = "0%"'),
        "late_fee_rate[0].values[0]",
        "rate 0% is out of range; give a share above 0 %",
    ),
    "an absurd late fee": (
        pension("late_fee_rate", 'daily = "1001%"'),
        "late_fee_rate[0].values[0]",
        "rate 1001% is out of range; give a share above 0 %",
    ),
    "no first day": (
        pension("late_fee_days", 'last = "payment-day"'),
        "late_fee_days[0].values[0]",
        "give 'first' or 'first_on', one of the two",
    ),
    "two first days": (
        pension("late_fee_days", 'first = "due-day", first_on = { day = 1 }, last = "payment-day"'),
        "late_fee_days[0].values[0]",
        "give 'first' or 'first_on', one of the two",
    ),
    "credit for nothing": (
        pension("credit_offset", "kinds = []"),
        "credit_offset[0].values[0]",
        "name each kind of amount once, in order",
    ),
    "credit twice for the same": (
        pension("credit_offset", 'kinds = ["regular", "regular"]'),
        "credit_offset[0].values[0]",
        "name each kind of amount once, in order",
    ),
    "a relief that relieves nothing": (
        pension("reliefs", 'pays = "100%"'),
        "reliefs[0].values[0]",
        "'pays' is 100%; a relief leaves at least 0 % and less than 100 %",
    ),
    "a relief that pays out": (
        pension("reliefs", 'pays = "-1%"'),
        "reliefs[0].values[0]",
        "'pays' is -1%; a relief leaves at least 0 % and less than 100 %",
    ),
    "a window of no days": (
        dated("windows", "intervals = []", 'businesses = ["staff.add"]'),
        "windows[0].values[0]",
        "a window needs at least one interval",
    ),
    "a window for nothing": (
        dated(
            "windows",
            "intervals = [{ first = { day = 1 }, last = { day = 2 } }]",
            "businesses = []",
        ),
        "windows[0]",
        "name at least one business",
    ),
    "a window for no business": (
        days("day = 1", "day = 2").replace("staff.add", "staff"),
        "windows[0]",
        "'staff' can't name a business; write it like 'staff.add'",
    ),
    "a day long past": (
        days("day = 1, month = -13", "day = 2"),
        "windows[0].values[0].intervals[0].first",
        "-13 months away is too far; months run from -12 to 12",
    ),
    "a day far ahead": (
        days("day = 1", "day = 2, month = 13"),
        "windows[0].values[0].intervals[0].last",
        "13 months away is too far; months run from -12 to 12",
    ),
    "an age of none": (age("age = 0"), "retirement[0].values[0]", "0 is no age in years"),
    "an age of 121": (age("age = 121"), "retirement[0].values[0]", "121 is no age in years"),
    "a business without a name": (
        '[[businesses]]\nid = "staff"\n',
        "businesses[0]",
        "'staff' can't name a business; write it like 'staff.add'",
    ),
    "a business of an unknown source": (
        '[[businesses]]\nid = "staff.add"\nsources = ["law"]\n',
        "businesses[0].sources",
        "unknown source 'law'",
    ),
    "a prerequisite with a blank": (
        '[[businesses]]\nid = "staff.add"\nrequires = [{ id = "no arrears" }]\n',
        "businesses[0].requires[0]",
        "'no arrears' can't name a prerequisite; use lower-case words and hyphens",
    ),
    "a counter that lapses at once": (
        '[[businesses]]\nid = "staff.add"\ncounter = { expires_months = 0 }\n',
        "businesses[0].counter",
        "an item can't lapse after 0 months; leave the key out",
    ),
    "a closing of an unknown source": (
        '[closing]\nsources = ["law"]\n',
        "closing.sources",
        "unknown source 'law'",
    ),
    "a number that no number could have": (
        number("length = 0"),
        "numbers[0]",
        "0",
    ),
    "a full rate and a bit": (
        rate("100.01%"),
        "rates[0].values[0]",
        "rate 100.01% lies outside 0 % to 100 %",
    ),
}


@pytest.mark.parametrize(("body", "path", "words"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_named_with_file_and_key(body: str, path: str, words: str) -> None:
    found = problems(body)
    assert ("0.toml", path) in found, found
    assert words in found["0.toml", path]


FITTING = {
    "back payment of the month before": pension("back_payment", 'kinds = ["gap"], months = 1'),
    "back payment of nothing": pension("back_payment", "kinds = []"),
    "tenfold": pension("undeclared", 'share = "1000%"'),
    "exemption": pension("reliefs", 'pays = "0%"'),
    "nearly all": pension("reliefs", 'pays = "99.99%"'),
    "all": rate("100%"),
    "a year back": days("day = 1, month = -12", "day = 2"),
    "a year on": days("day = 1", "day = 2, month = 12"),
    "the first year of life": age("age = 1"),
    "the oldest": age("age = 120"),
    "a step a month": age("age = 60, limit = 63, births_per_month = 1"),
    "one month paid": dated("contribution_months", "months = 1"),
    "a figure of one month": (
        '[[bounds]]\ninsurances = ["pension"]\nvalues = [{ from = "2030-01", to = "2030-01", '
        f'floor = "1", cap = "9", {CITED} }}]\n'
    ),
    "a counter for a month": '[[businesses]]\nid = "staff.add"\ncounter = { expires_months = 1 }\n',
    "a closing": '[closing]\nsources = ["s"]\n',
}


@pytest.mark.parametrize("body", FITTING.values(), ids=FITTING)
def test_what_just_fits_is_let_in(body: str) -> None:
    assert not problems(body)


def test_a_month_is_closed_by_one_file_only() -> None:
    found = problems("[closing]\nrollback = false\n", "[closing]\nrollback = true\n")
    assert found == {("1.toml", "closing"): "already in 0.toml"}


SYSTEM = '[[back_ends]]\nid = "{id}"\ntitle = {{ zh = "某", en = "x" }}\n'
SYSTEM += 'insurances = ["{insurance}"]\nsource = "{source}"\n'


def test_systems_that_two_files_name_are_told_with_the_second_file() -> None:
    first = SYSTEM.format(id="a", insurance="pension", source="s")
    for more, path, words in (
        ({"id": "a", "insurance": "medical", "source": "s"}, "id", "already another system's"),
        (
            {"id": "b", "insurance": "pension", "source": "s"},
            "insurances",
            "already settled in 'a'",
        ),
        ({"id": "b", "insurance": "medical", "source": "t"}, "source", "unknown source 't'"),
    ):
        ((place, problem),) = problems(first, SYSTEM.format(**more)).items()
        assert place == ("1.toml", f"back_ends[0].{path}")
        assert words in problem


def test_one_wrong_revision_is_found_behind_others() -> None:
    value = f'floor = "1", cap = "9", {CITED}'
    revising = f'{{ from = "2030-01", announced = 2029-12-01, revises = true, {value} }}'
    plain = f'{{ from = "2030-01", announced = 2029-12-01, {value} }}'
    body = f'[[bounds]]\ninsurances = ["pension"]\nvalues = [{plain}, {revising}]\n'
    assert problems(body) == {
        ("0.toml", "bounds[0].values[1].revises"): "revises nothing announced earlier"
    }, "what is announced on the same day is not earlier"


def test_pairs_of_other_kinds_between_do_not_hide_a_pair() -> None:
    other = f'[[coverage]]\nvalues = [{{ from = "2030-01", insurances = [], {CITED} }}]\n'
    bounds = pension("bounds", 'floor = "1", cap = "9"')
    found = problems(bounds + rate("8%") + other + rate("9%"))
    assert list(found) == [("0.toml", "rates[1]")]
    assert found["0.toml", "rates[1]"].endswith("(pension)")


def test_an_overlay_that_goes_wrong_is_told_by_its_file_and_key(tmp_path: Path) -> None:
    names = RegionNames(slug="x", name=Text("某", "x"))
    book = build_rule_books({"x.toml": parse_rules(tomllib.loads(HEAD), "x.toml")})["990100"]
    path = tmp_path / "own.toml"
    cases = {
        'division = "990200"\n': ("division", "an overlay of x must name 990100, not 990200"),
        HEAD: ("region", "an overlay has no names of its own"),
        "division = 5\n": ("division", "5 found where text is expected"),
    }
    for text, (field, words) in cases.items():
        path.write_text(text, "utf-8")
        with pytest.raises(RuleFileError) as caught:
            overlay_book(path, book)
        (fault,) = caught.value.faults
        assert (fault.place.file, fault.place.field) == (str(path), field)
        assert fault.values["problem"] == words
    path.write_text('division = "990100"\n', "utf-8")
    made = overlay_book(str(path), book)
    assert (made.own, made.names) == (True, names)
    assert read_rule_file(path, "own.toml").division == "990100"


def test_rules_in_a_folder_below_are_read_and_named_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "region.toml").write_text(HEAD, "utf-8")
    (tmp_path / "city" / "rates.toml").write_text('division = "990100"\n' + rate("8%"), "utf-8")
    found = read_rule_folder(tmp_path)
    assert sorted(found) == ["city/rates.toml", "region.toml"]
    (series,) = build_rule_books(found)["990100"].of_kind("rate")
    assert series.values[0].describe("en") == "8%"


def test_every_file_that_can_t_be_read_is_told_with_what_is_wrong_with_it(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("division = ", "utf-8")
    (tmp_path / "b.toml").write_text('division = "99010x"', "utf-8")
    (tmp_path / "c.toml").write_bytes(b"\xff")
    with pytest.raises(RuleFileError) as caught:
        read_rule_folder(tmp_path)
    told = {str(fault.place.file): str(fault.values["problem"]) for fault in caught.value.faults}
    assert sorted(told) == ["a.toml", "b.toml", "c.toml"]
    assert told["a.toml"].startswith("not TOML in UTF-8: Invalid value (at end of document")
    assert told["b.toml"].startswith("'99010x' is no division code")
    assert told["c.toml"].startswith("not TOML in UTF-8: 'utf-8' codec can't decode byte 0xff")
    with pytest.raises(RuleFileError, match="No such file"):
        read_rule_file(tmp_path / "d.toml", "d.toml")
