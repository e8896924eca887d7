"""Whatever goes wrong, the PIN is nowhere: who reads a log could sign in the unit's name.

Every fault of signing is driven with a PIN in play, and all that is told meanwhile is looked
through: errors with the variables of their frames, logs, what is printed, events, and what objects
keep. A fault that a new feature brings has to be driven here, too.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from socialins.faults import Fault, FaultError
from socialins.model.unit import Unit
from socialins.plugins import HookManager, Registry
from socialins.rules.signing import CertificateField, SchemeRule, SigningRules
from socialins.signing import (
    Certificate,
    Document,
    KeyRefused,
    KeyTerms,
    Pin,
    PinPurpose,
    PinRequest,
    Scheme,
    SigningError,
    make_signer,
    sign_cms,
    sign_documents,
    verify,
)
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.signing.drivers.readers import fault_of
from socialins.signing.drivers.sm2file import Sm2FileSigner
from socialins.signing.errors import error_of
from socialins.testing.tokens import (
    Mishap,
    VirtualAuthority,
    VirtualCard,
    VirtualReaders,
    all_told_by,
    kept_by,
    leaked,
)
from socialins.testing.tokens.pkcs8 import encrypted_pkcs8
from socialins.testing.tokens.samples import SUBJECT, UNIT, authority, unit_key
from socialins.values import Money

RSA, P256, SM2 = Scheme
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
SECRET, OTHER, ODD = b"73918264", b"73918265", b"7391826x"
PINS = (SECRET, OTHER, ODD)
DOCUMENT = Document("a.json", b"{}")


class Watcher:
    """Has faults happen, and keeps all that is told of them.

    Arguments:
        folder: an empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[str] = []
        self.codes: set[str] = set()
        self.given: list[Pin] = []

    def ask(self, request: PinRequest) -> Pin:
        """Give the secret PIN, or another one where a new one is asked for."""
        self.told.append(repr(request))
        self.given.append(Pin(OTHER if request.purpose is PinPurpose.NEW else SECRET))
        return self.given[-1]

    def odd(self, _request: PinRequest) -> Pin:
        """Give what can be no PIN of the card, by its characters."""
        self.given.append(Pin(ODD))
        return self.given[-1]

    def none_new(self, request: PinRequest) -> Pin | None:
        """Give the PIN, but no new one."""
        return None if request.purpose is PinPurpose.NEW else self.ask(request)

    def short_new(self, request: PinRequest) -> Pin:
        """Give the PIN, and a new one that is too short."""
        return Pin(b"1") if request.purpose is PinPurpose.NEW else self.ask(request)

    def fault(self, fault: Fault | None) -> None:
        """Keep what a fault says."""
        if fault is not None:
            self.codes.add(fault.code)
            self.told += [repr(fault), fault.message("zh"), fault.explanation("zh")]

    def run(self, call: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Call something that fails with a fault, or does not."""
        try:
            made = call(*arguments, **named)
        except FaultError as error:
            self.told.append(all_told_by(error))
            for fault in error.all if isinstance(error, KeyRefused) else (error.fault,):
                self.fault(fault)
            return None
        self.told.append(repr(made))
        return made

    def look(self, signer: Any) -> None:
        """List a signer's tokens."""
        for token in self.run(signer.list_tokens) or ():
            self.told += [repr(token), repr(token.to_plain("zh"))]
            self.fault(token.fault)

    def found(self, verification: Any) -> None:
        """Keep what verifying found."""
        self.told += [repr(verification), repr(verification.to_plain("zh"))]
        for fault in verification.faults:
            self.fault(fault)

    def card(self, scheme: Scheme = P256, *, pin: bytes = SECRET) -> tuple[VirtualCard, PcscSigner]:
        """A card in a reader."""
        card = VirtualCard(unit_key(scheme), pin, unblocking=pin)
        return card, PcscSigner(VirtualReaders({"reader": card}))

    def opened(self, signer: Any) -> Any:
        """Its token, opened; the PIN was shown already."""
        session = signer.open(signer.list_tokens()[0])
        session.unlock(self.ask)
        return session

    def p12(self, password: bytes = SECRET) -> Pkcs12Signer:
        """The unit's key as a file."""
        (self.folder / "unit.p12").write_bytes(unit_key(P256).pkcs12(password))
        return Pkcs12Signer(self.folder / "unit.p12")

    def sm2(self, password: bytes = SECRET, key: Any = None) -> Sm2FileSigner:
        """The unit's SM2 key as a file, encrypted."""
        (self.folder / "sm2.key").write_bytes((key or unit_key(SM2)).pkcs8(password))
        (self.folder / "sm2.cer").write_bytes(unit_key(SM2).certificate.der)
        return Sm2FileSigner(self.folder / "sm2.key")


Drive = Callable[[Watcher], None]
DRIVES: dict[Drive, set[str]] = {}
"""What has faults happen, each with its faults."""


def drives(*codes: str) -> Callable[[Drive], Drive]:
    def note(drive: Drive) -> Drive:
        DRIVES[drive] = {f"signing.{code}" for code in codes}
        return drive

    return note


# The PIN itself.


@drives("pin-incorrect-left", "pin-last-try", "pin-blocked")
def _wrong_pins_of_a_card(at: Watcher) -> None:
    _, signer = at.card(pin=b"111111")
    session = signer.open(signer.list_tokens()[0])
    for _ in range(3):
        at.run(session.sign, b"m", P256, at.ask)
    session.allow_last_try = True
    at.run(session.sign, b"m", P256, at.ask)
    at.run(session.change_pin, at.ask)
    at.told.append(kept_by(session, signer))


@drives("pin-incorrect")
def _wrong_passwords_of_files(at: Watcher) -> None:
    for signer, scheme in ((at.p12(b"right"), P256), (at.sm2(b"right"), SM2)):
        session = signer.open(signer.list_tokens()[0])
        at.run(session.sign, b"m", scheme, at.ask)
        at.told.append(kept_by(session, signer))


@drives("pin-required", "pin-length", "pin-characters")
def _pins_that_can_t_be(at: Watcher) -> None:
    _, signer = at.card()
    session = at.opened(signer)
    at.run(session.change_pin, at.none_new)
    at.run(session.change_pin, at.short_new)
    at.run(session.sign, b"m", P256, at.odd)
    at.told.append(kept_by(session, signer))


@drives("pin-change")
def _a_file_whose_password_is_to_be_changed(at: Watcher) -> None:
    for signer in (at.p12(), at.sm2()):
        session = at.opened(signer)
        at.run(session.change_pin, at.ask)
        at.run(session.unblock_pin, at.ask)
        at.told.append(kept_by(session, signer))


# The token.


@drives("token-removed", "no-answer", "card-error", "bad-signature")
def _mishaps(at: Watcher) -> None:
    for step in ("SELECT", "VERIFY", "SIGN", "CHANGE", "UNBLOCK"):
        for mishap in Mishap:
            for scheme in (P256, RSA):
                card, signer = at.card(scheme)
                session = signer.open(signer.list_tokens()[0])
                events: list[object] = []
                watch = signer.watch(events.append, interval=None)
                card.fail(step, mishap)
                for call in (session.change_pin, session.unblock_pin):
                    if step in ("CHANGE", "UNBLOCK"):
                        at.run(call, at.ask)
                at.run(session.sign, b"m", scheme, at.ask)
                at.run(session.unlock, at.ask)
                at.told.append(kept_by(session, signer, watch))
                session.close()
                watch.look_again()
                watch.stop()
                at.told.append(repr(events))


@drives("session-closed", "scheme")
def _sessions_that_can_t_sign(at: Watcher) -> None:
    for signer, wrong in ((at.card()[1], RSA), (at.p12(), RSA), (at.sm2(), P256)):
        session = at.opened(signer)
        at.run(session.sign, b"m", wrong, at.ask)
        session.close()
        at.run(session.sign, b"m", P256, at.ask)
        at.told.append(kept_by(session, signer))


class BadReaders(VirtualReaders):
    """Readers whose service answers a number."""

    number = 0

    def connect(self, reader: str, *, exclusive: bool) -> Any:
        if self.number:
            raise error_of(fault_of(self.number, reader))
        return super().connect(reader, exclusive=exclusive)


@drives(
    "no-token", "no-reader", "reader-busy", "other-driver", "wrong-driver", "service-unavailable"
)
def _readers_that_fail_after_a_signature(at: Watcher) -> None:
    card, _ = at.card()
    readers = BadReaders({"reader": card})
    signer = PcscSigner(readers)
    token = signer.list_tokens()[0]
    at.opened(signer).close()
    for number in (0x8010000B, 0x80100065, 0x80100066, 0x8010001D, 0x8010000C, 0x80100069):
        readers.number = number
        at.look(signer)
        at.run(signer.open, token)
    readers.number = 0
    card.present = False
    at.look(signer)
    readers.cards.clear()
    at.look(signer)


@drives("wrong-token")
def _another_token_in_the_same_reader(at: Watcher) -> None:
    card, signer = at.card()
    token = signer.list_tokens()[0]
    at.opened(signer).close()
    card.key = authority(P256).issue({**SUBJECT, "CN": "第二把"})
    at.run(signer.open, token)
    at.run(signer.open, signer.list_tokens()[0], "ab" * 32)


@drives("key-upgraded")
def _a_card_with_a_kind_of_key_that_it_never_had(at: Watcher) -> None:
    card, signer = at.card()
    at.opened(signer).close()
    card.key = unit_key(SM2)
    at.look(signer)


@drives("no-certificate", "key-missing", "certificate-unreadable", "file-unreadable")
def _key_files_with_something_missing(at: Watcher) -> None:
    for password in (SECRET, b"other"):
        signer = at.sm2(password, key=authority(SM2).issue(SUBJECT))
        session = signer.open(signer.list_tokens()[0])
        at.run(session.sign, b"m", SM2, at.ask)
        at.told.append(kept_by(session, signer))
    (at.folder / "sm2.key").write_bytes(encrypted_pkcs8(b"no key", SECRET))
    at.run(lambda: signer.open(signer.list_tokens()[0]).sign(b"m", SM2, at.ask))
    (at.folder / "sm2.cer").write_bytes(b"no certificate")
    at.look(signer)
    (at.folder / "sm2.cer").unlink()
    at.look(signer)
    (at.folder / "sm2.key").unlink()
    at.look(signer)
    only_a_certificate = at.p12()
    (at.folder / "unit.p12").write_bytes(b"no key store")
    at.look(only_a_certificate)


# Choosing.


@drives("token-unknown", "token-choice")
def _choosing_among_tokens(at: Watcher) -> None:
    from socialins.cli.keys import choose

    cards = {name: VirtualCard(unit_key(P256), SECRET) for name in "ab"}
    signer = PcscSigner(VirtualReaders(dict(cards)))
    at.opened(signer).close()
    at.run(choose, signer, None)
    at.run(choose, signer, "c")


@drives("driver-unknown", "driver-option", "driver-failed")
def _drivers_that_can_t_be_had(at: Watcher) -> None:
    at.opened(at.card()[1]).close()
    manager = HookManager()
    registry = Registry((), manager)
    at.run(make_signer, "skf", {}, registry)
    at.run(make_signer, "pkcs12", {}, registry)

    class Broken:
        @staticmethod
        def socialins_signers() -> Any:
            raise RuntimeError("no licence")

    manager.register(Broken, "broken")
    at.run(make_signer, "pkcs12", {}, registry)


# The right key.


WRONG_KEYS: dict[str, Callable[[], tuple[Certificate | None, dict[str, Any]]]] = {
    "key-untrusted": lambda: (VirtualAuthority(P256, "别的中心").issue(SUBJECT).certificate, {}),
    "key-chain": lambda: (VirtualAuthority(P256).issue(SUBJECT).certificate, {}),
    "key-expired": lambda: (issued(end=NOW - timedelta(days=1)), {}),
    "key-early": lambda: (issued(start=NOW + timedelta(days=1)), {}),
    "key-revoked": lambda: (
        (mine := issued()),
        {"lists": (authority(P256).revoke([mine], NOW),)},
    ),
    "crl": lambda: (issued(), {"lists": (VirtualAuthority(P256).revoke([], NOW),)}),
    "key-usage": lambda: (issued(usage=("key_encipherment",)), {}),
    "key-scheme": lambda: (
        None,
        {"rules": SigningRules(schemes=(SchemeRule(scheme="sm2-sm3"),))},
    ),
    "key-unit-name": lambda: (issued({**SUBJECT, "O": "别的"}), {}),
    "key-no-unit-name": lambda: (issued({"OU": SUBJECT["OU"]}), {}),
    "key-credit-code": lambda: (issued({**SUBJECT, "OU": "91990100MA0000002K"}), {}),
    "key-no-credit-code": lambda: (issued({"O": UNIT.name}), {}),
    "unit-no-credit-code": lambda: (None, {"unit": Unit(UNIT.name)}),
    "key-id": lambda: (None, {"key_id": "12"}),
    "key-id-differs": lambda: (
        None,
        {
            "key_id": "230100000001",
            "rules": SigningRules(key_id=(CertificateField(field="serialNumber"),)),
        },
    ),
    "key-account": lambda: (None, {"account": "A1", "registered": {"A1": "ab" * 32}}),
    "key-taken": lambda: (
        None,
        {"account": "A2", "registered": {"A1": unit_key(P256).certificate.sha256}},
    ),
    "no-authorities": lambda: (None, {"authorities": ()}),
}


def issued(subject: dict[str, str] | None = None, **how: Any) -> Certificate:
    return authority(P256).issue(subject or SUBJECT, **how).certificate


@drives(*WRONG_KEYS)
def _wrong_keys(at: Watcher) -> None:
    for make in WRONG_KEYS.values():
        certificate, changes = make()
        card, signer = at.card()
        at.opened(signer).close()
        if certificate is not None:
            card.key = type(card.key)(P256, card.key.private, certificate)
        shown = card.asked["VERIFY"]
        known: dict[str, Any] = {
            "unit": UNIT,
            "at": NOW,
            "authorities": (authority(P256).certificate,),
        }
        session = signer.open(signer.list_tokens()[0])
        at.run(sign_documents, session, [DOCUMENT], at.ask, KeyTerms(**{**known, **changes}))
        assert card.asked["VERIFY"] == shown, "the PIN went to a wrong key"
        at.told.append(kept_by(session, signer))


# What was signed.


@drives(
    "not-a-signature", "signature-wrong", "content-altered", "time-unknown", "no-unit",
    "document-empty",
)  # fmt: skip
def _signatures_that_do_not_hold(at: Watcher) -> None:
    session = at.opened(at.card()[1])
    at.run(Document, "a", b"")
    signature = sign_cms(session, b"{}", at.ask, at=NOW)
    at.found(verify(b"{ }", signature))
    at.found(verify(b"{}", b"no signature"))
    at.found(verify(b"{}", broken(signature)))
    at.found(verify(b"{}", without_time(at, session), authorities=[authority(P256).certificate]))


def broken(signature: bytes) -> bytes:
    """A signature whose last bits are others."""
    return signature[:-1] + bytes([signature[-1] ^ 1])


def without_time(at: Watcher, session: Any) -> bytes:
    """A signature that states no moment."""
    from socialins.signing.cades import sign_cades

    return sign_cades(session, b"{}", at.ask, at=None)


@drives(
    "pdf-sm2", "pdf-unreadable", "pdf-encrypted", "pdf-locked", "pdf-unsigned", "pdf-changed-after"
)
def _pdf_files_that_can_t_be_signed_or_do_not_hold(at: Watcher) -> None:
    pytest.importorskip("pyhanko", reason="the extra pdf-sign brings it")
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, fields, signers
    from pypdf import PdfWriter

    from socialins.signing import sign_pdf, verify_pdf

    def written(password: str = "") -> bytes:
        writer, made = PdfWriter(), BytesIO()
        writer.add_blank_page(210, 297)
        if password:
            writer.encrypt(password)
        writer.write(made)
        return made.getvalue()

    def certified() -> bytes:
        whole = at.folder / "certifying.p12"
        whole.write_bytes(unit_key(P256).pkcs12(b"x"))
        signer = signers.SimpleSigner.load_pkcs12(str(whole), passphrase=b"x")
        about = PdfSignatureMetadata(
            field_name="F", certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES
        )
        return bytes(
            signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(written())), about, signer).read()
        )

    session, sm2 = at.opened(at.card()[1]), at.opened(at.sm2())
    at.run(sign_pdf, sm2, written(), at.ask, at=NOW)
    for content in (b"no PDF", written("x"), certified()):
        at.run(sign_pdf, session, content, at.ask, at=NOW)
    made = sign_pdf(session, written(), at.ask, at=NOW)
    for content in (b"no PDF", written(), made + b"\n%% more\n"):
        for found in verify_pdf(content):
            at.found(found)
    at.told.append(kept_by(session, sm2))


