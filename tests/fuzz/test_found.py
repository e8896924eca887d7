"""What fuzzing found: each input again, as small as it could be made, and what it is told now."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialins.faults import Fault, FaultError, Place

for module in (
    "asn1crypto",
    "cryptography",
    "gmalg",
    "openpyxl",
    "PIL",
    "pyarrow",
    "python_calamine",
    "xlwt",
):
    pytest.importorskip(module, reason="an extra is not installed")

with pytest.MonkeyPatch.context() as patch:
    patch.syspath_prepend(str(Path(__file__).parents[2]))
    # Scripts of tools/, which are in no distribution.
    from tools.fuzz import samples
    from tools.fuzz.judge import judge
    from tools.fuzz.targets import TARGETS

HUGE = "0x" + "f" * 5000
DIGITS = "9" * 5000
Body = Callable[[bytes], bytes]


def told(name: str, data: bytes, folder: Path) -> set[str]:
    """The codes of an input's faults; nothing else happens."""
    found = judge(TARGETS[name], data, folder)
    assert found is None, found.detail
    path = folder / f"input{TARGETS[name].suffix}"
    path.write_bytes(data)
    try:
        return {fault.code for fault in TARGETS[name].read(path)}
    except FaultError as error:
        return {error.fault.code}


def changed(data: bytes, **parts: Body) -> bytes:
    """A workbook with parts changed, named by the last word of their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as made:
        for name in archive.namelist():
            body = archive.read(name)
            change = parts.get(name.rpartition("/")[2].removesuffix(".xml"))
            made.writestr(name, change(body) if change else body)
    return out.getvalue()


def replaced(old: bytes, new: bytes) -> Body:
    def change(body: bytes) -> bytes:
        assert old in body
        return body.replace(old, new, 1)

    return change


def without(first: bytes, last: bytes) -> Body:
    """A change that leaves out what stands between two marks, and the last of them."""

    def change(body: bytes) -> bytes:
        at = body.index(first) + len(first)
        return body[:at] + body[body.index(last, at) + len(last) :]

    return change


# Workbooks.


def directory(data: bytes, offset: int, value: bytes) -> bytes:
    """An archive whose list of parts says something else of the first."""
    at = data.index(b"PK\x01\x02") + offset
    return data[:at] + value + data[at + len(value) :]


def test_a_part_that_claims_two_gigabytes_is_not_made_room_for(tmp_path: Path) -> None:
    whole = changed(samples.forms_in(".xlsx")[0])
    claimed = directory(whole, 20, struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF))
    assert told("form-xlsx", claimed, tmp_path) == {"form.file.damaged"}
    claimed = directory(whole, 20, struct.pack("<I", 0x7FFFFFFF))
    assert told("form-xlsx", claimed, tmp_path) == {"form.file.damaged"}


@pytest.mark.parametrize("method", [1, 9, 12, 14, 93, 99])
def test_a_part_packed_as_no_spreadsheet_packs_is_damage(method: int, tmp_path: Path) -> None:
    whole = changed(samples.forms_in(".xlsx")[0])
    odd = directory(whole, 10, struct.pack("<H", method))
    assert told("form-xlsx", odd, tmp_path) == {"form.file.damaged"}


def test_a_part_whose_name_is_no_text_is_damage(tmp_path: Path) -> None:
    whole = bytearray(changed(samples.forms_in(".xlsx")[0]))
    whole[6:8] = struct.pack("<H", 0x800)
    whole[30] = 0xFF
    assert told("form-xlsx", bytes(whole), tmp_path) == {"form.file.damaged"}


def test_what_is_wrong_with_an_archive_is_said_in_a_line(tmp_path: Path) -> None:
    whole = changed(samples.forms_in(".xlsx")[0])
    # The name at the part itself goes on into what the part holds.
    long = whole[:26] + struct.pack("<H", 3000) + whole[28:]
    assert told("form-xlsx", long, tmp_path) == {"form.file.damaged"}
    path = tmp_path / "input.xlsx"
    with pytest.raises(FaultError) as caught:
        samples.forms()[0].read(path)
    assert len(caught.value.fault.message("en")) < 200


def test_a_workbook_without_a_sheet_holds_no_payments(tmp_path: Path) -> None:
    empty = changed(samples.payments(".xlsx")[0], workbook=without(b"<sheets>", b"/>"))
    assert told("payments-xlsx", empty, tmp_path) == {"form.file.empty"}


def test_a_style_that_is_missing_is_not_told_on_standard_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    styles = without(b"<cellStyleXfs", b"</cellStyleXfs>")
    odd = changed(
        samples.rosters(".xlsx")[2],
        styles=lambda body: styles(body).replace(b"<cellStyleXfs", b"<cellStyleXfs/>", 1),
    )
    (tmp_path / "roster.xlsx").write_bytes(odd)
    with pytest.raises(FaultError):
        samples.region().read_roster(tmp_path / "roster.xlsx", "2026-11")
    assert capfd.readouterr() == ("", "")


def test_a_workbook_that_can_be_read_and_not_written_back_is_told(tmp_path: Path) -> None:
    day = b'<c r="J1" s="1" t="d"></c></row>'
    odd = changed(samples.forms_in(".xlsx")[0], sheet1=replaced(b"</row>", day))
    assert told("mark-xlsx", odd, tmp_path) == {"form.file.damaged"}


def test_a_sheet_without_a_name_can_be_read_and_not_written_back(tmp_path: Path) -> None:
    rows = samples.forms_in(".xlsx")[0]
    odd = changed(rows, workbook=replaced('name="名单"'.encode(), b'name=""'))
    assert told("form-xlsx", odd, tmp_path) == set()
    assert told("mark-xlsx", odd, tmp_path) == {"form.file.damaged"}


def test_a_workbook_that_openpyxl_stumbles_over_is_not_left_open(tmp_path: Path) -> None:
    from socialins.forms.fullbook import load_whole
    from socialins.forms.sheets import Limits

    odd = changed(samples.forms_in(".xlsx")[0], sheet1=lambda body: body[:-20])
    path = tmp_path / "list.xlsx"
    path.write_bytes(odd)
    with pytest.raises(FaultError) as caught:
        load_whole(path, Limits())
    assert caught.value.fault.code == "form.file.damaged"
    held = [
        frame.f_locals["file"]
        for frame in frames(caught.value)
        if getattr(frame.f_locals.get("file"), "name", None) == str(path)
    ]
    assert all(file.closed for file in held)
    assert held


def frames(error: BaseException) -> list[object]:
    """The frames that an error, and what caused it, went through."""
    found: list[object] = []
    one: BaseException | None = error
    while one is not None:
        trace = one.__traceback__
        while trace is not None:
            found.append(trace.tb_frame)
            trace = trace.tb_next
        one = one.__cause__
    return found


def test_the_fast_reader_takes_no_text_that_its_cell_does_not_say_it_has(tmp_path: Path) -> None:
    from socialins.bulk.people_reading import read_people
    from socialins.values import Month

    plain = samples.rosters(".xlsx")[3]
    odd = changed(plain, sheet1=replaced(b't="inlineStr"><is><t>', b't="inl"><is><t>'))
    twice = changed(plain, sheet1=replaced(b"</t></is>", b"</t><t>x</t></is>"))
    assert told("roster-xlsx", plain, tmp_path) == {"roster.column.unknown"}
    told("roster-xlsx", odd, tmp_path)
    told("roster-xlsx", twice, tmp_path)
    for data, is_read in ((plain, True), (odd, False), (twice, False)):
        path = tmp_path / "roster.xlsx"
        path.write_bytes(data)
        read = read_people(path, Month.of("2026-11"), samples.region().cascade, least=0)
        assert (read is not None) is is_read


def test_sheets_that_share_one_place_are_not_read_again_and_again(tmp_path: Path) -> None:
    from socialins.forms.opening import open_book
    from socialins.forms.sheets import Limits

    relations = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    one = b'<sheet name="A%d" sheetId="%d" xmlns:r="' + relations + b'" r:id="rId1"/>'
    many = b"".join(one % (number, number) for number in range(10, 1100))
    odd = changed(
        samples.forms_in(".xlsx")[0], workbook=replaced(b"</sheets>", many + b"</sheets>")
    )
    assert told("form-xlsx", odd, tmp_path) == {"form.file.bomb"}
    old = samples.forms_in(".xls")[1]
    path = tmp_path / "list.xls"
    path.write_bytes(old)
    (sheet,) = open_book(path, Limits()).sheets
    cells = sum(len(row.cells) for row in sheet.rows())
    open_book(path, Limits(cells=cells + 5))
    # The record of the sheet stands once more, in the place of the one that names a user.
    found = dict(records(old))
    sheet_record, user_record = found[0x0085], found[0x005C]
    rest = len(user_record) - len(sheet_record) - 4
    filler = struct.pack("<HH", 0x005C, rest) + bytes(rest)
    twice = old.replace(user_record, sheet_record + filler, 1)
    assert len(twice) == len(old)
    path.write_bytes(twice)
    with pytest.raises(FaultError) as caught:
        open_book(path, Limits(cells=cells + 5))
    assert caught.value.fault.code == "form.file.bomb"
    assert len(open_book(path, Limits(cells=2 * cells + 10)).sheets) == 2


def records(old: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of an old workbook, whose stream lies in one piece, by kind."""
    at = 512
    while at + 4 <= len(old):
        kind, size = struct.unpack_from("<HH", old, at)
        if kind == size == 0:
            return
        yield kind, old[at : at + 4 + size]
        at += 4 + size


