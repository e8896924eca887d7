"""Signing in the terminal: what is submitted, and the head of a journal; the PIN at the prompt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialins.cli import keys
from socialins.signing import Scheme
from socialins.store import SqliteStore, export_lines
from socialins.testing.tokens import Mishap, VirtualAuthority, VirtualCard
from socialins.testing.tokens.samples import PIN, UNIT, authority, inserted

Call = Callable[..., Any]
P256 = Scheme.ECDSA_P256_SHA256
TYPED = f"{PIN.decode()}\n"
RULES = """
division = "990100"
[sources.note]
title = "通知"
seen = "made up"
[signing]
required = [{ source = "note" }]
"""

TRUST = ("--unit", "unit.toml", "--ca", "ca.cer")
AT = ("--at", "2026-11-03T09:00")


@pytest.fixture(params=["book.db", "book.jsonl"])
def book(request: pytest.FixtureRequest) -> str:
    """A book in a database, and one in lines."""
    return str(request.param)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> Path:
    """A folder with a month's book, a declaration that is ready, and the unit's file."""
    monkeypatch.chdir(tmp_path)
    Path("ca.cer").write_bytes(authority(P256).certificate.der)
    Path("unit.toml").write_text(
        f'name = "{UNIT.name}"\ncredit_code = "{UNIT.credit_code}"\n', encoding="utf-8"
    )
    Path("own.toml").write_text(RULES, encoding="utf-8")
    for name in ("book.db", "book.jsonl"):
        fill(call, name)
    return tmp_path


def fill(call: Call, name: str) -> None:
    where = ("--book", name, *AT)
    opened = ("--region", "middle", "--account", "A1", "--month", "2026-11")
    added = ("--person", "张三", "E00000001", "--wage", "9000")
    for arguments in (
        ("open", *opened),
        ("add", "D1", "staff.add", *added),
        ("ready", "D1", "--heads", "1", "--wages", "9000"),
    ):
        done = call("file", *arguments, *where)
        assert done.status == 0, done.err


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> VirtualCard:
    """A card in a reader, which the driver pcsc sees."""
    made, signer = inserted()
    monkeypatch.setattr(keys, "make_signer", lambda _name, _options: signer)
    return made


def submit(call: Call, book: str, *more: str, typed: str | None = TYPED) -> Any:
    where = ("--book", book, "--overlay", "own.toml", *AT)
    return call("file", "submit", "D1", *where, *more, typed=typed)


def checked(call: Call, book: str, *more: str) -> Any:
    where = ("--book", book, "--overlay", "own.toml")
    return call("file", "verify-signatures", *where, *TRUST, *more)


@pytest.mark.usefixtures("desk", "card")
def test_what_has_to_be_signed_is_refused_without(call: Call, book: str) -> None:
    refused = submit(call, book)
    assert refused.status == 1
    assert "[filing.signature-missing]" in refused.err
    found = checked(call, book, "--json")
    assert (found.status, found.json["signatures"]) == (0, [])


@pytest.mark.usefixtures("desk")
def test_it_is_signed_submitted_and_proved_again(call: Call, book: str, card: VirtualCard) -> None:
    done = submit(call, book, "--sign", *TRUST)
    assert done.status == 0, done.err
    assert PIN.decode() not in done.out + done.err
    assert card.asked["VERIFY"] == 1
    found = checked(call, book, "--json")
    assert found.status == 0
    (one,) = found.json["signatures"]
    assert (one["declaration"], one["business"], one["ok"]) == ("D1", "staff.add", True)
    shown = checked(call, book)
    assert "right" in shown.out
    assert one["certificate"][:16] in shown.out
    assert PIN not in Path(book).read_bytes()


@pytest.mark.usefixtures("desk", "card")
def test_others_verify_what_was_signed_without_this_library(call: Call) -> None:
    submit(call, "book.db", "--sign", *TRUST)
    assert checked(call, "book.db", "--out", "evidence").status == 0
    (document,) = Path("evidence").glob("*.json")
    done = call("verify", document, f"{document}.p7s", *TRUST, "--json")
    assert (done.status, done.json["ok"]) == (0, True)


@pytest.mark.usefixtures("desk")
def test_a_refused_submission_asks_for_no_pin(call: Call, card: VirtualCard) -> None:
    late = ("--book", "book.db", "--overlay", "own.toml", "--at", "2026-11-20T09:00")
    done = call("file", "submit", "D1", *late, "--sign", *TRUST, typed=TYPED)
    assert done.status == 1
    assert "[filing.window-closed]" in done.err
    assert "PIN of" not in done.err
    assert card.asked["VERIFY"] == 0


@pytest.mark.usefixtures("desk")
def test_sending_it_again_under_its_key_asks_for_no_pin(call: Call, card: VirtualCard) -> None:
    assert submit(call, "book.db", "--sign", *TRUST, "--key", "k1").status == 0
    again = submit(call, "book.db", "--sign", *TRUST, "--key", "k1", typed=None)
    assert again.status == 0, again.err
    assert "This was done before." in again.out
    assert card.asked["VERIFY"] == 1


@pytest.mark.usefixtures("desk")
def test_a_key_that_is_pulled_out_leaves_it_unsent(call: Call, card: VirtualCard) -> None:
    card.fail("SIGN", Mishap.REMOVED)
    done = submit(call, "book.db", "--sign", *TRUST)
    assert done.status == 1
    assert "[signing.token-removed]" in done.err
    state = call("file", "list", "--book", "book.db", "--json")
    assert '"ready"' in state.out
    card.present = True
    assert submit(call, "book.db", "--sign", *TRUST).status == 0


@pytest.mark.usefixtures("desk", "card")
def test_signing_needs_to_know_the_unit(call: Call) -> None:
    done = submit(call, "book.db", "--sign")
    assert done.status == 2
    assert "--unit" in done.err


@pytest.mark.usefixtures("desk", "card")
def test_the_file_of_another_account_is_refused(call: Call) -> None:
    with Path("unit.toml").open("a", encoding="utf-8") as file:
        file.write('number = "A2"\n')
    done = submit(call, "book.db", "--sign", *TRUST)
    assert done.status == 1
    assert "[filing.signature-account]" in done.err


@pytest.mark.usefixtures("desk", "card")
def test_a_book_that_was_altered_is_found_by_its_signatures(call: Call) -> None:
    submit(call, "book.jsonl", "--sign", *TRUST)
    path = Path("book.jsonl")
    lines = path.read_text("utf-8").splitlines(keepends=True)
    raised = [
        line.replace('"9000.00"', '"9900.00"') if '"Submitted"' not in line else line
        for line in lines
    ]
    path.write_text("".join(raised), encoding="utf-8")
    found = checked(call, "book.jsonl")
    assert found.status == 1
    assert "wrong" in found.out
    assert "[filing.signature-content]" in found.err
    assert "9900" not in found.out + found.err


@pytest.mark.usefixtures("desk", "card")
def test_a_month_is_closed_with_the_key(call: Call, book: str) -> None:
    submit(call, book, "--sign", *TRUST)
    where = ("--book", book, "--overlay", "own.toml", *AT)
    assert call("file", "result", "D1", "all", *where).status == 0
    assert "[filing.signature-missing]" in call("file", "close", "changed", *where).err
    done = call("file", "close", "changed", *where, "--sign", *TRUST, typed=TYPED)
    assert done.status == 0, done.err
    found = checked(call, book, "--json").json["signatures"]
    assert [(one["declaration"], one["ok"]) for one in found] == [("D1", True), (None, True)]


def two_more(call: Call) -> None:
    """Two further declarations that are ready."""
    for number in (2, 3):
        id_ = f"D{number}"
        added = ("--person", "李四", f"E0000000{number}", "--wage", "9000")
        for arguments in (
            ("add", id_, "staff.add", *added),
            ("ready", id_, "--heads", "1", "--wages", "9000"),
        ):
            assert call("file", *arguments, "--book", "book.db", *AT).status == 0


SEVERAL = ("file", "submit", "D1", "D2", "D3", "--book", "book.db", "--overlay", "own.toml", *AT)


@pytest.mark.usefixtures("desk")
def test_several_are_signed_with_one_question(call: Call, card: VirtualCard) -> None:
    two_more(call)
    refused = call(*SEVERAL)
    assert refused.status == 1
    assert refused.err.count("[filing.signature-missing]") == 3
    done = call(*SEVERAL, "--sign", *TRUST, typed=TYPED)
    assert done.status == 0, done.err
    assert done.err.count("PIN of") == 1
    assert done.out.count("submitted") == 3
    assert card.asked["SIGN"] == 3
    found = checked(call, "book.db", "--json").json
    assert [one["declaration"] for one in found["signatures"]] == ["D1", "D2", "D3"]
    assert found["ok"] is True


@pytest.mark.usefixtures("desk")
def test_a_key_pulled_out_half_way_keeps_what_was_sent_and_names_the_rest(
    call: Call, card: VirtualCard
) -> None:
    two_more(call)
    card.fail("SIGN", Mishap.REMOVED, time=2)
    first = call(*SEVERAL, "--sign", *TRUST, "--json", typed=TYPED)
    assert first.status == 1
    assert (first.json["done"], first.json["left"]) == (False, ["D2", "D3"])
    assert [one["declaration"] for one in first.json["events"]] == ["D1"]
    assert [one["code"] for one in first.json["faults"]] == ["signing.token-removed"]
    card.present = True
    again = call(*SEVERAL, "--sign", *TRUST, typed=TYPED)
    # The first one is there already: that is said, and the rest goes out all the same.
    assert again.status == 1
    assert "[filing.wrong-state]" in again.err
    assert len(checked(call, "book.db", "--json").json["signatures"]) == 3


@pytest.mark.usefixtures("desk")
def test_a_key_of_a_command_is_for_one(call: Call) -> None:
    done = call(*SEVERAL, "--key", "k1")
    assert done.status == 2
    assert "--key" in done.err


# The head of a journal.


def export(name: str) -> Path:
    path = Path(f"{name}.jsonl")
    with SqliteStore(name, read_only=True) as store:
        path.write_text("".join(export_lines(store)), encoding="utf-8", newline="\n")
    return path


def sign_head(call: Call, journal: Path | str) -> Path:
    done = call("sign", "--journal", journal, "--out", "heads", *TRUST, "--json", typed=TYPED)
    assert done.status == 0, done.err
    (one,) = done.json["signed"]
    return Path("heads", one["document"])


def held(call: Call, journal: Path | str, head: Path, *more: str) -> Any:
    return call("verify-journal", journal, "--head", head, *(more or TRUST))


@pytest.mark.usefixtures("desk", "card")
@pytest.mark.parametrize("exported", [False, True])
def test_a_signed_head_holds_for_the_journal_and_what_it_grew_into(
    call: Call, exported: bool
) -> None:
    head = sign_head(call, export("book.db") if exported else "book.db")
    found = held(call, "book.db", head)
    assert found.status == 0, found.err
    assert "signed by" in found.out
    assert UNIT.name in found.out
    submit(call, "book.db", "--sign", *TRUST)
    grown = held(call, "book.db", head, *TRUST, "--json")
    assert grown.status == 0
    assert grown.json["signed_head"]["ok"] is True
    assert held(call, export("book.db"), head).status == 0
    second = sign_head(call, "book.db")
    assert second != head
    assert head.exists()
    assert held(call, "book.db", second).status == 0


@pytest.mark.usefixtures("desk", "card")
def test_a_shortened_journal_and_another_ones_fail_the_signed_head(
    call: Call, tmp_path: Path
) -> None:
    early = Path("early.db")
    early.write_bytes(Path("book.db").read_bytes())
    submit(call, "book.db", "--sign", *TRUST)
    head = sign_head(call, "book.db")
    found = held(call, early, head, *TRUST, "--json")
    assert found.status == 1
    assert found.json["sound"] is False
    assert found.json["errors"][0]["code"] == "store.noted"
    fill(call, str(tmp_path / "other.db"))
    shown = held(call, tmp_path / "other.db", head)
    assert shown.status == 1
    assert "The signed head does not hold." in shown.out
    cut = Path("cut.jsonl")
    lines = export("book.db").read_text("utf-8").splitlines(keepends=True)
    cut.write_text("".join([*lines[:-2], lines[-1]]), encoding="utf-8", newline="\n")
    assert held(call, cut, head).status == 1


@pytest.mark.usefixtures("desk", "card")
def test_a_head_of_a_stranger_or_without_a_signature_is_refused(call: Call) -> None:
    head = sign_head(call, "book.db")
    Path("other.cer").write_bytes(VirtualAuthority(P256).certificate.der)
    found = held(call, "book.db", head, "--unit", "unit.toml", "--ca", "other.cer", "--json")
    assert found.status == 1
    assert found.json["sound"] is True
    assert found.json["signed_head"]["ok"] is False
    assert held(call, "book.db", head, "--ca", "ca.cer").status == 2
    head.with_name(f"{head.name}.p7s").unlink()
    missing = held(call, "book.db", head)
    assert missing.status == 1
    assert "[cli.file]" in missing.err


@pytest.mark.usefixtures("desk", "card")
def test_nobody_signs_for_a_damaged_journal(call: Call, card: VirtualCard) -> None:
    lines = export("book.db").read_text("utf-8").replace("9000.00", "9900.00")
    Path("bad.jsonl").write_text(lines, encoding="utf-8", newline="\n")
    done = call("sign", "--journal", "bad.jsonl", "--out", "heads", *TRUST, typed=TYPED)
    assert done.status == 1
    assert card.asked["VERIFY"] == 0
    Path("text.txt").write_text("nothing of the kind\n")
    done = call("sign", "--journal", "text.txt", "--out", "heads", *TRUST, typed=TYPED)
    assert done.status == 1
    assert call("sign", "--out", "heads", *TRUST).status == 2
    assert call("sign", "--journal", "book.db", *TRUST).status == 2


def test_the_name_of_a_head_shows_no_password() -> None:
    from socialins.cli.heads import _name

    assert _name("postgresql://me:secret@host/hr") == "hr"
    assert _name("postgresql://me:secret@host") == "journal"
