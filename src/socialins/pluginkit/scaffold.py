"""A new plugin: a distribution with commented rule files that loads before it has any figure."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from socialins.faults import Fault, FaultError
from socialins.model.insurance import is_id
from socialins.rules import COUNTRY, is_division

__all__ = ["new_plugin"]

_SUFFIX = ".tmpl"


def new_plugin(
    slug: str,
    division: str,
    *,
    name_zh: str = "",
    name_en: str = "",
    folder: str | Path = ".",
) -> tuple[Path, ...]:
    """Make a plugin for a division (新建插件).

    It can be installed, loads and passes its own test as it is; its rule files hold comments where
    figures belong.

    Arguments:
        slug: the name that code uses: lower-case words joined by hyphens.
        division: the GB/T 2260 code, six digits.
        name_zh: the Chinese name; the English one if left out.
        name_en: the English name; made of the slug if left out.
        folder: where its folder ``socialins-<slug>`` is made.

    Returns:
        The files that were written, the folder's own first.

    Raises:
        FaultError: if slug or division can't be used, or the folder has something in it already.
    """
    if not is_id(slug):
        raise FaultError(Fault("plugin.slug", {"slug": slug}))
    if not is_division(division) or division == COUNTRY:
        raise FaultError(Fault("plugin.division", {"division": division}))
    target = Path(folder) / f"socialins-{slug}"
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FaultError(Fault("plugin.exists", {"path": str(target)}))
    english = _plain(name_en) or slug.replace("-", " ").title()
    values = {
        "slug": slug,
        "package": f"socialins_{slug.replace('-', '_')}",
        "classname": "".join(word.capitalize() for word in slug.split("-")),
        "division": division,
        "zh": _plain(name_zh) or english,
        "en": english,
    }
    written = []
    for name, text in _templates(files(__package__).joinpath("templates")):
        path = target / name.replace("PACKAGE", values["package"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(values), encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(sorted(written, key=lambda path: (len(path.parts), path)))


def _plain(name: str) -> str:
    """A name on one line that can stand between quotes in TOML and Python."""
    return " ".join(name.replace("\\", " ").replace('"', "'").split())


def _templates(folder: Traversable) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            for name, text in _templates(entry):
                yield f"{entry.name}/{name}", text
        elif entry.name.endswith(_SUFFIX):
            yield entry.name.removesuffix(_SUFFIX), entry.read_text(encoding="utf-8")
