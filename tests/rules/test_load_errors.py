"""Loading: a typing error in a rule file must stop it, and say where, before anybody is charged.

Each case is a small file with one thing wrong, and the key path and words that its author must see.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from socialins.faults import Fault
from socialins.rules import RuleFileError, build_rule_books, read_rule_file, read_rule_folder
from socialins.rules.loader import parse_rules

HEAD = """
division = "990100"
[region]
slug = "middle"
name = { zh = "中州", en = "Middle City" }
[sources.s]
title = "关于基数的通知"
seen = "made up"
"""
CITED = 'sources = ["s"], mark = "A"'
BOUND = f'floor = "4000", cap = "20000", {CITED}'


def bounds(*values: str, more: str = "") -> str:
    return f'[[bounds]]\ninsurances = ["pension"]\nvalues = [{", ".join(values)}]\n{more}\n'


def rates(value: str, more: str = "") -> str:
    figure = f'{{ from = "2024-01", {value} }}'
    return f'[[rates]]\ninsurance = "pension"\npayer = "unit"\n{more}\nvalues = [{figure}]\n'


def fixed(value: str) -> str:
    figure = f'{{ from = "2024-01", {value}, {CITED} }}'
    return f'[[fixed]]\ninsurance = "medical"\npayer = "person"\nvalues = [{figure}]\n'


def bound(span: str, more: str = "") -> str:
    return f"{{ {span}, {BOUND}{more} }}"


WHY = 'why = { zh = "未见。", en = "Not seen." }'
JAN = 'from = "2024-01"'
ELEVEN = ", ".join(['"22"'] * 11)
VALUE = "bounds[0].values[0]"
NUMBER = """
[[numbers]]
id = "unit-number"
title = { zh = "单位编号", en = "unit number" }
length = 10
source = "law"
"""
CAVEAT = """
[[caveats]]
from = "2024-07"
to = "2024-06"
insurances = ["*"]
text = { zh = "尚未表达。", en = "Not expressed." }
"""

# Name → body, key path, words of the problem.
CASES: dict[str, tuple[str, str, str]] = {
    # What is not a figure.
    "a month 31": (bounds(bound('from = "2024-31"')), f"{VALUE}.from", "month 31 does not exist"),
    "a day for a month": (bounds(bound('from = "2024-01-07"')), f"{VALUE}.from", "is no month"),
    "a date for a month": (bounds(bound("from = 2024-07-01")), f"{VALUE}.from", "a month as text"),
    "a number for a month": (bounds(bound("from = 202407")), f"{VALUE}.from", "a month as text"),
    "a float bound": (
        bounds(f'{{ {JAN}, floor = 4000.5, cap = "20000", {CITED} }}'),
        f"{VALUE}.floor",
        "write it as text, such as '7270'",
    ),
    "a bound below a fen": (
        bounds(f'{{ {JAN}, floor = "4000.505", cap = "20000", {CITED} }}'),
        f"{VALUE}.floor",
        "smaller than a fen",
    ),
    "a truth value for a bound": (
        bounds(f'{{ {JAN}, floor = true, cap = "20000", {CITED} }}'),
        f"{VALUE}.floor",
        "no amount",
    ),
    "None for none": (
        bounds(f'{{ {JAN}, floor = "None", cap = "20000", {CITED} }}'),
        f"{VALUE}.floor",
        "can't be an amount",
    ),
    "a floor above the cap": (
        bounds(f'{{ {JAN}, floor = "20000", cap = "4000", {CITED} }}'),
        VALUE,
        "floor 20000.00 lies above cap 4000.00",
    ),
    "a negative floor": (
        bounds(f'{{ {JAN}, floor = "-1", cap = "4000", {CITED} }}'),
        VALUE,
        "-1.00 is negative",
    ),
    "a float rate": (rates(f"rate = 0.08, {CITED}"), "rates[0].values[0].rate", "such as '9.8%'"),
    "a whole rate": (rates(f"rate = 8, {CITED}"), "rates[0].values[0].rate", "such as '9.8%'"),
    "a rate above 100 %": (
        rates(f'rate = "120%", {CITED}'),
        "rates[0].values[0]",
        "rate 120% lies outside 0 % to 100 %",
    ),
    "a rate that is two things": (
        rates(f'rate = "8%", none = true, {CITED}'),
        "rates[0].values[0]",
        "give one of 'rate', 'operand' and 'none'",
    ),
    "a rate that is nothing": (
        rates(CITED),
        "rates[0].values[0]",
        "give one of 'rate', 'operand' and 'none'",
    ),
    "an operand nobody knows": (
        rates(f'operand = "injury", {CITED}'),
        "rates[0].values[0].operand",
        "'injury' is not a valid Operand",
    ),
    "a rounding nobody knows": (
        f'[[base_rounding]]\ninsurances = ["*"]\nvalues = [{{ {JAN}, rounding = "up", {CITED} }}]',
        "base_rounding[0].values[0].rounding",
        "'up' is not a valid Rounding",
    ),
    "a fixed sum with eleven months": (
        fixed(f"by_month = [{ELEVEN}]"),
        "fixed[0].values[0]",
        "'by_month' has 11 amounts; give twelve",
    ),
    "a fixed sum of both kinds": (
        fixed(f'amount = "3", by_month = [{ELEVEN}, "22"]'),
        "fixed[0].values[0]",
        "give 'amount' or 'by_month', one of the two",
    ),
    "a fixed sum of no kind": (
        fixed("months = [1]"),
        "fixed[0].values[0]",
        "give 'amount' or 'by_month', one of the two",
    ),
    "months beside a table": (
        fixed(f'months = [1], by_month = [{ELEVEN}, "22"]'),
        "fixed[0].values[0]",
        "'months' goes with 'amount'",
    ),
    "a sum due in month 13": (
        fixed('amount = "3", months = [13]'),
        "fixed[0].values[0]",
        "month 13 does not exist",
    ),
    "a month that is half a number": (
        fixed('amount = "3", months = [1.5]'),
        "fixed[0].values[0].months[0]",
        "1.5 found where a whole number is expected",
    ),
    "a negative sum": (fixed('amount = "-3"'), "fixed[0].values[0]", "-3.00 is negative"),
    "injury class 9": (
        f'[[injury_classes]]\nvalues = [{{ {JAN}, rates = {{ 9 = "1%" }}, {CITED} }}]',
        "injury_classes[0].values[0]",
        "injury class '9' does not exist",
    ),
    "a negative class rate": (
        f'[[injury_classes]]\nvalues = [{{ {JAN}, rates = {{ 1 = "-1%" }}, {CITED} }}]',
        "injury_classes[0].values[0]",
        "lies outside 0 % to 100 %",
    ),
    # Keys and types.
    "an unknown key": (bounds(bound(JAN, ", flor = 1")), f"{VALUE}.flor", "unknown key 'flor'"),
    "a missing cap": (
        bounds(f'{{ {JAN}, floor = "4000", {CITED} }}'),
        f"{VALUE}.cap",
        "missing key 'cap'",
    ),
    "a missing mark": (
        bounds(f'{{ {JAN}, floor = "4000", cap = "none", sources = ["s"] }}'),
        f"{VALUE}.mark",
        "missing key 'mark'",
    ),
    "a mark D": (
        bounds(f'{{ {JAN}, floor = "4000", cap = "none", sources = ["s"], mark = "D" }}'),
        f"{VALUE}.mark",
        "'D' is not a valid Mark",
    ),
    "a day in quotes": (
        bounds(bound(JAN, ', announced = "2024-01-01"')),
        f"{VALUE}.announced",
        "write it without quotes",
    ),
    "a moment for a day": (
        bounds(bound(JAN, ", announced = 2024-01-01T08:00:00")),
        f"{VALUE}.announced",
        "is no day",
    ),
    "false in quotes": (
        bounds(bound(JAN, ', revises = "false"')),
        f"{VALUE}.revises",
        "'false' found where true or false is expected",
    ),
    "text for a count": (
        bounds(bound(JAN, ', carry_months = "12"')),
        f"{VALUE}.carry_months",
        "'12' found where a whole number is expected",
    ),
    "text for a list": (
        f'[[bounds]]\ninsurances = "pension"\nvalues = [{bound(JAN)}]',
        "bounds[0].insurances",
        "'pension' found where a list is expected",
    ),
    "no insurance at all": (
        f"[[bounds]]\ninsurances = []\nvalues = [{bound(JAN)}]",
        "bounds[0]",
        "name at least one insurance, or '*'",
    ),
    "an id with a capital": (
        f'[[bounds]]\ninsurances = ["Pension"]\nvalues = [{bound(JAN)}]',
        "bounds[0]",
        "'Pension' can't name an insurance",
    ),
    "an item id with a blank": (
        rates(f'rate = "1%", {CITED}', 'item = "large aid"'),
        "rates[0]",
        "'large aid' can't be an id",
    ),
    "a payer nobody knows": (
        rates(f'rate = "1%", {CITED}').replace('"unit"', '"boss"'),
        "rates[0].payer",
        "'boss' is not a valid Payer",
    ),
    "a household nobody knows": (
        rates(f'rate = "1%", {CITED}', 'who = { household = ["rural"] }'),
        "rates[0].who.household[0]",
        "'rural' is not a valid Household",
    ),
    "a class key misspelt": (
        rates(f'rate = "1%", {CITED}', 'who = { houshold = ["rural-local"] }'),
        "rates[0].who.houshold",
        "unknown key 'houshold'",
    ),
    # Sources.
    "an unknown source": (
        bounds(f'{{ {JAN}, floor = "4000", cap = "none", sources = ["law"], mark = "A" }}'),
        f"{VALUE}.sources",
        "unknown source 'law'",
    ),
    "no source": (
        bounds(f'{{ {JAN}, floor = "4000", cap = "none", sources = [], mark = "A" }}'),
        f"{VALUE}.sources",
        "name at least one source",
    ),
    "an unknown source for going on": (
        bounds(bound(JAN, ', provisional_until_announced = "law"')),
        f"{VALUE}.sources",
        "unknown source 'law'",
    ),
    "a source seen nowhere": (
        '[sources.t]\ntitle = "t"',
        "sources['t'].seen",
        "missing key 'seen'",
    ),
    "a number with an unknown source": (
        NUMBER,
        "numbers[0].source",
        "unknown source 'law'",
    ),
    # Months.
    "an end before the beginning": (
        bounds(bound('from = "2024-07", to = "2024-06"')),
        VALUE,
        "'to' 2024-06 lies before 'from' 2024-07",
    ),
    "an unknown span that ends before it begins": (
        bounds(more=f'unknown = [{{ from = "2024-07", to = "2024-06", {WHY} }}]'),
        "bounds[0].unknown[0]",
        "'to' 2024-06 lies before 'from' 2024-07",
    ),
    "a caveat that ends before it begins": (
        CAVEAT,
        "caveats[0]",
        "'to' 2024-06 lies before 'from' 2024-07",
    ),
    "an overlap of a month": (
        bounds(bound('from = "2024-01", to = "2024-07"'), bound('from = "2024-07"')),
        "bounds[0].values[1]",
        "overlaps values[0] in 2024-07..2024-07",
    ),
    "a new figure beside an open one": (
        bounds(bound(JAN), bound('from = "2025-01"')),
        "bounds[0].values[1]",
        "overlaps values[0] in 2025-01..",
    ),
    "a figure for unknown months": (
        bounds(bound(JAN), more=f'unknown = [{{ from = "2024-03", to = "2024-04", {WHY} }}]'),
        "bounds[0].unknown[0]",
        "overlaps values[0] in 2024-03..2024-04",
    ),
    "a gap": (
        bounds(bound('from = "2024-01", to = "2024-05"'), bound('from = "2024-07"')),
        "bounds[0].values",
        "no figure for 2024-06..2024-06; if none is known, say so in 'unknown'",
    ),
    "a gap between figures out of order": (
        bounds(bound('from = "2024-07"'), bound('from = "2024-01", to = "2024-03"')),
        "bounds[0].values",
        "no figure for 2024-04..2024-06",
    ),
    "a gap before unknown months": (
        bounds(
            bound('from = "2024-01", to = "2024-05"'),
            more=f'unknown = [{{ from = "2024-07", {WHY} }}]',
        ),
        "bounds[0].values",
        "no figure for 2024-06..2024-06",
    ),
    "a revision without its day": (
        bounds(bound(JAN, ", announced = 2023-12-01"), bound(JAN, ", revises = true")),
        "bounds[0].values[1].announced",
        "a figure that revises needs the day",
    ),
    "a revision of nothing": (
        bounds(bound(JAN, ", revises = true, announced = 2024-02-01")),
        f"{VALUE}.revises",
        "revises nothing announced earlier",
    ),
    "two revisions of one day": (
        bounds(
            bound(JAN),
            bound(JAN, ", revises = true, announced = 2024-02-01"),
            bound('from = "2024-03"', ", revises = true, announced = 2024-02-01"),
        ),
        "bounds[0].values[2]",
        "revises 2024-03.. on the same day as values[1]",
    ),
    "an empty series": (bounds(), "bounds[0].values", "the series is empty"),
    # Two answers to one question.
    "the same rate twice": (
        rates(f'rate = "1%", {CITED}') * 2,
        "rates[1]",
        "answers the same question as rates[0] in rules.toml (pension)",
    ),
    "two equally close classes that meet": (
        rates(f'rate = "1%", {CITED}', 'who = { household = ["foreign"] }')
        + rates(f'rate = "2%", {CITED}', 'who = { employment = ["part-time"] }'),
        "rates[1]",
        "answers the same question as rates[0]",
    ),
    "two coverages of everybody": (
        f'[[coverage]]\nvalues = [{{ {JAN}, insurances = ["injury"], {CITED} }}]\n' * 2,
        "coverage[1]",
        "answers the same question as coverage[0] in rules.toml (all insurances)",
    ),
}


def problems(folder: Path) -> tuple[Fault, ...]:
    """What is wrong with the rule files of a folder."""
    with pytest.raises(RuleFileError) as caught:
        build_rule_books(read_rule_folder(folder))
    return caught.value.faults


@pytest.mark.parametrize(("body", "path", "words"), CASES.values(), ids=CASES)
def test_an_author_is_told_file_key_and_problem(
    body: str, path: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(HEAD + body, "utf-8")
    found = {(fault.place.file, fault.place.field): fault for fault in problems(tmp_path)}
    fault = found["rules.toml", path]
    for lang in ("zh", "en"):
        assert words in fault.message(lang)
        assert fault.remedy(lang)
    assert f"rules.toml, {path}: " in str(fault)


@pytest.mark.parametrize("division", ['"99010"', '"99010x"', '"9901000"', '"中州"', '""'])
def test_a_division_that_is_none_is_refused(division: str, tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(HEAD.replace('"990100"', division), "utf-8")
    (fault,) = problems(tmp_path)
    assert fault.place.file == "rules.toml"
    assert "is no division code; write six digits" in fault.message("en")


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        (HEAD.replace('division = "990100"', ""), "division", "missing key 'division'"),
        (HEAD.replace('"990100"', "990100"), "division", "990100 found where text is expected"),
        ('division = "990100"', "region", "no file of this division says how it is called"),
        (HEAD.replace('slug = "middle"', 'slug = "Middle City"'), "region", "can't be an id"),
        ('division = "990100"\nbounds = 5', "bounds", "5 found where a list is expected"),
        ('division = "990100"\nbounds = [5]', "bounds[0]", "5 found where a table is expected"),
        ("division = ", None, "not TOML in UTF-8"),
        ('division = "990100"\n' + "[a" * 5, None, "not TOML in UTF-8"),
    ],
    ids=["none", "a number", "no region", "bad slug", "no list", "no table", "cut off", "brackets"],
)
def test_a_file_that_is_no_rule_file_is_named(
    text: str, path: str | None, words: str, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(text, "utf-8")
    (fault,) = problems(tmp_path)
    assert (fault.place.file, fault.place.field) == ("rules.toml", path)
    assert words in fault.message("en")


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(HEAD.encode("gb18030"))
    (fault,) = problems(tmp_path)
    assert fault.place.file == "rules.toml"
    assert "not TOML in UTF-8" in fault.message("en")


def test_a_file_of_monstrous_size_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_bytes(b"#" * 4_000_001)
    (fault,) = problems(tmp_path)
    assert "4000001 bytes; at most 4000000 are read" in fault.message("en")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as caught:
        read_rule_file(tmp_path / "absent.toml")
    assert caught.value.faults[0].place.file == "absent.toml"


def test_an_author_of_many_errors_learns_of_all_of_them_at_once(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.toml").write_text(HEAD + bounds(bound('from = "2024-31"', ", x = 1")), "utf-8")
    (tmp_path / "sub" / "b.toml").write_text("division = 1", "utf-8")
    found = [(fault.place.file, fault.place.field) for fault in problems(tmp_path)]
    assert sorted(found) == [
        ("a.toml", "bounds[0].values[0].from"),
        ("a.toml", "bounds[0].values[0].x"),
        ("sub/b.toml", "division"),
    ]


def test_errors_between_files_name_both(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(HEAD + rates(f'rate = "1%", {CITED}'), "utf-8")
    second = HEAD.replace("中州", "另一名") + rates(f'rate = "2%", {CITED}')
    (tmp_path / "b.toml").write_text(second, "utf-8")
    found = {fault.place.field: fault for fault in problems(tmp_path)}
    assert {fault.place.file for fault in found.values()} == {"b.toml"}
    assert "already another source's" in found["sources.s"].message("en")
    assert "already in a.toml" in found["region"].message("en")
    assert "the same question as rates[0] in a.toml" in found["rates[0]"].message("en")


def test_an_overlay_has_no_names_of_its_own() -> None:
    file = parse_rules({"division": "990100", "region": {"slug": "x", "name": _TEXT}}, "own.toml")
    names = file.region
    with pytest.raises(RuleFileError) as caught:
        build_rule_books({"own.toml": file}, overlay_of=names)
    assert str(caught.value.faults[0].place) == "own.toml, region"


_TEXT = {"zh": "甲", "en": "A"}


def test_classes_that_never_meet_may_each_have_a_series(tmp_path: Path) -> None:
    body = rates(f'rate = "1%", {CITED}', 'who = { household = ["foreign"] }')
    body += rates(f'rate = "2%", {CITED}', 'who = { household = ["hmt"] }')
    body += rates(f'rate = "3%", {CITED}')
    (tmp_path / "rules.toml").write_text(HEAD + body, "utf-8")
    assert len(build_rule_books(read_rule_folder(tmp_path))["990100"].series) == 3


def test_notes_of_editors_beside_the_rules_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(HEAD, "utf-8")
    (tmp_path / "README.md").write_text("not TOML at all [", "utf-8")
    (tmp_path / "rules.toml.bak").write_text("[[", "utf-8")
    assert list(build_rule_books(read_rule_folder(tmp_path))) == ["990100"]
