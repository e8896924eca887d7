"""Samples: sound files of each kind, made by the library's own writers, to begin from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from socialins.facade import Region
from socialins.forms.papers import Form
from socialins.forms.papers.catalogue import parse_form
from socialins.forms.rosterfile import write_roster
from socialins.identity import IdDocument, parse_document
from socialins.model import DeclaredWage, InsuredPerson
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import Unit, UnitAccount
from socialins.settlement.settlement import Settlement
from socialins.testing.middle import middle
from socialins.values import Money, Rate

__all__ = [
    "CONTENT",
    "PASSWORD",
    "bill",
    "certificates",
    "exports",
    "forms",
    "forms_in",
    "journals",
    "keys",
    "lines",
    "lists",
    "payments",
    "pictures",
    "region",
    "revocations",
    "roster",
    "rosters",
    "rule_files",
    "signatures",
    "sm2_keys",
    "tables",
    "templates",
    "unit_files",
    "workbooks",
]

NUMBER = "11010519491231002X"
CONTENT = "单位社保申报 2026-11".encode()
PASSWORD = b"246813"
AT = datetime(2026, 11, 3, 2, tzinfo=UTC)

_LIST: dict[str, Any] = {
    "division": "990100",
    "id": "staff.list",
    "business": "staff.add",
    "title": {"zh": "名单", "en": "list"},
    "mark": "C",
    "sources": {"made-up": {"title": "名单", "seen": "made up for tests"}},
    "sheet": "名单",
    "formats": ["xlsx", "xls", "csv", "fixed", "jsonl"],
    "columns": [
        {"field": "name", "header": "姓名", "type": "name", "required": True, "length": 60},
        {"field": "wage", "header": "申报工资", "type": "wage", "length": 16},
        {"field": "id_number", "header": "证件号码", "type": "id-number", "length": 20},
        {"field": "day", "header": "参保日期", "type": "date", "length": 10},
        {"field": "period", "header": "费款所属期", "type": "month", "length": 7},
    ],
}


@cache
def region() -> Region:
    """The fictional region."""
    return middle()


@cache
def forms() -> tuple[Form, ...]:
    """Its forms, and a plain one in all formats."""
    return Form(parse_form(_LIST, "list.toml"), region().cascade), *region().forms.values()


def _filled(form: Form) -> Iterator[Any]:
    some = {"name": "张三", "wage": "5000.50", "id_number": NUMBER}
    whole = {"day": "2026-11-01", "period": "2026-11", "reason": "11", "pension": True}
    whole |= {"added_on": "2026-11-01", "payer_number": "1"}
    rows = [
        some,
        {"name": "李四", "wage": "6000", "id_number": "E12345678"},
        some | {"name": "王·五"},
    ]
    given = {key: value for key, value in whole.items() if key in form.fields | form.blanks.keys()}
    unit = Unit("中州机械(集团)有限公司")
    for count in (1, 3):
        yield form.fill(rows[:count], UnitAccount(unit, number="1"), month="2026-11", **given)


def forms_in(suffix: str) -> tuple[bytes, ...]:
    """Forms filled in, in one format."""
    found = []
    with TemporaryDirectory() as folder:
        for form in forms():
            if suffix not in form.layout.suffixes:
                continue
            for number, filled in enumerate(_filled(form)):
                path = Path(folder, f"{form.id}-{number}{suffix}")
                filled.save(path)
                found.append(path.read_bytes())
    return tuple(found)


def templates(suffix: str) -> tuple[bytes, ...]:
    """Workbooks with headings and room below them."""
    import openpyxl
    from openpyxl.worksheet.datavalidation import DataValidation

    made: Any = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "名单"
    sheet.append(["名单"])
    sheet.merge_cells("A1:E1")
    sheet.append([column["header"] for column in _LIST["columns"]])
    validation = DataValidation(type="list", formula1='"张三,李四"', allow_blank=True)
    validation.add("A3:A9")
    sheet.add_data_validation(validation)
    sheet["B3"].number_format = "0.00"
    sheet["D3"].number_format = "yyyy-mm-dd"
    made.create_sheet("填表说明").append(["请如实填写"])
    out = io.BytesIO()
    made.save(out)
    with TemporaryDirectory() as folder:
        path = Path(folder, f"empty{suffix}")
        forms()[0].fill([]).save(path)
        return out.getvalue(), path.read_bytes()


@cache
def roster() -> Roster:
    """A roster of three."""
    numbers = (NUMBER, "E12345678", "E87654321")
    entries = [
        RosterEntry(
            InsuredPerson(
                f"某{index}", parse_document(one) if index == 0 else IdDocument("passport", one)
            ),
            DeclaredWage(Money.yuan("8000.50") + Money(index)),
            injury_rate=Rate("0.2%"),
        )
        for index, one in enumerate(numbers)
    ]
    return Roster("2026-11", entries)


def rosters(suffix: str) -> tuple[bytes, ...]:
    """Rosters in the library's own layout, and as people write them."""
    found = []
    with TemporaryDirectory() as folder:
        for lang in ("zh", "en") if suffix != ".xls" else ():
            path = Path(folder, f"{lang}{suffix}")
            write_roster(roster(), path, lang)
            found.append(path.read_bytes())
    rows = [
        ("2026年11月职工名单",),
        ("序号", "姓名", "身份证号码", "申报工资", "户籍性质", "参保险种"),
        (1, "张三", NUMBER, 5000.5, "城镇", "养老、工伤"),
        (2, "李四", "E12345678", "６０００", "农业", None),
        ("合计", None, None, 11000.5),
    ]
    made = (*found, _table(rows, suffix))
    return (*made, _new(_PLAIN, plain=True)) if suffix == ".xlsx" else made


