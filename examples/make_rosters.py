"""Make the example rosters: people who don't exist, in files like those a unit keeps.

    OPENPYXL_LXML=False python examples/make_rosters.py [FOLDER]

For each region 80 people (`roster.xlsx`), among them the ones that go wrong in practice: paid less
than the floor, more than the cap, exactly either, or one fen beside it; with household, document or
employment out of the ordinary. And 20 rows of which ten are broken, each in a way of its own
(`broken.xlsx`).

Everybody is made up. Names come from Faker with a fixed seed. Numbers begin with a real district
and end with the check digit that fits, since the library looks at both; date and sequence between
them are drawn, and if one is somebody's number, that is chance. Floors and caps come from the
installed rules, so when a month's figures are corrected, run this again. The same rules give the
same files, byte for byte.
"""

from __future__ import annotations

import random
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
from faker import Faker
from openpyxl import load_workbook
from stdnum.cn import ric

import socialins as si
from socialins.forms.layout import own_layout
from socialins.forms.rosterfile import write_roster
from socialins.forms.unitdata import ALWAYS
from socialins.identity import parse_document
from socialins.model import FIVE_INSURANCES
from socialins.values import as_month

if TYPE_CHECKING:
    from socialins.rules.monthrules import MonthRules

PEOPLE = 80
CSV_OF = "beijing"
SEED = 20261101
FEN = si.Money(1)

UNIT = si.Unit("示例科技有限公司", si.CreditCode("91990100MA0000001G"))
INJURY_RATE = si.Rate("0.2%")

# Where people who moved to the region were first registered.
ELSEWHERE = ("130102", "370102", "410102", "420106", "510104", "610102")

# Twelve people in proportion.
HOUSEHOLDS = (
    *(si.Household.URBAN_LOCAL,) * 6,
    *(si.Household.RURAL_LOCAL,) * 2,
    *(si.Household.URBAN_OUTSIDE,) * 2,
    *(si.Household.RURAL_OUTSIDE,) * 2,
)

MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
WRITTEN = b"2026-11-01T00:00:00Z"


@attrs.frozen
class Example:
    """A region's example.

    Arguments:
        region: the region's slug, and the folder's name.
        month: the month the roster is for.
        districts: division codes of districts of the region.
    """

    region: str
    month: si.Month = attrs.field(converter=as_month)
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
        # A csv file can't carry the unit; that stands in unit.toml.
        path = folder / "roster.csv"
        write_roster(si.Roster(example.month, entries), path, "zh")
        # Line ends as git keeps them.
        path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))

    rows = [ordinary(people, bounds) for _ in range(2 * len(BREAKS))]
    save(example, rows, folder / "broken.xlsx")
    break_rows(folder / "broken.xlsx")
    tidy(folder / "broken.xlsx")


# Who stands in a roster ---------------------------------------------------------------------------


def known_bounds(rules: MonthRules) -> list[tuple[si.Money, si.Money]]:
    """The floors and caps of a month, each pair once; what is not known is not made up."""
    found: dict[tuple[si.Money, si.Money], None] = {}
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
        document = parse_document(number)
        if not name:
            fake, male = self._faker, document.sex is si.Sex.MALE
            name = fake.last_name() + (fake.first_name_male() if male else fake.first_name_female())
        return si.InsuredPerson(name, document)

    def _one_of(self, codes: tuple[str, ...]) -> str:
        return codes[self.draw(0, len(codes))]


# What is wrong with a roster ----------------------------------------------------------------------

Row = dict[str, Any]
"""A row of a sheet: field → what its cell holds."""


def wrong_check_digit(row: Row, _before: Row) -> Row:
    """One digit mistyped."""
    number = str(row["id_number"])
    return {"id_number": number[:16] + str((int(number[16]) + 1) % 10) + number[17]}


def no_such_day(row: Row, _before: Row) -> Row:
    """A birth date that the calendar doesn't have."""
    number = str(row["id_number"])
    body = f"{number[:10]}0230{number[14:17]}"
    return {"id_number": body + ric.calc_check_digit(body + "0")}


def half_filled(_row: Row, _before: Row) -> Row:
    """Somebody was called away."""
    return {"name": None, "wage": None}


def wage_in_words(_row: Row, _before: Row) -> Row:
    """Numerals where a number belongs."""
    return {"wage": "一万二"}


def negative_wage(_row: Row, _before: Row) -> Row:
    """A sign that slipped in."""
    return {"wage": -6000}


def stands_twice(_row: Row, _before: Row) -> Row:
    """As it was; the next broken row has the same person."""
    return {}


def same_person(row: Row, before: Row) -> Row:
    """The person of the broken row before, with another wage."""
    return {**before, "wage": row["wage"]}


def no_such_insurance(_row: Row, _before: Row) -> Row:
    """An insurance that isn't social."""
    return {"insurances": "养老、车险"}


def no_such_household(_row: Row, _before: Row) -> Row:
    """A household class that nobody registers."""
    return {"household": "郊区"}


def lost_digits(row: Row, _before: Row) -> Row:
    """The number as a number: a spreadsheet keeps fifteen digits of eighteen."""
    return {"id_number": float(str(row["id_number"])[:15] + "000")}


BREAKS: tuple[Callable[[Row, Row], Row], ...] = (
    wrong_check_digit,
    no_such_day,
    half_filled,
    wage_in_words,
    negative_wage,
    stands_twice,
    same_person,
    no_such_insurance,
    no_such_household,
    lost_digits,
)


def break_rows(path: Path) -> None:
    """Break every other row of a workbook, from the second person on."""
    workbook = load_workbook(path)
    sheet = workbook.worksheets[0]
    layout = own_layout("roster")
    fields = {}
    for index, heading in enumerate(next(sheet.values), start=1):
        column = layout.column_for(str(heading))
        if column is not None:
            fields[column.field] = index
    before: Row = {}
    for number, break_row in zip(range(3, sheet.max_row + 1, 2), BREAKS, strict=True):
        row = {field: sheet.cell(number, column).value for field, column in fields.items()}
        for field, value in break_row(row, before).items():
            sheet.cell(number, fields[field]).value = value
        before = row
    workbook.save(path)


# Files --------------------------------------------------------------------------------------------


def roster(example: Example, entries: list[si.RosterEntry]) -> si.Roster:
    """A roster of the example's unit."""
    account = si.UnitAccount(UNIT, injury=(si.InjuryTerms(ALWAYS, rate=INJURY_RATE),))
    return si.Roster(example.month, entries, account)


def save(example: Example, entries: list[si.RosterEntry], path: Path) -> None:
    """Write a workbook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_roster(roster(example, entries), path, "zh")
    tidy(path)


def tidy(path: Path) -> None:
    """Take out of a workbook what differs between two runs or two machines.

    Those are the time of writing, and what the machine's own zlib makes of the same text.
    """
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in sorted(archive.namelist())}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.create_system = 3
            archive.writestr(info, MOMENT.sub(WRITTEN, content))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent)
