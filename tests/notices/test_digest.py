"""A paper can be told from one on which something was changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date

import attrs
import pypdfium2
import pytest
import segno

import socialins as si
from socialins.notices import Notice, assessment_sheet, payment_notice, payment_slips, verify_digest
from socialins.notices.digest import code_of, digests_of
from socialins.notices.glyphs import Face
from socialins.notices.marks import Picture
from socialins.notices.pdf import pages_of
from socialins.values import Money

Bill = Callable[..., si.Settlement]


def test_the_digest_is_of_the_content_and_anybody_can_compute_it(bill: Bill) -> None:
    notice = Notice(payment_notice(bill(3)))
    plain = notice.document.to_plain()
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert notice.digest == hashlib.sha256(text.encode()).hexdigest()


def test_a_fen_a_letter_a_day_or_a_mask_makes_another_digest(bill: Bill) -> None:
    first = bill(3)
    cheaper = attrs.evolve(
        first,
        contributions=(
            attrs.evolve(first.contributions[0], amount=first.contributions[0].amount - Money(1)),
            *first.contributions[1:],
        ),
    )
    sheets = [
        payment_notice(first),
        payment_notice(cheaper),
        payment_notice(first, day=date(2026, 11, 20)),
        payment_notice(first, masked=False),
        payment_notice(first, "en"),
        payment_notice(bill(3, "2026-11", ("王芳",))),
        assessment_sheet(first),
    ]
    assert len({sheet.digest for sheet in sheets}) == len(sheets)
    assert payment_notice(bill(3)).digest == sheets[0].digest


def test_every_part_of_a_sheet_counts_in_its_digest(bill: Bill) -> None:
    sheet = payment_notice(bill(3))
    (section,) = sheet.sections
    table = section.tables[0]
    parts = [
        attrs.evolve(section, fields=section.fields[:-1]),
        attrs.evolve(section, lines=section.lines[:-1]),
        attrs.evolve(section, tables=section.tables[:1]),
        attrs.evolve(section, tables=(attrs.evolve(table, title="x"), *section.tables[1:])),
        attrs.evolve(
            section, tables=(attrs.evolve(table, rows=table.rows[:-1]), *section.tables[1:])
        ),
    ]
    others = [attrs.evolve(sheet, sections=(part,)) for part in parts]
    others += [
        attrs.evolve(sheet, notes=()),
        attrs.evolve(sheet, title="x"),
        attrs.evolve(sheet, month=si.Month(2026, 12)),
        attrs.evolve(sheet, sections=(section, section)),
    ]
    assert len({one.digest for one in (sheet, *others)}) == len(others) + 1


def test_the_code_on_the_page_is_the_code_of_the_sheet(bill: Bill) -> None:
    document = Notice(payment_notice(bill(3))).document
    (page,) = pages_of(document, Face())
    (picture,) = [mark for mark in page.marks if isinstance(mark, Picture)]
    made = segno.make(f"socialins:payment-notice:sha256:{document.digest}", error="m")
    assert picture.modules == tuple(tuple(map(bool, row)) for row in made.matrix)


def test_the_code_is_drawn_as_it_is(bill: Bill) -> None:
    document = Notice(payment_notice(bill(3))).document
    (page,) = pages_of(document, Face())
    (picture,) = [mark for mark in page.marks if isinstance(mark, Picture)]
    scale = 6.0
    file = pypdfium2.PdfDocument(Notice(document).to_pdf())
    image = file[0].render(scale=scale, grayscale=True).to_pil()
    side = picture.side / len(picture.modules)
    dots = scale * 72 / 25.4
    for row, modules in enumerate(picture.modules):
        for column, dark in enumerate(modules):
            x, y = picture.x + (column + 0.5) * side, picture.y + (row + 0.5) * side
            assert (image.getpixel((int(x * dots), int(y * dots))) < 128) == dark, (row, column)
    file.close()


@pytest.mark.parametrize(
    "shape", ["{}", "sha256:{}", "socialins:payment-notice:sha256:{}", " {}\n"]
)
def test_a_scanned_code_verifies_in_every_spelling(bill: Bill, shape: str) -> None:
    notice = Notice(payment_notice(bill(3)))
    assert notice.verify(shape.format(notice.digest)) is None
    assert notice.verify(shape.format(notice.digest).upper()) is None


def test_a_changed_paper_and_a_text_that_is_no_digest_are_told_apart(bill: Bill) -> None:
    notice = Notice(payment_notice(bill(3)))
    other = payment_notice(bill(4))
    fault = notice.verify(code_of(other))
    assert fault is not None
    assert (fault.code, fault.values["found"]) == ("notice.digest.differs", notice.digest[:16])
    for text in ("", "abc", notice.digest[:-1], notice.digest + "0", "http://example.org"):
        fault = notice.verify(text)
        assert fault is not None
        assert fault.code == "notice.digest.unreadable"


def test_a_slip_handed_out_alone_carries_the_digest_it_has_alone(bill: Bill) -> None:
    all_ = payment_slips(bill(3))
    number = bill(3).of(bill(3).contributions[0].person or "")[0].person
    assert number is not None
    alone = payment_slips(bill(3), persons=[number])
    assert alone.digest in digests_of(all_)
    assert verify_digest(all_, code_of(alone)) is None
    assert len(set(digests_of(all_))) == 4
