"""Names are compared as a bureau does it; what can't be seen is explained (S17)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, strategies as st

from socialins.identity import NameComparison, compare_names

NAME = "中州机械（集团）有限公司"
words = st.text(st.sampled_from("中州机械集团有限公司王小明甲乙丙"), min_size=1, max_size=8)


def codes(comparison: NameComparison) -> list[str]:
    return [fault.code for fault in comparison.differences]


@given(st.text())
def test_the_same_name_is_identical_and_there_is_nothing_to_explain(name: str) -> None:
    comparison = compare_names(name, name)
    assert comparison == NameComparison(identical=True)
    assert (comparison.explain(), comparison.explain("en")) == ("", "")
    assert not comparison.writing_only


@given(st.text(), st.text())
@example("A", "Ａ")
@example("K", "\u212a")
@example("é", "e\u0301")
@example("中州", "中\u200d州")
@example("1", "①")
def test_s17_names_that_differ_are_never_equal_after_all(a: str, b: str) -> None:
    comparison = compare_names(a, b)
    assert comparison.identical == (a == b)
    assert bool(comparison.differences) == (a != b)
    for lang in ("zh", "en"):
        assert bool(comparison.explain(lang)) == (a != b)
    assert codes(comparison) == codes(compare_names(b, a))


@pytest.mark.parametrize(
    ("a", "b", "code"),
    [
        (NAME, "中州机械(集团)有限公司", "name.brackets"),
        (NAME, "中州机械（集团)有限公司", "name.brackets"),
        ("中州〔一〕厂", "中州[一]厂", "name.brackets"),
        ("王 小明", "王小明", "name.spaces"),
        ("王 小明", "王\u3000小明", "name.spaces"),
        ("王 小明", "王\u00a0小明", "name.spaces"),
        ("王 小明", "王  小明", "name.spaces"),
        ("王小明", "王小明\n", "name.spaces"),
        ("王小明", "王小\u200b明", "name.invisible"),
        ("王小明", "\ufeff王小明", "name.invisible"),
        ("甲·乙", "甲・乙", "name.dot"),
        ("甲·乙", "甲•乙", "name.dot"),
        ("甲·乙", "甲．乙", "name.dot"),
        ("甲·乙", "甲.乙", "name.dot"),
        ("ABC公司", "ＡＢＣ公司", "name.width"),
        ("第1厂", "第１厂", "name.width"),
        ("甲&乙", "甲＆乙", "name.width"),
        ("Abc公司", "ABC公司", "name.case"),
        ("龙\u2f26", "龙子", "name.look-alike"),
        ("\uf9dc建", "隆建", "name.look-alike"),
        ("André", "Andre\u0301", "name.look-alike"),
        ("\u212a厂", "K厂", "name.look-alike"),
        ("王小明", "王晓明", "name.differs"),
        ("王小明", "", "name.differs"),
    ],
)
def test_a_difference_that_can_not_be_seen_has_its_reason(a: str, b: str, code: str) -> None:
    comparison = compare_names(a, b)
    assert codes(comparison) == [code]
    assert comparison.writing_only == (code != "name.differs")
    assert comparison.differences[0].values["a"] == compare_names(b, a).differences[0].values["b"]


def test_the_characters_in_question_are_shown_with_their_code_points() -> None:
    (brackets,) = compare_names("甲(乙)", "甲（乙）").differences
    assert "'(' U+0028, ')' U+0029" in brackets.message("en")
    assert "'（' U+FF08, '）' U+FF09" in brackets.message("zh")
    (blanks,) = compare_names("王  小明", "王\u3000小明").differences
    assert "U+0020 ×2 against U+3000" in blanks.message("en")
    (unseen,) = compare_names("王小明", "王小明\u200b").differences
    assert "– against U+200B" in unseen.message("en")
    (accent,) = compare_names("é", "e\u0301").differences
    assert "U+00E9" in accent.message("en")
    assert "U+0301" in accent.message("en")


Change = Callable[[str], str]
CHANGES: dict[str, Change] = {
    "name.brackets": lambda name: f"{name}（甲）",
    "name.spaces": lambda name: name[:1] + "\u3000" + name[1:],
    "name.invisible": lambda name: name + "\u200b",
    "name.dot": lambda name: f"{name}•乙",
    "name.width": lambda name: f"{name}Ｂ",
    "name.case": lambda name: f"{name}c",
}
PLAIN: dict[str, Change] = {
    "name.brackets": lambda name: f"{name}(甲)",
    "name.spaces": lambda name: name,
    "name.invisible": lambda name: name,
    "name.dot": lambda name: f"{name}·乙",
    "name.width": lambda name: f"{name}B",
    "name.case": lambda name: f"{name}C",
}


@given(words, st.sets(st.sampled_from(sorted(CHANGES)), min_size=1))
def test_several_reasons_are_all_named_and_no_other(name: str, reasons: set[str]) -> None:
    a = b = name
    for reason in sorted(reasons):
        a, b = PLAIN[reason](a), CHANGES[reason](b)
    comparison = compare_names(a, b)
    assert set(codes(comparison)) == reasons
    assert comparison.writing_only
    assert len(comparison.explain("zh").splitlines()) == len(reasons)


def test_a_name_that_differs_in_more_than_its_writing_is_not_called_alike() -> None:
    comparison = compare_names("中州机械(集团)公司", "中州机床（集团）公司")
    assert codes(comparison) == ["name.differs"]
    assert not comparison.writing_only


def test_a_megabyte_is_answered_at_once_and_in_short() -> None:
    # What took time by the square of it would not come back.
    comparison = compare_names("（" * 1_000_000, "(" * 1_000_000)
    assert codes(comparison) == ["name.differs"]
    assert len(comparison.explain("en")) < 600
