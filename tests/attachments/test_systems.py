"""What bureaus ask of pictures: a photograph that would be sent back is known before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

import socialins as si
from socialins.attachments import check, fix

System = Callable[[str], si.Region]
Portrait = Callable[..., Image.Image]
Saved = Callable[..., bytes]


def codes(found: Any) -> set[str]:
    return {fault.code for fault in found.faults}


def test_s01_only_jpg_up_to_500_kb_with_a_plain_name(portrait: Portrait, saved: Saved) -> None:
    rule = si.region("harbin").photo_rule("upload")
    assert rule.mark.value == "B"
    small = saved(portrait())
    assert check(small, rule, name="scan1.jpg").ok
    assert codes(check(small, rule, name="营业执照.jpg")) == {"attachment.name.characters"}
    assert codes(check(small, rule, name="scan(1).jpg")) == {"attachment.name.characters"}
    # A KB is 1024 bytes: the last byte that fits, and the first that doesn't.
    most = small + bytes(500 * 1024 - len(small))
    assert codes(check(most, rule, name="a.jpg")) == {"attachment.size.advised"}
    assert codes(check(most + b"\0", rule, name="a.jpg")) == {"attachment.size.above"}
    # A copy gets a name that is taken, and says so.
    for name, right in (("营业执照-2.jpg", "2.jpg"), ("scan_1.JPG", "scan1.JPG")):
        renamed = fix(small, rule, name=name)
        assert (renamed.name, renamed.data) == (right, small)
        assert [one.code for one in renamed.changes] == ["renamed"]
    assert (
        fix(small, rule, name="营业执照.jpg").name != fix(small + b"\0", rule, name="执照.jpg").name
    )
    # What is in the file counts, and not its name.
    png = saved(portrait(), "png")
    assert codes(check(png, rule, name="a.jpg")) == {
        "attachment.format",
        "attachment.name.ending",
    }


def test_s01_a_large_scan_is_made_small_enough_to_upload(portrait: Portrait, saved: Saved) -> None:
    rule = si.region("harbin").photo_rule("upload")
    for noise, advised in ((8, True), (90, False)):
        scan = saved(portrait((2480, 3508), noise=noise), quality=97)
        assert len(scan) > 500 * 1024
        fixed = fix(scan, rule, name="scan1.jpg")
        assert fixed.report.ok
        assert len(fixed.data) <= 500 * 1000
        # What was advised is kept where a sharp picture allows it.
        assert (not fixed.report.faults) is advised


def test_s12_papers_that_the_unit_keeps_are_not_asked_for(system: System) -> None:
    found = system("s12").check_set("staff.add", {})
    assert found.ok
    assert found.kept == ("contract", "table")


def test_s17_required_papers_must_be_there_and_optional_ones_may(
    system: System, portrait: Portrait, saved: Saved
) -> None:
    place = system("s17")
    missing = place.check_set("staff.add", {"optional": saved(portrait())})
    assert [fault.code for fault in missing.faults] == ["attachment.set.missing"]
    assert place.check_set("staff.add", {"required": [saved(portrait()), saved(portrait())]}).ok
    stranger = place.check_set("staff.add", {"required": saved(portrait()), "x": b""})
    assert [fault.code for fault in stranger.faults] == ["attachment.set.unknown"]


def test_s20_358_by_441_below_50_kb_before_white_or_light_blue(
    system: System, portrait: Portrait, saved: Saved
) -> None:
    rule = system("s20").photo_rule("card-photo")
    assert check(saved(portrait()), rule).ok
    assert check(saved(portrait(background=(173, 216, 230))), rule).ok
    assert codes(check(saved(portrait(background=(200, 30, 30))), rule)) == {
        "attachment.background"
    }
    assert codes(check(saved(portrait((441, 358))), rule)) == {"attachment.pixels"}
    # "Less than 50 KB": fifty are too many.
    small = saved(portrait())
    just = small + bytes(50 * 1024 - 1 - len(small))
    assert check(just, rule).ok
    assert codes(check(just + b"\0", rule)) == {"attachment.size.not-below"}


def test_s23_sheets_go_in_on_paper_and_copies_may_follow(system: System) -> None:
    place = system("s23")
    found = place.check_set("card.request", {})
    assert found.ok
    assert found.on_paper == ("errors", "confirmed", "request", "id-copies", "error-copies")
    needed = {one.id for one in place.businesses["card.request"].materials if one.required}
    assert needed == {"errors", "confirmed", "request"}


def test_s24_everything_about_a_photograph_is_asked_for(
    system: System, portrait: Portrait, saved: Saved, person: si.InsuredPerson
) -> None:
    rule = system("s24").photo_rule("card-photo")
    right = f"{person.document.number}_{person.name}.JPG"
    bare = saved(portrait(), quality=95)
    assert "attachment.dpi" in codes(check(bare, rule, name=right, person=person))
    good = fix(saved(portrait(noise=40), quality=95), rule, name="x.png", person=person)
    assert good.name == right
    assert not good.report.faults
    assert 14 * 1024 <= len(good.data) <= 40 * 1000
    measured = good.report.measured
    assert measured is not None
    assert (measured.dpi, measured.bits, measured.format.value) == ((350, 350), 24, "jpeg")
    assert measured.background is not None
    assert measured.background.value == "white"
    # Only "generally" 14k to 40k: another size is a warning.
    plain = saved(portrait(), dpi=(350, 350))
    found = check(plain, rule, name=right, person=person)
    assert found.ok
    assert codes(found) == {"attachment.size.unusual"}
    grey = saved(portrait(mode="L"), dpi=(350, 350))
    assert "attachment.colour" in codes(check(grey, rule, name=right, person=person))
    blue = saved(portrait(background=(173, 216, 230)), dpi=(350, 350))
    assert "attachment.background" in codes(check(blue, rule, name=right, person=person))


def test_s26_the_photograph_is_on_paper_and_nothing_is_uploaded(system: System) -> None:
    beijing = si.region("beijing")
    found = beijing.check_set("card.request", {})
    assert found.ok
    assert len(found.on_paper) == 3
    assert any("白底" in paper for paper in found.on_paper)


def test_s33_the_name_is_the_number_alone(
    system: System, portrait: Portrait, saved: Saved, person: si.InsuredPerson
) -> None:
    rule = system("s33").photo_rule("card-photo")
    data = saved(portrait(), dpi=(350, 350))
    number = person.document.number
    assert check(data, rule, name=f"{number}.jpg").ok
    assert check(data, rule, name=f"{number}.JPG", person=person).ok
    wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
    assert codes(check(data, rule, name=f"{wrong}.jpg")) == {"attachment.name.number"}
    assert codes(check(data, rule, name=f"{number[:-1]}.jpg")) == {"attachment.name.number"}
    for name in (f"{number}_{person.name}.jpg", f" {number}.jpg", f"{number} .jpg", "张三.jpg"):
        assert not check(data, rule, name=name).ok
        assert not check(data, rule, name=name, person=person).ok
    # 100 KB are within 100 KB.
    just = data + bytes(100 * 1024 - len(data))
    assert check(just, rule, name=f"{number}.jpg").ok
    assert not check(just + b"\0", rule, name=f"{number}.jpg").ok
    assert codes(check(saved(portrait(), dpi=(72, 72)), rule, name=f"{number}.jpg")) == {
        "attachment.dpi"
    }


@pytest.mark.parametrize("slug", ["s20", "s24", "s33"])
def test_every_rule_says_where_it_was_read(system: System, slug: str) -> None:
    region = system(slug)
    rule = region.photo_rule("card-photo")
    assert rule.sources
    assert set(rule.sources) <= set(region.book.sources)
    with pytest.raises(si.FaultError, match="card-photo"):
        region.photo_rule("passport")
