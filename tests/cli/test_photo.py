"""`socialins photo`: what would be sent back is known before, and a good copy is at hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

Call = Callable[..., Any]
Number = Callable[[int], str]
OF = ("--region", "middle")


def picture(path: Path, size: tuple[int, int] = (716, 882), **how: Any) -> Path:
    made = Image.new("RGB", size, how.pop("background", "white"))
    middle = (size[0] * 0.3, size[1] * 0.3, size[0] * 0.7, size[1] * 0.8)
    ImageDraw.Draw(made).ellipse(middle, fill=(220, 180, 150))
    made.save(path, **how)
    return path


@pytest.fixture
def folder(tmp_path: Path, number: Number) -> Path:
    """A folder of photographs: two people's, and one that is nobody's."""
    found = tmp_path / "photos"
    found.mkdir()
    picture(found / f"{number(1)}.jpg", quality=95)
    picture(found / "王二.png")
    picture(found / "IMG_1.jpg")
    (found / ".hidden").write_bytes(b"x")
    return found


@pytest.fixture
def people(tmp_path: Path, number: Number) -> Path:
    """The list of the two, and of one who has none."""
    path = tmp_path / "people.csv"
    rows = [("王一", 1), ("王二", 2), ("王三", 3)]
    lines = ["姓名,证件号码", *(f"{name},{number(place)}" for name, place in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_picture_is_checked_and_what_is_wrong_told(call: Call, tmp_path: Path) -> None:
    wrong = picture(tmp_path / "a.jpg", (441, 358))
    ran = call("photo", "check", wrong, *OF)
    assert ran.status == 1
    assert "441×358" in ran.out
    for code in ("attachment.pixels", "attachment.dpi", "attachment.name.pattern"):
        assert f"[{code}]" in ran.err
    assert "0 keep the rule, 1 don't" in ran.out
    plain = call("photo", "check", wrong, *OF, "--json").json
    assert plain["rule"] == "card-photo"
    assert plain["files"][0]["measured"]["width"] == 441
    assert "不合格" in call("--lang", "zh", "photo", "check", wrong, *OF).out
    good = picture(tmp_path / "b1.jpg")
    ran = call("photo", "check", good, *OF, "--rule", "upload")
    assert (ran.status, ran.err) == (0, "")


def test_one_photograph_is_fixed_for_one_person(call: Call, tmp_path: Path, number: Number) -> None:
    source = picture(tmp_path / "a.png", (800, 1000))
    before = source.read_bytes()
    who = ("--id-number", number(1), "--name", "王一")
    out = tmp_path / "out"
    ran = call("photo", "fix", source, *OF, *who, "--out", out)
    assert ran.status == 0, ran.err
    for words in ("cut from", "resized from", "format changed", "resolution set to 350 dpi"):
        assert words in ran.out
    made = out / f"{number(1)}_王一.jpg"
    opened = Image.open(io.BytesIO(made.read_bytes()))
    assert opened.size == (358, 441)
    assert round(opened.info["dpi"][0]) == 350
    assert source.read_bytes() == before
    again = call("photo", "fix", source, *OF, *who, "--out", out)
    assert again.status == 1
    assert "[attachment.exists]" in again.err, "a copy that is there is not written over"
    assert call("photo", "check", made, *OF, *who).status == 0


def test_a_folder_is_fixed_by_a_list_of_people(
    call: Call, folder: Path, people: Path, tmp_path: Path, number: Number
) -> None:
    out = tmp_path / "out"
    ran = call("photo", "fix", folder, *OF, "--people", people, "--out", out)
    assert ran.status == 1
    assert {path.name for path in out.iterdir()} == {
        f"{number(1)}_王一.jpg",
        f"{number(2)}_王二.jpg",
    }
    assert "[cards.photo-of-nobody]" in ran.err
    assert "[cards.photo-missing]" in ran.err
    assert "王三" in ran.err
    assert number(3) not in ran.err, "numbers are shown masked"
    plain = call("photo", "fix", folder, *OF, "--people", people, "--out", out / "2", "--json").json
    assert len(plain["files"]) == 2
    assert {change["code"] for change in plain["files"][0]["changes"]} >= {"resized", "renamed"}
    assert {fault["code"] for fault in plain["faults"]} == {
        "cards.photo-of-nobody",
        "cards.photo-missing",
        "attachment.size.unusual",
    }
    checked = call("photo", "check", out, *OF, "--people", people)
    assert "2 keep the rule, 0 don't" in checked.out


def test_what_can_not_be_made_honest_is_refused_and_the_others_done(
    call: Call, tmp_path: Path, number: Number
) -> None:
    picture(tmp_path / "small.jpg", (100, 120))
    picture(tmp_path / "wall.jpg", background=(120, 80, 60))
    (tmp_path / "page.jpg").write_text("<html>", encoding="utf-8")
    rule = ("--rule", "card-photo")
    ran = call("photo", "fix", tmp_path, *OF, *rule, "--out", tmp_path / "out")
    assert ran.status == 1
    for code in ("attachment.fix.too-small", "attachment.background", "attachment.kind"):
        assert f"[{code}]" in ran.err
    assert not (tmp_path / "out").exists()
    assert "Traceback" not in ran.err


def test_a_wrong_call_is_told(call: Call, tmp_path: Path, number: Number, people: Path) -> None:
    one, two = picture(tmp_path / "a.jpg"), picture(tmp_path / "b.jpg")

    def refused(*arguments: object) -> str:
        ran = call("photo", "check", *arguments)
        assert ran.status == 2
        return str(ran.err)

    who = ("--id-number", number(1), "--name", "王一")
    assert "[cli.file]" in refused(tmp_path / "none.jpg", *OF)
    assert "[cli.only-with]" in refused(one, *OF, "--name", "王一")
    assert "[cli.only-with]" in refused(one, *OF, "--id-number", number(1))
    assert "[cli.one-of]" in refused(one, two, *OF, *who)
    assert "[cli.one-of]" in refused(one, *OF, *who, "--people", people)
    assert "[identity." in refused(one, *OF, "--id-number", "123", "--name", "王一")
    ran = call("photo", "check", one, *OF, "--rule", "passport")
    assert ran.status == 1
    assert "[attachment.rule-unknown]" in ran.err
    assert "card-photo, upload" in ran.err
    ran = call("photo", "check", one, "--region", "middle-province")
    assert ran.status == 2
    assert "[cli.parameter-missing]" in ran.err
    assert call("photo").status == 2
    assert "生成合格的副本" in call("photo", "--help", "--lang", "zh").out


def test_without_the_extra_the_command_says_what_to_install(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    source = picture(tmp_path / "a.jpg")
    monkeypatch.setitem(sys.modules, "PIL", None)
    ran = call("photo", "check", source, *OF)
    assert ran.status == 2
    assert "pip install 'socialins[photos]'" in ran.err
