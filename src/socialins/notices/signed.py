"""Signed notices (已签名的单据): sheets as PDF with the unit's signature in them.

The signature stands behind the sheet's own bytes, so the digest in its QR code, which is of what
the sheet says, is the same as on the unsigned one. A line in the lower margin may show it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from socialins.faults import Text
from socialins.forms.output import check_suffix, whole_file
from socialins.notices.marks import Box, Page, Rule, Words
from socialins.notices.notice import Notice, face_of

if TYPE_CHECKING:
    from socialins.notices.glyphs import Face
    from socialins.signing import (
        Certificate,
        Document,
        KeyTerms,
        PinProvider,
        Session,
        SigningRound,
        Stamp,
    )
    from socialins.signing.rounds import Progress

__all__ = ["margin_line", "sign_notices"]

_CHINA = timezone(timedelta(hours=8))
_WIDTH, _HEIGHT = 90.0, 8.0
_LEFT, _BELOW = 12.0, 2.0
"""Where the line stands: from the left and the lower side of the page, in millimetres."""
_SIZE, _SMALLEST = 8.0, 3.0
_TO_POINTS = 72 / 25.4
_SHOWN = Text("电子签名：{unit} {moment}", "Signed: {unit} {moment}")


def sign_notices(
    session: Session,
    notices: Mapping[str, Notice],
    folder: str | Path,
    pin_provider: PinProvider,
    terms: KeyTerms,
    *,
    fonts: Sequence[str | Path] = (),
    chain: Sequence[Certificate] = (),
    reason: str = "",
    visible: bool = False,
    progress: Progress | None = None,
    after: SigningRound | None = None,
) -> SigningRound:
    """Print sheets as PDF and sign them, all under one opening of the key.

    Arguments:
        session: an open token, with an RSA or a P-256 key.
        notices: file name → sheet; the names end in ``.pdf``.
        folder: where the signed files go.
        pin_provider: asks for the PIN; it is asked once.
        terms: what the key has to fulfil; it is looked at before anybody is asked for a PIN.
        fonts: font files for characters that the own fonts lack.
        chain: certificates that go along.
        reason: why they are signed, as readers show it.
        visible: let a line in the lower margin of the last page show who signed, and when.
        progress: is told after each.
        after: a round that stopped half-way; what was left then is signed first.

    Returns:
        What is signed and what is left. A file is there whole or not at all.

    Raises:
        FormError: for a name of another ending, or a character that no font has; nothing was
            signed.
        KeyRefused: if the key is the wrong one; nothing was signed.
        MissingExtra: without the extras ``pdf`` and ``pdf-sign``.
        SigningError: as `sign_pdfs` raises it.
    """
    from socialins.signing import Document, sign_pdfs
    from socialins.signing.pdf import require_pdf

    require_pdf()
    for name in notices:
        check_suffix(Path(name), ".pdf")
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no file name without folders")
    documents = [Document(name, notice.to_pdf(fonts=fonts)) for name, notice in notices.items()]

    def stamp(document: Document) -> Stamp:
        notice = notices.get(document.name)
        lang = notice.document.lang if notice else "zh"
        return margin_line(session.certificate(), terms.at, lang, fonts=fonts)

    made = sign_pdfs(
        session,
        documents,
        pin_provider,
        terms,
        chain=chain,
        reason=reason,
        stamp=stamp if visible else None,
        progress=progress,
        after=after,
    )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for one in made.signed[len(after.signed) if after else 0 :]:
        with whole_file(folder / one.document.name) as unfinished:
            unfinished.write_bytes(one.signature)
    return made


def margin_line(
    certificate: Certificate, at: datetime, lang: str = "zh", *, fonts: Sequence[str | Path] = ()
) -> Stamp:
    """A line that says who signed and when, in the lower margin of the last page.

    Arguments:
        certificate: the signer's.
        at: the moment of signing, aware; the time of China is shown.
        lang: its language.
        fonts: font files for characters that the own fonts lack.

    Raises:
        FormError: if no font has a character.
        MissingExtra: without the extra ``pdf``.
    """
    face = face_of(fonts)
    from socialins.notices.pdf import page_of
    from socialins.signing import Stamp

    names = certificate.fields("O") or certificate.fields("CN") or (certificate.subject,)
    moment = at.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")
    picture = page_of(_line(_SHOWN.get(lang).format(unit=names[0], moment=moment), face), face)
    box = (_LEFT, _BELOW, _LEFT + _WIDTH, _BELOW + _HEIGHT)
    left, bottom, right, top = (side * _TO_POINTS for side in box)
    return Stamp(picture, (left, bottom, right, top))


def _line(text: str, face: Face) -> Page:
    """A line in a frame; letters get smaller until they have room."""
    size = _SIZE
    while face.width(text, size) > _WIDTH - 4 and size > _SMALLEST:
        size -= 0.5
    cell = Box(0.2, 0.2, _WIDTH - 0.2, _HEIGHT - 0.2)
    page = Page(_WIDTH, _HEIGHT)
    page.marks += [
        Rule(cell.left, cell.top, cell.right, cell.top),
        Rule(cell.left, cell.bottom, cell.right, cell.bottom),
        Rule(cell.left, cell.top, cell.left, cell.bottom),
        Rule(cell.right, cell.top, cell.right, cell.bottom),
        Words(2, _HEIGHT / 2 + 1, size, text, cell),
    ]
    return page
