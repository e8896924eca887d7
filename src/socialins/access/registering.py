"""Deciding what happens to units: registration, its papers and checks, what changes later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from socialins.access import commands as co, events as ev
from socialins.access.case import Case, Outcome
from socialins.access.codes import UnitState
from socialins.access.identical import registration_differs
from socialins.access.records import BureauRecord, Certificate
from socialins.access.state import RegisteredUnit
from socialins.deciding import Refused, Values
from socialins.faults import Fault, Text
from socialins.rules.access import Holder, RecordBody

__all__ = [
    "carry_over",
    "change_key_data",
    "drop_unverified",
    "hand_in_papers",
    "record_account",
    "record_certificate",
    "record_registration",
    "register",
]


def register(case: Case, command: co.Register) -> Outcome:
    """Register a unit, if nobody else is in its place and the records fit."""
    if command.unit in case.state.units:
        raise Refused(Fault("access.unit-taken", {"unit": command.unit}))
    command_faults = (
        *_incomplete(case, command),
        *_taken(case, command),
        *_against_certificate(case, command),
        *_against_records(case, command),
    )
    if command_faults:
        raise Refused(*command_faults)
    terms = case.rules.terms
    state = UnitState.WAITING if terms.approval else UnitState.ACTIVE
    due = None
    if terms.verify_days is not None and _missing(case, command, at_application=False):
        state, due = UnitState.UNVERIFIED, command.at + timedelta(days=terms.verify_days)
    event = ev.UnitApplied(
        at=command.at,
        unit=command.unit,
        code=command.code,
        name=command.name,
        representative=command.representative,
        head=command.head,
        role=command.role,
        numbers=command.numbers,
        record=command.records.participation,
        virtual=command.virtual,
        certificate=command.certificate,
        login_id=command.login_id,
        phone=command.phone,
        mail=command.mail,
        nature=command.nature,
        district=command.district,
        businesses=command.businesses,
        papers=command.papers,
        state=state,
        due=due,
    )
    return (event,), ()


def hand_in_papers(case: Case, command: co.HandInPapers) -> Outcome:
    """Take papers of a registration; with the last of them it goes to the bureau."""
    unit = case.unit(command.unit)
    if unit.state not in (UnitState.UNVERIFIED, UnitState.WAITING):
        values: Values = {"unit": unit.name, "state": unit.state.text}
        raise Refused(Fault("access.no-papers-now", values))
    if unit.due is not None and command.at >= unit.due:
        raise Refused(Fault("access.unit-dropped", {"unit": unit.name}))
    state: UnitState = unit.state
    handed_in = unit.papers | set(command.papers)
    wanted = {
        one.id for one in case.rules.terms.papers if not one.natures or unit.nature in one.natures
    }
    if state is UnitState.UNVERIFIED and wanted <= handed_in:
        state = UnitState.WAITING if case.rules.terms.approval else UnitState.ACTIVE
    event = ev.PapersHandedIn(at=command.at, unit=unit.id, papers=command.papers, state=state)
    return (event,), ()


def record_registration(case: Case, command: co.RecordRegistration) -> Outcome:
    """Record the bureau's decision on what waits for it."""
    unit = case.unit(command.unit)
    if unit.state is not UnitState.WAITING:
        values: Values = {"unit": unit.name, "state": unit.state.text}
        raise Refused(Fault("access.not-waiting", values))
    for number in command.numbers:
        _number_is_free(case, number, unit.id)
    event = ev.RegistrationDecided(
        at=command.at,
        unit=unit.id,
        passed=command.passed,
        reason=command.reason,
        numbers=command.numbers,
    )
    return (event,), ()


def drop_unverified(case: Case, command: co.DropUnverified) -> Outcome:
    """Drop what was not verified in time."""
    late = [
        unit
        for unit in case.state.units.values()
        if unit.state is UnitState.UNVERIFIED and unit.due is not None and command.at >= unit.due
    ]
    return [ev.RegistrationDropped(at=command.at, unit=unit.id) for unit in late], ()


