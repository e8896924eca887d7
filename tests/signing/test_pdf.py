"""A signed PDF that was changed, or that others call broken, would be turned away by the bureau."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from hypothesis import given, settings, strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import ModificationLevel, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader, PdfWriter

from socialins.identity import CreditCode
from socialins.model.unit import Unit
from socialins.signing import (
    Document,
    KeyRefused,
    KeyTerms,
    Pin,
    Scheme,
    SigningError,
    sign_pdf,
    sign_pdfs,
    verify_pdf,
)
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.signing.drivers.sm2file import Sm2FileSigner
from socialins.testing.tokens import Mishap
from socialins.testing.tokens.samples import UNIT, Asked, authority, inserted, unit_key

RSA, P256, SM2 = Scheme
CLASSIC = [RSA, P256]
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)


@cache
def plain(pages: int = 1, **about: str) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(210, 297)
    writer.add_metadata({f"/{name}": value for name, value in about.items()})
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def terms(scheme: Scheme, at: datetime = NOW, unit: Unit = UNIT) -> KeyTerms:
    return KeyTerms(unit=unit, at=at, authorities=(authority(scheme).certificate,))


def signed(scheme: Scheme, content: bytes, **how: Any) -> bytes:
    _, signer = inserted(scheme)
    with signer.open(signer.list_tokens()[0]) as session:
        made = sign_pdfs(session, [Document("a.pdf", content)], Asked(), terms(scheme), **how)
    assert made.complete, made.fault
    return made.signed[0].signature


@cache
def kept(scheme: Scheme) -> bytes:
    return signed(scheme, plain())


def checked(content: bytes, scheme: Scheme, **changes: Any) -> Any:
    known = {"unit": UNIT, "authorities": (authority(scheme).certificate,)}
    return verify_pdf(content, **{**known, **changes})


def told(content: bytes, scheme: Scheme) -> list[str]:
    return [fault.code for fault in checked(content, scheme)[-1].faults]


def peer(content: bytes, scheme: Scheme) -> Any:
    """What pyHanko's own validator says of the last signature."""
    root = x509.Certificate.load(authority(scheme).certificate.der)
    context = ValidationContext(trust_roots=[root], moment=NOW)
    signatures = PdfFileReader(BytesIO(content)).embedded_signatures
    return validate_pdf_signature(signatures[-1], context)


@pytest.mark.parametrize("scheme", CLASSIC)
@settings(max_examples=8, deadline=None)
@given(
    pages=st.integers(1, 4),
    title=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
)
def test_any_pdf_signs_and_both_we_and_a_peer_take_it(
    scheme: Scheme, pages: int, title: str
) -> None:
    content = plain(pages, Title=title)
    made = signed(scheme, content, reason=title)
    (found,) = checked(made, scheme)
    assert found.ok, found.faults
    assert found.signed_at == NOW
    assert made.startswith(content)
    status = peer(made, scheme)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE


@pytest.mark.parametrize("scheme", CLASSIC)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_of_a_signed_pdf_is_noticed(scheme: Scheme, data: st.DataObject) -> None:
    content = kept(scheme)
    bit = data.draw(st.integers(0, len(content) * 8 - 1))
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    assert not checked(bytes(changed), scheme)[-1].ok


def test_the_digits_of_a_signature_are_the_only_bytes_it_does_not_cover() -> None:
    # Each byte on its own: those of the signature's brackets and of the room behind it, too.
    content = kept(P256)
    start = content.rindex(b"/Contents <") + len("/Contents ")
    end = content.index(b">", start) + 1
    near = {*range(start - 4, start + 4), *range(end - 4, end + 8)}
    unnoticed = [
        at
        for at in near
        for byte in (content[at] ^ 1, 0x20, 0x30)
        if byte != content[at]
        and checked(content[:at] + bytes([byte]) + content[at + 1 :], P256)[-1].ok
    ]
    assert unnoticed == []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_pdf_is_told_and_does_not_raise(data: st.DataObject) -> None:
    content = bytearray(kept(P256))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(content[: data.draw(st.integers(0, len(content)))])
    for one in checked(cut, P256):
        assert isinstance(one.to_plain("en")["ok"], bool)


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_verifying_a_pdf(garbage: bytes) -> None:
    for content in (garbage, b"%PDF-1.7\n" + garbage, b"%PDF-1.7 /ByteRange [0 1 2 3]" + garbage):
        assert not any(one.ok for one in verify_pdf(content, unit=UNIT))


