"""Verification (验签): a signature's four sides, each told by itself.

Whether the signature is the certificate's, whether the certificate leads to an authority, whether
the document is what was signed, and whether the signer is the unit: a user does something else
about each, so none hides another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import attrs

from socialins.faults import Fault, Place
from socialins.model.unit import Unit
from socialins.rules.signing import SigningRules
from socialins.signing.certificate import Certificate
from socialins.signing.errors import SigningError
from socialins.signing.rightkey import KeyTerms, check_unit
from socialins.signing.signature import CmsSignature, read_signature
from socialins.signing.trust import RevocationList, check_chain

__all__ = ["Aspect", "Verification", "judge", "unreadable", "verify"]


@attrs.frozen
class Aspect:
    """One side of a verification.

    Arguments:
        checked: whether it could be looked at.
        faults: what is wrong, or why it could not be looked at.
    """

    checked: bool
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it was looked at and is right."""
        return self.checked and not self.faults


@attrs.frozen(kw_only=True)
class Verification:
    """What verifying a signature found.

    Arguments:
        signature: whether it is the certificate's.
        chain: whether the certificate leads to an authority and held at the moment of signing.
        content: whether the document is what was signed.
        binding: whether the signer is the unit.
        certificate: the signer's certificate; None if the signature can't be read.
        signed_at: the moment that the signer stated; only the signer vouches for it.
        judged_at: the moment that chain and rules were judged by.
    """

    signature: Aspect
    chain: Aspect
    content: Aspect
    binding: Aspect
    certificate: Certificate | None = None
    signed_at: datetime | None = None
    judged_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """Whether all four sides were looked at and are right."""
        return all(aspect.ok for _, aspect in self.aspects())

    def aspects(self) -> tuple[tuple[str, Aspect], ...]:
        """The sides by name."""
        names = ("signature", "chain", "content", "binding")
        return tuple((name, getattr(self, name)) for name in names)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong, of all sides; the place's field has the side."""
        return tuple(
            fault.at(Place(field=name)) for name, one in self.aspects() for fault in one.faults
        )

    def to_plain(self, lang: str = "zh") -> dict[str, Any]:
        """Dicts, lists and text."""
        return {
            "ok": self.ok,
            **{
                name: {
                    "ok": one.ok,
                    "checked": one.checked,
                    "faults": [
                        {
                            "code": fault.code,
                            "message": fault.message(lang),
                            "remedy": fault.remedy(lang),
                        }
                        for fault in one.faults
                    ],
                }
                for name, one in self.aspects()
            },
            "certificate": self.certificate.to_plain() if self.certificate else None,
            "signed_at": self.signed_at.isoformat() if self.signed_at else None,
            "judged_at": self.judged_at.isoformat() if self.judged_at else None,
        }


def verify(
    content: bytes,
    signature: bytes,
    *,
    unit: Unit | None = None,
    authorities: Sequence[Certificate] = (),
    rules: SigningRules | None = None,
    between: Sequence[Certificate] = (),
    lists: Sequence[RevocationList] = (),
    at: datetime | None = None,
) -> Verification:
    """Verify a detached signature of a document.

    Arguments:
        content: the document.
        signature: the signature in DER or PEM, as `sign_cms` makes it.
        unit: who is to have signed.
        authorities: trusted certificates, beside those of the rules.
        rules: the region's rules of signing.
        between: certificates between, beside those in the signature.
        lists: revocation lists.
        at: judge by this moment; left out, by the one the signer stated, which is the signer's word
            alone. What somebody else witnessed, such as when the bureau got it, is better.

    Returns:
        What was found; it never raises for what is in the files.

    Raises:
        ValueError: for a moment without a time zone.
    """
    try:
        read = read_signature(signature)
    except SigningError as error:
        return unreadable(error.fault)
    return judge(
        read,
        () if read.covers(content) else (Fault("signing.content-altered"),),
        unit=unit,
        authorities=authorities,
        rules=rules,
        between=between,
        lists=lists,
        at=at,
    )


def unreadable(fault: Fault) -> Verification:
    """What verifying finds where there is no signature that can be read."""
    unread = Aspect(checked=False)
    return Verification(
        signature=Aspect(True, (fault,)), chain=unread, content=unread, binding=unread
    )


def judge(
    read: CmsSignature,
    content: Iterable[Fault],
    *,
    stated: datetime | None = None,
    unit: Unit | None = None,
    authorities: Sequence[Certificate] = (),
    rules: SigningRules | None = None,
    between: Sequence[Certificate] = (),
    lists: Sequence[RevocationList] = (),
    at: datetime | None = None,
) -> Verification:
    """Judge a signature that was read, wherever it stood.

    Arguments:
        read: the signature.
        content: what is wrong with what it is of.
        stated: the moment of signing, where it is stated beside the signature.
        unit: who is to have signed.
        authorities: trusted certificates, beside those of the rules.
        rules: the region's rules of signing.
        between: certificates between, beside those in the signature.
        lists: revocation lists.
        at: judge by this moment; left out, by the one the signer stated.
    """
    rules = rules or SigningRules()
    stated = read.signed_at or stated
    moment = at or stated
    return Verification(
        signature=_aspect(() if read.holds() else (Fault("signing.signature-wrong"),)),
        chain=_chain(
            read.certificate,
            moment,
            KeyTerms(
                unit=None,
                at=moment or read.certificate.not_before,
                rules=rules,
                authorities=tuple(authorities),
                between=(*between, *read.others),
                lists=tuple(lists),
            ),
        ),
        content=_aspect(content),
        binding=(
            Aspect(False, (Fault("signing.no-unit"),))
            if unit is None
            else _aspect(check_unit(read.certificate, unit, rules))
        ),
        certificate=read.certificate,
        signed_at=stated,
        judged_at=moment,
    )


def _aspect(faults: Any) -> Aspect:
    return Aspect(True, tuple(faults))


def _chain(certificate: Certificate, moment: datetime | None, terms: KeyTerms) -> Aspect:
    if moment is None:
        return Aspect(False, (Fault("signing.time-unknown"),))
    trusted = terms.trusted()
    if not trusted:
        return Aspect(False, (Fault("signing.no-authorities"),))
    faults = list(
        check_chain(certificate, trusted, moment, between=terms.between, lists=terms.lists)
    )
    if not certificate.may_sign:
        faults.append(Fault("signing.key-usage"))
    scheme = certificate.scheme
    if scheme is None or not terms.rules.takes(scheme.value, terms.day):
        values = {"scheme": scheme.value if scheme else "–", "day": terms.day.isoformat()}
        faults.append(Fault("signing.key-scheme", values))
    return Aspect(True, tuple(faults))
