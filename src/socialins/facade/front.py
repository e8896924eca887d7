"""`Region`, which applications hold: what is owed, and what differs from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.arrears.region import RegionArrears
from socialins.facade.papers import RegionPapers
from socialins.faults import require
from socialins.model.roster import Roster
from socialins.plugins import installed
from socialins.rules.overlay import Overlay
from socialins.settlement import Differences, Settlement, compare_settlements, settle_roster
from socialins.settlement.adjust import adjusting
from socialins.values import Month

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from socialins.model.codes import Payer
    from socialins.reconcile import Export, Reconciliation
    from socialins.reconcile.rates import RateUnit
    from socialins.settlement import Contribution

__all__ = ["Region", "region", "regions"]


@attrs.frozen(eq=False, repr=False)
class Region(RegionPapers):
    """A division whose rules are installed.

    Arguments:
        book: the division's rule book.
        registry: the registry it comes from.

    >>> from socialins.testing.middle import middle
    >>> middle().code, middle().name.zh
    ('990100', '中州')
    """

    @property
    def arrears(self) -> RegionArrears:
        """Back payment, late fee, undeclared months, refunds and credit (补缴、滞纳金、退费)."""
        return RegionArrears(self.code, self._with, self.settle)

    def settle(
        self,
        roster: Roster,
        month: Month | str | None = None,
        known_on: date | None = None,
        strict: bool = True,
        overlay: Overlay | None = None,
        *,
        progress: Callable[[int], object] | None = None,
    ) -> Settlement:
        """Settle a roster: every contribution of a month, to the fen.

        Arguments:
            roster: whom to settle.
            month: the month of the contributions; the roster's if left out.
            known_on: settle by what was known on this day; None for all that is installed.
            strict: stop at the first figure that is not known; otherwise settle the rest, carry
                what may be carried, and list what is missing.
            overlay: the unit's own figures, which come before the region's.
            progress: called with the number of persons done, now and then.

        Raises:
            RuleUnknown: in strict settling, if a figure is not known.
            OperandMissing: in strict settling, if the account's injury rate is needed and was not
                given.
        """
        cascade = self._with(overlay)
        return settle_roster(
            cascade,
            roster,
            month=Month.of(month) if month is not None else None,
            known_on=known_on,
            strict=strict,
            progress=progress,
            adjust=adjusting(self.registry, cascade),
        )

    def settle_table(
        self,
        table: Any,
        month: Month | str,
        known_on: date | None = None,
        strict: bool = True,
        overlay: Overlay | None = None,
        **options: Any,
    ) -> Any:
        """Settle a table of any size: Arrow in, Arrow out, to the same fen as `settle`.

        Arguments:
            table: a pyarrow Table, RecordBatch or RecordBatchReader, anything else that exports an
                Arrow stream, or the path of a Parquet file or folder; docs/bulk.md has the columns.
            month: the month of the contributions.
            known_on: as for `settle`.
            strict: as for `settle`.
            overlay: as for `settle`.
            options: ``account``, ``target``, ``into``, ``fen``, ``progress``, ``processes``,
                ``batch_rows`` and ``units``, as `socialins.bulk.table.settle_table` has them.

        Returns:
            The same kind of thing: for each row its keys, the base and both shares of each
            insurance, the totals, and the codes of what is wrong with it.

        Raises:
            RuleUnknown: in strict settling, if a figure is not known.
            OperandMissing: in strict settling, if the account's injury rate is needed and neither
                a column nor the account gives it.
            FaultError: if the table can't be settled at all.
            MissingExtra: if the extra ``bulk`` is not installed.

        >>> import pyarrow as pa
        >>> from socialins.testing.middle import middle
        >>> people = pa.table({"wage_fen": [800_000], "injury_rate": ["0.2%"]})
        >>> middle().settle_table(people, "2026-11")["injury_unit_fen"].to_pylist()
        [1600]
        """
        for module in ("numpy", "pyarrow"):
            require(module, "bulk")
        from socialins.bulk.table import settle_table

        cascade = self._with(overlay)
        adjust = adjusting(self.registry, cascade)
        return settle_table(
            cascade, table, month, known_on=known_on, strict=strict, adjust=adjust, **options
        )

    def differences(
        self,
        bill: Settlement,
        known_on: date | None = None,
        *,
        overlay: Overlay | None = None,
    ) -> Differences:
        """What a settled month changes by, now that more is known (差额).

        The bill's roster is settled afresh by what was known on the day, as strictly as before.

        Arguments:
            bill: the settlement made then.
            known_on: the day of the new settlement; None for all that is installed.
            overlay: the unit's own figures, as for `settle`.

        Returns:
            What differs, per person, insurance, item and payer: base and amount before and after.

        Raises:
            RuleUnknown: if the bill was settled strictly and a figure is still not known.
            ValueError: if the bill was not made from a roster by this region.
        """
        if bill.roster is None or bill.division != self.code:
            raise ValueError(f"{self} can't settle afresh a bill that it did not make")
        later = self.settle(bill.roster, bill.month, known_on, bill.strict, overlay)
        return compare_settlements(bill, later)

    def reconcile(
        self,
        bill: Settlement,
        export_path: str | Path | Export | Iterable[str | Path | Export],
        *,
        insurance: str | None = None,
        payer: Payer | str | None = None,
        previous: Roster | Settlement | None = None,
        known_on: date | None = None,
        earlier: Iterable[Settlement] = (),
        besides: Iterable[Contribution] = (),
        words: Mapping[str, str] | None = None,
        person_numbers: Mapping[str, str] | None = None,
        rate_unit: RateUnit | None = None,
        overlay: Overlay | None = None,
        max_rows: int = 200_000,
    ) -> Reconciliation:
        r"""Compare a bill with the detail export of the tax side's client (对账).

        Rows are joined by identity number; what the export doesn't say is said here, or is a
        fault: nothing is guessed. docs/reconcile.md tells how.

        Arguments:
            bill: what `settle` gave.
            export_path: the files (xlsx, xls, csv), or `Export`s that say what each is of.
            insurance: of which insurance the rows are, where the files don't say; only this is
                then compared. An item goes after a slash: ``"medical/large-aid"``.
            payer: who pays, ``"unit"`` or ``"person"``, where the files don't say.
            previous: roster or bill of the month before: who is new, and who has left.
            known_on: the bill's roster is settled again by what was known on this day, to tell
                amounts that the bureau works out by older or newer rules; None for all that is
                installed, if the bill was settled by less.
            earlier: bills of earlier months; by what is known now they may leave differences,
                which the export may contain.
            besides: amounts known to be paid in this month too, such as a back payment's.
            words: words of the files → what they are, such as ``{"大病": "medical/large-aid"}``.
            person_numbers: 人员编号 → identity number, where the export masks numbers.
            rate_unit: how rates without a percent sign are written, ``"fraction"`` (0.16) or
                ``"percent"`` (16); told by base and amount if left out.
            overlay: the unit's own figures, as for `settle`.
            max_rows: rows of one file beyond this are a fault.

        Returns:
            What is missing, extra or different, each with a likely cause and its arithmetic.

        Raises:
            FaultError: if a file can't be read as such an export at all.
            ValueError: if the bill is another region's, or an argument can't be understood.

        >>> from tempfile import TemporaryDirectory
        >>> import socialins as si
        >>> from socialins.testing.middle import middle
        >>> someone = si.InsuredPerson("示例", si.IdDocument("passport", "E12345678"))
        >>> entry = si.RosterEntry(someone, si.DeclaredWage(si.Money.yuan("8000")))
        >>> bill = middle().settle(si.Roster("2026-11", [entry]), strict=False)
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "detail.csv")
        ...     rows = "姓名,证件号码,缴费基数,费率,应缴费额\n示例,E12345678,9000,16%,1440.00\n"
        ...     _ = file.write_text(rows, encoding="utf-8")
        ...     found = middle().reconcile(bill, file, insurance="pension", payer="unit")
        >>> [(one.cause.value, str(one.difference)) for one in found.differing]
        [('base-changed', '160.00')]
        """
        from socialins.bulk.exports import read_any_export
        from socialins.reconcile import Export, Subject
        from socialins.reconcile.exportfile import detail_layout
        from socialins.reconcile.reconcile import read_files, reconcile

        if bill.division != self.code:
            raise ValueError(f"{self} can't reconcile a bill that it did not make")
        named = Subject() if insurance is None else Subject.parse(insurance)
        given = Subject(named.insurance, named.item, payer or named.payer)
        paths = [export_path] if isinstance(export_path, str | Path | Export) else [*export_path]
        exports = [one if isinstance(one, Export) else Export(one) for one in paths]
        if not exports:
            raise ValueError("there is no export to reconcile with; pass at least one file")
        if rate_unit not in (None, "fraction", "percent"):
            raise ValueError(f"rate_unit {rate_unit!r} is neither 'fraction' nor 'percent'")
        tables = read_files(
            exports,
            bill=bill,
            cascade=self.cascade,
            layout=detail_layout(self.registry, self.cascade),
            given=given,
            words={word: Subject.parse(text) for word, text in (words or {}).items()},
            rate_unit=rate_unit,
            max_rows=max_rows,
            read=read_any_export,
        )
        again = None
        if bill.roster is not None and known_on != bill.known_on:
            again = self.settle(bill.roster, bill.month, known_on, False, overlay)
        return reconcile(
            bill,
            tables,
            exports=exports,
            given=given,
            previous=previous,
            again=again,
            earlier=[self.differences(one, known_on, overlay=overlay) for one in earlier],
            besides=besides,
            staff=person_numbers,
        )


def regions() -> tuple[Region, ...]:
    """The installed regions, in order of their division codes."""
    registry = installed()
    return tuple(Region(book, registry) for book in registry.divisions())


def region(name: str) -> Region:
    """The region with this slug, Chinese name or division code.

    Raises:
        UnknownRegion: if none has it; the message has near names.
    """
    registry = installed()
    return Region(registry.book(name), registry)
