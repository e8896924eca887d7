"""Settlement (结算 / 核定): all contributions of a roster for a month, with totals."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import attrs

from socialins.faults import Fault
from socialins.model.codes import Payer
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster
from socialins.model.unit import UnitAccount
from socialins.rules import BackEnd, RegionNames
from socialins.settlement.amounts import Amounts, amounts_of
from socialins.settlement.contribution import Contribution
from socialins.values import Money, Month

__all__ = ["BackEndShare", "Settlement", "Unsettled"]


@attrs.frozen(kw_only=True)
class Unsettled:
    """What could not be settled for a person, and why.

    Arguments:
        person: the insured person; None for a unit-level amount.
        insurance, item, payer: what is owed but not known.
        month: the month.
        fault: why; its message is the reason.
        row: the row of the roster's file.
    """

    person: InsuredPerson | None
    insurance: str
    item: str
    payer: Payer
    month: Month
    fault: Fault
    row: int | None = None

    def reason(self, lang: str = "zh") -> str:
        """Why, in one sentence."""
        return self.fault.message(lang)


@attrs.frozen(kw_only=True)
class BackEndShare:
    """What of a bill one of the bureau's systems settles.

    Arguments:
        back_end: the system; None for what no rule gives to any.
        contributions: its amounts, in order of the bill.
        unit_total, person_total: the shares of unit and persons.
    """

    back_end: BackEnd | None
    contributions: tuple[Contribution, ...] = attrs.field(repr=False)
    unit_total: Money
    person_total: Money

    @property
    def total(self) -> Money:
        """What the system collects in all."""
        return self.unit_total + self.person_total


@attrs.frozen(kw_only=True, slots=False)
class Settlement:
    """The result of settling a roster.

    Arguments:
        region: how the region is called.
        division: its code.
        month: the month it is assessed in (结算期).
        known_on: rules as known on this day; None for all that is installed.
        strict: whether anything unknown would have stopped it.
        roster: what was settled.
        persons: how many persons were settled.
        contributions: every amount, in order of the roster; made when first looked at.
        unsettled: what could not be settled, in the same order.
        faults: what was found wrong with rows of the roster, and warnings about the rules.
        back_ends: the bureau's systems that settle the insurances apart, where rules name them.
    """

    region: RegionNames
    division: str
    month: Month
    known_on: date | None = None
    strict: bool = True
    roster: Roster | None = attrs.field(default=None, repr=False)
    persons: int = 0
    _amounts: Amounts = attrs.field(
        default=Amounts(), converter=amounts_of, alias="contributions", repr=False
    )
    unsettled: tuple[Unsettled, ...] = attrs.field(default=(), repr=False)
    faults: tuple[Fault, ...] = attrs.field(default=(), repr=False)
    back_ends: tuple[BackEnd, ...] = attrs.field(default=(), repr=False)

    @property
    def account(self) -> UnitAccount | None:
        """The unit's account, if the roster named one."""
        return self.roster.account if self.roster is not None else None

    @property
    def contributions(self) -> tuple[Contribution, ...]:
        """Every amount (应缴额), in order of the roster; those of the unit as a whole come last."""
        return self._amounts.all

    @property
    def totals(self) -> dict[tuple[str, Payer], Money]:
        """The total of each insurance and payer, in the order of the contributions."""
        return self._amounts.totals

    @cached_property
    def total(self) -> Money:
        """What is owed in all (应缴合计)."""
        return Money.sum(self.totals.values())

    @cached_property
    def unit_total(self) -> Money:
        """The unit's share (单位应缴合计)."""
        return self._of(Payer.UNIT)

    @cached_property
    def person_total(self) -> Money:
        """The persons' share, which the unit withholds (个人应缴合计)."""
        return self._of(Payer.PERSON)

    def by_back_end(self) -> tuple[BackEndShare, ...]:
        """The bill, split by the bureau's systems (后台系统); the parts add up to the whole.

        Systems that settle nothing of this bill are left out. What no rule gives to a system comes
        last, with no `back_end`.
        """
        home = {insurance: one for one in self.back_ends for insurance in one.insurances}
        shares = (self._share(one, home) for one in (*self.back_ends, None))
        return tuple(share for share in shares if share.contributions)

    def _share(self, back_end: BackEnd | None, home: dict[str, BackEnd]) -> BackEndShare:
        mine = tuple(one for one in self.contributions if home.get(one.insurance) == back_end)
        unit, person = (
            Money.sum(one.amount for one in mine if one.payer is payer)
            for payer in (Payer.UNIT, Payer.PERSON)
        )
        return BackEndShare(
            back_end=back_end, contributions=mine, unit_total=unit, person_total=person
        )

    def _of(self, payer: Payer) -> Money:
        return Money.sum(total for (_, owed_by), total in self.totals.items() if owed_by is payer)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that kept a row out of the result."""
        return tuple(fault for fault in self.faults if fault.is_error)

    def of(self, person: InsuredPerson | str) -> tuple[Contribution, ...]:
        """The contributions of one person, given as the person or as document number."""
        number = person if isinstance(person, str) else person.document.number
        return self._amounts.of_person(number)

    def explain(self, person: InsuredPerson | str, lang: str = "zh") -> str:
        """The whole slip of one person: totals, every amount's derivation, each document once.

        Arguments:
            person: the person, or the document number.
            lang: ``"zh"`` or ``"en"``.

        Raises:
            KeyError: if nothing was settled for the person.
        """
        from socialins.settlement.explain import explain_slip
        from socialins.settlement.slip import Slip

        return explain_slip(Slip.of(self, person), lang)

    def explain_plain(self, person: InsuredPerson | str, lang: str = "zh") -> dict[str, Any]:
        """The whole slip of one person as plain data for JSON.

        Raises:
            KeyError: if nothing was settled for the person.
        """
        from socialins.settlement.explain_plain import slip_explained
        from socialins.settlement.slip import Slip

        return slip_explained(Slip.of(self, person), lang)

    def to_html(self, lang: str = "zh") -> str:
        """The settlement as a piece of HTML: totals, persons, and what is missing or wrong."""
        from socialins.settlement.explain_html import settlement_to_html

        return settlement_to_html(self, lang)

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """The settlement as plain data for JSON: one entry per person, insurance and payer."""
        from socialins.settlement.plain import settlement_to_plain

        return settlement_to_plain(self, lang)
