"""Businesses (业务): what kinds of things a unit files, and how each goes its way.

A catalogue is put together item by item: what a city says of a business comes before what its
province and the country say of it, key by key. What nobody says stays unknown; only the pure
questions below it (`is_audited`, …) take the careful answer then.
"""

from __future__ import annotations

import re

import attrs

from socialins.identity import Sex
from socialins.model.codes import Code
from socialins.rules.keys import key, said_by
from socialins.rules.source import Text
from socialins.values import Money

__all__ = [
    "AfterRejection",
    "AuditStep",
    "Business",
    "Channel",
    "ClosingRules",
    "CounterRule",
    "Handling",
    "LateChanges",
    "Material",
    "Requirement",
    "RosterEffect",
    "is_business",
]

_BUSINESS = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+\Z")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")


def is_business(text: str) -> bool:
    """Whether a text can name a business.

    >>> is_business("staff.transfer-in"), is_business("staff")
    (True, False)
    """
    return _BUSINESS.match(text) is not None


class Handling(Code):
    """Whether the bureau audits a business, or it is effective at once (直接办理)."""

    DIRECT = "direct", "直接办理，即时生效", "effective at once, unaudited"
    AUDITED = "audited", "需审核", "audited"


class Channel(Code):
    """A way in which a business can be filed."""

    ONLINE = "online", "网上", "online"
    COUNTER = "counter", "柜台", "counter"
    DISK = "disk", "软盘、U盘报盘", "disk"
    PAPER = "paper", "纸质", "paper"


class AfterRejection(Code):
    """What happens to a declaration that was not passed."""

    RESUBMIT = "resubmit", "修改后重新提交", "edit and submit again"
    ANEW = "anew", "删除后重新申报", "file anew"


class RosterEffect(Code):
    """What a business does to the roster."""

    JOIN = "join", "人员增加", "somebody joins"
    LEAVE = "leave", "人员减少", "somebody leaves"
    CHANGE = "change", "信息变更", "data change"
    NONE = "none", "不影响花名册", "the roster stays as it is"


class LateChanges(Code):
    """What becomes of a change that is filed after a month was closed."""

    NEXT_MONTH = "next-month", "计入下月", "count for the next month"
    REFUSED = "refused", "不予受理", "refused"


@attrs.frozen(kw_only=True)
class Material:
    """材料: a paper that goes with a business.

    Arguments:
        zh, en: what it is.
        required: whether it must be there; some are only asked for in some cases.
        id: what it is called where files are sent in; its Chinese name if left out.
        attachment: id of the rule for the picture that is sent in of it; without one it is handed
            in on paper, or nobody says how.
        kept: the unit keeps it for a check instead of sending it in (留存备查).
    """

    zh: str = key(doc="What it is, in Chinese")
    en: str = key(doc="What it is, in English")
    required: bool = key(default=True, doc="false: only in some cases")
    id: str = key(
        default=attrs.Factory(lambda self: self.zh, takes_self=True),
        doc="What it is called where files are sent in; its Chinese name if left out",
    )
    attachment: str = key(default="", doc="Id of the rule for the picture of it that is sent in")
    kept: bool = key(default=False, doc="true: the unit keeps it instead of sending it in")

    @property
    def text(self) -> Text:
        """What it is, in both languages."""
        return Text(self.zh, self.en)

    def get(self, lang: str) -> str:
        """What it is, in one language."""
        return self.text.get(lang)


def _requirement_id(_instance: object, _attribute: object, value: str) -> None:
    if not _ID.match(value):
        raise ValueError(f"{value!r} can't name a prerequisite; use lower-case words and hyphens")


@attrs.frozen(kw_only=True)
class Requirement:
    """前置条件: a named check that must hold before a business may be filed.

    Arguments:
        id: the check: ``employment-registered``, ``enrolled``, ``no-arrears``, ``age-within``,
            ``not-insured-elsewhere``, ``balance-at-least``, ``certificate-valid``,
            ``yearly-check-done``, ``months-back``, ``insurances-among``, or one that a plugin adds.
        sex: the check holds for persons of this sex only.
        at_least, at_most: bounds of an age in years, or of months back.
        amount: the least balance.
        insurances: ids of the insurances that may be named.
        counter: where the check fails, the business can still be filed at the counter.
        note: what to know of it.
    """

    id: str = key(doc="Name of the check", validator=_requirement_id)
    sex: Sex | None = key(default=None, doc="Only for persons of this sex")
    at_least: int | None = key(default=None, doc="Lowest age in years, or months back")
    at_most: int | None = key(default=None, doc="Highest age in years, or months back")
    amount: Money | None = key(default=None, doc="Least balance in yuan, as text")
    insurances: tuple[str, ...] = key(default=(), doc="Insurances that may be named")
    counter: bool = key(default=False, doc="true: the counter takes it all the same")
    note: Text | None = key(default=None, doc="What to know of it")


@attrs.frozen(kw_only=True)
class AuditStep:
    """审核环节: a step that a declaration goes through at the bureau."""

    id: str = key(doc="Id of the step", validator=_requirement_id)
    title: Text = key(doc="Its name")


def _some_months(_instance: object, _attribute: object, months: int | None) -> None:
    if months is not None and months < 1:
        raise ValueError(f"an item can't lapse after {months} months; leave the key out")


@attrs.frozen(kw_only=True)
class CounterRule:
    """柜台确认: papers that must be confirmed at the counter before a declaration is effective.

    Arguments:
        expires_months: after how many months an unconfirmed declaration lapses; None if never.
        sets_effect: the month of the confirmation, and not that of filing, is the first month.
    """

    expires_months: int | None = key(
        default=None, doc="Months after which it lapses unconfirmed", validator=_some_months
    )
    sets_effect: bool = key(
        default=False, doc="true: the month of confirmation is the first month it takes effect"
    )


