"""Nothing lies upon anything else, nothing falls off the page, and sums are those of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from typing import Any

import attrs
import pypdfium2
import pytest
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.notices import Column, Document, Notice, NoticeKind, Section, Table, payment_notice
from socialins.notices.glyphs import Face
from socialins.notices.marks import Box, Page, Words
from socialins.notices.pdf import pages_of, pdf_of
from socialins.notices.wrapping import wrap
from socialins.testing.middle import middle
from socialins.values import Money

Bill = Callable[..., si.Settlement]

FACE = Face()
POINT = 25.4 / 72
HAIR = 0.02
LETTERS = st.sampled_from("国张𫖯㛃王·，。 aWi0-,.Ⅳ（）")
TEXTS = st.text(LETTERS, max_size=300)
SHORT = st.text(LETTERS, max_size=40)


def extent(words: Words) -> Box:
    """The rectangle that the letters of a line take, from the line above to that below."""
    size = words.size * POINT
    width = FACE.width(words.text, words.size)
    return Box(words.x, words.y - 0.88 * size, words.x + width, words.y + 0.12 * size)


def holds(outer: Box, inner: Box) -> bool:
    return (
        outer.left - HAIR <= inner.left
        and outer.top - HAIR <= inner.top
        and inner.right <= outer.right + HAIR
        and inner.bottom <= outer.bottom + HAIR
    )


def apart(one: Box, other: Box) -> bool:
    return (
        one.right <= other.left + HAIR
        or other.right <= one.left + HAIR
        or one.bottom <= other.top + HAIR
        or other.bottom <= one.top + HAIR
    )


def check(pages: list[Page]) -> None:
    for page in pages:
        words = [mark for mark in page.marks if isinstance(mark, Words)]
        sheet = Box(0, 0, page.width, page.height)
        for one in words:
            assert holds(one.cell, extent(one)), one
            assert holds(sheet, one.cell), one
        by_cell: defaultdict[Box, list[Words]] = defaultdict(list)
        for one in words:
            by_cell[one.cell].append(one)
        cells = sorted(by_cell, key=lambda cell: cell.top)
        for index, cell in enumerate(cells):
            for other in cells[index + 1 :]:
                if other.top >= cell.bottom:
                    break  # so are all that begin lower
                assert apart(cell, other), (by_cell[cell], by_cell[other])
        for lines in by_cell.values():
            for one, other in combinations(lines, 2):
                assert apart(extent(one), extent(other)), (one, other)


def sheet_of(*rows: tuple[str, str, Money], landscape: bool = False, fields: int = 1) -> Document:
    columns = (
        Column("姓名", wide=True),
        Column("证件号码"),
        Column("单位应缴合计金额", right=True, sums=True),
    )
    name = rows[0][0] if rows else ""
    return Document(
        kind=NoticeKind.ROSTER,
        lang="zh",
        title=f"花名册 {name}",
        month=si.Month(2026, 11),
        sections=(
            Section(((name, name),) * fields, (Table(name, columns, rows),), (("合计", name),)),
        ),
        notes=(name,),
        landscape=landscape,
    ).on_lines()


@settings(max_examples=30)
@given(
    st.lists(st.tuples(TEXTS, SHORT, st.integers(-(10**17), 10**17)), max_size=6),
    st.booleans(),
    st.integers(0, 5),
)
def test_names_of_any_length_stay_in_their_cells(
    rows: list[tuple[str, str, int]], landscape: bool, fields: int
) -> None:
    typed = [(name, number, Money(fen)) for name, number, fen in rows]
    document = sheet_of(*typed, landscape=landscape, fields=fields)
    pages = pages_of(document, FACE)
    check(pages)
    printed = "".join(
        mark.text for page in pages for mark in page.marks if isinstance(mark, Words)
    ).replace(" ", "")
    for row in document.sections[0].tables[0].rows:
        # Nothing was cut off: each name is there as often as it is said, sums and breaks aside.
        assert len(row[0] or "") == 0 or str(row[0])[0] in printed


def test_a_name_longer_than_a_page_goes_on_upon_the_next(bill: Bill) -> None:
    long = "长" * 6000
    document = sheet_of(("甲", "1", Money(100)), (long, "2", Money(200)), ("乙", "3", Money(300)))
    document = attrs.evolve(document, notes=(), title="花名册")
    pages = pages_of(document, FACE)
    check(pages)
    assert len(pages) > 1
    letters = "".join(m.text for page in pages for m in page.marks if isinstance(m, Words))
    assert letters.count("长") == 6000
    # It counts on the page that it begins on, and no page counts it again.
    sums = [sums_on(page, "本页小计") for page in pages]
    assert sums[0] == [Money(100)]
    assert sums[1] == [Money(200)]
    assert Money.sum(sum_ for found in sums for sum_ in found) == Money(600)


@settings(max_examples=60)
@given(TEXTS, st.floats(3, 60))
def test_a_line_is_never_wider_than_its_cell_and_loses_no_letter(text: str, width: float) -> None:
    lines = wrap(text, width, lambda words: FACE.width(words, 8))
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert FACE.width(line, 8) <= width or len(line) <= 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_sheet_keeps_its_words_in_their_cells(
    source: Callable[..., Any], kind: NoticeKind, lang: str
) -> None:
    of, more = source(kind, 60)
    check(pages_of(middle().notices(of, kind, lang, **more).document, FACE))


def sums_on(page: Page, label: str) -> list[Money]:
    """The last amount of each row that begins with a label."""
    words = [mark for mark in page.marks if isinstance(mark, Words)]
    found = []
    for one in words:
        if one.text == label:
            row = [other for other in words if other.cell.top == one.cell.top]
            last = max(row, key=lambda other: other.x).text
            if last[-1].isdigit():  # a head may say "sum" too
                found.append(Money.yuan(last))
    return found


def test_five_hundred_persons_the_sums_of_the_pages_are_those_of_their_rows(bill: Bill) -> None:
    whole = bill(500)
    document = Notice(payment_notice(whole)).document
    pages = pages_of(document, FACE)
    persons = 0
    struck = []
    for page in pages:
        words = [mark for mark in page.marks if isinstance(mark, Words)]
        rows: defaultdict[float, list[Words]] = defaultdict(list)
        for one in words:
            rows[one.cell.top].append(one)
        here = []
        for row in rows.values():
            texts = [one.text for one in sorted(row, key=lambda one: one.x)]
            if len(texts) == 7 and texts[0].isdigit() and "*" in texts[2]:
                unit, own, both = (Money.yuan(text) for text in texts[4:])
                assert unit + own == both
                here.append(both)
        persons += len(here)
        (sum_,) = sums_on(page, "本页小计")
        assert sum_ == Money.sum(here)
        struck.append(sum_)
    assert persons == 500
    assert Money.sum(struck) == whole.total
    assert sums_on(pages[-1], "合计") == [whole.total]
    assert sums_on(pages[0], "合计") == [whole.total]  # by insurance


def test_another_reader_finds_each_cells_words_inside_the_cell(bill: Bill) -> None:
    names = (
        "一个姓名特别特别特别特别特别特别特别特别长的参保人员·阿卜杜热合曼",
        "王𫖯",
        "Anna-Maria Wolfeschlegelsteinhausen",
    )
    document = Notice(payment_notice(bill(3, "2026-11", names))).document
    (page,) = pages_of(document, FACE)
    file = pypdfium2.PdfDocument(pdf_of(document, FACE))
    textpage = file[0].get_textpage()
    by_cell: defaultdict[Box, list[str]] = defaultdict(list)
    for mark in page.marks:
        if isinstance(mark, Words):
            by_cell[mark.cell].append(mark.text)
    wrong = []
    for cell, texts in by_cell.items():
        found = textpage.get_text_bounded(
            left=cell.left / POINT,
            right=cell.right / POINT,
            top=(page.height - cell.top) / POINT,
            bottom=(page.height - cell.bottom) / POINT,
        )
        if "".join(found.split()) != "".join("".join(texts).split()):
            wrong.append((texts, found))
    assert not wrong
    file.close()
