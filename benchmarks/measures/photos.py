"""Photographs for cards: 1 000 of them checked, and fixed, beside bare Pillow doing as much."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Iterator

from PIL import Image, ImageDraw, ImageFilter

from benchmarks.measures import Figure, tell
from benchmarks.worker import forget_peak, peak_memory
from socialins.attachments import check, fix
from socialins.rules.attachment import AttachmentRule
from socialins.testing.middle import middle
from socialins.testing.roundtrip import example_person

PHOTOS = 1_000
MADE = 20
"""Different pictures; each stands for as many as are needed."""

CAMERA = (1200, 1600)
SIZE = (358, 441)
QUALITY = 80
DPI = 350
PERSON = example_person(0)


def main() -> None:
    """Measure checking photographs of the wanted size, and fixing those of a camera."""
    rule = middle().photo_rule("card-photo")
    camera = [_portrait(number, CAMERA) for number in range(MADE)]
    right = [fix(data, rule, person=PERSON).data for data in camera]
    seconds = {
        "checked": _timed(lambda: _check(right, rule)),
        "decoded": _timed(lambda: _decode(right)),
        "fixed": _timed(lambda: _fix(camera, rule)),
        "converted": _timed(lambda: _convert(camera)),
    }
    forget_peak()
    _fix(camera, rule)
    peak = peak_memory()
    figures = [
        Figure(f"{PHOTOS:,} photographs checked", round(seconds["checked"], 2), "s"),
        Figure("bare Pillow decoding them", round(seconds["decoded"], 2), "s"),
        Figure("checking ÷ decoding", round(seconds["checked"] / seconds["decoded"], 2), "×"),
        Figure(f"{PHOTOS:,} camera pictures fixed", round(seconds["fixed"], 2), "s"),
        Figure("bare Pillow: open, crop, resize, save", round(seconds["converted"], 2), "s"),
        Figure("fixing ÷ bare Pillow", round(seconds["fixed"] / seconds["converted"], 2), "×"),
        Figure("peak memory of the process while fixing", round(peak / 2**20), "MB"),
    ]
    width, height = CAMERA
    remark = f"Camera pictures of {width}×{height} pixels, made up; one process, one core."
    tell("Photographs for cards", figures, remark)


def _check(pictures: list[bytes], rule: AttachmentRule) -> None:
    name = rule.pattern.format(id_number=PERSON.document.number, name=PERSON.name)
    for data in _many(pictures):
        if not check(data, rule, name=name, person=PERSON).ok:
            raise AssertionError("a photograph that conforms was refused")


def _decode(pictures: list[bytes]) -> None:
    for data in _many(pictures):
        Image.open(io.BytesIO(data)).load()


def _fix(pictures: list[bytes], rule: AttachmentRule) -> None:
    for data in _many(pictures):
        if not fix(data, rule, person=PERSON).report.ok:
            raise AssertionError("a copy does not conform")


def _convert(pictures: list[bytes]) -> None:
    for data in _many(pictures):
        _bare(data)


def _many(pictures: list[bytes]) -> Iterator[bytes]:
    return (pictures[number % len(pictures)] for number in range(PHOTOS))


def _bare(data: bytes) -> bytes:
    """What a script does: open, cut to the shape, resize, save with one quality."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = picture.size
    high = width * SIZE[1] // SIZE[0]
    shaped = picture.crop((0, 0, width, min(height, high))).resize(SIZE, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    shaped.save(out, "jpeg", quality=QUALITY, dpi=(DPI, DPI), optimize=True)
    return out.getvalue()


def _timed(work: Callable[[], None]) -> float:
    """The better of two runs, in seconds."""
    runs = []
    for _ in range(2):
        begin = time.perf_counter()
        work()
        runs.append(time.perf_counter() - begin)
    return min(runs)


def _portrait(number: int, size: tuple[int, int]) -> bytes:
    """Somebody before a white wall, with as much detail as a camera would see."""
    rng = random.Random(number)  # noqa: S311
    width, height = size
    picture = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((width * 0.1, height * 0.62, width * 0.9, height * 1.2), fill=(40, 60, 90))
    face = (width * 0.32, height * 0.18, width * 0.68, height * 0.62)
    draw.ellipse(face, fill=(220, 180, 150 + number))
    for _ in range(3000):
        left, top = rng.uniform(0.33, 0.67) * width, rng.uniform(0.25, 0.95) * height
        tone = rng.randrange(30, 220)
        draw.ellipse((left, top, left + 9, top + 9), fill=(tone, tone * 4 // 5, tone * 2 // 3))
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(2)).save(out, "jpeg", quality=92)
    return out.getvalue()


if __name__ == "__main__":
    main()
