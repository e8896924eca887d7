"""Access (谁可以办什么): who registers, who grants, and which login a region allows for what.

Accounts and passwords of a portal are the bureau's; nothing of a password stands here. What a
division says is put together with what its province and the country say, key by key; prompts of
all levels count.
"""

from __future__ import annotations

import re
from datetime import time

import attrs

from socialins.model.codes import Code
from socialins.model.insurance import is_id
from socialins.rules.business import is_business
from socialins.rules.keys import key, said_by
from socialins.rules.source import Text

__all__ = [
    "EVERYTHING",
    "AccessTerms",
    "Granter",
    "Holder",
    "LoginMethod",
    "LoginRule",
    "PermissionNode",
    "Prompt",
    "RecordBody",
    "RegistrationPaper",
    "Role",
    "ServiceHours",
    "UnitNature",
]

EVERYTHING = "*"
"""The root of every permission tree."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d\Z")


class Role(Code):
    """身份: as what somebody acts for a unit."""

    LEGAL = "legal", "法定代表人", "legal representative", "法人"
    ADMIN = "admin", "管理员", "administrator"
    CLERK = "clerk", "办事员", "clerk", "经办人", "子用户", "专管员"


class Granter(Code):
    """授权方: who may grant."""

    LEGAL = "legal", "法定代表人", "the legal representative"
    ADMIN = "admin", "管理员", "the administrator"
    COUNTER = "counter", "经办机构窗口", "the bureau's counter"


class LoginMethod(Code):
    """登录方式: by what a portal knows who comes."""

    KEY = "key", "密钥（数字证书）", "key (certificate)"
    PASSWORD = "password", "账号密码", "password"
    SCAN = "scan", "电子社保卡扫码", "scanned card"
    PIN_AND_CODE = (
        "pin-and-code",
        "证书密码（PIN码）加校验码",
        "PIN of the certificate and check code",
    )
    CERTIFICATE_FREE = "certificate-free", "免证书", "without a certificate"


class Holder(Code):
    """Where a unit's code and name stand."""

    BUREAU = "bureau", "业务系统", "the bureau's system"
    CERTIFICATE = "certificate", "数字证书", "the certificate"
    ACCOUNT = "account", "注册账号", "the registered account"


class RecordBody(Code):
    """登记库: whose records a registration is held against."""

    BUSINESS = "business", "工商登记", "business registry"
    PENSION = "pension", "企业养老参保", "pension participation"
    GOVERNMENT = "government", "机关事业参保", "government-body participation"


class UnitNature(Code):
    """单位性质: what papers a registration takes depends on it in some regions."""

    ORGAN = "organ", "机关", "state organ"
    INSTITUTION = "institution", "事业单位", "public institution", "事业"
    ENTERPRISE = "enterprise", "企业", "enterprise"


def _clock(_instance: object, _attribute: object, text: str) -> None:
    if not _CLOCK.match(text):
        raise ValueError(f"{text!r} is no time of day; write it like '08:00'")


def _later(hours: ServiceHours, _attribute: object, closes: str) -> None:
    if closes <= hours.opens:
        raise ValueError(f"service closes at {closes}, not after it opens at {hours.opens}")


def _id(_instance: object, _attribute: object, text: str) -> None:
    if not is_id(text):
        raise ValueError(f"{text!r} can't be an id; use lower-case words joined by hyphens")


def _businesses(_instance: object, _attribute: object, ids: tuple[str, ...]) -> None:
    for one in ids:
        if not is_business(one):
            raise ValueError(f"{one!r} can't name a business; write it like 'staff.add'")


def _some_days(_instance: object, _attribute: object, days: int | None) -> None:
    if days is not None and days < 1:
        raise ValueError(f"nothing can be verified within {days} days; leave the key out")


@attrs.frozen(kw_only=True)
class ServiceHours:
    """服务时间: the time of day in which a portal works.

    >>> ServiceHours(opens="08:00", closes="19:00").contains(time(18, 59))
    True
    """

    opens: str = key(doc="First minute, such as '08:00'", validator=_clock)
    closes: str = key(doc="When it closes; that minute is outside", validator=[_clock, _later])

    def contains(self, moment: time) -> bool:
        """Whether it works at a time of day in China."""
        return time.fromisoformat(self.opens) <= moment < time.fromisoformat(self.closes)


@attrs.frozen(kw_only=True)
class LoginRule:
    """登录规则: a way to log in, and for what.

    Arguments:
        method: the way.
        businesses: the only businesses it is for; none for all of them.
        roles: who logs in with it; none for everybody.
        login_id: what is typed for the name: the id of a shape under ``[[numbers]]``.
        login_title: what is typed for the name, in words.
    """

    method: LoginMethod = key(doc="'key', 'password', 'scan', 'pin-and-code' or 'certificate-free'")
    businesses: tuple[str, ...] = key(
        default=(), doc="The only businesses it is for; left out for all", validator=_businesses
    )
    roles: tuple[Role, ...] = key(default=(), doc="Who uses it; left out for everybody")
    login_id: str | None = key(
        default=None,
        doc="What is typed for the name: an id of [[numbers]]",
        validator=attrs.validators.optional(_id),
    )
    login_title: Text | None = key(default=None, doc="What is typed for the name, in words")

    def serves(self, business: str) -> bool:
        """Whether it is a login for a business; an empty one asks for any."""
        return not self.businesses or not business or business in self.businesses


