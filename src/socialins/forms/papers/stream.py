"""FormWriter: a form without pages, written to a workbook while its rows come."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from socialins.faults import Fault, require
from socialins.forms.output import check_suffix
from socialins.forms.papers.filling import FilledForm, Filler, Rows
from socialins.forms.papers.formfile import FileFormat
from socialins.model.unit import UnitAccount
from socialins.values import Month

if TYPE_CHECKING:
    from collections.abc import Mapping

    from socialins.forms.papers.form import Form

__all__ = ["FormWriter"]


class FormWriter:
    """Writes a form's rows as they come, in bounded memory (边填边写).

    A context manager: the file is there when it ends well, and not else. `Form.writer` makes one.

    Arguments:
        form: the form.
        path: where; a name that ends in ``.xlsx``.
        account: the unit's account.
        month: the month it is for.
        given: field → value for rows that have none, and blank → what it is filled with.
    """

    def __init__(
        self,
        form: Form,
        path: Path,
        account: UnitAccount | None,
        month: Month | None,
        given: Mapping[str, Any],
    ) -> None:
        check_suffix(path, FileFormat.XLSX.suffix)
        if form.layout.rows_a_page or form.template is not None:
            raise ValueError(f"{form.id} has pages or a template: fill it, and save it whole")
        require("openpyxl", "xlsx")
        from socialins.forms.papers.grid import Grid
        from socialins.forms.papers.quickwriting import QuickWriter

        self._filler = Filler.of(form, account, month, given)
        empty = FilledForm(form, (), (), self._filler.head, month)
        self._writer = QuickWriter(Grid.of(empty), path)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong above and below the table."""
        return tuple(self._filler.faults)

    @property
    def count(self) -> int:
        """How many rows have been written."""
        return self._writer.count

    def write(self, rows: Rows) -> tuple[Fault, ...]:
        """Write rows; they may be many, or a few of many.

        Arguments:
            rows: a roster, entries of one, or mappings of field → value, as `Form.fill` takes them.

        Returns:
            What could not be filled in, and what is unusual. A row with an error is not written.
            Rows are counted from the first that was ever passed.
        """
        made, faults = self._filler.fill(rows)
        self._writer.write(made)
        return tuple(faults)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._writer.save()
        finally:
            self._writer.close()
