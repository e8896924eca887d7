"""Archives: a workbook unpacked, one part of it changed, and packed again."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zipfile
import zlib
from random import Random

from tools.fuzz.draws import NUMBERS, WORDS, Change, pick

__all__ = ["change_archive"]

_ELEMENT = re.compile(rb"<([A-Za-z:]+)(?:\s[^<>]*)?(?:/>|>[^<]*</\1>)")
_TAG = re.compile(rb"<[^<>?!][^<>]*>")
_ATTRIBUTE = re.compile(rb'(\s[\w:]+=)"([^"]*)"')
_TEXT = re.compile(rb">([^<>]+)<")
_REFS = (
    *(
        "A1",
        "XFD1048576",
        "XFE1",
        "A1048577",
        "A0",
        "ZZZZ1",
        "A1:XFD1048576",
        "A1:A1:A1",
        "1A",
        "A",
    ),
    *("$A$1", "a1", "A1 B2", "AAA", "", "A99999999999999999999", "B2", "C2"),
)
_TYPES = ("s", "n", "b", "e", "str", "inlineStr", "d", "x", "")
_BITS = (
    b'<c r="A2" t="s"><v>99999999</v></c>',
    b'<c r="B2" t="s"><v>-1</v></c>',
    b'<c r="B2" t="b"><v>2</v></c>',
    b'<c r="B2" t="d"><v>2026-13-45</v></c>',
    b'<c r="B2" s="99999"><v>1</v></c>',
    b'<c r="B2" s="1"><v>1e309</v></c>',
    b'<c r="B2"><f>1/0</f></c>',
    b'<c r="B2"><f t="shared" si="9" ref="A1:XFD1048576"/><v/></c>',
    b'<c r="B2" t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c>',
    b'<c r="XFD1048576"><v>1</v></c>',
    b'<row r="1048577"/>',
    b'<row r="-1"><c><v>1</v></c></row>',
    b'<row r="2" hidden="1" spans="1:99999999"/>',
    b'<mergeCell ref="A1:XFD1048576"/>',
    b'<mergeCells count="99"><mergeCell ref="A1:C9"/></mergeCells>',
    b'<dimension ref="A1:XFD1048576"/>',
    b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d SYSTEM "file:///etc/passwd">]>',
    b"&b;&#0;&#xFFFF;",
    b"<!-- -- >",
    b"<![CDATA[<row>]]>",
    b"<?xml version='1.1' encoding='utf-7'?>",
    b"<a>" * 2000,
    b'<numFmt numFmtId="164" formatCode="yyyy\\-[$-804]m\xe6\x9c\x88"/>',
    b'<xf numFmtId="-1"/>',
    b'<conditionalFormatting sqref="A1:"><cfRule type="x" priority="a"/></conditionalFormatting>',
    b'<dataValidation sqref="A1:XFD1048576" type="list"/>',
    b'<sheet name="x" sheetId="1" r:id="rId1"/>',
    b'<definedName name="_xlnm.Print_Area" localSheetId="9">#REF!</definedName>',
    b'<workbookPr date1904="1"/>',
    b'<si><t xml:space="preserve"> </t></si>',
    b"<si/>" * 50,
)
_ENCODINGS = ("utf-16", "utf-16-be", "utf-16-le", "gb18030", "utf-7", "latin-1", "utf-8-sig")
Part = tuple[str, bytes]


def change_archive(draw: Random, data: bytes, change: Change) -> bytes:
    """An archive with a part, or its list of parts, changed."""
    what = draw.random()
    if what < 0.1:
        return change(data)
    try:
        parts = _unpack(data)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):
        return change(data)
    if not parts:
        return change(data)
    if what < 0.2:
        return _change_directory(draw, data)
    if what < 0.3:
        _change_list(draw, parts)
    else:
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            at = _chosen(draw, parts)
            name, body = parts[at]
            parts[at] = name, _change_part(draw, body, change)
    return _pack(draw, parts)


def _unpack(data: bytes) -> list[Part]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > 200 or sum(one.file_size for one in entries) > 3_000_000:
            return []
        return [(one.filename, archive.read(one)) for one in entries]


def _pack(draw: Random, parts: list[Part]) -> bytes:
    how = draw.choice((zipfile.ZIP_STORED, zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", how) as archive:
        warnings.simplefilter("ignore")  # of names that stand twice
        for name, body in parts:
            archive.writestr(zipfile.ZipInfo(name or "x"), body, compress_type=how)
    return out.getvalue()


def _chosen(draw: Random, parts: list[Part]) -> int:
    """A part, mostly one that holds cells or says how they look."""
    telling = [
        at
        for at, (name, _) in enumerate(parts)
        if any(word in name for word in ("sheet", "Strings", "styles", "workbook"))
    ]
    return draw.choice(telling) if telling and draw.random() < 0.9 else draw.randrange(len(parts))


def _change_list(draw: Random, parts: list[Part]) -> None:
    at, other = draw.randrange(len(parts)), draw.randrange(len(parts))
    name, body = parts[at]
    what = draw.randrange(7)
    if what == 0:
        del parts[at]
    elif what == 1:
        parts.append((name, parts[other][1]))
    elif what == 2:
        parts[at] = (name.upper() if draw.random() < 0.3 else "../" + name, body)
    elif what == 3:
        parts[at] = (name, b"")
    elif what == 4:
        parts[at] = (name, parts[other][1])
    elif what == 5:
        parts.append(
            (draw.choice(("xl/vbaProject.bin", "mimetype", "/etc/passwd", "..\\a", "a\0b")), b"x")
        )
    else:
        parts[at], parts[other] = parts[other], parts[at]


def _change_directory(draw: Random, data: bytes) -> bytes:
    """What an archive says of its parts: flags, method, sizes, places, names."""
    raw = bytearray(data)
    heads = [match.start() for match in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", data)]
    at = draw.choice(heads or [0]) + draw.randrange(4, 46)
    size = draw.choice((1, 2, 4))
    value = draw.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFF, draw.getrandbits(16)))
    if at + 4 <= len(raw):
        raw[at : at + size] = struct.pack("<I", value)[:size]
    return bytes(raw)


def _change_part(draw: Random, body: bytes, change: Change) -> bytes:
    what = draw.random()
    if what < 0.2 or b"<" not in body:
        return change(body)
    if what < 0.45:
        return _attribute_changed(draw, body)
    if what < 0.6:
        found = list(_TEXT.finditer(body))
        if not found:
            return change(body)
        at, end = draw.choice(found).span(1)
        return body[:at] + _escaped(draw, pick(draw, NUMBERS, WORDS)) + body[end:]
    if what < 0.75:
        tags = list(_TAG.finditer(body))
        at = draw.choice(tags).end() if tags else 0
        return body[:at] + draw.choice(_BITS) + body[at:]
    if what < 0.93:
        elements = list(_ELEMENT.finditer(body))
        if not elements:
            return change(body)
        at, end = draw.choice(elements).span()
        times = draw.choice((0, 0, 2, 3, 300))
        return body[:at] + body[at:end] * times + body[end:]
    if what < 0.97:
        return body[: draw.randrange(len(body) + 1)]
    try:
        encoding = draw.choice(_ENCODINGS)
        return body.decode("utf-8").replace("UTF-8", encoding, 1).encode(encoding, "ignore")
    except UnicodeDecodeError:
        return change(body)


def _attribute_changed(draw: Random, body: bytes) -> bytes:
    found = list(_ATTRIBUTE.finditer(body))
    if not found:
        return body
    match = draw.choice(found)
    name = match[1].strip(b" =\r\n\t")
    options = {b"r": _REFS, b"ref": _REFS, b"sqref": _REFS, b"t": _TYPES}.get(name)
    if options is None or draw.random() < 0.2:
        value = pick(draw, NUMBERS, WORDS)
    else:
        value = draw.choice(options)
    if draw.random() < 0.1:
        return body[: match.start()] + body[match.end() :]
    return body[: match.start(2)] + _escaped(draw, value) + body[match.end(2) :]


def _escaped(draw: Random, text: str) -> bytes:
    if draw.random() < 0.95:
        for sign, escape in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
            text = text.replace(sign, escape)
    return text.encode("utf-8", "replace")
