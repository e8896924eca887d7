"""What the sheets of a settlement's workbook share: one pass over the amounts, and the words.

A large settlement has a million amounts on a handful of schedule lines, so whatever depends on the
line alone is worked out once for each line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeAlias

import attrs

from socialins.faults import Text
from socialins.model.codes import Payer
from socialins.model.person import InsuredPerson
from socialins.model.roster import RosterEntry
from socialins.rules import Citation, Mark, Source, Status
from socialins.settlement import Contribution, Settlement
from socialins.values import Money
from socialins.values.masking import masked

__all__ = ["BillView", "PersonShare", "PersonView"]

_WHOLE = Text("整户", "account as a whole")
_Key: TypeAlias = tuple[str, str] | None


@attrs.define
class PersonShare:
    """What one person, or the account as a whole, owes to one insurance.

    Arguments:
        base: payer → wage base.
        amount: payer → sum of its items.
        unsettled: payers whose amount is not known.
    """

    base: dict[Payer, Money] = attrs.field(factory=dict)
    amount: dict[Payer, Money] = attrs.field(factory=dict)
    unsettled: set[Payer] = attrs.field(factory=set)


@attrs.define
class PersonView:
    """A person's amounts: a row of the sheet of persons.

    Arguments:
        person: None for the account as a whole.
        row: the row of the roster's file.
        wage: the declared wage; None where nothing was settled.
        shares: insurance → what is owed.
    """

    person: InsuredPerson | None
    row: int | None
    wage: Money | None = attrs.field(default=None, repr=masked)
    shares: defaultdict[str, PersonShare] = attrs.field(factory=lambda: defaultdict(PersonShare))

    def total(self, payer: Payer) -> Money:
        """What a payer owes in all."""
        return Money.sum(
            share.amount[payer] for share in self.shares.values() if payer in share.amount
        )


@attrs.define
class BillView:
    """A settlement, seen by those who write it down.

    Arguments:
        bill: the settlement.
        lang: ``"zh"`` or ``"en"``.
        titles: insurance → its title, in the order in which they are shown.
        payers: insurance → who pays.
        split: insurances in which some person's base differs between unit and person.
        sources: document → its number in the list of documents.
        marks: document → the marks of the figures it was cited for.
        provisional_figures: figures that were carried or are provisional → insurances.
    """

    bill: Settlement
    lang: str
    titles: dict[str, Text] = attrs.field(factory=dict)
    payers: defaultdict[str, set[Payer]] = attrs.field(factory=lambda: defaultdict(set))
    split: set[str] = attrs.field(factory=set)
    sources: dict[Source, int] = attrs.field(factory=dict)
    marks: defaultdict[Source, set[Mark]] = attrs.field(factory=lambda: defaultdict(set))
    provisional_figures: dict[Citation, dict[str, None]] = attrs.field(factory=dict)
    _lines: dict[tuple[int, int], tuple[str, str]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, bill: Settlement, lang: str) -> BillView:
        """Look through a settlement."""
        view = cls(bill, lang)
        for one in bill.contributions:
            view._see(one)
        for gap in bill.unsettled:
            title = gap.fault.values.get("insurance")
            known = title if isinstance(title, Text) else Text(gap.insurance, gap.insurance)
            view.titles.setdefault(gap.insurance, known)
            view.payers[gap.insurance].add(gap.payer)
        for person in view.persons():
            for insurance, share in person.shares.items():
                if len(set(share.base.values())) > 1:
                    view.split.add(insurance)
        return view

    @property
    def whole_account(self) -> str:
        """What stands in place of a name where an amount is the account's as a whole."""
        return _WHOLE.get(self.lang)

    def title(self, insurance: str) -> str:
        """The title of an insurance."""
        return self.titles[insurance].get(self.lang)

    def documents(self, one: Contribution) -> str:
        """The documents of an amount, by their numbers in the list of documents."""
        return self._of_line(one)[0]

    def provisional(self, one: Contribution) -> str:
        """How an amount is provisional; empty if it is not."""
        return self._of_line(one)[1]

    def persons(self) -> Iterator[PersonView]:
        """The persons in order, the account as a whole last.

        Nobody who was settled is left out, though nothing may be owed: a person without a row
        would look forgotten.
        """
        gaps: dict[_Key, dict[tuple[str, Payer], None]] = {}
        waiting: dict[_Key, PersonView] = {}
        for entry in self._settled():
            waiting[entry.person.key] = PersonView(entry.person, entry.row, entry.wage.amount)
        for gap in self.bill.unsettled:
            key = gap.person.key if gap.person else None
            gaps.setdefault(key, {})[gap.insurance, gap.payer] = None
            waiting.setdefault(key, PersonView(gap.person, gap.row))
        whole = waiting.pop(None, None)
        for key, group in groupby(self.bill.contributions, key=_key):
            view = _person_view(list(group))
            if key is None:
                whole = view
                continue
            for before in _before(waiting, key):
                yield _marked(before, gaps)
            yield _marked(view, gaps)
        for view in waiting.values():
            yield _marked(view, gaps)
        if whole is not None:
            yield _marked(whole, gaps)

    def _settled(self) -> Iterator[RosterEntry]:
        """The entries of the roster that were not refused for an insurance unheard of."""
        unheard: set[str] = set()
        for fault in self.bill.faults:
            if fault.code == "settle.insurance-unheard":
                unheard.update((fault.place.value or "").split(", "))
        for entry in self.bill.roster.entries if self.bill.roster else ():
            if not unheard & (entry.insurances or frozenset()):
                yield entry

    def _see(self, one: Contribution) -> None:
        line = one.line
        key = (id(line), id(one.operand))
        if key in self._lines:
            return
        self.titles.setdefault(one.insurance, line.title)
        self.payers[one.insurance].add(one.payer)
        numbers: dict[str, None] = {}
        statuses: dict[str, None] = {}
        for citation in one.citations:
            for source in citation.sources:
                number = self.sources.setdefault(source, len(self.sources) + 1)
                numbers[f"[{number}] {source.number or source.title}"] = None
                self.marks[source].add(citation.mark)
            if citation.status is not Status.CONFIRMED:
                statuses[citation.status.title(self.lang)] = None
                self.provisional_figures.setdefault(citation, {})[one.insurance] = None
        listed = " ".join(numbers)
        self._lines[key] = listed, "; ".join(statuses)

    def _of_line(self, one: Contribution) -> tuple[str, str]:
        return self._lines[id(one.line), id(one.operand)]


def _key(one: Contribution) -> _Key:
    return one.person.key if one.person else None


def _person_view(amounts: list[Contribution]) -> PersonView:
    first = amounts[0]
    view = PersonView(first.person, first.row, first.wage if first.person else None)
    for one in amounts:
        share = view.shares[one.insurance]
        # An insurance may have several items; its base is the basic one's, which comes first.
        share.base.setdefault(one.payer, one.base)
        share.amount[one.payer] = share.amount.get(one.payer, Money(0)) + one.amount
    return view


def _before(waiting: dict[_Key, PersonView], key: _Key) -> Iterator[PersonView]:
    """Those who wait before somebody whose turn it is; none of them waits any longer."""
    while key in waiting:
        first = next(iter(waiting))
        view = waiting.pop(first)
        if first != key:
            yield view


def _marked(view: PersonView, gaps: Mapping[_Key, Iterable[tuple[str, Payer]]]) -> PersonView:
    key = view.person.key if view.person else None
    for insurance, payer in gaps.get(key, ()):
        view.shares[insurance].unsettled.add(payer)
    return view
