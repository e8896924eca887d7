"""Form files: an author learns where the mistake is, and a region has the forms of its plugins."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from socialins.facade import Region
from socialins.forms.errors import FormError
from socialins.forms.papers import UnknownForm
from socialins.forms.papers.catalogue import parse_form
from socialins.forms.papers.schema import form_file_schema
from socialins.plugins import HookManager, LoadedPlugin, Registry
from socialins.rules import RuleFileError, build_rule_books, read_rule_folder
from socialins.testing.middle import middle

ROOT = Path(__file__).parents[2]
FORM_FILES = sorted(
    [*ROOT.glob("src/*/**/forms/*.toml"), *ROOT.glob("plugins/*/src/*/forms/**/*.toml")]
)
MIDDLE = files("socialins.testing.middle")

PLAIN: dict[str, Any] = {
    "division": "990100",
    "id": "staff.list",
    "business": "staff.add",
    "title": {"zh": "名单", "en": "list"},
    "mark": "C",
    "sources": {"made-up": {"title": "名单", "seen": "made up for tests"}},
    "sheet": "名单",
    "columns": [
        {"field": "name", "header": "姓名", "type": "name"},
        {"field": "wage", "header": "工资", "type": "wage"},
    ],
}


def with_(**changes: Any) -> dict[str, Any]:
    return {**deepcopy(PLAIN), **changes}


def columns(*more: dict[str, Any]) -> dict[str, Any]:
    return with_(columns=[*PLAIN["columns"], *more], header_row=3)


def refused(table: dict[str, Any]) -> list[tuple[str | None, str]]:
    with pytest.raises(RuleFileError) as caught:
        parse_form(table, "list.toml")
    assert {fault.code for fault in caught.value.faults} == {"form.invalid"}
    assert {fault.place.file for fault in caught.value.faults} == {"list.toml"}
    return [(fault.place.field, fault.message("en")) for fault in caught.value.faults]


def test_the_plain_table_of_these_tests_loads() -> None:
    assert parse_form(PLAIN, "list.toml").table_row == 2


@pytest.mark.parametrize(
    ("table", "path", "words"),
    [
        (with_(colums=[]), "colums", "unknown key"),
        ({**PLAIN, "sources": {}}, None, "'sources' can't be empty"),
        (with_(division="9901"), None, "'division' '9901' is no division code"),
        (with_(business="staff"), None, "'business' 'staff' is no id"),
        (with_(mark="D"), "mark", "D"),
        (with_(header_row="1"), "header_row", "whole number"),
        (with_(first_row=1), "first_row", "begins above its headings"),
        (columns({"field": "x", "header": "某", "typ": "text"}), "columns[2].typ", "unknown key"),
        (columns({"field": "X", "header": "某"}), "columns[2]", "'field' 'X' can't name"),
        (columns({"field": "x", "header": ""}), "columns[2]", "'header' can't be empty"),
        (columns({"field": "x", "header": "某", "type": "number"}), "columns[2].type", "number"),
        (columns({"field": "x", "header": "某", "width": 0}), "columns[2]", "'width' 0 is too"),
        (columns({"field": "name", "header": "某"}), "columns[2].field", "another column's"),
        (columns({"field": "x", "header": " 姓 名"}), "columns[2].header", "heads 'name' too"),
        (columns({"field": "x", "header": "某", "type": "code"}), "columns[2].codes", "needs them"),
        (columns({"field": "x", "header": "某", "codes": {"1": ["甲"]}}), "columns[2].codes", "no"),
        (
            columns(
                {"field": "x", "header": "某", "type": "code", "codes": {"1": ["甲"], "2": ["甲"]}}
            ),
            "columns[2].codes.2",
            "stands for '1' too",
        ),
        (
            columns({"field": "x", "header": "某", "type": "date", "format": "d.m.yyyy"}),
            "columns[2].format",
            "yyyy/m/d",
        ),
        (
            columns({"field": "x", "header": "某", "further_codes": "("}),
            "columns[2]",
            "'further_codes' '(' is no regular expression",
        ),
        (
            columns({"field": "x", "header": "某", "type": "month", "default": "下月"}),
            "columns[2].default",
            "month",
        ),
        (
            columns({"field": "x", "header": "某", "required": "group"}),
            "columns[2].required",
            "needs a group",
        ),
        (
            columns({"field": "x", "header": "某", "required": "sometimes"}),
            "columns[2].required",
            "true or false",
        ),
        (
            columns({"field": "x", "header": "某", "heads": ["1|甲", "1|乙"]}),
            "columns[2].heads",
            "same code",
        ),
        (
            columns({"field": "x", "header": "某", "type": "sequence", "required": True}),
            "columns[2].type",
            "numbers itself",
        ),
        (
            columns({"field": "x", "header": "某", "restart": True}),
            "columns[2].restart",
            "sequence",
        ),
        (
            with_(columns=[*PLAIN["columns"], {"field": "x", "header": "某", "group": "组"}]),
            "header_row",
            "two rows",
        ),
        (with_(head=[{"row": 1, "text": "题"}]), "head[0].row", "on or below the headings"),
        (
            with_(
                head=[
                    {"row": 1, "text": "题", "to_column": 3},
                    {"row": 1, "column": 3, "text": "角"},
                ],
                header_row=2,
            ),
            "head[1].column",
            "lies over head[0]",
        ),
        (with_(head=[{"row": 0, "text": "题"}], header_row=2), "head[0]", "'row' 0 is too small"),
        (
            with_(head=[{"row": 1, "text": "{unit.name}{unit.number}"}], header_row=2),
            "head[0].text",
            "one blank at most",
        ),
        (with_(foot=[{"row": 1, "text": "经办人：{clerk}"}]), "foot[0].text", "[blanks]"),
        (
            with_(blanks={"clerk": {"title": {"zh": "经办人", "en": "clerk"}}}),
            "blanks.clerk",
            "no text has this blank",
        ),
        (
            with_(
                foot=[{"row": 1, "text": "{name}"}],
                blanks={"name": {"title": {"zh": "姓名", "en": "name"}}},
            ),
            "blanks.name",
            "a column has this name",
        ),
        (with_(sheets=[{"name": "名单", "lines": []}]), "sheets[0].name", "table's sheet"),
    ],
)
def test_a_mistake_is_named_with_file_and_key_path(
    table: dict[str, Any], path: str | None, words: str
) -> None:
    found = refused(table)
    assert path in [where for where, _ in found]
    assert any(words in message for where, message in found if where == path)


def test_a_missing_key_is_named() -> None:
    table = with_()
    del table["sheet"]
    assert refused(table) == [("sheet", "the form file is not usable: missing key 'sheet'")]


def test_all_mistakes_are_told_at_once() -> None:
    found = refused(with_(sheet=1, mark="D", rows_a_page="12"))
    assert {path for path, _ in found} == {"sheet", "mark", "rows_a_page"}


# The schema for editors.


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_shipped_schema_is_what_the_classes_give() -> None:
    shipped = files("socialins.forms.papers").joinpath("form.schema.json").read_text("utf-8")
    assert json.loads(shipped) == form_file_schema(), "write it anew with: make schema"


def test_the_shipped_forms_are_found() -> None:
    assert len(FORM_FILES) >= 7


@pytest.mark.parametrize("file", FORM_FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_an_editor_accepts_every_shipped_form(file: Path) -> None:
    table = plain(tomllib.loads(file.read_text("utf-8")))
    jsonschema.Draft202012Validator(form_file_schema()).validate(table)


@pytest.mark.parametrize("file", FORM_FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_every_shipped_form_says_where_it_was_seen_and_what_is_missing(file: Path) -> None:
    form = parse_form(tomllib.loads(file.read_text("utf-8")), file.name)
    assert all(source.seen for source in form.sources.values())
    if "middle" not in file.parts:
        head = file.read_text("utf-8").partition("division")[0]
        assert [
            part for part in ("# References", "# Checked with", "# Limitations") if part in head
        ]
        assert "# Limitations" in head


@pytest.mark.parametrize(
    "broken",
    [with_(colums=[]), with_(mark="D"), columns({"field": "x", "header": "某", "required": "no"})],
    ids=["unknown key", "unknown mark", "unknown word"],
)
def test_an_editor_marks_what_the_loader_would_refuse(broken: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(form_file_schema()).validate(broken)


# Regions and their forms.


@pytest.fixture
def registry(tmp_path: Path) -> Callable[..., Registry]:
    """A registry of plugins, each with the fictional rules of its divisions and some form files."""

    def make(**plugins: dict[str, dict[str, Any] | str]) -> Registry:
        rules = read_rule_folder(MIDDLE.joinpath("rules"))
        books = build_rule_books(rules)
        loaded = []
        for name, forms in plugins.items():
            folder = tmp_path / name / "forms"
            folder.mkdir(parents=True)
            for file, table in forms.items():
                text = table if isinstance(table, str) else _toml(table)
                (folder / file).write_text(text, encoding="utf-8")
            code = {"city": "990100", "province": "990000", "country": "000000"}[name]
            loaded.append(LoadedPlugin(name, books={code: books[code]}, package=tmp_path / name))
        return Registry(tuple(loaded), HookManager())

    return make


def _toml(table: dict[str, Any]) -> str:
    def value(one: Any) -> str:
        if isinstance(one, dict):
            return "{" + ", ".join(f'"{key}" = {value(inner)}' for key, inner in one.items()) + "}"
        if isinstance(one, list):
            return "[" + ", ".join(map(value, one)) + "]"
        return json.dumps(one, ensure_ascii=False)

    return "\n".join(f"{key} = {value(one)}" for key, one in table.items())


def region(registry: Registry) -> Region:
    return Region(registry.book("990100"), registry)


def test_a_nearer_divisions_form_hides_a_farther_one_of_its_id(
    registry: Callable[..., Registry],
) -> None:
    made = registry(
        city={"list.toml": with_(title={"zh": "市", "en": "city"})},
        province={
            "list.toml": with_(division="990000", title={"zh": "省", "en": "province"}),
            "other.toml": with_(division="990000", id="staff.other"),
        },
        country={
            "list.toml": with_(division="000000"),
            "third.toml": with_(division="000000", id="staff.third"),
        },
    )
    forms = region(made).forms
    assert list(forms) == ["staff.list", "staff.other", "staff.third"]
    assert forms["staff.list"].title.zh == "市"
    province = Region(made.book("990000"), made).forms
    assert province["staff.list"].title.zh == "省"


def test_a_citys_form_is_not_its_provinces_though_one_plugin_brings_both() -> None:
    assert list(middle("middle-province").forms) == ["wage.declare"]
    assert list(middle().forms) == ["staff.add", "wage.declare"]


def test_a_wrong_form_file_is_named_when_forms_are_asked_for_and_not_before(
    registry: Callable[..., Registry],
) -> None:
    made = registry(city={"list.toml": with_(mark="D"), "sub.toml": "id = ["}, country={})
    assert region(made).rules("2026-11"), "settling needs no forms"
    with pytest.raises(RuleFileError) as caught:
        _ = region(made).forms
    places = [(fault.place.file, fault.place.field) for fault in caught.value.faults]
    assert places == [("city: forms/list.toml", "mark"), ("city: forms/sub.toml", None)]


def test_a_wrong_form_file_does_not_hide_what_is_wrong_with_a_roster(
    registry: Callable[..., Registry], tmp_path: Path
) -> None:
    made = registry(city={"list.toml": with_(mark="D")}, country={})
    path = tmp_path / "roster.csv"
    path.write_text("姓名,工号\n张三,7\n", encoding="utf-8")
    with pytest.raises(FormError) as caught:
        region(made).read_roster(path, "2026-11")
    codes = [fault.code for fault in caught.value.all]
    assert codes == ["roster.column.missing", "form.invalid"]


def test_another_regions_wrong_form_harms_nobody_here(registry: Callable[..., Registry]) -> None:
    made = registry(
        city={"list.toml": with_(mark="D")},
        province={"list.toml": with_(division="990000")},
        country={},
    )
    assert list(Region(made.book("990000"), made).forms) == ["staff.list"]


def test_a_form_for_a_division_that_is_not_the_plugins_does_not_load(
    registry: Callable[..., Registry],
) -> None:
    made = registry(city={"list.toml": with_(division="990000")}, province={}, country={})
    with pytest.raises(RuleFileError, match="no rules of 990000"):
        _ = region(made).forms


def test_two_forms_of_one_id_do_not_load(registry: Callable[..., Registry]) -> None:
    made = registry(city={"a.toml": with_(), "b.toml": with_()}, province={}, country={})
    with pytest.raises(RuleFileError, match="already in"):
        _ = region(made).forms


def test_a_form_that_is_not_there_is_named_with_those_that_are_near() -> None:
    with pytest.raises(UnknownForm) as caught:
        _ = middle().forms["staff.addd"]
    assert "staff.add" in caught.value.fault.remedy("zh")
    assert "staff.addd" in str(caught.value)
    assert "staff.addd" not in middle().forms
    assert len(middle().forms) == 2


def test_a_plugin_without_forms_has_none(registry: Callable[..., Registry]) -> None:
    made = registry(country={})
    bare = LoadedPlugin("bare", books=registry_books())
    assert not region(Registry((*made.plugins, bare), made.manager)).forms


def registry_books() -> dict[str, Any]:
    books = build_rule_books(read_rule_folder(MIDDLE.joinpath("rules")))
    return {code: books[code] for code in ("990100", "990000")}
