"""A container that passes without being signed puts somebody else's figures in the unit's name."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from socialins.identity import CreditCode
from socialins.model.unit import Unit
from socialins.rules.signing import SchemeRule, SigningRules
from socialins.signing import (
    ContainerVerification,
    Document,
    KeyRefused,
    KeyTerms,
    Scheme,
    SigningError,
    sign_container,
    verify_container,
)
from socialins.signing.asic import (
    MEDIA_TYPE,
    Reference,
    folded,
    name_problem,
    read_manifest,
    write_manifest,
)
from socialins.signing.zipfiles import read_zip, write_zip
from socialins.testing.tokens import Mishap
from socialins.testing.tokens.samples import UNIT, Asked, authority, inserted, unit_key

SCHEMES = list(Scheme)
RSA, P256, SM2 = Scheme
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
FILES = {"花名册 1.csv": "姓名,工资\n王一,5000\n".encode(), "a&b.json": b"{}", "data": b"\0" * 999}
ALL = tuple(authority(scheme).certificate for scheme in SCHEMES)


class InMemory:
    """The unit's SM2 key without a file, so that properties run quickly."""

    def certificate(self) -> Any:
        return unit_key(SM2).certificate

    def sign(self, message: bytes, _scheme: Scheme, _ask: Any) -> bytes:
        return unit_key(SM2).sign(message)

    def __enter__(self) -> InMemory:
        return self

    def __exit__(self, *_about: object) -> None: ...


def opened(scheme: Scheme) -> Any:
    if scheme is SM2:
        return InMemory()
    _, signer = inserted(scheme)
    return signer.open(signer.list_tokens()[0])


def terms(at: datetime = NOW, unit: Unit = UNIT) -> KeyTerms:
    return KeyTerms(unit=unit, at=at, authorities=ALL)


def signed(scheme: Scheme, files: dict[str, bytes], **how: Any) -> bytes:
    documents = [Document(name, content) for name, content in files.items()]
    with opened(scheme) as session:
        return sign_container(session, documents, Asked(), terms(how.pop("at", NOW)), **how)


@cache
def kept(scheme: Scheme) -> bytes:
    return signed(scheme, FILES)


def checked(content: bytes, **changes: Any) -> ContainerVerification:
    return verify_container(content, **{"unit": UNIT, "authorities": ALL, **changes})


def contents(found: ContainerVerification) -> dict[str, bytes]:
    return {one.name: one.content for one in found.files}