# Text.


@pytest.mark.parametrize("number", [HUGE, "1e999999999", "1e9999999999999999999999", "nan", "-inf"])
@pytest.mark.parametrize("key", ["total_wages = {}", "injury_class = {}", "[[injury]]\nclass = {}"])
def test_a_number_that_nobody_can_write_out_is_a_fault(
    key: str, number: str, tmp_path: Path
) -> None:
    assert told("unit", key.format(number).encode(), tmp_path)


def test_months_that_are_huge_numbers_are_a_fault(tmp_path: Path) -> None:
    text = f'[[injury]]\nrate = "0.1%"\nfrom = {HUGE}\n'
    assert told("unit", text.encode(), tmp_path) == {"unit.file"}


@pytest.mark.parametrize("number", [HUGE, DIGITS, "-" + HUGE[:40], "-999999999999"])
@pytest.mark.parametrize("key", ["length", "pad_from"])
def test_a_number_shape_of_any_length_takes_no_memory(
    key: str, number: str, tmp_path: Path
) -> None:
    (text,) = [one.decode() for one in samples.rule_files() if b"pad_from = " in one]
    at = text.index(f"\n{key} = ") + 1
    odd = text[:at] + f"{key} = {number}" + text[text.index("\n", at) :]
    assert "rules.invalid" in told("rules", odd.encode(), tmp_path)


