"""Events: what happened to units, operators and grants, in the order in which it happened.

Identity numbers stand in them, as they are the record; secrets don't: no event has a field for one.
"""

from __future__ import annotations

from datetime import date, datetime

import attrs

from socialins.access.codes import MemberState, UnitState
from socialins.access.records import BureauRecord, Certificate, Representative
from socialins.deciding import Event
from socialins.identity import CreditCode, IdDocument
from socialins.rules.access import Role, UnitNature

__all__ = [
    "AccountRecorded",
    "CertificateRecorded",
    "Event",
    "GrantGiven",
    "GrantNarrowed",
    "GrantRevoked",
    "KeyDataChanged",
    "MemberListed",
    "MemberStateChanged",
    "PapersHandedIn",
    "RegistrationDecided",
    "RegistrationDropped",
    "UnitApplied",
]


@attrs.frozen(kw_only=True)
class UnitApplied(Event):
    """A unit applied for registration; where nothing is waited for, it is registered."""

    unit: str
    code: CreditCode
    name: str
    representative: Representative
    head: str
    role: Role
    numbers: tuple[str, ...] = ()
    record: BureauRecord | None = None
    virtual: bool = False
    certificate: Certificate | None = None
    login_id: str = ""
    phone: str = attrs.field(default="", repr=False)
    mail: str = attrs.field(default="", repr=False)
    nature: UnitNature | None = None
    district: str = ""
    businesses: tuple[str, ...] | None = None
    papers: tuple[str, ...] = ()
    state: UnitState
    due: datetime | None = None


@attrs.frozen(kw_only=True)
class PapersHandedIn(Event):
    """Papers were handed in, and the registration stands so from then on."""

    unit: str
    papers: tuple[str, ...]
    state: UnitState


@attrs.frozen(kw_only=True)
class RegistrationDecided(Event):
    """The bureau has decided on a registration."""

    unit: str
    passed: bool
    reason: str = ""
    numbers: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class RegistrationDropped(Event):
    """A registration was not verified in time."""

    unit: str


@attrs.frozen(kw_only=True)
class AccountRecorded(Event):
    """The bureau keeps a unit number of the unit so."""

    unit: str
    number: str
    record: BureauRecord | None = None


@attrs.frozen(kw_only=True)
class CertificateRecorded(Event):
    """The unit has a certificate, or another one."""

    unit: str
    certificate: Certificate


@attrs.frozen(kw_only=True)
class KeyDataChanged(Event):
    """Code, name or representative were changed, at one unit number for a start."""

    unit: str
    number: str
    code: CreditCode
    name: str
    representative: Representative
    head: str


@attrs.frozen(kw_only=True)
class MemberListed(Event):
    """A unit has listed an operator, or corrected what it says of one."""

    unit: str
    operator: str
    name: str
    document: IdDocument | None = None
    phone: str = attrs.field(default="", repr=False)


@attrs.frozen(kw_only=True)
class MemberStateChanged(Event):
    """An operator was suspended, reinstated, or has left."""

    unit: str
    operator: str
    state: MemberState


@attrs.frozen(kw_only=True)
class GrantGiven(Event):
    """Somebody was granted something on some accounts."""

    grant: str
    operator: str
    accounts: tuple[str, ...]
    nodes: tuple[str, ...]
    but: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    at_counter: bool = False


@attrs.frozen(kw_only=True)
class GrantNarrowed(Event):
    """Something was taken out of a grant; this is what is left."""

    grant: str
    nodes: tuple[str, ...]
    but: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class GrantRevoked(Event):
    """A grant was revoked, at once."""

    grant: str
