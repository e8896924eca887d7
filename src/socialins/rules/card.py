"""Rules for social-security cards (社会保障卡): how a unit applies for those of its people.

Card centres differ in whom they let apply, what they want to see first, and what a new card does to
the old one. What a centre's paper does not say is left out, and is then not asked.
"""

from __future__ import annotations

import re
from datetime import time
from string import Formatter

import attrs

from socialins.model.codes import Code
from socialins.rules.keys import key, said_by
from socialins.rules.source import Mark, Text
from socialins.values import Money

__all__ = [
    "CardBank",
    "CardFunction",
    "CardRules",
    "Reissue",
    "UnitPapers",
    "UnitRegistration",
]

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")


class CardBank(Code):
    """The bank of a new card, as against that of the old one."""

    SAME = "same", "同行补卡", "a new card of the same bank"
    OTHER = "other", "跨行补卡", "a new card of another bank"


class CardFunction(Code):
    """What a card does."""

    SOCIAL = "social", "社保功能", "social-security function"
    FINANCIAL = "financial", "金融功能", "banking function"


@attrs.frozen(kw_only=True)
class Reissue:
    """补换卡: what a new card does to the old one.

    Arguments:
        bank: of which bank the new card is.
        stops: what the old card no longer does.
        moves: what the new card takes over from it.
        note: what else to know, such as a password that must be set anew.
    """

    bank: CardBank = key(doc="'same' or 'other'", converter=CardBank)
    stops: tuple[CardFunction, ...] = key(
        default=(), doc="'social', 'financial': what the old card stops doing"
    )
    moves: tuple[CardFunction, ...] = key(default=(), doc="What the new card takes over")
    note: Text | None = key(default=None, doc="What else to know")

    @property
    def keeps(self) -> tuple[CardFunction, ...]:
        """What the old card goes on doing.

        >>> rule = Reissue(bank="other", stops=(CardFunction.SOCIAL,))
        >>> [one.value for one in rule.keeps]
        ['financial']
        """
        return tuple(one for one in CardFunction if one not in self.stops)


@attrs.frozen(kw_only=True)
class UnitPapers:
    """What a unit of some nature uploads to be let in."""

    nature: Text = key(doc="The unit's nature (单位性质)")
    papers: tuple[Text, ...] = key(doc="What it uploads")


def _clock(_instance: object, attribute: attrs.Attribute[str], value: str) -> None:
    if value and not _TIME.match(value):
        raise ValueError(f"{value!r} can't be {attribute.name!r}; write it like '08:00'")


def _whole(_instance: object, attribute: attrs.Attribute[int], value: int | None) -> None:
    if value is not None and value < 1:
        raise ValueError(f"{value} can't be {attribute.name!r}; write a whole number from 1")


@attrs.frozen(kw_only=True)
class UnitRegistration:
    """单位注册: how a unit gets into a platform that collects the data of cards.

    Arguments:
        papers_within_days: days after registering within which the papers must be uploaded; what
            is late is dropped. None where nobody says.
        one_unit_a_contact: a phone and a mail address belong to one unit only.
        papers: what is uploaded, by the unit's nature.
        opens, closes: the hours in which the platform serves, such as ``"08:00"``.
        idle_minutes: after how many idle minutes one is logged out.
    """

    papers_within_days: int | None = key(
        default=None,
        doc="Days after which a registration without papers is dropped",
        validator=_whole,
    )
    one_unit_a_contact: bool = key(
        default=False, doc="true: a phone and a mail address belong to one unit only"
    )
    papers: tuple[UnitPapers, ...] = key(default=(), doc="What is uploaded, by nature of the unit")
    opens: str = key(default="", doc="When the day's service begins: '08:00'", validator=_clock)
    closes: str = key(default="", doc="When it ends", validator=_clock)
    idle_minutes: int | None = key(
        default=None, doc="Idle minutes after which one is logged out", validator=_whole
    )

    def serves(self, at: time) -> bool:
        """Whether the platform serves at a time of the day; where nobody says, it may.

        >>> rules = UnitRegistration(opens="08:00", closes="19:00")
        >>> rules.serves(time(8)), rules.serves(time(19))
        (True, False)
        """
        if self.opens and at < time.fromisoformat(self.opens):
            return False
        return not self.closes or at < time.fromisoformat(self.closes)


