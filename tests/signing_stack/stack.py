"""What starts the stacks: a PC/SC daemon with a virtual reader, cards in it, tokens of SoftHSM.

Tests and benchmarks both start them; it knows nothing of either.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

BRIDGE = Path(__file__).with_name("bridge.py")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PORT = 0x8C7B
ENOUGH = 20
"""Seconds in which a daemon has to answer."""

CAC_PIN = b"123456"
_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def card_python(card: str) -> Path:
    """The Python of a card's environment; those that are no Python need none of their own."""
    if card.startswith("libcacard"):
        return Path(sys.executable)
    place = Path(os.environ.get("SOCIALINS_CARDS", "")) / card.partition("-")[0]
    return place / "bin" / "python"


def lacking_daemon() -> str:
    """What the daemon lacks here; empty if it can be started."""
    if not shutil.which("pcscd"):
        return "pcscd"
    return "" if DRIVER.is_file() else "the virtual reader's driver"


@contextmanager
def running(*command: object, **how: object) -> Iterator[subprocess.Popen[bytes]]:
    """A child that is ended when it is not needed any more."""
    texts = [str(one) for one in command]
    process = subprocess.Popen(texts, **how)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        if process.stdin is not None:
            process.stdin.close()
        process.wait(ENOUGH)


def waited_for(what: Callable[[], object], process: subprocess.Popen[bytes] | None = None) -> None:
    """Wait until something is so, at most `ENOUGH` seconds."""
    end = time.monotonic() + ENOUGH
    while not what():
        assert process is None or process.poll() is None, "the process ended"
        assert time.monotonic() < end, "no answer"
        time.sleep(0.02)


@contextmanager
def pcsc_daemon(folder: Path) -> Iterator[None]:
    """pcscd in the foreground, with the virtual reader and no other."""
    readers = folder / "readers.conf"
    readers.write_text(
        f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{PORT:04X}\n'
        f"LIBPATH {DRIVER}\nCHANNELID 0x{PORT:04X}\n"
    )
    with running("pcscd", "--foreground", "-c", readers, **_QUIET) as process:
        waited_for(_listening, process)
        yield


def _listening() -> bool:
    """Whether the virtual reader waits for a card; asked without taking the card's place."""
    table = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    return f":{PORT:04X} " in table


def present() -> bool:
    """Whether the service sees a card."""
    from socialins.signing.drivers.readers import PcscReaders

    return any(state is not None for state in PcscReaders().presence().values())


@contextmanager
def card_in_reader(card: str, *given: object) -> Iterator[subprocess.Popen[bytes]]:
    """A card in the reader; `pull` and `push` work on what it gives."""
    command = (card_python(card), BRIDGE, card, PORT, *given)
    with running(*command, stdin=subprocess.PIPE) as process:
        waited_for(present, process)
        yield process
    waited_for(lambda: not present())


def pull(process: subprocess.Popen[bytes]) -> None:
    """Pull a card out, and wait until the service has seen it."""
    _tell(process, b"out\n")
    waited_for(lambda: not present(), process)


def push(process: subprocess.Popen[bytes]) -> None:
    """Put a card back that was pulled out."""
    _tell(process, b"in\n")
    waited_for(present, process)


def _tell(process: subprocess.Popen[bytes], words: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(words)
    process.stdin.flush()


def softhsm_module() -> Path | None:
    """SoftHSM's library."""
    return _first("softhsm/libsofthsm2.so")


def opensc_module() -> Path | None:
    """OpenSC's library."""
    return _first("opensc-pkcs11.so")


def _first(name: str) -> Path | None:
    places = [Path("/usr/lib") / name, *Path("/usr/lib").glob(f"*/{name}")]
    return next((one for one in places if one.is_file()), None)


def softhsm_place(folder: Path) -> None:
    """An empty place for tokens of SoftHSM, which this process and its children use from now on."""
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)


def softhsm_token(module: Path, label: str, pin: bytes, officer: bytes) -> None:
    """A new token of SoftHSM."""
    codes = (f"--pin={pin.decode()}", f"--so-pin={officer.decode()}")
    command = ("softhsm2-util", "--init-token", "--free", f"--label={label}", *codes)
    subprocess.run(command, check=True, capture_output=True)
    import pkcs11

    library = pkcs11.lib(str(module))
    if hasattr(library, "reinitialize"):
        library.reinitialize()


def lacking_cac() -> str:
    """What a card of libcacard lacks here; empty if there can be one."""
    if not find_library("cacard"):
        return "libcacard"
    tools = ("certutil", "pk12util")
    return next((f"NSS's {tool}" for tool in tools if not shutil.which(tool)), "")


def cac_place(folder: Path, pin: bytes = CAC_PIN) -> Path:
    """A database of NSS with the unit's RSA key, for libcacard; its password is the card's PIN."""
    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import unit_key

    place = folder / "nss"
    place.mkdir()
    (folder / "pin").write_bytes(pin + b"\n")
    (folder / "key.p12").write_bytes(unit_key(Scheme.RSA_PKCS1_SHA256).pkcs12(b"x"))
    for command in (
        ("certutil", "-N", "-d", f"sql:{place}", "-f", "pin"),
        ("pk12util", "-i", "key.p12", "-d", f"sql:{place}", "-k", "pin", "-W", "x"),
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return place