@drives(
    "container-name",
    "container-large",
    "container-unreadable",
    "container-unsigned",
    "container-uncovered",
    "container-missing",
    "container-altered",
    "container-wrong",
    "container-exists",
    "container-there",
)
def _containers_that_can_t_be_made_or_do_not_hold(at: Watcher) -> None:
    from socialins.cli.commands.sign import _into
    from socialins.signing import sign_container, verify_container
    from socialins.signing.zipfiles import MOST_ENTRIES, read_zip, write_zip

    session = at.opened(at.card()[1])
    known = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(P256).certificate,))
    many = [Document(f"{number}", b"1") for number in range(MOST_ENTRIES + 1)]
    for documents in ([Document("../a", b"1")], many):
        at.run(sign_container, session, documents, at.ask, known)
    made = sign_container(session, [DOCUMENT], at.ask, known)
    entries, found = (
        read_zip(made),
        verify_container(made, authorities=known.authorities, unit=UNIT),
    )
    at.run(found.extract, at.folder)
    at.run(found.extract, at.folder)
    at.run(_into, at.folder / DOCUMENT.name, [DOCUMENT], None, "zh", as_json=False)
    for changes in (
        {"more": b"1"},
        {DOCUMENT.name: None},
        {DOCUMENT.name: b"other"},
        {"META-INF/ASiCManifest001.xml": None},
        {"mimetype": b"other"},
    ):
        rest = [(name, one) for name, one in (entries | changes).items() if one is not None]
        wrong = verify_container(write_zip(rest))
        at.told += [repr(wrong), repr(wrong.to_plain("zh"))]
        for fault in wrong.faults:
            at.fault(fault)
        for one in wrong.signatures:
            at.found(one)
        at.run(wrong.extract, at.folder / "nowhere")
    at.told.append(kept_by(session))


