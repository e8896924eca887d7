"""A PIN that leaks or is tried twice costs a unit its key."""

from __future__ import annotations

import contextlib
import copy
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from socialins.faults import Fault
from socialins.signing import (
    HeldPin,
    LastTry,
    Pin,
    PinBlocked,
    PinIncorrect,
    PinPolicy,
    PinPurpose,
    PinRequest,
    PinRequired,
    PinUnfit,
    Scheme,
    SigningError,
)
from socialins.testing.tokens import Mishap
from socialins.testing.tokens.samples import PIN, Asked, inserted

P256 = Scheme.ECDSA_P256_SHA256


@pytest.mark.parametrize(
    "show",
    [repr, str, "{}".format, "{:>10}".format, "%s".__mod__, ascii],
    ids=["repr", "str", "format", "format-spec", "percent", "ascii"],
)
def test_no_way_of_printing_shows_a_pin(show: Callable[[object], str]) -> None:
    assert "246813" not in show(Pin(PIN))


@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, pickle.dumps])
def test_a_pin_can_t_be_copied_or_stored_by_accident(take: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        take(Pin(PIN))
    with pytest.raises(TypeError):
        pickle.dumps(HeldPin(lambda _: Pin(PIN)))


def test_what_a_pin_is_made_from_is_emptied_and_what_it_held_is_wiped() -> None:
    typed = bytearray(PIN)
    pin = Pin(typed)
    assert typed == bytes(6), "the caller's copy would outlive the PIN"
    with pin.exposed() as secret:
        assert secret == PIN
    assert secret == bytes(6)
    assert len(pin) == 0


def test_two_pins_can_t_be_compared_by_equality() -> None:
    assert Pin(PIN) != Pin(PIN)
    assert Pin(PIN) != PIN


@given(st.binary(max_size=20))
def test_a_policy_takes_exactly_what_it_says(characters: bytes) -> None:
    right = 6 <= len(characters) <= 8 and all(byte in b"0123456789" for byte in characters)
    assert (PinPolicy(6, 8, "digits").problem(Pin(characters)) is None) is right


@pytest.mark.parametrize("wrong", [b"", b"12345", b"123456789", b"12345a"])
def test_a_pin_that_can_t_be_right_costs_no_try(wrong: bytes) -> None:
    card, signer = inserted()
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(PinUnfit):
        session.sign(b"m", P256, Asked(wrong))
    assert card.asked["VERIFY"] == 0
    assert card.left == 3


@pytest.mark.parametrize("scheme", [Scheme.RSA_PKCS1_SHA256, P256])
def test_one_call_asks_once_and_verifies_once(scheme: Scheme) -> None:
    card, signer = inserted(scheme)
    asked = Asked()
    with signer.open(signer.list_tokens()[0]) as session:
        session.sign(b"m", scheme, asked)
    assert len(asked.requests) == 1
    assert asked.requests[0].purpose is PinPurpose.SIGN
    assert asked.requests[0].status.tries_left == 3
    assert card.asked["VERIFY"] == 1


def test_a_wrong_pin_is_told_with_the_tries_left_and_never_tried_again() -> None:
    card, signer = inserted()
    asked = Asked(b"000000")
    with signer.open(signer.list_tokens()[0]) as session:
        with pytest.raises(PinIncorrect) as caught:
            session.sign(b"m", P256, asked)
        assert caught.value.tries_left == 2
        assert session.pin_status().tries_left == 2
    assert (card.asked["VERIFY"], card.asked["SIGN"]) == (1, 0)
    assert len(asked.requests) == 1


def test_the_last_try_is_only_spent_when_that_was_said() -> None:
    card, signer = inserted()
    card.left = 1
    asked = Asked(b"000000")
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(LastTry):
        session.sign(b"m", P256, asked)
    assert (card.left, asked.requests) == (1, [])
    signer.allow_last_try = True
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(PinBlocked):
        session.sign(b"m", P256, asked)
    assert card.left == 0


def test_nobody_is_asked_for_a_pin_that_is_blocked() -> None:
    card, signer = inserted()
    card.left = 0
    asked = Asked()
    (token,) = signer.list_tokens()
    assert token.pin.blocked
    with signer.open(token) as session, pytest.raises(PinBlocked):
        session.sign(b"m", P256, asked)
    assert asked.requests == []


def test_nobody_gave_a_pin() -> None:
    card, signer = inserted()
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(PinRequired):
        session.sign(b"m", P256, Asked(None))
    assert card.asked["VERIFY"] == 0


def test_a_pin_that_is_no_pin_is_refused_without_being_shown() -> None:
    _, signer = inserted()
    with (
        signer.open(signer.list_tokens()[0]) as session,
        pytest.raises(TypeError, match="returns a Pin") as caught,
    ):
        session.sign(b"m", P256, lambda _: "246813")  # type: ignore[arg-type,return-value]
    assert "246813" not in str(caught.value)


def test_looking_at_the_tries_left_spends_none() -> None:
    card, signer = inserted()
    for _ in range(10):
        assert signer.list_tokens()[0].pin.tries_left == 3
    assert (card.left, card.asked["VERIFY"]) == (3, 0)


def two(first: bytes, second: bytes) -> Callable[[PinRequest], Pin]:
    return lambda request: Pin(second if request.purpose is PinPurpose.NEW else first)


def test_a_pin_is_changed_in_one_command() -> None:
    card, signer = inserted()
    with signer.open(signer.list_tokens()[0]) as session:
        session.change_pin(two(PIN, b"86421357"))
        assert (card.asked["CHANGE"], card.asked["VERIFY"]) == (1, 0)
        session.sign(b"m", P256, Asked(b"86421357"))
        with pytest.raises(PinIncorrect):
            session.change_pin(two(PIN, b"111111"))
    assert card.left == 2
    assert card.asked["CHANGE"] == 2


def test_a_new_pin_that_can_t_be_one_is_not_sent() -> None:
    card, signer = inserted()
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(PinUnfit):
        session.change_pin(two(PIN, b"1"))
    assert card.asked["CHANGE"] == 0


def test_a_blocked_pin_is_unblocked_by_its_code() -> None:
    card, signer = inserted()
    card.left = 0
    with signer.open(signer.list_tokens()[0]) as session:
        with pytest.raises(PinBlocked):
            session.change_pin(two(PIN, b"111111"))
        with pytest.raises(PinIncorrect):
            session.unblock_pin(two(b"00000000", b"111111"))
        assert (card.unblocking_left, card.asked["UNBLOCK"]) == (2, 1)
        session.unblock_pin(two(b"13572468", b"111111"))
        assert session.sign(b"m", P256, Asked(b"111111"))


def test_a_held_pin_that_was_refused_is_asked_for_anew() -> None:
    asked = Asked(b"000000")
    _, signer = inserted()
    with signer.open(signer.list_tokens()[0]) as session, HeldPin(asked) as held:
        with pytest.raises(PinIncorrect):
            session.sign(b"m", P256, held)
        asked.pin = PIN
        session.sign(b"m", P256, held)
        session.sign(b"m", P256, held)
    assert len(asked.requests) == 2


@pytest.mark.parametrize("pin", [PIN, b"000000", b"1", b"12345x"])
@pytest.mark.parametrize("mishap", [None, Mishap.REMOVED, Mishap.GARBAGE])
def test_a_pin_is_wiped_whatever_came_of_it(pin: bytes, mishap: Mishap | None) -> None:
    card, signer = inserted()
    if mishap is not None:
        card.fail("VERIFY", mishap)
    given: list[Pin] = []

    def ask(_request: PinRequest) -> Pin:
        given.append(Pin(pin))
        return given[-1]

    with signer.open(signer.list_tokens()[0]) as session, contextlib.suppress(SigningError):
        session.sign(b"m", P256, ask)
    with signer.open(signer.list_tokens()[0]) if card.present else contextlib.nullcontext() as one:
        if one is not None:
            with contextlib.suppress(SigningError):
                one.change_pin(ask)
    assert given
    assert [len(one) for one in given] == [0] * len(given)


def test_a_command_is_wiped_once_it_was_sent() -> None:
    from socialins.signing.drivers.apdu import exchange

    class Line:
        def __init__(self) -> None:
            self.sent: list[bytearray] = []

        def transmit(self, command: bytearray) -> bytes:
            self.sent.append(command)
            if len(self.sent) == 2:
                raise SigningError(Fault("signing.no-answer"))
            return b"\x90\x00"

    line = Line()
    exchange(line, bytes([0, 0x20, 0, 0x80]), PIN, answer=False)
    with pytest.raises(SigningError):
        exchange(line, bytes([0, 0x20, 0, 0x80]), PIN, answer=False)
    assert [any(command) for command in line.sent] == [False, False]
