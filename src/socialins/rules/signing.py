"""Rules of signing: what has to be signed, whose certificates a region takes, and how to read them.

Each authority writes the unit's name and credit code into another part of the subject, so the place
is data. Certificates themselves are data too: what a region trusts comes with its plugin.
"""

from __future__ import annotations

from datetime import date

import attrs

from socialins.rules.business import Channel, is_business
from socialins.rules.keys import key
from socialins.rules.source import Text

__all__ = [
    "AuthorityRule",
    "CertificateField",
    "SchemeRule",
    "SignatureRequirement",
    "SigningRules",
]

SCHEMES = ("rsa-pkcs1-sha256", "ecdsa-p256-sha256", "sm2-sm3")
"""The schemes there are; `socialins.signing.Scheme` has the same."""


def _field(_instance: object, _attribute: object, value: str) -> None:
    named = value.removeprefix("extension:")
    dotted = all(part.isdigit() for part in named.split("."))
    if not named or (not dotted and (named != value or not named.isalpha())):
        raise ValueError(f"{value!r} names no field; write 'O', '2.5.4.97' or 'extension:1.2.3.4'")


@attrs.frozen(kw_only=True)
class CertificateField:
    """Where something stands in a certificate."""

    field: str = key(
        doc="'O', 'CN', 'OU', an object identifier, or 'extension:' and one", validator=_field
    )
    prefix: str = key(default="", doc="What stands before it there")


def _days(
    one: AuthorityRule | SchemeRule | SignatureRequirement, _attribute: object, end: date | None
) -> None:
    if one.start is not None and end is not None and end < one.start:
        raise ValueError(f"ends on {end}, before it begins on {one.start}")


@attrs.frozen(kw_only=True)
class AuthorityRule:
    """发证机构: an authority whose certificates are taken, and for which days of signing."""

    title: Text = key(doc="Its name")
    certificate: str = key(doc="Its certificate in PEM")
    start: date | None = key(name="from", default=None, doc="First day of signing")
    end: date | None = key(name="to", default=None, doc="Last day of signing", validator=_days)
    source: str = key(doc="Id of the source that says so")

    def holds_on(self, day: date) -> bool:
        """Whether certificates of it are taken for what is signed on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def _known_scheme(_instance: object, _attribute: object, scheme: str) -> None:
    if scheme not in SCHEMES:
        raise ValueError(f"{scheme!r} is no scheme; these are: {', '.join(SCHEMES)}")


@attrs.frozen(kw_only=True)
class SchemeRule:
    """签名算法: a scheme, with the days of signing it is taken for."""

    scheme: str = key(doc="A scheme, such as 'sm2-sm3'", validator=_known_scheme)
    start: date | None = key(name="from", default=None, doc="First day of signing")
    end: date | None = key(name="to", default=None, doc="Last day of signing", validator=_days)

    def holds_on(self, day: date) -> bool:
        """Whether it is taken on a day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


def _business_ids(_instance: object, _attribute: object, ids: tuple[str, ...]) -> None:
    for id_ in ids:
        if not is_business(id_):
            raise ValueError(f"{id_!r} can't name a business; write it like 'staff.add'")


@attrs.frozen(kw_only=True)
class SignatureRequirement:
    """须签名的业务: what is taken only with the unit's signature, and on which days.

    Arguments:
        businesses: ids of the businesses; all of them, those that close a month too, if there is
            none.
        but: ids of those that are taken without one.
        channels: the ways of filing it holds for.
        start: the first day of submission; None if nobody says.
        end: the last one; None while it goes on.
        source: id of the source that says so.
    """

    businesses: tuple[str, ...] = key(
        default=(), doc="Ids of businesses; all if left out", validator=_business_ids
    )
    but: tuple[str, ...] = key(
        default=(), doc="Ids of businesses that are taken without one", validator=_business_ids
    )
    channels: tuple[Channel, ...] = key(
        default=(Channel.ONLINE,), doc="'online' if left out; 'counter', 'disk', 'paper'"
    )
    start: date | None = key(name="from", default=None, doc="First day of submission")
    end: date | None = key(name="to", default=None, doc="Last day of submission", validator=_days)
    source: str = key(doc="Id of the source that says so")

    def holds_for(self, business: str, channel: Channel, day: date) -> bool:
        """Whether a business that is submitted so on a day has to be signed.

        >>> ruled = SignatureRequirement(but=("benefit.check",), source="manual")
        >>> day = date(2026, 11, 3)
        >>> ruled.holds_for("staff.add", Channel.ONLINE, day)
        True
        >>> ruled.holds_for("benefit.check", Channel.ONLINE, day)
        False
        >>> ruled.holds_for("staff.add", Channel.COUNTER, day)
        False
        """
        return (
            channel in self.channels
            and business not in self.but
            and (not self.businesses or business in self.businesses)
            and (self.start is None or self.start <= day)
            and (self.end is None or day <= self.end)
        )


@attrs.frozen(kw_only=True)
class SigningRules:
    """电子签名: the ``[signing]`` table of a division.

    Arguments:
        required: what is taken only with a signature; nothing where nobody says so.
        authorities: whose certificates are taken; empty where nobody says.
        unit_name: where the unit's name stands; the first field that is there counts.
        credit_code: where its credit code may stand; whatever is a code in any of them counts.
        key_id: where the number of the key stands; empty where no certificate has it.
        schemes: the schemes that are taken, each in its span; all of them if there is none.
        sources: ids of the sources that say so.
    """

    required: tuple[SignatureRequirement, ...] = key(
        default=(), doc="What is taken only with the unit's signature"
    )
    authorities: tuple[AuthorityRule, ...] = key(
        default=(), doc="Authorities whose certificates are taken"
    )
    unit_name: tuple[CertificateField, ...] = key(
        default=(CertificateField(field="O"),), doc="Where the unit's name stands"
    )
    credit_code: tuple[CertificateField, ...] = key(
        default=(
            CertificateField(field="organizationIdentifier"),
            CertificateField(field="organizationIdentifier", prefix="NTRCN-"),
            CertificateField(field="serialNumber"),
            CertificateField(field="OU"),
        ),
        doc="Where the credit code may stand",
    )
    key_id: tuple[CertificateField, ...] = key(
        default=(), doc="Where the key's number stands, if anywhere"
    )
    schemes: tuple[SchemeRule, ...] = key(default=(), doc="Schemes that are taken, by span")
    sources: tuple[str, ...] = key(default=(), doc="Ids of the sources")

    def takes(self, scheme: str, day: date) -> bool:
        """Whether a scheme is taken for what is signed on a day.

        >>> SigningRules().takes("sm2-sm3", date(2026, 11, 3))
        True
        """
        return not self.schemes or any(
            one.scheme == scheme and one.holds_on(day) for one in self.schemes
        )

    def requires(self, business: str, channel: Channel, day: date) -> bool:
        """Whether a business that is submitted in a channel on a day has to be signed.

        >>> SigningRules().requires("staff.add", Channel.ONLINE, date(2026, 11, 3))
        False
        """
        return any(one.holds_for(business, channel, day) for one in self.required)

    def named_sources(self) -> tuple[str, ...]:
        """Ids of all sources that are named."""
        required = (one.source for one in self.required)
        return (*self.sources, *required, *(one.source for one in self.authorities))
