"""Files that are not what they seem: a clear fault, and neither memory nor time is lost on them."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import textwrap
import time
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st
from PIL import Image

import socialins as si
from socialins.attachments import AttachmentError, Limits, check, fix
from socialins.attachments.limits import LIMITS
from socialins.attachments.names import unsafe
from socialins.faults import Text
from socialins.rules.attachment import AttachmentRule

Portrait = Callable[..., Image.Image]
Saved = Callable[..., bytes]

ANY = AttachmentRule(id="any", title=Text("任意", "any"), sources=())
JPEG = AttachmentRule(id="jpeg", title=Text("照片", "photograph"), formats=("jpeg",), sources=())


def code(data: bytes, **how: object) -> str:
    """The one fault of a file; making a copy of it stumbles over the same one."""
    found = check(data, ANY, **how)  # type: ignore[arg-type]
    assert len(found.faults) == 1, found.faults
    first = found.faults[0]
    if first.is_error and first.code not in {"attachment.animated", "attachment.polyglot"}:
        with pytest.raises(AttachmentError) as raised:
            fix(data, ANY, **how)  # type: ignore[arg-type]
        assert raised.value.fault.code == first.code
    return first.code


def png(width: int, height: int, body: bytes = b"") -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        check_sum = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check_sum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    whole = (b"IHDR", header), (b"IDAT", body or zlib.compress(bytes(1000))), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in whole)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"\xef\xbb\xbf  <HTML>", "a web page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a web page"),
        (b"%PDF-1.7\n...", "a PDF file"),
        (b"PK\x03\x04...", "an archive"),
        (b"MZ\x90\0", "a program"),
        (b"II*\0" + bytes(20), "a TIFF picture"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "a HEIC picture"),
        (b"hello, this is text", "no known kind of picture"),
        (b"BM", "no known kind of picture"),
    ],
)
def test_what_is_called_jpg_and_is_none_is_named_for_what_it_is(data: bytes, words: str) -> None:
    found = check(data, JPEG, name="a.jpg")
    assert [fault.code for fault in found.faults] == ["attachment.kind"]
    assert words in found.faults[0].message("en")
    assert not found.ok
    assert found.measured is None


def test_an_empty_file_and_one_of_zeros_are_told(tmp_path: Path) -> None:
    assert code(b"") == "attachment.empty"
    assert code(bytes(5000)) == "attachment.empty"
    found = check(tmp_path / "none.jpg", ANY)
    assert [fault.code for fault in found.faults] == ["attachment.no-file"]
    assert check(tmp_path, ANY).faults[0].code == "attachment.no-file"
    assert check("a\0b.jpg", ANY).faults[0].code in {
        "attachment.no-file",
        "attachment.unreadable",
    }


@pytest.mark.parametrize("kind", ["jpeg", "png", "gif", "bmp", "webp"])
def test_a_picture_cut_off_anywhere_is_no_picture(
    kind: str, portrait: Portrait, saved: Saved
) -> None:
    whole = saved(portrait((64, 80)), kind)
    assert check(whole, ANY).ok
    for keep in range(1, len(whole) - 1, max(1, len(whole) // 40)):
        found = check(whole[:keep], ANY)
        assert not found.ok, keep


def test_a_picture_whose_data_are_garbage_is_told(portrait: Portrait, saved: Saved) -> None:
    assert code(png(100, 100)) == "attachment.damaged"
    assert code(png(100, 100, b"garbage")) == "attachment.damaged"


@pytest.mark.parametrize("side", [40_000, 65_535, 2**31 - 1, 2**32 - 1])
def test_a_header_of_gigabytes_is_refused_unread(side: int) -> None:
    begin = time.perf_counter()
    assert code(png(side, side)) == "attachment.pixels.too-many"
    assert time.perf_counter() - begin < 1
    assert code(png(side, 1)) == "attachment.pixels.too-many"
    assert code(png(0, side)) == "attachment.damaged"


def test_limits_are_parameters(portrait: Portrait, saved: Saved, tmp_path: Path) -> None:
    picture = saved(portrait())
    assert code(picture, limits=Limits(pixels=358 * 441 - 1)) == "attachment.pixels.too-many"
    assert check(picture, ANY, limits=Limits(pixels=358 * 441)).ok
    assert code(picture, limits=Limits(side=440)) == "attachment.pixels.too-many"
    assert code(picture, limits=Limits(size=len(picture) - 1)) == "attachment.file.too-large"
    assert check(picture, ANY, limits=Limits(size=len(picture))).ok
    path = tmp_path / "a.jpg"
    path.write_bytes(picture)
    small = Limits(size=len(picture) - 1)
    assert check(path, ANY, limits=small).faults[0].code == "attachment.file.too-large"
    progressive = saved(portrait(), progressive=True)
    assert check(progressive, ANY).ok
    assert code(progressive, limits=Limits(scans=3)) == "attachment.scans"
    assert code(picture, limits=Limits(blocks=3)) == "attachment.damaged"
    with pytest.raises(ValueError, match="at least 1"):
        Limits(pixels=0)


def test_a_bomb_takes_no_memory() -> None:
    """In a process that may not have more than it needs: 4 GB of pixels in a small file."""
    pytest.importorskip("resource")
    script = textwrap.dedent(
        """
        import resource, struct, zlib, sys
        from socialins.attachments import check, fix, AttachmentError
        from socialins.faults import Text
        from socialins.rules.attachment import AttachmentRule
        import PIL.Image
        used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000,) * 2)
        rule = AttachmentRule(id="any", title=Text("", ""), sources=())
        def chunk(name, data):
            mark = struct.pack(">I", zlib.crc32(name + data))
            return struct.pack(">I", len(data)) + name + data + mark
        packed = zlib.compressobj(9)
        body = b"".join(packed.compress(bytes(1 << 20)) for _ in range(300)) + packed.flush()
        for side in (36_000, 30_000, 65_000):
            head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            data = b"\\x89PNG\\r\\n\\x1a\\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")
            assert len(data) < 1_000_000
            assert [one.code for one in check(data, rule).faults] == ["attachment.pixels.too-many"]
            try:
                fix(data, rule)
            except AttachmentError as error:
                assert error.fault.code == "attachment.pixels.too-many"
        # A text chunk that unpacks to 300 MB, in a picture of one pixel.
        head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        text = chunk(b"zTXt", b"k\\0\\0" + body) + chunk(b"iCCP", b"k\\0\\0" + body)
        data = b"\\x89PNG\\r\\n\\x1a\\n" + head + text + chunk(b"IDAT", zlib.compress(bytes(4)))
        found = check(data + chunk(b"IEND", b""), rule)
        print(sorted(one.code for one in found.faults))
        """
    )
    if not Path("/proc/self/statm").exists():
        pytest.skip("the system does not tell how much memory is in use")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in {"[]", "['attachment.damaged']"}


def test_a_file_behind_a_picture_does_not_go_out_with_it(portrait: Portrait, saved: Saved) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.html", "<script>")
    for kind in ("jpeg", "png", "gif", "bmp", "webp"):
        picture = saved(portrait((64, 80)), kind)
        assert check(picture, ANY).ok, kind
        both = picture + archive.getvalue()
        assert zipfile.is_zipfile(io.BytesIO(both))
        assert code(both) == "attachment.polyglot", kind
        assert code(picture + b"\n<!DOCTYPE html><script>") == "attachment.polyglot"
        assert code(picture + b"more of it") == "attachment.tail"
        assert check(picture + bytes(400), ANY).ok, "zeros that fill up a block hide nothing"
        fixed = fix(both, ANY)
        assert not zipfile.is_zipfile(io.BytesIO(fixed.data))
        assert {one.code for one in fixed.changes} >= {"tail"}


def test_an_animation_is_told_and_its_first_picture_kept(portrait: Portrait, saved: Saved) -> None:
    frames = [portrait((64, 80)), portrait((64, 80), (0, 0, 0))]
    for kind in ("gif", "png", "webp"):
        moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert code(moving) == "attachment.animated"
        fixed = fix(moving, JPEG)
        assert "first-frame" in {one.code for one in fixed.changes}
        assert fixed.report.measured is not None
        assert fixed.report.measured.frames == 1
        corner = Image.open(io.BytesIO(fixed.data)).getpixel((1, 1))
        assert isinstance(corner, tuple)
        assert min(corner) > 230, "the first frame has the white background"


def test_cmyk_16_bits_palettes_and_alpha_are_measured_and_made_24_bit_rgb(
    portrait: Portrait, saved: Saved
) -> None:
    rule = AttachmentRule(id="rgb", title=Text("", ""), colour="rgb-24", sources=())
    deep = Image.new("I;16", (64, 80), 65_535)
    alpha = portrait((64, 80)).convert("RGBA")
    alpha.putalpha(0)
    pictures = {
        "32-bit CMYK": saved(portrait((64, 80), mode="CMYK")),
        "16-bit grey": saved(deep, "png"),
        "8-bit grey": saved(portrait((64, 80), mode="L")),
        "32-bit RGBA": saved(alpha, "png"),
        "8-bit palette": saved(portrait((64, 80), mode="P"), "gif"),
        "1-bit grey": saved(portrait((64, 80), mode="1"), "png"),
        "16-bit grey+alpha": saved(portrait((64, 80), mode="LA"), "png"),
    }
    for coding, data in pictures.items():
        found = check(data, rule)
        assert [fault.code for fault in found.faults] == ["attachment.colour"], coding
        assert coding in found.faults[0].message("en")
        fixed = fix(data, rule)
        assert fixed.report.ok
        assert "colour" in {one.code for one in fixed.changes}
        corner = Image.open(io.BytesIO(fixed.data)).convert("RGB").getpixel((1, 1))
        assert isinstance(corner, tuple)
        assert min(corner) > 240, f"{coding}: white stays white"


BAD_NAMES = [
    "../a.jpg",
    "..\\a.jpg",
    "/etc/a.jpg",
    "C:a.jpg",
    "..",
    "a\0.jpg",
    "a\n.jpg",
    "con.jpg",
    "CON",
    "Lpt1.tar.jpg",
    "aux .jpg",
    "a\u202egpj.exe",
    "\ufeffa.jpg",
    "a\u200b.jpg",
    "a?.jpg",
    'a".jpg',
    "a.jpg.",
    " a.jpg",
    "a" * 201,
    "张" * 70 + ".jpg",
    "a:stream.jpg",
    "\ud800.jpg",
]


@pytest.mark.parametrize("name", BAD_NAMES, ids=repr)
def test_a_name_that_leads_astray_is_refused_and_never_written(
    name: str, portrait: Portrait, saved: Saved, tmp_path: Path
) -> None:
    picture = saved(portrait((64, 80)))
    found = check(picture, ANY, name=name)
    assert [fault.code for fault in found.faults] == ["attachment.name.unsafe"]
    for lang in ("zh", "en"):
        shown = found.faults[0].message(lang)
        assert not {"\0", "\n", "\u202e", "\ud800"} & set(shown)
    with pytest.raises(AttachmentError) as raised:
        fix(picture, ANY, name=name).save(tmp_path / "out")
    assert raised.value.fault.code == "attachment.name.unsafe"
    assert not list(tmp_path.rglob("*.jpg"))
    hostile = si.InsuredPerson(name, si.IdDocument("passport", "E12345678"))
    rule = AttachmentRule(id="x", title=Text("", ""), pattern="{name}{id_number}/", sources=())
    with pytest.raises(AttachmentError):
        fix(picture, rule, person=hostile)


@given(st.text(max_size=40))
@example("nul")
def test_a_safe_name_is_a_single_file_on_any_system(name: str) -> None:
    if unsafe(name, LIMITS) is None:
        assert Path(name).name == name
        assert not set(name) & set('/\\:*?"<>|\0')
        assert name.isprintable() or "\u3000" in name or "\xa0" in name or " " in name


@given(st.binary(max_size=300))
@example(b"\xff\xd8\xff\xd9")
@example(b"\xff\xd8\xff" + b"\xff" * 200)
@example(b"\x89PNG\r\n\x1a\n" + b"\xff" * 40)
@example(b"GIF89a" + bytes(40))
@example(b"RIFF\xff\xff\xff\xffWEBPVP8X" + bytes(20))
def test_no_bytes_bring_the_check_down(data: bytes) -> None:
    heads = (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"RIFF0000WEBP")
    for head in heads:
        found = check(head + data, ANY)
        assert found.ok is not any(fault.is_error for fault in found.faults)


def _originals() -> list[bytes]:
    picture = Image.linear_gradient("L").resize((40, 50)).convert("RGB")
    made = []
    for kind, how in (
        ("jpeg", {}),
        ("jpeg", {"progressive": True, "dpi": (350, 350)}),
        ("png", {}),
        ("png", {"save_all": True, "append_images": [picture.transpose(0)]}),
        ("gif", {"save_all": True, "append_images": [picture.transpose(0)]}),
        ("bmp", {}),
        ("webp", {}),
        ("webp", {"lossless": True}),
    ):
        out = io.BytesIO()
        picture.save(out, kind, **how)
        made.append(out.getvalue())
    return made


ORIGINALS = _originals()


@settings(max_examples=300)
@given(st.sampled_from(range(len(ORIGINALS))), st.integers(0, 2**32), st.integers(1, 12))
def test_a_real_picture_with_bytes_changed_is_read_or_refused(
    which: int, seed: int, slips: int
) -> None:
    rng = random.Random(seed)
    data = bytearray(ORIGINALS[which])
    for _ in range(slips):
        place = rng.randrange(len(data))
        match rng.randrange(3):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                del data[place : place + rng.randrange(1, 8)]
            case _:
                data[place:place] = rng.randbytes(rng.randrange(1, 8))
        if not data:
            break
    limits = Limits(pixels=4_000_000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = check(bytes(data), JPEG, limits=limits)
        try:
            made = fix(bytes(data), JPEG, limits=limits).report.ok
        except AttachmentError:
            made = False
        assert made or not found.ok


def test_a_rule_can_be_read_and_a_page_told_without_pillow() -> None:
    script = textwrap.dedent(
        """
        import sys
        sys.modules["PIL"] = None
        import socialins as si
        from socialins.attachments import check
        from socialins.testing.middle import middle
        from socialins.attachments import fix
        rule = middle().photo_rule("card-photo")
        assert check(b"<html>", rule).faults[0].code == "attachment.kind"
        try:
            fix(open(sys.argv[1], "rb").read(), rule)
        except si.MissingExtra as error:
            print(error)
        """
    )
    picture = Path(__file__).parents[2] / "examples" / "photos" / "portrait.png"
    done = subprocess.run(
        [sys.executable, "-c", script, str(picture)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "pip install 'socialins[photos]'" in done.stdout
