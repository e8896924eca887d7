"""Make the example rosters: people who don't exist, in files like those a unit keeps.

    python examples/make_rosters.py [FOLDER]

For each region 80 people (`roster.xlsx`), among them the ones that go wrong in practice: paid less
than the floor, more than the cap, exactly either, or one fen beside it; with household, document or
employment out of the ordinary. And 22 rows of which ten are broken, each in a way of its own
(`broken.xlsx`).

Everybody is made up. Names come from Faker with a fixed seed. Numbers begin with a real district
and end with the check digit that fits, since the library looks at both; date and sequence between
them are drawn. Floors and caps come from the installed rules, so when a month's figures are
corrected, run this again. The same rules give the same files, byte for byte.
"""

from __future__ import annotations

import random
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from faker import Faker
from openpyxl import load_workbook
from stdnum.cn import ric

import socialins as si
from socialins.forms.rosterfile import write_roster

if TYPE_CHECKING:
    from socialins.rules.monthrules import MonthRules

PEOPLE = 80
GOOD_ROWS_OF_BROKEN = 12
SEED = 20261101
FEN = si.Money(1)

UNIT = si.Unit("示例科技有限公司", si.CreditCode("91990100MA0000001G"))
INJURY_RATE = si.Rate("0.2%")

# Where people who moved to the region were first registered.
ELSEWHERE = ("130102", "370102", "410102", "420106", "510104", "610102")


@attrs.frozen
class Example:
    """A region's example.

    Arguments:
        region: the region's slug, and the folder's name.
        month: the month the roster is for.
        districts: division codes of districts of the region.
    """

    region: str
    month: si.Month = attrs.field(converter=si.Month.of)
    districts: tuple[str, ...]


EXAMPLES = (
    Example("beijing", "2026-11", ("110101", "110102", "110105", "110106", "110108", "110114")),
    Example("harbin", "2026-11", ("230102", "230103", "230104", "230108", "230109", "230110")),
    Example("fujian", "2025-11", ("350102", "350103", "350104", "350105", "350111", "350121")),
)


def main(folder: Path) -> None:
    """Write the files of all regions into a folder."""
    for example in EXAMPLES:
        make(example, folder / example.region)


def make(example: Example, folder: Path) -> None:
    """Write the files of one region into a folder."""
    people = People(example.districts, seed=f"{SEED} {example.region}")
    bounds = known_bounds(si.region(example.region).rules(example.month))
    entries = list(awkward(people, bounds))
    entries += [ordinary(people, bounds) for _ in range(PEOPLE - len(entries))]
    save(example, entries, folder / "roster.xlsx")
    if example.region == CSV_OF:
        write_roster(roster(example, entries), folder / "roster.csv", "zh")

    rows = [ordinary(people, bounds) for _ in range(GOOD_ROWS_OF_BROKEN + len(BREAKS))]
    save(example, rows, folder / "broken.xlsx")
    break_rows(folder / "broken.xlsx")
    tidy(folder / "broken.xlsx")


# Who stands in a roster ---------------------------------------------------------------------------


def known_bounds(rules: MonthRules) -> list[tuple[si.Money, si.Money]]:
    """The floors and caps of a month, each pair once; what is not known is not made up."""
    found = {}
    for insurance in FIVE_INSURANCES:
        bounds = rules.bounds(insurance)
        if bounds and isinstance(bounds.floor, si.Money) and isinstance(bounds.cap, si.Money):
            found[bounds.floor, bounds.cap] = None
    return sorted(found)


