"""Form (表单): a bureau's paper that can be filled in, saved, and read back."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.faults import Fault, Place, Text
from socialins.forms.errors import FormError
from socialins.forms.papers.blanks import UNIT_BLANKS, names_in
from socialins.forms.papers.columns import PaperColumn, paper_columns
from socialins.forms.papers.entries import EntryMaker, EntryWriter, can_be_roster
from socialins.forms.papers.filling import FilledForm, FilledRow, RowFiller, fill_head
from socialins.forms.papers.formfile import Blank, FormFile
from socialins.forms.papers.reading import ReadForm, read_form
from socialins.forms.plaintext import excerpt, is_blank
from socialins.forms.vocabulary import Vocabulary
from socialins.identity import read_credit_code
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import Unit, UnitAccount
from socialins.rules import Cascade, Mark, Source
from socialins.values import Month

if TYPE_CHECKING:
    from socialins.forms.papers.columns import PaperValue

__all__ = ["Form"]


@attrs.frozen(eq=False, slots=False)
class Form:
    """A form of a region.

    Arguments:
        layout: what it looks like.
        cascade: the region's rules, for its insurances and their words.
        heads: field → heads in place of the layout's, where a unit's paper has others.

    >>> from socialins.testing.middle import middle
    >>> form = middle().forms["staff.add"]
    >>> str(form), form.business, form.layout.rows_a_page
    ('staff.add (中州社会保险参保人员增加表)', 'staff.add', 3)
    >>> [column.field for column in form.columns][:4]
    ['number', 'name', 'sex', 'id_number']
    """

    layout: FormFile = attrs.field(repr=False)
    cascade: Cascade = attrs.field(repr=False)
    heads: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)

    @property
    def id(self) -> str:
        """Its id, such as ``"staff.add"``."""
        return self.layout.id

    @property
    def business(self) -> str:
        """The id of the business it is filed for."""
        return self.layout.business

    @property
    def title(self) -> Text:
        """Its title."""
        return self.layout.title

    @property
    def mark(self) -> Mark:
        """How well its layout is confirmed."""
        return self.layout.mark

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its layout was seen."""
        return tuple(self.layout.sources.values())

    @cached_property
    def columns(self) -> tuple[PaperColumn, ...]:
        """Its columns, from left to right."""
        return paper_columns(self.layout.columns, self.heads)

    @cached_property
    def blanks(self) -> dict[str, Blank]:
        """What is to be filled in above and below the table, by name."""
        found: dict[str, Blank] = {}
        for cell in (*self.layout.head, *self.layout.foot):
            for name in names_in(cell.text):
                found[name] = self.layout.blanks.get(name) or UNIT_BLANKS[name]
        return found

    @property
    def can_be_roster(self) -> bool:
        """Whether it has what a roster needs: name, number and wage."""
        return can_be_roster(self.columns)

    def column(self, field: str) -> PaperColumn | None:
        """The column of a field; None if there is none."""
        return self._by_field.get(field)

    def pages(self, rows: int) -> int:
        """How many pages so many rows take; 1 for a table without pages."""
        a_page = self.layout.rows_a_page
        return max(1, -(-rows // a_page)) if a_page else 1

    def with_heads(self, **heads: Iterable[str]) -> Form:
        """The form with other heads over a column that it repeats.

        Which ones a unit's paper has depends on what the unit is registered for.

        Arguments:
            heads: field → heads, such as ``wage=["110|企业职工基本养老保险"]``.

        Raises:
            FormError: if the form repeats no such column, or two heads have the same code.
        """
        repeated = {spec.field for spec in self.layout.columns if spec.heads}
        if unknown := sorted(heads.keys() - repeated):
            raise FormError(self._unknown(unknown[0], repeated))
        made = Form(self.layout, self.cascade, {**self.heads, **{k: tuple(v) for k, v in heads.items()}})
        if len(made._by_field) < len(made.columns):
            raise FormError(Fault("form.heads.twice", {"form": self.title}))
        return made

    def fill(
        self,
        rows: Roster | Iterable[RosterEntry | Mapping[str, Any]],
        unit: UnitAccount | Unit | None = None,
        *,
        month: Month | str | None = None,
        **given: Any,
    ) -> FilledForm:
        """Fill the form in.

        Arguments:
            rows: a roster, entries of one, or mappings of field → value; a value is typed (`Money`,
                `date`, `IdDocument`, …) or as a cell would have it.
            unit: the unit, or its account; a roster brings its own.
            month: the month it is for; a roster brings its own.
            given: field → value for every row that has none of its own, and blank → what it is
                filled with.

        Returns:
            The form, with the rows that could be filled in; the others stand in its `faults`.

        Raises:
            FormError: if something is given that the form has no place for.

        >>> from socialins.testing.middle import middle
        >>> person = {"name": "张三", "id_number": "11010519491231002X", "wage": "5000.50"}
        >>> filled = middle().forms["staff.add"].fill(
        ...     [person, {"name": "李四"}], added_on="2026-11-01", reason="11", pension=True
        ... )
        >>> filled.rows[0]["wage"], filled.rows[0]["added_on"]
        (Money.yuan('5000.50'), datetime.date(2026, 11, 1))
        >>> sorted(fault.place.field for fault in filled.faults)
        ['id_number', 'wage']
        """
        account = unit
        if isinstance(rows, Roster):
            account = unit or rows.account
            month = month or rows.month
        month = Month.of(month) if month is not None else None
        places = {*self._fields, *self.blanks}
        if unknown := sorted(given.keys() - places):
            raise FormError(self._unknown(unknown[0], places))
        if isinstance(account, Unit):
            account = UnitAccount(account)
        head, faults = fill_head(self.blanks, {**_of_unit(account), **given})
        writer = EntryWriter(self.columns, self.cascade, month, account)
        filler = RowFiller(self.columns)
        filled: list[FilledRow] = []
        for number, row in enumerate(rows, start=1):
            entry = isinstance(row, RosterEntry)
            values = writer.values(row) if isinstance(row, RosterEntry) else dict(row)
            at = (row.row if isinstance(row, RosterEntry) else None) or number
            extra = [] if entry else sorted(values.keys() - self._fields)
            for field in extra:
                faults.append(self._unknown(field, self._fields).at(Place(row=at, field=field)))
            made, found = filler.fill({**given, **{k: v for k, v in values.items() if not is_blank(v)}})
            for field, fault in found:
                column = self.column(field)
                value = values.get(field, given.get(field))
                place = Place(
                    row=at,
                    column=column.spec.header if column else None,
                    field=field,
                    value=None if is_blank(value) else excerpt(_shown(value)),
                )
                faults.append(fault.at(place))
            if made is not None and not extra:
                filled.append(made)
        return FilledForm(self, tuple(filled), tuple(faults), head, month)

    def read(self, path: str | Path, *, max_rows: int = 200_000) -> ReadForm:
        """Read a file in this layout.

        Arguments:
            path: a workbook (xlsx) or a text file (csv).
            max_rows: rows beyond this are a fault.

        Returns:
            Its rows and what stands above and below them; what could not be read stands in its
            `faults`.

        Raises:
            FormError: if it can't be read, or has not the headings.
            MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
        """
        return read_form(self, Path(path), max_rows)

    def to_roster(
        self, read: ReadForm, month: Month | str, *, account: UnitAccount | None = None
    ) -> Roster:
        """The roster (花名册) that a file in this layout gives.

        Arguments:
            read: the file, as `read` gave it.
            month: the month the roster is for.
            account: the unit's account, in place of what stands above the table.

        Raises:
            FormError: if the form has no column for the name, the number or the wage.
        """
        if not self.can_be_roster:
            raise FormError(Fault("form.no-roster", {"form": self.title}, read.place))
        maker = EntryMaker(self.columns, Vocabulary.of(self.cascade))
        entries: list[RosterEntry] = []
        faults = list(read.faults)
        for row, number in zip(read.rows, read.numbers, strict=True):
            entry, found = maker.entry(row, number)
            faults += [
                fault.at(read.place_of(number, field, row.get(field))) for field, fault in found
            ]
            if entry is not None:
                entries.append(entry)
        if account is None:
            account, found_faults = _account(read)
            faults += found_faults
        roster = Roster.gather(month, entries, account=account, faults=faults)
        placed = [
            fault if fault.place.file else fault.at(read.place_of(fault.place.row, fault.place.field))
            for fault in roster.faults
        ]
        placed.sort(key=lambda fault: fault.place.row or 0)
        return attrs.evolve(roster, faults=placed)

    def __str__(self) -> str:
        return f"{self.id} ({self.title.zh})"

    @cached_property
    def _by_field(self) -> dict[str, PaperColumn]:
        return {column.field: column for column in self.columns}

    @cached_property
    def _fields(self) -> frozenset[str]:
        """Every name that a row may have: that of a column, or of one that is repeated."""
        return frozenset(self._by_field) | {column.spec.field for column in self.columns}

    def _unknown(self, name: str, places: Iterable[str]) -> Fault:
        near = difflib.get_close_matches(name, sorted(places), n=3) or sorted(places)
        return Fault(
            "form.field.unknown",
            {"field": excerpt(name), "form": self.title, "fields": ", ".join(near)},
        )


def _shown(value: PaperValue | object) -> object:
    masked = getattr(value, "number", None)
    return value if masked is None else masked


def _of_unit(account: UnitAccount | None) -> dict[str, str]:
    if account is None:
        return {}
    code = account.unit.credit_code
    return {
        "unit.name": account.unit.name,
        "unit.credit_code": str(code) if code is not None else "",
        "unit.number": account.number,
    }


def _account(read: ReadForm) -> tuple[UnitAccount | None, list[Fault]]:
    """The account that stands above the table, if any does."""
    name, number = read.head.get("unit.name"), read.head.get("unit.number")
    code = read.head.get("unit.credit_code")
    if not any((name, number, code)):
        return None, []
    found = read_credit_code(str(code)) if code else None
    place = attrs.evolve(read.place, field="unit.credit_code", value=excerpt(str(code)))
    faults = [fault.at(place) for fault in found.faults] if found else []
    unit = Unit(str(name or ""), found.code if found else None)
    return UnitAccount(unit, number=str(number or "")), faults
