"""Names of files: what no system can take, what a bureau refuses, and what its pattern asks.

A name may come from a stranger's upload, so nothing is done with it before it was looked at: a path
in it leads out of the folder, a turned-around text hides an ending, and some names are devices.
"""

from __future__ import annotations

import re
import unicodedata
from string import Formatter

from socialins.attachments.limits import Limits
from socialins.deciding import Values
from socialins.faults import Fault, Text
from socialins.identity import DocumentType, read_document
from socialins.model.person import InsuredPerson
from socialins.rules.attachment import AttachmentRule, NameCharacters, PictureFormat

__all__ = ["check_name", "name_by", "number_in", "shown", "unsafe"]

_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{device}{number}" for device in ("com", "lpt") for number in "123456789¹²³"
}
_FORBIDDEN = set('<>:"|?*')
_SHOWN = 60


def unsafe(name: str, limits: Limits) -> Text | None:
    r"""Why a name can't be the name of a file on every system; None if it can.

    >>> from socialins.attachments.limits import LIMITS
    >>> unsafe("../a.jpg", LIMITS).en, unsafe("con.jpg", LIMITS).en
    ('it holds a path', 'Windows keeps it for a device')
    >>> unsafe("王一.jpg", LIMITS) is None
    True
    """
    if not name:
        return Text("文件名为空", "it is empty")
    if "/" in name or "\\" in name or name in {".", ".."} or re.match(r"[A-Za-z]:", name):
        return Text("含有路径", "it holds a path")
    kinds = {unicodedata.category(char) for char in name}
    if "Cf" in kinds:
        return Text("含有不可见或改变书写方向的字符", "it holds invisible or direction characters")
    if kinds & {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}:
        return Text("含有控制字符或无法显示的字符", "it holds characters that can't be shown")
    if _FORBIDDEN & set(name):
        return Text('含有 < > : " | ? * 之一', 'it holds one of < > : " | ? *')
    if name != name.strip() or name.endswith("."):
        return Text("首尾有空格或以点结尾", "it begins or ends with a blank, or ends with a dot")
    if name.partition(".")[0].strip().casefold() in _DEVICES:
        return Text("是 Windows 保留的设备名", "Windows keeps it for a device")
    if len(name.encode()) > limits.name:
        return Text(f"超过 {limits.name} 字节", f"it is longer than {limits.name} bytes")
    return None


def check_name(
    name: str,
    rule: AttachmentRule,
    kind: PictureFormat | None,
    person: InsuredPerson | None,
    limits: Limits,
) -> list[Fault]:
    """What is wrong with the name of a file.

    Arguments:
        name: the name, without a folder.
        rule: the rule for the picture.
        kind: the format of its content, if it has one.
        person: whose picture it is, if that is known.
        limits: how long a name may be.
    """
    reason = unsafe(name, limits)
    if reason is not None:
        return [Fault("attachment.name.unsafe", {"name": shown(name), "reason": reason})]
    faults = []
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    if kind is not None and f".{ending.casefold()}" not in kind.endings:
        values: Values = {
            "name": shown(name),
            "format": kind.text,
            "ending": kind.endings[0],
        }
        faults.append(Fault("attachment.name.ending", values))
    if rule.characters is NameCharacters.LETTERS_DIGITS and not re.fullmatch(r"[A-Za-z0-9]+", stem):
        values = {"name": shown(name), "characters": rule.characters.text}
        faults.append(Fault("attachment.name.characters", values))
    if rule.pattern:
        faults += _against_pattern(name, rule, person)
    return faults


def name_by(rule: AttachmentRule, person: InsuredPerson | None, kind: PictureFormat) -> str | None:
    """The name that the rule's pattern gives a person's file; None without pattern or person.

    Arguments:
        rule: the rule for the picture.
        person: whose picture it is.
        kind: the format of its content, which gives the ending where the pattern has none.
    """
    if not rule.pattern or person is None:
        return None
    name = rule.pattern.format(id_number=person.document.number, name=person.name)
    return name if "." in rule.pattern else name + kind.endings[0]


def number_in(name: str, rule: AttachmentRule) -> str | None:
    """The identity number in a name that follows a rule's pattern; None if it doesn't.

    >>> rule = AttachmentRule(id="x", title=Text("", ""), pattern="{id_number}_{name}", sources=())
    >>> number_in("11010519491231002X_某.jpg", rule)
    '11010519491231002X'
    """
    found = re.fullmatch(_pattern(rule.pattern), unicodedata.normalize("NFC", name))
    return found["id_number"] if found and found["id_number"] else None


def _against_pattern(name: str, rule: AttachmentRule, person: InsuredPerson | None) -> list[Fault]:
    wanted = Text(*(_in_words(rule.pattern, lang) for lang in ("zh", "en")))
    if person is not None:
        right = rule.pattern.format(id_number=person.document.number, name=person.name)
        if _same_name(name, right, whole="." in rule.pattern):
            return []
        values: Values = {"name": shown(name), "right": right}
        return [Fault("attachment.name.not-persons", values)]
    number = number_in(name, rule)
    if number is None:
        return [Fault("attachment.name.pattern", {"name": shown(name), "pattern": wanted})]
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return [Fault("attachment.name.number", {"name": shown(name), "number": number})]
    read = read_document(number)
    known = (
        DocumentType.RESIDENT_ID,
        DocumentType.RESIDENCE_PERMIT,
        DocumentType.FOREIGN_PERMANENT,
    )
    if read.document is None or read.document.type not in known:
        return [Fault("attachment.name.number", {"name": shown(name), "number": number})]
    return []


def _same_name(name: str, right: str, *, whole: bool) -> bool:
    """Whether a name is the right one; the case of its ending does not matter."""
    stem, dot, ending = unicodedata.normalize("NFC", name).rpartition(".")
    if not whole:
        return (stem if dot else ending) == unicodedata.normalize("NFC", right)
    right_stem, _, right_ending = unicodedata.normalize("NFC", right).rpartition(".")
    return stem == right_stem and ending.casefold() == right_ending.casefold()


def _pattern(pattern: str) -> str:
    """A pattern of names as a regular expression; the case of the ending does not matter."""
    parts = []
    for literal, field, _, _ in Formatter().parse(pattern):
        parts.append(re.escape(literal) if field is not None else f"(?i:{re.escape(literal)})")
        if field == "id_number":
            parts.append(r"(?P<id_number>[^_\s.]*)" if "(?P<id_number>" not in str(parts) else ".*")
        elif field == "name":
            parts.append(r"[^_./\\]+")
    ending = "" if "." in pattern else r"(?:\.[A-Za-z0-9]+)?"
    return "".join(parts) + ending


def _in_words(pattern: str, lang: str) -> str:
    words = ("<id number>", "<name>") if lang == "en" else ("身份证号", "姓名")
    return pattern.format(id_number=words[0], name=words[1])


def shown(name: str) -> str:
    """A name as it can be shown: what moves the line or can't be seen is replaced."""
    clean = "".join(
        char
        if char.isprintable() and unicodedata.category(char) != "Cf"
        else "\N{REPLACEMENT CHARACTER}"
        for char in name
    )
    return clean if len(clean) <= _SHOWN else clean[: _SHOWN - 1] + "…"
