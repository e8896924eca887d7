"""Signed PDF and containers: readers and samples of files that carry their signatures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from socialins.faults import Fault
from tools.fuzz.readers import Differs
from tools.fuzz.samples import AT

__all__ = [
    "containers",
    "read_container",
    "read_signed_pdf",
    "sign_any_pdf",
    "signed_pdfs",
    "unsigned_pdfs",
]


def read_signed_pdf(path: Path) -> Iterator[Fault]:
    """A signed PDF, verified; it is right only as it was signed."""
    from socialins.signing import verify_pdf
    from socialins.testing.tokens.samples import UNIT

    data = path.read_bytes()
    found = verify_pdf(data, unit=UNIT, authorities=_authorities())
    for one in found:
        one.to_plain("zh")
        yield from one.faults
    if found[-1].ok and data not in signed_pdfs():
        raise Differs("a PDF that nobody signed verifies")


def sign_any_pdf(path: Path) -> Iterator[Fault]:
    """Any PDF, signed; what is signed begins with what it was, and verifies."""
    from socialins.signing import verify_pdf
    from socialins.signing.pdf import sign_pdf
    from socialins.testing.tokens.samples import UNIT, Asked

    data = path.read_bytes()
    with _session() as session:
        made = sign_pdf(session, data, Asked(), at=AT)
    if not made.startswith(data):
        raise Differs("the document was rewritten")
    last = verify_pdf(made, unit=UNIT, authorities=_authorities())[-1]
    if not last.ok and b"/ByteRange" not in data:
        raise Differs(f"what was signed does not verify: {[str(one) for one in last.faults]}")
    yield from ()


def read_container(path: Path) -> Iterator[Fault]:
    """A container, verified and unpacked; what verifies has the names and contents signed."""
    from socialins.signing import verify_container
    from socialins.testing.tokens.samples import UNIT

    found = verify_container(path.read_bytes(), unit=UNIT, authorities=_authorities())
    found.to_plain("zh")
    yield from found.faults
    for one in found.signatures:
        yield from one.faults
    if found.ok and {one.name: one.content for one in found.files} != _FILES:
        raise Differs("a container with other files than were signed verifies")


_FILES = {"花名册.csv": "姓名,申报工资\n张三,5000\n".encode(), "b.json": b"{}", "c": b"\0" * 300}


@cache
def unsigned_pdfs() -> tuple[bytes, ...]:
    """PDF with text, and with a blank page."""
    from io import BytesIO

    from fpdf import FPDF
    from pypdf import PdfWriter

    drawn = FPDF()
    drawn.add_page()
    drawn.set_font("helvetica")
    drawn.cell(text="notice")
    plain = bytes(drawn.output())
    blank, out = PdfWriter(), BytesIO()
    blank.add_blank_page(100, 100)
    blank.write(out)
    return plain, out.getvalue()


@cache
def signed_pdfs() -> tuple[bytes, ...]:
    """PDF that is signed once, and twice."""
    from socialins.signing.pdf import sign_pdf
    from socialins.testing.tokens.samples import Asked

    with _session() as session:
        once = [sign_pdf(session, one, Asked(), at=AT) for one in unsigned_pdfs()]
        twice = sign_pdf(session, once[0], Asked(), at=AT)
    return (*once, twice)


@cache
def containers() -> tuple[bytes, ...]:
    """A container that is signed once, and twice."""
    from socialins.signing import Document, KeyTerms, sign_container
    from socialins.testing.tokens.samples import UNIT, Asked

    terms = KeyTerms(unit=UNIT, at=AT, authorities=_authorities())
    with _session() as session:
        files = [Document(name, content) for name, content in _FILES.items()]
        once = sign_container(session, files, Asked(), terms)
        return once, sign_container(session, (), Asked(), terms, onto=once)


def _session() -> Any:
    from socialins.testing.tokens.samples import inserted

    _, signer = inserted()
    return signer.open(signer.list_tokens()[0])


def _authorities() -> tuple[Any, ...]:
    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import authority

    return (authority(Scheme.ECDSA_P256_SHA256).certificate,)
