"""Sheets of a batch: error sheet and no-error sheet, list of a request, list to sign.

A card centre has sheets of its own, whose columns were not seen anywhere; they are not imitated.
These are the library's own: they hold what the centre's will ask for, and say at their foot that
they are not the centre's.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import attrs

from socialins.cards.batch import Batch
from socialins.cards.bundle import Bundle
from socialins.cards.codes import RowState
from socialins.cards.correction import correct
from socialins.cards.rows import CardRow
from socialins.faults import Text, require
from socialins.forms.output import check_suffix, whole_file
from socialins.forms.textbook import protect
from socialins.values import Month

__all__ = ["CardSheet", "SheetKind", "card_sheet", "field_title"]

_OWN = Text(
    "本表由单位自行生成，不是卡中心的正式表样。",
    "This sheet is the unit's own, not a form of the card centre.",
)


class SheetKind(StrEnum):
    """A sheet."""

    ERRORS = "errors"
    CONFIRMED = "confirmed"
    REQUEST = "request"
    SIGNING = "signing"

    def title(self, lang: str = "zh") -> str:
        """The code in words."""
        return _TITLES[self].get(lang)


_TITLES = {
    SheetKind.ERRORS: Text("勘误表", "error sheet"),
    SheetKind.CONFIRMED: Text("确认无误表", "no-error sheet"),
    SheetKind.REQUEST: Text("制卡人员名单", "people of the request"),
    SheetKind.SIGNING: Text("领卡签收册", "list to sign"),
}
_NUMBER = Text("序号", "no.")
_NAME = Text("姓名", "name")
_ID = Text("证件号码", "id_number")
_MORE = {
    SheetKind.ERRORS: (
        Text("项目", "field"),
        Text("原内容", "as it stands"),
        Text("更正为", "what is right"),
        Text("说明", "what is wrong"),
    ),
    SheetKind.CONFIRMED: (Text("照片", "photo"), Text("本人确认签字", "signature")),
    SheetKind.REQUEST: (Text("照片", "photo"), Text("状态", "state")),
    SheetKind.SIGNING: (Text("领卡日期", "date"), Text("本人签名", "signature")),
}
_DATA = {
    "mobile": Text("手机号码", "mobile"),
    "address": Text("住址", "address"),
    "nation": Text("民族", "nation"),
}
_FIELDS = {"name": _NAME, "id_number": _ID, **_DATA}


@attrs.frozen(kw_only=True)
class CardSheet:
    """A sheet of the library's own.

    Arguments:
        kind: which.
        title: its title.
        headings: of its columns.
        rows: its rows, all text.
        foot: what stands below the table.
        month: a month for the document's date; copies made on different days are the same.
        lang: its language.
    """

    kind: SheetKind
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: str
    month: Month
    lang: str = "zh"

    def save(self, path: Path | str) -> None:
        """Write it: ``.csv``, or ``.xlsx`` to print and sign.

        Raises:
            FormError: for another ending.
            MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
        """
        path = Path(path)
        if check_suffix(path, ".csv", ".xlsx") == ".csv":
            lines = (self.headings, *self.rows)
            # The byte order mark makes spreadsheets take the file for UTF-8.
            with whole_file(path) as file, file.open("w", encoding="utf-8-sig", newline="") as text:
                csv.writer(text).writerows([protect(cell) for cell in line] for line in lines)
            return
        require("openpyxl", "xlsx")
        from socialins.forms.spreadsheet import Look, WorkbookWriter

        with WorkbookWriter(self.title, self.month) as book:
            widths = [6, 14, 22, *[20] * (len(self.headings) - 3)]
            sheet = book.sheet(self.title, widths, repeat="1:2", freeze="A3")
            sheet.row([self.title], Look.TITLE)
            sheet.row(self.headings, Look.HEADING)
            for row in self.rows:
                sheet.row(row)
            sheet.row([self.foot], Look.NOTE)
            book.save(path)


def card_sheet(
    kind: SheetKind | str,
    batch: Batch,
    month: Month | str,
    *,
    photos: Bundle | None = None,
    lang: str = "zh",
) -> CardSheet:
    """Make a sheet of a batch.

    Arguments:
        kind: ``"errors"``: what the unit found wrong, and photographs that can't go;
            ``"confirmed"``: everybody else; ``"request"``: all; ``"signing"``: whose card is here.
        batch: the batch.
        month: the month of the sheet.
        photos: the archive of its photographs, made of its people in their order.
        lang: ``"zh"`` or ``"en"``.
    """
    kind = SheetKind(kind)
    pages = {
        SheetKind.ERRORS: _errors,
        SheetKind.CONFIRMED: _confirmed,
        SheetKind.REQUEST: _request,
        SheetKind.SIGNING: _signing,
    }
    found = pages[kind](batch, photos, lang)
    headings = (_NUMBER, _NAME, _ID, *_MORE[kind])
    if kind is SheetKind.REQUEST:
        headings += tuple(_DATA[field] for field in _stated(batch))
    return CardSheet(
        kind=kind,
        title=kind.title(lang),
        headings=tuple(one.get(lang) for one in headings),
        rows=tuple((str(number), *row) for number, row in enumerate(found, start=1)),
        foot=_OWN.get(lang),
        month=Month.of(month),
        lang=lang,
    )


def field_title(field: str, lang: str = "zh") -> str:
    """How a field that was wrong is called; by its own name where it has no other."""
    return _FIELDS[field].get(lang) if field in _FIELDS else field


def _who(row: CardRow) -> tuple[str, str]:
    return row.person.name, row.person.document.number


def _errors(batch: Batch, photos: Bundle | None, lang: str) -> Iterator[tuple[str, ...]]:
    for place, (id_, row) in enumerate(batch.rows.items()):
        for field, right in batch.errors.get(id_, {}).items():
            if not right.strip():
                continue  # stays as it is
            known = {"name": row.person.name, "id_number": row.person.document.number}
            before, after = correct(known, {field: right}).changes.get(field, ("", right))
            yield (*_who(row), field_title(field, lang), before, after, "")
        for fault in photos.faults.get(place, ()) if photos is not None else ():
            photo = _MORE[SheetKind.REQUEST][0].get(lang)
            yield (*_who(row), photo, "", "", fault.message(lang))


def _confirmed(batch: Batch, photos: Bundle | None, _lang: str) -> Iterator[tuple[str, ...]]:
    wrong = set() if photos is None else set(photos.faults)
    for place, (id_, row) in enumerate(batch.rows.items()):
        if batch.states[id_] is not RowState.ERROR and place not in wrong:
            yield (*_who(row), _photo(batch, id_), "")


def _request(batch: Batch, _photos: Bundle | None, lang: str) -> Iterator[tuple[str, ...]]:
    for id_, row in batch.rows.items():
        data = (row.stated.get(field, "") for field in _stated(batch))
        yield (*_who(row), _photo(batch, id_), batch.states[id_].title(lang), *data)


def _stated(batch: Batch) -> list[str]:
    """What is stated of anybody beside name and number, in the order of the sheet."""
    said = {field for row in batch.rows.values() for field in row.changes}
    return [field for field in _DATA if field in said]


def _signing(batch: Batch, _photos: Bundle | None, _lang: str) -> Iterator[tuple[str, ...]]:
    for row in batch.of_state(RowState.MADE, RowState.COLLECTED):
        yield (*_who(row), "", "")


def _photo(batch: Batch, row: str) -> str:
    photo = batch.photos.get(row)
    return photo.name if photo else ""
