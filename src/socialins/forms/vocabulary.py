"""The words for insurances (险种) and trades (行业) that a region understands in a roster.

People write 五险, 养老、医疗, or the ids; each region has its own bundles and supplements. The
words come from the rules, so that a region's words need no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import attrs

from socialins.faults import Fault, Text
from socialins.forms.plaintext import excerpt, fold, trim
from socialins.rules import Cascade
from socialins.rules.rulefile import TradeTitle

__all__ = ["Vocabulary"]

_SEPARATORS = re.compile(r"[，、,;；/／+＋|\r\n\t]")
_ALL = frozenset(map(fold, ("all", "全部", "全部险种")))
_NONE = frozenset(map(fold, ("none", "无")))
_NO_TRADES = Text("本地区的规则没有区分行业", "no rule of the region tells trades apart")


@attrs.frozen(eq=False)
class Vocabulary:
    """Words for insurances, and for the trades that rules tell apart.

    Arguments:
        words: folded word → the ids it stands for.
        choices: the insurances there are, for a remedy.
        trades: folded word → the id of the trade.
        trade_choices: the trades there are, for a remedy.
    """

    words: Mapping[str, frozenset[str]]
    choices: Text = Text("", "")
    trades: Mapping[str, str] = attrs.field(factory=dict)
    trade_choices: Text = _NO_TRADES
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
        trades = cascade.trades()
        named = Text("、".join(one.title.zh for one in trades), ", ".join(one.id for one in trades))
        return cls(words, choices, _trade_words(trades), named if trades else _NO_TRADES)

    @classmethod
    def of_ids(cls, ids: Iterable[str], trades: Iterable[str] = ()) -> Vocabulary:
        """A vocabulary of bare ids, of insurances and of trades."""
        return cls(
            {fold(one): frozenset({one}) for one in ids},
            trades={fold(one): one for one in trades},
        )

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

    def read_trade(self, text: str) -> str | Fault:
        """The id of the trade that an id, a title or a word names; or the fault: it names none.

        >>> from socialins.testing.middle import middle
        >>> vocabulary = Vocabulary.of(middle().cascade)
        >>> vocabulary.read_trade("面包房"), vocabulary.read_trade("Baking")
        ('bakery', 'bakery')
        >>> vocabulary.read_trade("采矿").code
        'unit.trade'
        """
        found = self.trades.get(fold(text))
        if found is None:
            return Fault("unit.trade", {"value": excerpt(text), "choices": self.trade_choices})
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


def _trade_words(trades: Iterable[TradeTitle]) -> dict[str, str]:
    words: dict[str, str] = {}
    for one in trades:
        for word in (one.id, one.title.zh, one.title.en, *one.words):
            words.setdefault(fold(word), one.id)
    return words
