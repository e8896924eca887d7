"""Checking the texts of a plugin's own faults: complete in both languages, and each of use.

The plugin's Python is read, not run, for the codes that it raises.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

from socialins.faults import Fault, Place, Severity, is_listed, use_texts
from socialins.rules import RuleFile
from socialins.rules.loader import rule_files

__all__ = ["check_texts", "use_folder"]

_FOLDER = "faults"
_LANGS = ("zh", "en")
_KEYS = {f"{kind}{lang}" for kind in ("", "why_", "do_") for lang in _LANGS} | {"severity"}
_CODE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def use_folder(name: str, package: Path | None) -> Iterator[Fault]:
    """Use the texts of a plugin that is not installed, as they will be once it is.

    Arguments:
        name: the plugin's name.
        package: the folder of its package, if it is known.

    Returns:
        What keeps them from being used.
    """
    try:
        use_texts(name, dict(_files(package)))
    except ValueError as error:
        yield _wrong(f"{name}: {_FOLDER}", "", str(error))


def check_texts(name: str, package: Path | None, rules: Mapping[str, RuleFile]) -> Iterator[Fault]:
    """Check the texts of a plugin's faults.

    Arguments:
        name: the plugin's name.
        package: the folder of its package, if it is known.
        rules: its rule files, whose prompts name faults.
    """
    owner = name.replace("_", "-")
    listed: dict[str, str] = {}
    for path, text in _files(package):
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            yield _wrong(path, "", str(error))
            continue
        for code, body in table.items():
            listed[code] = path
            yield from (_wrong(path, code, problem) for problem in _problems(code, body))
    said, raised = _in_python(package)
    prompts = {
        prompt.fault for file in rules.values() if file.access for prompt in file.access.prompts
    }
    for code, path in listed.items():
        if code not in said | prompts:
            values = {"code": code, "problem": "nothing raises it, and no prompt names it"}
            yield Fault("plugin.fault-unused", values, Place(file=path, field=code))
    for code, place in raised.items():
        if code not in listed and (code.startswith(f"{owner}.") or not is_listed(code)):
            yield Fault("plugin.fault-text", {"code": code, "problem": "it has no texts"}, place)


def _files(package: Path | None) -> Iterator[tuple[str, str]]:
    folder = package / _FOLDER if package is not None else None
    if folder is not None and folder.is_dir():
        for name, file in rule_files(folder):
            yield str(folder / name), file.read_text("utf-8")


def _wrong(path: str, code: str, problem: str) -> Fault:
    values = {"code": code or "–", "problem": problem}
    return Fault("plugin.fault-text", values, Place(file=path, field=code or None))


def _problems(code: str, body: Any) -> Iterator[str]:
    """What is wrong with the texts of a code."""
    if not _CODE.fullmatch(code):
        yield "a code is words of small letters, digits and - with dots between them"
    if not isinstance(body, dict):
        yield "it is no table"
        return
    yield from (f"unknown key {key!r}" for key in sorted(body.keys() - _KEYS))
    if body.get("severity", "error") not in set(Severity):
        yield f"severity is {' or '.join(Severity)}"
    for lang in _LANGS:
        if not _is_text(body.get(lang)):
            yield f"{lang} says what is wrong, in one sentence"
        if not _remedies(body, lang):
            yield f"do_{lang} lists what to do about it"
    yield from _unlike(body)


def _unlike(body: Mapping[str, Any]) -> Iterator[str]:
    """Where the two languages say different things."""
    counts = {len(_remedies(body, lang)) for lang in _LANGS} - {0}
    if len(counts) > 1:
        yield "do_zh and do_en list the same remedies"
    if _is_text(body.get("why_zh")) is not _is_text(body.get("why_en")):
        yield "why_zh and why_en stand together"
    try:
        if _names(body, "zh") != _names(body, "en"):
            yield "both languages name the same values"
    except ValueError as error:
        yield f"{error}; a brace that is meant is written twice"


def _remedies(body: Mapping[str, Any], lang: str) -> list[str]:
    """The remedies in a language; none where one is no text."""
    given = body.get(f"do_{lang}")
    return given if isinstance(given, list) and all(map(_is_text, given)) else []


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _names(body: Mapping[str, Any], lang: str) -> set[str]:
    """The values that the texts of a language name."""
    texts = [body.get(lang), body.get(f"why_{lang}"), *_remedies(body, lang)]
    parsed = (Formatter().parse(text) for text in texts if isinstance(text, str))
    return {name for parts in parsed for _, name, _, _ in parts if name}


def _in_python(package: Path | None) -> tuple[set[str], dict[str, Place]]:
    """Every text of a package's modules, and where it makes which faults."""
    said: set[str] = set()
    raised: dict[str, Place] = {}
    for file in sorted(package.rglob("*.py")) if package is not None else ():
        try:
            tree = ast.parse(file.read_text("utf-8"))
        except (SyntaxError, ValueError):
            continue  # importing it is where this shows
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
            if isinstance(node, ast.Call) and (code := _code_of(node)):
                raised.setdefault(code, Place(file=str(file), row=node.lineno))
    return said, raised


def _code_of(call: ast.Call) -> str:
    """The code of a call ``Fault("…")``; empty for any other."""
    called = call.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    return first if name == "Fault" and isinstance(first, str) else ""
