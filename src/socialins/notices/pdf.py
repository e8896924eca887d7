"""PDF: pages of marks as a file, with the letters in it and the same bytes each time.

This module imports fpdf2, fontTools and segno; it is loaded when the first PDF is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import segno
from fpdf import FPDF

from socialins.notices.cutting import cut
from socialins.notices.digest import code_of
from socialins.notices.document import Document
from socialins.notices.glyphs import Face
from socialins.notices.layout import lay_out
from socialins.notices.marks import Fill, Mark, Page, Picture, Rule, Words

__all__ = ["page_of", "pages_of", "pdf_of"]

_GREY = 232
_LINE = 0.15
_TO_POINTS = 72 / 25.4


def pages_of(document: Document, face: Face) -> list[Page]:
    """A document's pages, every section's laid out for itself.

    Arguments:
        document: the document; its texts are on one line each.
        face: the fonts.

    Raises:
        FormError: if a character is in none of the fonts.
    """
    pages: list[Page] = []
    for part in document.parts():
        code = code_of(part)
        modules = tuple(
            tuple(bool(module) for module in row) for row in segno.make(code, error="m").matrix
        )
        pages += lay_out(part, face, code=modules, code_text=f"SHA-256 {part.digest[:12]}…")
    face.check(_texts(pages))
    return pages


def pdf_of(document: Document, face: Face) -> bytes:
    """A document as PDF.

    Arguments:
        document: the document; its texts are on one line each.
        face: the fonts.

    Raises:
        FormError: if a character is in none of the fonts.
    """
    return _written(_begun(document), pages_of(document, face), face)


def page_of(page: Page, face: Face) -> bytes:
    """One page as PDF, wider than it is high; it says nothing of itself.

    Arguments:
        page: the page.
        face: the fonts.

    Raises:
        FormError: if a character is in none of the fonts.
    """
    face.check(_texts([page]))
    # Pages that are wider than high are laid on their side, and so is this paper.
    return _written(FPDF(unit="mm", format=(page.height, page.width)), [page], face)


def _written(pdf: FPDF, pages: Sequence[Page], face: Face) -> bytes:
    """Pages with the letters they need."""
    letters: defaultdict[int, set[str]] = defaultdict(set)
    for text in _texts(pages):
        for number, run in face.runs(text):
            letters[number].update(run)
    with TemporaryDirectory() as scratch:
        for number, characters in sorted(letters.items()):
            path = Path(scratch) / f"font{number}.ttf"
            path.write_bytes(cut(face.file(number).path, characters))
            pdf.add_font(f"f{number}", fname=path)
        for page in pages:
            _draw(pdf, page, face)
        return bytes(pdf.output())


def _begun(document: Document) -> FPDF:
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(datetime.combine(document.dated, time(), UTC))
    pdf.set_producer("socialins")
    pdf.set_creator("socialins")
    pdf.set_title(document.title)
    pdf.set_keywords(f"sha256:{document.digest}")
    pdf.set_lang("en" if document.lang == "en" else "zh-CN")
    return pdf


def _texts(pages: Sequence[Page]) -> Iterator[str]:
    for page in pages:
        for mark in page.marks:
            if isinstance(mark, Words):
                yield mark.text


def _draw(pdf: FPDF, page: Page, face: Face) -> None:
    pdf.add_page(orientation="landscape" if page.width > page.height else "portrait")
    pdf.set_line_width(_LINE)
    pdf.set_fill_color(_GREY)
    # Grey lies below the letters whatever comes first.
    for mark in page.marks:
        if isinstance(mark, Fill):
            box = mark.box
            pdf.rect(box.left, box.top, box.right - box.left, box.bottom - box.top, style="F")
    pdf.set_fill_color(0)
    now: tuple[int, float] | None = None
    for mark in _lines_joined(page.marks):
        if isinstance(mark, Rule):
            pdf.line(mark.x1, mark.y1, mark.x2, mark.y2)
        elif isinstance(mark, Picture):
            _picture(pdf, mark)
        elif isinstance(mark, Words):
            x = mark.x
            for number, run in face.runs(mark.text):
                if now != (number, mark.size):
                    now = number, mark.size
                    pdf.set_font(f"f{number}", size=mark.size)
                pdf.text(x, mark.y, run)
                x += face.width(run, mark.size)


def _lines_joined(marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks, each line once: a row's lower line is the next one's upper."""
    seen: set[Rule] = set()
    for mark in marks:
        if isinstance(mark, Rule):
            if mark in seen:
                continue
            seen.add(mark)
        yield mark


def _picture(pdf: Any, mark: Picture) -> None:
    module = mark.side / len(mark.modules)
    for row, modules in enumerate(mark.modules):
        begin: int | None = None
        for column, dark in enumerate((*modules, False)):
            if dark and begin is None:
                begin = column
            elif not dark and begin is not None:
                x, y = mark.x + begin * module, mark.y + row * module
                # A hair more than its height, so that no white line shows between two rows.
                pdf.rect(x, y, (column - begin) * module, module + 0.01, style="F")
                begin = None
