"""A rule of signing that is read wrongly trusts the wrong authority."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from socialins.rules import Cascade, RuleFileError, build_rule_books, parse_rules
from socialins.rules.business import Channel

CITY = """
division = "990100"
[region]
slug = "middle"
name = { zh = "中州", en = "Middle City" }
[sources.s]
title = "关于数字证书的通知"
seen = "made up"
[signing]
sources = ["s"]
unit_name = [{ field = "O" }]
credit_code = [
  { field = "organizationIdentifier", prefix = "NTRCN-" },
  { field = "extension:1.2.3" },
]
key_id = [{ field = "serialNumber" }]
schemes = [
  { scheme = "rsa-pkcs1-sha256", to = 2026-06-30 },
  { scheme = "sm2-sm3", from = 2026-01-01 },
]
[[signing.authorities]]
title = { zh = "中州认证中心", en = "Middle authority" }
certificate = "-----BEGIN CERTIFICATE-----"
from = 2026-01-01
source = "s"
"""


def cascade(text: str) -> Cascade:
    books = build_rule_books({"city.toml": parse_rules(tomllib.loads(text), "city.toml")})
    return Cascade(tuple(books.values()))


def test_what_a_region_says_is_what_is_asked_for() -> None:
    rules = cascade(CITY).signing()
    assert [(one.field, one.prefix) for one in rules.credit_code] == [
        ("organizationIdentifier", "NTRCN-"),
        ("extension:1.2.3", ""),
    ]
    (authority,) = rules.authorities
    assert [authority.holds_on(date(2025, 12, 31)), authority.holds_on(date(2026, 1, 1))] == [
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("day", "taken"),
    [
        (date(2025, 12, 31), ["rsa-pkcs1-sha256"]),
        (date(2026, 1, 1), ["rsa-pkcs1-sha256", "sm2-sm3"]),
        (date(2026, 6, 30), ["rsa-pkcs1-sha256", "sm2-sm3"]),
        (date(2026, 7, 1), ["sm2-sm3"]),
    ],
)
def test_an_upgrade_of_the_algorithm_has_its_days(day: date, taken: list[str]) -> None:
    rules = cascade(CITY).signing()
    schemes = ("rsa-pkcs1-sha256", "ecdsa-p256-sha256", "sm2-sm3")
    assert [one for one in schemes if rules.takes(one, day)] == taken


def test_a_region_that_says_nothing_trusts_nobody_and_takes_every_scheme() -> None:
    text = CITY.partition("[signing]")[0]
    rules = cascade(text).signing()
    assert rules.authorities == ()
    assert rules.takes("sm2-sm3", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('sources = ["s"]', 'sources = ["t"]', "unknown source 't'"),
        ('source = "s"', 'source = "t"', "unknown source 't'"),
        ('field = "O"', 'field = "a name"', "names no field"),
        ('field = "extension:1.2.3"', 'field = "extension:"', "names no field"),
        ('scheme = "sm2-sm3"', 'scheme = "md5"', "is no scheme"),
        ("to = 2026-06-30", "from = 2026-07-01, to = 2026-06-30", "before it begins"),
    ],
)
def test_a_slip_in_a_rule_of_signing_does_not_load(old: str, new: str, problem: str) -> None:
    assert old in CITY
    with pytest.raises(RuleFileError, match=problem):
        cascade(CITY.replace(old, new))


def test_a_division_says_it_once() -> None:
    second = 'division = "990100"\n[signing]\n'
    files = {
        "a.toml": parse_rules(tomllib.loads(CITY), "a.toml"),
        "b.toml": parse_rules(tomllib.loads(second), "b.toml"),
    }
    with pytest.raises(RuleFileError, match=r"already in a\.toml"):
        build_rule_books(files)


REQUIRED = """
[[signing.required]]
but = ["benefit.check"]
channels = ["online", "disk"]
from = 2026-01-01
to = 2026-12-31
source = "s"
[[signing.required]]
businesses = ["unit.update"]
channels = ["counter"]
source = "s"
"""


@pytest.mark.parametrize(
    ("business", "channel", "day", "needed"),
    [
        ("staff.add", Channel.ONLINE, date(2025, 12, 31), False),
        ("staff.add", Channel.ONLINE, date(2026, 1, 1), True),
        ("staff.add", Channel.DISK, date(2026, 12, 31), True),
        ("staff.add", Channel.DISK, date(2027, 1, 1), False),
        ("staff.add", Channel.COUNTER, date(2026, 5, 1), False),
        ("benefit.check", Channel.ONLINE, date(2026, 5, 1), False),
        ("month.settle-changed", Channel.ONLINE, date(2026, 5, 1), True),
        ("unit.update", Channel.COUNTER, date(2030, 1, 1), True),
    ],
)
def test_what_has_to_be_signed_depends_on_business_channel_and_day(
    business: str, channel: Channel, day: date, needed: bool
) -> None:
    assert cascade(CITY + REQUIRED).signing().requires(business, channel, day) is needed


def test_nothing_has_to_be_signed_where_nobody_says_so() -> None:
    rules = cascade(CITY).signing()
    assert not rules.requires("staff.add", Channel.ONLINE, date(2026, 5, 1))


def test_a_requirement_names_a_source_that_is_there() -> None:
    with pytest.raises(RuleFileError, match="unknown source"):
        cascade(CITY + '[[signing.required]]\nsource = "t"\n')
    with pytest.raises(RuleFileError, match="source"):
        cascade(CITY + "[[signing.required]]\n")
    late = 'from = 2026-01-01\nto = 2025-01-01\nsource = "s"\n'
    with pytest.raises(RuleFileError, match="ends on"):
        cascade(CITY + "[[signing.required]]\n" + late)


def test_a_business_that_is_written_wrongly_is_told_and_not_left_unsigned() -> None:
    with pytest.raises(RuleFileError, match="staff_add"):
        cascade(CITY + '[[signing.required]]\nbusinesses = ["staff_add"]\nsource = "s"\n')