_PLAIN = (
    ("姓名", "证件号码", "申报工资", "证件类型", "户籍", "险种", "性别", "备注"),
    ("张三", NUMBER, 5000.5, "居民身份证", "本地城镇", "养老、失业", "女", None),
    ("李四", "E12345678", 6000.25, "护照", "外埠农村", None, None, "新"),
    ("王五", "E87654321", 7000.75, None, "rural-local", "all", "男", None),
)


@cache
def bill() -> Settlement:
    """The bill of the roster."""
    return region().settle(roster(), strict=False)


def exports(suffix: str) -> tuple[bytes, ...]:
    """Details as the tax side's client exports them."""
    head = (
        "序号",
        "姓名",
        "证件类型",
        "证件号码",
        "缴费工资",
        "缴费基数",
        "费率",
        "应缴费额",
        "人员编号",
    )
    rows = [
        (1, "某0", "居民身份证", NUMBER, 8000.5, 8000.5, 0.16, 1280.08, "001"),
        (2, "某1", "护照", "E12345678", "8000.51", "8000.51", "16%", "1280.08", "002"),
        ("合计", None, None, None, None, None, None, 2560.16, None),
    ]
    more = (*head, "减免费额", "应补(退)费额", "征收项目", "征收品目", "费款所属期")
    said = [
        (*row, 0, row[7], "基本养老保险费", "基本养老保险（单位缴纳）", "2026-11")
        for row in rows[:2]
    ]
    found = _table([("养老保险",), head, *rows], suffix), _table([more, *said], suffix)
    return (*found, _new([more, *said], plain=True)) if suffix == ".xlsx" else found


def workbooks(suffix: str) -> tuple[bytes, ...]:
    """Workbooks by several writers."""
    import rustpy_xlsxwriter

    rows = [
        {"姓名": f"某{number}", "申报工资": 5000.5 + number, "备注": None} for number in range(3)
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder, "fast.xlsx")
        rustpy_xlsxwriter.write_worksheet(rows, str(path), "名单")
        fast = path.read_bytes()
    return (fast, *forms_in(suffix)[::2], *rosters(suffix)[1:], *exports(suffix)[:1])


def payments(suffix: str) -> tuple[bytes, ...]:
    """Payments as somebody lists them."""
    rows = [
        ("缴款单号", "缴款日期", "金额", "费款所属期"),
        ("A1", "2026-11-15", "1,234.50", "2026-11"),
        ("A2", date(2026, 11, 16) if suffix != ".csv" else "2026/11/16", 99.99, None),
    ]
    return (_table(rows, suffix),)


def lists(suffix: str) -> tuple[bytes, ...]:
    """People whose cards are asked for."""
    rows = [
        ("姓名", "证件号码", "照片"),
        ("张三", NUMBER, "a.jpg"),
        ("李四", "E12345678", "../b.jpg"),
    ]
    return (_table(rows, suffix),)


def _table(rows: Sequence[Sequence[Any]], suffix: str) -> bytes:
    makers = {".csv": _text, ".xls": _old, ".xlsx": _new}
    return makers[suffix](rows)


