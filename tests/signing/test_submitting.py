"""A round of signing that stops half-way must leave nothing half sent, and lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs
import pytest

from socialins.calendar import SHANGHAI
from socialins.filing import Change, Desk, Draft, Ready, RecordResult, check_signatures
from socialins.identity import IdDocument
from socialins.model import InsuredPerson
from socialins.model.unit import Unit, UnitAccount
from socialins.signing import (
    KeyRefused,
    Scheme,
    SigningError,
    WrongToken,
    sign_and_close,
    sign_and_submit,
)
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.middle import middle
from socialins.testing.tokens import Mishap, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import PIN, SUBJECT, UNIT, Asked, authority, inserted
from socialins.values import Money

P256 = Scheme.ECDSA_P256_SHA256
AT = datetime(2026, 11, 3, 10, tzinfo=SHANGHAI)
MONTH = "2026-11"
OWN = {
    "sources": {"note": {"title": "通知", "seen": "made up"}},
    "signing": {"required": [{"source": "note"}]},
}
IDS = ("D1", "D2", "D3")


@pytest.fixture
def desk() -> Desk:
    """Three declarations that are ready, where all has to be signed."""
    trusted = (authority(P256).certificate,)
    account = UnitAccount(UNIT, "A1")
    check = middle().signatures(account, overlay=OWN, authorities=trusted)
    made = Desk(middle().filing(OWN), signatures=check)
    made.open("A1", MONTH, AT)
    for id_ in IDS:
        person = InsuredPerson("某", IdDocument("passport", f"E0000000{id_[1:]}"))
        rows = (Change(row="1", person=person, wage=Money(100)),)
        made.do(MONTH, Draft(at=AT, declaration=id_, business="staff.add", rows=rows))
        made.do(MONTH, Ready(at=AT, declaration=id_, heads=1, wages=Money(100)))
    return made


def states(desk: Desk) -> list[str]:
    return [one.state.value for one in desk.book(MONTH).declarations.values()]


def opened(signer: PcscSigner) -> Any:
    return signer.open(signer.list_tokens()[0])


def test_several_are_signed_under_one_opening_and_one_question(desk: Desk) -> None:
    card, signer = inserted()
    asked, told = Asked(), []
    progress: Callable[..., None] = lambda done, of, document: told.append((done, of))  # noqa: E731
    with opened(signer) as session:
        done = sign_and_submit(desk, MONTH, IDS, session, asked, at=AT, progress=progress)
    assert done.complete
    assert list(done.decisions) == list(IDS)
    assert states(desk) == ["submitted"] * 3
    assert (len(asked.requests), card.asked["SIGN"]) == (1, 3)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert desk.signatures is not None
    found = check_signatures(desk.history(MONTH), desk.rules, desk.signatures)
    assert [(one.declaration, one.ok) for one in found] == [(id_, True) for id_ in IDS]


@pytest.mark.parametrize("time", [1, 2, 3])
def test_a_key_pulled_out_leaves_the_rest_unsent_and_to_be_signed_later(
    desk: Desk, time: int
) -> None:
    card, signer = inserted()
    card.fail("SIGN", Mishap.REMOVED, time=time)
    with opened(signer) as session:
        done = sign_and_submit(desk, MONTH, IDS, session, Asked(), at=AT)
    assert not done.complete
    assert done.fault is not None
    assert done.fault.code == "signing.token-removed"
    assert (tuple(done.decisions), done.left) == (IDS[: time - 1], IDS[time - 1 :])
    assert states(desk) == ["submitted"] * (time - 1) + ["ready"] * (4 - time)
    # What was left may be edited before it is signed; what is signed is what is there then.
    card.present = True
    with opened(signer) as session:
        rest = sign_and_submit(desk, MONTH, (), session, Asked(), at=AT, after=done)
    assert rest.complete
    assert states(desk) == ["submitted"] * 3


def test_the_rest_is_not_signed_with_another_key(desk: Desk) -> None:
    card, signer = inserted()
    card.fail("SIGN", Mishap.REMOVED, time=2)
    with opened(signer) as session:
        done = sign_and_submit(desk, MONTH, IDS, session, Asked(), at=AT)
    second = VirtualCard(authority(P256).issue(SUBJECT), PIN)
    with (
        opened(PcscSigner(VirtualReaders({"reader": second}))) as session,
        pytest.raises(WrongToken),
    ):
        sign_and_submit(desk, MONTH, (), session, Asked(), at=AT, after=done)
    assert second.asked["VERIFY"] == 0
    assert states(desk) == ["submitted", "ready", "ready"]


def test_what_would_be_refused_is_not_signed_and_costs_no_pin(desk: Desk) -> None:
    card, signer = inserted()
    late = datetime(2026, 11, 20, 10, tzinfo=SHANGHAI)  # after the window
    asked = Asked()
    with opened(signer) as session:
        done = sign_and_submit(desk, MONTH, ("D1", "D9"), session, asked, at=late)
    codes = {id_: one.faults[0].code for id_, one in done.decisions.items()}
    assert codes == {"D1": "filing.window-closed", "D9": "filing.no-such-declaration"}
    assert not done.complete
    assert (asked.requests, card.asked["SIGN"]) == ([], 0)


def test_one_that_is_refused_keeps_no_other_back(desk: Desk) -> None:
    _, signer = inserted()
    with opened(signer) as session:
        done = sign_and_submit(desk, MONTH, ("D9", *IDS), session, Asked(), at=AT)
    assert not done.complete
    assert states(desk) == ["submitted"] * 3


def test_another_units_key_is_refused_before_the_pin(desk: Desk) -> None:
    card, signer = inserted()
    assert desk.signatures is not None
    other = UnitAccount(Unit("别的", UNIT.credit_code), "A1")
    desk.signatures = attrs.evolve(desk.signatures, account=other)  # type: ignore[type-var]
    with opened(signer) as session, pytest.raises(KeyRefused):
        sign_and_submit(desk, MONTH, IDS, session, Asked(), at=AT)
    assert card.asked["VERIFY"] == 0
    assert states(desk) == ["ready"] * 3


def test_a_desk_that_can_prove_nothing_asks_for_no_pin(desk: Desk) -> None:
    card, signer = inserted()
    desk.signatures = None
    with opened(signer) as session, pytest.raises(SigningError) as caught:
        sign_and_submit(desk, MONTH, IDS, session, Asked(), at=AT)
    assert caught.value.fault.code == "filing.signature-unchecked"
    assert card.asked["VERIFY"] == 0


def test_a_month_is_closed_with_a_signature(desk: Desk) -> None:
    _, signer = inserted()
    with opened(signer) as session:
        sign_and_submit(desk, MONTH, IDS, session, Asked(), at=AT)
        for id_ in IDS:
            desk.do(MONTH, RecordResult(at=AT, declaration=id_, result="all"))
        done = sign_and_close(desk, MONTH, "month.settle-changed", session, Asked(), at=AT)
    assert done.complete, done
    assert desk.book(MONTH).state.value == "closed"
    with opened(signer) as session:
        again = sign_and_close(desk, MONTH, "month.settle-changed", session, Asked(), at=AT)
    assert [one.faults[0].code for one in again.decisions.values()] == ["filing.closed-before"]
