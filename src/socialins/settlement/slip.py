"""Slip: all amounts of one person, explained together; each figure is cited once, by number.

Seven amounts of a person rest on the same few documents. Told one by one, they would hide what
differs behind what is the same.
"""

from __future__ import annotations

from functools import cached_property

import attrs

from socialins.model.codes import Payer
from socialins.model.person import InsuredPerson
from socialins.rules import Citation
from socialins.settlement.contribution import Contribution
from socialins.settlement.derivation import Explanation, explain_steps
from socialins.settlement.settlement import Settlement, Unsettled
from socialins.values import Money

__all__ = ["Slip"]


@attrs.frozen(kw_only=True, slots=False)
class Slip:
    """The amounts of one person in a settlement.

    Arguments:
        bill: the settlement.
        person: the insured person.
        contributions: the person's amounts, in order.
        unsettled: what could not be settled for the person.
    """

    bill: Settlement = attrs.field(repr=False)
    person: InsuredPerson
    contributions: tuple[Contribution, ...]
    unsettled: tuple[Unsettled, ...] = ()

    @classmethod
    def of(cls, bill: Settlement, person: InsuredPerson | str) -> Slip:
        """The slip of a person, given as the person or as document number.

        Raises:
            KeyError: if nothing was settled for the person.
        """
        found = bill.of(person)
        if not found or found[0].person is None:
            raise KeyError("nothing was settled for this person; see unsettled and faults")
        whose = found[0].person
        unsettled = tuple(
            one
            for one in bill.unsettled
            if one.person is not None and one.person.document == whose.document
        )
        return cls(bill=bill, person=whose, contributions=found, unsettled=unsettled)

    @cached_property
    def explanations(self) -> tuple[Explanation, ...]:
        """The derivation of each amount."""
        return tuple(map(explain_steps, self.contributions))

    @cached_property
    def numbers(self) -> dict[Citation, int]:
        """The figures that the amounts rest on, numbered from 1 in the order they come up."""
        cited = dict.fromkeys(one for made in self.explanations for one in made.citations)
        return {citation: number for number, citation in enumerate(cited, start=1)}

    def total(self, payer: Payer | None = None) -> Money:
        """The sum of a payer's amounts, or of all."""
        return Money.sum(
            one.amount for one in self.contributions if payer is None or one.payer is payer
        )
