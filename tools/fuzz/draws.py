"""Draws: bytes and texts changed at random, where nothing is known of their structure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

__all__ = ["NUMBERS", "WORDS", "Change", "change_bytes", "change_text", "pick"]

Change = Callable[[bytes], bytes]
"""Changes bytes that have no structure: a fuzzer's own way, or `change_bytes`."""

_NUMBERS = """
0 -1 -0 1 00 65535 65536 1048576 1048577 16384 16385 2147483647 2147483648 4294967295
9223372036854775807 9223372036854775808 -9223372036854775808 99999999999999999999999 1e309 -1e309
1e-400 5e-324 1e16 9007199254740993 nan NaN inf -inf Infinity 0x10 1_000 1.005 0.1 1e400 12e9999
2958465 2958466 -2958465 60 -0.0 0.2% 120% 1,234.50 99999999.99 110105194912310021 4e0 9e99999999
19000229 20261301 20260230 2026-11 2026-02-30 10000-01-01 0000-00-00 99991231 1900-02-29 ١٢ Ⅷ ½
"""
NUMBERS = (*_NUMBERS.split(), "9" * 5000, "0x" + "f" * 5000)
"""Numbers, days and months at the edges of what anything holds."""

WORDS = (
    *("", " ", "\0", "\x01", "\x1b[31m", "\r", "\n", "\r\n", "\x85", "\u2028", "\u200b", "\ufeff"),
    *(
        "\ufffe",
        "\uffff",
        "\U0010ffff",
        "\u202e",
        "é" * 3,
        "e\u0301",
        "ａ１＝",
        "　",
        "'",
        '"',
        "''",
    ),
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "＝1",
        "'=1",
        '=cmd|"/c calc"!A1',
        "_x000D_",
        "_x0041_",
    ),
    *("../../etc/passwd", "C:\\x", "nul", "{}", "{0}", "{name}", "{reason", "%s%n", "<a>", "&lt;"),
    *(
        "x" * 300,
        "张" * 300,
        "9" * 400,
        "合计",
        "小计",
        "是",
        "否",
        "男",
        "无",
        "none",
        "true",
        "null",
    ),
    *("姓名", "证件号码", "申报工资", "缴费基数", "费率", "应缴费额", "备注", "11010519491231002X"),
    *("𠮷", "·", "﷽", "İ", "ß", "ǆ", "㎡", "①", "²"),
)
"""Texts that readers, spreadsheets and terminals stumble over."""

_BYTES = (0, 1, 0x0A, 0x0D, 0x20, 0x22, 0x27, 0x2C, 0x7F, 0x80, 0xFE, 0xFF)
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"\w+", re.UNICODE)


def pick(draw: Random, *options: Sequence[str]) -> str:
    """One text of some lists, each list as likely as the others."""
    return draw.choice(draw.choice(options))


def change_bytes(draw: Random) -> Change:
    """What changes bytes here and there: flips, cuts, repeats, puts numbers in."""

    def change(data: bytes) -> bytes:
        raw = bytearray(data)
        for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
            _change_once(draw, raw)
        return bytes(raw)

    return change


def _change_once(draw: Random, raw: bytearray) -> None:
    at = draw.randrange(len(raw) + 1)
    end = min(len(raw), at + draw.choice((1, 1, 2, 4, 16, 64, 1000)))
    what = draw.randrange(8)
    if what == 0 and at < len(raw):
        raw[at] ^= 1 << draw.randrange(8)
    elif what == 1 and at < len(raw):
        raw[at] = draw.choice(_BYTES)
    elif what == 2:
        del raw[at:end]
    elif what == 3:
        raw[at:at] = raw[at:end] * draw.choice((1, 1, 2, 20))
    elif what == 4:
        other = draw.randrange(len(raw) + 1)
        raw[at:end] = raw[other : other + end - at]
    elif what == 5:
        size = draw.choice((1, 2, 4, 8))
        value = draw.choice(
            (0, 1, (1 << 8 * size) - 1, 1 << 8 * size - 1, draw.getrandbits(8 * size))
        )
        raw[at : at + size] = value.to_bytes(size, draw.choice(("little", "big")))
    elif what == 6:
        raw[at:at] = pick(draw, NUMBERS, WORDS).encode()
    elif draw.random() < 0.3:
        del raw[at:]


def change_text(draw: Random, text: str) -> str:
    """Text with numbers, words or lines changed for others."""
    for _ in range(draw.choice((1, 1, 2, 4))):
        text = _change_text_once(draw, text)
    return text


def _change_text_once(draw: Random, text: str) -> str:
    what = draw.randrange(7)
    if what <= 1:
        found = [match.span() for match in (_NUMBER, _WORD)[what].finditer(text)]
        at, end = draw.choice(found or [(0, 0)])
        return text[:at] + pick(draw, NUMBERS, WORDS) + text[end:]
    if what == 2:
        at = draw.randrange(len(text) + 1)
        return (
            text[:at]
            + pick(draw, NUMBERS, WORDS, (",", ";", "\t", '"', "\n", "=", "[", "{"))
            + text[at:]
        )
    lines = text.splitlines(keepends=True) or [""]
    at, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    if what == 3:
        lines.insert(other, lines[at] * draw.choice((1, 1, 1, 50)))
    elif what == 4:
        lines[at], lines[other] = lines[other], lines[at]
    elif what == 5:
        del lines[at]
    else:
        line = lines[at]
        lines[at] = line[: draw.randrange(len(line) + 1)]
    return "".join(lines)