# What comes after a signature.


def test_what_is_added_after_a_signature_is_told() -> None:
    content = kept(P256)
    writer = IncrementalPdfFileWriter(BytesIO(content))
    writer.root["/PageLayout"] = fields.pdf_name("/TwoColumnLeft")
    writer.update_root()
    added = BytesIO()
    writer.write(added)
    assert len(added.getvalue()) > len(content)
    for changed in (content + b" ", content + b"\n%%EOF\n", added.getvalue()):
        (found,) = checked(changed, P256)
        assert [fault.code for fault in found.faults] == ["signing.pdf-changed-after"]
        assert found.faults[0].words("en")["bytes"] == str(len(changed) - len(content))
        assert (found.signature.ok, found.chain.ok, found.binding.ok) == (True, True, True)


def test_a_second_signature_covers_the_first_which_tells_that_it_came() -> None:
    both = signed(P256, kept(P256))
    first, second = checked(both, P256)
    assert second.ok
    assert [fault.code for fault in first.faults] == ["signing.pdf-changed-after"]
    assert peer(both, P256).bottom_line
    names = [one.field_name for one in PdfFileReader(BytesIO(both)).embedded_signatures]
    assert names == ["Signature1", "Signature2"]


def test_a_later_signature_of_a_stranger_is_not_the_unit_s() -> None:
    stranger = authority(P256).issue({"O": "别的单位", "OU": "91990100MA0000002K"})
    both = others_signed(kept(P256), stranger)
    first, second = checked(both, P256)
    assert [fault.code for fault in first.faults] == ["signing.pdf-changed-after"]
    assert {fault.place.field for fault in second.faults} == {"binding"}


def test_a_signature_taken_from_another_pdf_fits_none() -> None:
    content, other = kept(P256), signed(P256, plain(2))
    start = content.rindex(b"/Contents <")
    from_other = other.rindex(b"/Contents <")
    size = content.index(b">", start) - start
    moved = content[:start] + other[from_other : from_other + size] + content[start + size :]
    assert "signing.content-altered" in told(moved, P256)


def test_a_byte_range_that_leaves_anything_else_out_is_no_signature() -> None:
    content = kept(P256)
    at = content.rindex(b"/ByteRange [") + len("/ByteRange [")
    numbers = [int(one) for one in content[at : content.index(b"]", at)].split()]
    for change in ((1, 0, 0, -1), (0, -40, 0, 0), (0, 0, 40, -40), (0, 0, 0, 10**9)):
        wrong = b" ".join(
            str(one + more).encode() for one, more in zip(numbers, change, strict=True)
        )
        room = content.index(b"]", at) + 60 - at
        changed = content[:at] + (wrong + b"]").ljust(room) + content[at + room :]
        assert told(changed, P256)[0] == "signing.not-a-signature"


# What others sign.


def others_signed(content: bytes, key: Any, subfilter: Any = None) -> bytes:
    """Signed by pyHanko's own signer."""
    from asn1crypto.keys import PrivateKeyInfo
    from cryptography.hazmat.primitives import serialization as how

    private = key.private.private_bytes(
        how.Encoding.DER, how.PrivateFormat.PKCS8, how.NoEncryption()
    )
    store = SimpleCertificateStore()
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(key.certificate.der),
        signing_key=PrivateKeyInfo.load(private),
        cert_registry=store,
    )
    meta = PdfSignatureMetadata(
        field_name="Other",
        md_algorithm="sha256",
        subfilter=subfilter or fields.SigSeedSubFilter.PADES,
    )
    made = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(content)), meta, signer=signer)
    return bytes(made.getvalue())


