"""Files as users have them: written by hand, by a spreadsheet program, or by somebody unkind."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from stdnum.cn.ric import calc_check_digit

from socialins.facade import Region
from socialins.testing.middle import middle

Rows = Sequence[Sequence[Any]]
Write = Callable[..., Path]
NEEDED = ("姓名", "证件号码", "申报工资")

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_FORMATS = "http://schemas.openxmlformats.org"
_MAIN = f'xmlns="{_FORMATS}/spreadsheetml/2006/main"'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATION = f"{_FORMATS}/officeDocument/2006/relationships"
_RELATIONS = f'<Relationships xmlns="{_FORMATS}/package/2006/relationships">'

_TYPES = (
    f'{_HEAD}<Types xmlns="{_FORMATS}/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_RELS = (
    f'{_HEAD}{_RELATIONS}<Relationship Id="rId1" Type="{_RELATION}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
_BOOK_RELS = (
    f'{_HEAD}{_RELATIONS}<Relationship Id="rId1" Type="{_RELATION}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_RELATION}/styles" '
    'Target="styles.xml"/></Relationships>'
)
_BOOK = (
    f'{_HEAD}<workbook {_MAIN} xmlns:r="{_RELATION}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
# Three styles: plain, a date, a percentage.
_STYLES = (
    f'{_HEAD}<styleSheet {_MAIN}><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/>'
    '<xf numFmtId="14"/><xf numFmtId="10"/></cellXfs></styleSheet>'
)


@pytest.fixture(scope="session")
def region() -> Region:
    """The fictional region."""
    return middle()


@pytest.fixture(scope="session")
def number() -> Callable[[int], str]:
    """Makes resident identity numbers, with their check characters."""

    def make(sequence: int) -> str:
        digits = f"11010519900307{sequence:03}"
        return digits + calc_check_digit(f"{digits}0")

    return make


@pytest.fixture
def text(tmp_path: Path) -> Write:
    """Writes a csv file of rows; the first is the heading."""

    def write(
        *rows: Sequence[str],
        name: str = "roster.csv",
        encoding: str = "utf-8",
        delimiter: str = ",",
    ) -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return write


@pytest.fixture
def book(tmp_path: Path) -> Write:
    """Writes a workbook: sheet name → rows, as openpyxl takes them."""

    def write(name: str = "roster.xlsx", **sheets: Rows) -> Path:
        made = openpyxl.Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / name
        made.save(path)
        return path

    return write


@pytest.fixture
def raw(tmp_path: Path) -> Write:
    """Writes a workbook whose one sheet is the XML given; `parts` replaces or adds others."""

    def write(sheet: str, name: str = "roster.xlsx", **parts: str | bytes) -> Path:
        path = tmp_path / name
        contents: dict[str, str | bytes] = {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS,
            "xl/workbook.xml": _BOOK,
            "xl/_rels/workbook.xml.rels": _BOOK_RELS,
            "xl/styles.xml": _STYLES,
            "xl/worksheets/sheet1.xml": sheet,
            **parts,
        }
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in contents.items():
                archive.writestr(part, content)
        return path

    return write


def _sheet(*rows: str, head: str = "") -> str:
    """The XML of a sheet: the needed headings, then rows of cells as XML."""
    heading = "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in NEEDED)
    listed = "".join(f"<row>{row}</row>" for row in (heading, *rows))
    return f"{_HEAD}{head}<worksheet {_MAIN}><sheetData>{listed}</sheetData></worksheet>"


@pytest.fixture(scope="session")
def sheet_xml() -> Callable[..., str]:
    """Makes the XML of a sheet."""
    return _sheet


@pytest.fixture(scope="session")
def cell_xml() -> Callable[[str], str]:
    """Makes the XML of a text cell."""
    return '<c t="inlineStr"><is><t>{}</t></is></c>'.format
