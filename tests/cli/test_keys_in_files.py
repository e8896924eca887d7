"""`sign --pdf`, `sign --container` and `verify` of both: one file to hand in, checked as such."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from socialins.cli import keys
from socialins.signing import Scheme
from socialins.testing.tokens import Mishap, VirtualCard
from socialins.testing.tokens.samples import PIN, UNIT, authority, inserted, unit_key

Call = Callable[..., Any]
P256, SM2 = Scheme.ECDSA_P256_SHA256, Scheme.SM2_SM3
TYPED = f"{PIN.decode()}\n"
TRUST = ("--unit", "unit.toml", "--ca", "ca.cer")
SM2_KEY = ("--driver", "sm2-file", "--driver-option", "file", "sm2.key", "--unit", "unit.toml")
SM2_TRUST = ("--unit", "unit.toml", "--ca", "sm2-ca.cer")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two PDF and a table, the unit's file, keys and authorities."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOCIALINS_LANG", "en")
    for number, name in enumerate(("a.pdf", "b.pdf"), start=1):
        writer, made = PdfWriter(), BytesIO()
        for _ in range(number):
            writer.add_blank_page(210, 297)
        writer.write(made)
        Path(name).write_bytes(made.getvalue())
    Path("花名册.csv").write_text("姓名,工资\n", encoding="utf-8")
    Path("ca.cer").write_bytes(authority(P256).certificate.der)
    Path("sm2-ca.cer").write_bytes(authority(SM2).certificate.der)
    Path("sm2.key").write_bytes(unit_key(SM2).pkcs8())
    Path("sm2.cer").write_bytes(unit_key(SM2).certificate.der)
    Path("unit.toml").write_text(
        f'name = "{UNIT.name}"\ncredit_code = "{UNIT.credit_code}"\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> VirtualCard:
    made, signer = inserted()
    monkeypatch.setattr(keys, "make_signer", lambda _name, _options: signer)
    return made


def test_signed_pdf_verify_and_what_was_added_later_is_told(
    desk: Path, card: VirtualCard, call: Call
) -> None:
    made = call("sign", "a.pdf", "b.pdf", "--pdf", "--out", "s", *TRUST, "--json", typed=TYPED)
    assert made.status == 0, made.err
    assert made.err.count("PIN of") == 1
    assert card.asked["VERIFY"] == 2
    for name in ("a", "b"):
        good = call("verify", f"s/{name}.signed.pdf", *TRUST, "--json")
        assert (good.status, good.json["ok"], len(good.json["signatures"])) == (0, True, 1)
    path = desk / "s" / "a.signed.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    bad = call("verify", "s/a.signed.pdf", *TRUST)
    assert bad.status == 1
    assert "1 bytes were added to the PDF after this signature" in bad.err


@pytest.mark.usefixtures("card")
def test_a_visible_signature_shows_the_unit(desk: Path, call: Call) -> None:
    arguments = ("sign", "a.pdf", "--pdf", "--visible", "--reason", "x", "--out", "s", *TRUST)
    assert call(*arguments, typed=TYPED).status == 0
    (annotation,) = PdfReader(desk / "s" / "a.signed.pdf").pages[-1]["/Annots"]
    shown = annotation.get_object()["/AP"]["/N"].get_object()
    assert shown["/Subtype"] == "/Form"
    assert "/Font" in shown["/Resources"].get_object()
    assert call("verify", "s/a.signed.pdf", *TRUST).status == 0


def test_a_key_pulled_half_way_leaves_no_half_of_a_pdf(
    desk: Path, card: VirtualCard, call: Call
) -> None:
    card.fail("SIGN", Mishap.REMOVED, time=2)
    arguments = ("sign", "a.pdf", "b.pdf", "--pdf", "--out", "s", *TRUST, "--json")
    first = call(*arguments, typed=TYPED)
    assert (first.status, first.json["left"]) == (1, ["b.pdf"])
    assert [path.name for path in (desk / "s").iterdir()] == ["a.signed.pdf"]
    card.present = True
    second = call(*arguments, typed=TYPED)
    assert [one["document"] for one in second.json["signed"]] == ["b.pdf"]
    assert sorted(path.name for path in (desk / "s").iterdir()) == ["a.signed.pdf", "b.signed.pdf"]


@pytest.mark.usefixtures("desk", "card")
def test_a_container_goes_out_and_comes_back_as_it_was(call: Call) -> None:
    files = ("花名册.csv", "a.pdf")
    made = call("sign", *files, "--container", "out.asice", *TRUST, "--json", typed=TYPED)
    assert made.status == 0, made.err
    assert [one["document"] for one in made.json["files"]] == list(files)
    told = call("verify", "out.asice", *TRUST)
    assert told.status == 0
    assert "花名册.csv (text/csv" in told.out
    found = call("verify", "out.asice", "--extract", "back", *TRUST, "--json")
    assert (found.status, found.json["ok"]) == (0, True)
    for name in files:
        assert (Path("back") / name).read_bytes() == Path(name).read_bytes()
    again = call("verify", "out.asice", "--extract", "back", *TRUST)
    assert again.status == 1
    assert "is there already" in again.err


@pytest.mark.usefixtures("desk", "card")
def test_a_container_that_is_not_the_unit_s_is_not_unpacked(call: Call) -> None:
    call("sign", "a.pdf", "--container", "out.asice", *TRUST, typed=TYPED)
    content = bytearray(Path("out.asice").read_bytes())
    content[content.index(b"a.pdf") + 40] ^= 1
    Path("out.asice").write_bytes(content)
    found = call("verify", "out.asice", "--extract", "back", *TRUST, "--json")
    assert (found.status, found.json["ok"], found.json["extracted"]) == (1, False, [])
    assert not Path("back").exists()


@pytest.mark.usefixtures("desk")
def test_an_sm2_key_signs_a_container_and_says_why_not_a_pdf(call: Call) -> None:
    authority_ = ("--ca", "sm2-ca.cer")
    files = ("花名册.csv", "--container", "o.asice")
    made = call("sign", *files, *SM2_KEY, *authority_, typed="\n")
    assert made.status == 0, made.err
    assert call("verify", "o.asice", *SM2_TRUST).status == 0
    refused = call("sign", "a.pdf", "--pdf", "--out", "s", *SM2_KEY, *authority_)
    assert refused.status == 1
    assert "an SM2 key can't sign inside a PDF" in refused.err
    assert not Path("s").exists()


@pytest.mark.usefixtures("desk", "card")
def test_a_container_that_is_there_is_kept(call: Call) -> None:
    Path("out.asice").write_text("mine")
    made = call("sign", "a.pdf", "--container", "out.asice", *TRUST, typed=TYPED)
    assert made.status == 1
    assert "PIN of" not in made.err
    assert Path("out.asice").read_text() == "mine"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "arguments",
    [
        ("sign", "a.pdf", *TRUST),
        ("sign", "a.pdf", "--pdf", *TRUST),
        ("sign", "a.pdf", "./a.pdf", "--pdf", "--out", "s", *TRUST),
        ("sign", "a.pdf", "--out", "s", "--container", "c.asice", *TRUST),
        ("sign", "a.pdf", "--pdf", "--container", "c.asice", *TRUST),
        ("sign", "a.pdf", "--out", "s", "--reason", "x", *TRUST),
        ("sign", "a.pdf", "--container", "c.asice", "--visible", *TRUST),
        ("sign", "a.pdf", "--container", "no/folder/c.asice", *TRUST),
        ("verify", "a.pdf", "--extract", "back"),
        ("verify", "花名册.csv"),
    ],
)
def test_wrong_usage_is_status_2(arguments: tuple[str, ...], call: Call) -> None:
    assert call(*arguments).status == 2


@pytest.mark.usefixtures("desk")
def test_a_pdf_without_a_signature_says_so(call: Call) -> None:
    found = call("verify", "a.pdf")
    assert found.status == 1
    assert "no signature in this PDF" in found.err
