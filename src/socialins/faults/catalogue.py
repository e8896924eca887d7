"""The catalogue of faults: code → prompt, explanation, remedies, in Chinese and English.

TOML files under `texts/` hold the sentences, one file a subject, so that a translator, a help page
or a test can read them without running anything. A code that is raised but not listed is an error
at once, not an empty message.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

import attrs

__all__ = ["Catalogue", "CatalogueEntry", "Texts", "core_catalogue"]

_HEADING = re.compile(r'^\["([a-z0-9.-]+)"\]', re.MULTILINE)


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
    """The catalogue shipped with the core; a file of it is read when a code in it is asked for."""
    folder = files("socialins.faults").joinpath("texts")
    found = sorted(folder.iterdir(), key=lambda file: file.name)
    return Catalogue(Texts({file.name: file.read_text(encoding="utf-8") for file in found}))


class Texts(Mapping[str, CatalogueEntry]):
    """The entries of TOML files, one table a code, read file by file as they are asked for.

    Keys: ``zh``, ``en`` for the prompt, ``why_zh``, ``why_en``, ``do_zh``, ``do_en``, and
    ``severity``, which is ``error`` when left out.

    Arguments:
        texts: name of a file → what stands in it.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._file_of: dict[str, str] = {}
        for name, text in texts.items():
            for code in _HEADING.findall(text):
                if code in self._file_of:
                    raise ValueError(
                        f"fault code {code!r} is listed twice; the second is in {name}"
                    )
                self._file_of[code] = name
        self._read: dict[str, dict[str, CatalogueEntry]] = {}

    def __getitem__(self, code: str) -> CatalogueEntry:
        return self._entries(self._file_of[code])[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._file_of)

    def __len__(self) -> int:
        return len(self._file_of)

    def __contains__(self, code: object) -> bool:
        return code in self._file_of

    def _entries(self, name: str) -> dict[str, CatalogueEntry]:
        if name not in self._read:
            tables = tomllib.loads(self._texts[name])
            self._read[name] = {code: _entry(code, body) for code, body in tables.items()}
        return self._read[name]


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