@attrs.frozen(kw_only=True)
class PermissionNode:
    """权限节点: a module of a portal, and what can be done in it.

    Arguments:
        id: its id.
        title: its name.
        parent: the node it stands below; left out at the top.
        businesses: the businesses that stand right below it.
    """

    id: str = key(doc="Id of the node", validator=_id)
    title: Text = key(doc="Its name")
    parent: str | None = key(default=None, doc="Id of the node above; left out at the top")
    businesses: tuple[str, ...] = key(
        default=(), doc="Businesses right below it", validator=_businesses
    )


@attrs.frozen(kw_only=True)
class RegistrationPaper:
    """注册材料: a paper that a unit hands in to register.

    Arguments:
        id: its id.
        title: what it is.
        natures: for units of which nature; none for all.
        at_application: it goes with the application, and not with a later verification.
    """

    id: str = key(doc="Id of the paper", validator=_id)
    title: Text = key(doc="What it is")
    natures: tuple[UnitNature, ...] = key(
        default=(), doc="'organ', 'institution', 'enterprise'; left out for all"
    )
    at_application: bool = key(
        default=False, doc="true: goes with the application; false: is handed in after it"
    )


@attrs.frozen(kw_only=True)
class Prompt:
    """提示语: what a portal says when it refuses, and the fault that explains it.

    Arguments:
        says: the portal's words; an ellipsis stands for what differs from case to case.
        fault: the code of the fault.
        source: id of the document that has the prompt.
    """

    says: str = key(
        doc="The portal's words; … for what differs", validator=attrs.validators.min_len(1)
    )
    fault: str = key(doc="Code of the fault that explains it")
    source: str = key(doc="Id of the source")


@attrs.frozen(kw_only=True, repr=False)
class AccessTerms:
    """What a level says about access. Every key may be left to other levels.

    Arguments:
        granted_by: who may grant; where nobody says, anybody who is known to grant somewhere.
        identical: where code and name must be the same to the character to let somebody in.
        one_code_each: one unit number, one code, one certificate: further unit numbers of a unit
            take a virtual code (虚拟统一信用代码) and are registered apart.
        contact_once: a phone and a mail address can be those of one unit only.
        records: whose records a registration is held against; one that fits is enough.
        approval: a registration waits for the bureau.
        verify_days: days in which the papers must be there, or the registration is dropped.
        district_of_code: without a unit number the bureau is that of the authority which issued
            the credit code.
        openable: the businesses of which a unit opens some when it registers.
        agreement: the unit must agree to terms when it registers.
        result_to: who is told of the result, and how.
        papers: papers of the registration.
        hours: the time of day in which the portal works.
        logins: ways to log in.
        nodes: the permission tree, by module.
        prompts: the portal's prompts, each with the fault that explains it.
        sources: ids of the documents that say so.
    """

    granted_by: tuple[Granter, ...] = key(
        default=(), doc="Who may grant: 'legal', 'admin', 'counter'"
    )
    identical: tuple[Holder, ...] = key(
        default=(),
        doc="Where code and name must be the same: 'bureau', 'certificate', 'account'",
    )
    one_code_each: bool | None = key(
        default=None, doc="Whether each unit number has a code and a certificate of its own"
    )
    contact_once: bool | None = key(
        default=None, doc="Whether a phone or mail address is of one unit only"
    )
    records: tuple[RecordBody, ...] = key(
        default=(), doc="Records a registration is held against: 'business', 'pension', …"
    )
    approval: bool | None = key(default=None, doc="Whether a registration waits for the bureau")
    verify_days: int | None = key(
        default=None, doc="Days until an unverified one is dropped", validator=_some_days
    )
    district_of_code: bool | None = key(
        default=None, doc="Without a unit number, the bureau is where the code was issued"
    )
    openable: tuple[str, ...] = key(
        default=(), doc="Businesses to choose from when registering", validator=_businesses
    )
    agreement: bool | None = key(default=None, doc="Whether the unit must agree to terms")
    result_to: Text | None = key(default=None, doc="Who is told of the result, and how")
    papers: tuple[RegistrationPaper, ...] = key(default=(), doc="Papers of the registration")
    hours: ServiceHours | None = key(default=None, doc="Time of day in which the portal works")
    logins: tuple[LoginRule, ...] = key(default=(), doc="Ways to log in")
    nodes: tuple[PermissionNode, ...] = key(default=(), doc="The permission tree")
    prompts: tuple[Prompt, ...] = key(default=(), doc="The portal's prompts, explained")
    sources: tuple[str, ...] = key(default=(), doc="Ids of the sources that say so")

    def over(self, farther: AccessTerms) -> AccessTerms:
        """These terms over a farther level's: what is said here comes first, key by key.

        >>> far = AccessTerms(verify_days=7, approval=True)
        >>> AccessTerms(approval=False).over(far)
        AccessTerms(approval=False, verify_days=7)
        """
        said = said_by(self)
        for joined in ("prompts", "sources"):
            said[joined] = (*getattr(self, joined), *getattr(farther, joined))
        return attrs.evolve(farther, **said)

    def __repr__(self) -> str:
        said = (f"{name}={value!r}" for name, value in said_by(self).items())
        return f"AccessTerms({', '.join(said)})"
