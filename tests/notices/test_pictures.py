"""The sheets look as they did: the first page of each, compared with a picture that was looked at.

After a change that is meant, `SOCIALINS_PICTURES=write` draws the pictures anew; look at them
before they are kept. Pages are drawn small and grey, and a pixel may differ a little: letters are
smoothed differently from one drawer of PDF to the next.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops

from socialins.notices import NoticeKind
from socialins.testing.middle import middle

PICTURES = Path(__file__).parent / "pictures"
SCALE = 0.75
"""Pixels a point: 54 to the inch."""
NOISE = 48
"""Steps of grey, of 255, by which a smoothed edge may differ."""
SHARE = 0.002
"""Pixels that may differ by more: two of a thousand, fewer than a line of text has."""

CASES = [(kind, "zh") for kind in NoticeKind] + [(NoticeKind.PAYMENT_NOTICE, "en")]


def drawn(made: bytes) -> Image.Image:
    file = pypdfium2.PdfDocument(made)
    image: Image.Image = file[0].render(scale=SCALE, grayscale=True).to_pil().convert("L")
    file.close()
    return image


def differing(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ by more than noise."""
    counts = ImageChops.difference(one, other).histogram()
    return sum(counts[NOISE + 1 :]) / (one.width * one.height)


@pytest.mark.parametrize(("kind", "lang"), CASES, ids=str)
def test_the_first_page_looks_as_it_did(
    source: Callable[..., Any], kind: NoticeKind, lang: str
) -> None:
    of, more = source(kind, 40)
    made = middle().notices(of, kind, lang, day=date(2026, 11, 20), **more).to_pdf()
    image = drawn(made)
    path = PICTURES / f"{kind.value}-{lang}.png"
    if os.environ.get("SOCIALINS_PICTURES") == "write":
        PICTURES.mkdir(exist_ok=True)
        image.quantize(16).save(path, optimize=True)
    with Image.open(path) as file:
        kept = file.convert("L")
    assert image.size == kept.size
    assert differing(image, kept) <= SHARE


def test_a_picture_with_one_figure_changed_is_noticed(source: Callable[..., Any]) -> None:
    of, more = source(NoticeKind.PAYMENT_NOTICE, 40)
    other, _ = source(NoticeKind.PAYMENT_NOTICE, 39)
    pages = [
        drawn(middle().notices(one, "payment-notice", day=date(2026, 11, 20), **more).to_pdf())
        for one in (of, other)
    ]
    assert differing(*pages) > SHARE
