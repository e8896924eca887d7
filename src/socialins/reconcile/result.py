"""Reconciliation (对账): what came of comparing a bill with the bureau's detail export."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import attrs

from socialins.faults import Fault, Text
from socialins.model.codes import Payer
from socialins.reconcile.finding import Finding, FindingKind
from socialins.reconcile.persons import Who
from socialins.rules import RegionNames
from socialins.values import Money, Month

__all__ = ["Compare", "Reconciliation"]


@attrs.frozen
class Compare:
    """Two amounts that should be the same.

    Arguments:
        ours: the bill's.
        theirs: the export's.
    """

    ours: Money
    theirs: Money

    @property
    def difference(self) -> Money:
        """The export's less the bill's."""
        return self.theirs - self.ours


@attrs.frozen(kw_only=True, slots=False)
class Reconciliation:
    """A bill compared with an export, person by person.

    Every amount is in one place: equal, in a finding, or set aside with a fault.

    Arguments:
        region: how the region is called.
        division: its code.
        month: the bill's month.
        files: the exports.
        findings: what differs, in order of the bill, then of the exports.
        equal: how many (person, insurance, payer) are the same on both sides.
        faults: what is wrong with the exports, and what could not be compared.
        totals: insurance and payer → both sides of what was compared.
        aside: both sides of what could not be compared; the faults say why.
        titles: insurance → how it is called.
        items: insurance and item → how the item is called.
    """

    region: RegionNames
    division: str
    month: Month
    files: tuple[Path, ...] = ()
    findings: tuple[Finding, ...] = attrs.field(default=(), repr=False)
    equal: int = 0
    faults: tuple[Fault, ...] = attrs.field(default=(), repr=False)
    totals: Mapping[tuple[str, Payer], Compare] = attrs.field(factory=dict, repr=False)
    aside: Compare = Compare(Money(0), Money(0))
    titles: Mapping[str, Text] = attrs.field(factory=dict, repr=False)
    items: Mapping[tuple[str, str], Text] = attrs.field(factory=dict, repr=False)

    @cached_property
    def missing(self) -> tuple[Finding, ...]:
        """What the bill has and the export lacks."""
        return self._of(FindingKind.MISSING)

    @cached_property
    def extra(self) -> tuple[Finding, ...]:
        """What the export has and the bill lacks."""
        return self._of(FindingKind.EXTRA)

    @cached_property
    def differing(self) -> tuple[Finding, ...]:
        """What both have, with another wage, base, rate or amount."""
        return self._of(FindingKind.DIFFERING)

    def persons(self, kind: FindingKind | str | None = None) -> tuple[Who, ...]:
        """The persons of the findings, each once; of one kind, or of all."""
        wanted = None if kind is None else FindingKind(kind)
        return tuple({one.who: None for one in self.findings if wanted in (None, one.kind)})

    @cached_property
    def total(self) -> Compare:
        """Both sides of all that was compared."""
        return Compare(
            Money.sum(one.ours for one in self.totals.values()),
            Money.sum(one.theirs for one in self.totals.values()),
        )

    @property
    def ours(self) -> Money:
        """What the bill has, of what was compared."""
        return self.total.ours

    @property
    def theirs(self) -> Money:
        """What the export has, of what was compared."""
        return self.total.theirs

    @property
    def difference(self) -> Money:
        """The export's total less the bill's: the sum of all findings' differences."""
        return self.total.difference

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that kept something from being compared."""
        return tuple(fault for fault in self.faults if fault.is_error)

    @property
    def clean(self) -> bool:
        """Whether all was compared, and is equal; warnings don't count."""
        return not self.findings and not self.errors

    def __iter__(self) -> Any:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __bool__(self) -> bool:
        return True

    def title_of(self, finding: Finding) -> Text:
        """What a finding is about: the insurance, and the item where there is one."""
        title = self.titles.get(finding.insurance, Text(finding.insurance, finding.insurance))
        if finding.item is None:
            return title
        item = self.items.get((finding.insurance, finding.item), Text(finding.item, finding.item))
        return title if item == title else Text(f"{title.zh} {item.zh}", f"{title.en} {item.en}")

    def table(self, lang: str = "zh") -> list[dict[str, str | None]]:
        """The findings as rows of text, for a table of any library; identity numbers are whole.

        Arguments:
            lang: ``"zh"`` or ``"en"``, of words; the keys are the same in both.
        """
        from socialins.reconcile.plain import finding_rows

        return finding_rows(self, lang)

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """All of it as plain data for JSON; identity numbers are whole.

        Arguments:
            lang: ``"zh"`` or ``"en"``, of words; the keys are the same in both.
        """
        from socialins.reconcile.plain import reconciliation_to_plain

        return reconciliation_to_plain(self, lang)

    def to_text(self, lang: str = "zh", *, masked: bool = True, most: int | None = None) -> str:
        """All of it as text.

        Arguments:
            lang: ``"zh"`` or ``"en"``.
            masked: hide the middle of identity numbers.
            most: findings that are told at most; all if left out.
        """
        from socialins.reconcile.telling import tell

        return tell(self, lang, masked=masked, most=most)

    def save(self, path: str | Path, lang: str = "zh") -> None:
        """Write it as a workbook (xlsx): summary, missing, extra, differing with marked cells.

        Arguments:
            path: where; a name that ends in ``.xlsx``.
            lang: ``"zh"`` or ``"en"``.

        Raises:
            FormError: for another ending.
            MissingExtra: if the extra ``xlsx`` is not installed.
        """
        from socialins.reconcile.workbook import write_reconciliation

        write_reconciliation(self, path, lang)

    def _of(self, kind: FindingKind) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.kind is kind)
