"""People, moments and systems to file with."""

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
from socialins.facade import Region
from socialins.filing import (
    Change,
    Decision,
    Declaration,
    FilingBook,
    Signature,
    closing_content,
    commands as co,
    submission_content,
)
from socialins.filing.desk import Desk
from socialins.identity import IdDocument
from socialins.model import InsuredPerson
from socialins.model.unit import UnitAccount
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import build_rule_books, read_rule_folder
from socialins.rules.overlay import Overlay
from socialins.signing import Scheme, sign_cms
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.tokens import IssuedKey, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import PIN, UNIT, Asked, authority, unit_key
from socialins.values import Money, Month

SYSTEMS = Path(__file__).parent / "systems"


def moment(text: str) -> datetime:
    """A moment in China, such as ``"2026-11-03 10:00"``; midnight without a time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def person(number: int, **known: Any) -> InsuredPerson:
    """A synthetic person with a travel document."""
    return InsuredPerson(f"某{number}", IdDocument("passport", f"E{number:08d}"), **known)


def row(number: int, wage: str | None = "8000", **stated: Any) -> Change:
    """A row about the person of this number."""
    amount = None if wage is None else Money.yuan(wage)
    return Change(row=str(number), person=person(number), wage=amount, **stated)


ACCOUNT = UnitAccount(UNIT, "A1")
P256 = Scheme.ECDSA_P256_SHA256


def signed(content: bytes, at: datetime, key: IssuedKey | None = None) -> Signature:
    """Content with the unit's signature, by a card that is in a reader; or another key's."""
    card = VirtualCard(key or unit_key(P256), PIN)
    signer = PcscSigner(VirtualReaders({"reader": card}))
    with signer.open(signer.list_tokens()[0]) as session:
        return Signature(content.decode(), sign_cms(session, content, Asked(), at=at))


@attrs.define
class Office:
    """A unit's specialist: an account's desk, a clock that is set by hand, and the unit's key.

    With a key that is `inserted`, what is submitted is signed, unless a signature is given.
    """

    desk: Desk
    month: Month
    now: datetime
    inserted: bool = False

    def __call__(self, command: type[co.Command], **said: Any) -> Decision:
        """Want something now."""
        if self.inserted and "signature" not in said:
            if command is co.Submit:
                said["signature"] = self.sign(said["declaration"])
            elif command is co.CloseMonth:
                said["signature"] = self.sign_closing(said["business"])
        return self.desk.do(self.month, command(at=self.now, by="经办人", **said))

    def insert_key(self) -> Office:
        """Insert the unit's key, which the authority of the tests issued."""
        self.inserted = True
        return self

    def sign(self, id_: str, key: IssuedKey | None = None) -> Signature:
        """Sign a declaration for its next submission."""
        return signed(submission_content(self.book, id_, ACCOUNT), self.now, key)

    def sign_closing(self, business: str) -> Signature:
        """Sign the closing of the month as it stands."""
        rules, others = self.desk.rules, self.desk.books
        content = closing_content(self.book, business, rules, ACCOUNT, others=others)
        return signed(content, self.now)

    def done(self, command: type[co.Command], **said: Any) -> Decision:
        """Want something, which must not be refused."""
        found = self(command, **said)
        assert not found.refused, [str(fault) for fault in found.faults]
        assert found.events
        return found

    def refused(self, command: type[co.Command], **said: Any) -> str:
        """Want something that is refused: the code of the reason."""
        before = self.book
        found = self(command, **said)
        assert found.refused
        assert not found.events
        assert self.book == before
        return found.faults[0].code

    def at(self, text: str) -> Office:
        """Set the clock."""
        self.now = moment(text)
        return self

    def turn_to(self, month: str, at: str) -> Office:
        """Open the book of another month."""
        self.month = Month.of(month)
        self.at(at).done(
            co.OpenBook, account="A1", division=self.desk.rules.division, month=self.month
        )
        return self

    @property
    def book(self) -> FilingBook:
        return self.desk.book(self.month)

    def one(self, id_: str) -> Declaration:
        return self.book.declarations[id_]

    def enter(self, id_: str, business: str, *rows: Change, **said: Any) -> None:
        """Enter a declaration and confirm its heads and wages."""
        self.done(co.Draft, declaration=id_, business=business, rows=rows, **said)
        self.confirm_sums(id_)

    def confirm_sums(self, id_: str) -> None:
        one = self.one(id_)
        self.done(co.Ready, declaration=id_, heads=one.heads, wages=one.wages)

    def send(self, id_: str, business: str, *rows: Change, **said: Any) -> Decision:
        """Enter and submit a declaration; `facts` go with the submission."""
        facts = {"facts": said.pop("facts")} if "facts" in said else {}
        self.enter(id_, business, *rows, **said)
        return self.done(co.Submit, declaration=id_, **facts)

    def state(self, id_: str) -> str:
        return self.one(id_).state.value


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
    """The region of a row's system, such as ``"s04"``."""
    return lambda slug: Region(systems().book(slug), systems())


@pytest.fixture
def office() -> Callable[..., Office]:
    """Opens a month's book in a region."""

    def make(region: Region, month: str, at: str, overlay: Overlay | None = None) -> Office:
        trusted = (authority(P256).certificate,)
        check = region.signatures(ACCOUNT, overlay=overlay, authorities=trusted)
        desk = Desk(region.filing(overlay), signatures=check)
        made = Office(desk, Month.of(month), moment(at))
        return made.turn_to(month, at)

    return make


@pytest.fixture(scope="session", name="row")
def row_fixture() -> Callable[..., Change]:
    """A row about the person of a number."""
    return row


@pytest.fixture(scope="session", name="moment")
def moment_fixture() -> Callable[[str], datetime]:
    """A moment in China."""
    return moment
