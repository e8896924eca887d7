"""Commands: what somebody wants to happen to units, operators and grants.

`by` is the operator who wants it, as the application has identified him or her. What the bureau
does says so by its own command or by `at_counter`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from socialins.access.records import BureauRecord, Certificate, Records, Representative
from socialins.deciding import Command, named
from socialins.identity import CreditCode, IdDocument
from socialins.rules.access import EVERYTHING, Role, UnitNature

__all__ = [
    "CarryOver",
    "ChangeKeyData",
    "Command",
    "DropUnverified",
    "Give",
    "GiveAtCounter",
    "HandInPapers",
    "LeaveUnit",
    "ListOperator",
    "RecordAccount",
    "RecordCertificate",
    "RecordRegistration",
    "Register",
    "Reinstate",
    "Revoke",
    "Suspend",
    "TakeOut",
]


def _ids(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(ids)


def _ids_or_all(ids: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if ids is None else tuple(ids)


def _nature(nature: str | None) -> UnitNature | None:
    return None if nature is None else UnitNature(nature)


def _head_role(_instance: object, _attribute: object, role: Role) -> None:
    if role is Role.CLERK:
        raise ValueError("a unit's head is its legal representative or its administrator")


def _some(_instance: object, attribute: attrs.Attribute[Any], ids: tuple[str, ...]) -> None:
    if not ids:
        raise ValueError(f"{attribute.name!r} can't be empty")


@attrs.frozen(kw_only=True)
class Register(Command):
    """Register a unit with the portal (单位注册).

    Arguments:
        unit: a new id in the application.
        code, name: as on its licence.
        representative: its legal representative.
        head: the operator who will have everything of the unit, and grant.
        role: as what.
        numbers: its unit numbers (单位编号); none for a unit that has none yet.
        virtual: the code is a virtual one.
        certificate: its certificate, where it has one.
        login_id: the ID that the portal gave it.
        phone, mail: the contact.
        nature: the unit's nature.
        district: the division of the bureau that is chosen.
        businesses: what it opens; None for everything there is.
        agreed: it agrees to the terms.
        papers: ids of papers that go with it.
        records: what registers have of it.
    """

    unit: str = attrs.field(validator=named)
    code: CreditCode
    name: str = attrs.field(validator=named)
    representative: Representative
    head: str = attrs.field(validator=named)
    role: Role = attrs.field(default=Role.LEGAL, converter=Role, validator=_head_role)
    numbers: tuple[str, ...] = attrs.field(default=(), converter=_ids)
    virtual: bool = False
    certificate: Certificate | None = None
    login_id: str = ""
    phone: str = attrs.field(default="", repr=False)
    mail: str = attrs.field(default="", repr=False)
    nature: UnitNature | None = attrs.field(default=None, converter=_nature)
    district: str = ""
    businesses: tuple[str, ...] | None = attrs.field(default=None, converter=_ids_or_all)
    agreed: bool = False
    papers: tuple[str, ...] = attrs.field(default=(), converter=_ids)
    records: Records = Records()


@attrs.frozen(kw_only=True)
class HandInPapers(Command):
    """Hand in papers of a registration."""

    unit: str
    papers: tuple[str, ...] = attrs.field(converter=_ids)


@attrs.frozen(kw_only=True)
class RecordRegistration(Command):
    """Record what the bureau decided on a registration.

    Arguments:
        unit: the unit's id.
        passed: whether it is open.
        reason: why not, in the bureau's words.
        numbers: unit numbers that it was given.
    """

    unit: str
    passed: bool
    reason: str = ""
    numbers: tuple[str, ...] = attrs.field(default=(), converter=_ids)


@attrs.frozen(kw_only=True)
class DropUnverified(Command):
    """Drop the registrations that were not verified in time."""


@attrs.frozen(kw_only=True)
class RecordAccount(Command):
    """Record how the bureau keeps a unit number, or that there is one more."""

    unit: str
    number: str = attrs.field(validator=named)
    record: BureauRecord | None = None


@attrs.frozen(kw_only=True)
class RecordCertificate(Command):
    """Record a unit's new certificate."""

    unit: str
    certificate: Certificate


@attrs.frozen(kw_only=True)
class ChangeKeyData(Command):
    """Record that the bureau has changed code, name or representative (单位关键信息维护).

    It is done at one unit number; `CarryOver` follows for each of the others.

    Arguments:
        unit: the unit's id.
        number: the unit number at which it was done.
        code, name, representative: what is new; None for what stays.
        head: the operator who represents the unit from now on, where another person does.
    """

    unit: str
    number: str
    code: CreditCode | None = None
    name: str | None = None
    representative: Representative | None = None
    head: str | None = None


@attrs.frozen(kw_only=True)
class CarryOver(Command):
    """Record that the bureau has brought another unit number in line (信用代码维护)."""

    unit: str
    number: str


@attrs.frozen(kw_only=True)
class ListOperator(Command):
    """List an operator of a unit, or correct what it says of one (添加、修改办事员)."""

    unit: str
    operator: str = attrs.field(validator=named)
    name: str = attrs.field(validator=named)
    document: IdDocument | None = None
    phone: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class Suspend(Command):
    """Let an operator of a unit do nothing for a while."""

    unit: str
    operator: str


@attrs.frozen(kw_only=True)
class Reinstate(Command):
    """Let a suspended operator act again."""

    unit: str
    operator: str


@attrs.frozen(kw_only=True)
class LeaveUnit(Command):
    """An operator acts for a unit no more; whoever comes back is granted anew."""

    unit: str
    operator: str


@attrs.frozen(kw_only=True)
class _Giving(Command):
    grant: str = attrs.field(validator=named)
    operator: str = attrs.field(validator=named)
    accounts: tuple[str, ...] = attrs.field(converter=_ids, validator=_some)
    nodes: tuple[str, ...] = attrs.field(default=(EVERYTHING,), converter=_ids, validator=_some)
    but: tuple[str, ...] = attrs.field(default=(), converter=_ids)
    first: date | None = None
    last: date | None = None

    def __attrs_post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"a grant can't end on {self.last}, before it begins")


@attrs.frozen(kw_only=True)
class Give(_Giving):
    """Grant an operator something on some accounts (授权).

    Arguments:
        grant: a new id.
        operator: whom.
        accounts: unit numbers.
        nodes: nodes of the permission tree or businesses, with all below; everything if left out.
        but: what is taken out of them.
        first, last: the days it is for; open where left out.
    """


@attrs.frozen(kw_only=True)
class GiveAtCounter(_Giving):
    """Record a grant that the bureau's counter gave (窗口授权).

    Arguments:
        grant, operator, accounts, nodes, but, first, last: as for `Give`.
        code, representative: the unit's, as stated at the counter.
        name, document, phone: the operator's.
    """

    code: CreditCode
    representative: IdDocument
    name: str = attrs.field(validator=named)
    document: IdDocument
    phone: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class TakeOut(Command):
    """Take nodes out of a grant, with all below them.

    Arguments:
        grant: the grant's id.
        nodes: nodes or businesses.
        at_counter: the counter has done it.
    """

    grant: str
    nodes: tuple[str, ...] = attrs.field(converter=_ids, validator=_some)
    at_counter: bool = False


@attrs.frozen(kw_only=True)
class Revoke(Command):
    """Revoke a grant, at once.

    Arguments:
        grant: the grant's id.
        at_counter: the counter has done it.
    """

    grant: str
    at_counter: bool = False
