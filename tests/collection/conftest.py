"""Plans, moments and systems to pay in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from socialins.calendar import SHANGHAI
from socialins.collection import (
    Cashier,
    Collection,
    Decision,
    Declare,
    MakePlan,
    OpenCollection,
    Owed,
    RecordFeedback,
    commands as co,
)
from socialins.facade import Region
from socialins.model.codes import Kind, Payer
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import build_rule_books, read_rule_folder
from socialins.rules.overlay import Overlay
from socialins.values import Money, Month

SYSTEMS = Path(__file__).parent / "systems"


def moment(text: str) -> datetime:
    """A moment in China, such as ``"2026-11-03 10:00"``; midnight without a time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def owed(
    yuan: str,
    insurance: str = "pension",
    period: str = "2026-11",
    payer: str = "unit",
    kind: str = "regular",
) -> Owed:
    """An amount that was assessed."""
    return Owed(
        insurance=insurance,
        payer=Payer(payer),
        period=Month.of(period),
        kind=Kind(kind),
        amount=Money.yuan(yuan),
    )


@attrs.define
class Till:
    """A unit's specialist at the client: an account's cashier, and a clock set by hand."""

    cashier: Cashier
    month: Month
    now: datetime

    def __call__(self, command: type[co.Command], **said: Any) -> Decision:
        """Want something now."""
        return self.cashier.do(self.month, command(at=self.now, by="经办人", **said))

    def done(self, command: type[co.Command], **said: Any) -> list[str]:
        """Want something, which must happen: the codes of warnings."""
        found = self(command, **said)
        assert not found.refused, [str(fault) for fault in found.faults]
        assert found.events
        return [fault.code for fault in found.faults]

    def nothing(self, command: type[co.Command], **said: Any) -> None:
        """Want something that has happened already: nothing more does."""
        before = self.collection
        assert self(command, **said) == Decision()
        assert self.collection == before

    def refused(self, command: type[co.Command], **said: Any) -> str:
        """Want something that is refused: the code of the reason."""
        before = self.collection
        found = self(command, **said)
        assert found.refused
        assert not found.events
        assert self.collection == before
        return found.faults[0].code

    def at(self, text: str) -> Till:
        """Set the clock."""
        self.now = moment(text)
        return self

    @property
    def collection(self) -> Collection:
        return self.cashier.collection(self.month)

    def state(self, plan: str) -> str:
        return self.collection.plans[plan].state.value

    def order_state(self, order: str) -> str:
        return self.collection.orders[order].state.value

    def declared(self, plan: str, *lines: Owed, **said: Any) -> None:
        """A plan that was made and declared at once, and is to be paid."""
        self.done(MakePlan, plan=plan, lines=lines, **{"mode": "self-declared", **said})
        self.done(Declare, plans=plan)
        self.done(RecordFeedback, plan=plan, accepted=True)


@cache
def systems() -> Registry:
    """The national rules, and a fictional division for each system of the manuals."""
    national = read_rule_folder(files("socialins_national") / "rules")
    plugins = [LoadedPlugin("national", books=build_rule_books(national))]
    for name, file in read_rule_folder(SYSTEMS).items():
        plugins.append(LoadedPlugin(name, books=build_rule_books({name: file})))
    return Registry(tuple(plugins), HookManager())


@pytest.fixture(scope="session")
def system() -> Callable[[str], Region]:
    """The region of a row's system, such as ``"s02"``."""
    return lambda slug: Region(systems().book(slug), systems())


@pytest.fixture
def till() -> Callable[..., Till]:
    """Begins a month's collection in a region."""

    def make(
        region: Region, month: str, at: str, overlay: Overlay | None = None, account: str = "A1"
    ) -> Till:
        rules = region.collection(overlay)
        made = Till(Cashier(rules), Month.of(month), moment(at))
        made.done(OpenCollection, account=account, division=rules.division, month=made.month)
        return made

    return make


@pytest.fixture(scope="session", name="owed")
def owed_fixture() -> Callable[..., Owed]:
    """An amount that was assessed."""
    return owed


@pytest.fixture(scope="session", name="moment")
def moment_fixture() -> Callable[[str], datetime]:
    """A moment in China."""
    return moment
