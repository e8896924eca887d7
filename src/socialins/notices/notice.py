"""Notice: a sheet that can be saved as PDF or as a workbook, whichever the file's name asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from socialins.faults import require
from socialins.forms.output import check_suffix, whole_file
from socialins.notices.digest import verify_digest
from socialins.notices.document import Document
from socialins.notices.kinds import NoticeKind

if TYPE_CHECKING:
    from socialins.faults import Fault
    from socialins.notices.glyphs import Face

__all__ = ["Notice", "face_of"]


def _clean(document: Document) -> Document:
    return document.on_lines()


@attrs.frozen
class Notice:
    """A sheet (单据) ready to be saved.

    Arguments:
        document: what it says.
    """

    document: Document = attrs.field(converter=_clean)

    @property
    def kind(self) -> NoticeKind:
        """What sheet it is."""
        return self.document.kind

    @property
    def digest(self) -> str:
        """The SHA-256 of its content, as its QR code and its workbook carry it."""
        return self.document.digest

    def verify(self, claimed: str) -> Fault | None:
        """Compare with the digest on a paper; None if they agree, else why not.

        Arguments:
            claimed: what was scanned from the QR code, or the 64 hexadecimal digits.
        """
        return verify_digest(self.document, claimed)

    def save(self, path: str | Path, *, fonts: Sequence[str | Path] = ()) -> Path:
        """Write the sheet; the same content gives the same bytes.

        Arguments:
            path: where; the name ends in ``.pdf`` or ``.xlsx``.
            fonts: font files for characters that the own fonts lack (PDF only).

        Returns:
            The path.

        Raises:
            FormError: for another ending; for a PDF, if no font has a character, named one by one.
            MissingExtra: if the extra ``pdf`` or ``xlsx`` is not installed.
        """
        path = Path(path)
        if check_suffix(path, ".pdf", ".xlsx") == ".xlsx":
            require("openpyxl", "xlsx")
            from socialins.notices.workbook import write_workbook

            write_workbook(self.document, path)
        else:
            made = self.to_pdf(fonts=fonts)
            with whole_file(path) as unfinished:
                unfinished.write_bytes(made)
        return path

    def to_pdf(self, *, fonts: Sequence[str | Path] = ()) -> bytes:
        """The sheet as PDF: A4, letters embedded, text that can be copied and searched.

        Arguments:
            fonts: font files for characters that the own fonts lack.

        Raises:
            FormError: if no font has a character.
            MissingExtra: if the extra ``pdf`` is not installed.
        """
        face = face_of(fonts)
        from socialins.notices.pdf import pdf_of

        return pdf_of(self.document, face)


def face_of(fonts: Sequence[str | Path]) -> Face:
    """The fonts that a PDF takes its letters from.

    Arguments:
        fonts: font files for characters that the own fonts lack.

    Raises:
        MissingExtra: if the extra ``pdf`` is not installed.
    """
    for module in ("fontTools", "fpdf", "segno", "pylopdf_fonts_zh_cn"):
        require(module, "pdf")
    from socialins.notices.glyphs import Face

    return Face(fonts)
