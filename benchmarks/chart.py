"""The picture: each engine's time at a million persons, and whether it is right to the fen."""

from __future__ import annotations

import math
from typing import Any
from xml.sax.saxutils import escape

from benchmarks.catalogue import CONTESTANTS, Contestant
from benchmarks.goals import seconds

SIZE = 1_000_000
LEFT, WIDTH, ROW, TOP = 230, 760, 24, 64
DECADES = range(6)
"""From one nanosecond a person to a hundred thousand."""

SPACE = "http://www.w3.org/2000/svg"
SCALE = "Nanoseconds a person at a million persons (or at the most an engine was given)"
LEGEND = (
    "Green: ours, nobody wrong. Red: wrong by a fen for some. "
    "Grey: a peer, nobody wrong. Pale: a bare copy."
)

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.grid { stroke: #d0d7de }
.ours { fill: #1a7f37 } .peer { fill: #8c959f } .wrong { fill: #cf222e } .floor { fill: #d0d7de }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .grid { stroke: #3d444d } .floor { fill: #3d444d }
}
"""


def picture(results: dict[str, Any]) -> str:
    """An SVG of bars, on a scale of powers of ten."""
    bars = [(one, taken) for one in CONTESTANTS if (taken := _time(results, one)) is not None]
    height = TOP + ROW * len(bars) + 40
    parts = [
        f'<svg xmlns="{SPACE}" viewBox="0 0 {LEFT + WIDTH} {height}" role="img">',
        "<title>Nanoseconds a person at a million persons</title>",
        f"<style>{STYLE}</style>",
        f'<text x="8" y="20">{SCALE}</text>',
        f'<text x="8" y="40">{LEGEND}</text>',
    ]
    for decade in DECADES:
        x = _x(10.0**decade)
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{height - 30}"/>')
        parts.append(f'<text x="{x}" y="{height - 12}" text-anchor="middle">{10**decade:,}</text>')
    for place, (one, taken) in enumerate(bars):
        y = TOP + ROW * place
        end = _x(taken)
        parts += [
            f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(one.title)}</text>',
            f'<rect class="{_kind(results, one)}" x="{LEFT}" y="{y}" {_size(end - LEFT)}/>',
            f'<text x="{end + 6}" y="{y + 14}">{taken:,.{0 if taken >= 100 else 1}f}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _time(results: dict[str, Any], one: Contestant) -> float | None:
    size = min(SIZE, one.largest)
    taken = seconds(results, one.name, size)
    return None if taken is None else taken / size * 1e9


def _kind(results: dict[str, Any], one: Contestant) -> str:
    if one.right is None:
        return "floor"
    if results["race"][one.name].get("wrong", {}).get("wrong_persons"):
        return "wrong"
    return "ours" if one.right else "peer"


def _size(width: float) -> str:
    return f'width="{round(width, 1)}" height="{ROW - 6}"'


def _x(nanoseconds: float) -> float:
    share = math.log10(max(nanoseconds, 1.0)) / max(DECADES)
    return round(LEFT + share * (WIDTH - 90), 1)