@pytest.mark.parametrize("key", ["to_column", "row", "header_row", "width"])
def test_a_paper_of_any_width_takes_no_time(key: str, tmp_path: Path) -> None:
    text = next(one.decode() for one in samples.rule_files() if b"to_column = " in one)
    at = text.index(f"\n{key} = ") + 1
    for number in ("999999999999", HUGE):
        odd = text[:at] + f"{key} = {number}" + text[text.index("\n", at) :]
        assert "form.invalid" in told("rules", odd.encode(), tmp_path)


def test_a_line_nested_without_end_breaks_a_journal_and_nothing_else(tmp_path: Path) -> None:
    deep = b'{"version":' + b"[" * 100_000 + b"\n"
    assert told("journal", deep, tmp_path) == {"filing.journal-broken"}


def test_half_a_character_breaks_a_journal_before_anybody_writes_it(tmp_path: Path) -> None:
    (whole,) = samples.journals()
    assert told("journal", whole, tmp_path) == set()
    odd = whole.replace("王一".encode(), b"\\ud83d")
    assert told("journal", odd, tmp_path) == {"filing.journal-broken"}
    raw = whole.replace("王一".encode(), b"\xed\xa0\xbd")
    assert told("journal", raw, tmp_path) == {"filing.journal-broken"}
    escaped = whole.replace("王一".encode(), b"\\ud83d\\ude00")
    assert told("journal", escaped, tmp_path) == set()


