"""UnreadRules: rule files of which only the heads are read, and the rest when it is needed.

A process asks for one region of all that are installed. What a division is called stands at the
head of a file; to know the names of all, no more than the heads is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.resources.abc import Traversable

import attrs

from socialins.faults import Fault
from socialins.rules.errors import RuleFileError
from socialins.rules.loader import parse_rules, parse_table, read_each, read_text, rule_files
from socialins.rules.rulebook import RuleBook, build_rule_books
from socialins.rules.rulefile import RegionNames, RuleFile

__all__ = ["UnreadRules"]

_AFTER_HEAD = re.compile(rb"^[ \t]*\[(?!region\])", re.MULTILINE)
"""Where the first table begins that is not ``[region]``."""


@attrs.frozen(eq=False)
class UnreadRules:
    """Rule files that are kept as they were found, until they are read.

    They are kept, so that what is read later is what was there when the names were.

    Arguments:
        texts: file name → what stands in it.
        names: how each of their divisions is called; None if their heads don't tell.
        faults: of files that can't be opened.
    """

    texts: Mapping[str, bytes] = attrs.field(repr=False)
    names: Mapping[str, RegionNames] | None
    faults: tuple[Fault, ...] = ()

    @classmethod
    def find(cls, folders: Iterable[Traversable]) -> UnreadRules:
        """The rule files below folders; those of the second and later have its number before."""
        texts, faults = read_each(
            (
                (f"{number}/{name}" if number else name, file)
                for number, folder in enumerate(folders)
                for name, file in rule_files(folder)
            ),
            read_text,
        )
        return cls(texts, None if faults else _names(texts), tuple(faults))

    def read(self) -> dict[str, RuleBook]:
        """Read them: the rule books by division code.

        Raises:
            RuleFileError: with every problem of every file.
        """
        files, faults = read_each(
            self.texts.items(), lambda raw, name: parse_rules(parse_table(raw, name), name)
        )
        if self.faults or faults:
            raise RuleFileError([*self.faults, *faults])
        return build_rule_books(files)


def _names(texts: Mapping[str, bytes]) -> dict[str, RegionNames] | None:
    """How divisions are called, by the heads of files; None if that takes more than the heads."""
    heads, faults = read_each(texts.items(), _head)
    names = {head.division: head.region for head in heads.values() if head.region is not None}
    if faults or any(head.division not in names for head in heads.values()):
        return None
    return names


def _head(raw: bytes, name: str) -> RuleFile:
    """A file's division, and the names if ``[region]`` is its first table.

    The first lines of a file say by themselves what they say within it, as long as they are TOML.
    They are none where what they end before only looks like a table, within a text or a list.
    """
    after = _AFTER_HEAD.search(raw)
    table = parse_table(raw[: after.start()] if after else raw, name)
    return parse_rules({key: table[key] for key in ("division", "region") if key in table}, name)
