"""Names (姓名, 单位名称) compared as a bureau compares them: character for character.

A bureau refuses a filing whose name differs from its own in one bracket, and its page shows two
names that look alike. So nothing here is ever "equal after all": names are identical or they are
not, and when only their writing differs, the comparison says in what.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

import attrs

from socialins.faults import Fault
from socialins.identity.plain import shown

__all__ = ["NameComparison", "compare_names"]

# Longer texts are no names; they are compared, but not explained.
_EXPLAINED = 200

_OPEN, _CLOSE = "([{（［｛〔【〈《「『﹙﹝", ")]}）］｝〕】〉》」』﹚﹞"
# The middle dot (间隔号) of minority and foreign names, and what keyboards and fonts make of it.
_DOTS = "·•‧∙⋅・･．.﹒●ᐧ˙﹒｡。"
_BRACKETS = {ord(char): "(" for char in _OPEN} | {ord(char): ")" for char in _CLOSE}
_DOT = dict.fromkeys(map(ord, _DOTS), "·")
# Full-width forms, but for those above, which have a reason of their own.
_WIDTH = {
    code: chr(code - 0xFEE0)
    for code in range(0xFF01, 0xFF5F)
    if code not in _BRACKETS and code not in _DOT
}


@attrs.frozen
class NameComparison:
    """How two names compare.

    Arguments:
        identical: whether they are the same, character for character.
        differences: in what they differ; one fault per reason, none when identical.
    """

    identical: bool
    differences: tuple[Fault, ...] = ()

    @property
    def writing_only(self) -> bool:
        """Whether they differ, but in their writing alone."""
        return not self.identical and all(
            fault.code != "name.differs" for fault in self.differences
        )

    def explain(self, lang: str = "zh") -> str:
        """In what the names differ and what to do, a line per reason; empty when identical."""
        return "\n".join(
            f"{fault.message(lang)} — {fault.remedy(lang)}" for fault in self.differences
        )


def compare_names(a: str, b: str) -> NameComparison:
    """Compare two names exactly, and explain a difference that is hard to see.

    Arguments:
        a: the name at hand, as it is.
        b: the name to compare it with: the bureau's, or the certificate's.

    Returns:
        Whether they are identical, and if not, whether it is brackets, blanks, invisible
        characters, the middle dot of a name, full and half width, capitals, look-alike characters,
        or more than the writing.

    >>> compare_names("中州机械(集团)公司", "中州机械(集团)公司").identical
    True
    >>> found = compare_names("中州机械(集团)公司", "中州机械（集团）公司")
    >>> found.identical, [fault.code for fault in found.differences]
    (False, ['name.brackets'])
    >>> print(found.differences[0].message("en"))
    the names differ only in how brackets are written: '(' U+0028, ')' U+0029 against \
'（' U+FF08, '）' U+FF09
    """
    if a == b:
        return NameComparison(identical=True)
    values = {"a": shown(a), "b": shown(b)}
    if max(len(a), len(b)) > _EXPLAINED or _folded(a) != _folded(b):
        return NameComparison(False, (Fault("name.differs", values),))
    reasons = [code for code in _FOLDS if _folded(a, without=code) != _folded(b, without=code)]
    # Two folds may undo one difference (the Kelvin sign is a K, and both fold to k); then neither
    # is missed alone.
    faults = (_reason(code, a, b, values) for code in reasons or ["name.look-alike"])
    return NameComparison(False, tuple(faults))


def _brackets(name: str) -> str:
    return name.translate(_BRACKETS)


def _dots(name: str) -> str:
    return name.translate(_DOT)


def _without_blanks(name: str) -> str:
    return "".join(char for char in name if not char.isspace())


def _without_invisible(name: str) -> str:
    return "".join(char for char in name if not _invisible(char))


def _invisible(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cc") and not char.isspace()


def _half_width(name: str) -> str:
    return name.translate(_WIDTH)


def _one_encoding(name: str) -> str:
    # NFC takes compatibility ideographs to the plain ones; radicals, which copies from PDF files
    # are full of, need NFKC, and nothing else does.
    composed = unicodedata.normalize("NFC", name)
    return "".join(
        unicodedata.normalize("NFKC", char) if "\u2e80" <= char <= "\u2fdf" else char
        for char in composed
    )


_FOLDS: dict[str, Callable[[str], str]] = {
    "name.invisible": _without_invisible,
    "name.spaces": _without_blanks,
    "name.look-alike": _one_encoding,
    "name.brackets": _brackets,
    "name.dot": _dots,
    "name.width": _half_width,
    "name.case": str.casefold,
}

# What a reason shows of each name: the characters that it is about, or else those that the other
# name has not.
_ABOUT: dict[str, Callable[[str], bool]] = {
    "name.invisible": _invisible,
    "name.spaces": str.isspace,
    "name.brackets": lambda char: ord(char) in _BRACKETS,
    "name.dot": lambda char: ord(char) in _DOT,
    "name.width": lambda char: ord(char) in _WIDTH,
}


def _folded(name: str, without: str | None = None) -> str:
    for code, fold in _FOLDS.items():
        if code != without:
            name = fold(name)
    return name


def _reason(code: str, a: str, b: str, values: dict[str, str]) -> Fault:
    about = _ABOUT.get(code)
    if about is None:
        only_a, only_b = set(a) - set(b), set(b) - set(a)
        in_a, in_b = filter(only_a.__contains__, a), filter(only_b.__contains__, b)
    else:
        in_a, in_b = filter(about, a), filter(about, b)
    return Fault(code, {**values, "in_a": _characters(in_a), "in_b": _characters(in_b)})


def _characters(chars: Iterable[str]) -> str:
    # Code points too: the characters in question look alike, or like nothing.
    each = []
    for char, count in Counter(chars).items():
        seen = f"'{char}' " if char.isprintable() and not char.isspace() else ""
        times = f" ×{count}" if count > 1 else ""
        each.append(f"{seen}U+{ord(char):04X}{times}")
    return ", ".join(each) or "–"
