"""AccessState: the units of an application in one region, their operators and their grants.

One state holds all units that an application serves there: that a code, a phone or a certificate is
of one unit only, and that a clerk of several units has to choose, can't be told from one alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import attrs

from socialins.access.codes import MemberState, UnitState
from socialins.access.records import BureauRecord, Certificate, Representative
from socialins.identity import CreditCode, IdDocument
from socialins.rules.access import EVERYTHING, Role, UnitNature

__all__ = ["EMPTY", "AccessState", "Grant", "Member", "RegisteredUnit"]


@attrs.frozen(kw_only=True)
class Member:
    """操作员: an operator as a unit has listed him or her.

    Arguments:
        operator: the operator's id in the application.
        name: the name.
        document: the identity document, where the portal asks for one.
        phone: the phone.
        state: whether he or she may act.
        since: sessions that began earlier are over.
        joined: which event of the state listed him or her; earlier grants don't count.
    """

    operator: str
    name: str
    document: IdDocument | None = None
    phone: str = attrs.field(default="", repr=False)
    state: MemberState = MemberState.ACTIVE
    since: datetime
    joined: int = 0


@attrs.frozen(kw_only=True)
class RegisteredUnit:
    """A unit as it is registered with a portal.

    Arguments:
        id: its id in the application.
        code, name, representative: as registered.
        head: the operator who has everything of the unit, and grants.
        role: as what: legal representative or administrator.
        accounts: by unit number (单位编号), how the bureau keeps it; None where not known.
        virtual: the code is a virtual one (虚拟统一信用代码).
        certificate: its certificate.
        login_id: what is typed to log in, where the portal gave it an ID.
        phone, mail: its contact.
        nature: its nature.
        district: the bureau's division.
        businesses: what it opened; None for everything.
        papers: ids of the papers that were handed in.
        members: the operators by id, its head among them.
        state: where the registration stands.
        due: until when it must be verified.
        reason: why it was rejected.
        since: sessions that began earlier are over.
    """

    id: str
    code: CreditCode
    name: str
    representative: Representative
    head: str
    role: Role = Role.LEGAL
    accounts: Mapping[str, BureauRecord | None] = attrs.field(factory=dict, hash=False)
    virtual: bool = False
    certificate: Certificate | None = None
    login_id: str = ""
    phone: str = attrs.field(default="", repr=False)
    mail: str = attrs.field(default="", repr=False)
    nature: UnitNature | None = None
    district: str = ""
    businesses: frozenset[str] | None = None
    papers: frozenset[str] = frozenset()
    members: Mapping[str, Member] = attrs.field(factory=dict, hash=False)
    state: UnitState = UnitState.ACTIVE
    due: datetime | None = None
    reason: str = ""
    since: datetime

    def opened(self, business: str) -> bool:
        """Whether it opened a business; an empty one asks for any."""
        return self.businesses is None or not business or business in self.businesses

    @property
    def uncarried(self) -> tuple[str, ...]:
        """Unit numbers whose record has another code or representative than the registration."""
        return tuple(
            number
            for number, record in self.accounts.items()
            if record is not None and not self._carried(record)
        )

    def _carried(self, record: BureauRecord) -> bool:
        same = record.representative in (None, self.representative)
        return record.code == self.code and same


@attrs.frozen(kw_only=True)
class Grant:
    """授权: what an operator may do on some accounts.

    Arguments:
        id: its id; empty for what a unit's head has without being granted it.
        operator: whose.
        accounts: the unit numbers it is for.
        nodes: nodes of the permission tree and businesses, with all below them.
        but: what is taken out of them.
        first, last: the days it is for; None where it is open.
        by: who granted.
        at_counter: it was granted at the bureau's counter.
        given: which event of the state gave it.
    """

    id: str
    operator: str
    accounts: tuple[str, ...]
    nodes: tuple[str, ...] = (EVERYTHING,)
    but: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    by: str = ""
    at_counter: bool = False
    given: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@attrs.frozen(kw_only=True)
class AccessState:
    """Who may do what, as it stands.

    Arguments:
        units: by id, in order of their registration; those rejected or dropped stay, marked.
        grants: those not revoked, by id.
        taken: ids of all grants there ever were.
        keys: keys of the commands that were carried out, with their digests.
        version: how many events it is made of.
    """

    units: Mapping[str, RegisteredUnit] = attrs.field(factory=dict, hash=False)
    grants: Mapping[str, Grant] = attrs.field(factory=dict, hash=False)
    taken: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    keys: Mapping[str, str] = attrs.field(factory=dict, repr=False, hash=False)
    version: int = 0

    @property
    def live(self) -> Iterator[RegisteredUnit]:
        """The units that were neither rejected nor dropped."""
        return (unit for unit in self.units.values() if unit.state.is_live)

    def unit_of(self, account: str) -> RegisteredUnit | None:
        """The unit that a unit number is of."""
        return next((unit for unit in self.live if account in unit.accounts), None)

    def grants_of(self, operator: str) -> Iterator[Grant]:
        """What an operator was granted and nobody revoked."""
        return (one for one in self.grants.values() if one.operator == operator)


EMPTY = AccessState()
"""The state before anything happened."""
