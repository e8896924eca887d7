"""Hooks: what a plugin can do in Python beyond the data it ships.

A plugin is a package found through the entry-point group ``socialins``. Its folder ``rules/`` is
read without any hook; most regions need nothing else. A hook is a function of the package whose
name begins ``socialins_``; docs/plugin-hooks.md tells each with an example. Hooks are called once
per batch, month or document, never once per person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources.abc import Traversable
from typing import Any

import pluggy

from socialins.faults import Fault
from socialins.values import Month

__all__ = ["ADJUSTABLE", "SettleBatch", "hookimpl", "hookspec"]

# Specifications are never called: pluggy reads their names and arguments. So bodies are empty.
hookspec = pluggy.HookspecMarker("socialins")
hookimpl = pluggy.HookimplMarker("socialins")


@hookspec
def socialins_rule_folders() -> Iterable[Traversable]:  # type: ignore[empty-body]
    """Folders of rule files, for a plugin that keeps them elsewhere than in ``rules/``.

    Called once, when the registry is built.
    """


ADJUSTABLE = ("wage_fen", "household", "employment", "insurances", "injury_rate")
"""The columns of a `SettleBatch` that a hook may change."""


class SettleBatch:
    """Rows that are about to be settled, as columns of plain values.

    A roster is one batch; a table is as many as its size asks for. The columns are those of a table
    (docs/bulk.md) as far as there are such: ``wage_fen`` is an int, all others text; None where a
    row says nothing.

    Arguments:
        rows: how many rows there are.
        columns: for each column what makes its values; called when it is first asked for.

    >>> batch = SettleBatch(2, {"wage_fen": lambda: [500_000, 600_000]})
    >>> batch.set("wage_fen", [max(fen, 550_000) for fen in batch.get("wage_fen")])
    >>> batch.get("wage_fen"), batch.get("household"), batch.changed
    ([550000, 600000], [None, None], ('wage_fen',))
    """

    def __init__(self, rows: int, columns: Mapping[str, Callable[[], list[Any]]]) -> None:
        self._rows = rows
        self._columns = dict(columns)
        self._read: dict[str, list[Any]] = {}
        self._set: dict[str, None] = {}

    def __len__(self) -> int:
        return self._rows

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns there are."""
        return tuple(self._columns)

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns that were set."""
        return tuple(self._set)

    def get(self, name: str) -> list[Any]:
        """The values of a column, one a row; all None where there is no such column."""
        if name not in self._read:
            made = self._columns.get(name)
            self._read[name] = [None] * self._rows if made is None else made()
        return self._read[name]

    def set(self, name: str, values: Sequence[Any]) -> None:
        """Put other values in the place of a column's.

        Arguments:
            name: one of `ADJUSTABLE`.
            values: one a row: a whole number of fen not below 0 for ``wage_fen``, else text as a
                table has it, or None.

        Raises:
            ValueError: for another column, or another number of values.
        """
        if name not in ADJUSTABLE:
            raise ValueError(f"{name} can't be changed; these can: {', '.join(ADJUSTABLE)}")
        if len(values) != self._rows:
            raise ValueError(f"{len(values)} values of {name} for {self._rows} rows")
        self._read[name] = list(values)
        self._set[name] = None


@hookspec
def socialins_settle_batch(division: str, month: Month, batch: SettleBatch) -> None:
    """Change rows before they are settled, where rules depend on what data can't say.

    Called once for each batch: a roster as a whole, or some hundred thousand rows of a table, and
    only of plugins that speak for the division, from the country's to the division's own. Amounts
    follow from the rules and can't be changed.
    """


@hookspec
def socialins_signers() -> Mapping[str, Callable[[Mapping[str, str]], Any]]:  # type: ignore[empty-body]
    """Drivers of keys (密钥驱动), by name: each makes a `Signer` from options.

    Called once each time that drivers are looked up, on every plugin, whatever it speaks for.
    """


@hookspec
def socialins_prerequisites() -> Mapping[str, Callable[[Any], Fault | None]]:  # type: ignore[empty-body]
    """Checks that the businesses of the plugin's divisions may require (前置条件), by name.

    Called once when the rules of filing of a region are put together.
    """
