"""Beijing's figures: what the shipped files answer, month by month, against tables of their own.

The tables are written a second time, by hand, and are not made from the rule files: a slip in one
of the two shows up here.
"""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest

from socialins.facade import region
from socialins.model.codes import AccountType, Household, Payer, UnitSize
from socialins.rules import (
    Bounds,
    Cascade,
    FixedSum,
    Located,
    RateFigure,
    RoundingFigure,
    RuleBook,
    RuleClass,
    Status,
    build_rule_books,
    read_rule_folder,
)
from socialins.settlement.compile import compile_schedule
from socialins.settlement.reference import derive
from socialins.values import Money, Month, Rate

FIRST, LAST = Month(2008, 1), Month(2029, 12)
CLASSES = {
    "urban": RuleClass(),
    "rural": RuleClass(Household.RURAL_OUTSIDE),
    "state-organ": RuleClass(account_type=AccountType.STATE_ORGAN),
}
INSURANCES = ("pension", "unemployment", "injury", "medical", "maternity")


def table(name: str) -> list[dict[str, str]]:
    """A committed table, one dict a row."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


BOUNDS = table("facts_beijing.csv")
RATES = table("facts_beijing_rates.csv")


def by_month(
    rows: list[dict[str, str]], keys: dict[str, str], values: tuple[str, ...]
) -> dict[Month, tuple[str, ...]]:
    """What a table says of each month."""
    told: dict[Month, tuple[str, ...]] = {}
    for row in rows:
        assert row["region"] == "110000"
        if any(row[key] != value for key, value in keys.items()):
            continue
        last = Month.of(row["to"]) if row["to"] else LAST
        for month in Month.of(row["from"]).to(last):
            assert month not in told, f"{month} stands in the table twice"
            told[month] = tuple(row[value] for value in values)
    assert told
    return told


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return build_rule_books(read_rule_folder(files("socialins_beijing") / "rules"))["110000"]


@pytest.fixture(scope="module")
def cascade(book: RuleBook) -> Cascade:
    return Cascade((book,))


def bounds(
    cascade: Cascade, insurance: str, month: Month, who: str = "urban", **how: object
) -> Located:
    located = cascade.find("bounds", month, CLASSES[who], insurance=insurance, **how)  # type: ignore[arg-type]
    assert located is not None
    return located


def rate(
    cascade: Cascade, question: tuple[str, str, str], month: Month, known_on: date | None = None
) -> RateFigure | None:
    """The rate of an (insurance, payer, who); None where none is known."""
    insurance, payer, who = question
    located = cascade.find(
        "rate",
        month,
        CLASSES[who],
        insurance=insurance,
        item="basic",
        payer=Payer(payer),
        known_on=known_on,
    )
    assert located is not None
    assert located.figure is None or isinstance(located.figure, RateFigure)
    return located.figure


def amount(cascade: Cascade, insurance: str, payer: Payer, month: Month, wage: str) -> Money:
    """Base and amount as the files say, by plain arithmetic: nothing of the settlement is used."""

    def ask(kind: str) -> Located | None:
        return cascade.find(
            kind, month, RuleClass(), insurance=insurance, item="basic", payer=payer
        )

    held, base_rounding, amount_rounding = (
        ask(kind) for kind in ("bounds", "base-rounding", "amount-rounding")
    )
    assert held is not None
    assert base_rounding is not None
    assert amount_rounding is not None
    assert isinstance(held.figure, Bounds)
    assert isinstance(base_rounding.figure, RoundingFigure)
    assert isinstance(amount_rounding.figure, RoundingFigure)
    base = base_rounding.figure.rounding(Money.yuan(wage)).fen
    base = min(max(base, held.figure.floor_fen or 0), held.figure.cap_fen or base)
    of = rate(cascade, (insurance, payer.value, "urban"), month)
    assert of is not None
    share = Fraction(2, 1000) if of.operand else of.rate.fraction  # type: ignore[union-attr]
    fixed = ask("fixed")
    added = fixed.figure.due_in(month) if fixed and isinstance(fixed.figure, FixedSum) else Money(0)
    return amount_rounding.figure.rounding(base * share) + added


def test_the_tables_cover_every_insurance_of_the_files(book: RuleBook) -> None:
    for kind, rows in (("bounds", BOUNDS), ("rate", RATES)):
        named = {scope[0] for series in book.of_kind(kind) for scope in series.scopes()}
        assert named == {row["insurance"] for row in rows} == set(INSURANCES)


@pytest.mark.parametrize(
    ("insurance", "who"), sorted({(row["insurance"], row["who"]) for row in BOUNDS})
)
def test_no_month_gets_another_floor_cap_or_mark_than_the_table(
    cascade: Cascade, insurance: str, who: str
) -> None:
    keys = {"insurance": insurance, "who": who}
    expected = by_month(BOUNDS, keys, ("floor", "cap", "mark"))
    for month in FIRST.to(LAST):
        located = bounds(cascade, insurance, month, who)
        shipped = None
        if (figure := located.figure) and located.found.status is Status.CONFIRMED:
            shipped = (f"{figure.floor.fen // 100}", f"{figure.cap.fen // 100}", figure.mark.value)
            assert figure.floor.fen % 100 == figure.cap.fen % 100 == 0
        assert shipped == expected.get(month), f"{insurance} of {who} in {month}"


@pytest.mark.parametrize(
    "question", sorted({(row["insurance"], row["payer"], row["who"]) for row in RATES})
)
def test_no_month_gets_another_rate_or_mark_than_the_table(
    cascade: Cascade, question: tuple[str, str, str]
) -> None:
    keys = dict(zip(("insurance", "payer", "who"), question, strict=True))
    expected = by_month(RATES, keys, ("rate", "mark", "dates_mark"))
    for month in FIRST.to(LAST):
        figure = rate(cascade, question, month)
        shipped = None
        if figure is not None:
            value = "none" if figure.none else "account" if figure.operand else str(figure.rate)
            shipped = (value, figure.mark.value, (figure.dates_mark or figure.mark).value)
        assert shipped == expected.get(month), f"{question} in {month}"


def test_the_three_yuan_of_large_medical_aid_come_with_every_month_of_medical(
    cascade: Cascade,
) -> None:
    for month in FIRST.to(LAST):
        located = cascade.find(
            "fixed",
            month,
            RuleClass(),
            insurance="medical",
            item="basic",
            payer=Payer.PERSON,
        )
        assert located is not None
        shipped = None
        if figure := located.figure:
            shipped = (figure.due_in(month), figure.mark.value, figure.dates_mark.value)
        assert shipped == ((Money.yuan("3"), "A", "B") if month >= Month(2009, 4) else None), month


@pytest.mark.parametrize("insurance", ["unemployment", "injury", "medical", "maternity"])
def test_state_organs_are_bounded_as_everybody_outside_pension(
    cascade: Cascade, insurance: str
) -> None:
    for month in FIRST.to(LAST):
        theirs = bounds(cascade, insurance, month, "state-organ").figure
        assert theirs == bounds(cascade, insurance, month).figure


def test_a_month_without_a_figure_says_why(cascade: Cascade) -> None:
    for insurance in INSURANCES:
        for month in Month(2010, 4).to(Month(2017, 6)):
            assert bounds(cascade, insurance, month).found.why is not None
    for month in Month(2009, 4).to(Month(2010, 3)):
        for insurance in ("injury", "maternity"):
            assert bounds(cascade, insurance, month).found.why is not None
        for insurance in ("pension", "unemployment"):
            assert bounds(cascade, insurance, month, "rural").found.why is not None
    assert bounds(cascade, "pension", Month(2025, 7), "state-organ").found.why is not None


@pytest.mark.parametrize("who", ["urban", "rural", "state-organ"])
@pytest.mark.parametrize("insurance", ["pension", "medical"])
def test_a_stale_figure_is_not_carried_where_a_newer_one_exists_unseen(
    cascade: Cascade, insurance: str, who: str
) -> None:
    assert bounds(cascade, insurance, Month(2010, 4), who, lenient=True).figure is None
    if (insurance, who) == ("pension", "state-organ"):
        assert bounds(cascade, insurance, Month(2025, 7), who, lenient=True).figure is None


@pytest.mark.parametrize(
    ("announced", "first", "floor"),
    [
        (date(2022, 7, 19), Month(2022, 7), None),
        (date(2023, 7, 25), Month(2023, 7), None),
        (date(2024, 7, 31), Month(2024, 7), None),
        (date(2025, 9, 18), Month(2025, 7), "6821"),
        (date(2026, 8, 21), Month(2026, 7), "7162"),
    ],
)
@pytest.mark.parametrize("insurance", ["pension", "unemployment", "injury", "medical"])
def test_bounds_are_not_known_before_the_day_they_were_announced(
    cascade: Cascade, insurance: str, announced: date, first: Month, floor: str | None
) -> None:
    known = bounds(cascade, insurance, first, known_on=announced)
    assert known.found.status is Status.CONFIRMED
    assert known.figure.announced == announced
    before = date.fromordinal(announced.toordinal() - 1)
    earlier = bounds(cascade, insurance, first, known_on=before)
    if floor is None:
        assert earlier.figure is None
    else:
        assert earlier.found.status is Status.PROVISIONAL
        assert earlier.figure.floor == Money.yuan(floor)


@pytest.mark.parametrize(
    "announced", [date(2022, 7, 19), date(2023, 7, 25), date(2024, 7, 31)], ids=str
)
def test_bounds_of_state_organs_are_announced_with_the_others(
    cascade: Cascade, announced: date
) -> None:
    located = bounds(cascade, "pension", Month.of(announced), "state-organ", known_on=announced)
    assert located.figure.announced == announced


def test_bounds_beyond_the_last_year_are_never_taken_for_provisional(cascade: Cascade) -> None:
    for insurance in ("pension", "unemployment", "injury", "medical"):
        assert bounds(cascade, insurance, Month(2027, 7)).figure is None


def test_the_medical_cut_of_2021_is_not_known_before_it_was_published(cascade: Cascade) -> None:
    january = Month(2021, 1)
    medical = ("medical", "unit", "urban")
    before = rate(cascade, medical, january, known_on=date(2021, 1, 12))
    after = rate(cascade, medical, january, known_on=date(2021, 1, 13))
    assert (str(before.rate), str(after.rate)) == ("10.8%", "9.8%")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("wage", "unit", "person"),
    [
        (
            "10000",
            {"pension": "1600", "medical": "980", "unemployment": "50", "injury": "20"},
            {"pension": "800", "medical": "203", "unemployment": "50"},
        ),
        (
            "5000",
            {"pension": "1163.20", "medical": "712.46", "unemployment": "36.35", "injury": "14.54"},
            {"pension": "581.60", "medical": "148.40", "unemployment": "36.35"},
        ),
        (
            "50000",
            {
                "pension": "5815.68",
                "medical": "3562.10",
                "unemployment": "181.74",
                "injury": "72.70",
            },
            {"pension": "2907.84", "medical": "729.96", "unemployment": "181.74"},
        ),
    ],
)
def test_november_2026_comes_out_to_the_fen(
    cascade: Cascade, wage: str, unit: dict[str, str], person: dict[str, str]
) -> None:
    for payer, shares in ((Payer.UNIT, unit), (Payer.PERSON, person)):
        for insurance, expected in shares.items():
            found = amount(cascade, insurance, payer, Month(2026, 11), wage)
            assert found == Money.yuan(expected), (insurance, payer)


def test_november_2019_keeps_the_floors_of_the_insurances_apart(cascade: Cascade) -> None:
    floors = {name: bounds(cascade, name, Month(2019, 11)).figure.floor for name in INSURANCES}
    assert floors == {
        "pension": Money.yuan("3613"),
        "unemployment": Money.yuan("3613"),
        "injury": Money.yuan("4713"),
        "medical": Money.yuan("5557"),
        "maternity": Money.yuan("5557"),
    }
    paid = amount(cascade, "medical", Payer.PERSON, Month(2019, 11), "4000")
    assert paid == Money.yuan("114.14")


@pytest.mark.parametrize(
    ("months", "insurances"),
    [
        ("2009-04 2010-03", {"medical"}),
    ],
)
def test_months_with_a_rule_that_is_not_computed_say_so(
    cascade: Cascade, months: str, insurances: set[str]
) -> None:
    first, last = map(Month.of, months.split())
    for month in first.to(last):
        told = {name for caveat in cascade.caveats(month) for name in caveat.insurances}
        assert insurances <= told, month
    for month in (Month(2019, 11), Month(2020, 3), Month(2026, 11)):
        assert not list(cascade.caveats(month))


@pytest.mark.parametrize(
    ("month", "size", "pension", "medical"),
    [
        ("2020-01", UnitSize.SMALL, "1600", "1080"),
        ("2020-02", UnitSize.SMALL, "0", "540"),
        ("2020-06", UnitSize.LARGE, "800", "540"),
        ("2020-07", UnitSize.LARGE, "1600", "1080"),
        ("2020-12", UnitSize.MICRO, "0", "1080"),
        ("2021-01", UnitSize.MICRO, "1600", "980"),
    ],
)
def test_in_2020_units_paid_what_the_relief_left_of_their_share(
    month: str, size: UnitSize, pension: str, medical: str
) -> None:
    rule_class = RuleClass(unit_size=size)
    schedule = compile_schedule(region("110000").cascade, Month.of(month), rule_class)
    owed = {
        line.insurance: derive(line, Money.yuan("10000"), Rate("0.2%")).amount
        for line in schedule.lines
        if line.payer is Payer.UNIT
    }
    assert owed["pension"] == Money.yuan(pension)
    assert owed["medical"] == Money.yuan(medical)


@pytest.mark.parametrize(("kind", "mark"), [("base-rounding", "C"), ("amount-rounding", "B")])
def test_an_assumption_is_not_passed_off_as_a_rule(cascade: Cascade, kind: str, mark: str) -> None:
    for month in Month(2009, 1).to(LAST):
        located = cascade.find(kind, month, RuleClass(), insurance="pension")
        assert located is not None
        assert located.figure.mark.value == mark