@pytest.mark.parametrize("scheme", CLASSIC)
@pytest.mark.parametrize(
    "subfilter", [fields.SigSeedSubFilter.PADES, fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED]
)
def test_what_another_program_signed_is_taken(scheme: Scheme, subfilter: Any) -> None:
    (found,) = checked(others_signed(plain(), unit_key(scheme), subfilter), scheme)
    assert found.ok, found.faults
    assert found.signed_at is not None


def test_a_missing_extra_is_told_before_any_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from socialins.faults import MissingExtra

    for name in [one for one in sys.modules if one.partition(".")[0] == "pyhanko"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    card, signer = inserted(P256)
    asked = Asked()
    with (
        signer.open(signer.list_tokens()[0]) as session,
        pytest.raises(MissingExtra, match=r"socialins\[pdf-sign\]"),
    ):
        sign_pdfs(session, [Document("a.pdf", plain())], asked, terms(P256))
    assert (asked.requests, card.asked["VERIFY"]) == ([], 0)


def test_verifying_a_pdf_takes_no_library_for_pdf() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from pathlib import Path; from socialins.signing import verify_pdf; "
        "found = verify_pdf(sys.stdin.buffer.read()); "
        "assert found[-1].signature.ok and found[-1].content.ok; "
        "print([one for one in ('pyhanko', 'pypdf', 'fpdf', 'lxml') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=kept(P256), capture_output=True, check=True
    )
    assert done.stdout.split() == [b"[]"]


