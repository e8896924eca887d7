"""The hook of batches: a plugin's rule that holds for tables but not for rosters is no rule."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import socialins as si
from socialins.facade import Region
from socialins.hookspecs import SettleBatch
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.settlement.adjust import HookFailed
from socialins.testing.middle import middle

MONTH = "2026-11"
Hook = Callable[..., object]


def region_with(
    *hooks: tuple[str, Hook], divisions: dict[str, tuple[str, ...]] | None = None
) -> Region:
    """The fictional region, its levels brought by plugins with these hooks."""
    books = middle().registry.books
    held = divisions or {"middle": ("000000", "990000", "990100")}
    manager = HookManager()
    for name, hook in hooks:
        module = ModuleType(f"made_up_{name}")
        module.socialins_settle_batch = hook  # type: ignore[attr-defined]
        manager.register(module, name=name)
    plugins = [
        LoadedPlugin(name, books={code: books[code] for code in codes})
        for name, codes in held.items()
    ]
    return Region(books["990100"], Registry(plugins, manager))


def at_least(batch: SettleBatch, month: si.Month) -> None:
    """Nobody's wage is below 6 000 yuan; whoever earns more than 20 000 has injury alone."""
    wages = batch.get("wage_fen")
    batch.set("wage_fen", [None if fen is None else max(fen, 600_000) for fen in wages])
    few = ["injury" if fen is not None and fen > 2_000_000 else None for fen in wages]
    if str(month) == MONTH:
        batch.set("insurances", few)


WAGES = (500_000, 800_000, 2_100_000)


def roster(wages: tuple[int, ...] = WAGES) -> si.Roster:
    entries = [
        si.RosterEntry(
            si.InsuredPerson("甲", si.IdDocument("passport", f"E{10_000_000 + number}")),
            si.DeclaredWage(si.Money(fen)),
            injury_rate="0.2%",
        )
        for number, fen in enumerate(wages)
    ]
    return si.Roster(MONTH, entries)


def table(**changes: Any) -> Any:
    pa = pytest.importorskip("pyarrow")
    columns = {"wage_fen": list(WAGES), "injury_rate": ["0.2%"] * 3, **changes}
    return pa.table({name: one for name, one in columns.items() if one is not None})


def test_a_roster_is_settled_from_what_the_hook_leaves() -> None:
    region = region_with(("middle", at_least))
    bill = region.settle(roster())
    bases = {
        one.person.document.number[-1]: one.base.fen
        for one in bill.contributions
        if one.person and (one.insurance, one.payer) == ("injury", "unit")
    }
    assert bases == {"0": 600_000, "1": 800_000, "2": 2_100_000}
    assert {one.insurance for one in bill.of("E10000002")} == {"injury"}
    assert bill.roster == roster(), "the roster is kept as it was given"
    assert not region.differences(bill), "settling afresh does not adjust twice"
    assert "6,000.00" in bill.contributions[0].explain("en")


@pytest.mark.parametrize("target", ["auto", "array", "function", "reference"])
@pytest.mark.parametrize("batch_rows", [1, 100])
def test_a_table_is_settled_alike_by_every_target(target: str, batch_rows: int) -> None:
    region = region_with(("middle", at_least))
    settled = region.settle_table(table(), MONTH, target=target, batch_rows=batch_rows)
    bill = region.settle(roster())
    for row, entry in zip(settled.to_pylist(), roster(), strict=True):
        mine = bill.of(entry.person)
        owed = sum(one.amount.fen for one in mine if one.payer is si.Payer.UNIT)
        assert row["unit_total_fen"] == owed
        assert row["fault"] is None
    as_yuan = table(wage_fen=None, wage=[Decimal(fen).scaleb(-2) for fen in WAGES])
    assert region.settle_table(as_yuan, MONTH, target=target).equals(settled)


def test_what_could_not_be_read_keeps_its_fault() -> None:
    region = region_with(("middle", at_least))
    wages = [Decimal("0.005"), None, Decimal("8000.000")]
    settled = region.settle_table(table(wage_fen=None, wage=wages), MONTH)
    assert settled["fault"].to_pylist() == ["bulk.wage-part-of-fen", "bulk.wage-missing", None]


