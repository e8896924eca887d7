"""Names from heads of files: a region must be found by the names that its rules give it.

However an author orders a file, what is known before it is read is what reading it gives.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from socialins.rules import RegionNames, RuleFileError
from socialins.rules.unread import UnreadRules

TOP = 'division = "990100"'
NAME = 'name = { zh = "中州", en = "Middle City" }'
REGION = f'[region]\nslug = "middle"\n{NAME}\nalso = ["中州市"]'
REGIONS = [
    REGION,
    REGION.replace("[region]", "  [region]  # how it is called"),
    REGION.replace("[region]", "[ region ]"),
    REGION.replace("[region]", '["region"]'),
    REGION.replace(NAME, '[region.name]\nzh = "中州"\nen = "Middle City"').replace(
        '\nalso = ["中州市"]', ""
    ),
    REGION.replace('["中州市"]', '[\n"中州市",\n]'),
]
IN_ONE_LINE = f'region = {{ slug = "middle", {NAME} }}'
OTHERS = [
    '[sources.s]\ntitle = "通知"\nseen = "made up"',
    '[sources.t]\ntitle = """\n[region]\nslug = "other"\n"""\nseen = "a text that looks like it"',
    "[sources.u]\ntitle = '''\n[[bounds]]\n'''\nseen = 'likewise'",
    '[[bundles]]\nwords = [\n"[region]",\n"四险",\n]\ninsurances = ["pension"]',
    "# [region]\n# slug = 'other'",
]


def find(folder: Path, *texts: str) -> UnreadRules:
    for number, text in enumerate(texts):
        (folder / f"{number}.toml").write_bytes(text.encode())
    return UnreadRules.find([folder])


def read_names(unread: UnreadRules) -> dict[str, RegionNames]:
    return {code: book.names for code, book in unread.read().items()}


@given(
    order=st.tuples(st.sampled_from(REGIONS), st.permutations(OTHERS)).flatmap(
        lambda drawn: st.permutations([drawn[0], *drawn[1]])
    ),
    newline=st.sampled_from(["\n", "\r\n"]),
    apart=st.booleans(),
)
def test_the_names_known_before_reading_are_those_that_reading_gives(
    order: list[str], newline: str, apart: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = [f"{TOP}\n{block}\n" for block in order] if apart else ["\n".join([TOP, *order])]
    unread = find(tmp_path_factory.mktemp("rules"), *(x.replace("\n", newline) for x in files))
    given_names = read_names(unread)
    assert given_names["990100"].slug == "middle"
    assert unread.names in (None, given_names)


@pytest.mark.parametrize("region", [*REGIONS[:2], REGIONS[5], IN_ONE_LINE])
def test_a_file_that_begins_with_its_names_need_not_be_read_for_them(
    region: str, tmp_path: Path
) -> None:
    unread = find(tmp_path, "\n".join([TOP, region, *OTHERS]), f"# more\n{TOP}\n{OTHERS[3]}")
    assert unread.names == read_names(unread)


@pytest.mark.parametrize(
    "texts",
    [
        [f"{TOP}\n{OTHERS[0]}"],
        [f"{TOP}\n{REGION}", OTHERS[0]],
        [f"{TOP}\n{REGION}", "division = 5"],
        [f"{TOP}\n{REGION}", "division = "],
        [f"{TOP}\n{REGION}\n{TOP}"],
        [f"{TOP}\n{REGION}", f"{TOP.replace('1', '2')}\n{OTHERS[0]}"],
    ],
    ids=["no names", "no division", "a number", "cut off", "misplaced", "one without names"],
)
def test_rules_without_names_are_no_ones_before_they_are_read(
    texts: list[str], tmp_path: Path
) -> None:
    unread = find(tmp_path, *texts)
    assert unread.names is None
    with pytest.raises(RuleFileError):
        unread.read()


def test_a_file_that_can_t_be_opened_does_not_hide_the_errors_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "large.toml").write_bytes(b"#" * 4_000_001)
    unread = find(tmp_path, f"{TOP}\n{REGION}", f"{TOP}\nshoe = 1")
    with pytest.raises(RuleFileError) as caught:
        unread.read()
    assert {fault.place.file for fault in caught.value.faults} == {"large.toml", "1.toml"}
