"""Real stacks that nobody here wrote: a PC/SC daemon with cards in its virtual reader, SoftHSM.

`make test-signing` installs what they need, and says where the cards' environments lie. Without it
these tests are skipped, each with the reason.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

BRIDGE = Path(__file__).with_name("bridge.py")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PORT = 0x8C7B
ENOUGH = 20
"""Seconds in which a daemon has to answer."""

MUST = bool(os.environ.get("SOCIALINS_SIGNING_STACK"))
"""Whether what is missing is a failure: then somebody went to the trouble of installing it."""


def needs(what: str, there: object) -> None:
    """Go on if something is there; else skip, or fail where it has to be there."""
    if there:
        return
    if MUST:
        pytest.fail(f"{what} is missing, though `make test-signing` installs it")
    pytest.skip(f"{what} is missing; run `make test-signing`")


def waited_for(what: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    """Wait until something is so, at most `ENOUGH` seconds."""
    end = time.monotonic() + ENOUGH
    while not what():
        assert process.poll() is None, "the process ended"
        assert time.monotonic() < end, "no answer"
        time.sleep(0.02)


@contextmanager
def running(*command: object, **how: object) -> Iterator[subprocess.Popen[bytes]]:
    """A child that is ended when it is not needed any more."""
    texts = [str(one) for one in command]
    process = subprocess.Popen(texts, **how)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        process.wait(ENOUGH)


@pytest.fixture(scope="session")
def openssl() -> str:
    found = shutil.which("openssl")
    needs("openssl", found)
    return str(found)


@pytest.fixture(scope="session")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """pcscd in the foreground, with the virtual reader and no other."""
    needs("pcscd", shutil.which("pcscd"))
    needs("the virtual reader's driver", DRIVER.is_file())
    pytest.importorskip("smartcard.scard", reason="the extra pcsc brings it")
    folder = tmp_path_factory.mktemp("pcscd")
    readers = folder / "readers.conf"
    readers.write_text(
        f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{PORT:04X}\n'
        f"LIBPATH {DRIVER}\nCHANNELID 0x{PORT:04X}\n"
    )
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with running("pcscd", "--foreground", "-c", readers, **quiet) as process:
        waited_for(listening, process)
        yield PORT


def listening() -> bool:
    """Whether the virtual reader waits for a card; asked without taking the card's place."""
    table = Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()
    return f":{PORT:04X} " in table


Insert = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def insert(daemon: int) -> Iterator[Insert]:
    """Puts a card into the reader; it is pulled out when the test ends."""
    from socialins.signing.drivers.readers import PcscReaders

    readers = PcscReaders()

    def there() -> bool:
        return any(state is not None for state in readers.presence().values())

    with ExitStack() as stack:

        def put(card: str) -> subprocess.Popen[bytes]:
            python = Path(os.environ.get("SOCIALINS_CARDS", "")) / card / "bin" / "python"
            needs(f"the environment of {card}", python.is_file())
            process = stack.enter_context(running(python, BRIDGE, card, daemon))
            waited_for(there, process)
            return process

        yield put
    end = time.monotonic() + ENOUGH
    while there() and time.monotonic() < end:
        time.sleep(0.02)


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SoftHSM's library, with an empty place for its tokens."""
    pytest.importorskip("pkcs11", reason="the extra pkcs11 brings it")
    places = [
        Path("/usr/lib/softhsm/libsofthsm2.so"),
        *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so"),
    ]
    module = next((one for one in places if one.is_file()), None)
    needs("SoftHSM", module)
    needs("softhsm2-util", shutil.which("softhsm2-util"))
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    assert module is not None
    return module


def pytest_report_header() -> str:
    return f"signing stack: {'must be there' if MUST else 'as far as it is there'}, {sys.platform}"
