"""The conformance suite catches what it is there for, and can't be hollowed out unseen."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings

from socialins import plugins
from socialins.facade import Region
from socialins.settlement import Contribution, Settlement
from socialins.testing import golden
from socialins.testing.conformance import RegionConformance, deviates, left_out
from socialins.values import Money

MIDDLE = Path(str(files("socialins.testing.middle")))
STANDARD = [name for name in vars(RegionConformance) if name.startswith("test")]


class Middle(RegionConformance):
    division = "990100"


Site = Callable[..., RegionConformance]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Installs the fictional region, with texts of its rule files replaced, and nothing else."""
    package = tmp_path / "socialins_conforming"

    def install(*changes: tuple[str, str, str], code: str = "") -> RegionConformance:
        for part in ("rules", "forms"):
            (package / part).mkdir(parents=True)
            for file in (MIDDLE / part).glob("*.toml"):
                text = file.read_text("utf-8")
                for name, old, new in changes:
                    if name == file.name:
                        assert old in text, f"{old} is no longer in {name}"
                        text = text.replace(old, new)
                (package / part / file.name).write_text(text, "utf-8")
        (package / "__init__.py").write_text(f'"""A plugin."""\n{code}', "utf-8")
        plugins.reload()
        made = Middle()
        type(made).golden = tmp_path / "golden.json"  # type: ignore[misc]
        return made

    monkeypatch.syspath_prepend(str(tmp_path))
    point = EntryPoint("conforming", "socialins_conforming", "socialins")
    monkeypatch.setattr(plugins, "entry_points", lambda group: [point])
    yield install
    plugins.installed.cache_clear()
    sys.modules.pop("socialins_conforming", None)


@pytest.fixture
def first_failure() -> Iterator[None]:
    """Hypothesis tells the first bill that fails, without looking for a smaller one."""
    before = settings.get_current_profile_name()
    found = settings.get_profile(before)
    settings.register_profile(
        "first-failure", found, phases=(Phase.generate,), report_multiple_bugs=False
    )
    settings.load_profile("first-failure")
    yield
    settings.load_profile(before)


def fails(test: Callable[..., object], *arguments: Any, match: str) -> None:
    with pytest.raises(AssertionError, match=match):
        test(*arguments)


