"""The engines that are run, and what each must hold to."""

from __future__ import annotations

from typing import NamedTuple

SIZES = (1, 100, 10_000, 1_000_000, 10_000_000)
SHORT_SIZES = (1, 100, 10_000, 1_000_000)

OURS = ""
"""The environment of the project itself; the others are those of benchmarks/environments."""


class Contestant(NamedTuple):
    """An engine in one of its ways.

    Arguments:
        name: how it is called in the results.
        title: how it is called in tables.
        module, variant: the module of benchmarks/engines, and which of its ways.
        environment: where it runs.
        right: whether a wrong fen is a failure of ours; None where nothing is computed.
        largest: the most rows that it is given; it would take too long with more.
        short: whether it is in the short form.
    """

    name: str
    title: str
    module: str
    variant: str
    environment: str = OURS
    right: bool | None = False
    largest: int = 10_000_000
    short: bool = False


CONTESTANTS = (
    Contestant("floor", "bare copy into 12 columns", "copy_floor", "fresh", right=None, short=True),
    Contestant("floor-warm", "bare copy, memory kept", "copy_floor", "warm", right=None),
    Contestant(
        "reference", "reference", "scalar", "reference", right=True, largest=10_000, short=True
    ),
    Contestant(
        "generated",
        "generated function",
        "scalar",
        "generated",
        right=True,
        largest=1_000_000,
        short=True,
    ),
    Contestant("kernel", "array kernel, int32 out", "kernel", "int32", right=True, short=True),
    Contestant("kernel-warm", "array kernel, memory kept", "kernel", "warm", right=True),
    Contestant("kernel-int64", "array kernel, int64 out", "kernel", "int64", right=True),
    Contestant("table", "settle_table, Arrow", "table", "class", right=True, short=True),
    Contestant("table-classes", "settle_table, classes", "table", "classes", right=True),
    Contestant("native", "numba, one thread", "native", "one", "native"),
    Contestant("native-warm", "numba, one thread, memory kept", "native", "one-warm", "native"),
    Contestant("native-all", "numba, all threads", "native", "all", "native"),
    Contestant(
        "native-all-warm", "numba, all threads, memory kept", "native", "all-warm", "native"
    ),
    Contestant("duckdb", "DuckDB, our SQL", "duck", "ours", right=True, short=True),
    Contestant("duckdb-bigint", "DuckDB by hand, fen", "duck", "bigint"),
    Contestant("duckdb-double", "DuckDB by hand, `round`", "duck", "double"),
    Contestant("numpy-fen", "NumPy by hand, fen", "numpy_hand", "fen", short=True),
    Contestant("numpy-float", "NumPy by hand, `round`", "numpy_hand", "float", short=True),
    Contestant(
        "pandas", "pandas `apply`, float", "pandas_apply", "float", "pandas", largest=10_000
    ),
    Contestant(
        "pandas-fen", "pandas `apply`, fen", "pandas_apply", "fen", "pandas", largest=10_000
    ),
    Contestant("openfisca", "OpenFisca-Core, default", "fisca", "float", "openfisca"),
    Contestant("openfisca-fen", "OpenFisca-Core, int fen", "fisca", "fen", "openfisca"),
    Contestant(
        "openfisca-bare", "OpenFisca-Core, int fen, no builder", "fisca", "fen-bare", "openfisca"
    ),
    Contestant("policyengine", "PolicyEngine-Core, default", "fisca", "float", "policyengine"),
    Contestant("policyengine-fen", "PolicyEngine-Core, int fen", "fisca", "fen", "policyengine"),
    Contestant(
        "policyengine-bare",
        "PolicyEngine-Core, int fen, no builder",
        "fisca",
        "fen-bare",
        "policyengine",
    ),
    Contestant("ttsim", "ttsim, default", "ttsim_model", "float", "ttsim"),
    Contestant("ttsim-fen", "ttsim, int fen", "ttsim_model", "fen", "ttsim"),
)
