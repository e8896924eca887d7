"""Filling: rows in, a form out, with a fault for every value that can't stand in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from socialins.faults import Fault, Place, require
from socialins.forms.output import check_suffix
from socialins.forms.papers.blanks import HeadValue, read_blank, write_value
from socialins.forms.papers.columns import PaperColumn, is_unwritable
from socialins.forms.papers.entries import EntryWriter
from socialins.forms.papers.formfile import Blank, FileFormat
from socialins.forms.papers.quickrows import QuickRows
from socialins.forms.papers.rows import FilledRow, RowMaker
from socialins.forms.plaintext import excerpt, is_blank
from socialins.identity import IdDocument
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import UnitAccount
from socialins.values import Month

if TYPE_CHECKING:
    from socialins.forms.papers.form import Form

__all__ = ["FilledForm", "Filler", "Rows", "fill_form"]

Rows: TypeAlias = Roster | Iterable[RosterEntry | Mapping[str, Any]]
"""What a form is filled from: a roster, entries of one, or mappings of field → value."""


@attrs.frozen(eq=False)
class FilledForm:
    """A form that is filled in (已填表单).

    Arguments:
        form: the form.
        rows: the rows that stand in it.
        faults: what could not be filled in; rows with an error are in none of the pages.
        head: blank → what it is filled with.
        month: its month, if one was given.
    """

    form: Form
    rows: tuple[FilledRow, ...] = attrs.field(repr=False)
    faults: tuple[Fault, ...] = ()
    head: Mapping[str, HeadValue] = attrs.field(factory=dict)
    month: Month | None = None

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that kept a row out, or leave the paper incomplete."""
        return tuple(fault for fault in self.faults if fault.is_error)

    @property
    def pages(self) -> int:
        """How many pages it has; 1 for a table without pages."""
        return self.form.pages(len(self.rows))

    def save(self, path: str | Path, *, template: str | Path | None = None) -> None:
        """Write the form to a file; the same content gives the same bytes.

        Arguments:
            path: where; a name that ends as one of the layout's formats does, such as ``.xlsx``.
            template: a bureau's own workbook to fill in, with its styles, merged cells and
                validations kept; the layout's, if it names one.

        Raises:
            FormError: for another ending; if the template has not the headings or the room.
            MissingExtra: if the extra of the format is not installed: ``xlsx`` or ``xls``.
        """
        path = Path(path)
        suffix = check_suffix(path, *self.form.layout.suffixes)
        kind = next(one for one in self.form.layout.formats if one.suffix == suffix)
        if template is not None and kind is not FileFormat.XLSX:
            check_suffix(path, FileFormat.XLSX.suffix)
        _WRITERS[kind](self, path, template)


def _write_xlsx(filled: FilledForm, path: Path, template: str | Path | None) -> None:
    require("openpyxl", "xlsx")
    if template is None and filled.form.template is None:
        if filled.form.layout.rows_a_page:
            from socialins.forms.papers.writing import write_form

            write_form(filled, path)
        else:
            from socialins.forms.papers.quickwriting import write_quickly

            write_quickly(filled, path)
        return
    require("defusedxml", "xlsx")
    from socialins.forms.papers.template import fill_template

    if template is not None:
        fill_template(filled, path, Path(template))
    elif filled.form.template is not None:
        with as_file(filled.form.template) as own:
            fill_template(filled, path, own)


def _write_xls(filled: FilledForm, path: Path, _template: object) -> None:
    from socialins.forms.papers.oldform import write_old_form

    write_old_form(filled, path)


def _write_csv(filled: FilledForm, path: Path, _template: object) -> None:
    from socialins.forms.papers.textfiles import write_csv

    write_csv(filled, path)


def _write_fixed(filled: FilledForm, path: Path, _template: object) -> None:
    from socialins.forms.papers.textfiles import write_fixed

    write_fixed(filled, path)


def _write_json_lines(filled: FilledForm, path: Path, _template: object) -> None:
    from socialins.forms.papers.jsonlines import write_json_lines

    write_json_lines(filled, path)


_WRITERS: dict[FileFormat, Callable[[FilledForm, Path, str | Path | None], None]] = {
    FileFormat.XLSX: _write_xlsx,
    FileFormat.XLS: _write_xls,
    FileFormat.CSV: _write_csv,
    FileFormat.FIXED: _write_fixed,
    FileFormat.JSON_LINES: _write_json_lines,
}
"""Format → writer, which is imported when the first file of it is written."""


def fill_form(
    form: Form,
    rows: Rows,
    account: UnitAccount | None,
    month: Month | None,
    given: Mapping[str, Any],
) -> FilledForm:
    """Fill a form in.

    Arguments:
        form: the form.
        rows: the rows.
        account: the unit's account.
        month: the month it is for.
        given: field → value for rows that have none, and blank → what it is filled with.
    """
    filler = Filler.of(form, account, month, given)
    made, faults = filler.fill(rows)
    found = (*filler.faults, *faults)
    return FilledForm(form, tuple(made), found, filler.head, month)