def codes(found: ContainerVerification) -> list[str]:
    faults = [*found.faults, *(fault for one in found.signatures for fault in one.faults)]
    return [fault.code for fault in faults]


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(
    lambda name: not name_problem(name)
)


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=12, deadline=None)
@given(
    files=st.lists(
        st.tuples(NAMES, st.binary(min_size=1, max_size=300)),
        min_size=1,
        max_size=5,
        unique_by=lambda one: folded(one[0]),
    )
)
def test_any_files_sign_verify_and_come_out_as_they_went_in(
    scheme: Scheme, files: list[tuple[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = checked(signed(scheme, dict(files)))
    assert found.ok, codes(found)
    assert contents(found) == dict(files)
    folder = tmp_path_factory.mktemp("out")
    paths = found.extract(folder)
    assert {path.parent for path in paths} == {folder}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == dict(files)


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_no_flipped_bit_changes_what_comes_out_unnoticed(
    scheme: Scheme, data: st.DataObject
) -> None:
    changed = bytearray(kept(scheme))
    bit = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[bit // 8] ^= 1 << bit % 8
    found = checked(bytes(changed))
    assert not found.ok or contents(found) == FILES


@pytest.mark.parametrize("scheme", SCHEMES)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_any_flipped_bit_of_a_file_manifest_or_signature_is_noticed(
    scheme: Scheme, data: st.DataObject
) -> None:
    entries = read_zip(kept(scheme))
    name = data.draw(st.sampled_from(sorted(entries)))
    changed = bytearray(entries[name])
    bit = data.draw(st.integers(0, len(changed) * 8 - 1))
    changed[bit // 8] ^= 1 << bit % 8
    assert not checked(write_zip((entries | {name: bytes(changed)}).items())).ok


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_container_is_told_and_does_not_raise(data: st.DataObject) -> None:
    content = bytearray(kept(P256))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = checked(bytes(content[: data.draw(st.integers(0, len(content)))]))
    assert isinstance(found.to_plain("en")["ok"], bool)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_no_bytes_at_all_break_verifying_a_container(garbage: bytes) -> None:
    for content in (garbage, b"PK\x03\x04" + garbage, kept(P256) + garbage, garbage + kept(P256)):
        assert not checked(content).ok


def test_each_scheme_has_its_own_digests_in_the_manifest() -> None:
    for scheme in SCHEMES:
        manifest = read_manifest(read_zip(kept(scheme))["META-INF/ASiCManifest001.xml"])
        assert {one.sm3 for one in manifest.references} == {scheme is SM2}
        assert [one.name for one in manifest.references] == list(FILES)


def test_a_container_begins_as_the_standard_says() -> None:
    content = kept(P256)
    assert content[30 : 38 + len(MEDIA_TYPE)] == b"mimetype" + MEDIA_TYPE.encode()
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert names == [
        "mimetype",
        *FILES,
        "META-INF/ASiCManifest001.xml",
        "META-INF/signature001.p7s",
    ]


# Several signatures.


def test_s31_a_container_bears_the_old_key_s_signature_and_the_new_one_s() -> None:
    # A certificate went from RSA to SM2 within its validity: each is trusted in its span.
    both = signed(SM2, {}, onto=kept(RSA), at=NOW + timedelta(days=30))
    rules = SigningRules(
        schemes=(
            SchemeRule(scheme="rsa-pkcs1-sha256", end=NOW.date()),
            SchemeRule(scheme="sm2-sm3", start=NOW.date() + timedelta(days=1)),
        )
    )
    found = checked(both, rules=rules)
    assert [one.ok for one in found.signatures] == [True, True]
    assert contents(found) == FILES
    for at, good in (
        (NOW - timedelta(days=30), [True, False]),
        (NOW + timedelta(days=60), [False, True]),
    ):
        found = checked(both, rules=rules, at=at)
        assert [one.ok for one in found.signatures] == good
        assert codes(found) == ["signing.key-scheme"]
        assert found.ok


def test_a_signature_of_a_stranger_does_not_make_it_the_unit_s() -> None:
    other = Unit("中州另一公司", CreditCode("91990100MA0000002K"))
    found = checked(kept(P256), unit=other)
    assert not found.ok
    assert set(codes(found)) == {"signing.key-unit-name", "signing.key-credit-code"}


def test_a_container_that_is_signed_once_more_takes_no_further_files() -> None:
    with pytest.raises(ValueError, match="no further files"):
        signed(P256, {"x": b"1"}, onto=kept(RSA))


# What a signature does not cover.


def rebuilt(changes: dict[str, bytes | None], scheme: Scheme = P256) -> bytes:
    entries = read_zip(kept(scheme)) | changes
    return write_zip([(name, one) for name, one in entries.items() if one is not None])


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"more.csv": b"1"}, "signing.container-uncovered"),
        ({"META-INF/more.p7s": b"1"}, "signing.container-uncovered"),
        ({"META-INF/manifest.xml": b"1"}, "signing.container-uncovered"),
        ({"data": None}, "signing.container-missing"),
        ({"data": b"other"}, "signing.container-altered"),
        ({"META-INF/signature001.p7s": None}, "signing.container-missing"),
        ({"META-INF/ASiCManifest001.xml": None}, "signing.container-unsigned"),
        ({"META-INF/signature001.p7s": b"0\0"}, "signing.not-a-signature"),
        ({"META-INF/ASiCManifest001.xml": b"<a/>"}, "signing.container-unreadable"),
        ({"mimetype": b"application/zip"}, "signing.container-unreadable"),
        ({"../a": b"1"}, "signing.container-name"),
        ({"/etc/a": b"1"}, "signing.container-name"),
        ({"a\\b": b"1"}, "signing.container-name"),
        ({"C:a": b"1"}, "signing.container-name"),
        ({"nul.txt": b"1"}, "signing.container-name"),
        ({"DATA": b"1"}, "signing.container-unreadable"),
        ({"meta-inf/a": b"1"}, "signing.container-name"),
    ],
)
def test_what_is_not_as_it_was_signed_is_named(changes: dict[str, Any], code: str) -> None:
    found = checked(rebuilt(changes))
    assert not found.ok
    assert code in codes(found)
    with pytest.raises(SigningError):
        found.extract("nowhere")
    assert not Path("nowhere").exists()


@pytest.mark.parametrize(
    "manifest",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-a+AD4-',
        "<a/>".encode("utf-16"),
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b"\xff",
        b"",
        write_manifest("META-INF/x", []),
        write_manifest("META-INF/x", [Reference("a", "", b"\0" * 32)] * 2),
        write_manifest("META-INF/x", [Reference("a", "", b"\0" * 31)]),
    ],
)
def test_a_manifest_that_is_none_is_told(manifest: bytes) -> None:
    with pytest.raises(SigningError, match="manifest"):
        read_manifest(manifest)


# Traps in the zip file.


def zipped(*entries: tuple[str, bytes], **how: Any) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", **how) as out:
        out.writestr("mimetype", MEDIA_TYPE)
        for name, content in entries:
            out.writestr(name, content)
    return made.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_stands_there_twice_is_refused() -> None:
    for content in (
        zipped(("a", b"1"), ("a", b"2")),
        zipped(("a", b"1"), ("A", b"2")),
        zipped(("é", b"1"), ("e\u0301", b"2")),
    ):
        assert codes(checked(content)) == ["signing.container-unreadable"]


