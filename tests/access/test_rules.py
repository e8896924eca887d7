"""Rule files on access: a slip is found when the file is loaded, and levels are put together."""

from __future__ import annotations

from typing import Any

import pytest

import socialins as si
from socialins.access import explain_refusal
from socialins.rules import RuleFileError
from socialins.rules.access import AccessTerms, Granter, LoginMethod
from socialins.testing.middle import middle

NODE = {"id": "a", "title": {"zh": "甲", "en": "a"}}


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"sources": ["nowhere"]}, "unknown source 'nowhere'"),
        ({"prompts": [{"says": "x", "fault": "a.b", "source": "s"}]}, "no fault has the code"),
        ({"prompts": [{"says": "x", "fault": "access.closed", "source": "no"}]}, "unknown source"),
        ({"nodes": [NODE, NODE]}, "is already another node's"),
        ({"nodes": [{**NODE, "parent": "b"}]}, "has no node 'b' above it"),
        ({"nodes": [{**NODE, "parent": "a"}]}, "stands below itself"),
        (
            {
                "nodes": [
                    {**NODE, "businesses": ["staff.add"]},
                    {**NODE, "id": "b", "businesses": ["staff.add"]},
                ]
            },
            "already stands below 'a'",
        ),
        ({"hours": {"opens": "19:00", "closes": "08:00"}}, "not after it opens"),
        ({"hours": {"opens": "8:00", "closes": "19:00"}}, "no time of day"),
        ({"verify_days": 0}, "within 0 days"),
        ({"openable": ["staff"]}, "can't name a business"),
        ({"logins": [{"method": "shouting"}]}, "shouting"),
        ({"password": "x"}, "unknown key"),
    ],
)
def test_a_slip_in_a_rule_file_is_told_with_its_place(terms: dict[str, Any], problem: str) -> None:
    source = {"s": {"title": "t", "seen": "here"}}
    with pytest.raises(RuleFileError) as caught:
        middle().access({"sources": source, "access": terms})
    (fault,) = caught.value.faults
    assert problem in fault.message("en")
    assert str(fault.place.field).startswith("access")


def test_a_nearer_level_comes_first_key_by_key_and_prompts_of_all_levels_count() -> None:
    city, province = si.region("harbin").access(), si.region("heilongjiang").access()
    assert city.terms.granted_by == province.terms.granted_by == (Granter.LEGAL, Granter.COUNTER)
    assert {one.method for one in city.terms.logins} == {
        LoginMethod.KEY,
        LoginMethod.PASSWORD,
        LoginMethod.SCAN,
    }
    assert explain_refusal(province, "请插入密钥").code == "access.prompt-unknown"
    assert explain_refusal(city, "请插入密钥").code == "access.insert-key"
    assert explain_refusal(city, "账号不能为空").code == "access.login-id-blank"
    over = middle().access({"access": {"hours": {"opens": "09:00", "closes": "17:00"}}})
    assert over.terms.granted_by == middle().access().terms.granted_by
    assert over.terms.hours is not None
    assert middle().access().terms.hours is None


def test_the_longest_prompt_is_meant_and_a_copied_number_is_not_repeated() -> None:
    prompts = [
        {"says": "登录失败", "fault": "access.no-such-user", "source": "s"},
        {"says": "登录失败：…已锁定", "fault": "access.locked", "source": "s"},
        {"says": "！", "fault": "access.idle", "source": "s"},
    ]
    source = {"s": {"title": "t", "seen": "here"}}
    rules = middle().access({"sources": source, "access": {"prompts": prompts}})
    assert explain_refusal(rules, "登录失败!").code == "access.no-such-user"
    assert explain_refusal(rules, " 登录失败:账号 110105 已锁定 ").code == "access.locked"
    unknown = explain_refusal(rules, "号码 11010519491231002X 有误！")
    assert unknown.code == "access.prompt-unknown"
    assert "11010519491231" not in unknown.message("zh")
    assert explain_refusal(rules, "").code == "access.prompt-unknown"


def test_where_nobody_says_nothing_is_refused() -> None:
    terms = AccessTerms()
    assert terms.over(AccessTerms(verify_days=7)).verify_days == 7
    assert repr(terms) == "AccessTerms()"
