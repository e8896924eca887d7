"""The catalogue of faults: code → prompt, explanation, remedies, in Chinese and English.

TOML files under `texts/` hold the sentences, one file a subject, so that a translator, a help page
or a test can read them without running anything. A code that is raised but not listed is an error
at once, not an empty message.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

import attrs

__all__ = ["Catalogue", "CatalogueEntry", "core_catalogue"]


@attrs.frozen
class CatalogueEntry:
    """The texts of one code.

    Arguments:
        code: the dotted code.
        severity: ``error`` or ``warning``.
        prompts: language → one sentence, with ``{names}`` for values.
        explanations: language → why; may be empty.
        remedy_lists: language → what to do, most likely first.
    """

    code: str
    severity: str
    prompts: Mapping[str, str]
    explanations: Mapping[str, str]
    remedy_lists: Mapping[str, tuple[str, ...]]

    def prompt(self, lang: str, values: Mapping[str, str]) -> str:
        """The sentence that says what is wrong."""
        return _fill(self.prompts[lang], values)

    def explanation(self, lang: str, values: Mapping[str, str]) -> str:
        """Why it is wrong, or an empty text."""
        return _fill(self.explanations.get(lang, ""), values)

    def remedies(self, lang: str, values: Mapping[str, str]) -> tuple[str, ...]:
        """What to do about it."""
        return tuple(_fill(text, values) for text in self.remedy_lists[lang])

    def names(self) -> frozenset[str]:
        """The values that the texts ask for."""
        texts = [*self.prompts.values(), *self.explanations.values()]
        for remedies in self.remedy_lists.values():
            texts += remedies
        return frozenset(
            name for text in texts for _, name, _, _ in Formatter().parse(text) if name
        )


@attrs.frozen
class Catalogue:
    """All faults that can be raised, by code."""

    entries: Mapping[str, CatalogueEntry]

    def entry(self, code: str) -> CatalogueEntry:
        """The texts of a code.

        Raises:
            KeyError: for a code that the catalogue doesn't list, which is a defect of the caller.
        """
        try:
            return self.entries[code]
        except KeyError:
            raise KeyError(f"fault code {code!r} is not in the catalogue; list it there") from None

    def __iter__(self) -> Iterator[CatalogueEntry]:
        return iter(self.entries.values())


@cache
def core_catalogue() -> Catalogue:
    """The catalogue shipped with the core, read once."""
    tables: dict[str, Any] = {}
    folder = files("socialins.faults").joinpath("texts")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        for code, body in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if code in tables:
                raise ValueError(
                    f"fault code {code!r} is listed twice; the second is in {file.name}"
                )
            tables[code] = body
    return read_catalogue(tables)


def read_catalogue(table: Mapping[str, Any]) -> Catalogue:
    """Read a catalogue from its TOML table, one table per code.

    Keys: ``zh``, ``en`` for the prompt, ``why_zh``, ``why_en``, ``do_zh``, ``do_en``, and
    ``severity``, which is ``error`` when left out.
    """
    return Catalogue({code: _entry(code, body) for code, body in table.items()})


def _entry(code: str, body: Mapping[str, Any]) -> CatalogueEntry:
    return CatalogueEntry(
        code=code,
        severity=body.get("severity", "error"),
        prompts={lang: body[lang] for lang in ("zh", "en")},
        explanations={lang: body.get(f"why_{lang}", "") for lang in ("zh", "en")},
        remedy_lists={lang: tuple(body[f"do_{lang}"]) for lang in ("zh", "en")},
    )


def _fill(text: str, values: Mapping[str, str]) -> str:
    # A value that was not given shows as "?": a half-filled sentence beats a second error.
    names = {name: "?" for _, name, _, _ in Formatter().parse(text) if name}
    return text.format_map({**names, **values})
