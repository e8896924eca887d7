"""What is printed is what the data says: every word can be copied out of the PDF again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from socialins.notices import Notice, NoticeKind
from socialins.testing.middle import middle

Read = Callable[[bytes], list[str]]
DAY = date(2026, 11, 20)


def printed(source: Callable[..., Any], kind: NoticeKind, lang: str, count: int = 3) -> Notice:
    of, more = source(kind, count)
    return middle().notices(of, kind, lang, day=DAY, **more)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_word_of_every_sheet_is_in_its_pdf_in_the_order_of_reading(
    source: Callable[..., Any],
    said: Callable[..., list[str]],
    read: Read,
    kind: NoticeKind,
    lang: str,
) -> None:
    notice = printed(source, kind, lang)
    text = "".join(read(notice.to_pdf()))
    place = 0
    for word in said(notice.document):
        found = text.find(word, place)
        assert found >= 0, f"{word!r} is not behind {text[max(0, place - 40) : place]!r}"
        place = found + 1


def test_a_long_sheet_repeats_heads_and_counts_its_pages(
    source: Callable[..., Any], read: Read
) -> None:
    pages = read(printed(source, NoticeKind.PAYMENT_NOTICE, "zh", 120).to_pdf())
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"第{number}页共{len(pages)}页" in page
        assert "证件号码申报工资单位应缴个人应缴合计" in page


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_no_letter_is_borrowed_from_the_readers_machine(
    source: Callable[..., Any], kind: NoticeKind
) -> None:
    fonts = {}
    for page in PdfReader(BytesIO(printed(source, kind, "zh").to_pdf())).pages:
        width, height = sorted((float(page.mediabox.width), float(page.mediabox.height)))
        assert (round(width), round(height)) == (595, 842)  # A4
        for font in page["/Resources"]["/Font"].values():
            outer = font.get_object()
            inner = outer["/DescendantFonts"][0].get_object()
            fonts[outer["/BaseFont"]] = "/FontFile2" in inner["/FontDescriptor"].get_object()
    assert fonts
    assert all(fonts.values())
    assert all("+" in name for name in fonts), (
        "a font that is not cut down has thirty thousand glyphs"
    )


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_printed_twice_it_is_the_same_file_and_dated_as_the_sheet_is(
    source: Callable[..., Any], kind: NoticeKind
) -> None:
    made = printed(source, kind, "zh").to_pdf()
    assert made == printed(source, kind, "zh").to_pdf()
    info = PdfReader(BytesIO(made)).metadata
    assert info is not None
    assert info.creation_date is not None
    assert info.creation_date.date() == DAY


def test_a_sheet_without_a_day_never_takes_the_clocks(source: Callable[..., Any]) -> None:
    of, more = source(NoticeKind.PAYMENT_NOTICE)
    made = middle().notices(of, "payment-notice", **more).to_pdf()
    info = PdfReader(BytesIO(made)).metadata
    assert info is not None
    assert info.creation_date is not None
    assert info.creation_date.date() == date(2026, 11, 1)


@pytest.mark.parametrize(
    "kind", [one for one in NoticeKind if one not in (NoticeKind.CERTIFICATE, NoticeKind.PLAN)]
)
def test_identity_numbers_are_masked_unless_they_are_asked_for(
    source: Callable[..., Any],
    said: Callable[..., list[str]],
    roster: Callable[..., Any],
    kind: NoticeKind,
) -> None:
    of, more = source(kind)
    number = roster(3).entries[2].person.document.number
    masked = "".join(said(middle().notices(of, kind, **more).document))
    whole = "".join(said(middle().notices(of, kind, masked=False, **more).document))
    assert number not in masked
    assert number[:3] + "*" * 11 + number[-4:] in masked
    assert number in whole
    assert "*" not in whole


def test_every_sheet_says_that_it_is_the_units_own(source: Callable[..., Any], read: Read) -> None:
    for kind in NoticeKind:
        notice = printed(source, kind, "zh")
        assert "不是经办机构或税务机关的表单" in "".join(read(notice.to_pdf()))