def test_an_entry_that_the_directory_does_not_list_is_noticed() -> None:
    content = kept(P256)
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        directory, last = file.start_dir, file.infolist()[-1].header_offset
    hidden = content[last:directory]
    inserted_ = bytearray(content[:directory] + hidden + content[directory:])
    end = inserted_.rindex(b"PK\x05\x06")
    at = int.from_bytes(inserted_[end + 16 : end + 20], "little") + len(hidden)
    inserted_[end + 16 : end + 20] = at.to_bytes(4, "little")
    assert zipfile.ZipFile(io.BytesIO(bytes(inserted_))).testzip() is None
    assert codes(checked(bytes(inserted_))) == ["signing.container-unreadable"]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(
        *((f"{number}", bytes(30 << 20)) for number in range(10)),
        compression=zipfile.ZIP_DEFLATED,
    )
    assert len(bomb) < 1 << 20
    tracemalloc.start()
    try:
        found = checked(bomb)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert codes(found) == ["signing.container-unreadable"]
    assert peak < 8 << 20


def test_a_size_that_is_a_lie_is_noticed_without_unpacking_more() -> None:
    bomb = bytearray(zipped(("a", bytes(64 << 20)), compression=zipfile.ZIP_DEFLATED))
    size = (64 << 20).to_bytes(4, "little")
    for _ in range(bomb.count(size)):
        at = bomb.index(size)
        bomb[at : at + 4] = (10).to_bytes(4, "little")
    tracemalloc.start()
    try:
        found = checked(bytes(bomb))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not found.ok
    assert peak < 8 << 20


def test_too_many_entries_are_refused() -> None:
    many = zipped(*((f"{number}", b"") for number in range(1_001)))
    assert codes(checked(many)) == ["signing.container-unreadable"]


def test_a_limit_of_one_s_own_holds() -> None:
    assert checked(kept(P256), most_bytes=10_000).ok
    assert not checked(kept(P256), most_bytes=1_000).ok


# Writing.


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "mimetype", "META-INF", "a.", "a\n", "CON"])
def test_a_name_that_would_be_a_trap_is_refused_before_any_pin(name: str) -> None:
    asked = Asked()
    with opened(P256) as session, pytest.raises(SigningError) as caught:
        sign_container(session, [Document(name, b"1")], asked, terms())
    assert caught.value.fault.code == "signing.container-name"
    assert asked.requests == []


def test_two_names_that_some_systems_take_for_one_are_refused() -> None:
    with opened(P256) as session, pytest.raises(SigningError) as caught:
        sign_container(
            session, [Document("a.csv", b"1"), Document("A.CSV", b"2")], Asked(), terms()
        )
    assert caught.value.fault.code == "signing.container-name"


def test_too_much_for_one_container_is_refused_before_any_pin() -> None:
    asked = Asked()
    documents = [Document(f"{number}", b"1") for number in range(901)]
    with opened(P256) as session, pytest.raises(SigningError) as caught:
        sign_container(session, documents, asked, terms())
    assert (caught.value.fault.code, asked.requests) == ("signing.container-large", [])


def test_nothing_to_sign_makes_no_container() -> None:
    with opened(P256) as session, pytest.raises(SigningError) as caught:
        sign_container(session, [], Asked(), terms())
    assert caught.value.fault.code == "signing.document-empty"


def test_a_wrong_key_signs_no_container_and_is_shown_no_pin() -> None:
    card, signer = inserted(P256)
    other = Unit("中州另一公司", CreditCode("91990100MA0000002K"))
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(KeyRefused):
        sign_container(session, [Document("a", b"1")], Asked(), terms(unit=other))
    assert card.asked["VERIFY"] == 0


def test_a_container_takes_one_verify_and_a_pulled_key_leaves_none() -> None:
    card, signer = inserted(P256)
    documents = [Document(name, content) for name, content in FILES.items()]
    with signer.open(signer.list_tokens()[0]) as session:
        sign_container(session, documents, Asked(), terms())
        assert (card.asked["VERIFY"], card.asked["SIGN"]) == (1, 1)
        card.fail("SIGN", Mishap.REMOVED)
        with pytest.raises(SigningError) as caught:
            sign_container(session, documents, Asked(), terms())
    assert caught.value.fault.code == "signing.token-removed"


def test_nothing_is_overwritten_and_no_link_is_followed(tmp_path: Path) -> None:
    found = checked(kept(P256))
    outside = tmp_path / "outside"
    outside.write_text("mine")
    for number, prepare in enumerate(
        (lambda path: path.write_text("mine"), lambda path: path.symlink_to(outside))
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        prepare(folder / "data")
        with pytest.raises(SigningError) as caught:
            found.extract(folder)
        assert caught.value.fault.code == "signing.container-exists"
        assert [path.name for path in folder.iterdir()] == ["data"]
        assert (folder / "data").read_text() == "mine"
    assert outside.read_text() == "mine"