@attrs.define
class Filler:
    """Fills rows in, as many as there are.

    Arguments:
        form: the form.
        given: field → value for rows that have none.
        head: blank → what it is filled with.
        faults: what is wrong with the head.
        entries: what makes values of a roster's entries.
        count: how many rows it has looked at.
    """

    form: Form
    given: Mapping[str, Any]
    head: dict[str, HeadValue]
    faults: list[Fault]
    entries: EntryWriter
    count: int = 0
    _maker: RowMaker = attrs.field(init=False)
    _quick: QuickRows = attrs.field(init=False)
    _others: list[tuple[int, PaperColumn]] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._maker = RowMaker(self.form.columns)
        self._quick = QuickRows(self.form.columns)
        self._others = [
            (place, column)
            for place, column in enumerate(self._quick.columns)
            if column.spec.heads or column.field in self.given
        ]

    @classmethod
    def of(
        cls,
        form: Form,
        account: UnitAccount | None,
        month: Month | None,
        given: Mapping[str, Any],
    ) -> Filler:
        """What fills in the rows of a form; arguments as those of `fill_form`."""
        head, faults = _fill_head(form.blanks, {**_of_unit(account), **given})
        return cls(form, given, head, faults, EntryWriter(form.cascade, month, account))

    def fill(self, rows: Rows) -> tuple[list[FilledRow], list[Fault]]:
        """Fill rows in.

        Arguments:
            rows: the rows.

        Returns:
            Those that could be filled in, and what is wrong with the others, or unusual.
        """
        made: list[FilledRow] = []
        faults: list[Fault] = []
        fields = [column.field for column in self._quick.columns]
        for number, row in enumerate(rows, start=self.count + 1):
            self.count = number
            of_roster = isinstance(row, RosterEntry)
            values = self.entries.values(row) if isinstance(row, RosterEntry) else row
            unknown = [] if of_roster else sorted(values.keys() - self.form.fields)
            if not unknown:
                taken = [values.get(field) for field in fields]
                for place, column in self._others:
                    if is_blank(taken[place]):
                        taken[place] = self._other(column, values)
                quick = self._quick.make(taken)
                if quick is not None:
                    made.append(quick)
                    continue
            held = {field: value for field, value in values.items() if not is_blank(value)}
            filled, found = self._maker.make({**self.given, **held})
            found += [(field, self.form.unknown(field, self.form.fields)) for field in unknown]
            at = (row.row if isinstance(row, RosterEntry) else None) or number
            for field, fault in found:
                value = held.get(field, self.given.get(field))
                faults.append(fault.at(_place(self.form, at, field, value)))
            if filled is not None and not unknown:
                made.append(filled)
        return made, faults

    def _other(self, column: PaperColumn, values: Mapping[str, Any]) -> Any:
        """The value of a column that a row has no value of its own for."""
        found = self.given.get(column.field)
        if is_blank(found) and column.spec.heads:
            found = values.get(column.spec.field)
            found = self.given.get(column.spec.field) if is_blank(found) else found
        return found


def _place(form: Form, row: int, field: str, value: object) -> Place:
    column = form.column(field)
    shown = value.number if isinstance(value, IdDocument) else value
    return Place(
        row=row,
        column=column.spec.header if column else None,
        field=field,
        value=None if is_blank(shown) else excerpt(shown),
    )


def _fill_head(
    blanks: Mapping[str, Blank], given: Mapping[str, Any]
) -> tuple[dict[str, HeadValue], list[Fault]]:
    """What stands above and below the table, and a fault for what can't, or is lacking."""
    head: dict[str, HeadValue] = {}
    faults: list[Fault] = []
    for name, blank in blanks.items():
        value = given.get(name)
        text = "" if is_blank(value) else write_value(value)
        place = Place(field=name, value=excerpt(text) if text else None)
        faults += [fault.at(place) for fault in _blank_faults(blank, text)]
        read = read_blank(blank, text)
        if not isinstance(read, Fault) and read is not None and not is_unwritable(text):
            head[name] = read
    return head, faults


def _blank_faults(blank: Blank, text: str) -> Iterator[Fault]:
    read = read_blank(blank, text)
    if isinstance(read, Fault):
        yield read
    elif read is None and blank.required:
        yield Fault("form.value.missing", {"what": blank.title})
    elif isinstance(read, str) and is_unwritable(read):
        yield Fault("form.value.unwritable", {"what": blank.title, "value": excerpt(read)})


def _of_unit(account: UnitAccount | None) -> dict[str, str]:
    """What is known of the unit, by the names of the blanks for it."""
    if account is None:
        return {}
    code = account.unit.credit_code
    return {
        "unit.name": account.unit.name,
        "unit.credit_code": str(code) if code is not None else "",
        "unit.number": account.number,
    }
