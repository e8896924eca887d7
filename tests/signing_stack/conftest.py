"""Real stacks that nobody here wrote: a PC/SC daemon, cards in its reader, SoftHSM, OpenSC.

`make test-signing` installs what they need, and says where the cards' environments lie. Without it
these tests are skipped, each with the reason.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

MUST = bool(os.environ.get("SOCIALINS_SIGNING_STACK"))
"""Whether what is missing is a failure: then somebody went to the trouble of installing it."""

_NUMBERS = count()


def needs(what: str, there: object) -> None:
    """Go on if something is there; else skip, or fail where it has to be there."""
    if there:
        return
    if MUST:
        pytest.fail(f"{what} is missing, though `make test-signing` installs it")
    pytest.skip(f"{what} is missing; run `make test-signing`")


@pytest.fixture(scope="session")
def stack() -> Any:
    """The module that starts things; pytest imports no module that lies beside a test."""
    spec = importlib.util.spec_from_file_location("stack", Path(__file__).with_name("stack.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def program() -> Callable[[str], str]:
    """Finds a program of the system by its name."""

    def find(name: str) -> str:
        found = shutil.which(name)
        needs(name, found)
        return str(found)

    return find


@pytest.fixture(scope="session")
def openssl() -> str:
    found = shutil.which("openssl")
    needs("openssl", found)
    return str(found)


@pytest.fixture
def openssl_takes(openssl: str, tmp_path: Path) -> Callable[[bytes, bytes, Any], bool]:
    """Whether OpenSSL verifies a detached signature of a document, up to an authority."""
    from asn1crypto.pem import armor

    def check(content: bytes, signature: bytes, authority: Any) -> bool:
        for name, data in (
            ("content", content),
            ("signature.p7s", signature),
            ("ca.pem", armor("CERTIFICATE", authority.der)),
        ):
            (tmp_path / name).write_bytes(data)
        command = [openssl, "cms", "-verify", "-binary", "-purpose", "any", "-inform", "DER"]
        command += ["-in", "signature.p7s", "-CAfile", "ca.pem", "-content", "content"]
        command += ["-out", "out"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        return done.returncode == 0

    return check


@pytest.fixture(scope="session")
def daemon(stack: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """pcscd with a virtual reader."""
    lacking = stack.lacking_daemon()
    needs(lacking, not lacking)
    pytest.importorskip("smartcard.scard", reason="the extra pcsc brings it")
    with stack.pcsc_daemon(tmp_path_factory.mktemp("pcscd")):
        yield


Insert = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def insert(stack: Any, daemon: None) -> Iterator[Insert]:
    """Puts a card into the reader; it is pulled out when the test ends."""
    del daemon
    with ExitStack() as cards:

        def put(card: str, *given: object) -> subprocess.Popen[bytes]:
            needs(f"the environment of {card}", stack.card_python(card).is_file())
            process: subprocess.Popen[bytes] = cards.enter_context(
                stack.card_in_reader(card, *given)
            )
            return process

        yield put


@pytest.fixture
def new_card(insert: Insert) -> Callable[..., Any]:
    """Puts a new card into the reader and has it make a key; gives certificate and process."""
    from socialins.signing import Scheme
    from socialins.signing.drivers.readers import PcscReaders
    from socialins.testing.tokens.personal import personalise_openpgp, personalise_piv

    def put(card: str, scheme: Scheme = Scheme.ECDSA_P256_SHA256, *given: object) -> Any:
        process = insert(card, *given)
        readers = PcscReaders()
        channel = readers.connect(readers.names()[0], exclusive=True)
        try:
            if card.startswith("jcecard"):
                return personalise_piv(channel, scheme), process
            return personalise_openpgp(channel, scheme), process
        finally:
            channel.close()

    return put


@pytest.fixture(scope="session")
def softhsm(stack: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SoftHSM's library, with an empty place for its tokens."""
    pytest.importorskip("pkcs11", reason="the extra pkcs11 brings it")
    module = stack.softhsm_module()
    needs("SoftHSM", module)
    needs("softhsm2-util", shutil.which("softhsm2-util"))
    stack.softhsm_place(tmp_path_factory.mktemp("softhsm"))
    return Path(module)


@pytest.fixture
def new_token(stack: Any, softhsm: Path) -> Iterator[Callable[..., str]]:
    """Makes tokens of SoftHSM, of a PIN and its officer's; gives the label of each."""
    made: list[str] = []

    def make(pin: bytes, officer: bytes = b"87654321") -> str:
        made.append(f"unit-{next(_NUMBERS)}")
        stack.softhsm_token(softhsm, made[-1], pin, officer)
        return made[-1]

    yield make
    for label in made:
        command = ["softhsm2-util", "--delete-token", f"--token={label}"]
        subprocess.run(command, capture_output=True, check=False)


@pytest.fixture
def opensc(stack: Any) -> Iterator[Path]:
    """OpenSC's PKCS#11 library, which speaks to cards through the daemon."""
    pkcs11 = pytest.importorskip("pkcs11", reason="the extra pkcs11 brings it")
    module = stack.opensc_module()
    needs("OpenSC's PKCS#11 library", module)
    yield Path(module)
    pkcs11.lib(str(module)).finalize()


@pytest.fixture
def cac(stack: Any, tmp_path: Path) -> Path:
    """Where libcacard has the unit's RSA key; the card's PIN is 123456."""
    lacking = stack.lacking_cac()
    needs(lacking, not lacking)
    return Path(stack.cac_place(tmp_path))


def pytest_report_header() -> str:
    return f"signing stack: {'must be there' if MUST else 'as far as it is there'}, {sys.platform}"