def test_hooks_of_other_regions_are_not_called_and_the_city_comes_last() -> None:
    called: list[str] = []

    def noting(name: str) -> Hook:
        def hook(division: str, batch: SettleBatch) -> None:
            called.append(name)
            batch.set("wage_fen", [fen + 1 for fen in batch.get("wage_fen")])
            assert division == "990100"

        return hook

    held = {"city": ("990100",), "law": ("000000", "990000"), "elsewhere": ()}
    region = region_with(
        *((name, noting(name)) for name in ("city", "law", "elsewhere")), divisions=held
    )
    bill = region.settle(roster((800_000,)))
    assert called == ["law", "city"]
    assert bill.contributions[0].wage == si.Money(800_002), "each sees what the one before left"


def test_a_hook_is_called_once_a_batch() -> None:
    sizes: list[int] = []
    region = region_with(("middle", lambda batch: sizes.append(len(batch))))
    region.settle(roster())
    assert sizes == [3]
    region.settle_table(table(), MONTH, batch_rows=2)
    assert sizes == [3, 2, 1]


def failing(batch: SettleBatch) -> None:
    raise KeyError("no such thing")


@pytest.mark.parametrize(
    ("hook", "reason"),
    [
        (failing, "KeyError: 'no such thing'"),
        (lambda batch: batch.set("pension_unit_fen", [1]), "can't be changed"),
        (lambda batch: batch.set("wage_fen", [1]), "1 values of wage_fen for 3 rows"),
        (lambda batch: batch.set("wage_fen", [0.5] * 3), "float|whole number"),
        (lambda batch: batch.set("wage_fen", ["5"] * 3), "str"),
    ],
)
def test_a_hook_that_fails_settles_nobody_and_names_the_plugin(hook: Hook, reason: str) -> None:
    region = region_with(("middle", hook))
    with pytest.raises(HookFailed, match=f"of plugin middle failed: .*({reason})"):
        region.settle(roster())
    with pytest.raises(HookFailed, match=f"of plugin middle failed: .*({reason})"):
        region.settle_table(table(), MONTH)


def test_a_code_that_is_none_is_a_row_s_fault_in_a_table_and_an_error_in_a_roster() -> None:
    region = region_with(("middle", lambda batch: batch.set("household", ["x"] * len(batch))))
    with pytest.raises(HookFailed, match="'x' is no household; use one of urban-local"):
        region.settle(roster())
    settled = region.settle_table(table(), MONTH)
    assert settled["fault"].to_pylist() == ["bulk.household-unreadable"] * 3


def test_a_hook_sees_who_the_rows_are() -> None:
    seen: dict[str, list[Any]] = {}

    def looking(batch: SettleBatch) -> None:
        for name in ("household", "insurances", "id_number", "unit_size", "trade", "nickname"):
            seen[name] = batch.get(name)

    region = region_with(("middle", looking))
    holder = si.UnitAccount(si.Unit("某公司", size=si.UnitSize.SMALL))
    entry = si.RosterEntry(
        si.InsuredPerson("甲", si.IdDocument("passport", "E10000000")),
        si.DeclaredWage(si.Money(500_000)),
        insurances=frozenset(),
        injury_rate="0.2%",
    )
    region.settle(si.Roster(MONTH, [entry], holder))
    assert seen == {
        "household": ["urban-local"],
        "insurances": ["none"],
        "id_number": ["E10000000"],
        "unit_size": ["small"],
        "trade": [None],
        "nickname": [None],
    }
    region.settle_table(table(nickname=["a", "b", None]), MONTH)
    assert seen["nickname"] == ["a", "b", None]
    assert seen["household"] == [None] * 3


def test_workers_call_the_hook_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made_up_sendable.py").write_text(
        "def socialins_settle_batch(batch):\n"
        "    batch.set('wage_fen', [fen + 100_000 for fen in batch.get('wage_fen')])\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    import made_up_sendable  # type: ignore[import-not-found]

    region = region_with(("middle", made_up_sendable.socialins_settle_batch))
    alone = region.settle_table(table(), MONTH)
    assert region.settle_table(table(), MONTH, processes=2, batch_rows=1).equals(alone)
    assert alone["injury_base_fen"].to_pylist() == [600_000, 900_000, 2_150_000]
