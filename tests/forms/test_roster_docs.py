"""docs/roster.md tells what the reader does: a user who follows it must not be refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import socialins as si
from socialins.forms import own_layout, read_unit
from socialins.forms.cells import Context, read_cell
from socialins.forms.layout import Column
from socialins.forms.sheets import Limits
from socialins.forms.vocabulary import Vocabulary
from socialins.testing.middle import middle

TEXT = (Path(__file__).parents[2] / "docs" / "roster.md").read_text("utf-8")
CONTEXT = Context(Vocabulary.of(middle().cascade))


def section(heading: str) -> list[list[str]]:
    """The rows of the tables below a heading, without their own headings."""
    part = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[2:]]


@pytest.mark.parametrize("column", own_layout("roster").columns, ids=lambda one: one.field)
def test_every_column_is_documented_as_it_is_read(column: Column) -> None:
    (row,) = [row for row in section("Columns") if row[0] == f"`{column.field}`"]
    _, zh, aliases, _, empty = row
    assert zh == column.title.zh
    assert empty == ("needed" if column.needed else column.default and column.default.en)
    told = {alias.strip() for alias in re.split("[,;]", aliases) if alias.strip()}
    told = {alias for alias in told if alias != "each also with (元)"}
    plain = {alias for alias in column.aliases if not alias.endswith("(元)")}
    assert told == plain
    if any(alias.endswith("(元)") for alias in column.aliases):
        assert "each also with (元)" in aliases
        for alias in plain - {"declared wage"}:
            assert f"{alias}(元)" in column.aliases


def test_no_column_is_documented_that_is_not_there() -> None:
    fields = {column.field for column in own_layout("roster").columns}
    assert {row[0].strip("`") for row in section("Columns")} == fields


def codes() -> list[tuple[str, str, list[str]]]:
    found = []
    field = ""
    for first, code, zh, en, also in section("Codes and words"):
        field = first.strip("`") or field
        words = [word.strip() for word in also.split(",") if word.strip()]
        found.append((field, code.strip("`"), [zh, en, *words]))
    return found


@pytest.mark.parametrize(("field", "code", "words"), codes(), ids=lambda one: str(one)[:20])
def test_every_word_that_is_documented_means_its_code(
    field: str, code: str, words: list[str]
) -> None:
    column = own_layout("roster").column(field)
    for word in (code, *words, code.upper(), f" {words[0]}　"):
        reading = read_cell(column, word, CONTEXT)
        assert reading.value == code, (word, reading.faults)


def test_every_code_there_is_stands_in_the_document() -> None:
    documented = {(field, code) for field, code, _ in codes()}
    kinds = {
        "household": si.Household,
        "employment": si.Employment,
        "wage_origin": si.WageOrigin,
        "id_type": si.DocumentType,
        "sex": si.Sex,
    }
    assert documented == {(field, one.value) for field, kind in kinds.items() for one in kind}


def test_every_key_of_the_unit_is_documented() -> None:
    rows = {row[0].strip("`"): row[1] for row in section("The unit, in the same workbook")}
    layout = own_layout("unit")
    assert rows == {column.field: column.title.zh for column in layout.columns}


def test_every_size_of_a_unit_is_documented_as_it_is_read() -> None:
    (told,) = [row[2] for row in section("The unit, in the same workbook") if row[0] == "`size`"]
    pairs = re.findall(r"`([a-z]+)` ([^,:]+)", told)
    assert dict(pairs) == {size.value: size.title("zh") for size in si.UnitSize}
    column = own_layout("unit").column("size")
    assert [read_cell(column, zh, CONTEXT).value for _, zh in pairs] == [code for code, _ in pairs]


def test_the_unit_file_of_the_document_can_be_read(tmp_path: Path) -> None:
    (body,) = re.findall(r"^```ini\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    path = tmp_path / "unit.toml"
    path.write_text(body, encoding="utf-8")
    account = read_unit(path, middle().cascade).account
    assert account is not None
    assert [str(terms.span) for terms in account.injury] == ["2024-01..2025-12", "2026-01.."]


def test_the_limits_are_those_of_the_document() -> None:
    limits = Limits()
    for figure in (
        f"{limits.rows:,} rows",
        f"{limits.columns} columns",
        f"{limits.size // 10**6} MB",
        f"{limits.unpacked // 10**6} MB",
    ):
        assert figure in TEXT


def test_python_in_the_document_runs_and_prints_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = re.findall(
        r"^```python\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?", TEXT, re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 2
    monkeypatch.chdir(tmp_path)
    for body, output in blocks:
        exec(compile(body, "docs/roster.md", "exec"), {"__name__": "__main__"})
        assert capsys.readouterr().out == output
