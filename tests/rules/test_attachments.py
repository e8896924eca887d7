"""Rules for pictures and cards: a slip in the file is told, and the nearer level's rule holds."""

from __future__ import annotations

from typing import Any

import pytest

from socialins.faults import Text
from socialins.rules import RuleFileError, build_rule_books, parse_rules
from socialins.rules.attachment import AttachmentRule
from socialins.rules.card import CardRules, UnitRegistration
from socialins.rules.cascade import Cascade
from socialins.values import Money

NAMES = {"slug": "x", "name": {"zh": "甲", "en": "x"}}
RULE = {"id": "photo", "title": {"zh": "照片", "en": "photograph"}, "sources": ["s"]}


def books(division: str = "990100", **tables: Any) -> Any:
    table = {
        "division": division,
        "region": NAMES,
        "sources": {"s": {"title": "t", "seen": "-"}},
        **tables,
    }
    return build_rule_books({"a.toml": parse_rules(table, "a.toml")})[division]


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"id": "Photo"}, "can't name a rule"),
        ({"formats": ["jpg"]}, "jpg"),
        ({"width": 358}, "go together"),
        ({"width": 0, "height": 441}, "whole number"),
        ({"at_most_kb": 50, "below_kb": 50}, "not both"),
        ({"at_most_kb": 50, "at_least_kb": 51}, "at once"),
        ({"quality": 101}, "quality factor"),
        ({"pattern": "{name}.jpg"}, "id_number"),
        ({"pattern": "{id_number"}, "pattern"),
        ({"pattern": "{id_number}{age}"}, "pattern"),
        ({"backgrounds": ["red"]}, "red"),
        ({"sources": []}, "at least one source"),
        ({"sources": ["t"]}, "unknown source 't'"),
        ({"largest": 50}, "largest"),
    ],
)
def test_a_slip_in_a_rule_for_pictures_is_told(slip: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleFileError, match=words) as raised:
        books(attachments=[{**RULE, **slip}])
    assert any("attachments[0]" in (fault.place.field or "") for fault in raised.value.faults)


@pytest.mark.parametrize(
    ("slip", "words"),
    [
        ({"photos_by_day": 31}, "1 to 28"),
        ({"group_from": 0}, "whole number"),
        ({"bundle": "{unit}.zip"}, "unit_number"),
        ({"reissue": [{"bank": "third"}]}, "third"),
        ({"registration": {"opens": "8:00"}}, "08:00"),
        ({"sources": ["t"]}, "unknown source 't'"),
    ],
)
def test_a_slip_in_a_rule_for_cards_is_told(slip: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleFileError, match=words):
        books(cards={"sources": ["s"], **slip})


def test_two_rules_of_one_id_leave_nothing_to_chance() -> None:
    with pytest.raises(RuleFileError, match="already another rule's"):
        books(attachments=[RULE, RULE])


def test_a_nearer_level_has_its_own_rule() -> None:
    province = books("990000", attachments=[{**RULE, "at_most_kb": 100}, {**RULE, "id": "far"}])
    city = books(attachments=[{**RULE, "at_most_kb": 50}], cards={"group_from": 3})
    found = Cascade((city, province)).attachments()
    assert {id_: one.at_most_kb for id_, one in found.items()} == {"photo": 50, "far": None}
    cards = Cascade((city, province)).cards()
    assert cards is not None
    assert cards.group_from == 3
    assert Cascade((province,)).cards() is None


def test_a_kilobyte_has_1024_bytes_and_below_excludes_the_bound() -> None:
    def most(**size: int) -> int | None:
        return AttachmentRule(id="x", title=Text("", ""), sources=(), **size).most_bytes

    assert most(at_most_kb=500) == 512_000
    assert most(below_kb=50) == 51_199
    assert most() is None


def test_what_nobody_says_is_not_made_up() -> None:
    rules = CardRules()
    assert (rules.group_from, rules.card_fee, rules.photo) == (None, None, "")
    assert UnitRegistration().papers_within_days is None
    assert CardRules(card_fee=Money.yuan("20")).card_fee == Money.yuan("20")