def awkward(people: People, bounds: list[tuple[si.Money, si.Money]]) -> Iterator[si.RosterEntry]:
    """The people whom a payroll gets wrong."""
    for floor, cap in bounds:
        third = floor.split(3)[0]
        for wage in (floor - third, floor - FEN, floor, floor + FEN):
            yield entry(people.local(), wage)
        for wage in (cap - FEN, cap, cap + FEN, cap + floor):
            yield entry(people.local(), wage)
    floor, cap = bounds[0]
    middle = si.Money.sum((floor, cap)).split(2)[0]
    plain = si.Money(middle.fen // 100_000 * 100_000)
    yield entry(people.local(), plain + si.Money(5))
    yield entry(people.local(check="X"), plain)
    yield entry(people.local(name="阿里木·艾山"), plain)
    yield entry(people.local(), plain, household=si.Household.RURAL_LOCAL)
    yield entry(people.outside(), plain, household=si.Household.RURAL_OUTSIDE)
    yield entry(people.outside(), plain, household=si.Household.URBAN_OUTSIDE)
    yield entry(people.with_prefix("830000"), plain, household=si.Household.HK_MACAO_TAIWAN)
    yield entry(people.foreigner("ANNA EXAMPLE"), plain, household=si.Household.FOREIGN)
    yield entry(people.local(), floor, employment=si.Employment.PART_TIME)
    yield entry(people.local(), plain, insurances=frozenset({"pension", "unemployment", "injury"}))
    yield entry(people.local(), plain, insurances=frozenset({"injury"}))


def ordinary(people: People, bounds: list[tuple[si.Money, si.Money]]) -> si.RosterEntry:
    """Somebody with nothing remarkable but a wage: many low ones, a few high ones."""
    floor, cap = bounds[0]
    low, high = floor.fen // 5000, cap.fen // 5000
    wage = si.Money(min(people.draw(low, high), people.draw(low, high)) * 5000)
    household = HOUSEHOLDS[people.draw(0, len(HOUSEHOLDS))]
    local = household in {si.Household.URBAN_LOCAL, si.Household.RURAL_LOCAL}
    return entry(people.local() if local else people.outside(), wage, household=household)


def entry(person: si.InsuredPerson, wage: si.Money, **terms: Any) -> si.RosterEntry:
    """A row of a roster."""
    return si.RosterEntry(person, si.DeclaredWage(wage), **terms)


class People:
    """Draws people who don't exist, no two with one number.

    Arguments:
        districts: division codes for those who are local.
        seed: what the draw begins from.
    """

    def __init__(self, districts: tuple[str, ...], seed: str) -> None:
        self.districts = districts
        self._random = random.Random(seed)
        self._faker = Faker("zh_CN")
        self._faker.seed_instance(seed)
        self._numbers: set[str] = set()

    def draw(self, low: int, high: int) -> int:
        """A whole number, from low up to below high."""
        return self._random.randrange(low, high)

    def local(self, *, name: str = "", check: str = "") -> si.InsuredPerson:
        """Somebody first registered in the region."""
        return self.with_prefix(self._one_of(self.districts), name=name, check=check)

    def outside(self) -> si.InsuredPerson:
        """Somebody first registered elsewhere."""
        return self.with_prefix(self._one_of(ELSEWHERE))

    def foreigner(self, name: str) -> si.InsuredPerson:
        """Somebody with a foreign permanent resident card: 9, the province, a country."""
        return self.with_prefix(f"9{self.districts[0][:2]}840", name=name)

    def with_prefix(self, prefix: str, *, name: str = "", check: str = "") -> si.InsuredPerson:
        """Somebody whose number begins, and if asked ends, in this way."""
        first, last = date(1980, 1, 1).toordinal(), date(2004, 12, 31).toordinal()
        while True:
            born = date.fromordinal(self.draw(first, last + 1))
            body = f"{prefix}{born:%Y%m%d}{self.draw(1, 1000):03}"
            number = body + ric.calc_check_digit(body + "0")
            if number not in self._numbers and number.endswith(check):
                break
        self._numbers.add(number)
        document = si.IdDocument(guess_type(number), number)
        if not name:
            male = document.sex is si.Sex.MALE
            name = self._faker.name_male() if male else self._faker.name_female()
        return si.InsuredPerson(name, document)

    def _one_of(self, codes: tuple[str, ...]) -> str:
        return codes[self.draw(0, len(codes))]
