"""Where a bureau wants a signature, nothing goes out without one that proves what was filed."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

import socialins as si
from socialins.deciding import digest_of
from socialins.faults import FaultError
from socialins.filing import (
    Change,
    CloseMonth,
    Delete,
    Desk,
    Draft,
    Edit,
    ProvedSignature,
    Ready,
    RecordResult,
    Rejection,
    RollBack,
    Signature,
    Submit,
    Withdraw,
    check_signatures,
    event_from_plain,
    event_to_plain,
    events as ev,
    fold,
    stating,
)
from socialins.filing.stating import canonical_json, submission_content
from socialins.model.unit import Unit, UnitAccount
from socialins.rules import build_rule_books, read_rule_folder
from socialins.rules.business import Channel
from socialins.signing import Scheme, make_signer, sign_cms, verify
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.testing.bureau import Bureau, Habits
from socialins.testing.middle import middle
from socialins.testing.tokens import VirtualAuthority, VirtualCard, VirtualReaders
from socialins.testing.tokens.samples import PIN, SUBJECT, UNIT, Asked, authority, unit_key
from socialins.values import Money

System = Callable[[str], si.Region]
Row = Callable[..., Change]
Opened = Callable[..., Any]
Moment = Callable[[str], datetime]
P256 = Scheme.ECDSA_P256_SHA256


@pytest.fixture
def desk(office: Opened, system: System) -> Any:
    """A month in a system whose manual says that declarations are sealed."""
    return office(system("s17"), "2026-11", "2026-11-03 10:00")


def entered(desk: Any, row: Row, *, rows: int = 1) -> Any:
    """A declaration that is ready to be submitted."""
    desk.enter("D1", "staff.add", *(row(number) for number in range(1, rows + 1)))
    return desk


def codes(decision: Any) -> list[str]:
    return [fault.code for fault in decision.faults if fault.is_error]


# What the manuals say.


def test_s07_what_is_sent_over_the_net_cant_be_denied_later(
    office: Opened, system: System, row: Row
) -> None:
    desk = entered(office(system("s07"), "2026-11", "2026-11-03 10:00"), row)
    assert desk.refused(Submit, declaration="D1") == "filing.signature-missing"
    desk.insert_key().done(Submit, declaration="D1")
    desk.inserted = False
    # What is filed at the counter is signed there, on paper.
    desk.send("D2", "staff.stop", row(2, None), channel=Channel.COUNTER)
    for id_ in ("D1", "D2"):
        desk.done(RecordResult, declaration=id_, result="all")
    close = {"business": "month.settle-changed"}
    assert desk.refused(CloseMonth, **close) == "filing.signature-missing"
    desk.done(CloseMonth, **close, signature=desk.sign_closing("month.settle-changed"))
    proved = check_signatures(desk.desk.history("2026-11"), desk.desk.rules, desk.desk.signatures)
    assert [(one.declaration, one.business, one.ok) for one in proved] == [
        ("D1", "staff.add", True),
        ("", "month.settle-changed", True),
    ]


def test_s17_a_declaration_is_sealed_before_it_is_submitted_and_one_business_is_free_of_it(
    desk: Any, row: Row
) -> None:
    entered(desk, row)
    assert desk.refused(Submit, declaration="D1") == "filing.signature-missing"
    desk.send("D2", "s17.benefit-check", row(2, None))
    desk.done(Submit, declaration="D1", signature=desk.sign("D1"))
    assert desk.one("D1").signature.certificate == unit_key(P256).certificate.sha256
    assert desk.one("D2").signature is None


@pytest.mark.parametrize("slug", ["s05", "s27"])
def test_where_a_manual_says_that_a_key_opens_the_door_no_signature_is_made_up(
    slug: str, system: System, office: Opened, row: Row
) -> None:
    desk = office(system(slug), "2026-11", "2026-11-03 10:00")
    assert desk.send("D1", "staff.add", row(1)).events[0].signature is None


@pytest.mark.parametrize("name", ["s31_changsha", "s35_hainan"])
def test_a_certificate_or_a_pin_to_log_in_with_is_no_signature(name: str) -> None:
    folder = Path(__file__).parents[1] / "access" / "systems"
    (book,) = build_rule_books({name: read_rule_folder(folder)[f"{name}.toml"]}).values()
    assert book.signing is None


@pytest.mark.parametrize("slug", ["beijing", "harbin", "fujian"])
def test_no_installed_region_requires_what_no_source_says(slug: str) -> None:
    assert si.region(slug).cascade.signing().required == ()


# What a signature has to be.


def test_a_signature_of_other_content_is_refused_and_says_what_is_different(
    desk: Any, row: Row
) -> None:
    entered(desk, row, rows=2)
    old = desk.sign("D1")
    desk.done(Edit, declaration="D1", rows=(row(1), row(2, "8000.01")))
    desk.confirm_sums("D1")
    found = desk(Submit, declaration="D1", signature=old)
    assert codes(found) == ["filing.signature-content"]
    assert "row 2: wage" in found.faults[0].message("en")
    assert "第 2 行（wage）" in found.faults[0].message("zh")
    assert "8000" not in str(found.faults[0].message("en")), "a wage is nobody's to read here"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"month": "2026-12"}, "month"),
        ({"account": "A2"}, "account"),
        ({"number": 2}, "number"),
        ({"unit": {"credit_code": None, "name": "别的"}}, "unit.credit_code, unit.name"),
        ({"more": 1}, "more"),
    ],
)
def test_a_signature_for_another_month_account_or_submission_is_not_taken(
    desk: Any, row: Row, change: dict[str, Any], told: str, moment: Moment
) -> None:
    entered(desk, row)
    said = json.loads(desk.sign("D1").content) | change
    other = sign(canonical_json(said), moment("2026-11-03 10:00"))
    found = desk(Submit, declaration="D1", signature=other)
    assert codes(found) == ["filing.signature-content"]
    assert found.faults[0].words("en")["changed"] == told


def sign(content: bytes, at: datetime, key: Any = None) -> Signature:
    readers = VirtualReaders({"reader": VirtualCard(key or unit_key(P256), PIN)})
    signer = PcscSigner(readers)
    with signer.open(signer.list_tokens()[0]) as session:
        return Signature(content.decode(), sign_cms(session, content, Asked(), at=at))


def test_text_that_only_reads_the_same_is_not_what_was_signed(desk: Any, row: Row) -> None:
    entered(desk, row)
    good = desk.sign("D1")
    odd = good.content.replace("staff", "st\ud800ff")
    for text in (good.content + " ", good.content.replace(":", ": "), "", "[]", odd):
        found = desk(Submit, declaration="D1", signature=attrs.evolve(good, content=text))
        assert codes(found) == ["filing.signature-content"]


def test_a_flipped_bit_of_the_signature_is_refused(desk: Any, row: Row) -> None:
    entered(desk, row)
    good = desk.sign("D1")
    for place in range(0, len(good.cms), 97):
        cms = bytearray(good.cms)
        cms[place] ^= 1
        assert desk(Submit, declaration="D1", signature=attrs.evolve(good, cms=bytes(cms))).refused
    desk.done(Submit, declaration="D1", signature=good)


def test_another_units_key_signs_nothing_for_this_one(desk: Any, row: Row) -> None:
    entered(desk, row)
    other = authority(P256).issue({**SUBJECT, "O": "别的公司", "OU": "91990100MA0000002K"})
    found = desk(Submit, declaration="D1", signature=desk.sign("D1", other))
    assert codes(found) == ["signing.key-unit-name", "signing.key-credit-code"]


def test_a_key_that_no_trusted_authority_issued_is_refused(desk: Any, row: Row) -> None:
    entered(desk, row)
    stranger = VirtualAuthority(P256).issue(SUBJECT)
    assert desk(Submit, declaration="D1", signature=desk.sign("D1", stranger)).refused


def test_a_certificate_that_did_not_hold_on_the_day_is_refused(
    desk: Any, row: Row, moment: Moment
) -> None:
    entered(desk, row)
    over = authority(P256).issue(SUBJECT, end=moment("2026-11-02 00:00"))
    found = desk(Submit, declaration="D1", signature=desk.sign("D1", over))
    assert codes(found) == ["signing.key-expired"]
    early = authority(P256).issue(SUBJECT, start=moment("2026-11-04 00:00"))
    found = desk(Submit, declaration="D1", signature=desk.sign("D1", early))
    assert codes(found) == ["signing.key-early"]


def test_a_scheme_that_the_region_does_not_take_is_refused(
    office: Opened, system: System, row: Row
) -> None:
    rules = {
        "signing": {
            "required": [{"source": "note"}],
            "schemes": [{"scheme": "sm2-sm3"}],
        },
        "sources": {"note": {"title": "通知", "seen": "made up"}},
    }
    desk = entered(office(system("s17"), "2026-11", "2026-11-03 10:00", rules), row)
    found = desk(Submit, declaration="D1", signature=desk.sign("D1"))
    assert codes(found) == ["signing.key-scheme"]


@pytest.mark.parametrize("scheme", list(Scheme))
def test_every_scheme_signs_a_submission(
    scheme: Scheme, office: Opened, system: System, row: Row
) -> None:
    desk = entered(office(system("s17"), "2026-11", "2026-11-03 10:00"), row)
    trusted = (authority(scheme).certificate,)
    desk.desk.signatures = attrs.evolve(desk.desk.signatures, authorities=trusted)
    content = submission_content(desk.book, "D1", desk.desk.signatures.account)
    desk.done(Submit, declaration="D1", signature=made_by(scheme, content, desk.now))
    assert desk.one("D1").signature.scheme == scheme.value


def made_by(scheme: Scheme, content: bytes, at: datetime) -> Signature:
    """A signature of each scheme; cards of Python sign RSA and P-256, a file signs SM2."""
    if scheme is not Scheme.SM2_SM3:
        return sign(content, at, unit_key(scheme))
    key = unit_key(scheme)
    with tempfile.TemporaryDirectory() as folder:
        file, certificate = Path(folder, "unit.key"), Path(folder, "unit.cer")
        file.write_bytes(key.pkcs8())
        certificate.write_bytes(key.certificate.der)
        options = {"file": str(file), "certificate": str(certificate)}
        signer = make_signer("sm2-file", options)
        with signer.open(signer.list_tokens()[0]) as session:
            return Signature(content.decode(), sign_cms(session, content, Asked(), at=at))


# Nobody can claim what nobody proved.


def test_a_signature_that_nobody_proves_is_refused_even_where_none_is_wanted(
    desk: Any, row: Row
) -> None:
    entered(desk, row)
    good, check = desk.sign("D1"), desk.desk.signatures
    desk.desk.signatures = None
    assert desk.refused(Submit, declaration="D1", signature=good) == "filing.signature-unchecked"
    desk.enter("D2", "s17.benefit-check", row(2, None))
    assert desk.refused(Submit, declaration="D2", signature=good) == "filing.signature-unchecked"
    other = attrs.evolve(check, account=UnitAccount(UNIT, "A2"))
    desk.desk.signatures = other
    assert desk.refused(Submit, declaration="D1", signature=good) == "filing.signature-account"


def test_one_that_is_given_where_none_is_wanted_has_to_be_right_too(desk: Any, row: Row) -> None:
    desk.enter("D2", "s17.benefit-check", row(2, None))
    good = desk.sign("D2")
    bad = attrs.evolve(good, cms=b"\x30\x00")
    assert desk.refused(Submit, declaration="D2", signature=bad) == "signing.not-a-signature"
    desk.done(Submit, declaration="D2", signature=good)
    assert desk.one("D2").signature is not None


# One signature, one submission.


def test_a_returned_declaration_needs_a_new_signature_even_unchanged(desk: Any, row: Row) -> None:
    entered(desk, row).insert_key()
    first = desk.sign("D1")
    desk.done(Submit, declaration="D1", signature=first)
    desk.done(RecordResult, declaration="D1", result="none")
    desk.done(Edit, declaration="D1", rows=desk.one("D1").rows)
    assert desk.one("D1").signature is None
    desk.confirm_sums("D1")
    found = desk(Submit, declaration="D1", signature=first)
    assert codes(found) == ["filing.signature-content"]
    assert found.faults[0].words("en")["changed"] == "number"
    desk.done(Submit, declaration="D1")
    assert desk.one("D1").submissions == 2


def test_what_was_taken_back_needs_a_new_signature(desk: Any, row: Row) -> None:
    entered(desk, row).insert_key()
    first = desk.sign("D1")
    desk.done(Submit, declaration="D1", signature=first)
    desk.done(Withdraw, declaration="D1")
    assert desk(Submit, declaration="D1", signature=first).refused
    desk.done(Submit, declaration="D1")


def test_the_same_submission_sent_again_happens_once(desk: Any, row: Row) -> None:
    entered(desk, row)
    good = desk.sign("D1")
    desk.done(Submit, declaration="D1", signature=good, key="k1")
    again = desk(Submit, declaration="D1", signature=good, key="k1")
    assert (again.events, again.faults) == ((), ())
    desk.inserted = False
    other = desk(Submit, declaration="D1", key="k1")
    assert codes(other) == ["command.key-reused"]


def test_a_closing_that_was_taken_back_is_signed_anew(
    office: Opened, system: System, row: Row
) -> None:
    desk = entered(office(system("s07"), "2026-11", "2026-11-03 10:00"), row).insert_key()
    desk.done(Submit, declaration="D1")
    desk.done(RecordResult, declaration="D1", result="all")
    first = desk.sign_closing("month.settle-changed")
    desk.done(CloseMonth, business="month.settle-changed", signature=first)
    desk.done(RollBack)
    again = desk(CloseMonth, business="month.settle-changed", signature=first)
    assert codes(again) == ["filing.signature-content"]
    desk.done(CloseMonth, business="month.settle-changed")


def test_a_closing_signed_before_something_else_happened_is_refused(
    office: Opened, system: System, row: Row
) -> None:
    desk = entered(office(system("s07"), "2026-11", "2026-11-03 10:00"), row).insert_key()
    desk.done(Submit, declaration="D1")
    desk.done(RecordResult, declaration="D1", result="all")
    first = desk.sign_closing("month.settle-changed")
    desk.enter("D2", "staff.add", row(2))
    desk.done(Delete, declaration="D2")
    assert desk(CloseMonth, business="month.settle-changed", signature=first).refused


# What a journal keeps of it.


def filed(desk: Any, row: Row) -> tuple[ev.Event, ...]:
    """A batch of which the bureau takes a part, signed; and its history, written and read."""
    entered(desk, row, rows=3).insert_key()
    desk.done(Submit, declaration="D1")
    desk.done(RecordResult, declaration="D1", result="part", rejected=(Rejection("2"),))
    written = [json.dumps(event_to_plain(one)) for one in desk.desk.history("2026-11")]
    return tuple(event_from_plain(json.loads(text)) for text in written)


def test_a_partly_taken_batch_still_proves_each_row(desk: Any, row: Row) -> None:
    history = filed(desk, row)
    (found,) = check_signatures(history, desk.desk.rules, desk.desk.signatures)
    assert (found.ok, found.declaration, found.faults) == (True, "D1", ())
    kept = fold(history).declarations["D1"]
    rows = json.loads(kept.signature.content)["declaration"]["rows"]
    assert [one["row"] for one in rows] == [one.row for one in kept.rows]
    assert len(list(kept.taken())) == 2


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_kept_bytes_verify_with_openssl_alone(desk: Any, row: Row, tmp_path: Path) -> None:
    kept = fold(filed(desk, row)).declarations["D1"].signature
    assert verify(kept.content.encode(), kept.cms).signature.ok
    (tmp_path / "content").write_bytes(kept.content.encode())
    (tmp_path / "cms").write_bytes(kept.cms)
    (tmp_path / "ca").write_bytes(authority(P256).certificate.der)
    command = "openssl cms -verify -binary -purpose any -inform DER -in cms -content content"
    done = subprocess.run(
        [*command.split(), "-CAfile", pem(tmp_path), "-out", "/dev/null"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def pem(folder: Path) -> str:
    text = base64.encodebytes((folder / "ca").read_bytes()).decode()
    path = folder / "ca.pem"
    path.write_text(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
    return str(path)


def submitted(history: tuple[ev.Event, ...]) -> tuple[int, ev.Submitted]:
    return next((n, one) for n, one in enumerate(history) if isinstance(one, ev.Submitted))


def replaced(history: tuple[ev.Event, ...], number: int, event: ev.Event) -> list[ev.Event]:
    return [*history[:number], event, *history[number + 1 :]]


def test_a_forged_journal_is_found_out_whatever_was_altered(desk: Any, row: Row) -> None:
    history = filed(desk, row)
    number, sent = submitted(history)
    drafted = next(one for one in history if isinstance(one, ev.Drafted))
    kept = sent.signature
    assert kept is not None
    stranger = sign(kept.content.encode(), sent.at, VirtualAuthority(P256).issue(SUBJECT))
    raised = tuple(attrs.evolve(one, wage=Money.yuan("9999")) for one in drafted.rows)
    text = kept.content.replace("8000.00", "9999.00")
    forged: dict[str, tuple[list[ev.Event], str]] = {
        "a wage that was declared": (
            replaced(history, history.index(drafted), attrs.evolve(drafted, rows=raised)),
            "filing.signature-content",
        ),
        "the text that was signed": (
            replaced(history, number, attrs.evolve(sent, signature=changed(kept, content=text))),
            "signing.content-altered",
        ),
        "the signature": (
            replaced(
                history, number, attrs.evolve(sent, signature=changed(kept, cms=stranger.cms))
            ),
            "signing.key-chain",
        ),
        "whose it is said to be": (
            replaced(
                history, number, attrs.evolve(sent, signature=changed(kept, certificate="0" * 64))
            ),
            "filing.signature-record",
        ),
        "that it was signed": (
            replaced(history, number, attrs.evolve(sent, signature=None)),
            "filing.signature-missing",
        ),
        "when it was sent": (
            replaced(history, number, attrs.evolve(sent, at=sent.at + timedelta(days=9999))),
            "signing.key-expired",
        ),
    }
    for what, (events, code) in forged.items():
        (found,) = check_signatures(events, desk.desk.rules, desk.desk.signatures)
        assert code in {fault.code for fault in found.faults}, what


def changed(kept: ProvedSignature, **said: Any) -> ProvedSignature:
    return attrs.evolve(kept, **said)


def test_another_accounts_book_is_not_proved_with_this_units_key(desk: Any, row: Row) -> None:
    history = filed(desk, row)
    other = attrs.evolve(desk.desk.signatures, account=UnitAccount(UNIT, "A2"))
    (found,) = check_signatures(history, desk.desk.rules, other)
    assert [fault.code for fault in found.faults] == ["filing.signature-account"]
    renamed = Unit("中州机械（集团）有限公司", UNIT.credit_code)
    other = attrs.evolve(desk.desk.signatures, account=UnitAccount(renamed, "A1"))
    (found,) = check_signatures(history, desk.desk.rules, other)
    assert {fault.code for fault in found.faults} == {
        "filing.signature-content",
        "signing.key-unit-name",
    }


def test_rows_that_a_later_release_writes_otherwise_are_still_what_was_signed(
    desk: Any, row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = filed(desk, row)
    plain = stating.to_plain
    monkeypatch.setattr(stating, "to_plain", lambda one: {**plain(one), "reviewed": None})
    (found,) = check_signatures(history, desk.desk.rules, desk.desk.signatures)
    assert found.ok, [str(fault) for fault in found.faults]


def test_events_and_commands_without_a_signature_are_written_as_they_were(moment: Moment) -> None:
    at = moment("2026-11-03 10:00")
    sent = ev.Submitted(at=at, declaration="D1", effect=si.Month.of("2026-11"))
    closed = ev.MonthClosed(at=at, business="month.settle-changed")
    assert set(event_to_plain(sent)) == {
        *("type", "at", "by", "key", "digest", "declaration", "effect"),
        *("window_known", "direct", "awaits_counter"),
    }
    assert "signature" not in event_to_plain(closed)
    assert event_from_plain(event_to_plain(sent)) == sent
    # The digests of commands sent before signatures were known, by which they are told again.
    assert digest_of(Submit(at=at, declaration="D1", key="k")) == DIGESTS["submit"]
    assert digest_of(CloseMonth(at=at, business="month.settle-changed")) == DIGESTS["close"]


DIGESTS = {
    "submit": "6523556e5880a635f33b47617b13ba5800a9c46d3afe9d7d71c0c26c2807b33d",
    "close": "7656005e7ccea4f93ca73d5a7277645fdb9c31945bc29008192550e8c7be6026",
}
"""As they were computed before commands could have a signature."""


def test_what_was_signed_stands_in_no_log(desk: Any, row: Row) -> None:
    history = filed(desk, row)
    told = repr((history, fold(history), desk.sign("D1"), desk.one("D1")))
    assert "E00000001" not in told
    assert "8000" not in told


# The bureau's side.


def test_the_bureau_takes_nothing_that_should_be_signed_and_is_not(desk: Any, row: Row) -> None:
    entered(desk, row).insert_key()
    rules, check = desk.desk.rules, desk.desk.signatures
    desk.done(Submit, declaration="D1")
    sent = desk.one("D1")
    bureau = Bureau(rules, seed=1, habits=Habits.none(), signatures=check)
    other = sign(sent.signature.content.encode(), desk.now, VirtualAuthority(P256).issue(SUBJECT))
    raised = (row(1, "9999"),)
    for wrong, code in (
        (attrs.evolve(sent, signature=None), "filing.signature-missing"),
        (attrs.evolve(sent, rows=raised), "filing.signature-content"),
        (attrs.evolve(sent, submissions=2), "filing.signature-content"),
        (
            attrs.evolve(sent, signature=changed(sent.signature, cms=other.cms)),
            "signing.key-chain",
        ),
    ):
        with pytest.raises(FaultError) as caught:
            bureau.receive("2026-11", wrong, desk.now)
        assert caught.value.fault.code == code
    with pytest.raises(FaultError) as caught:
        Bureau(rules).receive("2026-11", sent, desk.now)
    assert caught.value.fault.code == "filing.signature-unchecked"
    bureau.receive("2026-11", sent, desk.now)
    answers = list(bureau.answers(desk.now + timedelta(days=30)))
    for month, answer in answers:
        assert not desk.desk.do(month, answer).refused
    assert desk.state("D1") == "passed"


def test_filing_needs_no_cryptography_to_file() -> None:
    script = """
import sys
from socialins.testing.middle import middle
from socialins.filing import Desk
Desk(middle().filing())
print(sorted({"cryptography", "asn1crypto", "gmalg"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_desk_can_be_asked_without_any_of_it(row: Row, moment: Moment) -> None:
    desk = Desk(middle().filing())
    at = moment("2026-11-03 10:00")
    desk.open("A1", "2026-11", at)
    for command in (
        Draft(at=at, declaration="D1", business="staff.add", rows=(row(1),)),
        Ready(at=at, declaration="D1", heads=1, wages=Money.yuan("8000")),
        Submit(at=at, declaration="D1"),
    ):
        assert not desk.do("2026-11", command).refused
    assert check_signatures(desk.history("2026-11"), desk.rules, refusing()) == ()


def refusing() -> Any:
    """A check that nobody should ask."""

    class Never:
        account = UnitAccount(UNIT, "A1")

        def __call__(self, *_: object) -> Any:
            raise AssertionError("asked")

    return Never()
