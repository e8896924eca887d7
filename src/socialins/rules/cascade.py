"""Cascade: rules from the country to the province to the city, item by item.

What a nearer level sets hides the farther levels for all months, unless it says
`inherit_outside_span`: a city that fixes its own floor is not silently given the province's for the
months it forgot.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import attrs

from socialins.faults import Fault
from socialins.identity import NumberShape
from socialins.model.codes import Payer
from socialins.model.insurance import FIVE_INSURANCES
from socialins.rules.access import AccessTerms
from socialins.rules.attachment import AttachmentRule
from socialins.rules.business import Business, ClosingRules
from socialins.rules.card import CardRules
from socialins.rules.citation import Citation, cite
from socialins.rules.collection import Collecting
from socialins.rules.figures import Coverage
from socialins.rules.references import Named, unknown_names
from socialins.rules.rulebook import RuleBook
from socialins.rules.rulefile import (
    BackEnd,
    Bundle,
    Caveat,
    InsuranceTitle,
    TradeTitle,
)
from socialins.rules.selector import RuleClass
from socialins.rules.series import ALL, Found, PerInsurances, Series
from socialins.rules.signing import SigningRules
from socialins.rules.source import Text
from socialins.values import Month

__all__ = ["Cascade", "Located"]


@attrs.frozen
class Located:
    """What was found in a cascade, and where.

    Arguments:
        found: what the series says of the month.
        series: the series.
        book: the book it stands in.
    """

    found: Found[Any]
    series: Series[Any]
    book: RuleBook

    @property
    def figure(self) -> Any:
        """The figure; None when it is not known."""
        return self.found.figure

    def silent_in(self, month: Month) -> bool:
        """Whether its series leaves the month to others, though no other speaks.

        A figure that need not exist, such as a multiplier, is then simply not there.
        """
        return not self.series.speaks_in(month)

    def citation(self) -> Citation:
        """The figure with its documents."""
        return cite(
            self.found, self.series, dict(self.book.sources), self.book.names.name, self.book.own
        )


class _Question(NamedTuple):
    """All that an answer depends on."""

    kind: str
    month: Month
    rule_class: RuleClass
    insurance: str
    item: str | None
    payer: Payer | None
    known_on: date | None
    lenient: bool


_REMEMBERED = 50_000
"""How many answers a cascade remembers, some ten years of a region; then it begins anew."""


@attrs.frozen(eq=False)
class Cascade:
    """The books that speak for a region, the nearest first.

    Arguments:
        books: an overlay if there is one, the division, its province, the country.
    """

    books: tuple[RuleBook, ...]
    _answers: dict[_Question, Located | None] = attrs.field(init=False, repr=False, factory=dict)

    @property
    def nearest(self) -> RuleBook:
        """The region's own book (an overlay aside)."""
        return next(book for book in self.books if not book.own)

    def find(
        self,
        kind: str,
        month: Month,
        rule_class: RuleClass,
        *,
        insurance: str = ALL,
        item: str | None = None,
        payer: Payer | None = None,
        known_on: date | None = None,
        lenient: bool = False,
    ) -> Located | None:
        """What holds for an insurance, item and payer in a month.

        Returns:
            What was found (its figure None where it is not known), or None when no level has a
            series on it.
        """
        question = _Question(kind, month, rule_class, insurance, item, payer, known_on, lenient)
        try:
            return self._answers[question]
        except KeyError:
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            answer = self._answers[question] = self._look_up(question)
            return answer

    def _look_up(self, asked: _Question) -> Located | None:
        last: Located | None = None
        variant = self.variant(asked.insurance) if asked.kind == "window" else ""
        subject = asked.insurance, asked.item, asked.payer
        for book in self.books:
            for series in _answering(book, asked.kind, asked.rule_class, subject):
                if series.variant != variant:
                    continue
                found = series.find(asked.month, asked.known_on, lenient=asked.lenient)
                located = Located(found, series, book)
                if series.speaks_in(asked.month):
                    return located
                last = last or located
        return last

    def undecided(
        self, kind: str, month: Month, rule_class: RuleClass, *, insurance: str, payer: Payer
    ) -> tuple[str, ...]:
        """What would have to be known of a class to say whether a figure of a kind holds for it.

        Returns:
            Names of keys of `Who` that series which speak in the month ask for and the class
            leaves open; empty when it is certain.
        """
        asked: dict[str, None] = {}
        for book in self.books:
            for series in book.of_kind(kind):
                if series.speaks_in(month) and any(
                    named in (ALL, insurance) and named_payer in (None, payer)
                    for named, _, named_payer in series.scopes()
                ):
                    asked.update(dict.fromkeys(series.who.undecided(rule_class)))
        return tuple(asked)

    def items(self, rule_class: RuleClass) -> Iterator[tuple[str, str, Payer]]:
        """Every (insurance, item, payer) that some level collects from a class, in order."""
        found: dict[tuple[str, str, Payer], None] = {}
        for book in reversed(self.books):
            for kind in ("rate", "fixed"):
                for series in book.of_kind(kind):
                    if series.who.matches(rule_class):
                        found.update(dict.fromkeys(series.scopes()))  # type: ignore[arg-type]
        order = {insurance.id: index for index, insurance in enumerate(self.insurances())}
        payers = list(Payer)
        return iter(sorted(found, key=lambda key: (order[key[0]], payers.index(key[2]))))

    def insurances(self) -> tuple[InsuranceTitle, ...]:
        """The titled insurances, nearest title first for each; the five before supplements."""
        titles: dict[str, InsuranceTitle] = {}
        for book in self.books:
            for insurance in book.insurances:
                titles.setdefault(insurance.id, insurance)
        five = [titles[id_] for id_ in FIVE_INSURANCES if id_ in titles]
        return (*five, *(one for one in titles.values() if one.id not in FIVE_INSURANCES))

    def bundles(self) -> tuple[Bundle, ...]:
        """Bundles of insurances, the nearest level's first."""
        return tuple(bundle for book in self.books for bundle in book.bundles)

    def trades(self) -> tuple[TradeTitle, ...]:
        """The trades that rules tell apart, the nearest level's first."""
        found: dict[str, TradeTitle] = {}
        for book in self.books:
            for trade in book.trades:
                found.setdefault(trade.id, trade)
        return tuple(found.values())

    def back_ends(self) -> tuple[BackEnd, ...]:
        """The bureau's systems, as the nearest level that speaks of any has them."""
        return next((book.back_ends for book in self.books if book.back_ends), ())

    def variant(self, business: str) -> str:
        """The reading of a business's window that is chosen; empty for the default."""
        for book in self.books:
            if business in book.variants:
                return book.variants[business]
        return ""

    def unheard_variants(self) -> Iterator[tuple[RuleBook, str, str, str]]:
        """Readings of windows that a book chooses and no level states."""
        for chooser in self.books:
            for business, variant in chooser.variants.items():
                stated = {
                    series.variant
                    for book in self.books
                    for series in book.of_kind("window")
                    if any(business == named for named, _, _ in series.scopes())
                }
                if variant not in stated:
                    yield chooser, business, variant, ", ".join(sorted(stated - {""})) or "none"

    def window_subjects(self) -> Iterator[tuple[str, str | None]]:
        """The (business, insurance) that some level has a window for, in order."""
        found: dict[tuple[str, str | None], None] = {}
        for book in reversed(self.books):
            for series in book.of_kind("window"):
                found.update({(business, item): None for business, item, _ in series.scopes()})
        return iter(found)

    def businesses(self) -> dict[str, Business]:
        """The businesses by id; what a nearer level says of one comes first, key by key."""
        found: dict[str, Business] = {}
        for book in reversed(self.books):
            for business in book.businesses:
                farther = found.get(business.id)
                found[business.id] = business.over(farther) if farther else business
        return found

    def closing(self) -> ClosingRules:
        """How an account's month is closed, as the nearest level that speaks of it says."""
        return next((book.closing for book in self.books if book.closing), ClosingRules())

    def collection(self) -> Collecting:
        """How it is collected and paid; what a nearer level says comes first, key by key."""
        found = Collecting()
        for book in reversed(self.books):
            if book.collection is not None:
                found = book.collection.over(found)
        return found

    def access(self) -> AccessTerms:
        """Who may do what; what a nearer level says comes first, key by key."""
        found = AccessTerms()
        for book in reversed(self.books):
            if book.access is not None:
                found = book.access.over(found)
        return found

    def attachments(self) -> dict[str, AttachmentRule]:
        """The rules for pictures by id, the nearest level's for each."""
        found: dict[str, AttachmentRule] = {}
        for book in self.books:
            for rule in book.attachments:
                found.setdefault(rule.id, rule)
        return found

    def cards(self) -> CardRules | None:
        """How cards are applied for; what a nearer level says comes first, key by key."""
        found: CardRules | None = None
        for book in reversed(self.books):
            if book.cards is not None:
                found = book.cards.over(found) if found is not None else book.cards
        return found

    def signing(self) -> SigningRules:
        """How keys are checked, as the nearest level that speaks of it says."""
        return next((book.signing for book in self.books if book.signing), SigningRules())

    def business_title(self, business: str) -> Text:
        """The name of a business; its id where no level gives one."""
        known = self.businesses().get(business)
        return known.name if known else Text(business, business)

    def numbers(self) -> dict[str, NumberShape]:
        """The shapes of bureau numbers by id, the nearest level's for each."""
        shapes: dict[str, NumberShape] = {}
        for book in self.books:
            for number in book.numbers:
                shapes.setdefault(number.id, number.shape())
        return shapes

    def caveats(self, month: Month) -> Iterator[Caveat]:
        """What the files don't yet express of a month."""
        for book in self.books:
            yield from (caveat for caveat in book.caveats if month in caveat.span)

    def title(self, insurance: str) -> Text:
        """The title of an insurance; its id where no level gives one."""
        for book in self.books:
            for one in book.insurances:
                if one.id == insurance:
                    return one.title
        return Text(insurance, insurance)

    def item_title(self, insurance: str, item: str) -> Text:
        """The title of an item; the insurance's for the basic item."""
        for book in self.books:
            for one in book.items:
                if (one.insurance, one.id) == (insurance, item):
                    return one.title
        return self.title(insurance) if item == "basic" else Text(item, item)

    def unknown_names(self) -> Iterator[Fault]:
        """Ids by which some level names a rule that none has; with file and key path."""
        books = self.books
        # Each kind is called as the table of the books that has it.
        known = {
            kind: [one.id for book in books for one in getattr(book, kind.value)] for kind in Named
        }
        return unknown_names((one for book in books for one in book.references), known)

    def untitled(self) -> Iterator[tuple[RuleBook, str]]:
        """Insurances that some level speaks of and none names: typing errors, mostly."""
        titled = {insurance.id for insurance in self.insurances()}
        for book in self.books:
            for insurance in dict.fromkeys(_spoken_of(book)):
                if insurance != ALL and insurance not in titled:
                    yield book, insurance


