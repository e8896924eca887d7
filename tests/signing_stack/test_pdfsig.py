"""PDF that are signed here, poppler's pdfsig takes; what is changed afterwards, it refuses too."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

from socialins.signing import (
    Document,
    KeyTerms,
    Pin,
    Scheme,
    Session,
    Stamp,
    sign_container,
    sign_pdfs,
    verify_pdf,
)
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.testing.tokens.samples import PIN, UNIT, Asked, authority, inserted, unit_key

RSA, P256, _ = Scheme
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
Program = Callable[[str], str]


def run(program: str, folder: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )
    assert done.returncode == status, done.stderr + done.stdout
    return done.stdout + done.stderr


def terms(scheme: Scheme) -> KeyTerms:
    return KeyTerms(unit=UNIT, at=NOW, authorities=(authority(scheme).certificate,))


def plain(pages: int = 2) -> bytes:
    writer, made = PdfWriter(), BytesIO()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.write(made)
    return made.getvalue()


def picture() -> bytes:
    from fpdf import FPDF

    made = FPDF(unit="pt", format=(20, 260))
    made.add_page(orientation="landscape")
    made.set_font("helvetica", size=8)
    made.text(4, 14, "signed")
    return bytes(made.output())


@pytest.fixture
def trusting(program: Program, tmp_path: Path) -> Path:
    """A folder with an NSS database that trusts the authorities of RSA and of P-256."""
    nss = tmp_path / "nss"
    nss.mkdir()
    certutil = program("certutil")
    run(certutil, tmp_path, "-N", "-d", "sql:nss", "--empty-password")
    for scheme in (RSA, P256):
        (tmp_path / "ca.cer").write_bytes(authority(scheme).certificate.der)
        run(
            certutil,
            tmp_path,
            *("-A", "-d", "sql:nss", "-n", scheme.value, "-t", "CT,C,C", "-i", "ca.cer"),
        )
    return tmp_path


def session_of(scheme: Scheme, driver: str, folder: Path) -> tuple[Session, Callable[..., Pin]]:
    if driver == "card":
        _, signer = inserted(scheme)
        return signer.open(signer.list_tokens()[0]), Asked()  # type: ignore[return-value]
    (folder / "unit.p12").write_bytes(unit_key(scheme).pkcs12(PIN))
    files = Pkcs12Signer(folder / "unit.p12")
    return files.open(files.list_tokens()[0]), lambda _: Pin(PIN)


@pytest.mark.parametrize("driver", ["card", "pkcs12"])
@pytest.mark.parametrize("scheme", [RSA, P256])
def test_pdfsig_takes_our_pdf_and_refuses_what_was_changed(
    scheme: Scheme, driver: str, trusting: Path, program: Program
) -> None:
    pdfsig = program("pdfsig")
    session, ask = session_of(scheme, driver, trusting)
    with session:
        made = sign_pdfs(session, [Document("a.pdf", plain())], ask, terms(scheme))
    content = made.signed[0].signature
    (trusting / "a.pdf").write_bytes(content)
    told = run(pdfsig, trusting, "-nssdir", "sql:nss", "a.pdf")
    assert "Signature is Valid." in told
    assert "Certificate is Trusted." in told
    assert "Total document signed" in told
    assert "Signature Type: ETSI.CAdES.detached" in told
    assert UNIT.name in told
    assert verify_pdf(content, unit=UNIT, authorities=terms(scheme).authorities)[-1].ok

    at = content.index(b"/MediaBox")
    (trusting / "b.pdf").write_bytes(content[:at] + b"/MediaBoy" + content[at + 9 :])
    assert "Digest Mismatch." in run(pdfsig, trusting, "-nssdir", "sql:nss", "b.pdf")
    (trusting / "c.pdf").write_bytes(content + b"\n%%EOF\n")
    assert "Not total document signed" in run(pdfsig, trusting, "-nssdir", "sql:nss", "c.pdf")


@pytest.mark.parametrize("scheme", [RSA, P256])
def test_pdfsig_takes_what_a_token_of_softhsm_signed(
    scheme: Scheme,
    softhsm: Path,
    new_token: Callable[..., str],
    trusting: Path,
    program: Program,
) -> None:
    from socialins.signing import make_signer
    from socialins.testing.tokens.personal import personalise_pkcs11

    pin = b"123456"
    label = new_token(pin, b"87654321")
    personalise_pkcs11(softhsm, label, pin, scheme)
    signer = make_signer("pkcs11", {"module": str(softhsm)})
    token = next(one for one in signer.list_tokens() if one.label == label)
    documents = [Document(f"{number}.pdf", plain(number)) for number in (1, 2)]
    with signer.open(token) as session:
        made = sign_pdfs(session, documents, Asked(pin), terms(P256))
    assert made.complete, made.fault
    for one in made.signed:
        (trusting / "a.pdf").write_bytes(one.signature)
        told = run(program("pdfsig"), trusting, "-nssdir", "sql:nss", "a.pdf")
        assert "Signature is Valid." in told
        assert "Certificate is Trusted." in told


def test_pdfsig_takes_both_signatures_of_a_pdf_and_a_visible_one(
    trusting: Path, program: Program
) -> None:
    content = plain()
    for scheme in (RSA, P256):
        _, signer = inserted(scheme)
        stamp = Stamp(picture(), (40, 10, 300, 30), page=0)
        with signer.open(signer.list_tokens()[0]) as session:
            made = sign_pdfs(
                session,
                [Document("a.pdf", content)],
                Asked(),
                terms(scheme),
                stamp=lambda _, shown=stamp: shown,  # type: ignore[misc]
            )
        content = made.signed[0].signature
    (trusting / "a.pdf").write_bytes(content)
    told = run(program("pdfsig"), trusting, "-nssdir", "sql:nss", "a.pdf")
    assert told.count("Signature is Valid.") == 2
    assert told.count("Certificate is Trusted.") == 2


@pytest.mark.parametrize("scheme", [RSA, P256])
def test_openssl_verifies_the_signature_that_stands_in_a_pdf(
    scheme: Scheme, openssl: str, tmp_path: Path
) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    session, ask = session_of(scheme, "card", tmp_path)
    with session:
        made = sign_pdfs(session, [Document("a.pdf", plain())], ask, terms(scheme))
    content = made.signed[0].signature
    # Taken out by another library than what put it in its place.
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    first, end, start, size = signature.byte_range
    covered = content[first : first + end] + content[start : start + size]
    verify_cms(openssl, tmp_path, bytes(signature.pkcs7_content), covered, scheme)


@pytest.mark.parametrize("scheme", [RSA, P256])
def test_openssl_and_unzip_check_a_container(
    scheme: Scheme, openssl: str, program: Program, tmp_path: Path
) -> None:
    files = {"花名册.csv": "姓名\n王一\n".encode(), "a.json": b"{}"}
    session, ask = session_of(scheme, "card", tmp_path)
    with session:
        made = sign_container(
            session, [Document(*one) for one in files.items()], ask, terms(scheme)
        )
    (tmp_path / "out.asice").write_bytes(made)
    run(program("unzip"), tmp_path, "-q", "out.asice", "-d", "out")
    own = tmp_path / "out" / "META-INF"
    manifest = (own / "ASiCManifest001.xml").read_bytes()
    verify_cms(openssl, tmp_path, (own / "signature001.p7s").read_bytes(), manifest, scheme)
    for name, content in files.items():
        assert (tmp_path / "out" / name).read_bytes() == content
        digest = run(openssl, tmp_path, "dgst", "-sha256", "-binary", "-out", "d", f"out/{name}")
        assert digest == ""
        (tmp_path / "d64").write_text("")
        run(openssl, tmp_path, "base64", "-in", "d", "-out", "d64")
        assert (tmp_path / "d64").read_bytes().strip() in manifest


def verify_cms(
    openssl: str, folder: Path, signature: bytes, content: bytes, scheme: Scheme
) -> None:
    from asn1crypto.pem import armor

    (folder / "s.p7s").write_bytes(
        signature.rstrip(b"\0") if signature[-1:] == b"\0" else signature
    )
    (folder / "s.txt").write_bytes(content)
    (folder / "ca.pem").write_bytes(armor("CERTIFICATE", authority(scheme).certificate.der))
    check = ("cms", "-verify", "-binary", "-cades", "-purpose", "any", "-inform", "DER")
    check += ("-in", "s.p7s", "-content", "s.txt", "-CAfile", "ca.pem", "-out", "out.txt")
    assert "successful" in run(openssl, folder, *check)
    (folder / "s.txt").write_bytes(content + b" ")
    run(openssl, folder, *check, status=4)
