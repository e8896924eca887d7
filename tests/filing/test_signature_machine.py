"""Whatever is tried: what has to be signed is never submitted without a signature that verifies."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import attrs
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from socialins.calendar import SHANGHAI
from socialins.filing import (
    Change,
    Desk,
    Signature,
    check_signatures,
    closing_content,
    commands as co,
    event_from_plain,
    event_to_plain,
    events as ev,
    submission_content,
)
from socialins.identity import IdDocument
from socialins.model import InsuredPerson
from socialins.model.unit import UnitAccount
from socialins.rules.business import Channel
from socialins.signing import Scheme, sign_cms
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.middle import middle
from socialins.testing.tokens import IssuedKey, VirtualAuthority, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import PIN, SUBJECT, UNIT, Asked, authority, unit_key
from socialins.values import Money

MONTH = "2026-11"
P256 = Scheme.ECDSA_P256_SHA256
ACCOUNT = UnitAccount(UNIT, "A1")
STRANGER = VirtualAuthority(P256).issue(SUBJECT)
FREE = "m.free"
RULES = {
    "sources": {"note": {"title": "通知", "seen": "made up"}},
    "signing": {"required": [{"but": [FREE], "source": "note"}]},
    "businesses": [
        {"id": "staff.add", "handling": "audited", "after_rejection": "resubmit"},
        {"id": "m.direct", "handling": "direct"},
        {"id": FREE, "handling": "direct"},
    ],
}
REGION = middle()
wages = st.integers(0, 3).map(Money)
picks = st.integers(0, 5)
hows = st.sampled_from(["right", "right", "right", "none", "old", "altered", "flipped", "stranger"])
kinds = st.sampled_from(["staff.add", "staff.add", "m.direct", FREE])
channels = st.sampled_from([Channel.ONLINE, Channel.ONLINE, Channel.COUNTER])


def signed(content: bytes, at: datetime, key: IssuedKey) -> Signature:
    signer = PcscSigner(VirtualReaders({"reader": VirtualCard(key, PIN)}))
    with signer.open(signer.list_tokens()[0]) as session:
        return Signature(content.decode(), sign_cms(session, content, Asked(), at=at))


def rows(wage: Money) -> tuple[Change, ...]:
    person = InsuredPerson("某", IdDocument("passport", "E00000001"))
    return (Change(row="1", person=person, wage=wage),)


class Signing(RuleBasedStateMachine):
    """A month in which things are signed, altered afterwards, sent, returned and sent again."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 3, 9, tzinfo=SHANGHAI)
        self.made: list[Signature] = []
        self.right = 0

    @initialize(direct_needs_none=st.booleans())
    def open(self, direct_needs_none: bool) -> None:
        rules: dict[str, Any] = dict(RULES)
        if direct_needs_none:
            required = {"but": [FREE], "channels": ["online"], "source": "note"}
            rules["signing"] = {"required": [{**required, "businesses": ["staff.add"]}]}
        trusted = (authority(P256).certificate,)
        check = REGION.signatures(ACCOUNT, overlay=rules, authorities=trusted)
        self.desk = Desk(REGION.filing(rules), signatures=check)
        assert not self.desk.open("A1", MONTH, self.now).refused

    def do(self, command: type[co.Command], **said: Any) -> bool:
        self.now += timedelta(minutes=1)
        before = self.desk.book(MONTH)
        found = self.desk.do(MONTH, command(at=self.now, by="经办人", **said))
        if found.refused:
            assert self.desk.book(MONTH) == before
        return not found.refused

    def signature(self, how: str, content: bytes | None, old: int) -> Signature | None:
        """A signature that is right, one of before, or one that is wrong in some way."""
        if how == "none" or content is None:
            return None
        if how == "old":
            return self.made[old % len(self.made)] if self.made else None
        good = signed(content, self.now, STRANGER if how == "stranger" else unit_key(P256))
        if how == "right":
            self.made.append(good)
        if how == "altered":
            said = json.loads(good.content)
            return attrs.evolve(good, content=json.dumps({**said, "month": "2026-12"}))
        if how == "flipped":
            place = old % len(good.cms)
            flipped = bytes([good.cms[place] ^ 1])
            return attrs.evolve(good, cms=good.cms[:place] + flipped + good.cms[place + 1 :])
        return good

    def pick(self, number: int, *states: str) -> str:
        """A declaration that stands so, if there is one."""
        known = self.desk.book(MONTH).declarations
        fitting = [one.id for one in known.values() if one.state.value in states] or list(known)
        return fitting[number % len(fitting)] if fitting else "D0"

    def submit(self, id_: str, how: str, old: int, later: Money | None = None) -> None:
        """Sign and submit; what is edited in between is no longer what was signed."""
        book = self.desk.book(MONTH)
        content = submission_content(book, id_, ACCOUNT) if id_ in book.declarations else None
        given = self.signature(how, content, old)
        if later is not None:
            self.enter(id_, later)
        if self.do(co.Submit, declaration=id_, signature=given) and given is not None:
            self.right += 1
            assert how in {"right", "old"}

    def enter(self, id_: str, wage: Money) -> None:
        self.do(co.Edit, declaration=id_, rows=rows(wage))
        self.do(co.Ready, declaration=id_, heads=1, wages=wage)

    @rule(business=kinds, wage=wages, channel=channels, how=hows, old=st.integers(0, 2000))
    def file(self, business: str, wage: Money, channel: Channel, how: str, old: int) -> None:
        id_ = f"D{len(self.desk.book(MONTH).declarations) + 1}"
        said = {"business": business, "rows": rows(wage), "channel": channel}
        self.do(co.Draft, declaration=id_, **said)
        self.do(co.Ready, declaration=id_, heads=1, wages=wage)
        self.submit(id_, how, old)

    @rule(one=picks, how=hows, old=st.integers(0, 2000), later=st.none() | wages)
    def submit_again(self, one: int, how: str, old: int, later: Money | None) -> None:
        self.submit(self.pick(one, "ready", "withdrawn", "returned"), how, old, later)

    @rule(one=picks, wage=wages)
    def edit(self, one: int, wage: Money) -> None:
        self.enter(self.pick(one, "returned", "withdrawn", "ready"), wage)

    @rule(one=picks, result=st.sampled_from(["all", "none", "none"]))
    def result(self, one: int, result: str) -> None:
        self.do(co.RecordResult, declaration=self.pick(one, "submitted"), result=result)

    @rule(one=picks)
    def withdraw(self, one: int) -> None:
        self.do(co.Withdraw, declaration=self.pick(one, "submitted"))

    @rule(
        changed=st.booleans(),
        how=st.sampled_from(["right", "right", "none", "old", "altered", "stranger"]),
        old=st.integers(0, 2000),
    )
    def close(self, changed: bool, how: str, old: int) -> None:
        business = f"month.settle-{'changed' if changed else 'unchanged'}"
        book, rules = self.desk.book(MONTH), self.desk.rules
        given = self.signature(how, closing_content(book, business, rules, ACCOUNT), old)
        self.do(co.CloseMonth, business=business, signature=given, leave_unsent=True)

    @rule()
    def roll_back(self) -> None:
        self.do(co.RollBack)

    @invariant()
    def what_has_to_be_signed_is(self) -> None:
        rules = self.desk.rules
        drafted: dict[str, tuple[str, Channel]] = {}
        contents = []
        for event in self.desk.history(MONTH):
            if isinstance(event, ev.Drafted):
                drafted[event.declaration] = event.business, event.channel
            elif isinstance(event, ev.Submitted | ev.MonthClosed):
                what = (
                    (event.business, Channel.ONLINE)
                    if isinstance(event, ev.MonthClosed)
                    else drafted[event.declaration]
                )
                if rules.wants_signature(*what, event.at.date()):
                    assert event.signature is not None
                if event.signature is not None:
                    contents.append(event.signature.content)
        assert len(set(contents)) == len(contents), "no signature serves twice"

    def teardown(self) -> None:
        """All of it proves again, from what a journal would keep."""
        history = [
            event_from_plain(json.loads(json.dumps(event_to_plain(event))))
            for event in self.desk.history(MONTH)
        ]
        check = self.desk.signatures
        assert check is not None
        found = check_signatures(history, self.desk.rules, check)
        assert all(one.ok for one in found), [str(fault) for one in found for fault in one.faults]
        assert sum(bool(one.declaration) for one in found) == self.right


TestSigning = Signing.TestCase
TestSigning.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