def test_what_is_odd_about_a_pdf_is_not_written_to_the_terminal() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from datetime import UTC, datetime; "
        "from socialins.signing.pdf import sign_pdf; "
        "from socialins.testing.tokens.samples import Asked, inserted; "
        "_, signer = inserted(); session = signer.open(signer.list_tokens()[0]); "
        "made = sign_pdf(session, sys.stdin.buffer.read(), Asked(), at=datetime.now(UTC)); "
        "assert made.startswith(b'%PDF')"
    )
    odd = plain().replace(b"startxref\n", b"startxref ")
    assert odd != plain(), "pyHanko warns of this"
    done = subprocess.run(
        [sys.executable, "-c", program], input=odd, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


# Which key, which PIN.


def test_an_sm2_key_is_refused_by_name_before_anybody_is_asked(tmp_path: Path) -> None:
    key = unit_key(SM2)
    (tmp_path / "a.key").write_bytes(key.pkcs8())
    (tmp_path / "a.cer").write_bytes(key.certificate.der)
    signer, asked = Sm2FileSigner(tmp_path / "a.key"), Asked(b"")
    with signer.open(signer.list_tokens()[0]) as session:
        for sign in (
            lambda: sign_pdfs(session, [Document("a.pdf", plain())], asked, terms(SM2)),
            lambda: sign_pdf(session, plain(), asked, at=NOW),
        ):
            with pytest.raises(SigningError) as caught:
                sign()
            assert caught.value.fault.code == "signing.pdf-sm2"
            assert ".asice" in caught.value.fault.remedy("en")
    assert asked.requests == []


def test_a_wrong_key_is_refused_before_any_pin() -> None:
    card, signer = inserted(P256)
    other = Unit("中州另一公司", CreditCode("91990100MA0000002K"))
    asked = Asked()
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(KeyRefused):
        sign_pdfs(session, [Document("a.pdf", plain())], asked, terms(P256, unit=other))
    assert (asked.requests, card.asked["VERIFY"]) == ([], 0)


def test_several_pdf_are_signed_under_one_opening_with_one_verify_each() -> None:
    card, signer = inserted(P256)
    asked, seen = Asked(), []
    documents = [Document(f"{number}.pdf", plain(number)) for number in (1, 2, 3)]
    with signer.open(signer.list_tokens()[0]) as session:
        made = sign_pdfs(
            session,
            documents,
            asked,
            terms(P256),
            progress=lambda done, of, one: seen.append((done, of, one.name)),
        )
    assert made.complete
    assert seen == [(1, 3, "1.pdf"), (2, 3, "2.pdf"), (3, 3, "3.pdf")]
    assert (len(asked.requests), card.asked["VERIFY"], card.asked["SIGN"]) == (1, 3, 3)
    for one in made.signed:
        assert checked(one.signature, P256)[-1].ok


def test_a_key_pulled_half_way_leaves_whole_pdf_and_the_rest_for_later() -> None:
    card, signer = inserted(P256)
    documents = [Document(f"{number}.pdf", plain(number)) for number in (1, 2, 3)]

    with signer.open(signer.list_tokens()[0]) as session:
        card.fail("SIGN", Mishap.REMOVED, time=2)
        made = sign_pdfs(session, documents, Asked(), terms(P256))
    assert made.fault is not None
    assert made.fault.code == "signing.token-removed"
    assert [one.name for one in made.left] == ["2.pdf", "3.pdf"]
    card.present = True
    with signer.open(signer.list_tokens()[0]) as session:
        rest = sign_pdfs(session, [], Asked(), terms(P256), after=made)
    assert rest.complete
    for one, document in zip(rest.signed, documents, strict=True):
        assert one.signature.startswith(document.content)
        assert checked(one.signature, P256)[-1].ok


@pytest.mark.parametrize("scheme", CLASSIC)
def test_a_pkcs12_file_signs_a_pdf(scheme: Scheme, tmp_path: Path) -> None:
    (tmp_path / "unit.p12").write_bytes(unit_key(scheme).pkcs12(b"pass-word"))
    signer = Pkcs12Signer(tmp_path / "unit.p12")
    with signer.open(signer.list_tokens()[0]) as session:
        made = sign_pdfs(
            session, [Document("a.pdf", plain())], lambda _: Pin("pass-word"), terms(scheme)
        )
    assert made.complete
    assert checked(made.signed[0].signature, scheme)[-1].ok
    assert peer(made.signed[0].signature, scheme).bottom_line


# What can't be signed.


def encrypted() -> bytes:
    writer = PdfWriter(PdfReader(BytesIO(plain())))
    writer.encrypt("secret", algorithm="RC4-128")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def locked() -> bytes:
    """A PDF that a signature certifies and closes to any change."""
    from pyhanko.sign.fields import MDPPerm

    key = unit_key(P256)
    signer = signers.SimpleSigner.load_pkcs12_data(
        key.pkcs12(b"x"), other_certs=[], passphrase=b"x"
    )
    meta = PdfSignatureMetadata(
        field_name="A", md_algorithm="sha256", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    made = signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(plain())), meta, signer=signer)
    return bytes(made.getvalue())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no PDF", "signing.pdf-unreadable"),
        (plain()[:200], "signing.pdf-unreadable"),
        (encrypted(), "signing.pdf-encrypted"),
        (locked(), "signing.pdf-locked"),
    ],
)
def test_what_can_t_be_signed_is_named_and_costs_no_pin(content: bytes, code: str) -> None:
    card, signer = inserted(P256)
    with signer.open(signer.list_tokens()[0]) as session:
        made = sign_pdfs(session, [Document("a.pdf", content)], Asked(), terms(P256))
    assert made.fault is not None
    assert made.fault.code == code
    assert made.signed == ()
    assert (card.asked["VERIFY"], card.asked["SIGN"]) == (0, 0)


def test_a_pdf_without_a_signature_is_told_apart_from_a_wrong_one() -> None:
    assert told(plain(), P256) == ["signing.pdf-unsigned"]
    assert told(b"no PDF", P256) == ["signing.pdf-unreadable"]


# Trust.


def test_a_pdf_of_the_rsa_key_counts_in_its_span_only() -> None:
    from socialins.rules.signing import SchemeRule, SigningRules

    rules = SigningRules(schemes=(SchemeRule(scheme="rsa-pkcs1-sha256", end=NOW.date()),))
    for day, good in ((NOW - timedelta(days=30), True), (NOW + timedelta(days=30), False)):
        made = signed_at(day)
        (found,) = checked(made, RSA, rules=rules)
        assert found.chain.ok is good
        assert good or [one.code for one in found.chain.faults] == ["signing.key-scheme"]


def signed_at(moment: datetime) -> bytes:
    _, signer = inserted(RSA)
    with signer.open(signer.list_tokens()[0]) as session:
        return sign_pdf(session, plain(), Asked(), at=moment)