def test_a_payment_in_a_year_that_nobody_lives_to_see_is_a_fault(tmp_path: Path) -> None:
    rows = "缴款单号,缴款日期,金额\nA2,3026/1/6,9\n"
    assert told("payments-csv", rows.encode(), tmp_path) == {"form.date.unreadable"}


def test_a_table_that_breaks_off_inside_is_told_as_one_that_is_none(tmp_path: Path) -> None:
    whole = samples.tables()[0]
    assert told("table", whole, tmp_path) == set()
    odd = whole[:4] + b"\xff" * 40 + whole[44:]
    assert told("table", odd, tmp_path) == {"bulk.source"}
    named = whole.replace(b"wage_fen", b"wage\xfffen")
    assert told("table", named, tmp_path) == {"bulk.source"}
    texts = whole.replace(b"0.2%", b"0.2\xff")
    assert told("table", texts, tmp_path) == {"bulk.column-type"}


def test_a_picture_of_a_palette_that_is_not_there_is_damaged(tmp_path: Path) -> None:
    png = next(one for one in samples.pictures() if b"PLTE" in one)
    at = png.index(b"PLTE") - 4
    (size,) = struct.unpack_from(">I", png, at)
    odd = png[:at] + png[at + 12 + size :]
    assert "attachment.damaged" in told("picture", odd, tmp_path)


# Texts of faults.


def test_what_a_file_says_can_not_move_the_cursor_of_a_terminal() -> None:
    said = "a\x1b[2J\x07\x9b\u202eb\ud800"
    place = Place(file=f"{said}.xls", sheet=said, column=said)
    fault = Fault("form.file.damaged", {"reason": said}, place)
    for text in (fault.message("zh"), fault.message("en"), str(fault), place.describe("zh")):
        assert "\ufffd" in text
        assert not set(text) & set("\x1b\x07\x9b\u202e\ud800")
        text.encode()


def test_what_a_file_says_does_not_fill_the_screen() -> None:
    fault = Fault("form.file.damaged", {"reason": "x" * 1_000_000}, Place(field="y" * 1_000_000))
    assert len(fault.message("en")) < 1200
    assert len(str(fault)) < 2400


# Keys and signatures.

AT = datetime(2026, 11, 3, tzinfo=UTC)


def test_certificates_of_one_name_do_not_take_for_ever() -> None:
    from socialins.signing import Scheme
    from socialins.signing.trust import check_chain
    from socialins.testing.tokens.authority import VirtualAuthority
    from socialins.testing.tokens.samples import authority

    scheme = Scheme.ECDSA_P256_SHA256
    many = [VirtualAuthority(scheme, "一名").certificate for _ in range(20)]
    trusted = (authority(scheme).certificate,)
    (fault,) = check_chain(many[0], trusted, AT, between=many[1:])
    assert fault.code == "signing.key-untrusted"


def test_a_signature_with_many_certificates_or_of_many_bytes_is_refused(tmp_path: Path) -> None:
    from asn1crypto import cms

    whole = cms.ContentInfo.load(samples.signatures()[1])
    one = whole["content"]["certificates"][0]
    whole["content"]["certificates"] = [one] * 60
    assert "signing.not-a-signature" in told("signature", whole.dump(force=True), tmp_path)
    assert "signing.not-a-signature" in told("signature", b"0" * 300_000, tmp_path)


def test_a_password_that_would_take_minutes_to_try_is_not_tried(tmp_path: Path) -> None:
    from asn1crypto import keys, pkcs12

    whole = pkcs12.Pfx.load(samples.keys()[1])
    whole["mac_data"]["iterations"] = 2**31 - 1
    assert told("pkcs12", whole.dump(force=True), tmp_path) == {"signing.file-unreadable"}
    key = keys.EncryptedPrivateKeyInfo.load(samples.sm2_keys()[2])
    how = key["encryption_algorithm"]["parameters"]["key_derivation_func"]
    how["parameters"]["iteration_count"] = 2**31 - 1
    assert told("sm2-key", key.dump(force=True), tmp_path) == {"signing.file-unreadable"}
