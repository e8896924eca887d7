"""People made up, the systems of the manuals, and a card specialist with a clock."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image, ImageDraw

from socialins.calendar import SHANGHAI
from socialins.cards import Batch, CardRow, Command, Decision, Event, OpenBatch, decide, fold
from socialins.facade import Region
from socialins.model import InsuredPerson
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import build_rule_books, read_rule_folder
from socialins.rules.card import CardRules
from socialins.testing.roundtrip import example_person

SYSTEMS = Path(__file__).parents[1] / "attachments" / "systems"


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
    """The region of a row's system, such as ``"s24"``."""
    return lambda slug: Region(systems().book(slug), systems())


@pytest.fixture(scope="session")
def people() -> Callable[[int], list[InsuredPerson]]:
    """As many people as are asked for."""
    return lambda count: [example_person(number) for number in range(count)]


@attrs.define
class Desk:
    """A card specialist: a batch, and a clock that is set by hand."""

    rules: CardRules
    now: datetime
    history: list[Event] = attrs.field(factory=list)

    @property
    def batch(self) -> Batch:
        return fold(self.history)

    def __call__(self, command: type[Command], **said: Any) -> Decision:
        before = self.batch
        made = command(at=self.now, by="经办人", **said)
        found = decide(before, made, self.rules)
        if found.refused:
            assert not found.events
        self.history += found.events
        return found

    def done(self, command: type[Command], **said: Any) -> Decision:
        found = self(command, **said)
        assert not found.refused, [str(fault) for fault in found.faults]
        assert found.events
        return found

    def refused(self, command: type[Command], **said: Any) -> set[str]:
        found = self(command, **said)
        assert found.refused
        return {fault.code for fault in found.faults}

    def at(self, text: str) -> Desk:
        self.now = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        return self

    def open(self, people: list[InsuredPerson], kind: str = "request", **more: Any) -> Desk:
        rows = [CardRow(row=str(n), person=one, **more) for n, one in enumerate(people)]
        self.done(OpenBatch, batch="B1", division="990000", kind=kind, rows=rows)
        return self

    @property
    def state(self) -> str:
        return self.batch.state.value


@pytest.fixture(scope="session")
def desk() -> Callable[..., Desk]:
    """Opens a specialist's desk under rules."""

    def make(rules: CardRules, at: str = "2026-11-03 10:00") -> Desk:
        return Desk(rules, datetime.fromisoformat(at).replace(tzinfo=SHANGHAI))

    return make


@pytest.fixture(scope="session")
def photo() -> Callable[..., bytes]:
    """A portrait as the bytes of a JPEG; each number gives another."""

    def make(number: int = 0, size: tuple[int, int] = (358, 441), **how: Any) -> bytes:
        picture = Image.new("RGB", size, "white")
        draw = ImageDraw.Draw(picture)
        width, height = size
        box = (width * 0.3, height * 0.2, width * 0.7, height * 0.7)
        draw.ellipse(box, fill=(220, 180 - number % 100, 150))
        out = io.BytesIO()
        picture.save(out, "jpeg", **{"quality": 90, "dpi": (350, 350), **how})
        return out.getvalue()

    return make
