"""What happens at a real reader: keys that come and go, other programs, cards that misbehave."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from socialins.signing import (
    Document,
    KeyTerms,
    Scheme,
    SigningError,
    TokenChange,
    TokenEvent,
    sign_documents,
    verify,
)
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.tokens.personal import NEW_PIN
from socialins.testing.tokens.samples import UNIT, Asked, authority

P256, RSA = Scheme.ECDSA_P256_SHA256, Scheme.RSA_PKCS1_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
TERMS = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))
DOCUMENTS = [Document(f"{number}", bytes([number]) * 1000) for number in range(3)]
NewCard = Callable[..., Any]

SELECT = "00A4040009A00000030800001000"
VERIFY = "0020008008" + NEW_PIN.hex() + "FFFF"
SIGN = "0087119C267C2482008120" + "5A" * 32 + "00"

OTHER_PROGRAM = """
import json, sys
from smartcard import scard
_, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
_, readers = scard.SCardListReaders(context, [])
status, card, protocol = scard.SCardConnect(context, readers[0], scard.SCARD_SHARE_SHARED, 3)
told = [status & 0xFFFFFFFF]
for command in sys.argv[1:] if not told[0] else []:
    status, answer = scard.SCardTransmit(card, protocol, list(bytes.fromhex(command)))
    told.append(bytes(one & 0xFF for one in answer[-2:]).hex())
