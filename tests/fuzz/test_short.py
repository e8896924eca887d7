"""The readers of others' files, given changed files for seconds: a short form of `make fuzz`.

The changes are the same on every run; keys and certificates are made anew each time.
"""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest

from socialins.faults import Fault, FaultError

for module in (
    "asn1crypto",
    "cryptography",
    "gmalg",
    "fpdf",
    "openpyxl",
    "PIL",
    "pyarrow",
    "pyhanko",
    "pypdf",
    "python_calamine",
    "xlwt",
):
    pytest.importorskip(module, reason="an extra is not installed")

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(str(Path(__file__).parents[2]))
    # Scripts of tools/, which are in no distribution.
    from tools.fuzz.child import Fuzzer, blind
    from tools.fuzz.judge import Bounds, judge
    from tools.fuzz.shrink import shrink
    from tools.fuzz.targets import TARGETS, Target

SLOW = {".xlsx": 3, ".p7s": 4, ".cer": 8, ".crl": 8, ".pdf": 8, ".asice": 8}
"""How many changes there is time for where reading takes long; elsewhere twenty."""


@pytest.mark.parametrize("name", TARGETS)
def test_any_changed_file_is_a_value_or_a_fault(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    samples = target.samples()
    if target.suffix == ".xlsx":
        samples = samples[:2]
    fuzzer = Fuzzer(target, tmp_path, kept=None)
    most = len(samples) + SLOW.get(target.suffix, 20)
    blind(fuzzer, samples, Random(7), until=lambda: fuzzer.inputs >= most)
    assert fuzzer.found == {}
    assert fuzzer.inputs == most


@pytest.mark.parametrize("name", TARGETS)
def test_a_sample_is_sound_so_that_changes_to_it_reach_far(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    first = target.samples()[0]
    (tmp_path / f"input{target.suffix}").write_bytes(first)
    try:
        errors = [one for one in target.read(tmp_path / f"input{target.suffix}") if one.is_error]
    except FaultError as error:
        errors = [error.fault]
    accepted = {
        # A portrait that has to be made smaller; and a rule file is no form.
        "picture": {"attachment.dpi", "attachment.pixels", "attachment.name.pattern"},
        "rules": {"form.invalid", "rules.invalid"},
        "certificate": {"signing.key-untrusted", "signing.key-chain"},
    }
    assert {one.code for one in errors} <= accepted.get(name, set())


# What the judge must not overlook.


def reading(work: Callable[[Path], Any]) -> Target:
    def read(path: Path) -> Iterator[Fault]:
        work(path)
        yield from ()

    return attrs.evolve(TARGETS["unit"], read=read)


def _warn(_path: Path) -> None:
    warnings.warn("something", stacklevel=1)


def _hold(_path: Path) -> None:
    assert len(bytearray(150_000_000)) > 0


def _raise(code: str, **values: str) -> None:
    raise FaultError(Fault(code, values))


@pytest.mark.parametrize(
    ("work", "kind"),
    [
        (lambda path: {}[path], "KeyError"),
        (_warn, "UserWarning"),
        (lambda _: os.write(2, b"a library in C says something"), "said"),
        (lambda _: _raise("no.such.code"), "KeyError"),
        (lambda _: _raise("form.file.damaged", reason="x" * 10_000), None),
        (lambda _: _raise("form.file.damaged", reason="\x1b[31m"), None),
    ],
    ids=range(6),
)
def test_the_judge_finds_what_must_not_happen(
    work: Callable[[Path], Any], kind: str | None, tmp_path: Path
) -> None:
    found = judge(reading(work), b"", tmp_path)
    assert (found.kind if found else None) == kind or (found and found.kind.startswith(str(kind)))


@pytest.mark.skipif(not hasattr(__import__("signal"), "setitimer"), reason="Windows has no timers")
def test_the_judge_finds_what_takes_too_long_or_too_much(tmp_path: Path) -> None:
    def spin(_path: Path) -> None:
        begun = time.process_time()
        while time.process_time() < begun + 60:
            pass

    found = judge(reading(spin), b"", tmp_path, Bounds(seconds=0.2))
    assert found is not None
    assert found.kind.startswith("slow")
    found = judge(reading(_hold), b"", tmp_path, Bounds(megabytes=50))
    assert found is None or found.kind.startswith("memory")


def test_a_finding_is_kept_once_and_made_small(tmp_path: Path) -> None:
    def read(path: Path) -> None:
        if b"bad" in path.read_bytes():
            raise ZeroDivisionError

    fuzzer = Fuzzer(reading(read), tmp_path, kept=tmp_path)
    for data in (b"good", b"a very bad file", b"another bad file"):
        fuzzer.try_one(data)
    assert list(fuzzer.found) == ["ZeroDivisionError"]
    assert (tmp_path / "ZeroDivisionError.toml").read_bytes() == b"bad"


def test_an_archive_is_made_small_part_by_part() -> None:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("one", b"a" * 500 + b"needle" + b"b" * 500)
        archive.writestr("two", b"c" * 500)

    def shows(data: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return any(b"needle" in archive.read(name) for name in archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return False

    small = shrink(out.getvalue(), shows, seconds=20)
    with zipfile.ZipFile(io.BytesIO(small)) as archive:
        assert [archive.read(name) for name in archive.namelist()] == [b"needle"]
