"""What a bill tells, word for word: as data, as text, as a page, in both languages.

Programs read the keys, people the words, and a slip is kept for years. Whatever changes in them
must be meant: the whole of each is compared with the files in `told`, whose small region has one of
everything. `TOLD=write` writes them anew, for a look at the difference before it is committed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import attrs
import pytest

import socialins as si
from socialins.faults import Fault, Place
from socialins.rules import Cascade, build_rule_books, read_rule_file
from socialins.settlement import Differences, Settlement, compare_settlements, settle_roster

TOLD = Path(__file__).with_name("told")
AT_FIRST, NOW = date(2025, 8, 15), None
"""The bounds of 2025-07 were announced on 2025-09-18."""

ACCOUNT = si.UnitAccount(
    si.Unit("某<有限>公司"),
    injury=(si.InjuryTerms(si.MonthSpan("2020-01"), risk_class=2, band=si.Rate("120%")),),
)


def entry(row: int, name: str, wage: str, household: si.Household) -> si.RosterEntry:
    person = si.InsuredPerson(name, si.IdDocument("passport", f"E{row:08}"))
    return si.RosterEntry(person, si.DeclaredWage(si.Money.yuan(wage)), household, row=row)


LOW = entry(2, "甲", "1234.56", si.Household.URBAN_LOCAL)
MIDDLE = entry(3, "乙<b>", "8888.5", si.Household.RURAL_LOCAL)
HIGH = entry(5, "丙", "99999", si.Household.URBAN_LOCAL)
FAULTY = Fault(
    "roster.wage.missing",
    {"person": "丁"},
    Place(file="名册.xlsx", sheet="Sheet1", row=4, column="B", field="name", value=""),
)


@cache
def region() -> Cascade:
    file = read_rule_file(TOLD / "rules.toml", "rules.toml")
    return Cascade(tuple(build_rule_books({"rules.toml": file}).values()))


def settled(known_on: date | None, *entries: si.RosterEntry) -> Settlement:
    roster = si.Roster(
        "2025-07", entries, ACCOUNT, total_wages=si.Money.yuan("120000"), faults=[FAULTY]
    )
    return settle_roster(region(), roster, known_on=known_on, strict=False)


def bill() -> Settlement:
    return settled(NOW, LOW, MIDDLE, HIGH)


def lacking() -> Settlement:
    """Nobody said at which rate the account pays for injury, nor what its wages add up to."""
    return settle_roster(region(), si.Roster("2025-07", [LOW]), strict=False)


def differences() -> Differences:
    return compare_settlements(settled(AT_FIRST, LOW, MIDDLE), settled(NOW, MIDDLE, HIGH))


def told_differences(lang: str) -> str:
    found = differences()
    lines = [
        f"{one.row} {one.person.name if one.person else '-'} {one.insurance} {one.item} "
        f"{one.payer.value} {one.period}: {one.before} -> {one.after}: {one.amount}"
        for one in found
    ]
    whole = [one for one in found if one.person is None or one.insurance == "pension"]
    told = [one.contribution().explain(lang) for one in whole]
    return "\n".join([*lines, str(found.total), *told])


def data(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def of_unit(made: Settlement) -> si.Contribution:
    (one,) = (one for one in made.contributions if one.person is None)
    return one


def injury(made: Settlement) -> si.Contribution:
    (one,) = (one for one in made.of(LOW.person) if one.insurance == "injury")
    return one


TELLING: dict[str, Callable[[str], str]] = {
    "bill.json": lambda lang: data(bill().to_plain(lang)),
    "bill.html": lambda lang: bill().to_html(lang),
    "slip.txt": lambda lang: bill().explain(LOW.person, lang),
    "slip.json": lambda lang: data(bill().explain_plain(MIDDLE.person, lang)),
    "early-slip.txt": lambda lang: settled(AT_FIRST, MIDDLE).explain(MIDDLE.person, lang),
    "early-slip.json": lambda lang: data(
        settled(AT_FIRST, MIDDLE).explain_plain(MIDDLE.person, lang)
    ),
    "lacking.json": lambda lang: data(lacking().to_plain(lang)),
    "lacking.html": lambda lang: lacking().to_html(lang),
    "lacking.txt": lambda lang: lacking().explain(LOW.person, lang),
    "injury.txt": lambda lang: injury(bill()).explain(lang),
    "injury.json": lambda lang: data(injury(bill()).explain_plain(lang)),
    "injury.html": lambda lang: injury(bill()).explain_html(lang),
    "unit.txt": lambda lang: of_unit(bill()).explain(lang),
    "unit.json": lambda lang: data(of_unit(bill()).explain_plain(lang)),
    "unit.html": lambda lang: of_unit(bill()).explain_html(lang),
    "differences.txt": told_differences,
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", TELLING)
def test_what_is_told_is_what_was_told_before(name: str, lang: str) -> None:
    stem, _, suffix = name.partition(".")
    path = TOLD / f"{stem}.{lang}.{suffix}"
    told = TELLING[name](lang) + "\n"
    if os.environ.get("TOLD") == "write":
        path.write_text(told, "utf-8", newline="\n")
    assert told == path.read_text("utf-8")


def test_a_page_shows_fifty_rows_and_counts_what_is_more() -> None:
    many = [entry(row, f"人{row:02}", "8000", si.Household.URBAN_LOCAL) for row in range(1, 54)]
    # The account as a whole is a row too, behind the persons.
    for count, zh, en in ((49, "", ""), (50, "另有 1 条", "1 more"), (53, "另有 4 条", "4 more")):
        made = settled(NOW, *many[:count])
        shown = [one for one in many if f">{one.person.name}<" in made.to_html()]
        assert shown == many[: min(count, 50)]
        for page, more in ((made.to_html(), zh), (made.to_html("en"), en)):
            assert bool(more) is ("另有" in page or " more" in page)
            assert more in page


def test_a_person_of_whom_nothing_was_settled_has_no_slip() -> None:
    with pytest.raises(KeyError, match="nothing was settled for this person; see unsettled"):
        bill().explain("E99999999")


def test_what_left_and_what_came_is_named_with_its_person_month_and_row() -> None:
    found = differences()
    whose = {(one.row, one.person) for one in found if one.person is not None}
    assert whose == {(2, LOW.person), (5, HIGH.person)}, "what stayed the same is left out"
    assert {one.period for one in found} == {si.Month(2025, 7)}
    assert found.total == found.later.total - found.earlier.total
    for one in found:
        owed = one.contribution()
        assert (owed.row, owed.person, owed.item) == (one.row, one.person, one.item)
        assert (owed.settled, owed.amount) == (one.before, one.after - one.before)
    with pytest.raises(ValueError, match=r"^a difference needs the amount before or after it$"):
        attrs.evolve(found.items[0], earlier=None, later=None).contribution()


def test_chinese_is_told_where_no_language_is_named() -> None:
    made = bill()
    one = of_unit(made)
    for default, zh in (
        (made.to_plain(), made.to_plain("zh")),
        (made.to_html(), made.to_html("zh")),
        (made.explain(LOW.person), made.explain(LOW.person, "zh")),
        (made.explain_plain(LOW.person), made.explain_plain(LOW.person, "zh")),
        (one.explain(), one.explain("zh")),
        (one.explain_plain(), one.explain_plain("zh")),
        (one.explain_html(), one.explain_html("zh")),
        (made.unsettled[0].reason(), made.unsettled[0].reason("zh")),
    ):
        assert default == zh