def _spoken_of(book: RuleBook) -> Iterator[str]:
    """Every insurance that a book names, wherever it does."""
    for placed in book.series:
        series: Series[Any] = placed.series
        if series.kind == "window":
            # Its subject is a business; the insurances stand where others have the item.
            yield from (insurance for _, insurance, _ in series.scopes() if insurance)
        elif isinstance(series, PerInsurances) or not series.of_calendar:
            yield from (insurance for insurance, _, _ in series.scopes())
        for figure in series.values:
            if isinstance(figure, Coverage):
                yield from figure.insurances
    yield from (insurance for bundle in book.bundles for insurance in bundle.insurances)
    yield from (insurance for one in book.back_ends for insurance in one.insurances)
    yield from (insurance for caveat in book.caveats for insurance in caveat.insurances)
    yield from (item.insurance for item in book.items)


def _answering(
    book: RuleBook,
    kind: str,
    rule_class: RuleClass,
    question: tuple[str, str | None, Payer | None],
) -> list[Series[Any]]:
    """A book's series that answer for an (insurance, item, payer), the closest first.

    A named insurance is closer than ``*``, whatever else either names; then a named item, a named
    payer, and a class before everybody.
    """
    insurance, item, payer = question
    answering = []
    for series in book.of_kind(kind):
        if not series.who.matches(rule_class):
            continue
        closeness = [
            (named_insurance != ALL, named_item is not None, named_payer is not None)
            for named_insurance, named_item, named_payer in series.scopes()
            if named_insurance in (ALL, insurance)
            and named_item in (None, item)
            and named_payer in (None, payer)
        ]
        if closeness:
            answering.append((max(closeness), series.who.specificity, series))
    answering.sort(key=lambda entry: entry[:2], reverse=True)
    return [series for _, _, series in answering]