def _bundle(_instance: object, _attribute: object, value: str) -> None:
    try:
        named = {name for _, name, _, _ in Formatter().parse(value) if name is not None}
    except ValueError as error:
        raise ValueError(f"{value!r} is no pattern: {error}") from error
    if not named <= {"unit_number", "unit_name"}:
        raise ValueError(f"{value!r} may name {{unit_number}} and {{unit_name}} only")


def _day_of_month(_instance: object, attribute: attrs.Attribute[int], value: int | None) -> None:
    if value is not None and value not in range(1, 29):
        raise ValueError(f"{value} can't be {attribute.name!r}; write a day, 1 to 28")


@attrs.frozen(kw_only=True)
class CardRules:
    """制卡: how cards are applied for. Every key may be left to other levels.

    Arguments:
        photo: id of the rule for the photographs; empty where none is sent in as a file.
        group_from: from how many people a unit may apply for all of them at once.
        confirmed: each person's data must be confirmed, or an error noted, before it goes out.
        banks: the banks whose cards can be had this way.
        reissue: what a new card does to the old one.
        ready_on_receipt: the receipt names the day from which cards can be collected.
        photos_by_day: day of the month after enrolment by which people were photographed.
        forms_by_day: day of that month by which forms and fee are with the unit; they are handed
            in and the cards collected after it.
        photo_fee, card_fee: what is collected of each person.
        bundle: advised name of the archive of the photographs, ``{unit_number}`` and
            ``{unit_name}`` in place of the unit's.
        registration: how a unit gets in.
        note: what else to know.
        mark: how well all this is confirmed.
        sources: ids of the documents that say so.
    """

    photo: str = key(default="", doc="Id of the rule for the photographs")
    group_from: int | None = key(
        default=None, doc="Fewest people of a group's request", validator=_whole
    )
    confirmed: bool | None = key(
        default=None, doc="Whether each person's data must be confirmed first"
    )
    banks: tuple[Text, ...] = key(default=(), doc="Banks whose cards can be had this way")
    reissue: tuple[Reissue, ...] = key(default=(), doc="What a new card does to the old one")
    ready_on_receipt: bool | None = key(
        default=None, doc="true: the receipt names the day from which cards can be collected"
    )
    photos_by_day: int | None = key(
        default=None,
        doc="Day of the month after enrolment by which people were photographed",
        validator=_day_of_month,
    )
    forms_by_day: int | None = key(
        default=None,
        doc="Day of that month by which forms and fee are collected",
        validator=_day_of_month,
    )
    photo_fee: Money | None = key(default=None, doc="Fee for a photograph in yuan, as text")
    card_fee: Money | None = key(default=None, doc="Fee for a card in yuan, as text")
    bundle: str = key(default="", doc="Advised name of the photographs' archive", validator=_bundle)
    registration: UnitRegistration | None = key(default=None, doc="How a unit gets in")
    note: Text | None = key(default=None, doc="What else to know")
    mark: Mark = key(default=Mark.B, doc="How well it is confirmed")
    sources: tuple[str, ...] = key(default=(), doc="Ids of the sources that say so")

    def over(self, farther: CardRules) -> CardRules:
        """These rules over a farther level's: what is said here comes first, key by key.

        >>> far = CardRules(group_from=20, confirmed=True)
        >>> own = CardRules(group_from=3).over(far)
        >>> own.group_from, own.confirmed
        (3, True)
        """
        said = {name: value for name, value in said_by(self).items() if value != ""}
        said["sources"] = (*self.sources, *farther.sources)
        return attrs.evolve(farther, **said)

    def reissue_by(self, bank: CardBank) -> Reissue | None:
        """What a new card of the same or another bank does; None where nobody says."""
        return next((one for one in self.reissue if one.bank is bank), None)
