"""Every fault of this package can happen, and explains itself in both languages."""

from __future__ import annotations

import tomllib
from datetime import date
from importlib.resources import files
from string import Formatter

import pytest

from socialins.faults import Fault, core_catalogue
from socialins.identity import NumberShape, compare_names, read_credit_code, read_document

TODAY = date(2026, 11, 22)
UNIT = NumberShape("单位编号", "unit number", 10, pad_from=7)
MIXED = NumberShape("登记证编码", "certificate code", 9, alphabet="letters-digits")

LISTED = tomllib.loads(
    files("socialins.faults").joinpath("texts/identity.toml").read_text(encoding="utf-8")
)


def _document(text: str, kind: str | None = None) -> tuple[Fault, ...]:
    return read_document(text, kind, TODAY).faults


def happening() -> list[Fault]:
    """Every fault, brought about as users do."""
    faults: list[Fault] = []
    for text, kind in [
        ("", None),
        ("1101051949123100", None),
        ("1101O519491231002X", None),
        ("11010519491331002X", None),
        ("110105189912310028", None),
        ("110105209912310029", None),
        ("110105194912310020", None),
        ("119999199001010020", None),
        ("110105491231002", None),
        ("110105491331002", None),
        ("1.10105E+17", None),
        ("830000199001010012", "resident-id"),
        ("9111241981080300", "foreign-permanent"),
        ("110105491231002", "foreign-permanent"),
        ("E1", "passport"),
        ("E12345678", "hk-macao-pass"),
        ("1", "taiwan-pass"),
    ]:
        faults += _document(text, kind)
    for text in (
        "",
        "990100000000001",
        "9199O100MA0000001G",
        "91990100MA000-001G",
        "919901A0MA0000001G",
        "91990100MA0000001H",
        "9.19901E+17",
    ):
        faults += read_credit_code(text).faults
    for a, b in (
        ("甲", "乙"),
        ("(甲)", "（甲）"),
        ("甲 乙", "甲乙"),
        ("甲\u200b", "甲"),
        ("甲·乙", "甲•乙"),
        ("A", "Ａ"),
        ("A", "a"),
        ("\u2f26", "子"),
    ):
        faults += compare_names(a, b).differences
    for text in ("", "123", "12345678A0", "1234567", "1.2E+9"):
        faults += UNIT.check(text)[1]
    return [*faults, *MIXED.check("AB-234567")[1]]


HAPPENING = {fault.code: fault for fault in happening()}


def test_every_listed_fault_can_happen_and_no_other_does() -> None:
    assert set(HAPPENING) == set(LISTED)


@pytest.mark.parametrize("code", sorted(LISTED))
def test_a_fault_names_all_that_its_sentences_ask_for(code: str) -> None:
    entry = core_catalogue().entry(code)
    assert entry.names() <= set(HAPPENING[code].values)


@pytest.mark.parametrize("code", sorted(LISTED))
def test_a_fault_says_the_same_in_both_languages(code: str) -> None:
    body = LISTED[code]
    assert set(body) <= {"severity", "zh", "en", "why_zh", "why_en", "do_zh", "do_en"}
    assert ("why_zh" in body) == ("why_en" in body)
    assert len(body["do_zh"]) == len(body["do_en"]) >= 1
    for zh, en in [
        (body["zh"], body["en"]),
        (body.get("why_zh", ""), body.get("why_en", "")),
        *zip(body["do_zh"], body["do_en"], strict=True),
    ]:
        assert {_language_free(name) for name in _names(zh)} == {
            _language_free(name) for name in _names(en)
        }
        assert bool(zh) == bool(en)
    assert any("\u4e00" <= char <= "\u9fff" for char in body["zh"])
    assert not any("\u4e00" <= char <= "\u9fff" for char in body["en"])


@pytest.mark.parametrize("code", sorted(LISTED))
def test_sentences_end_and_prompts_do_not(code: str) -> None:
    body = LISTED[code]
    for lang, stop in (("zh", "。"), ("en", ".")):
        assert not body[lang].endswith(stop)
        assert body.get(f"why_{lang}", stop).endswith(stop)
        assert all(remedy.endswith(stop) for remedy in body[f"do_{lang}"])


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _language_free(name: str) -> str:
    return name.removesuffix("_zh").removesuffix("_en")
