"""A core dump goes to whoever mends the program: the PIN must not be in it.

A process of its own signs and fails; then its memory is looked through twice, while it waits and as
the system dumps it. What a library copies can't be wiped from outside of it; it is listed here.
"""

from __future__ import annotations

import hashlib
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialins.signing import Scheme
from socialins.testing.tokens.samples import unit_key

CHILD = Path(__file__).with_name("signing_child.py")
P256, SM2 = Scheme.ECDSA_P256_SHA256, Scheme.SM2_SM3

LEFT_BY_LIBRARIES = {"pkcs12": {"utf-16"}}
"""Copies that are not ours to wipe: `cryptography` derives the keys of PKCS#12 from UTF-16."""

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="this system does not show a process's memory"
)


def forms(pin: bytes) -> dict[str, bytes]:
    """How a PIN lies in memory: as it is, and as PKCS#12 derives keys from it."""
    text = pin.decode()
    return {"bytes": pin, "utf-16": text.encode("utf-16-be"), "utf-32": text.encode("utf-32-le")}


def memory_of(process: int) -> Iterator[bytes]:
    """What a process may write to, piece by piece: all that a core dump has of it, and more."""
    with Path(f"/proc/{process}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, access, *_ = line.split()
            start, end = (int(one, 16) for one in span.split("-"))
            if access.startswith("rw"):
                memory.seek(start)
                yield memory.read(end - start)


def found(pieces: Iterator[bytes], pin: bytes) -> dict[str, int]:
    """Form → how often it is there."""
    counts = dict.fromkeys(forms(pin), 0)
    for piece in pieces:
        for name, form in forms(pin).items():
            counts[name] += piece.count(form)
    return {name: count for name, count in counts.items() if count}


def new_pin() -> bytes:
    """Eight digits that nothing else in memory happens to be."""
    return str(secrets.randbelow(9 * 10**7) + 10**7).encode()


def looked_through(kind: str, folder: Path, pin: bytes, *library: Path) -> list[dict[str, int]]:
    """What is found of the PIN in a process that waits, and in its core dump if there is one."""
    if kind in ("pkcs12", "sm2-file"):
        key_files(kind, folder, pin)
    digest = hashlib.sha256(pin).hexdigest()
    with subprocess.Popen(
        [sys.executable, CHILD, kind, folder, digest, *library],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(bytes(byte ^ 0xFF for byte in pin))
        process.stdin.flush()
        line = process.stdout.readline()
        if line != b"ready\n":
            _, complaint = process.communicate()
            pytest.fail(complaint.decode())
        seen = [found(memory_of(process.pid), pin)]
        process.communicate()
    for dumped in folder.glob("core*"):
        seen.append(found(iter([dumped.read_bytes()]), pin))
        dumped.unlink()  # it is as large as the process was
    return seen


def key_files(kind: str, folder: Path, pin: bytes) -> None:
    key = unit_key(P256 if kind == "pkcs12" else SM2)
    for name, password in (("right", pin), ("wrong", b"another1")):
        (folder / f"{name}.key").write_bytes(
            key.pkcs12(password) if kind == "pkcs12" else key.pkcs8(password)
        )
    (folder / "unit.cer").write_bytes(key.certificate.der)


@pytest.mark.parametrize("kind", ["card", "pkcs12", "sm2-file"])
def test_no_memory_and_no_core_dump_has_the_pin(kind: str, tmp_path: Path) -> None:
    for seen in looked_through(kind, tmp_path, new_pin()):
        assert set(seen) <= LEFT_BY_LIBRARIES.get(kind, set())


def test_the_search_finds_a_pin_that_was_kept(tmp_path: Path) -> None:
    assert all("bytes" in one for one in looked_through("careless", tmp_path, new_pin()))
