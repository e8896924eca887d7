"""Imports: an application that only needs money must not pay for spreadsheets, nor for attrs."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import socialins as si

SOURCES = Path(si.__file__).parent
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join(
        filter(None, [str(SOURCES.parent), os.environ.get("PYTHONPATH", "")])
    ),
}

# Everything that `pip install socialins` brings, and every extra.
HEAVY = {"attr", "attrs", "cattr", "cattrs", "pluggy", "dateutil", "stdnum", "chinese_calendar"}
EXTRAS = {"PIL", "openpyxl", "defusedxml", "click", "rich", "hypothesis", "pytest"}


def loaded(code: str) -> set[str]:
    """The modules that a piece of code loads, in a Python of its own, beyond what starts it."""
    script = f"""
import json, sys
before = set(sys.modules)
{code}
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def tops(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_importing_the_library_loads_nothing_else_of_it_nor_of_others() -> None:
    modules = loaded("import socialins")
    assert not tops(modules) & (HEAVY | EXTRAS)
    assert {name for name in modules if name.startswith("socialins")} == {"socialins"}


def test_money_needs_no_more_than_values() -> None:
    modules = loaded("import socialins as si; si.Money.yuan('1.00'); si.Rate('8%'); si.Month")
    assert not tops(modules) & (HEAVY | EXTRAS) - {"attr", "attrs"}
    ours = {name for name in modules if name.startswith("socialins.")}
    assert all(name.startswith("socialins.values") for name in ours)


def test_settling_in_memory_needs_no_extra() -> None:
    code = """
import socialins as si
from socialins.testing.middle import middle
person = si.InsuredPerson("王一", si.IdDocument("passport", "E12345678"))
entry = si.RosterEntry(person, si.DeclaredWage(si.Money.yuan("5000")), injury_rate="0.2%")
bill = middle().settle(si.Roster("2026-11", [entry]))
assert bill.total > si.Money(0) and bill.contributions[0].explain() and bill.to_plain()
"""
    assert not tops(loaded(code)) & EXTRAS


def test_importing_testing_loads_no_hypothesis() -> None:
    assert not tops(loaded("import socialins.testing")) & (HEAVY | EXTRAS)
    assert not tops(loaded("import socialins.testing.registration")) & (HEAVY | EXTRAS)


@pytest.mark.parametrize("name", [name for name in si.__all__ if name != "__version__"])
def test_every_public_name_is_there_and_public_where_it_lives(name: str) -> None:
    value = getattr(si, name)
    assert value is not None
    home = importlib.import_module(value.__module__)
    assert getattr(home, name) is value
    assert name in home.__all__
    assert name in dir(si)


def test_the_list_of_public_names_is_complete_and_says_what_is_not_there() -> None:
    assert len(si.__all__) == len(set(si.__all__))
    assert set(si.__all__) <= set(dir(si))
    with pytest.raises(AttributeError, match="has no attribute 'Mony'"):
        si.Mony  # noqa: B018


def test_type_checkers_see_every_name_that_is_there_at_run_time() -> None:
    text = (SOURCES / "__init__.py").read_text("utf-8")
    block = text.partition("if TYPE_CHECKING:\n")[2].partition("\n_HOMES")[0]
    imported = set(re.findall(r"\b\w+\b", re.sub(r"from [\w.]+ import", "", block)))
    assert set(si.__all__) - {"__version__"} <= imported


def test_the_version_is_that_of_the_installed_distribution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "socialins-9.8.7.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: socialins\nVersion: 9.8.7\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert si.__version__ == "9.8.7"


REGIONS = r"北京|哈尔滨|福建|福州|厦门|黑龙江|beijing|harbin|fujian|fuzhou|xiamen|heilongjiang"


def test_no_file_of_the_core_names_a_region() -> None:
    files = [*SOURCES.rglob("*.py"), *SOURCES.rglob("*.toml"), *SOURCES.rglob("*.json")]
    found = [
        f"{file.relative_to(SOURCES)}:{number}: {line.strip()}"
        for file in sorted(files)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        if re.search(REGIONS, line, re.IGNORECASE)
    ]
    assert not found
    assert len(files) > 50


def test_every_package_can_be_the_first_to_be_imported() -> None:
    # A circle of imports shows only to whoever comes in at the wrong door.
    packages = sorted(
        path.parent.relative_to(SOURCES.parent).as_posix().replace("/", ".")
        for path in SOURCES.rglob("__init__.py")
        if "cli" not in path.parts
    )
    for package in packages:
        loaded(f"import {package}")
