"""The tutorial works from its page alone, in an empty folder: nobody is sent astray by it.

Its commands run one after the other, in processes of their own. In place of `pip install`, which
would need a network, the folder of a distribution's record is written as pip writes it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from socialins.testing.conformance import RegionConformance

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "tutorial-region.md").read_text("utf-8")
FENCE = re.compile(r"^```(?P<language>[\w-]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"`(?P<name>[\w./-]+\.(?:toml|csv))`:\s*\Z")


def steps() -> Iterator[tuple[str, str]]:
    """What the page has a reader do, in order: (file, text) to write, ("$", command) to run."""
    for match in FENCE.finditer(PAGE):
        if match["language"] in ("TOML", "csv"):
            named = NAMED.search(PAGE[: match.start()])
            assert named is not None, f"which file is this?\n{match['body'][:80]}"
            yield named["name"], match["body"]
        elif match["language"] == "sh":
            for line in match["body"].splitlines():
                yield "$", line


class Reader:
    """Somebody who does what the page says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        self.site = folder / "site"
        self.site.mkdir()
        self.path = [str(self.site), str(ROOT / "src")]
        self.ran: list[tuple[str, subprocess.CompletedProcess[str]]] = []

    def install(self) -> None:
        """What `pip install -e .` leaves behind: a record with the entry point, and the path."""
        info = self.site / "socialins_tianjin-0.1.0.dist-info"
        info.mkdir()
        project = (self.folder / "pyproject.toml").read_text("utf-8")
        about = "Metadata-Version: 2.1\nName: socialins-tianjin\nVersion: 0.1.0\n"
        (info / "METADATA").write_text(about, "utf-8")
        points = re.search(r"^\[project\.entry-points\.socialins\]\n(.+)$", project, re.MULTILINE)
        assert points is not None
        point = points[1].replace('"', "")
        (info / "entry_points.txt").write_text(f"[socialins]\n{point}\n", "utf-8")
        self.path.append(str(self.folder / "src"))

    def do(self, command: str) -> None:
        words = shlex.split(command)
        given = {}
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            given[name] = value
        if words[0] == "cd":
            self.folder /= words[1]
            return
        if words[0] == "pip":
            assert words == ["pip", "install", "-e", ".[test]"]
            self.install()
            return
        module = {"socialins": ["socialins"], "pytest": ["pytest", "-p", "no:cacheprovider"]}
        environment = {**os.environ, **given, "PYTHONPATH": os.pathsep.join(self.path)}
        environment |= {"PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "SOCIALINS_LANG": "en"}
        environment.pop("PYTEST_ADDOPTS", None)
        environment["COLUMNS"] = "140"
        done = subprocess.run(
            [sys.executable, "-m", *module[words[0]], *words[1:]],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        self.ran.append((command, done))
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

    def output(self, start: str) -> str:
        """The output of the last command that begins so."""
        return next(done.stdout for command, done in self.ran[::-1] if command.startswith(start))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    made = Reader(tmp_path_factory.mktemp("tutorial"))
    for name, text in steps():
        if name == "$":
            made.do(text)
        else:
            path = made.folder / name
            known = path.exists() or path.parent == made.folder
            assert known, f"the page has a file replaced that is not there: {name}"
            path.write_text(text, "utf-8")
    return made


def test_every_command_of_the_page_does_what_it_should(reader: Reader) -> None:
    commands = [command for command, _ in reader.ran]
    assert sum(command.endswith("pytest") for command in commands) == 3
    assert commands[0].startswith("socialins plugin new")
    assert find_spec("socialins_tianjin") is None, "the reader's plugin is nobody else's"


def test_the_finished_plugin_has_the_one_warning_that_the_page_speaks_of(reader: Reader) -> None:
    reader.do("socialins plugin check . --today 2026-11-22 --json")
    found = json.loads(reader.output("socialins plugin check"))
    assert found["errors"] == []
    (warning,) = found["warnings"]
    assert warning["code"] == "plugin.stale"
    assert warning["file"].endswith("windows.toml")


def test_the_amounts_of_the_page_are_those_that_come_out(reader: Reader) -> None:
    golden = json.loads((reader.folder / "tests" / "golden.json").read_text("utf-8"))
    assert {"2026-01", "2026-03", "2026-09"} <= golden.keys()
    shown = reader.output("socialins settle")
    for amount in ("1,600.00", "800.00", "1,050.00", "222.00"):
        assert amount in shown, f"{amount} is not in\n{shown}"


def test_no_python_was_written(reader: Reader) -> None:
    assert not [name for name, _ in steps() if name.endswith(".py")]


def test_the_suite_ran_all_of_its_tests_at_the_end(reader: Reader) -> None:
    tests = [name for name in vars(RegionConformance) if name.startswith("test")]
    summary = reader.output("pytest").splitlines()[-1]
    assert f" {len(tests)} passed in " in summary, summary