def record_account(case: Case, command: co.RecordAccount) -> Outcome:
    """Record a unit number, or how the bureau keeps it."""
    unit = case.open_unit(command.unit, command.at)
    _number_is_free(case, command.number, unit.id)
    others = set(unit.accounts) - {command.number}
    if others and case.rules.terms.one_code_each:
        raise Refused(Fault("access.one-number-each", {"unit": unit.name}))
    event = ev.AccountRecorded(
        at=command.at, unit=unit.id, number=command.number, record=command.record
    )
    return (event,), ()


def record_certificate(case: Case, command: co.RecordCertificate) -> Outcome:
    """Record a certificate that no other unit has."""
    unit = case.unit(command.unit)
    if case.rules.terms.one_code_each:
        for other in case.state.live:
            if other.id != unit.id and _same_certificate(other.certificate, command.certificate):
                values = {"certificate": command.certificate.id, "unit": other.name}
                raise Refused(Fault("access.certificate-taken", values))
    event = ev.CertificateRecorded(at=command.at, unit=unit.id, certificate=command.certificate)
    return (event,), ()


def change_key_data(case: Case, command: co.ChangeKeyData) -> Outcome:
    """Change code, name or representative, at one unit number for a start."""
    unit = case.open_unit(command.unit, command.at)
    if command.number not in unit.accounts:
        raise Refused(Fault("access.no-such-account", {"account": command.number}))
    code = command.code or unit.code
    representative = command.representative or unit.representative
    head = unit.head if command.head is None else command.head
    if code != unit.code:
        _code_is_free(case, code.text, unit.id)
    other_person = representative.document != unit.representative.document
    if other_person and command.head is None and unit.members[unit.head].document is not None:
        values = {"unit": unit.name, "head": unit.head}
        raise Refused(Fault("access.new-head", values))
    event = ev.KeyDataChanged(
        at=command.at,
        unit=unit.id,
        number=command.number,
        code=code,
        name=command.name or unit.name,
        representative=representative,
        head=head,
    )
    warnings = [
        Fault("access.carry-over", {"account": number, "unit": event.name})
        for number, record in unit.accounts.items()
        if number != command.number and record is not None
    ]
    return (event,), warnings


def carry_over(case: Case, command: co.CarryOver) -> Outcome:
    """Bring another unit number in line with the registration."""
    unit = case.open_unit(command.unit, command.at)
    if command.number not in unit.accounts:
        raise Refused(Fault("access.no-such-account", {"account": command.number}))
    record = BureauRecord(code=unit.code, name=unit.name, representative=unit.representative)
    event = ev.AccountRecorded(at=command.at, unit=unit.id, number=command.number, record=record)
    return (event,), ()


# What keeps a registration back.


def _incomplete(case: Case, command: co.Register) -> Iterator[Fault]:
    terms = case.rules.terms
    if terms.agreement and not command.agreed:
        yield Fault("access.agreement", {})
    for business in command.businesses or ():
        if terms.openable and business not in terms.openable:
            choices = ", ".join(terms.openable)
            yield Fault("access.not-openable", {"business": business, "choices": choices})
    if terms.contact_once and not (command.phone and command.mail):
        yield Fault("access.contact-missing", {})
    if command.nature is None and any(one.natures for one in terms.papers):
        yield Fault("access.nature-missing", {})
    missing = _missing(case, command, at_application=True)
    if missing:
        titles = Text("、".join(one.zh for one in missing), ", ".join(one.en for one in missing))
        yield Fault("access.papers-missing", {"papers": titles})
    if terms.district_of_code and not command.numbers:
        division = command.code.division
        if command.district != division:
            yield Fault("access.district", {"district": command.district or "–", "of": division})


