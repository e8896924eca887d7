"""Registration: importing Hypothesis must stay cheap, and `st.from_type` must know our types.

Each test runs a Python of its own, in which the library is installed as a wheel would be.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import socialins

SOURCES = Path(socialins.__file__).parents[1]


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """An environment in which Hypothesis finds the library's entry point, and no other's."""
    info = tmp_path / "socialins-0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: socialins\nVersion: 0.0\n")
    (info / "entry_points.txt").write_text(
        "[hypothesis]\nsocialins = socialins.testing.registration:register\n"
    )
    paths = [str(tmp_path), str(SOURCES), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def run(code: str, environment: dict[str, str], *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", *options, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_hypothesis_loads_next_to_nothing_of_the_library(
    installed: dict[str, str],
) -> None:
    code = """
import sys
before = set(sys.modules)
import hypothesis
loaded = set(sys.modules) - before
print(*sorted(name for name in loaded if name.split(".")[0] in ("socialins", "attr", "attrs")))
"""
    loaded = run(code, installed).split()
    assert loaded == ["socialins", "socialins.testing", "socialins.testing.registration"]


@pytest.mark.parametrize("first", ["hypothesis", "socialins.model"])
def test_types_are_known_whichever_is_imported_first(first: str, installed: dict[str, str]) -> None:
    code = f"""
import sys, {first}
from hypothesis import given, settings, strategies as st
import socialins as si

@settings(max_examples=5, derandomize=True, database=None)
@given(...)
def drawn(roster: si.Roster, money: si.Money, code: si.CreditCode, month: si.Month):
    assert isinstance(roster, si.Roster) and isinstance(money, si.Money)
    assert isinstance(code, si.CreditCode) and isinstance(month, si.Month)

drawn()
print([type(finder).__name__ for finder in sys.meta_path].count("_Waiting"))
"""
    assert run(code, installed) == "0", "a finder that has done its work is gone"


def test_a_registered_package_keeps_its_own_loader_and_files(installed: dict[str, str]) -> None:
    code = """
import hypothesis, inspect
from importlib.resources import files
import socialins.model, socialins.values
for package in (socialins.model, socialins.values):
    assert type(package.__loader__).__name__ == "SourceFileLoader", package.__loader__
    assert package.__spec__.loader is package.__loader__
    assert inspect.getsource(package)
    assert files(package).joinpath("__init__.py").is_file()
"""
    run(code, installed)


def test_registering_again_changes_nothing(installed: dict[str, str]) -> None:
    code = """
import sys, hypothesis
from socialins.testing.registration import register
before = len(sys.meta_path)
register(); register()
assert len(sys.meta_path) == before
import socialins.values
from hypothesis import strategies as st
register()
print(st.from_type(socialins.values.Money).map(type))
"""
    assert "Money" in run(code, installed)


def test_testing_without_hypothesis_says_how_to_get_it(installed: dict[str, str]) -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
import socialins.testing
from socialins.faults import MissingExtra
try:
    from socialins.testing import strategies
except MissingExtra as error:
    print(error)
"""
    assert "pip install 'socialins[testing]'" in run(code, installed)
