"""Form (表单): a bureau's paper that can be filled in, saved, and read back."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import attrs

from socialins.faults import Fault, Text
from socialins.forms.errors import FormError
from socialins.forms.papers.blanks import UNIT_BLANKS, names_in
from socialins.forms.papers.columns import PaperColumn, paper_columns
from socialins.forms.papers.entries import can_be_roster
from socialins.forms.papers.filling import FilledForm, Rows, fill_form
from socialins.forms.papers.formfile import Blank, FormFile
from socialins.forms.papers.reading import ReadForm, read_form, read_pieces
from socialins.forms.papers.rosters import roster_of
from socialins.forms.papers.stream import FormWriter
from socialins.forms.plaintext import excerpt
from socialins.forms.sheets import Limits
from socialins.model.roster import Roster
from socialins.model.unit import Unit, UnitAccount
from socialins.rules import Cascade, Mark, Source
from socialins.values import Month

__all__ = ["Form"]


@attrs.frozen(eq=False, slots=False)
class Form:
    """A form of a region.

    Arguments:
        layout: what it looks like.
        cascade: the region's rules, for its insurances and their words.
        heads: field → heads in place of the layout's, where a unit's paper has others.
        template: the bureau's own workbook that the layout starts from; None if it names none.

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
    template: Traversable | None = attrs.field(default=None, repr=False)

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
        return paper_columns(self.layout.columns, self.heads, self.layout.encoding)

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
            raise FormError(self.unknown(unknown[0], repeated))
        taken = {field: tuple(listed) for field, listed in heads.items()}
        made = attrs.evolve(self, heads={**self.heads, **taken})
        if len({column.field for column in made.columns}) < len(made.columns):
            raise FormError(Fault("form.heads.twice", {"form": self.title}))
        return made

    def fill(
        self,
        rows: Rows,
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
            account, month = unit or rows.account, month or rows.month
        self._check_given(given)
        return fill_form(
            self,
            rows,
            UnitAccount(account) if isinstance(account, Unit) else account,
            Month.of(month) if month is not None else None,
            given,
        )

    def writer(
        self,
        path: str | Path,
        unit: UnitAccount | Unit | None = None,
        *,
        month: Month | str | None = None,
        **given: Any,
    ) -> FormWriter:
        """Write the form while its rows come, in bounded memory (边填边写).

        The file is the one that `fill` and `save` give for the same rows.

        Arguments:
            path: where; a name that ends in ``.xlsx``.
            unit: the unit, or its account.
            month: the month it is for.
            given: as in `fill`.

        Raises:
            FormError: for another ending; if something is given that the form has no place for.
            MissingExtra: if the extra ``xlsx`` is not installed.
            ValueError: for a form that has pages or a template, which are written as a whole.

        >>> from tempfile import TemporaryDirectory
        >>> from socialins.testing.middle import middle
        >>> form = middle().forms["wage.declare"]
        >>> with TemporaryDirectory() as folder:
        ...     with form.writer(Path(folder, "wages.xlsx"), payer_number="1") as out:
        ...         for number in range(3):
        ...             person = {"name": "张三", "id_number": f"E1234567{number}", "wage": "5000"}
        ...             faults = out.write([person | {"id_type": "208"}])
        ...     len(form.read(Path(folder, "wages.xlsx")).rows), out.count, faults
        (3, 3, ())
        """
        self._check_given(given)
        return FormWriter(
            self,
            Path(path),
            UnitAccount(unit) if isinstance(unit, Unit) else unit,
            Month.of(month) if month is not None else None,
            given,
        )

    def _check_given(self, given: Mapping[str, Any]) -> None:
        places = self.fields | self.blanks.keys()
        if unknown := sorted(given.keys() - places):
            raise FormError(self.unknown(unknown[0], places))

    def read(
        self, path: str | Path, *, max_rows: int = 200_000, limits: Limits | None = None
    ) -> ReadForm:
        """Read a file in this layout.

        Arguments:
            path: a workbook (xlsx, xls), a text file (csv; fixed-width where the layout has it) or
                JSON lines.
            max_rows: rows beyond this are a fault.
            limits: what else the file may hold at most, such as bytes when unpacked.

        Returns:
            Its rows and what stands above and below them; what could not be read stands in its
            `faults`.

        Raises:
            FormError: if it can't be read, or has not the headings.
            MissingExtra: for a workbook, if the extra ``xlsx`` is not installed.
        """
        return read_form(self, Path(path), attrs.evolve(limits or Limits(), rows=max_rows))

    def read_batches(
        self,
        path: str | Path,
        *,
        size: int = 10_000,
        max_rows: int = 2_000_000,
        limits: Limits | None = None,
    ) -> Iterator[ReadForm]:
        """Read a file in this layout some rows at a time, in bounded memory (分批读取).

        The pieces hold the rows, failed rows and faults of `read`, in its order. What stands below
        the table is in the last one only. Of the rows that were handed out, the identity numbers
        are kept: one that stands there twice is told.

        Arguments:
            path: the file, as in `read`.
            size: how many rows a piece has; the last one has fewer, or none.
            max_rows: rows beyond this are a fault.
            limits: what else the file may hold at most, such as bytes when unpacked.

        Raises:
            ValueError: for a size below 1.
            FormError, MissingExtra: as `read`, when the first piece is asked for, or a later one.

        >>> from tempfile import TemporaryDirectory
        >>> from socialins.testing.middle import middle
        >>> form = middle().forms["wage.declare"]
        >>> people = [{"name": name, "id_number": f"E1234567{number}", "wage": "5000"}
        ...     for number, name in enumerate(["甲", "乙", "丙"])]
        >>> with TemporaryDirectory() as folder:
        ...     form.fill(people, id_type="208", payer_number="1").save(Path(folder, "wages.xlsx"))
        ...     pieces = form.read_batches(Path(folder, "wages.xlsx"), size=2)
        ...     [[row["name"] for row in piece.rows] for piece in pieces]
        [['甲', '乙'], ['丙']]
        """
        if size < 1:
            raise ValueError(f"pieces of {size} rows can't be read; pass at least 1")
        bounds = attrs.evolve(limits or Limits(), rows=max_rows)
        return read_pieces(self, Path(path), bounds, size)

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
        return roster_of(read, Month.of(month), account)

    def __str__(self) -> str:
        return f"{self.id} ({self.title.zh})"

    @cached_property
    def _by_field(self) -> dict[str, PaperColumn]:
        return {column.field: column for column in self.columns}

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every name that a row may have: that of a column, or of one that is repeated."""
        return frozenset(self._by_field) | {column.spec.field for column in self.columns}

    def unknown(self, name: str, places: Iterable[str]) -> Fault:
        """The fault of a name that the form has no place for, with those that are near."""
        near = difflib.get_close_matches(name, sorted(places), n=3) or sorted(places)
        values: dict[str, str | Text] = {
            "field": excerpt(name),
            "form": self.title,
            "fields": ", ".join(near),
        }
        return Fault("form.field.unknown", values)
