"""A letter is printed or named, never left out: names are people's."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

import socialins as si
from socialins.forms import FormError
from socialins.notices import Notice, payment_notice
from socialins.notices.cutting import cut
from socialins.notices.glyphs import Face
from socialins.testing.middle import middle

Bill = Callable[..., si.Settlement]

# Of the list of standard characters of 2013 (通用规范汉字表), those of its third level that stand
# beyond the basic block, and others that registers of names are known for.
RARE = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮"
    "䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮"
)
BEYOND = (
    "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰"
    "𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭"
    "𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡"
    "𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬"
    "𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
)


def letters(made: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(made)).pages)


def test_rare_characters_of_names_are_printed(bill: Bill) -> None:
    names = tuple("王" + RARE[at : at + 8] for at in range(0, len(RARE), 8))
    names += tuple("李" + BEYOND[at : at + 8] for at in range(0, len(BEYOND), 8))
    text = letters(Notice(payment_notice(bill(len(names), "2026-11", names))).to_pdf())
    for name in names:
        assert name in text


def test_a_character_without_a_glyph_is_named_and_nothing_is_written(
    bill: Bill, tmp_path: Path
) -> None:
    notice = Notice(payment_notice(bill(2, "2026-11", ("王\U00031234", "张\x07三\U00010400"))))
    path = tmp_path / "notice.pdf"
    with pytest.raises(FormError) as caught:
        notice.save(path)
    faults = caught.value.all
    assert {fault.values["code"] for fault in faults} == {"U+31234", "U+0007", "U+10400"}
    assert {fault.code for fault in faults} == {"notice.glyph.missing"}
    assert faults[0].place.value == "王\U00031234"
    assert not list(tmp_path.iterdir())
    # A workbook is shown with the fonts of whoever opens it.
    notice.save(tmp_path / "notice.xlsx")


def test_what_has_no_picture_is_not_missed(bill: Bill) -> None:
    notice = Notice(payment_notice(bill(1, "2026-11", ("张\u200b三\ufeff\u202e丰",))))
    assert "张三丰" in letters(notice.to_pdf())


def font_with(path: Path, char: str, rights: int = 0) -> Path:
    """A font that has the picture of 国 for a character."""
    import pylopdf_fonts_zh_cn

    source = Path(str(pylopdf_fonts_zh_cn.__file__)).parent / "NotoSansSC-Regular.otf"
    font = TTFont(BytesIO(cut(source, "国")))
    for table in font["cmap"].tables:
        table.cmap = {ord(char): font.getBestCmap()[ord("国")]}
        if table.format == 4 and ord(char) > 0xFFFF:
            table.cmap = {}
    if ord(char) > 0xFFFF:
        from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

        wide = CmapSubtable.newSubtable(12)
        wide.platformID, wide.platEncID, wide.language = 3, 10, 0
        wide.cmap = {ord(char): font.getGlyphOrder()[-1]}
        font["cmap"].tables.append(wide)
    font["OS/2"].fsType = rights
    font.save(path)
    return path


def test_a_font_of_the_users_own_fills_the_gap(bill: Bill, tmp_path: Path) -> None:
    notice = Notice(payment_notice(bill(1, "2026-11", ("王\U00031234",))))
    own = font_with(tmp_path / "own.ttf", "\U00031234")
    assert "王\U00031234" in letters(notice.to_pdf(fonts=[own]))
    notice.save(tmp_path / "notice.pdf", fonts=[str(own)])
    assert "王\U00031234" in letters((tmp_path / "notice.pdf").read_bytes())


def test_letters_of_two_fonts_stand_side_by_side(bill: Bill, tmp_path: Path) -> None:
    own = font_with(tmp_path / "own.ttf", "\U00031234")
    made = Notice(payment_notice(bill(1, "2026-11", ("王\U00031234三丰",)))).to_pdf(fonts=[own])
    file = pypdfium2.PdfDocument(made)
    text = file[0].get_textpage()
    # PDFium counts in UTF-16: the character beyond the basic plane has two places.
    boxes = {text.get_text_range(at, 1): text.get_charbox(at) for at in range(text.count_chars())}
    left = [boxes[char][0] for char in "王三丰"]
    gap = left[2] - left[1]
    assert gap > 6
    assert left[1] - left[0] == pytest.approx(2 * gap, abs=2)
    file.close()


def test_a_font_that_may_not_be_embedded_is_refused(bill: Bill, tmp_path: Path) -> None:
    notice = Notice(payment_notice(bill(1)))
    own = font_with(tmp_path / "own.ttf", "\U00031234", rights=2)
    with pytest.raises(FormError) as caught:
        notice.to_pdf(fonts=[own])
    assert caught.value.fault.code == "notice.font.restricted"


@pytest.mark.parametrize("content", [b"", b"no font", b"\x00\x01\x00\x00" + b"\xff" * 200, None])
def test_a_file_that_is_no_font_is_named(bill: Bill, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "font.ttf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FormError) as caught:
        Notice(payment_notice(bill(1))).to_pdf(fonts=[path])
    assert caught.value.fault.code == "notice.font.unreadable"
    assert caught.value.fault.values["font"] == "font.ttf"


def test_the_letters_are_cut_alike_and_measured_alike() -> None:
    face = Face()
    source = face.file(0).path
    assert cut(source, "缴费1") == cut(source, "1费缴")
    font = TTFont(BytesIO(cut(source, "缴费1W")))
    for char in "缴费1W":
        width = font["hmtx"][font.getBestCmap()[ord(char)]][0] / font["head"].unitsPerEm
        assert face.width(char, 72) == pytest.approx(width * 25.4, abs=0.01)


def test_a_missing_extra_is_told_with_the_command_that_brings_it(
    bill: Bill, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(si.MissingExtra, match=r"pip install 'socialins\[pdf\]'"):
        middle().notices.payment_notice(bill(1)).to_pdf()
