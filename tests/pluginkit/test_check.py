"""An author learns of every problem before anybody installs the plugin."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from socialins.faults import FaultError
from socialins.pluginkit import CheckedPlugin, check_plugin, new_plugin
from socialins.rules.rulebook import RuleBook
from socialins.testing.middle import middle_registry

MIDDLE = Path(str(files("socialins.testing.middle")))
REGION = """\
# References
# Checked with
# Limitations
division = "990200"
[region]
slug = "odd"
name = { zh = "奇州", en = "Odd City" }
[sources.one]
title = "通知"
seen = "made up for tests"
"""
RATE = """\
[[rates]]
insurance = "{insurance}"
payer = "unit"
values = [{{ from = "2020-01", {more} rate = "1%", sources = ["{source}"], mark = "{mark}" }}]
"""


Check = Callable[..., CheckedPlugin]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Checks a folder with a file of a made-up city, beside the fictional region."""

    def run(body: str = "", *, head: str = REGION, today: date | None = None) -> CheckedPlugin:
        (tmp_path / "odd.toml").write_text(head + body, "utf-8")
        return check_plugin(tmp_path, today=today, registry=middle_registry())

    return run


def rate(insurance: str = "pension", source: str = "one", mark: str = "A", more: str = "") -> str:
    return RATE.format(insurance=insurance, source=source, mark=mark, more=more)


def test_sound_rules_pass_with_what_they_hold(check: Check) -> None:
    checked = check(rate())
    assert checked.faults == ()
    (division,) = checked.divisions
    assert (division.code, division.slug, division.figures) == ("990200", "odd", 1)


def test_every_problem_of_every_file_is_told_with_file_key_path_and_remedy(
    check: Check, tmp_path: Path
) -> None:
    (tmp_path / "two.toml").write_text('division = "990200"\nsorces = 1\n', "utf-8")
    checked = check(rate(mark="D") + 'shoe = "size"\n')
    told = {(fault.place.file, fault.place.field) for fault in checked.errors}
    assert told == {
        (str(tmp_path / "odd.toml"), "rates[0].values[0].mark"),
        (str(tmp_path / "odd.toml"), "rates[0].shoe"),
        (str(tmp_path / "two.toml"), "sorces"),
    }
    assert all(fault.remedy("en") and fault.remedy("zh") for fault in checked.errors)
    assert checked.divisions == ()


def test_an_unknown_source_is_told_where_it_is_cited(check: Check) -> None:
    (fault,) = check(rate(source="tow")).errors
    assert fault.place.field == "rates[0].values[0].sources"
    assert "'tow'" in fault.message("en")


def test_an_insurance_that_nobody_titles_is_told_where_it_stands(
    check: Check, tmp_path: Path
) -> None:
    (fault,) = check(rate() + rate(insurance="penison")).errors
    assert (fault.place.file, fault.place.field) == (str(tmp_path / "odd.toml"), "rates[1]")
    assert "penison" in fault.message("en")


def test_what_nothing_confirms_is_a_warning(check: Check) -> None:
    checked = check(rate(mark="C"))
    (fault,) = checked.warnings
    assert fault.code == "plugin.unconfirmed"
    assert fault.place.field == "rates[0].values[0]"
    assert not checked.errors


@pytest.mark.parametrize(
    ("more", "stale"),
    [
        ("", True),
        ("last_confirmed = 2026-05-01,", False),
        ("last_confirmed = 2022-05-01,", True),
        ('to = "2027-12",', False),
    ],
)
def test_what_was_not_seen_for_long_is_a_warning(check: Check, more: str, stale: bool) -> None:
    checked = check(rate(more=more), today=date(2026, 11, 22))
    assert [fault.code for fault in checked.warnings] == ["plugin.stale"] * stale
    assert check(rate(more=more)).warnings == (), "without a day nothing is old"


def test_a_file_that_hides_its_limitations_is_a_warning(check: Check) -> None:
    (fault,) = check(head=REGION.replace("# Limitations\n", "")).warnings
    assert fault.code == "plugin.head"
    assert "Limitations" in fault.message("en")
    assert "References" not in fault.message("en")
    late = REGION.replace("# Limitations\n", "") + "# Limitations\n"
    assert [fault.code for fault in check(head=late).warnings] == ["plugin.head"]


def test_a_form_that_can_t_be_read_is_told(tmp_path: Path) -> None:
    new_plugin("odd", "990200", folder=tmp_path)
    package = tmp_path / "socialins-odd" / "src" / "socialins_odd"
    (package / "forms").mkdir()
    form = (MIDDLE / "forms" / "wage-declare.toml").read_text("utf-8")
    form = form.replace('division = "990000"', 'division = "990200"')
    (package / "forms" / "wage.toml").write_text(form.replace('type = "wage"', 'type = "wgae"'))
    checked = check_plugin(tmp_path / "socialins-odd", registry=middle_registry())
    (fault,) = checked.errors
    assert "forms/wage.toml" in str(fault.place.file)
    assert fault.place.field == "columns[3].type"


