"""Where the parts of a plugin lie that is not installed: its package, its rules."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import attrs

from socialins.faults import Fault, Place
from socialins.plugins import GROUP

__all__ = ["Places", "find_places"]


@attrs.frozen
class Places:
    """The parts of a plugin.

    Arguments:
        name: how it is called: its entry point, or its folder.
        rules: the folder of its rule files, which may be missing.
        package: the folder of its package, if it is known.
        distribution: the name of its distribution; empty if that is not known.
        faults: why it would not be found once installed.
    """

    name: str
    rules: Path
    package: Path | None = None
    distribution: str = ""
    faults: tuple[Fault, ...] = ()


def find_places(path: Path) -> Places:
    """Find the parts of a plugin.

    Arguments:
        path: the folder of the distribution, of the package, or of the rule files.
    """
    project = path / "pyproject.toml"
    if project.is_file():
        return _of_project(path, project)
    if (path / "rules").is_dir():
        return Places(path.name, path / "rules", path)
    return Places(path.name, path)


def _of_project(path: Path, project: Path) -> Places:
    try:
        table: dict[str, Any] = tomllib.loads(project.read_text(encoding="utf-8"))
        about = table["project"]
        name = str(about["name"])
        points = dict(about.get("entry-points", {}).get(GROUP, {}))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
        return _unfound(path, project, "project", problem)
    found = []
    for point, module in points.items():
        folder = Path(*str(module).partition(":")[0].split("."))
        for package in (path / "src" / folder, path / folder):
            if (package / "__init__.py").is_file():
                found.append(Places(point, package / "rules", package, name))
                break
    if found:
        return found[0]
    field = f"project.entry-points.{GROUP}"
    problem = "no package" if not points else f"no package {', '.join(map(str, points.values()))}"
    return _unfound(path, project, field, problem, name)


def _unfound(path: Path, project: Path, field: str, problem: str, name: str = "") -> Places:
    """The first rules there are, with the reason why they would not be found once installed."""
    fault = Fault("plugin.entry-point", {"problem": problem}, Place(file=str(project), field=field))
    rules = next(iter(sorted(path.glob("**/rules"))), path / "rules")
    return Places(name or path.name, rules, rules.parent, name, (fault,))
