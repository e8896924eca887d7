"""Subjects: of which insurance, item and payer a row is, told from words or said by the caller.

An export of one insurance often says so in its title alone, or nowhere. A text counts only if all
of it is understood: 公务员医疗补助 is not medical insurance, though a word of it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from socialins.forms.plaintext import fold
from socialins.forms.vocabulary import Vocabulary
from socialins.model.codes import Payer
from socialins.reconcile.exportfile import DetailLayout
from socialins.rules import Cascade
from socialins.settlement import Contribution

__all__ = ["UNSAID", "Export", "Meaning", "Subject", "Words"]

_WRITTEN = re.compile(r"(?P<insurance>[\w-]+)(?:/(?P<item>[\w-]+))?(?::(?P<payer>[\w-]+))?")


def _payer(given: str) -> Payer:
    found = Payer.read(given)
    if found is None:
        raise ValueError(f"{given!r} is no payer; pass 'unit' or 'person'")
    return found


@attrs.frozen
class Subject:
    """What a row is of, as far as it is known.

    Arguments:
        insurance: the insurance's id.
        item: the item's id; None for the insurance as a whole.
        payer: who pays.
    """

    insurance: str | None = None
    item: str | None = None
    payer: Payer | None = attrs.field(default=None, converter=attrs.converters.optional(_payer))

    @classmethod
    def parse(cls, text: str) -> Subject:
        """Read a subject that somebody wrote: ``medical``, ``medical:unit``,
        ``medical/large-aid:person``.

        Raises:
            ValueError: for any other text.

        >>> Subject.parse("medical/large-aid:unit").item
        'large-aid'
        """
        found = _WRITTEN.fullmatch(text.strip())
        if found is None:
            raise ValueError(
                f"{text!r} names no insurance; write 'pension', 'pension:unit' or "
                "'medical/large-aid:person'"
            )
        return cls(**found.groupdict())


UNSAID = Subject()
"""Nothing is known."""


@attrs.frozen
class Export:
    """A file of an export, with what it is of where the file itself doesn't say so.

    Arguments:
        path: the file.
        insurance: the insurance's id.
        item: the item's id.
        payer: ``"unit"`` or ``"person"``.

    >>> Export("pension-unit.xlsx", insurance="pension", payer="unit").subject.payer
    <Payer.UNIT: 'unit'>
    """

    path: Path = attrs.field(converter=Path)
    insurance: str | None = None
    item: str | None = None
    payer: Payer | str | None = None

    @property
    def subject(self) -> Subject:
        """What the file is of, as far as it was said."""
        return Subject(self.insurance, self.item, self.payer)


@attrs.frozen
class Meaning:
    """What a text says.

    Arguments:
        insurances, payers: what is named; more than one leaves the text ambiguous.
        item: the item that is named.
    """

    insurances: frozenset[str] = frozenset()
    payers: frozenset[Payer] = frozenset()
    item: str | None = None

    def __bool__(self) -> bool:
        return bool(self.insurances or self.payers or self.item)


@attrs.frozen(eq=False)
class Words:
    """The words for insurances, items and payers in an export.

    Arguments:
        known: folded word → what it says.
        pattern: finds them, and the fillers between them.
    """

    known: Mapping[str, Meaning]
    pattern: re.Pattern[str] = attrs.field(repr=False)
    _read: dict[str, Meaning | None] = attrs.field(factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        cascade: Cascade,
        layout: DetailLayout,
        contributions: Iterable[Contribution],
        further: Mapping[str, Subject],
    ) -> Words:
        """The words of a region.

        Arguments:
            cascade: the region's rules, with its words for insurances.
            layout: the export's layout, with its words.
            contributions: those of the bill, with the titles of its items.
            further: words that the caller explains.
        """
        known: dict[str, Meaning] = {
            fold(text): Meaning(
                frozenset({one.insurance} if one.insurance else ()),
                frozenset({one.payer} if one.payer else ()),
                one.item,
            )
            for text, one in further.items()
        }
        for payer, words in layout.payers.items():
            for word in words:
                known.setdefault(fold(word), Meaning(payers=frozenset({payer})))
        for insurance, words in layout.insurances.items():
            for word in words:
                known.setdefault(fold(word), Meaning(frozenset({insurance})))
        for word, ids in Vocabulary.of(cascade).words.items():
            known.setdefault(word, Meaning(ids))
        for line in {id(one.line): one.line for one in contributions}.values():
            meaning = Meaning(frozenset({line.insurance}), item=line.item)
            for word in (line.item_title.zh, line.item_title.en):
                known.setdefault(fold(word), meaning)
        fillers = {fold(word) for word in layout.fillers}
        every = sorted({*known, *fillers} - {""}, key=len, reverse=True)
        return cls(known, re.compile("|".join(map(re.escape, every)) or r"(?!)"))

    def read(self, text: str) -> Meaning | None:
        """What a text says; None unless all of it is understood.

        >>> from socialins.reconcile.exportfile import detail_layout
        >>> from socialins.testing.middle import middle
        >>> layout = detail_layout(middle().registry, middle().cascade)
        >>> words = Words.of(middle().cascade, layout, (), {})
        >>> words.read("养老保险费（单位缴纳）明细")
        Meaning(insurances=frozenset({'pension'}), payers=frozenset({<Payer.UNIT: 'unit'>}), \
item=None)
        >>> words.read("公务员医疗补助") is None
        True
        """
        if text not in self._read:
            if len(self._read) > 1000:
                self._read.clear()
            self._read[text] = self._parse(fold(text))
        return self._read[text]

    def _parse(self, text: str) -> Meaning | None:
        if text in self.known:
            return self.known[text]
        insurances: set[str] = set()
        payers: set[Payer] = set()
        items: set[str] = set()
        rest = text[:_LONGEST]
        for match in self.pattern.finditer(rest):
            found = self.known.get(match[0])
            if found is not None:
                insurances |= found.insurances
                payers |= found.payers
                items |= {found.item} if found.item else set()
        left = _PUNCTUATION.sub("", self.pattern.sub("", rest))
        if left or len(text) > _LONGEST or len(items) > 1:
            return None
        return Meaning(frozenset(insurances), frozenset(payers), next(iter(items), None))


_LONGEST = 100
_PUNCTUATION = re.compile(r"[\s()\[\]【】《》:,，、.。/|·]+")
