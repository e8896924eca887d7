"""Layout: how numbers, sizes and tables are written in the page."""

from __future__ import annotations

from collections.abc import Sequence


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a column that is empty throughout is left out."""
    kept = [place for place, head in enumerate(heads) if head or any(row[place] for row in rows)]
    lines = [[heads[place] for place in kept], ["---"] * len(kept)]
    lines += [[row[place].replace("|", "\\|") for place in kept] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def size_of(size: int) -> str:
    """A number of persons, in short."""
    for unit, sign in ((1_000_000, "M"), (1_000, "k")):
        if size >= unit:
            return f"{size / unit:.3g} {sign}"
    return str(size)


def number(value: float) -> str:
    """A figure, with three digits that say something."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
