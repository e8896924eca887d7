"""Card centres as their papers tell: a unit gets its cards, and knows what is lacking."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

import socialins as si
from socialins.attachments import Settings
from socialins.calendar import SHANGHAI
from socialins.cards import (
    AddPhotos,
    CardRow,
    Collect,
    Confirm,
    HandOut,
    NoteErrors,
    OpenBatch,
    Photo,
    RecordReceipt,
    RecordResult,
    Registration,
    Submit,
    Withdraw,
    bundle,
    card_days,
    card_sheet,
    correct,
    effects,
    fees,
    progress,
    registration,
)
from socialins.rules.card import CardFunction

System = Callable[[str], si.Region]
People = Callable[[int], list[si.InsuredPerson]]
Opened = Callable[..., Any]
Pictures = Callable[..., bytes]


def test_s20_a_blank_in_a_correction_leaves_what_stands_on_the_card(
    system: System, people: People, desk: Opened
) -> None:
    before = {"name": "王一", "sex": "男", "id_number": "X"}
    found = correct(before, {"name": "王壹", "sex": "", "id_number": "  "})
    assert found.after == {"name": "王壹", "sex": "男", "id_number": "X"}
    assert found.changes == {"name": ("王一", "王壹")}
    rules = system("s20").cards
    (one,) = people(1)
    blank = CardRow(row="1", person=one, stated={"name": " ", "sex": ""})
    same = CardRow(row="1", person=one, stated={"name": one.name})
    for row in (blank, same):
        asked = {"batch": "B1", "division": "990020", "kind": "correction", "rows": [row]}
        assert desk(rules).refused(OpenBatch, **asked) == {"cards.nothing-corrected"}
    made = desk(rules)
    right = CardRow(row="1", person=one, stated={"name": "张更正", "sex": ""})
    made.done(OpenBatch, batch="B1", division="990020", kind="correction", rows=[right])
    assert made.batch.rows["1"].changes == {"name": "张更正"}
    made.done(Submit)  # a correction needs no photograph


def test_s20_another_bank_keeps_the_old_cards_money_and_the_same_bank_nothing(
    system: System, people: People, desk: Opened
) -> None:
    rules = system("s20").cards
    assert rules is not None
    icbc = "中国工商银行"
    other = effects(rules, "某银行", icbc)
    assert other.stops == (CardFunction.SOCIAL,)
    assert other.keeps == (CardFunction.FINANCIAL,)
    assert other.moves == (CardFunction.SOCIAL,)
    assert "密码" in other.describe("zh")
    assert "password" in other.describe("en")
    same = effects(rules, icbc, icbc)
    assert set(same.stops) == set(same.moves) == set(CardFunction)
    assert same.keeps == ()
    row = CardRow(row="1", person=people(1)[0], bank="某银行", old_bank=icbc)
    asked = {"batch": "B1", "division": "990020", "kind": "reissue"}
    assert desk(rules).refused(OpenBatch, rows=[row], **asked) == {"cards.bank"}
    unknown = effects(system("s29").cards, "a", "b")
    assert not unknown.known
    assert not unknown.stops
    assert "not known" in unknown.describe("en")


def test_s23_confirmed_people_and_errors_go_out_on_sheets_of_their_own(
    system: System, people: People, desk: Opened, tmp_path: Path
) -> None:
    made = desk(system("s23").cards).open(people(3))
    assert made.refused(Submit) == {"cards.unconfirmed"}
    made.done(Confirm, rows=["0"])
    assert made.refused(NoteErrors, errors={"1": {"name": ""}}) == {"cards.error-blank"}
    made.done(NoteErrors, errors={"1": {"name": "张更正"}})
    assert made.refused(Submit) == {"cards.unconfirmed"}
    made.done(Confirm)  # whoever is left
    made.done(Submit)
    errors = card_sheet("errors", made.batch, "2026-11")
    confirmed = card_sheet("confirmed", made.batch, "2026-11")
    names = [one.name for one in people(3)]
    assert [row[1] for row in errors.rows] == [names[1]]
    assert errors.rows[0][3:6] == ("姓名", names[1], "张更正")
    assert [row[1] for row in confirmed.rows] == [names[0], names[2]]
    for sheet in (errors, confirmed):
        assert "不是卡中心" in sheet.foot, "a sheet of our own must not pass for the centre's"
        for ending in ("csv", "xlsx"):
            sheet.save(tmp_path / f"{sheet.kind.value}.{ending}")
    first = (tmp_path / "errors.xlsx").read_bytes()
    errors.save(tmp_path / "errors.xlsx")
    assert (tmp_path / "errors.xlsx").read_bytes() == first


def test_s24_a_group_from_twenty_gets_its_cards_on_the_day_of_the_receipt(
    system: System, people: People, desk: Opened, photo: Pictures
) -> None:
    place = system("s24")
    rule = place.photo_rule("card-photo")
    few = desk(place.cards).open(people(19))
    few.done(AddPhotos, photos=[Photo(row=str(n), name=f"{n}.jpg") for n in range(19)])
    assert few.refused(Submit) == {"cards.group-small"}

    staff = people(20)
    made = desk(place.cards).open(staff)
    assert made.refused(Submit) == {"cards.photo-missing"}
    pictures = {f"{one.document.number}.jpg": photo(n) for n, one in enumerate(staff)}
    packed = bundle(staff, pictures, rule, place.cards, settings=Settings())
    assert packed.ok
    assert [entry.name for entry in packed.entries] == sorted(
        f"{one.document.number}_{one.name}.JPG" for one in staff
    )
    made.done(AddPhotos, photos=packed.photos([str(n) for n in range(20)]))
    made.done(Submit)
    assert made.refused(RecordReceipt, number="R1") == {"cards.receipt-day"}
    assert made.refused(RecordReceipt, ready_on=date(2026, 11, 2)) == {"cards.receipt-past"}
    made.done(RecordReceipt, number="R1", ready_on=date(2026, 11, 20))
    steps = {step.id: step for step in progress(made.batch)}
    assert steps["accept"].stage.value == "done"
    assert steps["make"].stage.value == "in-hand"
    assert "2026-11-20" in steps["make"].note.zh
    assert made.at("2026-11-19 23:59").refused(Collect) == {"cards.not-ready"}
    made.at("2026-11-20 00:00").done(Collect)
    # Everybody signs for their own card.
    assert len(card_sheet("signing", made.batch, "2026-11").rows) == 20
    made.done(HandOut, rows=[str(n) for n in range(19)])
    assert made.state == "collected"
    assert made.refused(HandOut, rows=["3"]) == {"cards.not-collected"}
    made.done(HandOut, rows=["19"])
    assert made.state == "done"
    assert {step.stage.value for step in progress(made.batch)} == {"done"}


def test_s26_the_sheet_is_printed_and_everything_handed_in_on_paper(system: System) -> None:
    beijing = si.region("beijing")
    request = beijing.businesses["card.request"]
    assert [one.required for one in request.materials] == [True, True, True]
    assert not any(one.attachment for one in request.materials)
    assert {channel.value for channel in request.channels} == {"counter"}
    assert "个人信息登记表" in request.materials[0].zh
    assert "增员成功" in request.prerequisites[0].zh


def test_s29_a_unit_without_papers_in_seven_days_is_dropped(system: System) -> None:
    rules = system("s29").cards.registration
    at = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
    unit = Registration(unit_number="1", phone="13800000000", mail="a@b.cn", at=at, nature="企业")

    def told(now: datetime, **more: Any) -> set[str]:
        return {fault.code for fault in registration(rules, unit, now, **more)}

    assert told(at) == {"cards.registration-papers"}
    faults = registration(rules, unit, at)
    for paper in ("营业执照", "组织机构代码证", "税务登记证"):
        assert paper in faults[0].message("zh")
    week = timedelta(days=7)
    assert told(at + week - timedelta(seconds=1)) == {"cards.registration-papers"}
    assert told(at + week) == {"cards.registration-dropped"}
    other = Registration(unit_number="2", phone="13800000000", mail="A@B.CN", at=at)
    found = registration(rules, unit, at, [other])
    assert [fault.code for fault in found].count("cards.contact-taken") == 2
    assert told(at, others=[unit]) == {"cards.registration-papers"}, "its own contact is its own"


def test_s29_the_platform_serves_from_eight_to_nineteen(system: System) -> None:
    rules = system("s29").cards.registration
    assert rules.idle_minutes == 15
    for moment, open_ in (
        (time(7, 59), False),
        (time(8), True),
        (time(18, 59), True),
        (time(19), False),
    ):
        assert rules.serves(moment) is open_
    at = datetime(2026, 11, 2, 9, tzinfo=SHANGHAI)
    unit = Registration(unit_number="1", phone="", mail="", at=at, verified=True)
    night = datetime(2026, 11, 2, 19, tzinfo=SHANGHAI)
    assert [one.code for one in registration(rules, unit, night)] == ["cards.service-closed"]
    # The platform's clock is China's, wherever the caller's stands.
    from datetime import UTC

    assert registration(rules, unit, datetime(2026, 11, 2, 2, tzinfo=UTC)) == ()


def test_s33_the_archive_is_named_by_unit_and_the_photographs_by_number(
    system: System, people: People, photo: Pictures
) -> None:
    place = system("s33")
    staff = people(2)
    pictures = {f"{one.name}.jpg": photo(n) for n, one in enumerate(staff)}
    rule = place.photo_rule("card-photo")
    packed = bundle(staff, pictures, rule, place.cards, unit_number="123", unit_name="某公司")
    assert packed.name == "123某公司.zip"
    assert [entry.name for entry in packed.entries] == [
        f"{one.document.number}.jpg" for one in staff
    ]
    assert packed.entries[0].data == photo(0), "a photograph that conforms goes out as it is"


def test_s34_photographs_by_the_3rd_and_forms_by_the_19th_of_the_month_after(
    system: System,
) -> None:
    rules = system("s34").cards
    days = card_days(rules, "2026-12")
    assert (days.photos_by, days.forms_by) == (date(2027, 1, 3), date(2027, 1, 19))
    nothing = {"photographed": False, "formed": False}
    assert days.late(date(2027, 1, 3), **nothing) == ()
    assert [one.code for one in days.late(date(2027, 1, 4), **nothing)] == ["cards.late-photo"]
    assert [one.code for one in days.late(date(2027, 1, 20), photographed=True, formed=False)] == [
        "cards.late-form"
    ]
    assert not days.handing_in(date(2027, 1, 19))
    assert days.handing_in(date(2027, 1, 20)), "cards are collected after the 19th"
    assert fees(rules, 7) == si.Money.yuan("140")
    assert rules.photo_fee == si.Money.yuan("4")
    assert fees(system("s24").cards, 7) is None, "nobody says what a card costs there"


def test_s34_nothing_is_handed_in_before_the_19th_is_over(
    system: System, people: People, desk: Opened
) -> None:
    rules = system("s34").card_rules()
    rows = [CardRow(row="1", person=people(1)[0])]
    asked = {"batch": "B1", "division": "990034", "kind": "request", "rows": rows}
    made = desk(rules, "2027-01-04 09:00")
    made.done(OpenBatch, **asked, enrolled=si.Month(2026, 12))
    late = made.done(AddPhotos, photos=[Photo(row="1", name="a.jpg")])
    assert [fault.code for fault in late.faults] == ["cards.late-photo"]
    assert made.at("2027-01-19 23:59").refused(Submit) == {"cards.too-early"}
    made.at("2027-01-20 00:00").done(Submit)
    unsaid = desk(rules, "2027-01-04 09:00")
    unsaid.done(OpenBatch, **asked)
    unsaid.done(Submit)  # nobody said of whom it is


@pytest.mark.parametrize("slug", ["s20", "s23", "s24", "s29", "s33", "s34"])
def test_every_rule_for_cards_says_where_it_was_read(system: System, slug: str) -> None:
    region = system(slug)
    rules = region.cards
    assert rules is not None
    assert rules.sources
    assert rules.mark.value == "B"
    assert not rules.photo or rules.photo in region.attachments


def test_what_the_centre_rejects_is_not_collected(
    system: System, people: People, desk: Opened
) -> None:
    made = desk(system("s23").cards).open(people(2))
    made.done(Confirm)
    made.done(Submit)
    made.done(RecordResult, rejected={"1": "照片不合格"})
    made.done(Collect)
    assert made.batch.states["1"].value == "rejected"
    assert made.batch.rejected["1"] == "照片不合格"
    assert made.refused(HandOut, rows=["1"]) == {"cards.not-collected"}
    made.done(HandOut, rows=["0"])
    assert made.state == "done"


def test_a_batch_can_be_taken_back_until_it_is_accepted(
    system: System, people: People, desk: Opened
) -> None:
    made = desk(system("s23").cards).open(people(1))
    made.done(Confirm)
    made.done(Submit)
    made.done(Withdraw)
    assert [step.id for step in progress(made.batch)][-1] == "withdrawn"
    assert made.refused(Submit) == {"cards.wrong-state"}
    late = desk(system("s23").cards).open(people(1))
    late.done(Confirm)
    late.done(Submit)
    late.done(RecordReceipt)
    assert late.refused(Withdraw) == {"cards.wrong-state"}
