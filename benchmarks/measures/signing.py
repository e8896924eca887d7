"""Signatures a second by each driver, beside the library that it rests on doing as much.

A driver asks for the PIN once a signature, shows it, signs, and checks the signature against the
certificate. The bare library opens the file or logs in each time, too; a further row has the key
kept open, as a program would that guards nothing. Cards need `make test-signing`'s environments.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates

from benchmarks.measures import Figure, in_turns, tell
from benchmarks.measures.signing_stack import PIN, SECRET, guarded, module_of_stack, signing
from benchmarks.places import ROOT
from socialins.signing import Scheme
from socialins.signing.drivers.pkcs11 import Pkcs11Signer
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.signing.drivers.sm2file import Sm2FileSigner, private_key_of
from socialins.testing.tokens.personal import personalise_pkcs11
from socialins.testing.tokens.samples import unit_key

RSA, P256, SM2 = Scheme
ROUNDS = 3
MESSAGE = bytes(1000)
CARD_PYTHON = ROOT / ".venv-signing" / "bin" / "python"

Work = Callable[[], Any]


def main() -> None:
    """Measure each driver in turns with its library."""
    figures: list[Figure] = []
    left_out: list[str] = []
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for title, works in (
            ("PKCS#12 file, RSA-2048", of_pkcs12(folder, RSA)),
            ("PKCS#12 file, P-256", of_pkcs12(folder, P256)),
            ("SM2 file", of_sm2(folder)),
        ):
            figures += told(title, works)
        lacking = figures_of_tokens(folder, figures)
        left_out += [lacking] if lacking else []
        lacking = figures_of_cards(figures)
        left_out += [lacking] if lacking else []
    remark = (
        f"A message of {len(MESSAGE):,} bytes; {ROUNDS} rounds in turns, the median. Each of our "
        "signatures is also checked against the certificate before it is given out."
    )
    tell("Signing", figures, " ".join([remark, *left_out]))


def told(title: str, works: dict[str, Work]) -> list[Figure]:
    """The figures of a driver and of its library: the first of the works is ours."""
    found = in_turns({name: a_second(work) for name, work in works.items()}, ROUNDS)
    return as_figures(title, found)


def as_figures(title: str, found: dict[str, float]) -> list[Figure]:
    """Rates and ratios; the first is ours."""
    ours, *others = found
    figures = [
        Figure(f"{title}: {name}", shown(rate), "a second", more=True)
        for name, rate in found.items()
    ]
    return figures + [
        Figure(f"{title}: {ours} ÷ {name}", shown(found[ours] / found[name]), "×", more=True)
        for name in others
    ]


def shown(figure: float) -> float:
    """A figure with two digits, or three."""
    return round(figure) if figure >= 100 else float(f"{figure:.2g}")


def a_second(work: Work, *, least: float = 0.3) -> Callable[[], float]:
    """Calls a second, over so many seconds at least."""

    def run() -> float:
        work()
        count, start = 0, time.perf_counter()
        while (taken := time.perf_counter() - start) < least:
            work()
            count += 1
        return count / taken

    return run


def of_pkcs12(folder: Path, scheme: Scheme) -> dict[str, Work]:
    """The driver, the library opening the file each time, and the library with the key kept."""
    place = folder / f"{scheme.value}.p12"
    place.write_bytes(unit_key(scheme).pkcs12(SECRET))
    how: tuple[Any, ...] = (ec.ECDSA(hashes.SHA256()),)
    if scheme is RSA:
        how = (padding.PKCS1v15(), hashes.SHA256())
    data = place.read_bytes()

    def opened() -> Any:
        return load_key_and_certificates(data, SECRET)[0]

    kept = opened()
    return {
        "driver": signing(Pkcs12Signer(place), scheme, MESSAGE),
        "cryptography, opened each time": lambda: opened().sign(MESSAGE, *how),
        "cryptography, key kept": lambda: kept.sign(MESSAGE, *how),
    }


def of_sm2(folder: Path) -> dict[str, Work]:
    """The same for an SM2 key, whose arithmetic is gmalg's."""
    from gmalg import SM2 as Sm2  # noqa: N811 - its name is that of our scheme

    key = unit_key(SM2)
    data = key.pkcs8(SECRET)
    (folder / "unit.key").write_bytes(data)
    (folder / "unit.cer").write_bytes(key.certificate.der)
    kept = Sm2(key.private, b"1234567812345678")

    def opened() -> Any:
        private = private_key_of(data, SECRET)
        assert private is not None  # noqa: S101 - for type checkers
        return Sm2(bytes(private), b"1234567812345678")

    return {
        "driver": signing(Sm2FileSigner(folder / "unit.key"), SM2, MESSAGE),
        "gmalg, opened each time": lambda: opened().sign(MESSAGE),
        "gmalg, key kept": lambda: kept.sign(MESSAGE),
    }


def figures_of_tokens(folder: Path, figures: list[Figure]) -> str:
    """Add what SoftHSM gives through PKCS#11; or say what is lacking."""
    stack = module_of_stack()
    module = stack.softhsm_module()
    if module is None:
        return "SoftHSM is not installed here, so that PKCS#11 was not measured."
    stack.softhsm_place(folder)
    for scheme, kind in ((RSA, "RSA-2048"), (P256, "P-256")):
        label = f"unit-{kind}"
        stack.softhsm_token(module, label, PIN, b"87654321")
        personalise_pkcs11(module, label, PIN, scheme)
        figures += told(f"PKCS#11, SoftHSM, {kind}", of_pkcs11(module, label, scheme))
    return ""


def of_pkcs11(module: Path, label: str, scheme: Scheme) -> dict[str, Work]:
    """The driver, the library logging in each time, and the library logged in."""
    import hashlib

    import pkcs11

    token = pkcs11.lib(str(module)).get_token(token_label=label)
    wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY}

    def sign(session: Any) -> Any:
        (key,) = session.get_objects(wanted)
        if scheme is RSA:
            return key.sign(MESSAGE, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
        digest = hashlib.sha256(MESSAGE).digest()
        return key.sign(digest, mechanism=pkcs11.Mechanism.ECDSA)

    def logged_in_each_time() -> None:
        with token.open(user_pin=PIN.decode()) as session:
            sign(session)

    signer = Pkcs11Signer(module)
    mine = next(one for one in signer.list_tokens() if one.label == label)

    return {
        "driver": guarded(signer, mine, scheme, MESSAGE, PIN),
        "python-pkcs11, logged in each time": logged_in_each_time,
    }


def figures_of_cards(figures: list[Figure]) -> str:
    """Add what cards give over PC/SC, in the environment that has them; or say what is lacking."""
    if not CARD_PYTHON.exists():
        return "`make test-signing` was not run here, so that no cards were measured."
    done = subprocess.run(
        [str(CARD_PYTHON), "-m", "benchmarks.measures.signing_cards"],
        cwd=ROOT,
        env={
            **os.environ,
            "SOCIALINS_CARDS": str(ROOT / ".venv-cards"),
            "PATH": os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin")),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return "The cards could not be measured here."
    for title, found in json.loads(done.stdout.splitlines()[-1]).items():
        figures += as_figures(title, found)
    return ""


if __name__ == "__main__":
    main()
