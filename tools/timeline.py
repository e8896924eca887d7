"""Show each region's bounds and rates through time: as a table, and as step charts for the docs.

`tools/timeline.py [REGION ...]` prints the tables of the regions (all that are installed, if none
is named) and writes docs/timelines/REGION-bounds.svg and REGION-rates.svg. The charts are made from
what the rules answer month by month, not from the files, so they show what a bill would rest on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape
from itertools import groupby
from pathlib import Path

import attrs

import socialins as si
from socialins.faults import Text
from socialins.rules import Bounds, Cascade, Located, Mark, RateFigure, RuleClass

CHARTS = Path(__file__).parents[1] / "docs/timelines"
KINDS = ("bounds", "rates")


# What holds, month by month ----------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Stretch:
    """Months in which one figure holds, or none is known.

    Arguments:
        first, last: the months.
        values: floor and cap in yuan, or the rate in percent; None where there is none.
        shown: the values in words; empty where nothing is known.
        mark: the weaker mark of value and months; None where nothing is known or collected.
        documents: numbers or titles of the documents.
    """

    first: si.Month
    last: si.Month
    values: tuple[Fraction | None, ...]
    shown: str
    mark: Mark | None
    documents: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Track:
    """One insurance (and payer) of a region through time."""

    title: Text
    stretches: tuple[Stretch, ...]


def tracks(region: si.Region, kind: str) -> list[Track]:
    """The tracks of a region: bounds by insurance, or rates by insurance and payer.

    They are those of ordinary employees: local, urban, full-time, of an enterprise.

    Arguments:
        region: the region.
        kind: ``"bounds"`` or ``"rates"``.
    """
    cascade = region.cascade
    found: dict[tuple[str, ...], Track] = {}
    for insurance, item, payer in cascade.items(RuleClass()):
        asker = Asker(cascade, kind, insurance, item, payer)
        stretches = tuple(asker.stretches(*window(cascade)))
        if any(stretch.values for stretch in stretches):
            found.setdefault(asker.about, Track(title=asker.title, stretches=stretches))
    return list(found.values())


@attrs.frozen
class Asker:
    """Asks a region's rules about one insurance, item and payer, month by month."""

    cascade: Cascade
    kind: str
    insurance: str
    item: str
    payer: si.Payer

    @property
    def about(self) -> tuple[str, ...]:
        """What the track is of: bounds are told by insurance, rates by payer too."""
        if self.kind == "bounds":
            return (self.insurance,)
        return self.insurance, self.item, self.payer.value

    @property
    def title(self) -> Text:
        """How the track is called."""
        if self.kind == "bounds":
            return self.cascade.title(self.insurance)
        item, payer = self.cascade.item_title(self.insurance, self.item), self.payer.text
        return Text(f"{item.zh} · {payer.zh}", f"{item.en} · {payer.en}")

    def find(self, kind: str, month: si.Month) -> Located | None:
        """What holds in a month."""
        return self.cascade.find(
            kind,
            month,
            RuleClass(),
            insurance=self.insurance,
            item=self.item,
            payer=self.payer,
        )

    def answer(self, month: si.Month) -> Stretch:
        """What is known of a month, as a stretch of that month."""
        rate = self.find("rate", month)
        located = self.find("bounds", month) if self.kind == "bounds" else rate
        if rate is not None and rate.figure is not None and rate.figure.none:
            shown = f"{rate.figure.describe('zh')} {rate.figure.describe('en')}"
            return Stretch(first=month, last=month, values=(), shown=shown, mark=None)
        if located is None or located.figure is None:
            return Stretch(first=month, last=month, values=(), shown="", mark=None)
        figure = located.figure
        return Stretch(
            first=month,
            last=month,
            values=values_of(figure),
            shown=shown_of(figure),
            mark=figure.weakest_mark,
            documents=tuple(one.number or one.title for one in located.citation().sources),
        )

    def stretches(self, first: si.Month, last: si.Month) -> Iterator[Stretch]:
        """The answers, months with the same one joined."""
        answers = (self.answer(month) for month in first.to(last))
        for _, group in groupby(answers, key=lambda one: attrs.astuple(one, recurse=False)[2:]):
            months = list(group)
            yield attrs.evolve(months[0], last=months[-1].last)


def window(cascade: Cascade) -> tuple[si.Month, si.Month]:
    """The months to show: from the first floor and cap that is known to the last."""
    spans = [
        value.span
        for book in cascade.books
        for one in book.of_kind("bounds")
        for value in one.values
    ]
    ends = [span.last for span in spans if span.last is not None]
    return min(span.first for span in spans), max(ends)