def _business_id(_instance: object, _attribute: object, value: str) -> None:
    if not is_business(value):
        raise ValueError(f"{value!r} can't name a business; write it like 'staff.add'")


@attrs.frozen(kw_only=True)
class Business:
    """业务: a kind of thing that a unit files. Every key but the id may be left to other levels.

    Arguments:
        id: its id; shared ids mean the same everywhere.
        title: its name.
        handling: direct, or audited; None where it is not known.
        channels: in which ways it can be filed.
        effect: what it does to the roster.
        counts: whether it makes the month one with changes (有变动); where nobody says, whatever
            may have an effect on the roster does.
        takes_effect: months from the month of filing to the first month it counts for, where no
            window says so: 0 for this month, 1 for the next.
        fields: what the unit may state or change in it.
        materials: papers that go with it.
        prerequisites: what must be done before, in words.
        requires: what must be done before, as checks.
        steps: the steps of its audit.
        after_rejection: what happens to what was not passed.
        deletable: whether it may be deleted before it is submitted.
        counter: it must be confirmed at the counter.
        batch: whether many rows can be filed at once.
        result_workdays: within how many working days the result is there.
        sources: ids of the documents that say so.
    """

    id: str = key(doc="Id, such as 'staff.add'", validator=_business_id)
    title: Text | None = key(default=None, doc="Its name")
    handling: Handling | None = key(default=None, doc="'direct' or 'audited'")
    channels: tuple[Channel, ...] = key(default=(), doc="'online', 'counter', 'disk', 'paper'")
    effect: RosterEffect | None = key(
        default=None, doc="What it does to the roster: 'join', 'leave', 'change', 'none'"
    )
    counts: bool | None = key(
        default=None, doc="Whether a month in which it was passed is one with changes"
    )
    takes_effect: int | None = key(
        default=None, doc="Months from filing to the first month it counts for: 0 or 1"
    )
    fields: tuple[str, ...] = key(default=(), doc="Fields that the unit may state")
    materials: tuple[Material, ...] = key(default=(), doc="Papers that go with it")
    prerequisites: tuple[Text, ...] = key(default=(), doc="What must be done before, in words")
    requires: tuple[Requirement, ...] = key(default=(), doc="What must be done before, as checks")
    steps: tuple[AuditStep, ...] = key(default=(), doc="Steps of the audit, in order")
    after_rejection: AfterRejection | None = key(default=None, doc="'resubmit' or 'anew'")
    deletable: bool | None = key(default=None, doc="Whether it can be deleted unsubmitted")
    counter: CounterRule | None = key(default=None, doc="Confirmation at the counter")
    batch: bool | None = key(default=None, doc="Whether many rows can be filed at once")
    result_workdays: int | None = key(default=None, doc="Working days until the result")
    sources: tuple[str, ...] = key(default=(), doc="Ids of the sources that say so")

    @property
    def name(self) -> Text:
        """Its name; the id where no level gives one."""
        return self.title or Text(self.id, self.id)

    @property
    def is_audited(self) -> bool:
        """Whether it waits for the bureau; unless it is known to be direct, it does."""
        return self.handling is not Handling.DIRECT

    @property
    def changes_month(self) -> bool:
        """Whether a month in which it was passed is closed as one with changes."""
        return self.effect is not RosterEffect.NONE if self.counts is None else self.counts

    @property
    def may_be_resubmitted(self) -> bool:
        """Whether a returned declaration can be edited; unless that is known, it is filed anew."""
        return self.after_rejection is AfterRejection.RESUBMIT

    @property
    def may_be_deleted(self) -> bool:
        """Whether it can be deleted before it was submitted; unless denied, it can."""
        return self.deletable is not False

    def over(self, farther: Business) -> Business:
        """This description over a farther level's: what is said here comes first, key by key.

        >>> national = Business(id="staff.add", title=Text("增加", "add"), batch=True)
        >>> city = Business(id="staff.add", batch=False).over(national)
        >>> city.title.en, city.batch
        ('add', False)
        """
        return attrs.evolve(farther, **said_by(self))


@attrs.frozen(kw_only=True)
class ClosingRules:
    """月度结算: how an account's month is closed (台账关账).

    Arguments:
        changed_by, unchanged_by: the businesses of which exactly one closes a month.
        waits_for: channels whose pending items keep the month open.
        late_changes: what becomes of changes filed after the closing.
        rollback: whether the assessment of a closed month can be taken back (核定回退).
        resubmit_after_window: whether a returned item can be submitted after its window.
        sources: ids of the documents that say so.
    """

    changed_by: str = key(
        default="month.settle-changed", doc="Business that closes a month with changes"
    )
    unchanged_by: str = key(
        default="month.settle-unchanged", doc="Business that closes a month without changes"
    )
    waits_for: tuple[Channel, ...] = key(
        default=(Channel.ONLINE, Channel.COUNTER), doc="Channels whose pending items keep it open"
    )
    late_changes: LateChanges = key(default=LateChanges.NEXT_MONTH, doc="'next-month' or 'refused'")
    rollback: bool = key(default=True, doc="Whether the assessment can be taken back")
    resubmit_after_window: bool = key(
        default=False, doc="Whether a returned item can be submitted after its window"
    )
    sources: tuple[str, ...] = key(default=(), doc="Ids of the sources that say so")