def _missing(case: Case, command: co.Register, *, at_application: bool) -> list[Text]:
    """Titles of the papers that are not there, of one of the two occasions."""
    return [
        one.title
        for one in case.rules.terms.papers
        if one.at_application is at_application
        and (not one.natures or command.nature in one.natures)
        and one.id not in command.papers
    ]


def _taken(case: Case, command: co.Register) -> Iterator[Fault]:
    """What others already have."""
    if case.rules.terms.one_code_each and len(command.numbers) > 1:
        yield Fault("access.one-number-each", {"unit": command.name})
    shape = case.rules.numbers.get("unit-number")
    for number in command.numbers:
        if shape is not None:
            yield from (fault for fault in shape.check(number)[1] if fault.is_error)
    for other in case.state.live:
        yield from _taken_by(other, case, command)


def _taken_by(other: RegisteredUnit, case: Case, command: co.Register) -> Iterator[Fault]:
    terms = case.rules.terms
    if other.code == command.code:
        code = "access.code-taken" if terms.one_code_each else "access.already-registered"
        yield Fault(code, {"code": command.code.text, "unit": other.name})
    for number in command.numbers:
        if number in other.accounts:
            yield Fault("access.number-taken", {"account": number, "unit": other.name})
    held = command.certificate
    if held is not None and terms.one_code_each and _same_certificate(other.certificate, held):
        yield Fault("access.certificate-taken", {"certificate": held.id, "unit": other.name})
    contacts = {command.phone, command.mail} - {""}
    if terms.contact_once and contacts & {other.phone, other.mail}:
        yield Fault("access.contact-taken", {"unit": other.name})


def _same_certificate(one: Certificate | None, other: Certificate) -> bool:
    return one is not None and one.id == other.id


def _against_certificate(case: Case, command: co.Register) -> Iterator[Fault]:
    held = command.certificate
    if held is not None and Holder.CERTIFICATE in case.rules.terms.identical:
        yield from registration_differs(command.code, command.name, Holder.CERTIFICATE.text, held)


def _against_records(case: Case, command: co.Register) -> Iterator[Fault]:
    """The registers that are asked: one entry that fits is enough, and silence fits nothing."""
    bodies = [
        body
        for body in case.rules.terms.records
        # No business registry has a code that a bureau made up.
        if not (command.virtual and body is RecordBody.BUSINESS)
    ]
    unknown, differing = [], []
    for body in bodies:
        record = command.records.of(body)
        if record is None:
            unknown.append(body)
        elif record.entry is not None:
            found = list(_differences(command, body, record.entry))
            if not found:
                return
            differing += found
    yield from differing
    if unknown:
        yield Fault("access.record-unknown", {"bodies": _titles(unknown)})
    elif bodies and not differing:
        yield Fault("access.records-absent", {"bodies": _titles(bodies)})


def _titles(bodies: list[RecordBody]) -> Text:
    return Text("、".join(one.zh for one in bodies), ", ".join(one.en for one in bodies))


def _differences(command: co.Register, body: RecordBody, entry: BureauRecord) -> Iterator[Fault]:
    yield from registration_differs(command.code, command.name, body.text, entry)
    other = entry.representative
    if other is None:
        return
    own = command.representative
    if own.name != other.name:
        values: Values = {"where": body.text, "own": own.name, "other": other.name}
        yield Fault("access.representative-name", values)
    if own.document != other.document:
        values = {
            "where": body.text,
            "own": own.document.masked(),
            "other": other.document.masked(),
        }
        yield Fault("access.representative-document", values)


def _number_is_free(case: Case, number: str, unit: str) -> None:
    other = case.state.unit_of(number)
    if other is not None and other.id != unit:
        values = {"account": number, "unit": other.name}
        raise Refused(Fault("access.number-taken", values))


def _code_is_free(case: Case, code: str, unit: str) -> None:
    for other in case.state.live:
        if other.id != unit and other.code.text == code:
            raise Refused(Fault("access.code-taken", {"code": code, "unit": other.name}))
