"""A process that signs and fails with a PIN, for a test that then looks through its memory.

`signing_child.py KIND FOLDER DIGEST [LIBRARY]` reads a PIN of eight bytes from its input, each bit
of it turned over, so that no buffer of the pipe has it; a card knows the right one by its digest
alone. Then it says that it is ready, waits for its input to end, and ends with a core dump.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path
from typing import Any

from socialins.signing import (
    HeldPin,
    Pin,
    PinPurpose,
    PinRequest,
    Scheme,
    SigningError,
    make_signer,
)
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.signing.drivers.sm2file import Sm2FileSigner
from socialins.testing.tokens import Mishap, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import unit_key

P256, SM2 = Scheme.ECDSA_P256_SHA256, Scheme.SM2_SM3


class Card(VirtualCard):
    """A card that knows its PIN by its digest, and copies no command that has one."""

    digest = ""

    def transmit(self, command: bytearray) -> bytes:
        if command[1] not in (0x20, 0x24, 0x2C) or len(command) <= 5:
            return super().transmit(command)
        if command[1] != 0x20:
            return b"\x6a\x80"
        with memoryview(command) as whole, whole[5:13] as shown:
            self._verified = hashlib.sha256(shown).hexdigest() == self.digest
        self.left = self.tries if self._verified else self.left - 1
        return b"\x90\x00" if self._verified else bytes([0x63, 0xC0 | self.left])


def main(kind: str, folder: Path, digest: str) -> None:
    """Sign, fail, wait, abort."""
    import resource  # not on Windows, where the tests are only collected

    typed = bytearray(8)
    os.readv(0, [typed])
    for at, byte in enumerate(typed):
        typed[at] = byte ^ 0xFF
    pin = Pin(typed)
    kept: Any = None
    if kind == "careless":
        with pin.twin().exposed() as secret:
            kept = bytes(secret)
    if kind in ("pcsc", "pkcs11"):
        of_token(pin, kind, *sys.argv[4:])
    elif kind in ("pkcs12", "sm2-file"):
        of_file(pin, kind, folder)
    else:
        of_card(pin, digest)
    pin.wipe()
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    os.chdir(folder)
    os.write(1, b"ready\n")
    os.read(0, 1)
    del kept
    os.abort()


def of_card(pin: Pin, digest: str) -> None:
    """A card: signatures, a wrong PIN, a card that is pulled out, a change that is refused."""
    card = Card(unit_key(P256))
    card.digest = digest
    signer = PcscSigner(VirtualReaders({"reader": card}))
    with signer.open(signer.list_tokens()[0]) as session:
        session.sign(b"m", P256, lambda _: pin.twin())
        with HeldPin(lambda _: pin.twin()) as held:
            session.sign(b"m", P256, held)
            session.sign(b"m", P256, held)
        card.digest = "another"
        failing(session.sign, b"m", P256, lambda _: pin.twin())
        failing(session.change_pin, lambda _: pin.twin())
        failing(session.unblock_pin, lambda _: pin.twin())
        card.digest = digest
        card.fail("SIGN", Mishap.REMOVED)
        failing(session.sign, b"m", P256, lambda _: pin.twin())


def of_file(pin: Pin, kind: str, folder: Path) -> None:
    """A file: signatures, and one of another password."""
    kinds: dict[str, tuple[Any, Scheme]] = {
        "pkcs12": (Pkcs12Signer, P256),
        "sm2-file": (Sm2FileSigner, SM2),
    }
    driver, scheme = kinds[kind]
    for name in ("right", "wrong"):
        signer = driver(folder / f"{name}.key", folder / "unit.cer")
        with signer.open(signer.list_tokens()[0]) as session:
            if name == "right":
                session.sign(b"m", scheme, lambda _: pin.twin())
                session.unlock(lambda _: pin.twin())
            failing(session.change_pin, lambda request: new(pin, request))
            failing(session.sign, b"m", scheme, lambda _: pin.twin())


def of_token(pin: Pin, kind: str, *library: str) -> None:
    """What is in a reader or a library: signatures, and a change that is broken off."""
    signer = make_signer(kind, dict(zip(("module",), library, strict=False)))
    (token,) = [one for one in signer.list_tokens() if one.certificate is not None]
    assert token.certificate is not None
    assert token.certificate.scheme is not None
    with signer.open(token) as session:
        for _ in range(3):
            session.sign(b"m", token.certificate.scheme, lambda _: pin.twin())
        failing(session.change_pin, lambda request: new(pin, request))


def new(pin: Pin, request: PinRequest) -> Pin | None:
    """The PIN, but no new one."""
    return None if request.purpose is PinPurpose.NEW else pin.twin()


def failing(call: Any, *arguments: Any) -> None:
    """Call something that may fail."""
    with contextlib.suppress(SigningError):
        call(*arguments)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
