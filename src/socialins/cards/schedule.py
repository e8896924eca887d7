"""Days and fees of cards: by when people are photographed, and what is collected of them."""

from __future__ import annotations

from datetime import date

import attrs

from socialins.faults import Fault
from socialins.rules.card import CardRules
from socialins.values import Money, Month, as_month

__all__ = ["CardDays", "card_days", "fees"]


@attrs.frozen(kw_only=True)
class CardDays:
    """The days that matter to people enrolled in a month; None where nobody says.

    Arguments:
        enrolled: the month of enrolment.
        photos_by: the last day on which they can be photographed.
        forms_by: the last day on which forms and fee reach the unit.
    """

    enrolled: Month
    photos_by: date | None
    forms_by: date | None

    def handing_in(self, day: date) -> bool:
        """Whether forms are handed in and cards collected on a day: it is after the last of both.

        Arguments:
            day: a day in China.
        """
        return self.forms_by is None or day > self.forms_by

    def late(self, day: date, *, photographed: bool, formed: bool) -> tuple[Fault, ...]:
        """What of it is late on a day.

        Arguments:
            day: a day in China.
            photographed: whether the person was photographed.
            formed: whether form and fee are with the unit.
        """
        found = []
        if self.photos_by is not None and day > self.photos_by and not photographed:
            found.append(Fault("cards.late-photo", {"day": str(self.photos_by)}))
        if self.forms_by is not None and day > self.forms_by and not formed:
            found.append(Fault("cards.late-form", {"day": str(self.forms_by)}))
        return tuple(found)


def card_days(rules: CardRules, enrolled: Month | str) -> CardDays:
    """The days for people enrolled in a month: they lie in the month after it.

    Arguments:
        rules: the region's rules.
        enrolled: the month of enrolment.

    >>> days = card_days(CardRules(photos_by_day=3, forms_by_day=19), "2026-11")
    >>> str(days.photos_by), str(days.forms_by)
    ('2026-12-03', '2026-12-19')
    """
    month = as_month(enrolled)
    following = month + 1

    def day(number: int | None) -> date | None:
        return None if number is None else date(following.year, following.month, number)

    return CardDays(
        enrolled=month,
        photos_by=day(rules.photos_by_day),
        forms_by=day(rules.forms_by_day),
    )


def fees(rules: CardRules, people: int) -> Money | None:
    """What the unit collects for its people's cards; None where nobody says what a card costs.

    Arguments:
        rules: the region's rules.
        people: how many people.

    >>> str(fees(CardRules(card_fee=Money.yuan("20")), 3))
    '60.00'
    """
    return None if rules.card_fee is None else Money(rules.card_fee.fen * people)
