"""Units, operators and moments; the systems of the manuals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest
from stdnum.cn import uscc

from socialins.access import (
    AccessDesk,
    Decision,
    LogIn,
    Register,
    Representative,
    Session,
    commands as co,
)
from socialins.calendar import SHANGHAI
from socialins.facade import Region
from socialins.faults import Fault
from socialins.identity import CreditCode, IdDocument
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import build_rule_books, read_rule_folder

SYSTEMS = Path(__file__).parent / "systems"


def moment(text: str) -> datetime:
    """A moment in China, such as ``"2026-11-03 10:00"``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def code(number: int, division: str = "990100") -> CreditCode:
    """A credit code of a synthetic unit."""
    body = f"91{division}MA{number:07d}"
    return CreditCode(body + uscc.calc_check_digit(body + "0"))


def passport(number: int) -> IdDocument:
    return IdDocument("passport", f"E{number:08d}")


@attrs.define
class Hall:
    """A portal's desk, and a clock that is set by hand."""

    desk: AccessDesk
    now: datetime

    def __call__(self, command: type[co.Command], by: str = "zhao", **said: Any) -> Decision:
        return self.desk.do(command(at=self.now, by=by, **said))

    def done(self, command: type[co.Command], by: str = "zhao", **said: Any) -> Decision:
        """Want something, which must not be refused."""
        found = self(command, by, **said)
        assert not found.refused, [str(fault) for fault in found.faults]
        assert found.events
        return found

    def refused(self, command: type[co.Command], by: str = "zhao", **said: Any) -> list[Fault]:
        """Want something that is refused: the reasons."""
        before = self.desk.state
        found = self(command, by, **said)
        assert found.refused
        assert not found.events
        assert self.desk.state == before
        return list(found.faults)

    def why_not(self, command: type[co.Command], by: str = "zhao", **said: Any) -> list[str]:
        """The codes of the reasons."""
        return [fault.code for fault in self.refused(command, by, **said)]

    def at(self, text: str) -> Hall:
        """Set the clock."""
        self.now = moment(text)
        return self

    def register(self, unit: str = "U1", **said: Any) -> Decision:
        return self.done(Register, unit=unit, **unit_of(**said))

    def enter(self, method: str = "scan", **said: Any) -> Session:
        """Log in, which must not be refused."""
        found = self.desk.log_in(LogIn(at=self.now, method=method, **said))
        assert isinstance(found, Session), str(found)
        return found

    def kept_out(self, method: str = "scan", **said: Any) -> Fault:
        """Why somebody can't log in."""
        found = self.desk.log_in(LogIn(at=self.now, method=method, **said))
        assert isinstance(found, Fault)
        return found

    def may(self, session: Session, business: str) -> str:
        """The id of the grant by which a business may be done, or the code of why it may not."""
        found = self.desk.permits(session, business, self.now)
        return found.code if isinstance(found, Fault) else found.id


def unit_of(number: int = 1, **said: Any) -> dict[str, Any]:
    """What is said of a synthetic unit to register it."""
    return {
        "code": code(number),
        "name": f"中州{number}号机械公司",
        "representative": Representative("赵一", passport(1)),
        "head": "zhao",
        "numbers": [f"{number:010d}"],
        **said,
    }


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
    """The region of a row's system, such as ``"s17"``."""
    return lambda slug: Region(systems().book(slug), systems())


@pytest.fixture(scope="session")
def hall() -> Callable[..., Hall]:
    """Opens a region's portal at a moment."""
    return lambda region, at="2026-11-03 10:00", overlay=None: Hall(
        AccessDesk(region.access(overlay)), moment(at)
    )


@pytest.fixture(scope="session", name="code")
def code_fixture() -> Callable[..., CreditCode]:
    return code


@pytest.fixture(scope="session", name="passport")
def passport_fixture() -> Callable[[int], IdDocument]:
    return passport


@pytest.fixture(scope="session", name="moment")
def moment_fixture() -> Callable[[str], datetime]:
    return moment


@pytest.fixture(scope="session", name="unit_of")
def unit_fixture() -> Callable[..., dict[str, Any]]:
    return unit_of
