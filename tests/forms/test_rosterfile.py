"""Rosters out: what is written reads back equal, or is refused; nothing changes on the way."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import openpyxl
import pytest
from hypothesis import assume, example, given, settings, strategies as st

import socialins as si
from socialins.forms import FormError, own_layout, read_roster, write_roster
from socialins.model import AccountType, Employment, Household, WageOrigin
from socialins.testing import strategies as sis
from socialins.testing.middle import middle

MONTH = si.Month(2026, 11)
Number = Callable[[int], str]

# The names that break things: formulas, errors, digits, other scripts, the ends of Unicode.
names = st.one_of(
    sis.names(),
    st.sampled_from(
        [
            "=1+1",
            "+8613800138000",
            "-",
            "@SUM(A1)",
            "'quoted",
            "'=quoted",
            "''''-",
            "#N/A",
            "#REF!",
            "TRUE",
            "1",
            "2026-11-01",
            "合 计",
            "a,b;c\td".replace("\t", "'"),
            'say "hi"',
            "阿卜杜拉·买买提",
            "𠮷野",
            "x" * 100,
            "e\u0301",
            "\u200dZWJ inside\u200d x",
            "_x000D_",
            "&amp;<b>",
        ]
    ),
    st.text(
        st.characters(
            exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
        ),
        min_size=1,
        max_size=20,
    ).filter(lambda text: text.strip().strip("\u200b\ufeff") == text and text.strip() == text),
)


def persons() -> st.SearchStrategy[si.InsuredPerson]:
    return st.builds(
        _person,
        names,
        sis.documents(),
        st.none() | st.dates(date(1940, 1, 1), date(2010, 12, 31)),
        st.none() | st.sampled_from(si.Sex),
    )


def _person(
    name: str, document: si.IdDocument, born: date | None, sex: si.Sex | None
) -> si.InsuredPerson:
    stated: dict[str, Any] = {"birth_date": born, "sex": sex}
    stated = {key: value for key, value in stated.items() if value is not None}
    return si.InsuredPerson(name, document, **stated)


def accounts() -> st.SearchStrategy[si.UnitAccount]:
    spans = [
        [si.MonthSpan("1900-01")],
        [si.MonthSpan("2020-01", "2023-12"), si.MonthSpan("2024-01")],
        [si.MonthSpan("2024-01", "2024-01")],
        [],
    ]

    @st.composite
    def one(draw: st.DrawFn) -> si.UnitAccount:
        terms = [draw(sis.injury_terms(span=span)) for span in draw(st.sampled_from(spans))]
        ids = [insurance.id for insurance in middle().cascade.insurances()]
        return si.UnitAccount(
            unit=si.Unit(
                draw(st.just("") | names),
                draw(st.none() | sis.credit_codes()),
                draw(st.none() | st.sampled_from(si.UnitSize)),
                draw(st.sampled_from([None, "bakery", "ferry-transport"])),
            ),
            number=draw(st.sampled_from(["", "0000000001", "A-17", "12345"])),
            division=draw(st.none() | st.just("990100")),
            insurances=draw(st.none() | st.frozensets(st.sampled_from(ids))),
            account_type=draw(st.sampled_from(AccountType)),
            injury=terms,
        )

    return one()


rosters = sis.rosters(
    month=MONTH,
    region=middle(),
    max_size=4,
    entries=st.builds(
        attrs.evolve,
        sis.roster_entries(
            region=middle(),
            month=MONTH,
            persons=persons(),
            wages=sis.declared_wages(
                amounts=sis.money(min_value="0.01", max_value="999999999.99"), month="2199-12"
            ),
        ),
        insurances=st.none()
        | st.frozensets(st.sampled_from([one.id for one in middle().cascade.insurances()])),
        injury_rate=st.none() | sis.rates() | st.fractions(0, 1, max_denominator=7).map(si.Rate),
    ),
    accounts=st.none() | accounts(),
)


def without_rows(roster: si.Roster) -> si.Roster:
    """The roster as far as a file tells it: rows are the file's, faults are the reading's."""
    entries = [attrs.evolve(entry, row=None) for entry in roster.entries]
    return attrs.evolve(roster, entries=entries, faults=())


@given(rosters, st.sampled_from(["zh", "en"]))
@settings(max_examples=150)
def test_what_is_written_reads_back_equal(roster: si.Roster, lang: str) -> None:
    assume(len(roster))
    with TemporaryDirectory() as folder:
        book = Path(folder, "roster.xlsx")
        write_roster(roster, book, lang)
        read = read_roster(book, MONTH, middle().cascade)
        assert without_rows(read) == without_rows(roster)
        assert [entry.row for entry in read] == list(range(2, len(roster) + 2))
        assert not any(fault.is_error for fault in read.faults)

        text = Path(folder, "roster.csv")
        bare = attrs.evolve(roster, account=None, total_wages=None)
        write_roster(bare, text, lang)
        assert without_rows(read_roster(text, MONTH, middle().cascade)) == without_rows(bare)


def roster_of(number: str, **changes: Any) -> si.Roster:
    person = si.InsuredPerson(changes.pop("name", "张三"), si.IdDocument("resident-id", number))
    person = attrs.evolve(person, **changes.pop("person", {}))
    entry = si.RosterEntry(person, si.DeclaredWage(si.Money.yuan(changes.pop("wage", 5000))))
    return si.Roster(MONTH, [attrs.evolve(entry, **changes)])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " 张三"}, "name"),
        ({"name": "张\n三"}, "name"),
        ({"name": "张\0三"}, "name"),
        ({"name": "甲" * 101}, "name"),
        ({"wage": 0}, "wage"),
        ({"wage": 10**9}, "wage"),
        ({"insurances": frozenset({"all"})}, "insurances"),
        ({"insurances": frozenset({"a, b"})}, "insurances"),
        ({"person": {"birth_date": None}}, "birth_date"),
        ({"person": {"birth_date": date(2027, 1, 1)}}, "birth_date"),
        ({"person": {"sex": None}}, "sex"),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_would_not_read_back_is_refused_and_no_file_is_left(
    changes: dict[str, Any], field: str, suffix: str, number: Number, tmp_path: Path
) -> None:
    path = tmp_path / f"roster{suffix}"
    path.write_text("what was there before", encoding="utf-8")
    with pytest.raises(FormError) as caught:
        write_roster(roster_of(number(1), **changes), path)
    fault = caught.value.fault
    assert (fault.code, fault.place.field) == ("roster.unwritable", field)
    assert own_layout("roster").column(field).title.zh in fault.message("zh")
    assert fault.remedy("en")
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert path.read_text(encoding="utf-8") == "what was there before"


@pytest.mark.parametrize(
    ("account", "total", "field"),
    [
        (si.UnitAccount(si.Unit("两\n行")), None, "name"),
        (si.UnitAccount(si.Unit("某公司"), " 7"), None, "number"),
        (si.UnitAccount(si.Unit("某公司"), division="中州"), None, "division"),
        (si.UnitAccount(si.Unit("某公司"), insurances={"none"}), None, "insurances"),
        (None, si.Money.yuan(10**9), "total_wages"),
    ],
)
def test_a_unit_that_would_not_read_back_is_refused(
    account: si.UnitAccount | None,
    total: si.Money | None,
    field: str,
    number: Number,
    tmp_path: Path,
) -> None:
    roster = attrs.evolve(roster_of(number(1)), account=account, total_wages=total)
    with pytest.raises(FormError) as caught:
        write_roster(roster, tmp_path / "roster.xlsx")
    fault = caught.value.fault
    assert (fault.code, fault.place.field) == ("unit.unwritable", field)
    assert list(tmp_path.iterdir()) == []


def test_a_text_file_does_not_lose_the_unit_in_silence(number: Number, tmp_path: Path) -> None:
    account = si.UnitAccount(si.Unit("某公司"))
    with pytest.raises(FormError) as caught:
        write_roster(attrs.evolve(roster_of(number(1)), account=account), tmp_path / "a.csv")
    assert caught.value.fault.code == "roster.csv-unit"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["roster.xls", "roster", "roster.toml"])
def test_a_format_that_cannot_be_written_is_refused(
    name: str, number: Number, tmp_path: Path
) -> None:
    with pytest.raises(FormError) as caught:
        write_roster(roster_of(number(1)), tmp_path / name)
    assert caught.value.fault.code == "form.file.suffix"
    assert ".xlsx" in caught.value.fault.message("en")


def test_a_spreadsheet_shows_text_as_text_and_numbers_as_numbers(
    number: Number, tmp_path: Path
) -> None:
    path = tmp_path / "roster.xlsx"
    write_roster(roster_of(number(1), name='=HYPERLINK("x")', wage="7270.50"), path)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    cells = {sheet.cell(1, column).value: sheet.cell(2, column) for column in range(1, 13)}
    assert cells["姓名"].data_type == "s"
    assert cells["姓名"].quotePrefix
    assert (cells["证件号码"].data_type, cells["证件号码"].number_format) == ("s", "@")
    assert (cells["申报工资"].data_type, cells["申报工资"].number_format) == ("n", "#,##0.00")
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    assert b"<v>7270.50</v>" in xml or b"<v>7270.5</v>" in xml
    assert b"<f>" not in xml


def test_a_text_file_opens_in_a_spreadsheet_program_without_a_formula(
    number: Number, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    write_roster(roster_of(number(1), name="=1+1"), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "else Excel shows 寮犱笁 for 张三"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["姓名", "证件号码", "申报工资"]
    assert rows[1][0] == "'=1+1"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_word_is_written_in_the_language_asked_for(
    lang: str, number: Number, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    roster = roster_of(
        number(1),
        household=Household.RURAL_OUTSIDE,
        employment=Employment.PART_TIME,
        wage=5000,
    )
    wage = attrs.evolve(roster.entries[0].wage, origin=WageOrigin.CHANGED)
    roster = attrs.evolve(roster, entries=[attrs.evolve(roster.entries[0], wage=wage)])
    write_roster(roster, path, lang)
    with path.open(encoding="utf-8-sig", newline="") as file:
        heading, row = csv.reader(file)
    assert heading == [column.title.get(lang) for column in own_layout("roster").columns]
    words = {"zh": ["外埠农村", "非全日制", "变更申报", "居民身份证"]}
    words["en"] = [
        "non-local rural",
        "part-time",
        "changed by declaration",
        "resident identity card",
    ]
    assert set(words[lang]) <= set(row)


def test_the_same_roster_gives_the_same_bytes(number: Number, tmp_path: Path) -> None:
    roster = attrs.evolve(roster_of(number(1)), account=si.UnitAccount(si.Unit("某公司")))
    contents = []
    for name in ("a.xlsx", "b.xlsx"):
        write_roster(roster, tmp_path / name)
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


@example("zh")
@given(st.sampled_from(["zh", "en"]))
def test_the_unit_sheet_is_named_as_the_reader_looks_for_it(lang: str) -> None:
    entry = roster_of("11010519491231002X")
    with TemporaryDirectory() as folder:
        path = Path(folder, "r.xlsx")
        write_roster(attrs.evolve(entry, total_wages=si.Money.yuan(9)), path, lang)
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == {"zh": ["花名册", "单位"], "en": ["roster", "unit"]}[lang]
        for sheet in book:
            assert sheet.freeze_panes
            assert sheet.page_setup.orientation == "landscape"
