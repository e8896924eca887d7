"""The PIN on real stacks: in nothing that is told, in no memory and no core dump afterwards."""

from __future__ import annotations

import importlib.util
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialins.signing import Pin, PinPurpose, PinRequest, Scheme, SigningError
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.signing.drivers.pkcs11 import Pkcs11Signer
from socialins.signing.registry import make_signer
from socialins.testing.tokens import all_told_by, kept_by, leaked
from socialins.testing.tokens.personal import NEW_PIN, personalise_pkcs11

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
SECRET, OTHER = b"73918264", b"73918265"
NewCard = Callable[..., Any]


class Told:
    """Has calls fail, and keeps what is told of it."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.codes: list[str] = []
        self.given: list[Pin] = []

    def ask(self, request: PinRequest) -> Pin:
        """Give the secret PIN; where a new one is asked for, another."""
        self.given.append(Pin(OTHER if request.purpose is PinPurpose.NEW else SECRET))
        return self.given[-1]

    def wrong(self, request: PinRequest) -> Pin:
        """Give the PIN that is not right; it is as secret as the other."""
        del request
        self.given.append(Pin(OTHER))
        return self.given[-1]

    def run(self, call: Callable[..., Any], *arguments: Any) -> None:
        """Call something that may fail."""
        try:
            self.text.append(repr(call(*arguments)))
        except SigningError as error:
            self.text.append(all_told_by(error))
            self.codes.append(error.fault.code)

    def drive(self, signer: Any, scheme: Scheme) -> None:
        """Sign, fail, and look at what is kept."""
        token = next(one for one in signer.list_tokens() if one.certificate is not None)
        with signer.open(token) as session:
            self.run(session.sign, b"m", scheme, self.ask)
            self.run(session.sign, b"m", P256 if scheme is RSA else RSA, self.ask)
            self.run(session.sign, b"m", scheme, self.wrong)
            self.run(
                session.change_pin,
                lambda asked: Pin(b"1") if asked.purpose == "new" else self.ask(asked),
            )
            self.run(session.unblock_pin, self.wrong)
            self.text.append(kept_by(session, signer))
        self.run(session.sign, b"m", scheme, self.ask)
        self.text.append(repr([one.to_plain() for one in signer.list_tokens()]))


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Any:
    caplog.set_level(logging.DEBUG)
    made = Told()
    yield made
    printed = capfd.readouterr()
    whole = "\n".join([*made.text, caplog.text, printed.out, printed.err])
    assert leaked(whole, SECRET, OTHER) == ()
    assert made.given
    assert not any(made.given), "a PIN was not wiped"


def with_secret(new_card: NewCard, card: str, scheme: Scheme) -> PcscSigner:
    """A card whose PIN is the secret one."""
    new_card(card, scheme)
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        session.change_pin(lambda asked: Pin(SECRET if asked.purpose == "new" else NEW_PIN))
    return signer


@pytest.mark.parametrize(
    ("card", "scheme"), [("jcecard", P256), ("openpgp", P256), ("openpgp", RSA)]
)
def test_a_real_card_s_pin_is_told_nowhere(
    card: str, scheme: Scheme, new_card: NewCard, told: Told
) -> None:
    told.drive(with_secret(new_card, card, scheme), scheme)
    assert "signing.pin-incorrect-left" in told.codes


@pytest.mark.parametrize("scheme", [P256, RSA])
def test_a_token_s_pin_is_told_nowhere(
    scheme: Scheme, softhsm: Path, new_token: Callable[..., str], told: Told
) -> None:
    personalise_pkcs11(softhsm, new_token(SECRET), SECRET, scheme)
    told.drive(Pkcs11Signer(softhsm), scheme)
    assert "signing.pin-incorrect" in told.codes


def test_a_pin_that_goes_to_a_card_through_a_library_is_told_nowhere(
    opensc: Path, stack: Any, tmp_path: Path, insert: Callable[..., Any], told: Told
) -> None:
    lacking = stack.lacking_cac()
    if lacking:
        pytest.skip(lacking)
    insert("libcacard-counting", stack.cac_place(tmp_path, SECRET))
    told.drive(make_signer("pkcs11", {"module": str(opensc)}), RSA)
    assert "signing.pin-incorrect" in told.codes


# Memory.


@pytest.fixture(scope="session")
def memory() -> Any:
    """The test that looks through a process's memory; its helpers serve here, too."""
    place = Path(__file__).parents[1] / "signing" / "test_pin_in_memory.py"
    spec = importlib.util.spec_from_file_location("pin_in_memory", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_after_a_card_signed_no_memory_has_its_pin(
    new_card: NewCard, memory: Any, tmp_path: Path
) -> None:
    new_card("jcecard")
    pin = memory.new_pin()
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        session.change_pin(lambda asked: Pin(pin if asked.purpose == "new" else NEW_PIN))
    assert not any(memory.looked_through("pcsc", tmp_path, pin))


def test_after_a_token_signed_no_copy_for_each_signature_is_left(
    softhsm: Path, new_token: Callable[..., str], memory: Any, tmp_path: Path
) -> None:
    pin = memory.new_pin()
    personalise_pkcs11(softhsm, new_token(pin), pin)
    # python-pkcs11 takes text, which nobody can wipe: one that was used last may still be there.
    for seen in memory.looked_through("pkcs11", tmp_path, pin, softhsm):
        assert sum(seen.values()) <= 1
