"""The examples: made as committed, awkward where they claim to be, settled, and shown."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import socialins as si
from socialins.forms import read_unit
from socialins.model import FIVE_INSURANCES
from socialins.rules import Bounds

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
MONTHS = {"beijing": "2026-11", "harbin": "2026-11", "fujian": "2025-11"}
LENIENT = ("harbin", "fujian")
MADE = sorted(
    path
    for region in MONTHS
    for path in (EXAMPLES / region).iterdir()
    if path.suffix in {".xlsx", ".csv"}
)

# Row of broken.xlsx → what is wrong there, in its own order.
BROKEN = {
    3: ["identity.checksum"],
    5: ["identity.birth-date"],
    7: ["roster.name.missing", "roster.wage.missing"],
    9: ["form.amount.unreadable"],
    11: ["roster.wage.not-positive"],
    13: ["roster.duplicate"],
    15: ["roster.duplicate"],
    17: ["roster.insurance.unknown"],
    19: ["form.code.unknown"],
    21: ["identity.precision"],
}


def read(region: str, name: str = "roster.xlsx") -> si.Roster:
    path = EXAMPLES / region / name
    return si.region(region).read_roster(path, month=MONTHS[region])


def settle(region: str, name: str = "roster.xlsx") -> si.Settlement:
    return si.region(region).settle(read(region, name), strict=region not in LENIENT)


def known_bounds(region: str) -> dict[str, Bounds]:
    rules = si.region(region).rules(MONTHS[region])
    found = {insurance: rules.bounds(insurance) for insurance in FIVE_INSURANCES}
    return {insurance: bounds for insurance, bounds in found.items() if bounds is not None}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, *command),
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def made_anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    elsewhere = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    # Else the bytes would depend on whether lxml is installed.
    done = run("examples/make_rosters.py", str(folder), OPENPYXL_LXML="False", **elsewhere)
    assert done.returncode == 0, done.stderr
    return folder


def test_no_example_is_left_over_or_missing(made_anew: Path) -> None:
    anew = {path.relative_to(made_anew).as_posix() for path in made_anew.glob("*/*")}
    assert anew == {path.relative_to(EXAMPLES).as_posix() for path in MADE}
    assert {f"{region}/{name}.xlsx" for region in MONTHS for name in ("roster", "broken")} < anew


@pytest.mark.parametrize("path", MADE, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_committed_files_are_what_the_script_makes(path: Path, made_anew: Path) -> None:
    anew = made_anew / path.relative_to(EXAMPLES)
    assert anew.read_bytes() == path.read_bytes(), (
        "the script, the rules of the month or a tool of it have changed: "
        "run OPENPYXL_LXML=False python examples/make_rosters.py and commit what it writes"
    )


# The people -------------------------------------------------------------------------------------


@pytest.mark.parametrize("region", MONTHS)
def test_every_row_of_a_roster_is_good(region: str) -> None:
    roster = read(region)
    assert len(roster) == 80
    assert roster.faults == ()
    assert roster.account is not None
    assert [terms.rate for terms in roster.account.injury] == [si.Rate("0.2%")]
    assert roster.account.unit.credit_code is not None


@pytest.mark.parametrize("region", MONTHS)
def test_no_wage_beside_a_bound_is_left_out(region: str) -> None:
    wages = {entry.wage.amount for entry in read(region)}
    fen = si.Money(1)
    bounds = known_bounds(region)
    assert "pension" in bounds
    for one in bounds.values():
        assert isinstance(one.floor, si.Money)
        assert isinstance(one.cap, si.Money)
        assert {one.floor - fen, one.floor, one.floor + fen} <= wages
        assert {one.cap - fen, one.cap, one.cap + fen} <= wages
        assert min(wages) < one.floor - fen
        assert max(wages) > one.cap + fen


@pytest.mark.parametrize("region", MONTHS)
def test_nobody_awkward_is_left_out(region: str) -> None:
    entries = read(region).entries
    documents = [entry.person.document for entry in entries]
    types = {document.type: document.number for document in documents}
    assert any(document.number.endswith("X") for document in documents)
    assert types[si.DocumentType.RESIDENCE_PERMIT].startswith("83")
    assert types[si.DocumentType.FOREIGN_PERMANENT].startswith("9")
    assert {entry.household for entry in entries} == set(si.Household)
    assert any(entry.employment is si.Employment.PART_TIME for entry in entries)
    chosen = {entry.insurances for entry in entries}
    assert {None, frozenset({"injury"})} < chosen
    assert any("·" in entry.person.name for entry in entries)
    assert any(entry.wage.amount.fen % 10 for entry in entries)


@pytest.mark.parametrize("region", MONTHS)
def test_local_people_are_first_registered_in_the_region(region: str) -> None:
    local = {si.Household.URBAN_LOCAL, si.Household.RURAL_LOCAL}
    prefix = si.region(region).code.rstrip("0")
    assert prefix
    for entry in read(region):
        if entry.household in local:
            assert entry.person.document.number.startswith(prefix)


# Settling them ----------------------------------------------------------------------------------


def test_beijing_settles_strictly_and_leaves_nothing_out() -> None:
    bill = settle("beijing")
    assert bill.persons == 80
    assert bill.unsettled == ()
    assert bill.faults == ()
    assert {one.insurance for one in bill.contributions} == {
        "pension",
        "medical",
        "unemployment",
        "injury",
    }


@pytest.mark.parametrize("region", LENIENT)
def test_a_gap_stops_strictly_and_is_listed_leniently(region: str) -> None:
    place = si.region(region)
    with pytest.raises(si.RuleUnknown) as stopped:
        place.settle(read(region))
    bill = settle(region)
    assert bill.persons == 80
    assert "pension" in {one.insurance for one in bill.contributions}
    assert stopped.value.insurance in {one.insurance for one in bill.unsettled}
    assert all(one.reason("zh") and one.reason("en") for one in bill.unsettled)


@pytest.mark.parametrize("region", MONTHS)
def test_bases_lie_within_the_bounds_that_the_rules_state(region: str) -> None:
    bounds = known_bounds(region)
    seen: dict[str, set[si.Money]] = {}
    for one in settle(region).contributions:
        seen.setdefault(one.insurance, set()).add(one.base)
    for insurance in bounds.keys() & seen.keys():
        assert min(seen[insurance]) == bounds[insurance].floor
        assert max(seen[insurance]) == bounds[insurance].cap


@pytest.mark.parametrize("region", MONTHS)
def test_a_person_owes_nothing_in_an_insurance_not_chosen(region: str) -> None:
    roster, bill = read(region), settle(region)
    pairs = [(one.row, one.insurance) for one in bill.contributions]
    pairs += [(one.row, one.insurance) for one in bill.unsettled]
    owed: dict[int | None, set[str]] = {}
    for row, insurance in pairs:
        owed.setdefault(row, set()).add(insurance)
    chosen = {entry.row: entry.insurances for entry in roster if entry.insurances is not None}
    assert chosen
    assert {row: owed[row] for row in chosen} == chosen
    (part_timer,) = (one for one in roster if one.employment is si.Employment.PART_TIME)
    assert owed[part_timer.row] == {"injury"}


def test_a_csv_with_unit_toml_owes_what_the_workbook_owes() -> None:
    region = si.region("beijing")
    unit = read_unit(EXAMPLES / "unit.toml", region.cascade)
    roster = region.read_roster(
        EXAMPLES / "beijing" / "roster.csv", MONTHS["beijing"], account=unit.account
    )
    workbook = read("beijing")
    assert roster.faults == ()
    assert roster.entries == workbook.entries
    assert roster.account == workbook.account
    assert region.settle(roster).contributions == settle("beijing").contributions


# The broken rows --------------------------------------------------------------------------------


@pytest.mark.parametrize("region", MONTHS)
def test_each_broken_row_is_told_with_its_place_and_remedy(region: str) -> None:
    bill = settle(region, "broken.xlsx")
    wrong = [fault for fault in bill.faults if fault.is_error]
    found: dict[int | None, list[str]] = {}
    for fault in wrong:
        found.setdefault(fault.place.row, []).append(fault.code)
    assert found == BROKEN
    for fault in wrong:
        assert fault.place.file is not None
        assert fault.place.file.endswith("broken.xlsx")
        assert fault.place.column
        for lang in ("zh", "en"):
            assert fault.message(lang)
            assert fault.remedy(lang)
        assert fault.message("zh") != fault.message("en")
        assert fault.remedy("zh") != fault.remedy("en")


@pytest.mark.parametrize("region", MONTHS)
def test_the_good_rows_among_broken_ones_are_settled_wholly(region: str) -> None:
    roster, bill = read(region, "broken.xlsx"), settle(region, "broken.xlsx")
    good = set(range(2, 22)) - BROKEN.keys()
    assert bill.persons == len(good) == 10
    assert {one.row for one in bill.contributions} == good
    alone = si.region(region).settle(
        si.Roster(roster.month, roster.entries, roster.account), strict=region not in LENIENT
    )
    assert alone.contributions == bill.contributions
    assert not {one.row for one in bill.unsettled} & BROKEN.keys()


# The commands -----------------------------------------------------------------------------------


def test_settling_the_example_from_a_terminal_writes_the_workbook(tmp_path: Path) -> None:
    command = "settle examples/beijing/roster.xlsx --region beijing --month 2026-11 --out"
    done = run("-m", "socialins", *command.split(), str(tmp_path / "out"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".xlsx"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_demo_shows_every_region_and_says_where_the_papers_lie(
    lang: str, tmp_path: Path
) -> None:
    done = run("examples/demo.py", "--lang", lang, "--out", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    papers = {path.relative_to(tmp_path).parent.as_posix() for path in tmp_path.rglob("*.xlsx")}
    assert papers == {*MONTHS, "beijing/broken"}
    for region in MONTHS:
        folder = tmp_path / region
        assert list(folder.glob("windows-*.ics")), "the calendar program gets the month's windows"
        assert list(folder.glob("wage-declare-*.xlsx")), "the tax side gets its import file"
    assert (tmp_path / "beijing" / "add-staff-2026-11.xlsx").is_file()
    for path in [*tmp_path.rglob("*.xlsx"), *tmp_path.rglob("*.ics")]:
        assert str(path) in done.stdout


@pytest.fixture(name="demo")
def _demo(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return importlib.import_module("demo")


@pytest.mark.parametrize(
    ("status", "says", "out"), [(1, (), ""), (0, ("no such text",), ""), (0, (), "empty")]
)
def test_a_demo_that_goes_wrong_does_not_pass_for_one_that_works(
    demo: ModuleType, tmp_path: Path, status: int, says: tuple[str, ...], out: str
) -> None:
    title = demo.Text("步骤", "step")
    command = "--version" if not out else "regions"
    fine = demo.Step(title, command)
    assert demo.play([fine], tmp_path, "en") == 0
    wrong = demo.Step(title, command, status=status, says=says, out=out)
    assert demo.play([fine, wrong], tmp_path, "en") == 1