def values_of(figure: Bounds | RateFigure) -> tuple[Fraction | None, ...]:
    """What is drawn of a figure: floor and cap in yuan, or a rate in percent."""
    if isinstance(figure, Bounds):
        return tuple(
            None if fen is None else Fraction(fen, 100)
            for fen in (figure.floor_fen, figure.cap_fen)
        )
    return (figure.rate.fraction * 100 if figure.rate is not None else None,)


def shown_of(figure: Bounds | RateFigure) -> str:
    """A figure in both languages where words are needed."""
    if isinstance(figure, Bounds):
        return f"{figure.floor}–{figure.cap}"
    if figure.rate is not None:
        return str(figure.rate)
    return f"{figure.describe('zh')} {figure.describe('en')}"


# The table ---------------------------------------------------------------------------------------


def table(region: si.Region, kind: str) -> Iterator[str]:
    """The tracks as lines of text."""
    for track in tracks(region, kind):
        yield f"{track.title.zh}  {track.title.en}"
        for stretch in track.stretches:
            months = f"{stretch.first}..{stretch.last}"
            mark = stretch.mark.value if stretch.mark else ""
            told = f"{stretch.shown or '未知 unknown':24} {mark}"
            yield f"  {months}  {told}  {'; '.join(stretch.documents)}".rstrip()


# The chart ---------------------------------------------------------------------------------------

WIDTH, LEFT, RIGHT = 860, 16, 84
TOP, HEAD, PLOT, BELOW = 56, 22, 84, 14
STYLE = """
text { font: 12px system-ui, "Noto Sans CJK SC", "PingFang SC", sans-serif; fill: #1f2328; }
.big { font-size: 15px; font-weight: 600; } .small { font-size: 10px; fill: #59636e; }
.grid { stroke: #d1d9e0; } .mark { stroke: #818b98; } .gap { fill: #818b98; fill-opacity: .16; }
.one { stroke: #0969da; } .two { stroke: #bc4c00; } .line { fill: none; stroke-width: 2; }
.B { stroke-dasharray: 7 3; } .C { stroke-dasharray: 2 3; } .back { fill: #ffffff; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .small { fill: #9198a1; } .grid { stroke: #3d444d; }
  .one { stroke: #4493f8; } .two { stroke: #f0883e; } .back { fill: #0d1117; }
}
"""
TITLES = {
    "bounds": Text("缴费基数上下限（元/月）", "floors and caps (yuan a month)"),
    "rates": Text("费率（%）", "rates (%)"),
}
LINES = {"bounds": (("one", "下限 floor"), ("two", "上限 cap")), "rates": (("one", "费率 rate"),)}
MARKS = (("A", "A 官方原文 official"), ("B", "B 二手来源 secondary"), ("C", "C 未证实 unconfirmed"))


def chart(region: si.Region, kind: str) -> str:
    """The tracks as an SVG: one panel each, a step line per value, a grey field per gap."""
    found = tracks(region, kind)
    first, last = window(region.cascade)
    panel = HEAD + PLOT + BELOW
    height = TOP + panel * len(found) + 22
    title = f"{region.name.zh} {region.name.en} · {TITLES[kind].zh} {TITLES[kind].en}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{height}"/>',
        f'<text class="big" x="{LEFT}" y="22">{escape(title)}</text>',
        *legend(kind),
    ]
    scale = Scale(first, last)
    parts += years(scale, TOP, height - 22)
    for place, track in enumerate(found):
        top = TOP + panel * place
        parts.append(f'<text x="{LEFT}" y="{top + 15}">{escape(both(track.title))}</text>')
        parts += plot(track, kind, scale, top + HEAD)
    return "\n".join([*parts, "</svg>", ""])


@attrs.frozen
class Scale:
    """Where a month lies from left to right."""

    first: si.Month
    last: si.Month

    def x(self, month: si.Month) -> str:
        """The left edge of a month."""
        share = Fraction(month - self.first, self.last - self.first + 1)
        return number(LEFT + share * (WIDTH - LEFT - RIGHT))


def number(value: Fraction | int) -> str:
    """A coordinate to a tenth, the same on every machine."""
    tenths = (Fraction(value) * 10 + Fraction(1, 2)) // 1
    return f"{tenths // 10}.{tenths % 10}"


def both(text: Text) -> str:
    """Both languages in a line."""
    return f"{text.zh} {text.en}"