def _text(rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["" if one is None else one for one in row] for row in rows])
    return out.getvalue().encode("gb18030")


def _new(rows: Sequence[Sequence[Any]], *, plain: bool = False) -> bytes:
    import openpyxl

    made: Any = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    if not plain:
        made.active.column_dimensions["B"].width = 20
        made.active["C2"].number_format = "0.00%"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _old(rows: Sequence[Sequence[Any]]) -> bytes:
    import xlwt

    made = xlwt.Workbook(encoding="utf-8")
    sheet = made.add_sheet("名单")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write(number, column, value, day)
            elif value is not None:
                sheet.write(number, column, value)
    sheet.write(len(rows) + 1, 0, xlwt.Formula("1+1"))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def tables() -> tuple[bytes, ...]:
    """Tables in Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "wage_fen": [800_000, 1, -1] * 20,
            "injury_rate": ["0.2%", None, "x"] * 20,
            "name": ["甲", "乙", "丙"] * 20,
        }
    )
    found = []
    for packing in ("none", "snappy"):
        out = io.BytesIO()
        pq.write_table(table, out, compression=packing, row_group_size=30)
        found.append(out.getvalue())
    return tuple(found)


def pictures() -> tuple[bytes, ...]:
    """A portrait, and pictures of every format, small enough to be decoded by the thousand."""
    from PIL import Image, ImageDraw

    found = []
    portrait = Image.new("RGB", (420, 520), (255, 255, 255))
    draw = ImageDraw.Draw(portrait)
    draw.ellipse((120, 100, 300, 350), fill=(220, 180, 150))
    draw.ellipse((40, 360, 380, 700), fill=(40, 60, 90))
    out = io.BytesIO()
    portrait.save(out, "jpeg", quality=85, dpi=(300, 300))
    found.append(out.getvalue())
    picture = Image.effect_noise((60, 74), 40).convert("RGB")
    hows: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("jpeg", "RGB", {"quality": 80, "dpi": (300, 300)}),
        ("jpeg", "L", {"progressive": True}),
        ("jpeg", "CMYK", {}),
        ("png", "RGB", {}),
        ("png", "P", {}),
        ("png", "RGBA", {}),
        ("png", "I;16", {}),
        ("png", "1", {}),
        ("gif", "P", {}),
        ("bmp", "RGB", {}),
        ("bmp", "P", {}),
        ("webp", "RGB", {}),
        ("webp", "RGBA", {"lossless": True}),
    )
    for kind, mode, how in hows:
        out = io.BytesIO()
        shown = picture.convert("L") if mode == "I;16" else picture
        shown.convert(mode).save(out, kind, **how)
        found.append(out.getvalue())
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    picture.save(out, "jpeg", exif=exif)
    return (*found, out.getvalue())


def lines() -> tuple[bytes, ...]:
    """Exports of a journal."""
    from socialins.store import SqliteStore, export_lines
    from socialins.store.record import Record

    with TemporaryDirectory() as folder, SqliteStore(Path(folder, "a.db")) as store:
        empty = "".join(export_lines(store)).encode()
        for number in range(3):
            made = Record(type="noted", at=AT, payload={"n": number, "名": ["甲", 1.5, None]})
            store.append(f"filing/{number % 2}", [made], number // 2)
        return empty, "".join(export_lines(store)).encode()


def journals() -> tuple[bytes, ...]:
    """Journals of filings in one file."""
    from socialins.filing.changes import Change
    from socialins.filing.events import BookOpened, Drafted, Submitted
    from socialins.filing.journal import FileJournal
    from socialins.rules.business import Channel
    from socialins.values import Month

    month = Month(2026, 11)
    person = InsuredPerson("王一", IdDocument("passport", "E12345678"))
    row = Change(row="1", person=person, wage=Money.yuan("5000"))
    events = (
        BookOpened(at=AT, account="A", division="990100", month=month),
        Drafted(at=AT, declaration="d1", business="join", channel=Channel.ONLINE, rows=(row,)),
        Submitted(at=AT, declaration="d1", effect=month),
    )
    with TemporaryDirectory() as folder:
        journal = FileJournal(Path(folder, "book.jsonl"))
        journal.append(events[:1], 0)
        journal.append(events[1:], 1)
        return (journal.path.read_bytes(),)


def rule_files() -> tuple[bytes, ...]:
    """Rule files, layouts of forms and of exports."""
    package = files("socialins.testing.middle")
    return tuple(
        one.read_bytes()
        for folder in ("rules", "forms", "exports")
        for one in sorted(package.joinpath(folder).iterdir(), key=lambda file: file.name)
        if one.name.endswith(".toml")
    )


def unit_files() -> tuple[bytes, ...]:
    """Files of a unit's account."""
    return (
        'name = "中州某某有限公司"\ncredit_code = "91990100MA0000001G"\nnumber = "0000000001"\n'
        'account_type = "enterprise"\nsize = "small"\ninjury_rate = "0.2%"\n'
        'total_wages = "1234567.00"\ninsurances = ["pension", "injury"]\n'.encode(),
        'name = "中州"\n[[injury]]\nclass = 1\nband = "120%"\nfrom = "2026-01"\nto = "2026-06"\n'
        '[[injury]]\nrate = "0.2%"\nfrom = "2026-07"\n'.encode(),
    )


