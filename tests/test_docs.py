"""What the documents show is what happens: their code runs, their output is real."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from socialins.rules import build_rule_books, parse_rules

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "CONTRIBUTING.md"],
    key=lambda path: path.as_posix(),
)
FENCE = re.compile(
    r"^```(?P<language>[\w-]*(?: (?:form|faults))?)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


@attrs.frozen
class Block:
    """A fenced block of a document, with the output that stands right below it."""

    document: str
    line: int
    language: str
    body: str
    output: str | None

    @property
    def id(self) -> str:
        return f"{self.document}:{self.line}"


def blocks(language: str) -> Iterator[Block]:
    for path in DOCUMENTS:
        text = path.read_text("utf-8")
        found = list(FENCE.finditer(text))
        for index, match in enumerate(found):
            if match["language"] != language:
                continue
            following = found[index + 1] if index + 1 < len(found) else None
            output = None
            if (
                following is not None
                and following["language"] == "text"
                and not text[match.end() : following.start()].strip()
            ):
                output = following["body"]
            line = text.count("\n", 0, match.start()) + 1
            name = path.relative_to(ROOT).as_posix()
            yield Block(name, line, language, match["body"], output)


def test_the_readmes_are_there() -> None:
    names = {path.name for path in DOCUMENTS}
    assert {"README.md", "README.zh-CN.md", "CONTRIBUTING.md"} <= names


@pytest.mark.parametrize("document", sorted({block.document for block in blocks("python")}))
def test_python_in_the_documents_runs_and_prints_what_they_show(
    document: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Examples read the repo's files by relative path and write nowhere but to out/.
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    # As somebody would type it in: a later block knows the names of an earlier one.
    session: dict[str, object] = {"__name__": "__main__"}
    for block in blocks("python"):
        if block.document != document:
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block.body, block.id, "exec"), session)
        if block.output is not None:
            assert printed.getvalue() == block.output, block.id


@pytest.mark.parametrize("block", list(blocks("console")), ids=lambda block: block.id)
def test_commands_in_the_documents_print_what_they_show(
    block: Block, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from click.testing import CliRunner

    from socialins.cli.app import app

    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("SOCIALINS_LANG", raising=False)
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        program, *arguments = shlex.split(command)
        assert program == "socialins", command
        result = CliRunner().invoke(app, arguments)
        assert [line.rstrip() for line in result.output.strip().splitlines()] == [
            line.rstrip() for line in shown.strip().splitlines()
        ]


@pytest.mark.parametrize("block", list(blocks("toml")), ids=lambda block: block.id)
def test_rule_files_in_the_documents_load(block: Block) -> None:
    table = tomllib.loads(block.body)
    if "division" not in table:
        pytest.fail("a rule file in a document names its division, so that it can be tried")
    overlay = "region" not in table
    from socialins.faults import Text
    from socialins.rules import RegionNames

    names = RegionNames(slug="x", name=Text("x", "x")) if overlay else None
    build_rule_books({block.id: parse_rules(table, block.id)}, overlay_of=names)


@pytest.mark.parametrize("block", list(blocks("toml form")), ids=lambda block: block.id)
def test_form_files_in_the_documents_load(block: Block) -> None:
    from socialins.forms.papers.catalogue import parse_form

    parse_form(tomllib.loads(block.body), block.id)


@pytest.mark.parametrize("block", list(blocks("toml faults")), ids=lambda block: block.id)
def test_texts_of_faults_in_the_documents_are_complete(block: Block, tmp_path: Path) -> None:
    from socialins.pluginkit.faulttexts import check_texts

    (tmp_path / "faults").mkdir()
    (tmp_path / "faults" / "own.toml").write_text(block.body, "utf-8")
    faults = list(check_texts("harbour", tmp_path, {}))
    assert [fault.code for fault in faults] == ["plugin.fault-unused"], "nothing here raises it"
