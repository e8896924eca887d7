"""The gaps of a region's rules, as people read them and as plain data: `rules --gaps`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
from rich.console import Console

from socialins.cli.screen import a_list, heading, say, shown
from socialins.facade import Region
from socialins.faults import Text
from socialins.rules.gaps import Gap, GapKind
from socialins.settlement.cited import citation_to_plain, kind_title
from socialins.values import Month

__all__ = ["RegionGaps"]

_HEAD = Text("{where}，{month}：规则的缺口", "{where}, {month}: gaps of the rules")
_STALE = Text(
    "无终止月份、{months} 个月以上未再确认的列为“{kind}”；--stale-after 可改。",
    "Open-ended figures not confirmed for more than {months} months count as {kind}; "
    "--stale-after changes that.",
)
_NONE = Text("没有。", "None.")


@attrs.frozen
class RegionGaps:
    """What is missing, provisional, stale or unconfirmed in a region.

    Arguments:
        region: the region.
        month: the month asked for.
        stale_after: months after which an open-ended figure is stale.
        gaps: the gaps.
    """

    region: Region
    month: Month
    stale_after: int
    gaps: Sequence[Gap]

    def tell(self, console: Console, lang: str) -> None:
        """Print the gaps, those of a kind together."""
        where = f"{self.region.name.get(lang)} {self.region.code}"
        month = str(self.month) if lang == "en" else f"{self.month:zh}"
        say(console, shown(_HEAD.get(lang).format(where=where, month=month)), "bold")
        stale = GapKind.STALE.title(lang)
        say(console, _STALE.get(lang).format(months=self.stale_after, kind=stale), "dim")
        for kind in GapKind:
            found = [gap for gap in self.gaps if gap.kind is kind]
            if found:
                heading(console, f"{kind.title(lang)} ({len(found)})")
                a_list(console, (_line(gap, lang) for gap in found))
        if not self.gaps:
            say(console, _NONE.get(lang))

    def to_plain(self, lang: str) -> dict[str, Any]:
        """The gaps as dicts, lists and text."""
        return {
            "region": self.region.slug,
            "division": self.region.code,
            "month": str(self.month),
            "stale_after": self.stale_after,
            "gaps": [_plain(gap, lang) for gap in self.gaps],
        }


def _line(gap: Gap, lang: str) -> str:
    english = lang == "en"
    about = [kind_title(gap.figure).get(lang), gap.title.get(lang)]
    if gap.payer is not None:
        about.append(gap.payer.title(lang))
    if gap.who is not None:
        about.append(gap.who.get(lang))
    if gap.span is not None:
        about.append(str(gap.span))
    value = f"{gap.citation.value.get(lang)}" if gap.citation else ""
    told = f"{value}{'. ' if english else '。'}{gap.reason.get(lang)}" if value else ""
    where = f"{gap.level.get(lang)} {gap.division}"
    if gap.file:
        where += f", {gap.file} {gap.path}" if english else f"，{gap.file} {gap.path}"
    colon, opening, closing = (": ", " (", ")") if english else ("：", "（", "）")
    return f"{' · '.join(about)}{colon}{told or gap.reason.get(lang)}{opening}{where}{closing}"


def _plain(gap: Gap, lang: str) -> dict[str, Any]:
    span = gap.span
    return {
        "gap": gap.kind.value,
        "kind": gap.figure,
        "insurance": gap.insurance,
        "item": gap.item,
        "payer": gap.payer.value if gap.payer else None,
        "title": gap.title.get(lang),
        "who": gap.who.get(lang) if gap.who else None,
        "from": str(span.first) if span else None,
        "to": str(span.last) if span and span.last else None,
        "reason": gap.reason.get(lang),
        "division": gap.division,
        "level": gap.level.get(lang),
        "file": gap.file or None,
        "path": gap.path or None,
        "figure": citation_to_plain(gap.citation, lang) if gap.citation else None,
    }
