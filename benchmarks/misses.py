"""Misses: why a goal is missed and what was tried, printed beside it for as long as it is missed.

The figures of a run are in the page; these texts say what they can't. A text is kept when its goal
is met for once, since another machine or a busier one may miss it again.
"""

from __future__ import annotations

from typing import NamedTuple

NOT_LOOKED_INTO = "Nobody has looked into it yet."


class Miss(NamedTuple):
    """What is known of a goal that is missed.

    Arguments:
        measure: the measure, or "race".
        begins: how the figure's name begins.
        why: why it is missed, and what was tried.
    """

    measure: str
    begins: str
    why: str


MISSES = (
    # The race ---------------------------------------------------------------------------------
    Miss(
        "race",
        "array kernel, memory kept",
        "What is left then is the arithmetic and the pace of the memory: 8 bytes are read and 68 "
        "written for each person, the five bases among them. Blocks of 4 k to 64 k rows were "
        "tried: 4 k costs 1.7 times as much, 8 k a quarter more, 32 k and 64 k are alike. Kept, "
        "for what they brought: unsigned 32 bits wherever the largest wage is proven to fit, "
        "columns at a distance that is no power of two, and results computed where they are "
        "wanted instead of copied there (a twentieth). A second thread brought a tenth, when it "
        "was tried.",
    ),
    Miss(
        "race",
        "array kernel,",
        "Look at where its time goes: with memory kept it is at or near the goal, and what comes "
        "on top is the system, which clears every page before it is first written. The bare copy, "
        "which computes nothing, pays for that as well. Tried: huge pages, for which NumPy asks "
        "the system by itself, and without which (`NUMPY_MADVISE_HUGEPAGE=0`) the kernel took two "
        "and a half times as long; all columns in one piece of memory, as a column below 4 MB "
        "gets no huge pages; 32 bits out, for half the pages. A program that settles batch after "
        "batch hands in the same arrays again (`out=`) and has the figure of memory kept.",
    ),
    Miss(
        "race",
        "OpenFisca-Core",
        "The engine is a chain of NumPy calls, as every engine of whole columns is; what is slow "
        "is that its builder goes over the persons one by one, and the row without the builder "
        "shows the engine alone. A part of our own time is the system's, for fresh memory, and no "
        "computing makes that less. The goal was set by an older measurement in which OpenFisca "
        "took 390 ns a person; it is kept as it was set.",
    ),
    Miss(
        "race",
        "numba",
        "A peer only: no native path is shipped (docs/decisions/0001-native-accelerator.md). In "
        "the cache, and without sums by unit, it came to 260 million a second; beyond the cache "
        "it waits for memory as the array kernel does, and a second thread waits for the same "
        "memory. Tried: a loop for each column in short blocks, one loop over all columns, one "
        "loop compiled once for all schedules. C whose stores go past the cache was measured at "
        "3.3 ns a person before the project began, and was not tried again; it would take a wheel "
        "for each platform, for less than a tenth of what a file takes from end to end.",
    ),
    # One person -------------------------------------------------------------------------------
    Miss(
        "calls",
        "generated function, a person of a batch",
        "Ten amounts and five bases are some ninety steps on whole numbers, at about 20 ns each "
        "in CPython. Bases that lines share are computed once, constants stand in the code, and "
        "nothing is called. What is left is the interpreter; for many persons the array kernel "
        "takes over by itself.",
    ),
    Miss(
        "calls",
        "`region.settle`",
        "Settling keeps ten bases and ten amounts a person as whole numbers, and makes "
        "contributions of them when one is first looked at; the words of an explanation are made "
        "when they are asked for. What is left is looking up the rules of a person's class and "
        "the generated function. Looking at contributions makes some thirty objects a person, "
        "which a row of the table measures. Large rosters go through `settle_table`.",
    ),
    # Rules ------------------------------------------------------------------------------------
    Miss(
        "rules",
        "`",
        "What was found once is found again in a dictionary: books by the name that was asked "
        "for, months by their text, figures by the whole question, classes and lines by a hash "
        "that they keep. That is 0.7 µs each where the machine is not busy; there is nothing else "
        "left.",
    ),
    Miss(
        "rules",
        "a compiled schedule's function",
        "It is found again by its lines, whose hash is kept: 0.7 µs where the machine is not busy.",
    ),
    Miss(
        "rules",
        "",
        "Half of it is reading and checking the rules of the region itself, the rest what the "
        "country's rules and the heads of the other plugins take. Tried and kept: a plugin is "
        "read only when a division of it is asked for.",
    ),
    # Files ------------------------------------------------------------------------------------
    Miss(
        "parquet",
        "DuckDB",
        "DuckDB's own writer takes longer than PyArrow's: look at the row in which it copies the "
        "settled file and computes nothing, and at the ratio to that. Tried, at a million rows: "
        "row groups of 30 k to 500 k, LZ4, no compression, the second version of the format (no "
        "gain beyond the noise), zstd (slower), no dictionaries (a sixth less processor time), "
        "one thread (no slower than two on two busy cores). To give up the order of the rows "
        "brings most, a third of the processor time; `settle_parquet` does so unless it is asked "
        "to keep it.",
    ),
    Miss(
        "parquet",
        "`settle_table`",
        "Most of the time is the writer's, which the bare copy has as well. Tried and kept: "
        "reading in a thread of its own, row groups of a quarter of a million rows. Several "
        "processes are of no help with one file: its rows come back through the process that "
        "writes it.",
    ),
    Miss(
        "workbook",
        "`socialins settle`",
        "In a profile of 4.4 s on a busy machine 1.8 s were the writer, in Rust; 1.2 s reading, "
        "the reader in Rust and a look through the file's XML for what would be read otherwise "
        "than it was written; 0.9 s imports and rules; the rest the rows themselves, their faults "
        "and their cells. Settling is not to be seen in it. Tried and kept: the fast reader and "
        "writer in place of openpyxl, columns in place of objects, rows given to the writer one "
        "by one.",
    ),
    Miss(
        "workbook",
        "script",
        "It follows from the time of `socialins settle`, the same process for which more is "
        "asked: it checks every number, writes several sheets, and says what is wrong with each "
        "row.",
    ),
    Miss(
        "workbook",
        "its peak memory",
        "PyArrow, NumPy, reader and writer are loaded before the first row. Tried and kept: rows "
        "go to the writer one by one, and it writes them to disk.",
    ),
    Miss(
        "forms",
        "`Form.read",
        "Look at the row of the cells alone: unpacking the archive twice, once to see that it "
        "does no harm, and making a row of its cells leaves little for checks and rows. The rest "
        "is the rows themselves, a dictionary with a document and amounts for each person, which "
        "the garbage collector goes over as well (an eighth to a fifth of the time, when it was "
        "measured). "
        "Tried and kept: patterns in place of a parser (openpyxl took forty times as long as bare "
        "reading, checks included), each different value read once, check digits from tables of "
        "the parts of a number. Not done: the collector switched off, which is for the "
        "application to say; columns in place of rows, as `socialins settle` reads a roster.",
    ),
    Miss(
        "forms",
        "`region.read_roster`",
        "A row of four columns becomes five objects that check themselves: a person, a document, "
        "an amount, a wage and an entry. The file behind it is small, so bare reading is too. "
        "Tried and kept: the patterns, words read once and numbers told from tables. "
        "`socialins settle` reads a large roster by columns and makes none of these objects.",
    ),
    Miss(
        "imports",
        "",
        "Nearly everything is imported when it is first used; `python -X importtime` shows the "
        "rest.",
    ),
    Miss(
        "identity",
        "in bulk",
        "Numbers of eighteen characters are checked as machine words, block by block in the "
        "cache; what is left moves with the processor. An earlier run had 17.9 million a second.",
    ),
)


def why(measure: str, figure: str) -> str:
    """Why a goal is missed, as far as somebody looked into it.

    Arguments:
        measure: the measure, or "race".
        figure: the figure's name.
    """
    found = (one.why for one in MISSES if one.measure == measure and figure.startswith(one.begins))
    return next(found, NOT_LOOKED_INTO)
