"""Reading tables: what is wrong must be refused, though nearly everything is read without looking.

A table is read quickly first; only if that fails is it read carefully. Neither may take what the
other refuses, or a wrong figure would be charged, and a right file told to be wrong.
"""

from __future__ import annotations

import copy
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, strategies as st

from socialins.forms.papers.formfile import FormFile
from socialins.rules import RuleFile, RuleFileError
from socialins.rules.careful import structure_carefully
from socialins.rules.loader import rule_files
from socialins.rules.tables import structure

MIDDLE = files("socialins.testing.middle")
FOLDERS: dict[str, type[RuleFile] | type[FormFile]] = {"rules": RuleFile, "forms": FormFile}
FILES: list[tuple[type[Any], dict[str, Any]]] = [
    (kind, tomllib.loads(file.read_text("utf-8")))
    for folder, kind in FOLDERS.items()
    for _, file in rule_files(MIDDLE.joinpath(folder))
]

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 13),
    st.floats(allow_nan=False),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["", "none", "last", "A", "unit", "2026-07", "4000", "9.8%", "1.005", "text"]),
    st.lists(st.sampled_from(["pension", "unit", 1]), max_size=2),
    st.dictionaries(st.sampled_from(["zh", "en", "from", "day"]), st.just("x"), max_size=2),
)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (table or list, key or index) below a value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[type[Any], dict[str, Any]]:
    """A file of the fictional region in which something else stands in one place."""
    kind, table = draw(st.sampled_from(FILES))
    table = copy.deepcopy(table)
    holder, key = draw(st.sampled_from(list(places(table))))
    change = draw(st.sampled_from(["put", "put", "put", "drop", "add"]))
    if change == "put" or isinstance(holder, list):
        holder[key] = draw(JUNK)
    elif change == "drop":
        del holder[key]
    else:
        holder[draw(st.sampled_from(["note", "mark", "shoe"]))] = draw(JUNK)
    return kind, table


def outcome(kind: type[Any], table: dict[str, Any], carefully: bool) -> object:
    try:
        if carefully:
            return structure_carefully(kind, table, "x", "rules.invalid")
        return structure(kind, table, "x")
    except RuleFileError as error:
        return [str(fault) for fault in error.faults]


@given(spoilt())
def test_what_careful_reading_refuses_is_never_taken(
    spoiled: tuple[type[Any], dict[str, Any]],
) -> None:
    assert outcome(*spoiled, carefully=False) == outcome(*spoiled, carefully=True)


@pytest.mark.parametrize(("kind", "table"), FILES)
def test_both_ways_of_reading_give_the_same(kind: type[Any], table: dict[str, Any]) -> None:
    read = outcome(kind, table, carefully=False)
    assert isinstance(read, kind)
    assert read == outcome(kind, table, carefully=True)


@pytest.mark.parametrize(("kind", "table"), FILES)
def test_a_right_file_is_read_once(
    monkeypatch: pytest.MonkeyPatch, kind: type[Any], table: dict[str, Any]
) -> None:
    def again(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("socialins.rules.careful.structure_carefully", again)
    assert isinstance(structure(kind, table, "x"), kind)


def test_right_files_are_read_without_the_time_that_looking_for_errors_takes() -> None:
    code = """
import sys
from socialins.testing.middle import middle
assert middle().forms
assert not {"cattrs", "socialins.rules.careful"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