def test_a_sound_region_passes_all_of_it(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = site()
    with monkeypatch.context() as patch:
        patch.setenv(golden.UPDATE, "1")
        suite.test_every_month_at_which_a_rule_changes_settles_as_before()
    for name in STANDARD:
        test = getattr(suite, name)
        test(*([tmp_path] if name == "test_forms_read_back" else []))


def test_a_changed_rate_is_seen_in_the_golden_months(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = site(("province.toml", 'rate = "16%"', 'rate = "16.01%"'))
    plain = golden.golden_months(_middle())
    (tmp_path / "golden.json").write_text(golden._dump(plain), "utf-8")
    monkeypatch.delenv(golden.UPDATE, raising=False)
    fails(
        suite.test_every_month_at_which_a_rule_changes_settles_as_before, match="settle otherwise"
    )


def _middle() -> Region:
    from socialins.testing.middle import middle

    return middle()


def test_a_plugin_that_fails_to_load_fails_the_suite_with_its_reason(site: Site) -> None:
    suite = site(("city.toml", 'mark = "C"', 'mark = "D"'))
    with pytest.raises(plugins.UnknownRegion, match="conforming"):
        suite.test_the_plugin_loads_and_its_rules_fit_the_country_s()


def test_a_source_that_nobody_can_look_up_is_told_with_its_figures(site: Site) -> None:
    suite = site(("windows.toml", 'seen = "made up for tests"', 'seen = " "'))
    fails(
        suite.test_every_figure_cites_where_it_was_seen_and_how_sure_it_is,
        match=re.escape("windows.toml windows[0].values[0]"),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('{ from = "2024-01", floor', '{ from = "1924-01", floor', "1924-01"),
        (
            'values = [{ from = "2021-01", rate',
            'values = [{ from = "2021-01", announced = 2012-01-01, rate',
            "announced 2012-01-01, years away",
        ),
        ("issued = 2020-05-01", "issued = 1920-05-01", "sources.city: issued 1920-05-01"),
    ],
)
def test_a_month_or_day_typed_wrong_is_told(site: Site, old: str, new: str, told: str) -> None:
    fails(site(("city.toml", old, new)).test_months_and_days_make_sense, match=told)


def test_windows_that_run_into_each_other_are_told(site: Site) -> None:
    old, new = "{ first = { day = 20 }", "{ first = { day = 9 }"
    suite = site(("windows.toml", old, new))
    fails(suite.test_windows_are_in_order, match=r"wage\.declare of 20")


def test_a_hook_that_is_no_hook_keeps_the_plugin_out_by_name(site: Site) -> None:
    site(code="def socialins_rule_folder():\n    return []\n")
    (plugin,) = plugins.installed().plugins
    assert plugin.failed
    assert "socialins_rule_folder" in plugin.faults[0].message("en")
    assert not plugins.installed().manager.get_plugins()


def test_a_hook_is_called_once_while_loading(site: Site) -> None:
    code = (
        "CALLS = []\ndef socialins_rule_folders():\n    CALLS.append(1)\n    return []\n"
        "socialins_rule_folders.__doc__ = 'x'\n"
    )
    suite = site(code=code)
    suite.test_hooks_are_called_once_a_batch()
    # Once when the registry was built, once when the suite built its own.
    assert len(sys.modules["socialins_conforming"].CALLS) == 2


def test_a_hook_called_for_each_person_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = site(code="def socialins_rule_folders():\n    return []\n")
    settle = Region.settle

    def greedy(self: Region, roster: Any, *given: Any, **more: Any) -> Settlement:
        for _ in roster.entries:
            self.registry.manager.hook.socialins_rule_folders()
        return settle(self, roster, *given, **more)

    monkeypatch.setattr(Region, "settle", greedy)
    fails(suite.test_hooks_are_called_once_a_batch, match="more than once")


@pytest.mark.usefixtures("first_failure")
def test_a_total_that_is_not_the_sum_is_caught(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    suite = site()
    monkeypatch.setattr(Settlement, "total", property(lambda _bill: Money(1)))
    fails(suite.test_totals_are_the_sums_of_the_amounts, match="sums of the amounts")


def first_pays_more(bill: Settlement) -> list[Contribution]:
    first, *rest = bill.contributions
    return [attrs.evolve(first, amount=first.amount + Money(1)), *rest]


def base_is_too_high(bill: Settlement) -> list[Contribution]:
    return [attrs.evolve(one, base=Money(10**12)) for one in bill.contributions]


@pytest.mark.usefixtures("first_failure")
@pytest.mark.parametrize(
    ("test", "bend", "told"),
    [
        ("test_the_order_of_a_roster_changes_nothing", first_pays_more, "in another order"),
        ("test_bases_lie_between_floor_and_cap", base_is_too_high, "lies outside floor"),
    ],
)
def test_a_bill_that_breaks_an_invariant_is_caught(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    test: str,
    bend: Callable[[Settlement], list[Contribution]],
    told: str,
) -> None:
    suite = site()
    settle = Region.settle

    def bent(self: Region, *given: Any, **more: Any) -> Settlement:
        bill = settle(self, *given, **more)
        return attrs.evolve(bill, contributions=tuple(bend(bill))) if bill.contributions else bill

    monkeypatch.setattr(Region, "settle", bent)
    fails(getattr(suite, test), match=told)


def test_a_form_that_loses_what_was_written_is_told(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from socialins.forms.papers import Form

    suite = site()
    read = Form.read

    def forgetful(self: Form, path: Any, **more: Any) -> Any:
        found = read(self, path, **more)
        return attrs.evolve(found, rows=found.rows[:-1], numbers=found.numbers[:-1])

    monkeypatch.setattr(Form, "read", forgetful)
    fails(suite.test_forms_read_back, tmp_path, match="rows were written")


def test_a_test_replaced_without_a_reason_is_refused() -> None:
    with pytest.raises(TypeError, match=r"test_windows_are_in_order .*without a reason"):
        type("Quiet", (RegionConformance,), {"test_windows_are_in_order": lambda _self: None})


def test_a_test_taken_out_without_a_reason_is_refused() -> None:
    with pytest.raises(TypeError, match="test_the_suite_is_whole"):
        type("Quiet", (RegionConformance,), {"test_the_suite_is_whole": None})


def test_a_test_hidden_behind_another_base_is_refused() -> None:
    other = type("Other", (), {"test_forms_read_back": lambda _self: None})
    with pytest.raises(TypeError, match="test_forms_read_back"):
        type("Quiet", (other, RegionConformance), {})


def test_a_test_taken_out_afterwards_fails_the_suite() -> None:
    late = type("Late", (RegionConformance,), {})
    late.test_windows_are_in_order = None  # type: ignore[attr-defined]
    fails(late().test_the_suite_is_whole, match="test_windows_are_in_order")


def test_a_stated_reason_is_enough_and_shows() -> None:
    @deviates(reason="windows of this region wrap around")
    def other(_self: object) -> None: ...

    given = {
        "test_windows_are_in_order": other,
        "test_forms_read_back": left_out(reason="the bureau's form has no number"),
    }
    made: Any = type("Told", (RegionConformance,), given)()
    made.test_the_suite_is_whole()
    with pytest.raises(pytest.skip.Exception, match="the bureau's form has no number"):
        made.test_forms_read_back()


def test_an_empty_reason_is_none() -> None:
    with pytest.raises(ValueError, match="say why"):
        left_out(reason="")