@drives("token-removed")
def _submissions_that_are_signed_until_the_key_is_pulled_out(at: Watcher) -> None:
    from socialins.filing import Change, Desk, Draft, Ready
    from socialins.filing.wire import WIRE
    from socialins.identity import IdDocument
    from socialins.model import InsuredPerson
    from socialins.model.unit import UnitAccount
    from socialins.signing import sign_and_submit
    from socialins.store.event_journal import record_of
    from socialins.testing.middle import middle

    overlay = {
        "sources": {"note": {"title": "通知", "seen": "made up"}},
        "signing": {"required": [{"source": "note"}]},
    }
    account, trusted = UnitAccount(UNIT, "A1"), (authority(P256).certificate,)
    check = middle().signatures(account, overlay=overlay, authorities=trusted)
    desk = Desk(middle().filing(overlay), signatures=check)
    desk.open("A1", "2026-11", NOW)
    for number in "12":
        person = InsuredPerson("某", IdDocument("passport", f"E0000000{number}"))
        rows = (Change(row="1", person=person, wage=Money(100)),)
        drafted = Draft(at=NOW, declaration=number, business="staff.add", rows=rows)
        desk.do("2026-11", drafted)
        desk.do("2026-11", Ready(at=NOW, declaration=number, heads=1, wages=Money(100)))
    card, signer = at.card()
    session = at.opened(signer)
    card.fail("SIGN", Mishap.REMOVED, time=2)
    done = at.run(sign_and_submit, desk, "2026-11", "12", session, at.ask, at=NOW)
    at.fault(done.fault)
    events = desk.history("2026-11")
    at.told += [repr(events), repr(desk), kept_by(done, events, of=("socialins",))]
    at.told += [repr(record_of(event, WIRE)) for event in events]


