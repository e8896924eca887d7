"""The right key (密钥核对): a certificate is the unit's and good on the day, before any PIN.

A bureau compares name and code character for character, and so does this. All reasons are told at
once: whoever has to fetch another key wants to go once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

import attrs

from socialins.faults import Fault, Text
from socialins.identity import compare_names
from socialins.model.unit import Unit
from socialins.rules.signing import CertificateField, SigningRules
from socialins.signing.certificate import Certificate, FieldRule, read_certificates
from socialins.signing.errors import KeyRefused
from socialins.signing.trust import RevocationList, check_chain

__all__ = ["KeyTerms", "check_key", "check_unit", "require_right_key"]

_CHINA = timezone(timedelta(hours=8))


@attrs.frozen(kw_only=True)
class KeyTerms:
    """What a key has to fulfil.

    Arguments:
        unit: the unit it must be of; None to leave that open.
        at: the moment of signing, aware.
        rules: the region's rules of signing.
        authorities: trusted certificates, beside those of the rules.
        between: certificates between the key's and an authority's.
        lists: revocation lists.
        account: the account (单位编号) that is signed for, if that matters.
        registered: account → fingerprint of the certificate that is registered for it.
        key_id: the key's number as it is registered, if known.
        key_id_length: how many digits such numbers have.
    """

    unit: Unit | None
    at: datetime
    rules: SigningRules = SigningRules()
    authorities: tuple[Certificate, ...] = ()
    between: tuple[Certificate, ...] = ()
    lists: tuple[RevocationList, ...] = ()
    account: str = ""
    registered: Mapping[str, str] = attrs.field(factory=dict)
    key_id: str = ""
    key_id_length: int = 12

    @property
    def day(self) -> date:
        """The day of signing, in China."""
        return self.at.astimezone(_CHINA).date()

    def trusted(self) -> tuple[Certificate, ...]:
        """The authorities that hold on the day."""
        ruled = (
            certificate
            for one in self.rules.authorities
            if one.holds_on(self.day)
            for certificate in read_certificates(one.certificate.encode())
        )
        return (*self.authorities, *ruled)


def require_right_key(certificate: Certificate, terms: KeyTerms) -> None:
    """Refuse a wrong key.

    Raises:
        KeyRefused: with every reason.
    """
    if faults := check_key(certificate, terms):
        raise KeyRefused(faults)


def check_key(certificate: Certificate, terms: KeyTerms) -> tuple[Fault, ...]:
    """Everything that is wrong with a key; nothing if it is the right one."""
    faults = list(
        check_chain(
            certificate, terms.trusted(), terms.at, between=terms.between, lists=terms.lists
        )
    )
    if not certificate.may_sign:
        faults.append(Fault("signing.key-usage"))
    scheme = certificate.scheme
    if scheme is None or not terms.rules.takes(scheme.value, terms.day):
        values = {"scheme": scheme.value if scheme else "–", "day": terms.day.isoformat()}
        faults.append(Fault("signing.key-scheme", values))
    if terms.unit is not None:
        faults += check_unit(certificate, terms.unit, terms.rules)
    faults += _check_key_id(certificate, terms)
    faults += _check_account(certificate, terms)
    return tuple(faults)


def check_unit(certificate: Certificate, unit: Unit, rules: SigningRules) -> Iterator[Fault]:
    """Whether a certificate bears a unit's name and credit code, exactly."""
    places = (certificate.found((one,)) for one in as_rules(rules.unit_name))
    names = next(filter(None, places), ())
    if not names:
        yield Fault("signing.key-no-unit-name")
    for found in dict.fromkeys(names):
        compared = compare_names(found, unit.name)
        if not compared.identical:
            detail = Text(
                "".join(one.message("zh") + "。" for one in compared.differences),
                " ".join(one.message("en") + "." for one in compared.differences),
            )
            values: dict[str, str | Text] = {"found": found, "name": unit.name}
            values |= {"detail_zh": detail.zh, "detail_en": detail.en}
            yield Fault("signing.key-unit-name", values)
    if unit.credit_code is None:
        yield Fault("signing.unit-no-credit-code")
        return
    codes = certificate.credit_codes(as_rules(rules.credit_code))
    if not codes:
        fields = ", ".join(dict.fromkeys(one.field for one in rules.credit_code))
        yield Fault("signing.key-no-credit-code", {"fields": fields})
    for code in codes:
        if code != unit.credit_code:
            values = {"found": str(code), "code": str(unit.credit_code)}
            yield Fault("signing.key-credit-code", values)


def as_rules(fields: Sequence[CertificateField]) -> tuple[FieldRule, ...]:
    """Fields of a rule file, as certificates take them."""
    return tuple(FieldRule(one.field, one.prefix) for one in fields)


def _check_key_id(certificate: Certificate, terms: KeyTerms) -> Iterator[Fault]:
    """The number printed on the key: so many digits, and the certificate's if that has one."""
    number = terms.key_id
    if not number:
        return
    if len(number) != terms.key_id_length or not (number.isascii() and number.isdigit()):
        values = {"length": str(terms.key_id_length), "number": number}
        yield Fault("signing.key-id", values)
        return
    found = certificate.found(as_rules(terms.rules.key_id))
    if terms.rules.key_id and number not in found:
        values = {"found": ", ".join(found) or "–", "number": number}
        yield Fault("signing.key-id-differs", values)


def _check_account(certificate: Certificate, terms: KeyTerms) -> Iterator[Fault]:
    """One account, one certificate, both ways."""
    registered = {number: mark.lower() for number, mark in terms.registered.items()}
    if not terms.account:
        return
    if registered.get(terms.account, certificate.sha256) != certificate.sha256:
        yield Fault("signing.key-account", {"number": terms.account})
    for number, mark in registered.items():
        if number != terms.account and mark == certificate.sha256:
            yield Fault("signing.key-taken", {"number": number})
