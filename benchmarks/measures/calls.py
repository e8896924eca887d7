"""One person, and a roster of persons as objects: with and without explanation."""

from __future__ import annotations

import gc

import attrs
from stdnum.cn import ric

import socialins as si
from benchmarks.job import MONTH, region, schedule
from benchmarks.measures import Figure, best, tell
from socialins.identity import parse_document
from socialins.settlement.contribution import Contribution
from socialins.settlement.fast import fast_function
from socialins.settlement.reference import derive
from socialins.values import Money

PERSONS = 2_000


def main() -> None:
    """Measure all."""
    lines = schedule().lines
    compute = fast_function(lines)
    place = region()
    roster = si.Roster(MONTH, tuple(_entries(PERSONS)))
    one = si.Roster(MONTH, roster.entries[:1])
    wages = [entry.wage.amount.fen for entry in roster.entries]
    money = Money(812_345)
    bill = place.settle(one)
    settled = best(lambda: place.settle(roster).total) / PERSONS
    looked_at = best(lambda: place.settle(roster).contributions) / PERSONS
    gc.disable()
    uncollected = best(lambda: place.settle(roster).contributions) / PERSONS
    gc.enable()
    batch = best(lambda: [compute(wage, 0, 1) for wage in wages]) / PERSONS
    # Whatever is asked for is asked for all ten amounts of a person.
    figures = [
        Figure("generated function, a person of a batch", _us(batch), "µs", goal=1.5),
        Figure("generated function, one call", _us(best(lambda: compute(812_345, 0, 1))), "µs"),
        Figure(
            "reference, ten amounts",
            _us(best(lambda: [derive(line, money) for line in lines])),
            "µs",
        ),
        Figure(
            "`region.settle` and its total, a person of a roster, each amount explainable",
            _us(settled),
            "µs",
            goal=10,
        ),
        Figure("the same, all contributions looked at", _us(looked_at), "µs"),
        Figure("the same without garbage collection", _us(uncollected), "µs"),
        Figure(
            "a person's contributions and their sums made, nothing computed", _us(_made(bill)), "µs"
        ),
        Figure("`region.settle`, a roster of one", _us(best(lambda: place.settle(one))), "µs"),
        Figure(
            "explaining ten amounts in words",
            _us(best(lambda: [part.explain() for part in bill.contributions])),
            "µs",
        ),
        Figure("`region.settle_table`, a table of one", _us(_table()), "µs"),
    ]
    tell("One person (ten amounts)", figures)


def _made(bill: si.Settlement) -> float:
    """A contribution with its two sums for each of a person's amounts, and nothing computed."""
    parts = [attrs.asdict(one, recurse=False) for one in bill.contributions]
    sums = [(one.base.fen, one.amount.fen) for one in bill.contributions]

    def make() -> list[Contribution]:
        return [
            Contribution(**{**part, "base": Money(base), "amount": Money(amount)})
            for part, (base, amount) in zip(parts, sums, strict=True)
        ]

    # All are kept until the last is made, as a settlement keeps them.
    return best(lambda: [make() for _ in range(PERSONS)]) / PERSONS


def _table() -> float:
    import pyarrow as pa

    table = pa.table({"wage_fen": [812_345]})
    place = region()
    return best(lambda: place.settle_table(table, MONTH))


def _entries(count: int) -> list[si.RosterEntry]:
    entries: list[si.RosterEntry] = []
    for number in range(count):
        body = f"1101051980{number // 997 % 12 + 1:02}{number % 28 + 1:02}{number % 997 + 1:03}"
        document = parse_document(body + ric.calc_check_digit(body + "0"))
        person = si.InsuredPerson(f"示例{number}", document)
        entries.append(si.RosterEntry(person, si.DeclaredWage(Money(300_000 + 997 * number))))
    return entries


def _us(seconds: float) -> float:
    return round(seconds * 1e6, 2)


if __name__ == "__main__":
    main()