# All of them.


@pytest.fixture
def at(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> Iterator[Watcher]:
    caplog.set_level(logging.DEBUG)
    watcher = Watcher(tmp_path)
    yield watcher
    printed = capfd.readouterr()
    told = "\n".join([*watcher.told, caplog.text, printed.out, printed.err])
    assert leaked(told, *PINS) == ()
    assert watcher.given, "no PIN was in play"
    assert not any(watcher.given), "a PIN was not wiped"


@pytest.mark.parametrize("drive", DRIVES, ids=lambda one: one.__name__)
def test_no_error_log_print_event_or_variable_has_the_pin(drive: Drive, at: Watcher) -> None:
    drive(at)
    assert DRIVES[drive] <= at.codes


def test_every_fault_of_signing_is_driven() -> None:
    text = files("socialins.faults").joinpath("texts/signing.toml").read_text("utf-8")
    assert set(tomllib.loads(text)) == set().union(*DRIVES.values())


def test_the_search_finds_a_pin_that_was_told(tmp_path: Path) -> None:
    def careless(pin: bytes) -> None:
        command = list(pin)  # a frame's variable, as a driver might have it
        raise SigningError(Fault("signing.card-error", {"reason": str(len(command))}))

    at = Watcher(tmp_path)
    at.run(careless, SECRET)
    assert leaked("\n".join(at.told), SECRET)
    session = at.opened(at.card()[1])
    session.label = f"my PIN is {SECRET.decode()}"
    assert leaked(kept_by(session), SECRET)


def test_a_driver_that_puts_the_pin_into_its_error_does_not_get_it_out(at: Watcher) -> None:
    from socialins.signing.drivers.card import Card

    class Careless(Card):
        def verify(self, pin: Pin) -> object:  # type: ignore[override]
            with pin.exposed() as secret:
                raise RuntimeError(f"could not verify {secret!r}")

    _, signer = at.card()
    session = signer.open(signer.list_tokens()[0])
    session._card = Careless(session._card.channel, session._card.profile)
    at.run(session.sign, b"m", P256, at.ask)
    assert at.codes == {"signing.card-error"}
