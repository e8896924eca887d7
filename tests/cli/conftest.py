"""The command as a user has it, with the fictional region installed and no other."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, distributions
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner
from stdnum.cn.ric import calc_check_digit

from socialins import plugins
from socialins.cli.app import app

SOURCES = Path(__file__).parents[2] / "src"

_MIDDLE = """\
from importlib.resources import files


def socialins_rule_folders():
    return [files("socialins.testing.middle") / "rules"]
"""


def install(folder: Path, distribution: str, version: str, module: str) -> None:
    """Put a distribution with an entry point of the group `socialins` into a folder."""
    info = folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n", encoding="utf-8"
    )
    name = module.removeprefix("socialins_")
    (info / "entry_points.txt").write_text(f"[socialins]\n{name} = {module}\n", encoding="utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `site-packages` is one: the fictional region, and a plugin that is broken."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "socialins_middle").mkdir()
    (folder / "socialins_middle" / "__init__.py").write_text(_MIDDLE, encoding="utf-8")
    for name in ("forms", "exports"):
        data = SOURCES / "socialins" / "testing" / "middle" / name
        shutil.copytree(data, folder / "socialins_middle" / name)
    install(folder, "socialins-middle", "1.2", "socialins_middle")
    (folder / "socialins_broken.py").write_text("raise OSError('no licence')\n", encoding="utf-8")
    install(folder, "socialins-broken", "0.3", "socialins_broken")
    return folder


@pytest.fixture
def only_middle(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process finds the plugins of `site` and none that happen to be installed."""
    monkeypatch.syspath_prepend(str(site))

    def found(group: str) -> list[EntryPoint]:
        points = [point for one in distributions(path=[str(site)]) for point in one.entry_points]
        return [point for point in points if point.group == group]

    monkeypatch.setattr(plugins, "entry_points", found)
    plugins.reload()
    yield
    plugins.installed.cache_clear()


@attrs.frozen
class Run:
    """What a call of the command gave."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as the one object that it must be."""
        return json.loads(self.out)


Call = Callable[..., Run]


@pytest.fixture
def call(only_middle: None, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Calls the command in this process; English, unless the call says otherwise."""
    for name in ("COLUMNS", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, env: dict[str, str] | None = None, typed: str | None = None) -> Run:
        texts = [str(argument) for argument in arguments]
        result = CliRunner().invoke(
            app,
            texts,
            input=typed,
            prog_name="socialins",
            env={"SOCIALINS_LANG": "en", **(env or {})},
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def shell(site: Path) -> Call:
    """Calls the command in a process of its own, as a shell does."""

    def run(*arguments: object, env: dict[str, str] | None = None, code: str = "") -> Run:
        code = code or "from socialins.cli import main; main()"
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"COLUMNS", "FORCE_COLOR", "NO_COLOR"}
        }
        environment |= {
            "PYTHONPATH": os.pathsep.join((str(SOURCES), str(site))),
            "PYTHONUTF8": "1",
            "SOCIALINS_LANG": "en",
            **(env or {}),
        }
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code, *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            check=False,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def number() -> Callable[[int], str]:
    """Makes resident identity numbers, with their check characters."""

    def make(sequence: int) -> str:
        digits = f"11010519900307{sequence:03}"
        return digits + calc_check_digit(f"{digits}0")

    return make


@pytest.fixture
def roster(tmp_path: Path) -> Callable[..., Path]:
    """Writes a roster; each row is its cells."""
    numbers = count(1)

    def write(*rows: tuple[str, ...], heading: str = "姓名,证件号码,申报工资") -> Path:
        path = tmp_path / f"roster-{next(numbers)}.csv"
        lines = [",".join(row) for row in rows]
        path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
        return path

    return write
