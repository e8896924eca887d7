"""Pictures made by the tests themselves, people made up, and the systems of the manuals."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from socialins.facade import Region
from socialins.model import InsuredPerson
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import build_rule_books, read_rule_folder
from socialins.testing.roundtrip import example_person

SYSTEMS = Path(__file__).parent / "systems"


def portrait(
    size: tuple[int, int] = (358, 441),
    background: tuple[int, ...] = (255, 255, 255),
    mode: str = "RGB",
    *,
    noise: int = 0,
) -> Image.Image:
    """Somebody with a head and shoulders before a background; `noise` makes it hard to compress."""
    width, height = size
    picture = Image.new("RGB", size, background[:3])
    draw = ImageDraw.Draw(picture)
    shoulders = (width * 0.1, height * 0.7, width * 0.9, height * 1.3)
    draw.ellipse(shoulders, fill=(40, 60, 90))
    draw.ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.75), fill=(220, 180, 150))
    if noise:
        speckles = Image.effect_noise(size, noise).convert("L")
        middle = (int(width * 0.2), int(height * 0.4), int(width * 0.8), height)
        picture.paste(speckles.crop(middle).convert("RGB"), middle[:2])
    return picture if mode == "RGB" else picture.convert(mode)


def saved(picture: Image.Image, kind: str = "jpeg", **how: Any) -> bytes:
    """A picture as the bytes of a file."""
    out = io.BytesIO()
    if kind == "jpeg" and "quality" not in how:
        how["quality"] = 85
    picture.save(out, kind, **how)
    return out.getvalue()


@cache
def systems() -> Registry:
    """The national rules, and a fictional division for each system of the manuals."""
    national = read_rule_folder(files("socialins_national") / "rules")
    plugins = [LoadedPlugin("national", books=build_rule_books(national))]
    for name, file in read_rule_folder(SYSTEMS).items():
        plugins.append(LoadedPlugin(name, books=build_rule_books({name: file})))
    return Registry(tuple(plugins), HookManager())


@pytest.fixture(scope="session", name="system")
def system_fixture() -> Callable[[str], Region]:
    """The region of a row's system, such as ``"s24"``."""
    return lambda slug: Region(systems().book(slug), systems())


@pytest.fixture(scope="session", name="portrait")
def portrait_fixture() -> Callable[..., Image.Image]:
    """Makes portraits."""
    return portrait


@pytest.fixture(scope="session", name="saved")
def saved_fixture() -> Callable[..., bytes]:
    """Makes files of pictures."""
    return saved


@pytest.fixture(scope="session")
def person() -> InsuredPerson:
    """Somebody made up."""
    return example_person(1)