def certificates() -> tuple[bytes, ...]:
    """Certificates of every scheme, in DER and PEM."""
    from asn1crypto import pem

    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import authority, unit_key

    made = [
        one.certificate.der for scheme in Scheme for one in (authority(scheme), unit_key(scheme))
    ]
    return (*made, b"".join(pem.armor("CERTIFICATE", one) for one in made[:2]))


def revocations() -> tuple[bytes, ...]:
    """Revocation lists."""
    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import authority, unit_key

    return tuple(
        authority(scheme).revoke([unit_key(scheme).certificate], AT).der for scheme in Scheme
    )


def signatures() -> tuple[bytes, ...]:
    """Detached signatures of `CONTENT` by every scheme."""
    from socialins.signing import Scheme
    from socialins.signing.cms import sign_cms
    from socialins.testing.tokens.samples import Asked, inserted

    made = []
    for scheme in (Scheme.RSA_PKCS1_SHA256, Scheme.ECDSA_P256_SHA256, Scheme.SM2_SM3):
        session = (
            _memory_session() if scheme is Scheme.SM2_SM3 else _card_session(inserted(scheme)[1])
        )
        made.append(sign_cms(session, CONTENT, Asked(), at=AT))
    return tuple(made)


def _card_session(signer: Any) -> Any:
    return signer.open(signer.list_tokens()[0])


def _memory_session() -> Any:
    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import unit_key

    class Memory:
        def certificate(self) -> Any:
            return unit_key(Scheme.SM2_SM3).certificate

        def sign(self, message: bytes, _scheme: Scheme, _ask: Callable[..., Any]) -> bytes:
            return unit_key(Scheme.SM2_SM3).sign(message)

    return Memory()


def keys() -> tuple[bytes, ...]:
    """Key files in PKCS#12."""
    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import unit_key

    key = unit_key(Scheme.ECDSA_P256_SHA256)
    return key.pkcs12(PASSWORD, clear_certificate=True), key.pkcs12(PASSWORD)


def sm2_keys() -> tuple[bytes, ...]:
    """SM2 keys in PKCS#8: in the clear, and encrypted."""
    from asn1crypto import pem

    from socialins.signing import Scheme
    from socialins.testing.tokens.samples import unit_key

    plain = unit_key(Scheme.SM2_SM3).pkcs8()
    return plain, bytes(pem.armor("PRIVATE KEY", plain)), _encrypted(plain)


def _encrypted(plain: bytes) -> bytes:
    from asn1crypto import algos, core, keys as asn1keys
    from cryptography.hazmat.primitives import hashes, padding
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

    salt, start = bytes(16), bytes(16)
    key = PBKDF2HMAC(hashes.SHA256(), 16, salt, 1000).derive(PASSWORD)
    padder = padding.PKCS7(128).padder()
    whole = padder.update(plain) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    kdf = {
        "algorithm": "pbkdf2",
        "parameters": {
            "salt": algos.Pbkdf2Salt("specified", core.OctetString(salt)),
            "iteration_count": 1000,
            "prf": {"algorithm": "sha256"},
        },
    }
    scheme = {"algorithm": "aes128_cbc", "parameters": start}
    info = asn1keys.EncryptedPrivateKeyInfo(
        {
            "encryption_algorithm": {
                "algorithm": "pbes2",
                "parameters": {"key_derivation_func": kdf, "encryption_scheme": scheme},
            },
            "encrypted_data": encryptor.update(whole) + encryptor.finalize(),
        }
    )
    return bytes(info.dump())
