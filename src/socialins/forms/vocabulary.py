"""The words for insurances (险种) that a region understands in a roster.

People write 五险, 养老、医疗, or the ids; each region has its own bundles and supplements. The
words come from the rules, so that a region's words need no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import attrs

from socialins.faults import Text
from socialins.forms.plaintext import fold, trim
from socialins.rules import Cascade

__all__ = ["Vocabulary"]

_SEPARATORS = re.compile(r"[，、,;；/／+＋|\r\n\t]")
_ALL = frozenset(map(fold, ("all", "全部", "全部险种")))
_NONE = frozenset(map(fold, ("none", "无")))


@attrs.frozen(eq=False)
class Vocabulary:
    """Words for insurances.

    Arguments:
        words: folded word → the ids it stands for.
        choices: the insurances there are, for a remedy.
    """

    words: Mapping[str, frozenset[str]]
    choices: Text = Text("", "")
    _read: dict[str, tuple[frozenset[str] | None, tuple[str, ...]]] = attrs.field(
        factory=dict, repr=False
    )

    @classmethod
    def of(cls, cascade: Cascade) -> Vocabulary:
        """The words of a region: ids, titles, further words, bundles, the nearest level's first.

        >>> from socialins.testing.middle import middle
        >>> vocabulary = Vocabulary.of(middle().cascade)
        >>> sorted(vocabulary.read("三险、医疗")[0])
        ['injury', 'medical', 'pension', 'unemployment']
        >>> vocabulary.read("养老、年金")[1]
        ('年金',)
        """
        words: dict[str, frozenset[str]] = {}
        insurances = cascade.insurances()
        for one in insurances:
            for word in (one.id, one.title.zh, one.title.en, *one.words):
                words.setdefault(fold(word), frozenset({one.id}))
        for bundle in cascade.bundles():
            for word in bundle.words:
                words.setdefault(fold(word), frozenset(bundle.insurances))
        bundled = [word for bundle in cascade.bundles() for word in bundle.words[:1]]
        choices = Text(
            "、".join([*(one.title.zh for one in insurances), *bundled]),
            ", ".join(one.id for one in insurances),
        )
        return cls(words, choices)

    @classmethod
    def of_ids(cls, ids: Iterable[str]) -> Vocabulary:
        """A vocabulary of bare ids."""
        return cls({fold(one): frozenset({one}) for one in ids})

    def read(self, text: str) -> tuple[frozenset[str] | None, tuple[str, ...]]:
        """Read a list of insurances.

        Words are parted by commas, ``、``, semicolons, ``/``, ``+`` or blanks; a title may itself
        contain blanks.

        Returns:
            The ids, None for all that apply; and the words that mean nothing here.
        """
        found = self._read.get(text)
        if found is None:
            found = self._parse(text)
            if len(self._read) < 1000:
                self._read[text] = found
        return found

    def _parse(self, text: str) -> tuple[frozenset[str] | None, tuple[str, ...]]:
        if not trim(text) or fold(text) in _ALL:
            return None, ()
        if fold(text) in _NONE:
            return frozenset(), ()
        ids: set[str] = set()
        unknown: list[str] = []
        for part in _SEPARATORS.split(text):
            words = part.split()
            while words:
                # The longest run of words that is known: "work injury" before "work".
                for count in range(len(words), 0, -1):
                    known = self.words.get(fold(" ".join(words[:count])))
                    if known is not None:
                        ids |= known
                        break
                else:
                    count = 1
                    unknown.append(words[0])
                words = words[count:]
        return frozenset(ids), tuple(unknown)
