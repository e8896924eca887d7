"""Archives of photographs: everybody is in it once or told why not, and copies are the same."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.attachments import AttachmentError, Limits, Settings, match
from socialins.cards import bundle
from socialins.cards.people import read_people
from socialins.faults import Text
from socialins.forms.errors import FormError
from socialins.rules.attachment import AttachmentRule
from socialins.rules.card import CardRules
from socialins.testing.roundtrip import example_person

People = Callable[[int], list[si.InsuredPerson]]
Pictures = Callable[..., bytes]

RULE = AttachmentRule(
    id="card-photo",
    title=Text("照片", "photograph"),
    formats=("jpeg",),
    width=358,
    height=441,
    pattern="{id_number}_{name}.jpg",
    sources=(),
)


def test_whoever_has_no_photograph_and_whatever_is_nobodys_is_told(
    people: People, photo: Pictures
) -> None:
    staff = people(6)
    number = [one.document.number for one in staff]
    files = {
        f"{number[0]}.jpg": photo(0),
        f"照片_{staff[1].name}.jpg": photo(1),
        f"{number[2]}.jpg": photo(2),
        f"{number[2]}-2.jpg": photo(2),
        f"{number[3]}.jpg": photo(3, (100, 100)),
        "IMG_0001.jpg": photo(9),
        f"{number[0]}_{number[1]}.jpg": photo(8),
        "x5.jpg": photo(5),
    }
    packed = bundle(staff, files, RULE, given={"x5.jpg": 5})
    assert not packed.ok
    assert [one.name for one in packed.without_error] == [staff[n].name for n in (0, 1, 5)]
    told = {one.name: {fault.code for fault in found} for one, found in packed.with_error}
    assert told == {
        staff[2].name: {"cards.photos-of-one"},
        staff[3].name: {"attachment.pixels"},
        staff[4].name: {"cards.photo-missing"},
    }
    assert {fault.code for fault in packed.left_over} == {
        "cards.photo-of-nobody",
        "cards.photo-unclear",
    }
    assert len(packed.all_faults) == 5


@settings(max_examples=60)
@given(st.permutations(range(8)), st.sets(st.integers(0, 7)), st.sets(st.integers(0, 4)))
def test_each_person_and_each_file_stands_in_exactly_one_place(
    order: list[int], there: set[int], strangers: set[int]
) -> None:
    staff = [example_person(n) for n in order]
    files = [f"{example_person(n).document.number}.jpg" for n in there]
    files += [f"stranger{n}.jpg" for n in strangers]
    found = match(staff, files)
    assert sorted([*found.files, *found.without_file, *found.twice]) == list(range(8))
    placed = [*found.files.values(), *found.without_person, *found.unclear]
    assert sorted(placed) == sorted(files)
    for place, file in found.files.items():
        assert file == f"{staff[place].document.number}.jpg"


def test_people_of_one_name_are_told_apart_by_number_alone(people: People) -> None:
    one, two = people(2)
    twin = si.InsuredPerson(one.name, two.document)
    found = match([one, twin], [f"{one.name}.jpg", f"{twin.document.number}.jpg"])
    assert found.unclear == (f"{one.name}.jpg",)
    assert found.files == {1: f"{twin.document.number}.jpg"}
    assert found.without_file == (0,)


def test_the_same_input_gives_the_same_bytes(
    people: People, photo: Pictures, tmp_path: Path
) -> None:
    staff = people(4)
    files = {f"{one.document.number}.jpg": photo(n) for n, one in enumerate(staff)}
    one = bundle(staff, files, RULE)
    other = bundle(staff[::-1], dict(reversed(files.items())), RULE)
    assert one.to_bytes() == other.to_bytes()
    assert one.to_bytes(manifest=True) == other.to_bytes(manifest=True)
    path = one.save(tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        assert len(set(archive.namelist())) == 4
        manifest = json.loads((tmp_path / "photos.manifest.json").read_text("utf-8"))
        for entry in manifest["photos"]:
            data = archive.read(entry["name"])
            assert hashlib.sha256(data).hexdigest() == entry["sha256"]
            assert len(data) == entry["bytes"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    inside = zipfile.ZipFile(io.BytesIO(one.to_bytes(manifest=True)))
    assert json.loads(inside.read("manifest.json")) == manifest


def test_photographs_are_changed_only_when_that_was_asked_for(
    people: People, photo: Pictures
) -> None:
    (one,) = people(1)
    large = {f"{one.name}.jpg": photo(0, (716, 882))}
    assert not bundle([one], large, RULE).ok
    assert bundle([one], large, RULE, settings=Settings()).ok


def test_a_bundle_is_bounded_and_its_name_leads_nowhere(people: People, photo: Pictures) -> None:
    (one,) = people(1)
    with pytest.raises(AttachmentError) as raised:
        bundle([one], {"a.jpg": b"", "b.jpg": b""}, RULE, limits=Limits(files=1))
    assert raised.value.fault.code == "cards.photos-too-many"
    rules = CardRules(bundle="{unit_number}{unit_name}.zip")
    assert bundle([one], {}, RULE, rules).name == "photos.zip"
    with pytest.raises(AttachmentError) as raised:
        bundle([one], {}, RULE, rules, unit_name="../../某公司")
    assert raised.value.fault.code == "attachment.name.unsafe"
    bad = {f"{one.document.number}.jpg": b"<html>"}
    assert [f.code for f in bundle([one], bad, RULE).all_faults] == ["attachment.kind"]


def test_people_are_read_from_a_list_and_wrong_rows_told(people: People, tmp_path: Path) -> None:
    one, two = people(2)
    path = tmp_path / "people.csv"
    lines = [
        "某公司制卡名单",
        "姓名,身份证号码,照片,备注",
        f"{one.name},{one.document.number},a.jpg,",
        f"{two.name},110105199003070034,b.jpg,",
        f"{two.name},{two.document.number},,",
        f"{one.name},{one.document.number},,",
        f",{two.document.number},,",
    ]
    path.write_text("\n".join(lines), encoding="gb18030")
    found = read_people(path)
    assert found.persons == (one, two)
    assert found.files == {"a.jpg": 0}
    assert [(fault.code, fault.place.row) for fault in found.faults] == [
        ("identity.checksum", 4),
        ("cards.person-twice", 6),
        ("cards.people.incomplete", 7),
    ]
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FormError) as raised:
        read_people(path)
    assert raised.value.fault.code == "cards.people.headings"
