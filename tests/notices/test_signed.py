"""A signed sheet has to say what the unsigned one says, and its QR code has to go on agreeing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from socialins.faults import FaultError
from socialins.notices import Notice, assessment_sheet, payment_notice, sign_notices
from socialins.signing import KeyTerms, Scheme, verify_pdf
from socialins.testing.tokens import Mishap
from socialins.testing.tokens.samples import UNIT, Asked, authority, inserted

P256 = Scheme.ECDSA_P256_SHA256
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
Read = Callable[[bytes], list[str]]


@pytest.fixture
def terms() -> KeyTerms:
    return KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))


@pytest.fixture
def notices(bill: Callable[..., Any]) -> dict[str, Notice]:
    return {
        "notice.pdf": Notice(payment_notice(bill(), "zh")),
        "sheet.pdf": Notice(assessment_sheet(bill(), "en")),
    }


def signed(notices: dict[str, Notice], folder: Path, terms: KeyTerms, **how: Any) -> Any:
    _, signer = inserted(P256)
    with signer.open(signer.list_tokens()[0]) as session:
        return sign_notices(session, notices, folder, Asked(), terms, **how)


def picture(content: bytes, page: int = -1) -> Any:
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    try:
        number = range(len(document))[page]
        return document[number].render(scale=2, may_draw_forms=True).to_numpy()
    finally:
        document.close()


def test_a_signed_sheet_says_the_same_and_its_digest_still_agrees(
    notices: dict[str, Notice], terms: KeyTerms, tmp_path: Path, read: Read
) -> None:
    made = signed(notices, tmp_path, terms, reason="申报")
    assert made.complete
    for name, notice in notices.items():
        content = (tmp_path / name).read_bytes()
        unsigned = notice.to_pdf()
        assert content.startswith(unsigned)
        assert read(content) == read(unsigned)
        # The QR code holds the digest of what the sheet says, which a signature does not change.
        assert f"sha256:{notice.digest}".encode() in content
        assert notice.verify(notice.digest) is None
        (found,) = verify_pdf(content, unit=UNIT, authorities=terms.authorities)
        assert found.ok, found.faults
        assert (picture(content) == picture(unsigned)).all()


def test_a_visible_line_stands_in_the_margin_and_hides_nothing(
    notices: dict[str, Notice], terms: KeyTerms, tmp_path: Path, read: Read
) -> None:
    signed(notices, tmp_path, terms, visible=True)
    for name, notice in notices.items():
        content = (tmp_path / name).read_bytes()
        (found,) = verify_pdf(content, unit=UNIT, authorities=terms.authorities)
        assert found.ok, found.faults
        with_line, without = picture(content), picture(notice.to_pdf())
        changed = (with_line != without).any(axis=(1, 2)).nonzero()[0]
        height = with_line.shape[0]
        margin = round(12 / 297 * 842 * 2)
        assert len(changed) > 10
        assert changed.min() > height - margin
        # Where the line stands now, there was only paper.
        assert (without[height - margin :] == 255).all()
        assert read(content)[0].startswith(read(notice.to_pdf())[0][:20])


def test_a_key_pulled_half_way_leaves_whole_files_and_the_rest_for_later(
    notices: dict[str, Notice], terms: KeyTerms, tmp_path: Path
) -> None:
    card, signer = inserted(P256)
    with signer.open(signer.list_tokens()[0]) as session:
        card.fail("SIGN", Mishap.REMOVED, time=2)
        first = sign_notices(session, notices, tmp_path, Asked(), terms)
    assert [one.name for one in first.left] == ["sheet.pdf"]
    assert [path.name for path in tmp_path.iterdir()] == ["notice.pdf"]
    before = (tmp_path / "notice.pdf").read_bytes()
    card.present = True
    with signer.open(signer.list_tokens()[0]) as session:
        whole = sign_notices(session, {}, tmp_path, Asked(), terms, after=first)
    assert whole.complete
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notice.pdf", "sheet.pdf"]
    assert (tmp_path / "notice.pdf").read_bytes() == before


@pytest.mark.parametrize("name", ["notice.xlsx", "notice"])
def test_a_name_that_is_no_pdf_is_refused_before_any_pin(
    name: str, notices: dict[str, Notice], terms: KeyTerms, tmp_path: Path
) -> None:
    asked = Asked()
    _, signer = inserted(P256)
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(FaultError):
        sign_notices(session, {name: notices["notice.pdf"]}, tmp_path, asked, terms)
    with (
        signer.open(signer.list_tokens()[0]) as session,
        pytest.raises(ValueError, match="folders"),
    ):
        sign_notices(session, {"a/b.pdf": notices["notice.pdf"]}, tmp_path, asked, terms)
    assert asked.requests == []
    assert list(tmp_path.iterdir()) == []
