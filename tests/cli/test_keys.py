"""`socialins tokens`, `sign`, `verify`: the right key or none; the PIN in the terminal alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from socialins.cli import keys
from socialins.signing import Scheme
from socialins.testing.tokens import Mishap, VirtualCard
from socialins.testing.tokens.samples import PIN, UNIT, authority, inserted, unit_key

Call = Callable[..., Any]
P256 = Scheme.ECDSA_P256_SHA256
TYPED = f"{PIN.decode()}\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two documents, the unit's file, its key as a file, and the authority."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOCIALINS_LANG", "en")
    Path("a.json").write_text("{}")
    Path("b.json").write_text("[]")
    Path("ca.cer").write_bytes(authority(P256).certificate.der)
    Path("unit.p12").write_bytes(unit_key(P256).pkcs12(PIN, clear_certificate=True))
    Path("unit.toml").write_text(
        f'name = "{UNIT.name}"\ncredit_code = "{UNIT.credit_code}"\n', encoding="utf-8"
    )
    return tmp_path


FILE_KEY = ("--driver", "pkcs12", "--driver-option", "file", "unit.p12")
TRUST = ("--unit", "unit.toml", "--ca", "ca.cer")


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> VirtualCard:
    """A card in a reader, which the driver pcsc sees."""
    made, signer = inserted()
    monkeypatch.setattr(keys, "make_signer", lambda _name, _options: signer)
    return made


@pytest.mark.usefixtures("desk")
def test_the_self_check_shows_the_key_and_asks_for_nothing(call: Call) -> None:
    result = call("tokens", *FILE_KEY, "--json")
    assert result.status == 0
    (token,) = result.json["tokens"]
    assert token["certificate"]["unit_name"] == UNIT.name
    assert token["certificate"]["credit_code"] == str(UNIT.credit_code)
    assert token["usable"]
    shown = call("tokens", *FILE_KEY)
    assert str(UNIT.credit_code) in shown.out
    assert "2035-01-01" in shown.out


@pytest.mark.usefixtures("desk")
def test_no_usable_key_is_status_1_with_what_to_do(call: Call) -> None:
    result = call("tokens", "--driver", "pkcs12", "--driver-option", "file", "gone.p12", "--json")
    assert result.status == 1
    assert result.json["tokens"][0]["fault"]["code"] == "signing.file-unreadable"


def test_the_self_check_of_a_card_spends_no_try(desk: Path, card: VirtualCard, call: Call) -> None:
    del desk
    (token,) = call("tokens", "--json").json["tokens"]
    assert (token["tries_left"], token["profile"]) == (3, "piv")
    assert (card.asked["VERIFY"], card.left) == (0, 3)


@pytest.mark.usefixtures("desk")
def test_what_is_signed_verifies_and_what_was_changed_does_not(call: Call) -> None:
    signed = call(
        "sign", "a.json", "b.json", "--out", "signed", *FILE_KEY, *TRUST, "--json", typed=TYPED
    )
    assert signed.status == 0, signed.err
    good = call("verify", "a.json", "signed/a.json.p7s", *TRUST, "--json")
    assert (good.status, good.json["ok"]) == (0, True)
    Path("a.json").write_text("{ }")
    bad = call("verify", "a.json", "signed/a.json.p7s", *TRUST, "--json")
    assert bad.status == 1
    sides = {name: bad.json[name]["ok"] for name in ("signature", "chain", "content", "binding")}
    assert sides == {"signature": True, "chain": True, "content": False, "binding": True}


def test_the_pin_is_asked_for_once_and_shown_nowhere(
    desk: Path, card: VirtualCard, call: Call
) -> None:
    result = call("sign", "a.json", "b.json", "--out", "signed", *TRUST, typed=TYPED)
    assert result.status == 0, result.err
    assert PIN.decode() not in result.out + result.err
    assert result.err.count("PIN of") == 1
    assert "tries left: 3" in result.err
    assert card.asked["VERIFY"] == 2
    assert not any(PIN in path.read_bytes() for path in (desk / "signed").iterdir())


def test_a_wrong_key_is_refused_before_the_pin(desk: Path, card: VirtualCard, call: Call) -> None:
    (desk / "unit.toml").write_text('name = "别的"\ncredit_code = "91990100MA0000002K"\n', "utf-8")
    result = call("sign", "a.json", "--out", "signed", *TRUST, typed=TYPED)
    assert result.status == 1
    assert "PIN of" not in result.err
    assert card.asked["VERIFY"] == 0
    assert str(UNIT.credit_code) in result.err


def test_a_key_pulled_half_way_leaves_the_rest_for_the_next_call(
    desk: Path, card: VirtualCard, call: Call
) -> None:
    card.fail("SIGN", Mishap.REMOVED, time=2)
    first = call("sign", "a.json", "b.json", "--out", "s", *TRUST, "--json", typed=TYPED)
    assert first.status == 1
    assert first.json["left"] == ["b.json"]
    assert first.json["faults"][0]["code"] == "signing.token-removed"
    card.present = True
    before = (desk / "s" / "a.json.p7s").read_bytes()
    second = call("sign", "a.json", "b.json", "--out", "s", *TRUST, "--json", typed=TYPED)
    assert second.status == 0
    assert [one["document"] for one in second.json["signed"]] == ["b.json"]
    assert (desk / "s" / "a.json.p7s").read_bytes() == before


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "arguments",
    [
        ("sign", "a.json", "--out", "s", *FILE_KEY),
        ("sign", "a.json", "a.json", "--out", "s", *FILE_KEY, *TRUST),
        ("sign", "--out", "s"),
        ("sign", "a.json", "--out", "s", "--pin", "246813"),
        ("verify", "a.json"),
    ],
)
def test_wrong_usage_is_status_2(arguments: tuple[str, ...], call: Call) -> None:
    assert call(*arguments).status == 2


@pytest.mark.usefixtures("desk")
def test_a_missing_extra_tells_how_to_install_it(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    for name in [one for one in sys.modules if one.partition(".")[0] == "smartcard"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "smartcard", None)
    result = call("tokens")
    assert result.status == 2
    assert "socialins[pcsc]" in result.err


@pytest.mark.usefixtures("desk")
def test_a_key_is_named_where_there_are_several(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from socialins.signing.drivers.pcsc import PcscSigner
    from socialins.testing.tokens import VirtualReaders

    other = authority(P256).issue({"O": "别的"})
    cards = {"x": VirtualCard(unit_key(P256), PIN), "y": VirtualCard(other)}
    signer = PcscSigner(VirtualReaders(dict(cards)))
    monkeypatch.setattr(keys, "make_signer", lambda _name, _options: signer)
    vague = call("sign", "a.json", "--out", "s", *TRUST, typed=TYPED)
    assert vague.status == 1
    assert "2 usable keys" in vague.err
    unknown = call("sign", "a.json", "--out", "s", "--token", "z", *TRUST, typed=TYPED)
    assert "no such key" in unknown.err
    assert call("sign", "a.json", "--out", "s", "--token", "x", *TRUST, typed=TYPED).status == 0
