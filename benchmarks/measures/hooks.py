"""What a hook costs: once for a batch, against what it would cost once for a person."""

from __future__ import annotations

import pluggy

from benchmarks.measures import Figure, best, tell

ROWS = 16_384
spec = pluggy.HookspecMarker("bench")
impl = pluggy.HookimplMarker("bench")


class _Specs:
    @spec
    def bench_batch(self, rows: int) -> None:
        """Called with a batch."""


class _Plugin:
    @impl
    def bench_batch(self, rows: int) -> int:
        """Do nothing with it."""
        return rows


def main() -> None:
    """Measure with no plugin, one and three."""
    figures: list[Figure] = []
    for count in (0, 1, 3):
        manager = pluggy.PluginManager("bench")
        manager.add_hookspecs(_Specs)
        for _ in range(count):
            manager.register(_Plugin())
        call = manager.hook.bench_batch
        taken = best(lambda call=call: call(rows=ROWS))  # type: ignore[misc]
        figures.append(Figure(f"a hook with {count} plugins, a call", round(taken * 1e6, 2), "µs"))
        if count == 1:
            figures.append(Figure("the same, a person of a batch", taken / ROWS * 1e9, "ns"))
            figures.append(Figure("if it were called for each person", taken * 1e9, "ns"))
    rounded = [one._replace(value=round(one.value or 0, 3)) for one in figures]
    tell(f"Hooks (a batch is {ROWS:,} rows)", rounded)


if __name__ == "__main__":
    main()
