"""What callers give: a region or its rules; and whether a plugin has to see the rows.

The facade lies above this package, so a region is known here by what it has.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from socialins.bulk.terms import TableError, Terms
from socialins.faults import Fault
from socialins.model.unit import UnitAccount
from socialins.plugins import Registry, installed
from socialins.rules import Cascade
from socialins.settlement.adjust import Adjust, adjusting
from socialins.values import Month

__all__ = ["HasRules", "rules_of", "rules_without_hooks", "terms_of"]


class HasRules(Protocol):
    """A region: its rules, and the plugins they come from."""

    @property
    def cascade(self) -> Cascade: ...  # noqa: D102

    @property
    def registry(self) -> Registry: ...  # noqa: D102


def rules_of(region: Cascade | HasRules) -> tuple[Cascade, Adjust | None]:
    """The rules of a region, and what its plugins change of rows before they are settled."""
    if isinstance(region, Cascade):
        return region, adjusting(installed(), region)
    return region.cascade, adjusting(region.registry, region.cascade)


def rules_without_hooks(region: Cascade | HasRules) -> Cascade:
    """The rules of a region whose rows no plugin changes.

    Raises:
        TableError: if one does; SQL can't call it, and without it the amounts would be others.
    """
    cascade, adjust = rules_of(region)
    if adjust is not None:
        raise TableError(Fault("bulk.hooks", {"region": cascade.nearest.names.name}))
    return cascade


def terms_of(
    cascade: Cascade,
    month: Month | str,
    known_on: date | None,
    strict: bool,
    account: UnitAccount | None,
) -> Terms:
    """The terms of a table."""
    return Terms(
        cascade=cascade, month=Month.of(month), known_on=known_on, strict=strict, account=account
    )