def test_the_moment_needs_a_time_zone() -> None:
    _, signer = inserted(P256)
    with (
        signer.open(signer.list_tokens()[0]) as session,
        pytest.raises(ValueError, match="time zone"),
    ):
        sign_pdf(session, plain(), Asked(), at=datetime(2026, 11, 3))  # noqa: DTZ001


def test_another_certificate_of_the_same_key_is_not_put_in_its_place() -> None:
    # The signer's certificate is named by its digest, so a later one of the same key is another.
    key = unit_key(P256)
    again = authority(P256).issue({"O": "别的单位"}, private=key.private)
    content = kept(P256)
    digits = key.certificate.der.hex().upper().encode()
    assert digits in content
    size = len(digits)
    forged = again.certificate.der.hex().upper().encode()
    if len(forged) == size:
        assert not checked(content.replace(digits, forged), P256)[-1].ok


# Hostile files.


@pytest.mark.parametrize(
    "flood",
    [
        b"/ByteRange [0 1 2 3]",
        b"/ByteRange [" + b"1" * 60,
        b"/ByteRange [" + b" " * 60,
        b"/ByteRange [0 20 30 1000]<" + b"A" * 40 + b">",
        b"/M (" * 20,
        b"obj<" + b"0" * 60,
    ],
)
def test_a_flood_of_what_looks_like_signatures_is_bounded(flood: bytes) -> None:
    content = b"%PDF-1.7\n" + flood * (1_000_000 // len(flood)) + kept(P256)
    tracemalloc.start()
    try:
        found = checked(content, P256)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not any(one.ok for one in found)
    assert len(found) <= 17
    assert peak < 8 * len(content)


def built(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects; the first is its catalogue."""
    made, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    about = trailer.replace(b"HERE", b"%d" % table)
    end = (len(objects) + 1, about, table)
    return made + b"trailer\n<</Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % end


PAGES = (
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
)
CATALOGUE = b"<</Type/Catalog/Pages 2 0 R%s>>"
BUSH = [b"<</T(a)/Kids[%d 0 R %d 0 R]>>" % (at + 1, at + 1) for at in range(4, 40)]


@pytest.mark.parametrize(
    "content",
    [
        built(CATALOGUE % b"", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
        built(CATALOGUE % b"", *PAGES, trailer=b"/Prev HERE"),
        built(CATALOGUE % b"/X " + b"[" * 50_000, *PAGES),
        built(CATALOGUE % b"/AcroForm 4 0 R", *PAGES, b"4 0 R"),
        built(CATALOGUE % b"/AcroForm<</Fields[4 0 R]>>", *PAGES, b"<</T(a)/Kids[4 0 R]>>"),
        built(CATALOGUE % b"/AcroForm<</Fields[4 0 R]>>", *PAGES, *BUSH, b"<</FT/Sig/T(z)>>"),
        built(
            CATALOGUE % b"",
            b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>",
            PAGES[1],
        ),
    ],
    ids=["pages", "previous", "deep", "reference", "circle", "bush", "count"],
)
def test_a_pdf_that_leads_in_circles_is_signed_or_refused_but_ends(content: bytes) -> None:
    card, signer = inserted(P256)
    with signer.open(signer.list_tokens()[0]) as session:
        made = sign_pdfs(session, [Document("a.pdf", content)], Asked(), terms(P256))
    if made.fault is not None:
        assert made.fault.code == "signing.pdf-unreadable"
        assert card.asked["VERIFY"] == 0
    else:
        assert checked(made.signed[0].signature, P256)[-1].ok


# The PIN.


def test_no_signed_file_and_nothing_told_of_it_has_the_pin() -> None:
    from socialins.testing.tokens.samples import PIN

    _, signer = inserted(P256)
    with signer.open(signer.list_tokens()[0]) as session:
        made = sign_pdfs(session, [Document("a.pdf", plain())], Asked(), terms(P256))
    found = checked(made.signed[0].signature, P256)
    for said in (made.signed[0].signature, repr(made).encode(), repr(found).encode()):
        assert PIN not in said
