"""Papers in and out: rosters, forms, sheets, workbooks."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from socialins.facade.work import RegionWork
from socialins.model.codes import UnitSize
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.plugins import Registry
from socialins.rules import (
    Cascade,
    RuleFileError,
)
from socialins.settlement import Settlement
from socialins.values import Month, Rate

if TYPE_CHECKING:
    from socialins.forms.papers import Forms
    from socialins.notices import RegionNotices

__all__ = ["RegionPapers"]


@attrs.frozen(eq=False, repr=False)
class RegionPapers(RegionWork):
    """Rosters, forms and sheets."""

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

    @property
    def forms(self) -> Forms:
        """The forms (表单) of the region by id; they are read when this is first asked for.

        Raises:
            RuleFileError: if a form file of a plugin that speaks for the region is wrong.

        >>> from socialins.testing.middle import middle
        >>> middle().forms["wage.declare"].title.zh
        '中省年度缴费工资申报'
        """
        return _forms(self.registry, self.cascade)

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

        return RegionNotices(self.name, lambda: self.businesses, self.cascade.title)

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


@lru_cache(maxsize=256)
def _forms(registry: Registry, cascade: Cascade) -> Forms:
    from socialins.forms.papers import forms_of

    return forms_of(registry, cascade)
