"""What Spark's executors are sent: what can't be pickled would fail on the cluster alone."""

from __future__ import annotations

import pickle

import attrs
import pytest

pytest.importorskip("pyarrow", reason="the extra bulk is not installed")

import pyarrow as pa

from socialins.bulk.given import rules_of, rules_without_hooks
from socialins.bulk.spark import _Task
from socialins.bulk.table import settle_table
from socialins.bulk.terms import TableError
from socialins.facade import Region, regions
from socialins.model import Unit, UnitAccount
from socialins.plugins import HookManager, LoadedPlugin, Registry, UnknownRegion
from socialins.rules import Cascade, build_rule_books, parse_rules
from socialins.testing.golden import regime_months
from socialins.testing.middle import middle

ACCOUNT = UnitAccount(Unit("中州测试公司"))
PEOPLE = pa.table({"wage_fen": [500_000, None, 1], "injury_rate": ["0.2%", "0.2%", "x"]})


def task_of(cascade: Cascade, region: Region) -> _Task:
    return _Task.of(cascade, regime_months(region)[-1], None, False, ACCOUNT)


@pytest.mark.parametrize("region", regions(), ids=lambda region: region.slug)
def test_a_task_is_names_that_an_executor_looks_up(region: Region) -> None:
    task = task_of(region.cascade, region)
    sent = pickle.dumps(task)
    assert len(sent) < 5_000, "rules of a region are sent along"
    (settled,) = pickle.loads(sent)(iter(PEOPLE.to_batches()))
    expected = settle_table(
        region.cascade, PEOPLE, task.month, strict=False, account=ACCOUNT, target="reference"
    )
    assert settled.to_pylist() == expected.to_pylist()


def test_a_units_own_figures_go_along() -> None:
    region = regions()[0]
    own = {
        "division": region.code,
        "sources": {"own": {"title": "单位测算", "seen": "2026-01-05"}},
        "rates": [
            {
                "insurance": "pension",
                "payer": "unit",
                "values": [{"from": "1990-01", "rate": "1%", "sources": ["own"], "mark": "C"}],
            }
        ],
    }
    books = build_rule_books({"own": parse_rules(own, "own")}, overlay_of=region.book.names)
    cascade = region.registry.cascade(region.book, books[region.code])
    task = pickle.loads(pickle.dumps(task_of(cascade, region)))
    (settled,) = task(iter(PEOPLE.to_batches()))
    row = settled.to_pylist()[0]
    assert row["pension_unit_fen"] == row["pension_base_fen"] // 100


def test_an_executor_with_other_plugins_settles_nothing() -> None:
    region = regions()[0]
    task = attrs.evolve(task_of(region.cascade, region), plugins=(("other", "1.0"),))
    with pytest.raises(TableError) as caught:
        next(task(iter(PEOPLE.to_batches())))
    assert caught.value.fault.code == "bulk.workers-differ"


def test_a_region_that_no_executor_could_look_up_is_refused_at_once() -> None:
    with pytest.raises(UnknownRegion):
        task_of(middle().cascade, middle())


class Hooked:
    """A plugin that changes rows."""

    @staticmethod
    def socialins_settle_batch(batch: object) -> None:
        raise AssertionError


def test_sql_refuses_a_region_whose_plugin_has_to_see_the_rows() -> None:
    manager = HookManager()
    manager.register(Hooked(), name="hooked")
    plugin = LoadedPlugin("hooked", books={"990100": middle().book})
    others = {code: book for code, book in middle().registry.books.items() if code != "990100"}
    registry = Registry((plugin, LoadedPlugin("others", books=others)), manager)
    hooked = Region(registry.book("middle"), registry)
    assert rules_of(hooked)[1] is not None
    with pytest.raises(TableError) as caught:
        rules_without_hooks(hooked)
    assert caught.value.fault.code == "bulk.hooks"
    assert rules_without_hooks(middle()) is middle().cascade
