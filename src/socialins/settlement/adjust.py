"""Adjusting: the hook by which a plugin changes rows before they are settled.

A plugin may say, for a whole batch at once, what data can't: another wage, class, rate or choice of
insurances. It never touches amounts. They follow from the cited rules and from nothing else, so
that every target computes the same and an explanation stays true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import attrs

from socialins.faults import Fault, FaultError
from socialins.hookspecs import SettleBatch
from socialins.model.codes import Code, Employment, Household
from socialins.model.roster import Roster, RosterEntry
from socialins.rules import Cascade
from socialins.values import Money, Month, Rate

if TYPE_CHECKING:
    from socialins.plugins import Registry

__all__ = ["Adjust", "HookFailed", "adjusting"]

_HOOK = "socialins_settle_batch"


class HookFailed(FaultError):
    """A plugin's hook raised, or left rows that can't be settled; the fault names the plugin."""


@attrs.frozen
class _Hook:
    plugin: str
    function: Callable[..., object]
    arguments: tuple[str, ...]


@attrs.frozen
class Adjust:
    """The hooks of the plugins that speak for a division.

    Arguments:
        division: the division that is settled.
        hooks: in order from the country's plugin to the division's own.
    """

    division: str
    hooks: tuple[_Hook, ...]

    def batch(self, month: Month, batch: SettleBatch) -> None:
        """Call the hooks on a batch, once each.

        Raises:
            HookFailed: if one raises.
        """
        given = {"division": self.division, "month": month, "batch": batch}
        for hook in self.hooks:
            try:
                hook.function(**{name: given[name] for name in hook.arguments})
            except Exception as error:
                raise self.failed(f"{type(error).__name__}: {error}", hook.plugin) from error

    def roster(self, month: Month, roster: Roster) -> Roster:
        """A roster with what the hooks change of its entries.

        Raises:
            HookFailed: if a hook raises, or leaves what no entry can have.
        """
        entries = roster.entries
        columns = {
            name: _Column(entries, read) for name, read in (_READ | _account(roster)).items()
        }
        batch = SettleBatch(len(entries), {name: one.values for name, one in columns.items()})
        self.batch(month, batch)
        if not batch.changed:
            return roster
        try:
            changed = [self._entry(entry, batch, row) for row, entry in enumerate(entries)]
        except (TypeError, ValueError, AttributeError) as error:
            raise self.failed(f"{type(error).__name__}: {error}") from error
        return attrs.evolve(roster, entries=tuple(changed))

    def _entry(self, entry: RosterEntry, batch: SettleBatch, row: int) -> RosterEntry:
        changes: dict[str, Any] = {}
        for name in batch.changed:
            value = batch.get(name)[row]
            if name == "wage_fen":
                changes["wage"] = attrs.evolve(entry.wage, amount=Money(value))
            elif name == "insurances":
                changes[name] = _insurances(value)
            elif name == "injury_rate":
                changes[name] = None if value is None else Rate(value)
            else:
                changes[name] = _code(name, value)
        return attrs.evolve(entry, **changes)

    def failed(self, reason: str, plugin: str = "") -> HookFailed:
        """The error of a plugin's hook; of all of them where nobody knows which."""
        plugin = plugin or ", ".join(hook.plugin for hook in self.hooks)
        values = {"plugin": plugin, "hook": _HOOK, "reason": reason}
        return HookFailed(Fault("plugin.hook-failed", values))


def adjusting(registry: Registry, cascade: Cascade) -> Adjust | None:
    """What adjusts rows that are settled by these rules; None where no plugin does.

    Arguments:
        registry: the registry that the rules come from.
        cascade: the rules.
    """
    implemented = registry.manager.hook.socialins_settle_batch.get_hookimpls()
    found = {one.plugin_name: one for one in implemented}
    if not found:
        return None
    hooks: dict[str, _Hook] = {}
    for book in reversed(cascade.books):
        plugin = None if book.own else registry.plugin_of(book.division)
        if plugin is not None and plugin.name in found:
            one = found[plugin.name]
            hooks[plugin.name] = _Hook(plugin.name, one.function, tuple(one.argnames))
    return Adjust(cascade.nearest.division, tuple(hooks.values())) if hooks else None


@attrs.frozen
class _Column:
    entries: Iterable[RosterEntry]
    read: Callable[[RosterEntry], Any]

    def values(self) -> list[Any]:
        return [self.read(entry) for entry in self.entries]


_CODES: dict[str, type[Code]] = {"household": Household, "employment": Employment}
_NONE = "none"
"""The word for no insurance at all."""


def _insurances(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    return frozenset(one.strip() for one in text.split(",") if one.strip() != _NONE)


def _code(name: str, text: str | None) -> Code:
    """A code; a row that says nothing has the first."""
    kind = _CODES[name]
    found = next(iter(kind)) if text is None else kind.read(text)
    if found is None:
        raise ValueError(f"{text!r} is no {name}; use one of {kind.choices('en')}")
    return found


_READ: dict[str, Callable[[RosterEntry], Any]] = {
    "wage_fen": lambda entry: entry.wage.amount.fen,
    "household": lambda entry: entry.household.value,
    "employment": lambda entry: entry.employment.value,
    "insurances": lambda entry: (
        None if entry.insurances is None else ",".join(sorted(entry.insurances)) or _NONE
    ),
    "injury_rate": lambda entry: None if entry.injury_rate is None else str(entry.injury_rate),
    "id_number": lambda entry: entry.person.document.number,
}


def _account(roster: Roster) -> dict[str, Callable[[RosterEntry], Any]]:
    account = roster.account
    if account is None:
        return {}
    unit = account.unit
    return {
        "account_type": lambda _entry: account.account_type.value,
        "unit_size": lambda _entry: unit.size.value if unit.size else None,
        "trade": lambda _entry: unit.trade,
    }