print(json.dumps(told))
"""


def other_program(*commands: str) -> list[Any]:
    """Another process that takes the card as it finds it: what it got."""
    done = subprocess.run(
        [sys.executable, "-c", OTHER_PROGRAM, *commands], capture_output=True, check=True
    )
    told: list[Any] = json.loads(done.stdout)
    return told


def test_another_program_can_t_use_a_pin_that_was_verified(new_card: NewCard) -> None:
    new_card("jcecard")
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        session.unlock(Asked(NEW_PIN))
        assert other_program(SIGN) == [0x8010000B], "it was let in while the PIN is verified"
        session.sign(b"m", P256, Asked(NEW_PIN))
        assert other_program(SELECT, SIGN) == [0x8010000B]
    status, answer = other_program(SIGN)
    assert (status, answer != "9000") == (0, True), "the PIN outlived the session"
    assert other_program(SELECT, SIGN) == [0, "9000", "6982"]


def test_without_holding_the_reader_alone_another_program_would_sign(new_card: NewCard) -> None:
    # What the driver guards against is real: a shared connection, as many programs use it.
    from smartcard import scard

    new_card("jcecard")
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    _, readers = scard.SCardListReaders(context, [])
    _, card, protocol = scard.SCardConnect(context, readers[0], scard.SCARD_SHARE_SHARED, 3)
    for command in (SELECT, VERIFY):
        _, answer = scard.SCardTransmit(card, protocol, list(bytes.fromhex(command)))
        assert answer[-2:] == [0x90, 0x00]
    assert other_program(SIGN) == [0, "9000"]
    scard.SCardDisconnect(card, scard.SCARD_RESET_CARD)
    scard.SCardReleaseContext(context)


def test_a_key_that_comes_and_goes_is_told_with_its_certificate(
    new_card: NewCard, stack: Any
) -> None:
    certificate, process = new_card("jcecard")
    stack.pull(process)
    events: Queue[TokenEvent] = Queue()
    with PcscSigner().watch(events.put, interval=0.05):
        stack.push(process)
        came = events.get(timeout=20)
        assert (came.change, came.token.certificate) == (TokenChange.INSERTED, certificate)
        stack.pull(process)
        gone = events.get(timeout=20)
        assert (gone.change, gone.token.certificate) == (TokenChange.REMOVED, certificate)
    assert events.empty()


def test_the_command_tells_what_is_inserted_and_pulled_out(new_card: NewCard, stack: Any) -> None:
    certificate, process = new_card("jcecard")
    stack.pull(process)
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "socialins", "tokens", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "SOCIALINS_LANG": "en"},
    ) as command:
        try:
            read_until(command, "there is no key")
            stack.push(process)
            assert certificate.sha256[:16] in read_until(command, "Inserted:")
            stack.pull(process)
            assert certificate.sha256[:16] in read_until(command, "Removed:")
        finally:
            command.terminate()


def test_a_daemon_that_does_not_run_is_told_with_what_to_do(tmp_path: Path) -> None:
    pytest.importorskip("smartcard.scard", reason="the extra pcsc brings it")
    done = subprocess.run(
        [sys.executable, "-m", "socialins", "tokens", "--json"],
        capture_output=True,
        env={**os.environ, "PCSCLITE_CSOCK_NAME": str(tmp_path / "none")},
        check=False,
    )
    (fault,) = json.loads(done.stdout)["faults"]
    assert (done.returncode, fault["code"]) == (1, "signing.service-unavailable")
    assert fault["remedy"]


def read_until(command: subprocess.Popen[bytes], words: str) -> str:
    """What a command says up to a line with some words; that line."""
    assert command.stdout is not None
    said, end = b"", time.monotonic() + 30
    while time.monotonic() < end:
        if select.select([command.stdout], [], [], 1)[0]:
            said += os.read(command.stdout.fileno(), 4096)
        for line in said.decode().splitlines(keepends=True):
            if words in line and line.endswith("\n"):
                return line
    raise AssertionError(said.decode())


@pytest.mark.parametrize(
    ("mishap", "code"),
    [
        # The virtual reader answers nothing then; others say that the card was removed.
        ("pulled", {"signing.no-answer", "signing.token-removed"}),
        ("garbage", {"signing.card-error"}),
    ],
)
def test_a_card_that_fails_at_the_second_signature_leaves_the_first_and_the_rest_for_later(
    mishap: str, code: set[str], new_card: NewCard, stack: Any
) -> None:
    certificate, process = new_card("jcecard", P256, mishap, 2)
    signer, asked = PcscSigner(), Asked(NEW_PIN)
    with signer.open(signer.list_tokens()[0]) as session:
        first = sign_documents(session, DOCUMENTS, asked, TERMS)
    assert first.fault is not None
    assert first.fault.code in code, first.fault.message("en")
    assert ([one.document for one in first.signed], len(first.left)) == (DOCUMENTS[:1], 2)
    if mishap == "garbage":
        stack.pull(process)
    stack.push(process)
    with signer.open(signer.list_tokens()[0]) as session:
        whole = sign_documents(session, [], asked, TERMS, after=first)
    assert (whole.complete, whole.certificate) == (True, certificate)
    assert len(asked.requests) == 2, "it was asked for more often than it was opened"
    for one in whole.signed:
        found = verify(
            one.document.content, one.signature, unit=UNIT, authorities=TERMS.authorities, at=NOW
        )
        assert found.ok, found.faults


def test_a_slow_card_is_waited_for_and_signs_once(new_card: NewCard) -> None:
    new_card("jcecard", P256, "slow", 1)
    signer = PcscSigner()
    with signer.open(signer.list_tokens()[0]) as session:
        began = time.monotonic()
        assert session.sign(b"m", P256, Asked(NEW_PIN))
        assert time.monotonic() - began > 1, "the card was not slow"
        assert session.pin_status().tries_left in (3, None)


def test_rsa_that_a_card_can_t_do_is_a_fault_and_costs_no_try(new_card: NewCard) -> None:
    # This card reads lengths of one byte only, and so not the padded block. Should this test fail
    # one day, it has been mended, and needs no mending in the bridge any more.
    certificate, _ = new_card("jcecard", RSA)
    signer = PcscSigner()
    (token, *_) = signer.list_tokens()
    assert token.certificate == certificate
    with signer.open(token) as session:
        with pytest.raises(SigningError) as caught:
            session.sign(b"m", RSA, Asked(NEW_PIN))
        assert "6A80" in caught.value.fault.message("en")
    assert signer.list_tokens()[0].pin.tries_left == 3
