"""What a command prints goes into logs and screenshots: the PIN must be in none of it."""

from __future__ import annotations

import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from socialins.cli import keys
from socialins.signing import Scheme
from socialins.testing.tokens import Mishap, VirtualCard, leaked
from socialins.testing.tokens.samples import UNIT, authority, inserted, unit_key

Call = Callable[..., Any]
P256, SM2 = Scheme.ECDSA_P256_SHA256, Scheme.SM2_SM3
SECRET = b"73918264"
TYPED = f"{SECRET.decode()}\n"
SIGN = ("sign", "a.json", "b.json", "--out", "signed", "--unit", "unit.toml", "--ca", "ca.cer")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> Path:
    """A folder with two documents, the unit's file, key files and the authority."""
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    Path("a.json").write_text("{}")
    Path("b.json").write_text("[]")
    Path("ca.cer").write_bytes(authority(P256).certificate.der)
    Path("right.p12").write_bytes(unit_key(P256).pkcs12(SECRET))
    Path("wrong.p12").write_bytes(unit_key(P256).pkcs12(b"another"))
    Path("broken.p12").write_bytes(b"no key store")
    Path("unit.toml").write_text(
        f'name = "{UNIT.name}"\ncredit_code = "{UNIT.credit_code}"\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> VirtualCard:
    """A card in a reader, which the driver pcsc sees."""
    made, signer = inserted()
    monkeypatch.setattr(keys, "make_signer", lambda _name, _options: signer)
    return made


@pytest.fixture
def silent(desk: Path, caplog: pytest.LogCaptureFixture) -> Callable[[Any], None]:
    """Makes sure that nothing that was printed, logged or written has the PIN."""

    def check(result: Any) -> None:
        assert leaked(result.out + result.err + caplog.text, SECRET) == ()
        for path in desk.rglob("*"):
            assert path.is_dir() or SECRET not in path.read_bytes(), path

    return check


class Case(NamedTuple):
    """What goes wrong with a card: at the second of a command, or with its PIN."""

    step: str = ""
    mishap: Mishap | None = None
    right: bool = True
    left: int = 3

    @property
    def signs(self) -> bool:
        """Whether both documents are signed all the same."""
        harmless = self.mishap is Mishap.WRONG_SIGNATURE and self.step != "SIGN"
        return self.right and self.left > 1 and (self.mishap is None or harmless)


CASES = [
    *(Case(step, mishap) for step in ("SELECT", "VERIFY", "SIGN") for mishap in Mishap),
    *(Case(right=right, left=left) for right in (True, False) for left in (3, 1, 0)),
]


@pytest.mark.parametrize("how", [(), ("--json",)], ids=["words", "json"])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_whatever_a_card_does_no_command_prints_the_pin(
    case: Case,
    how: tuple[str, ...],
    card: VirtualCard,
    call: Call,
    silent: Callable[[Any], None],
) -> None:
    card._pin = SECRET if case.right else b"11111111"
    card.left = case.left
    if case.mishap is not None:
        card.fail(case.step, case.mishap, time=2)
    result = call(*SIGN, *how, typed=TYPED)
    silent(result)
    assert (result.status == 0) is case.signs
    silent(call("tokens", *how))


@pytest.mark.parametrize("how", [(), ("--json",)], ids=["words", "json"])
@pytest.mark.parametrize("file", ["right", "wrong", "broken", "missing"])
def test_whatever_a_key_file_is_no_command_prints_the_password(
    file: str, how: tuple[str, ...], call: Call, silent: Callable[[Any], None]
) -> None:
    driver = ("--driver", "pkcs12", "--driver-option", "file", f"{file}.p12")
    result = call(*SIGN, *driver, *how, typed=TYPED)
    silent(result)
    assert (result.status == 0) is (file == "right")
    silent(call("tokens", *driver, *how))


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="Windows has no such terminals")
@pytest.mark.parametrize("file", ["right", "wrong"])
def test_a_terminal_shows_nothing_of_what_is_typed(file: str, desk: Path) -> None:
    arguments = (*SIGN, "--driver", "pkcs12", "--driver-option", "file", f"{file}.p12")
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "socialins", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=desk,
        start_new_session=True,
        env={**os.environ, "SOCIALINS_LANG": "en", "TERM": "dumb"},
    )
    os.close(theirs)
    shown, typed, end = b"", False, time.monotonic() + 60
    try:
        while time.monotonic() < end and select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the terminal's other side is closed
                part = b""
            if not part:
                break
            shown += part
            if not typed and b"PIN of" in shown:
                os.write(ours, SECRET + b"\n")
                typed = True
    finally:
        os.close(ours)
        status = process.wait(60)
    assert typed, shown
    assert (status == 0) is (file == "right")
    assert leaked(shown.decode(errors="replace"), SECRET) == ()
