"""`socialins cards`: people get their cards from a terminal, and who lacks what is told."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from socialins.testing.roundtrip import example_person

Call = Callable[..., Any]
SYSTEMS = Path(__file__).parents[1] / "attachments" / "systems"
DAY = "2026-11-03T09:00"


class Terminal:
    """A shell in which commands of one batch are typed."""

    def __init__(self, call: Call, folder: Path, system: str = "") -> None:
        self.call = call
        self.folder = folder
        self.book = folder / "cards.db"
        self.always: tuple[object, ...] = ()
        self.region = "middle-province" if system else "middle"
        if system:
            (rules,) = SYSTEMS.glob(f"{system}_*.toml")
            text = rules.read_text("utf-8")
            head, _, rest = text.partition("[region]")
            own = folder / "own.toml"
            # The rules of the manual, laid over a province that says nothing of cards.
            rest = rest[rest.index("\n[") :]
            own.write_text(f'division = "990000"\n{rest}', "utf-8")
            assert "division" in head
            self.always = ("--overlay", own)

    def __call__(self, command: str, *arguments: object, at: str = "", status: int = 0) -> Any:
        timed = ("--at", at) if at else ()
        book = () if command in {"effects", "days"} else ("--book", self.book)
        always = () if command == "history" else self.always
        found = self.call("cards", command, *arguments, *book, *timed, *always)
        assert found.status == status, found.out + found.err
        return found

    def open(self, *arguments: object, status: int = 0) -> Any:
        return self("open", "B1", "--region", self.region, *arguments, at=DAY, status=status)

    def people(self, count: int, *more: str) -> Path:
        """A list of people; further columns are given as ``heading=text``."""
        path = self.folder / "people.csv"
        heads = ["姓名", "证件号码", *(one.partition("=")[0] for one in more)]
        rows = [
            [one.name, one.document.number, *(said.partition("=")[2] for said in more)]
            for one in map(example_person, range(count))
        ]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([heads, *rows])
        return path

    def photos(self, *numbers: int, name: str = "{number}.png") -> Path:
        folder = self.folder / "photos-in"
        folder.mkdir(exist_ok=True)
        for number in numbers:
            person = example_person(number)
            file = name.format(number=person.document.number, name=person.name, n=number)
            picture = Image.new("RGB", (716, 882), "white")
            picture.paste((90, 60 + number, 40), (200, 200, 500, 800))
            picture.save(folder / file)
        return folder

    def state(self, at: str = DAY) -> Any:
        return self("status", "--json", at=at).json


@pytest.fixture
def shell(call: Call, tmp_path: Path) -> Callable[..., Terminal]:
    return lambda system="": Terminal(call, tmp_path, system)


def test_s24_a_group_of_twenty_walks_from_list_to_signature(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell("s24")
    typed.open("--people", typed.people(20))
    early = typed("submit", at=DAY, status=1)
    assert "[cards.photo-missing]" in early.err
    folder = typed.photos(*range(19))
    (folder / "IMG_7.png").write_bytes((folder / f"{_number(0)}.png").read_bytes())
    some = typed("photos", folder, "--out", tmp_path / "out", at=DAY, status=1)
    assert "19 photographs for 20 people" in some.out
    assert {"[cards.photo-missing]", "[cards.photo-of-nobody]"} <= set(some.err.split())
    assert [row["photo"] is None for row in typed.state()["rows"]].count(True) == 1
    (folder / "IMG_7.png").unlink()
    typed.photos(19)
    typed("photos", folder, "--out", tmp_path / "all", "--unit-number", "123", at=DAY)
    with zipfile.ZipFile(tmp_path / "all" / "photos.zip") as archive:
        names = archive.namelist()
        with Image.open(archive.open(names[0])) as picture:
            assert (picture.size, picture.info["dpi"], picture.mode) == (
                (358, 441),
                (350, 350),
                "RGB",
            )
    assert names == sorted(f"{_number(n)}_{example_person(n).name}.JPG" for n in range(20))
    typed("submit", at="2026-11-04T09:00")
    assert "[cards.receipt-day]" in typed("receipt", "--number", "R1", status=1).err
    typed("receipt", "--number", "R1", "--ready-on", "2026-11-20", at="2026-11-05T09:00")
    assert typed.state()["next"] == ["cards can be collected from 2026-11-20"]
    assert "[cards.not-ready]" in typed("collect", at="2026-11-19T23:59", status=1).err
    typed("collect", at="2026-11-20T09:00")
    signing = tmp_path / "signing.xlsx"
    typed("sheet", "signing", "--out", signing)
    assert signing.stat().st_size > 0
    typed("hand-out", "1", _number(1), at="2026-11-20T14:00")
    left = typed.state()
    assert (left["state"], left["next"]) == ("collected", ["hand out against a signature: 18"])
    typed("hand-out", "--all", at="2026-11-21T09:00")
    assert typed.state()["state"] == "done"
    again = typed("hand-out", "--all", at="2026-11-21T09:00", status=1)
    assert "[cards.wrong-state]" in again.err
    told = typed("history").out
    assert "photographs taken in" in told
    assert len(typed("history", "--json").json["events"]) == len(told.strip().splitlines()) - 2


def test_s24_nineteen_are_told_that_they_are_no_group(shell: Callable[..., Terminal]) -> None:
    typed = shell("s24")
    typed.open("--people", typed.people(19))
    assert "a group's request takes at least 20 people" in typed.state()["next"]
    typed("photos", typed.photos(*range(19)), "--out", typed.folder / "out", at=DAY)
    refused = typed("submit", at=DAY, status=1)
    assert "[cards.group-small]" in refused.err
    assert typed.state()["state"] == "open"


def test_s20_blank_leaves_a_card_as_it_is_and_banks_have_their_effects(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell("s20")
    sheet = tmp_path / "errors.csv"
    one, two = example_person(0), example_person(1)
    sheet.write_text(
        "姓名,证件号码,项目,更正为\n"
        f"{one.name},{one.document.number},姓名,张更正\n"
        f"{one.name},{one.document.number},性别,\n"
        f"{two.name},{two.document.number},姓名, \n",
        "utf-8",
    )
    blank = typed.open("--kind", "correction", "--errors", sheet, status=1)
    assert "[cards.nothing-corrected]" in blank.err
    assert not typed.book.exists() or not typed.book.stat().st_size
    sheet.write_text("\n".join(sheet.read_text("utf-8").splitlines()[:3]) + "\n", "utf-8")
    opened = typed.open("--kind", "correction", "--errors", sheet)
    assert "name → 张更正" in opened.out
    assert "性别" not in opened.out
    typed("submit", at=DAY)
    typed("receipt", at=DAY)
    typed("result", at="2026-11-04T09:00")
    typed("collect", at="2026-11-04T09:00")
    typed("hand-out", one.document.number, at="2026-11-04T10:00")
    assert typed.state()["state"] == "done"


def test_s20_data_and_photograph_go_with_a_new_card(shell: Callable[..., Terminal]) -> None:
    typed = shell("s20")
    listed = typed.people(2, "联系电话=13800000000", "住址=贵阳路1号", "申报工资=7654.32")
    opened = typed.open("--people", listed, "--bank", "中国工商银行")
    assert "13800000000" not in opened.out, "a request corrects nothing"
    assert "[cards.photo-missing]" in typed("submit", at=DAY, status=1).err
    typed("photos", typed.photos(0, 1, name="{name}.png"), "--out", typed.folder / "o", at=DAY)
    typed("submit", at=DAY)
    sheet = typed("sheet", "request", "--json").json["rows"]
    assert [(row["mobile"], row["address"]) for row in sheet] == [("13800000000", "贵阳路1号")] * 2
    assert "7654" not in str(sheet), "a roster's wages are nobody's business here"


def test_s20_what_stops_working_is_told_before_the_card_is_replaced(
    shell: Callable[..., Terminal],
) -> None:
    typed = shell("s20")
    asked = ("--region", typed.region, "--bank", "中国工商银行")
    other = typed("effects", *asked, "--old-bank", "某银行")
    assert "the old card stops: social-security function; keeps: banking function" in other.out
    assert "password" in other.out
    same = typed("effects", *asked, "--old-bank", "中国工商银行", "--json").json
    assert (same["bank"], same["stops"], same["keeps"]) == ("same", ["social", "financial"], [])
    in_english = "Industrial and Commercial Bank of China"
    also = typed("effects", *asked, "--old-bank", in_english, "--json").json
    assert also == same, "a bank is the same in either language"
    listed = typed.people(2, "原卡银行=某银行")
    refused = typed.open("--kind", "reissue", "--people", listed, "--bank", "某银行", status=1)
    assert "[cards.bank]" in refused.err
    opened = typed.open("--kind", "reissue", "--people", listed, "--bank", "中国工商银行")
    assert opened.out.count("the old card stops: social-security function") == 1
    typed.book.unlink()
    unsaid = typed.open("--kind", "reissue", "--people", typed.people(1))
    assert "[cards.bank-unsaid]" in unsaid.err


def test_s23_an_error_sheet_goes_out_and_comes_back(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell("s23")
    typed.open("--people", typed.people(3))
    assert "[cards.unconfirmed]" in typed("submit", at=DAY, status=1).err
    person = example_person(1)
    typed("note-errors", "--error", person.document.number, "name", "=更正", at=DAY)
    assert "[cards.error-blank]" in typed("note-errors", "--error", "2", "name", "", status=1).err
    assert "[cards.no-such-row]" in typed("note-errors", "--error", "9", "a", "b", status=1).err
    for ending in ("csv", "xlsx"):
        sheet = tmp_path / f"errors.{ending}"
        typed("sheet", "errors", "--out", sheet)
        before = typed.state()["rows"]
        typed("confirm", "2", at=DAY)
        assert typed.state()["rows"] != before
        typed("note-errors", "--sheet", sheet, at=DAY)
        assert typed.state()["rows"] == before, "what was written is what is read"
    typed("confirm", "--all", at=DAY)
    again = typed("confirm", "--all", at=DAY)
    assert "There is nothing to do." in again.out
    errors = typed("sheet", "errors", "--json").json["rows"]
    confirmed = typed("sheet", "confirmed", "--json").json["rows"]
    assert [row["name"] for row in errors] == [person.name]
    assert [row["name"] for row in confirmed] == [example_person(n).name for n in (0, 2)]
    typed("submit", at=DAY)


def test_what_is_wrong_with_an_error_sheet_is_told_by_row(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell("s23")
    typed.open("--people", typed.people(1))
    sheet = tmp_path / "errors.csv"
    one = example_person(0)
    sheet.write_text("姓名,证件号码,更正为\n", "utf-8")
    assert "[cards.errors.headings]" in typed("note-errors", "--sheet", sheet, status=1).err
    sheet.write_text(
        f"姓名,证件号码,项目,更正为\n{one.name},{one.document.number},,张\n"
        f"{one.name},{one.document.number},照片,\n",
        "utf-8",
    )
    told = typed("note-errors", "--sheet", sheet, status=1).err
    assert "[cards.errors.field]" in told
    assert "row 2" in told
    assert "[cli.one-of]" in typed("note-errors", status=2).err


def test_who_is_rejected_is_neither_collected_nor_handed_out(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell("s23")
    typed.open("--people", typed.people(3))
    typed("confirm", "--all", at=DAY)
    typed("submit", at=DAY)
    rejected = tmp_path / "rejected.csv"
    rejected.write_text(f"证件号码,原因\n{_number(1)},照片不合格\n", "utf-8")
    told = typed("result", "--rejected", rejected, "--reject", "3", "已有卡", at=DAY)
    assert "照片不合格" in told.out
    typed("collect", at=DAY)
    assert "[cards.not-collected]" in typed("hand-out", "2", at=DAY, status=1).err
    typed("hand-out", "--all", at=DAY)
    found = typed.state()
    assert found["state"] == "done"
    assert [row["rejected"] for row in found["rows"]] == [None, "照片不合格", "已有卡"]
    assert found["next"] == ["rejected, to be applied for anew: 2"]
    listed = typed("list", "--state", "rejected")
    assert "已有卡" in listed.out
    assert example_person(0).name not in listed.out
    assert "nobody like that" in typed("list", "--state", "entered").out
    rejected.write_text("人员\n", "utf-8")
    assert "[cards.rejected.headings]" in typed("result", "--rejected", rejected, status=1).err


def test_nobody_is_left_out_of_a_batch_unsaid(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell()
    listed = tmp_path / "broken.csv"
    one = example_person(0)
    listed.write_text(
        f"姓名,证件号码\n{one.name},{one.document.number}\n李四,110105199003070018\n", "utf-8"
    )
    refused = typed.open("--people", listed, status=1)
    assert "row 3" in refused.err
    assert not typed.book.exists()
    typed.open("--people", typed.people(3))
    assert "[cards.already-open]" in typed.open("--people", typed.people(3), status=1).err


def test_a_photograph_that_does_not_conform_stays_out_and_stands_on_the_error_sheet(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell("s33")
    typed.open("--people", typed.people(2))
    folder = typed.photos(0, 1, name="{name}.png")
    refused = typed("photos", folder, "--out", tmp_path / "out", "--as-they-are", status=1)
    assert "[attachment.format]" in refused.err
    assert not (tmp_path / "out").exists()
    sheet = typed("sheet", "errors", "--photos", folder, "--as-they-are", "--json").json["rows"]
    assert {row["name"] for row in sheet} == {example_person(n).name for n in (0, 1)}
    packed = typed(
        *("photos", folder, "--out", tmp_path / "out", "--unit-number", "123"),
        *("--unit-name", "某公司", "--json"),
        at=DAY,
    ).json
    assert packed["archive"].endswith("123某公司.zip")
    assert [row["photo"] for row in packed["batch"]["rows"]] == [
        f"{_number(n)}.jpg" for n in (0, 1)
    ]
    typed("confirm", "--all", at=DAY)
    typed("submit", at=DAY)
    late = typed("photos", folder, "--out", tmp_path / "late", at=DAY, status=1)
    assert "[cards.wrong-state]" in late.err
    assert not (tmp_path / "late").exists(), "nothing is packed that the batch does not take"


def test_a_list_can_say_whose_photograph_is_which(shell: Callable[..., Terminal]) -> None:
    typed = shell("s33")
    listed = typed.people(1, "照片=IMG_0.png")
    typed.open("--people", listed)
    folder = typed.photos(0, name="IMG_{n}.png")
    out = typed.folder / "out"
    assert "[cards.photo-of-nobody]" in typed("photos", folder, "--out", out, status=1).err
    typed("photos", folder, "--out", out, "--list", listed)
    assert typed.state()["rows"][0]["photo"] == f"{_number(0)}.jpg"


def test_without_a_rule_for_photographs_none_is_taken_in(shell: Callable[..., Terminal]) -> None:
    typed = shell()
    own = typed.folder / "none.toml"
    own.write_text('division = "990000"\n', "utf-8")
    typed.call(
        "cards",
        "open",
        "B1",
        "--region",
        "990000",
        "--people",
        typed.people(1),
        "--book",
        typed.book,
    )
    found = typed("photos", typed.photos(0), "--overlay", own, status=1)
    assert "[cards.no-photo-rule]" in found.err


def test_a_region_without_rules_for_cards_says_that_nothing_is_checked(
    shell: Callable[..., Terminal],
) -> None:
    typed = shell()
    opened = typed.call(
        *("cards", "open", "B1", "--region", "990000"),
        *("--people", typed.people(1), "--book", typed.book),
    )
    assert opened.status == 0
    assert "[cards.no-rules]" in opened.err
    typed("submit", at=DAY)


def test_s34_days_and_fees_are_told_for_a_month(shell: Callable[..., Terminal]) -> None:
    typed = shell("s34")
    asked = ("--region", typed.region, "--enrolled", "2026-12")
    found = typed("days", *asked, "--people", "7")
    assert "by 2027-01-03" in found.out
    assert "by 2027-01-19" in found.out
    assert "140.00 for 7" in found.out
    plain = typed("days", *asked, "--people", "7", "--json").json
    assert (plain["photo_fees"], plain["card_fees"]) == ("28.00", "140.00")
    assert "no days" in typed.call("cards", "days", *asked).out


def test_s34_a_batch_of_people_enrolled_in_a_month_goes_out_after_its_last_day(
    shell: Callable[..., Terminal],
) -> None:
    typed = shell("s34")
    typed.open("--people", typed.people(2), "--enrolled", "2026-12")
    steps = typed.state("2027-01-03T10:00")["next"]
    assert steps == [
        "photographs by 2027-01-03",
        "forms and fee by 2027-01-19; hand it in after that day",
    ]
    assert "[cards.too-early]" in typed("submit", at="2027-01-19T16:00", status=1).err
    assert typed.state("2027-01-20T09:00")["next"] == ["can be handed in"]
    typed("submit", at="2027-01-20T09:00")


def test_a_command_that_is_sent_again_happens_once(shell: Callable[..., Terminal]) -> None:
    typed = shell("s23")
    typed.open("--people", typed.people(2))
    for _ in range(2):
        typed("confirm", "1", "--key", "c1", at=DAY)
    assert "This was done before." in typed("confirm", "1", "--key", "c1", at=DAY).out
    assert [one["type"] for one in typed("history", "--json").json["events"]].count(
        "Confirmed"
    ) == 1
    other = typed("confirm", "2", "--key", "c1", at=DAY, status=1)
    assert "[command.key-reused]" in other.err


def test_wrong_usage_ends_with_two(shell: Callable[..., Terminal]) -> None:
    typed = shell()
    listed = typed.people(1)
    for arguments, code in (
        ((), "cli.parameter-missing"),
        (("--kind", "correction"), "cli.parameter-missing"),
        (("--kind", "correction", "--errors", listed, "--people", listed), "cli.one-of"),
        (("--errors", listed, "--people", listed), "cli.only-with"),
        (("--kind", "gift", "--people", listed), "cli.choice"),
    ):
        assert f"[{code}]" in typed.open(*arguments, status=2).err
    typed.open("--people", listed)
    assert "[cli.one-of]" in typed("confirm", status=2).err
    assert "[cli.one-of]" in typed("confirm", "1", "--all", status=2).err
    assert "[cli.folder]" in typed("photos", listed, status=2).err


def test_a_file_without_a_batch_and_a_damaged_one_are_told(
    shell: Callable[..., Terminal], tmp_path: Path
) -> None:
    typed = shell()
    typed.call(
        "pay",
        "open",
        "--book",
        typed.book,
        "--region",
        "middle",
        "--account",
        "A1",
        "--month",
        "2026-11",
    )
    assert "[cards.not-opened]" in typed("status", status=1).err
    typed.open("--people", typed.people(3))
    assert typed("status").status == 0
    typed.book.write_bytes(typed.book.read_bytes()[:5000])
    assert "[store." in typed("status", status=1).err


def test_a_batch_is_told_in_chinese_as_well(shell: Callable[..., Terminal]) -> None:
    typed = shell("s23")
    typed.open("--people", typed.people(2))
    for command in ("status", "list", "history"):
        found = typed.call("cards", command, "--book", typed.book, "--lang", "zh").out
        assert "采集" in found or "建立批次" in found
        assert not re.search("people|entered|batch", found.casefold())
    help_ = typed.call("cards", "--help", "--lang", "zh")
    for word in ("勘误", "领卡", "补换卡", "进度"):
        assert word in help_.out


def _number(place: int) -> str:
    return example_person(place).document.number
