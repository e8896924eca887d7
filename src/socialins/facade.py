"""The façade: `Region`, which applications hold.

It joins what lies below: the rules of a division and its parents, rosters in, settlements out.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.arrears.region import RegionArrears
from socialins.calendar import (
    DueItem,
    MonthCalendar,
    RetirementDate,
    RetirementReminders,
    Window,
    due_items,
    month_calendar,
    retirement_month,
    retirement_reminders,
    window_of,
)
from socialins.calendar.retirement import retirement_categories, retirement_category
from socialins.faults import Fault, FaultError, Text, require
from socialins.identity import NumberShape
from socialins.model.codes import RetirementCategory, UnitSize
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.plugins import Registry, installed
from socialins.rules import (
    Cascade,
    RuleBook,
    RuleFileError,
)
from socialins.rules.attachment import AttachmentRule
from socialins.rules.business import Business
from socialins.rules.card import CardRules
from socialins.rules.gaps import STALE_AFTER, Gap, find_gaps
from socialins.rules.monthrules import MonthRules
from socialins.rules.overlay import Overlay, overlay_book
from socialins.rules.rulefile import BackEnd
from socialins.settlement import Differences, Settlement, compare_settlements, settle_roster
from socialins.settlement.adjust import adjusting
from socialins.values import Month, Rate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from socialins.access.rules import AccessRules
    from socialins.attachments import SetReport
    from socialins.collection.rules import CollectionRules
    from socialins.filing.rules import FilingRules
    from socialins.forms.papers import Forms
    from socialins.model.codes import Payer
    from socialins.notices import RegionNotices
    from socialins.reconcile import Export, Reconciliation
    from socialins.reconcile.rates import RateUnit
    from socialins.settlement import Contribution

__all__ = ["Overlay", "Region", "region", "regions"]


@attrs.frozen(eq=False)
class Region:
    """A division whose rules are installed.

    Arguments:
        book: the division's rule book.
        registry: the registry it comes from.

    >>> from socialins.testing.middle import middle
    >>> middle().code, middle().name.zh
    ('990100', '中州')
    """

    book: RuleBook = attrs.field(repr=False)
    registry: Registry = attrs.field(repr=False)

    @property
    def slug(self) -> str:
        """The name that code uses."""
        return self.book.names.slug

    @property
    def code(self) -> str:
        """The GB/T 2260 division code."""
        return self.book.division

    @property
    def name(self) -> Text:
        """The name that people use, in both languages."""
        return self.book.names.name

    @property
    def cascade(self) -> Cascade:
        """The rules that hold here: the division's own, its province's, the country's."""
        return _cascade(self.registry, self.book)

    @property
    def numbers(self) -> dict[str, NumberShape]:
        """The shapes of the bureau's numbers that are known here, by id.

        >>> from socialins.testing.middle import middle
        >>> middle().numbers["unit-number"].check("1234567")[0]
        '0001234567'
        """
        return self.cascade.numbers()

    def rules(self, month: Month | str, known_on: date | None = None) -> MonthRules:
        """What holds in a month.

        Arguments:
            month: the month, as `Month` or ``"2026-11"``.
            known_on: as known on this day; None for everything that is installed.
        """
        return MonthRules(self.cascade, Month.of(month), known_on)

    def gaps(
        self,
        month: Month | str,
        *,
        known_on: date | None = None,
        stale_after: int = STALE_AFTER,
    ) -> tuple[Gap, ...]:
        """What is missing, provisional, stale or unconfirmed, of all that settling a month needs.

        Arguments:
            month: the month; months that the files admit not to know are listed beside it.
            known_on: as known on this day; None for everything that is installed.
            stale_after: months after which an open-ended figure that nobody confirmed again is
                stale.

        >>> from socialins.testing.middle import middle
        >>> gap = middle().gaps("2025-11")[0]
        >>> gap.kind.value, gap.figure, gap.insurance, str(gap.span), gap.division
        ('missing', 'bounds', 'medical', '2025-01..2025-12', '990000')
        """
        return find_gaps(self.cascade, Month.of(month), known_on=known_on, stale_after=stale_after)

    @property
    def businesses(self) -> dict[str, Business]:
        """The catalogue of businesses by id (业务目录), as far as the region's rules know it."""
        return self.cascade.businesses()

    @property
    def attachments(self) -> dict[str, AttachmentRule]:
        """The rules for pictures (附件、照片) by id, as far as the region's rules know them.

        >>> from socialins.testing.middle import middle
        >>> sorted(middle().attachments)
        ['card-photo', 'upload']
        """
        return self.cascade.attachments()

    def photo_rule(self, id: str, *, overlay: Overlay | None = None) -> AttachmentRule:  # noqa: A002
        """The rule for a kind of picture, to check or fix pictures by (`socialins.attachments`).

        Arguments:
            id: its id, such as ``"card-photo"``.
            overlay: the unit's own rules, as for `window`.

        Raises:
            FaultError: if the region has no rule of this id; the message has those it has.

        >>> from socialins.testing.middle import middle
        >>> middle().photo_rule("card-photo").size
        (358, 441)
        """
        known = self._with(overlay).attachments()
        if id not in known:
            values = {"rule": id, "choices": ", ".join(sorted(known)) or "–"}
            raise FaultError(Fault("attachment.rule-unknown", values))
        return known[id]

    def check_set(
        self,
        business: str,
        files: Mapping[str, Path | str | bytes | Iterable[Path | str | bytes]],
        *,
        overlay: Overlay | None = None,
        **options: Any,
    ) -> SetReport:
        """Check the pictures that go with a business: what must be there, and each by its rule.

        Arguments:
            business: the business's id.
            files: material → its file or files.
            overlay: the unit's own rules, as for `window`.
            options: ``limits`` and ``tolerance``, as for `socialins.attachments.check`.

        Raises:
            FaultError: if the catalogue has no such business.

        >>> from socialins.testing.middle import middle
        >>> middle().check_set("card.request", {}).faults[0].message("en")
        'a required paper is missing: identity card'
        """
        from socialins.attachments import check_set

        cascade = self._with(overlay)
        known = cascade.businesses()
        if business not in known:
            values = {"business": business, "choices": ", ".join(sorted(known))}
            raise FaultError(Fault("filing.no-such-business", values))
        return check_set(known[business], files, cascade.attachments(), **options)

    @property
    def cards(self) -> CardRules | None:
        """How social-security cards are applied for (制卡); None where no rule speaks of it.

        >>> from socialins.testing.middle import middle
        >>> middle().cards.group_from
        3
        """
        return self.cascade.cards()

    @property
    def back_ends(self) -> tuple[BackEnd, ...]:
        """The bureau's systems that settle the insurances of one declaration apart (后台系统).

        Empty where no rule speaks of any; `Settlement.by_back_end` splits a bill by them.
        """
        return self.cascade.back_ends()

    @property
    def arrears(self) -> RegionArrears:
        """Back payment, late fee, undeclared months, refunds and credit (补缴、滞纳金、退费)."""
        return RegionArrears(self.code, self._with, self.settle)

    def filing(self, overlay: Overlay | None = None) -> FilingRules:
        """What deciding about declarations asks of the region: businesses, windows, checks.

        Arguments:
            overlay: the unit's own rules, as for `window`.

        Raises:
            FaultError: if a plugin's own checks can't be had.

        >>> from socialins.testing.middle import middle
        >>> middle().filing().closing.changed_by
        'month.settle-changed'
        """
        from socialins.filing.pluginchecks import checks_for
        from socialins.filing.rules import FilingRules

        cascade = self._with(overlay)
        return FilingRules(cascade, checks_for(self.registry, cascade))

    def access(self, overlay: Overlay | None = None) -> AccessRules:
        """Who may do what here: registration, grants, ways to log in, a portal's prompts.

        Arguments:
            overlay: the unit's own rules, as for `window`.

        >>> from socialins.testing.middle import middle
        >>> middle().access().explain("请插入密钥").message("en")
        'the portal does not see the key'
        """
        from socialins.access.rules import AccessRules

        return AccessRules(self._with(overlay))

    def collection(self, overlay: Overlay | None = None) -> CollectionRules:
        """What deciding about plans and payments asks of the region: ways, days, late fees.

        Arguments:
            overlay: the unit's own rules, as for `window`.

        >>> from socialins.testing.middle import middle
        >>> middle().collection().table.handover.value
        'daily-midnight'
        """
        from socialins.collection.rules import CollectionRules

        return CollectionRules(self._with(overlay))

    @property
    def notices(self) -> RegionNotices:
        """The unit's own sheets (单据): payment notice, assessment sheet, slips, and the rest.

        >>> from socialins.testing.middle import middle
        >>> region = middle()
        >>> bill = region.settle(Roster("2026-11", ()), strict=False)
        >>> len(region.notices.payment_notice(bill).digest)
        64
        """
        from socialins.notices.region import RegionNotices

        return RegionNotices(self.name, lambda: self.businesses)

    @property
    def forms(self) -> Forms:
        """The forms (表单) of the region by id; they are read when this is first asked for.

        Raises:
            RuleFileError: if a form file of a plugin that speaks for the region is wrong.

        >>> from socialins.testing.middle import middle
        >>> middle().forms["wage.declare"].title.zh
        '中省年度缴费工资申报'
        """
        return _forms(self.registry, self.book)

    def window(
        self,
        business: str,
        month: Month | str,
        *,
        insurance: str | None = None,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> Window:
        """When a business may be submitted for a month (申报期).

        Arguments:
            business: the business's id, such as ``"staff.stop"``.
            month: the first month it takes effect for; for a stop, the first month no longer
                insured.
            insurance: the insurance it is for, where the region keeps windows apart.
            known_on: as known on this day; None for everything that is installed.
            overlay: the unit's own rules; its ``variants`` choose among readings that disagree.

        Raises:
            RuleUnknown: if no rule states it.
            CalendarUnknown: if it moves to a workday and the year's holidays are not known.

        >>> from socialins.testing.middle import middle
        >>> window = middle().window("staff.add", "2026-11")
        >>> window.opens.isoformat(), window.last_day.isoformat()
        ('2026-10-11T00:00:00+08:00', '2026-11-07')
        """
        return window_of(
            self._with(overlay), business, Month.of(month), insurance=insurance, known_on=known_on
        )

    def calendar(
        self,
        month: Month | str,
        *,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> MonthCalendar:
        """Every window of a month, and what of it is not known."""
        return month_calendar(self._with(overlay), Month.of(month), known_on)

    def due(
        self,
        before: Roster | None,
        after: Roster,
        month: Month | str,
        today: date,
        *,
        overlay: Overlay | None = None,
    ) -> tuple[DueItem, ...]:
        """What an account must still file for a month, from the difference of two rosters.

        Arguments:
            before: the roster of the month before; None for a new account.
            after: the roster of the month.
            month: the first month that the changes take effect for.
            today: the day in China on which it is asked.
            overlay: the unit's own rules, as for `window`.
        """
        return due_items(self._with(overlay), before, after, Month.of(month), today)

    def retirement(
        self,
        who: InsuredPerson | Month | str,
        category: RetirementCategory | str | None = None,
        *,
        known_on: date | None = None,
        overlay: Overlay | None = None,
    ) -> RetirementDate:
        """When a person, or those born in a month, reach the statutory retirement age.

        Arguments:
            who: a person, or a month of birth.
            category: ``"men"`` (``"M"``), ``"women-55"`` (``"F55"``: women who formerly retired at
                55) or ``"women-50"`` (``"F50"``); a man needs none.
            known_on: as known on this day; None for everything that is installed.
            overlay: the unit's own rules, as for `window`.

        Raises:
            RuleUnknown: if no rule covers the month of birth.
            ValueError: if the birth date is not known, or the category neither given nor certain.

        >>> from socialins.testing.middle import middle
        >>> found = middle().retirement("1966-01", "M")
        >>> str(found.month), found.delay_months
        ('2026-08', 7)
        """
        if isinstance(who, InsuredPerson):
            if who.birth_date is None:
                raise ValueError("the birth date of this person is not known; pass it as a month")
            possible = retirement_categories(who)
            birth = Month.of(who.birth_date)
        else:
            possible, birth = (), Month.of(who)
        if category is None and len(possible) != 1:
            choices = RetirementCategory.choices("en")
            raise ValueError(f"say which category the person is in, one of {choices}")
        wanted = possible[0] if category is None else retirement_category(category)
        return retirement_month(self._with(overlay), birth, wanted, known_on=known_on)

    def retirement_reminders(
        self,
        roster: Roster,
        month: Month | str | None = None,
        *,
        categories: Mapping[str, RetirementCategory | str] | None = None,
        overlay: Overlay | None = None,
    ) -> RetirementReminders:
        """Who of a roster retires within three or six months, this month, or is over age.

        Arguments:
            roster: the persons.
            month: the month to count from; the roster's if left out.
            categories: document number → category; without it a woman is reminded of by both
                dates that may hold.
            overlay: the unit's own rules, as for `window`.
        """
        asked = roster.month if month is None else Month.of(month)
        return retirement_reminders(self._with(overlay), roster, asked, categories=categories)

    def _with(self, overlay: Overlay | None) -> Cascade:
        if overlay is None:
            return self.cascade
        return self.registry.cascade(self.book, overlay_book(overlay, self.book))

    def read_roster(
        self,
        path: str | Path,
        month: Month | str,
        *,
        account: UnitAccount | None = None,
        injury_rate: Rate | str | None = None,
        injury_class: int | None = None,
        injury_band: Rate | str | None = None,
        unit_size: UnitSize | str | None = None,
        trade: str | None = None,
        max_rows: int = 200_000,
    ) -> Roster:
        """Read a roster from a file: in the library's own layout (csv, xlsx), or one of its forms.

        A file that is not in the own layout is known by its headings, if it is in the layout of a
        form of the region that has name, number and wage.

        Arguments:
            path: the file.
            month: the month the roster is for.
            account: the unit's account; a file may carry its own.
            injury_rate: the account's injury rate, in place of what account or file say.
            injury_class: the account's risk class, 1 to 8, likewise.
            injury_band: the floating band (浮动档次) in that class, such as ``"120%"`` of its rate.
            unit_size: the unit's size (单位规模), which some reliefs depend on, likewise.
            trade: the id of its trade (行业) in the region's rules, likewise.
            max_rows: rows beyond this are a fault, so that a hostile file can't fill the memory.

        Returns:
            The roster; rows that could not be read stand in its `faults`.

        Raises:
            FaultError: if the file can't be read as a roster at all.
        """
        from socialins.forms.errors import FormError
        from socialins.forms.roster import read_roster

        given: dict[str, Any] = {
            "account": account,
            "injury_rate": Rate(injury_rate) if injury_rate is not None else None,
            "injury_class": injury_class,
            "injury_band": Rate(injury_band) if injury_band is not None else None,
            "unit_size": UnitSize(unit_size) if unit_size is not None else None,
            "trade": trade,
            "max_rows": max_rows,
        }
        try:
            return read_roster(Path(path), Month.of(month), self.cascade, **given)
        except FormError as error:
            from socialins.forms.papers.recognise import NOT_OWN_LAYOUT, read_roster_form

            if error.fault.code not in NOT_OWN_LAYOUT:
                raise
            try:
                forms = self.forms.values()
            except RuleFileError as wrong:
                # A form file that is wrong must not hide what is wrong with the roster.
                raise FormError(error.fault, (*error.all[1:], *wrong.faults)) from error
            return read_roster_form(Path(path), Month.of(month), forms, error, **given)

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

    def save_settlement(self, bill: Settlement, path: str | Path, lang: str = "zh") -> None:
        """Write a settlement as a workbook (xlsx): summary, persons, every amount.

        Arguments:
            bill: the settlement.
            path: where to write.
            lang: language of the headings, ``"zh"`` or ``"en"``.

        Raises:
            FaultError: if the name does not end in ``.xlsx``, or the extra is missing.
        """
        from socialins.forms.settlement_workbook import write_settlement

        write_settlement(bill, path, lang)

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

    def __str__(self) -> str:
        return f"{self.slug} ({self.code})"

    def __repr__(self) -> str:
        return f"Region({self.slug!r}, {self.code!r})"


@lru_cache(maxsize=256)
def _cascade(registry: Registry, book: RuleBook) -> Cascade:
    return registry.cascade(book)


@lru_cache(maxsize=256)
def _forms(registry: Registry, book: RuleBook) -> Forms:
    from socialins.forms.papers import forms_of

    return forms_of(registry, _cascade(registry, book))


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
