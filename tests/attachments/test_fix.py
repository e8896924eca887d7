"""Copies that conform: what is sent in is the person's own picture, and every change is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image, ImageChops, ImageStat

import socialins as si
from socialins.attachments import AttachmentError, Settings, Tolerance, check, fix
from socialins.attachments.changes import TEXTS
from socialins.faults import Text
from socialins.rules.attachment import AttachmentRule

Portrait = Callable[..., Image.Image]
Saved = Callable[..., bytes]

RULE = AttachmentRule(
    id="card-photo",
    title=Text("照片", "photograph"),
    formats=("jpeg",),
    at_most_kb=50,
    width=358,
    height=441,
    dpi=350,
    colour="rgb-24",
    backgrounds=("white",),
    pattern="{id_number}_{name}.jpg",
    sources=(),
)


def codes(fixed: object) -> set[str]:
    return {one.code for one in fixed.changes}  # type: ignore[attr-defined]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_picture_that_conforms_is_copied_bit_for_bit(
    portrait: Portrait, saved: Saved, person: si.InsuredPerson
) -> None:
    good = saved(portrait(), dpi=(350, 350))
    again = fix(
        good,
        RULE,
        name=RULE.pattern.format(id_number=person.document.number, name=person.name),
        person=person,
    )
    assert again.data == good
    assert again.changes == ()
    renamed = fix(good, RULE, name="a.jpg", person=person)
    assert renamed.data == good
    assert codes(renamed) == {"renamed"}


def test_fixing_twice_changes_nothing_more(
    portrait: Portrait, saved: Saved, person: si.InsuredPerson
) -> None:
    once = fix(saved(portrait((900, 1200)), "png"), RULE, name="a.png", person=person)
    twice = fix(once.data, RULE, name=once.name, person=person)
    assert twice.data == once.data
    assert not twice.changes


@settings(max_examples=40, deadline=None)
@given(
    width=st.integers(380, 1400),
    height=st.integers(450, 1400),
    kind=st.sampled_from(["jpeg", "png", "bmp", "webp"]),
    noise=st.integers(0, 90),
)
def test_whatever_comes_out_keeps_the_rule(
    portrait: Portrait,
    saved: Saved,
    person: si.InsuredPerson,
    *,
    width: int,
    height: int,
    kind: str,
    noise: int,
) -> None:
    data = saved(portrait((width, height), noise=noise), kind)
    wide, high = width * 441, height * 358
    if min(wide, high) * 4 < max(wide, high) * 3:
        # A shape that would lose more than a quarter of a side is refused.
        with pytest.raises(AttachmentError, match="of a side"):
            fix(data, RULE, person=person)
        return
    fixed = fix(data, RULE, person=person)
    found = check(fixed.data, RULE, name=fixed.name, person=person)
    assert found.ok
    assert not [fault for fault in found.faults if fault.is_error]
    assert len(fixed.data) <= 50 * 1000
    assert opened(fixed.data).size == (358, 441)


def test_the_original_is_never_written_to_and_nothing_is_written_over(
    portrait: Portrait, saved: Saved, person: si.InsuredPerson, tmp_path: Path
) -> None:
    source = tmp_path / f"{person.document.number}_{person.name}.jpg"
    before = saved(portrait((700, 900)))
    source.write_bytes(before)
    fixed = fix(source, RULE, person=person)
    with pytest.raises(AttachmentError) as raised:
        fixed.save(tmp_path)
    assert raised.value.fault.code == "attachment.exists"
    assert source.read_bytes() == before
    written = fixed.save(tmp_path / "out")
    assert written.read_bytes() == fixed.data


def test_a_picture_on_its_side_is_turned_upright(portrait: Portrait, saved: Saved) -> None:
    upright = portrait((716, 882))
    ways = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    rule = attrs.evolve(RULE, pattern="", dpi=None)
    plain = opened(fix(saved(upright, quality=95), rule).data)
    for way, turned in ways.items():
        exif = Image.Exif()
        exif[0x0112] = way
        data = saved(upright.transpose(turned), exif=exif, quality=95)
        assert any(fault.code == "attachment.turned" for fault in check(data, rule).faults)
        fixed = fix(data, rule)
        assert {"turned", "stripped"} <= codes(fixed)
        difference = ImageStat.Stat(ImageChops.difference(opened(fixed.data), plain))
        assert max(difference.mean) < 3, way
        assert not opened(fixed.data).getexif()


def test_a_tall_picture_loses_its_lower_part_and_a_wide_one_both_sides(
    saved: Saved, portrait: Portrait
) -> None:
    tall = Image.new("RGB", (358, 541), "white")
    tall.paste((0, 0, 0), (0, 441, 358, 541))
    rule = attrs.evolve(RULE, pattern="", dpi=None)
    kept = opened(fix(saved(tall), rule).data)
    assert min(kept.getextrema()[0]) > 200, "the black below was cut off, the top was kept"
    wide = Image.new("RGB", (458, 441), "white")
    wide.paste((0, 0, 0), (0, 0, 50, 441))
    wide.paste((0, 0, 0), (408, 0, 458, 441))
    kept = opened(fix(saved(wide), rule).data).crop((2, 2, 356, 439))
    assert min(kept.getextrema()[0]) > 150, "equally much was cut off at both sides"
    # Where it lies is the caller's to say.
    lower = Settings(down=1)
    with pytest.raises(AttachmentError) as raised:
        fix(saved(tall.transpose(Image.Transpose.FLIP_TOP_BOTTOM)), rule)
    assert raised.value.fault.code == "attachment.background"
    assert fix(saved(tall.transpose(Image.Transpose.FLIP_TOP_BOTTOM)), rule, settings=lower)


def test_what_would_not_be_honest_is_refused(
    portrait: Portrait, saved: Saved, person: si.InsuredPerson
) -> None:
    def refused(picture: Image.Image, **how: object) -> str:
        with pytest.raises(AttachmentError) as raised:
            fix(saved(picture), RULE, person=person, **how)  # type: ignore[arg-type]
        return raised.value.fault.code

    assert refused(portrait((179, 220))) == "attachment.fix.too-small"
    assert refused(portrait((1400, 441))) == "attachment.fix.shape"
    assert refused(portrait((400, 1000))) == "attachment.fix.shape"
    # A wall behind somebody stays a wall: nothing is painted over.
    assert refused(portrait((716, 882), (120, 80, 60))) == "attachment.background"
    # How far is too far is a parameter.
    assert fix(saved(portrait((300, 370))), RULE, person=person)
    assert refused(portrait((300, 370)), settings=Settings(upscale=1)) == "attachment.fix.too-small"
    generous = Settings(upscale=3, crop="9/10")
    assert fix(saved(portrait((179, 220))), RULE, person=person, settings=generous)
    assert fix(saved(portrait((400, 1000))), RULE, person=person, settings=generous)
    beige = Tolerance(white_from=60, white_spread=80)
    brown = portrait((716, 882), (120, 80, 60))
    assert fix(saved(brown), RULE, person=person, tolerance=beige)


def test_every_reason_is_told_at_once(portrait: Portrait, saved: Saved) -> None:
    tight = attrs.evolve(RULE, at_most_kb=1, pattern="")
    with pytest.raises(AttachmentError) as raised:
        fix(saved(portrait((716, 882), (120, 80, 60), noise=90)), tight)
    assert {fault.code for fault in raised.value.all} == {
        "attachment.size.above",
        "attachment.background",
    }


def test_the_sharpest_that_fits_is_taken(portrait: Portrait, saved: Saved) -> None:
    rule = attrs.evolve(RULE, pattern="", at_most_kb=30)
    noisy = saved(portrait((716, 882), noise=80), quality=97)
    fixed = fix(noisy, rule)
    (compressed,) = (one for one in fixed.changes if one.code == "compressed")
    quality = int(compressed.values["quality"])
    assert 45 <= quality < 92
    assert 20_000 < len(fixed.data) <= 30_000
    least = attrs.evolve(RULE, pattern="", at_least_kb=40, at_most_kb=120)
    larger = fix(noisy, least)
    assert 40 * 1024 <= len(larger.data) <= 120_000
    with pytest.raises(AttachmentError) as raised:
        fix(saved(Image.new("RGB", (358, 441), "white")), least)
    assert raised.value.fault.code == "attachment.size.under", "nothing is padded to look larger"


def test_every_change_can_be_told_in_both_languages(
    portrait: Portrait, saved: Saved, person: si.InsuredPerson
) -> None:
    picture = portrait((800, 1000)).rotate(180).convert("RGBA")
    exif = Image.Exif()
    exif[0x0112] = 3
    exif[0x010F] = "camera"
    data = saved(picture, "png", exif=exif, icc_profile=bytes(9000)) + b"tail"
    fixed = fix(data, RULE, name="a.png", person=person)
    assert codes(fixed) >= {
        "turned",
        "flattened",
        "colour",
        "cropped",
        "resized",
        "format",
        "compressed",
        "dpi",
        "stripped",
        "profile",
        "tail",
        "renamed",
    }
    for change in fixed.changes:
        for lang in ("zh", "en"):
            assert "{" not in change.message(lang)
            assert "?" not in change.message(lang)
    assert codes(fixed) <= TEXTS.keys()
    plain = fixed.to_plain("en")
    assert {one["code"] for one in plain["changes"]} == codes(fixed)
    assert plain["report"]["ok"]


def test_a_camera_picture_is_made_without_unfolding_all_of_it(
    portrait: Portrait, saved: Saved
) -> None:
    large = saved(portrait((3580, 4410)), quality=90)
    rule = attrs.evolve(RULE, pattern="")
    small = saved(portrait((716, 882)), quality=95)
    one, other = (opened(fix(data, rule).data) for data in (large, small))
    assert max(ImageStat.Stat(ImageChops.difference(one, other)).mean) < 4, "the same part is kept"


def test_a_profile_of_colours_stays_with_them(portrait: Portrait, saved: Saved) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    rule = attrs.evolve(RULE, pattern="")
    fixed = fix(saved(portrait((716, 882)), icc_profile=profile), rule)
    assert opened(fixed.data).info["icc_profile"] == profile
    assert "profile" not in codes(fixed)
