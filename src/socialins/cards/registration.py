"""Registering a unit with a platform that collects the data of cards (单位注册、会员认证).

A platform drops what is not followed by papers, and takes a phone and a mail address for one unit
only. Both are told here before the platform does; nothing is kept, the answer follows from what the
caller knows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from socialins.calendar import SHANGHAI
from socialins.faults import Fault, Text
from socialins.rules.card import UnitPapers, UnitRegistration

__all__ = ["Registration", "registration"]


@attrs.frozen(kw_only=True)
class Registration:
    """A unit that registered.

    Arguments:
        unit_number: the card unit number.
        phone, mail: what it is bound to.
        at: when it registered, aware.
        nature: the unit's nature, as the rules name it.
        uploaded: the papers it uploaded.
        verified: whether the platform has verified them.
    """

    unit_number: str
    phone: str
    mail: str
    at: datetime
    nature: str = ""
    uploaded: tuple[str, ...] = ()
    verified: bool = False


def registration(
    rules: UnitRegistration,
    unit: Registration,
    now: datetime,
    others: Iterable[Registration] = (),
) -> tuple[Fault, ...]:
    """What stands in the way of a unit on a platform.

    Arguments:
        rules: the platform's rules.
        unit: the unit.
        now: the moment, aware.
        others: other units that the caller registered, whose phone and mail are taken.

    Returns:
        Faults: a contact that another unit has, papers that lack, a registration that was dropped.
        Warnings: the last day for the papers, service that is closed.
    """
    found = [*_contacts(rules, unit, others)]
    days = rules.papers_within_days
    lacking = _lacking(rules, unit)
    until = None if days is None else unit.at + timedelta(days=days)
    if not unit.verified and until is not None and not unit.uploaded and now >= until:
        found.append(Fault("cards.registration-dropped", {"days": str(days)}))
    elif lacking:
        last = Text("尽快", "soon") if until is None else Text(*[f"{until:%Y-%m-%d %H:%M}"] * 2)
        papers = Text("、".join(one.zh for one in lacking), ", ".join(one.en for one in lacking))
        found.append(Fault("cards.registration-papers", {"papers": papers, "until": last}))
    if not rules.serves(now.astimezone(SHANGHAI).time()):
        values = {"opens": rules.opens or "00:00", "closes": rules.closes or "24:00"}
        found.append(Fault("cards.service-closed", values))
    return tuple(found)


def _contacts(
    rules: UnitRegistration, unit: Registration, others: Iterable[Registration]
) -> Iterable[Fault]:
    if not rules.one_unit_a_contact:
        return
    for other in others:
        if other.unit_number == unit.unit_number:
            continue
        for contact, taken in ((unit.phone, other.phone), (unit.mail, other.mail)):
            if contact and contact.casefold() == taken.casefold():
                values = {"contact": contact, "unit": other.unit_number}
                yield Fault("cards.contact-taken", values)


def _lacking(rules: UnitRegistration, unit: Registration) -> list[Text]:
    wanted: UnitPapers | None = next(
        (one for one in rules.papers if unit.nature in (one.nature.zh, one.nature.en)), None
    )
    if wanted is None or unit.verified:
        return []
    have = set(unit.uploaded)
    return [paper for paper in wanted.papers if not {paper.zh, paper.en} & have]
