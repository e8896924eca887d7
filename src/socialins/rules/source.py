"""Sources and marks: what a figure rests on, and how well it is confirmed."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import attrs

from socialins.faults import Text
from socialins.rules.keys import key

__all__ = ["Mark", "Source", "Text"]


class Mark(StrEnum):
    """How well a figure is confirmed.

    `A`: the official wording itself was seen. `B`: a secondary source was seen. `C`: nothing was
    seen that confirms it; somebody should check before relying on it.
    """

    A = "A"
    B = "B"
    C = "C"

    def title(self, lang: str = "zh") -> str:
        """The mark in words."""
        return _MARKS[self][lang == "en"]


_MARKS = {
    Mark.A: ("官方原文", "official text"),
    Mark.B: ("二手来源", "secondary source"),
    Mark.C: ("未证实", "unconfirmed"),
}


@attrs.frozen(kw_only=True)
class Source:
    """A document that figures rest on.

    Arguments:
        title: its title or what it is, in Chinese where the document is.
        number: the document number (文号), if seen.
        issuer: who issued it.
        issued: the day it was issued, if seen.
        seen: where it was seen: an address, an archive, a person.
        note: what to know when using it, such as that it was only cited.
    """

    title: str = key(doc="Title of the document, or what it is")
    number: str = key(default="", doc="Document number (文号), if seen")
    issuer: str = key(default="", doc="Who issued it")
    issued: date | None = key(default=None, doc="Day it was issued, if seen")
    seen: str = key(doc="Where it was seen")
    note: Text | None = key(default=None, doc="What to know when using it")

    def describe(self, lang: str = "zh") -> str:
        """The document in one line: title, number, issuer, day.

        >>> Source(title="关于基数的通知", number="中人社发〔2026〕1号", seen="-").describe()
        '《关于基数的通知》（中人社发〔2026〕1号）'
        """
        parts = [self.number, self.issuer, self.issued.isoformat() if self.issued else ""]
        details = [part for part in parts if part]
        if lang == "en":
            return self.title + (f" ({', '.join(details)})" if details else "")
        return f"《{self.title}》" + (f"（{'，'.join(details)}）" if details else "")