def test_a_plugin_that_nothing_would_find_is_told(tmp_path: Path) -> None:
    new_plugin("odd", "990200", folder=tmp_path)
    project = tmp_path / "socialins-odd" / "pyproject.toml"
    text = project.read_text("utf-8")
    for wrong in (
        text.replace("entry-points.socialins]", "entry-points.social]"),
        text.replace('odd = "socialins_odd"', 'odd = "socialins_even"'),
        "[project\n",
    ):
        project.write_text(wrong, "utf-8")
        checked = check_plugin(tmp_path / "socialins-odd", registry=middle_registry())
        assert [fault.code for fault in checked.errors] == ["plugin.entry-point"]
        assert [one.code for one in checked.divisions] == ["990200"], "its rules are read anyway"


def test_a_division_that_an_installed_plugin_brings_is_a_warning(tmp_path: Path) -> None:
    new_plugin("odd", "990100", folder=tmp_path)
    checked = check_plugin(tmp_path / "socialins-odd", registry=middle_registry())
    assert [fault.code for fault in checked.faults] == ["plugin.division-taken"]


def test_a_plugin_is_checked_as_it_lies_not_as_it_is_installed(check: Check) -> None:
    # The fictional city's own rules, with an error, beside the installed ones without it.
    head = REGION.replace("990200", "990100")
    checked = check(rate(insurance="penison"), head=head)
    assert [fault.code for fault in checked.errors] == ["rules.invalid"]
    book: RuleBook = middle_registry().books["990100"]
    assert book.names.slug == "middle", "what is installed stays as it was"


def test_a_folder_without_rules_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(FaultError, match="no rule file"):
        check_plugin(tmp_path)
    with pytest.raises(FaultError, match="no rule file"):
        check_plugin(tmp_path / "missing")


def test_no_code_of_the_plugin_runs(tmp_path: Path) -> None:
    new_plugin("odd", "990200", folder=tmp_path)
    package = tmp_path / "socialins-odd" / "src" / "socialins_odd"
    (package / "__init__.py").write_text("raise SystemExit('ran')\n", "utf-8")
    checked = check_plugin(tmp_path / "socialins-odd", registry=middle_registry())
    assert json.dumps([str(fault) for fault in checked.faults]) == "[]"


def test_a_name_that_nothing_has_is_told_before_the_plugin_is_installed(
    check: Check, tmp_path: Path
) -> None:
    slips = (
        '[[windows]]\nbusinesses = ["staff.ad"]\n'
        'values = [{ from = "2020-01", intervals = [{ first = { day = 1 }, last = { day = 9 } }],'
        ' sources = ["one"], mark = "A" }]\n'
        '[[businesses]]\nid = "odd.card"\n'
        'materials = [{ zh = "照片", en = "photograph", attachment = "foto" }]\n'
    )
    errors = check(slips).errors
    assert {fault.code for fault in errors} == {"rules.unknown-name"}
    assert {(fault.place.file, fault.place.field) for fault in errors} == {
        (str(tmp_path / "odd.toml"), "windows[0].businesses"),
        (str(tmp_path / "odd.toml"), "businesses[0].materials[0].attachment"),
    }
    (window,) = (fault for fault in errors if "windows" in (fault.place.field or ""))
    assert "staff.add" in window.message("en")


def test_a_prerequisite_that_the_library_has_no_check_for_is_a_warning(check: Check) -> None:
    body = '[[businesses]]\nid = "staff.add"\nrequires = [{{ id = "{id}" }}]\n'
    (fault,) = check(body.format(id="no-arrear")).faults
    assert fault.code == "plugin.check-unknown"
    assert not fault.is_error, "the plugin may bring a check of its own"
    assert fault.place.field == "businesses[0].requires[0].id"
    assert "no-arrears" in fault.message("en")
    assert check(body.format(id="no-arrears")).faults == ()


def test_a_form_for_a_business_that_nobody_has_is_told(tmp_path: Path) -> None:
    new_plugin("odd", "990200", folder=tmp_path)
    package = tmp_path / "socialins-odd" / "src" / "socialins_odd"
    (package / "forms").mkdir(exist_ok=True)
    form = (MIDDLE / "forms" / "wage-declare.toml").read_text("utf-8")
    form = form.replace('division = "990000"', 'division = "990200"')
    for business, wrong in (("wage.declare", False), ("wage.declar", True)):
        text = form.replace('business = "wage.declare"', f'business = "{business}"')
        (package / "forms" / "wage.toml").write_text(text, "utf-8")
        checked = check_plugin(tmp_path / "socialins-odd", registry=middle_registry())
        told = [one for one in checked.errors if one.code == "rules.unknown-name"]
        assert bool(told) is wrong
        if wrong:
            assert told[0].place.field == "business"
            assert "forms/wage.toml" in (told[0].place.file or "")
            assert "wage.declare" in told[0].message("en")