def legend(kind: str) -> Iterator[str]:
    """What colours and dashes mean."""
    x = LEFT
    entries = [(f"line {colour}", name) for colour, name in LINES[kind]]
    entries += [(f"line {mark} mark", name) for mark, name in MARKS]
    for style, name in entries:
        yield f'<path class="{style}" d="M{x} 40h24"/>'
        yield f'<text class="small" x="{x + 29}" y="44">{escape(name)}</text>'
        x += 46 + 7 * len(name) + 4 * sum(letter > "\u2fff" for letter in name)
    yield f'<rect class="gap" x="{x}" y="34" width="24" height="12"/>'
    yield f'<text class="small" x="{x + 29}" y="44">未知 unknown</text>'


def years(scale: Scale, top: int, bottom: int) -> Iterator[str]:
    """A line and a number at each January; the number at every other one where it is tight."""
    step = 1 if scale.last.year - scale.first.year < 14 else 2
    for year in range(scale.first.year + (scale.first.month > 1), scale.last.year + 1):
        x = scale.x(si.Month(year, 1))
        yield f'<path class="grid" stroke-width=".6" d="M{x} {top + 18}V{bottom}"/>'
        if year % step == 0:
            yield f'<text class="small" x="{x}" y="{bottom + 14}">{year}</text>'


def plot(track: Track, kind: str, scale: Scale, top: int) -> Iterator[str]:
    """The lines and gaps of a track."""
    bottom = top + PLOT
    yield f'<path class="grid" d="M{LEFT} {bottom}H{WIDTH - RIGHT}"/>'
    for stretch in track.stretches:
        left, right = scale.x(stretch.first), scale.x(stretch.last + 1)
        if not stretch.shown:
            width = number(Fraction(right) - Fraction(left))
            yield f'<rect class="gap" x="{left}" y="{top}" width="{width}" height="{PLOT}"/>'
        elif not any(stretch.values):
            words = escape(stretch.shown)
            yield f'<text class="small" x="{left}" y="{bottom - 6}">{words}</text>'
        elif kind == "rates":
            y = Fraction(height_of(stretch, 0, track, bottom) or 0) + 12
            yield f'<text class="small" x="{left}" y="{number(y)}">{stretch.shown}</text>'
    for index, (colour, _) in enumerate(LINES[kind]):
        yield from steps(track, index, colour, scale, bottom)


def steps(track: Track, index: int, colour: str, scale: Scale, bottom: int) -> Iterator[str]:
    """The step line of one value, a path for each stretch; at its right end the last amount."""
    before = None
    for stretch in track.stretches:
        y = height_of(stretch, index, track, bottom)
        left, right = scale.x(stretch.first), scale.x(stretch.last + 1)
        if y is not None and stretch.mark is not None:
            rise = f"M{left} {before}V{y}" if before else f"M{left} {y}"
            about = f"{stretch.first}..{stretch.last} {stretch.shown} ({stretch.mark.value})"
            yield (
                f'<path class="line {colour} {stretch.mark.value}" d="{rise}H{right}">'
                f"<title>{escape(' '.join([about, *stretch.documents]))}</title></path>"
            )
        before = y
    if before and len(stretch.values) > 1:
        amount = f"{si.Money.yuan(stretch.values[index] or 0):,}"
        yield f'<text class="small" x="{WIDTH - RIGHT + 5}" y="{before}">{amount}</text>'


def height_of(stretch: Stretch, index: int, track: Track, bottom: int) -> str | None:
    """Where a value lies from top to bottom; None where there is none."""
    if index >= len(stretch.values) or stretch.values[index] is None:
        return None
    every = (value for one in track.stretches for value in one.values if value is not None)
    most = max([*every, Fraction(1, 100)])
    return number(bottom - (PLOT - 4) * (stretch.values[index] or 0) / most)


# The command -------------------------------------------------------------------------------------


def files(region: si.Region) -> dict[str, str]:
    """The charts of a region by file name."""
    return {f"{region.slug}-{kind}.svg": chart(region, kind) for kind in KINDS}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables and write the charts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("regions", nargs="*", metavar="REGION", help="slug, name or code")
    names = parser.parse_args(arguments).regions
    for region in [si.region(name) for name in names] or si.regions():
        print(f"{region.name.zh} {region.name.en} {region.code}")
        for kind in KINDS:
            print(f"\n{TITLES[kind].zh} {TITLES[kind].en}")
            print("\n".join(table(region, kind)))
        print()
        CHARTS.mkdir(exist_ok=True)
        for name, text in files(region).items():
            (CHARTS / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{CHARTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
