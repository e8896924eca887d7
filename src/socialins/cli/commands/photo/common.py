"""What the commands of `socialins photo` have in common: which files, by which rule, whose."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs
import click

from socialins.attachments import LIMITS, AttachmentError, match
from socialins.cards.people import People, read_people
from socialins.cli.command import Argument, Option
from socialins.cli.errors import Misuse
from socialins.cli.parameters import FILE, REGION
from socialins.facade import Region
from socialins.faults import Fault, Place, Text
from socialins.identity import read_document
from socialins.model import InsuredPerson
from socialins.rules.attachment import AttachmentRule

__all__ = ["ASKED", "Asked", "gather"]

_FILES = Text("图片文件，或其中全是图片的文件夹。", "Pictures, or folders of pictures.")
_REGION = Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code.")
_RULE = Text(
    "图片要求的代号；省略时用该地区制卡照片的或唯一的要求。",
    "Id of the rule; left out, that of the region's card photographs, or its only one.",
)
_OVERLAY = Text("单位自己的规则文件，先于地区规则。", "The unit's own rules, before the region's.")
_PEOPLE = Text(
    "人员名单（csv、xlsx）：姓名、证件号码，可有照片文件名一列；按文件名对应到人。",
    "A list of people (csv, xlsx): name, id_number, and photo where names don't tell whose it is.",
)
_ID = Text("本人的证件号码（只有一个文件时）。", "The person's number, for a single file.")
_NAME = Text("本人的姓名（只有一个文件时）。", "The person's name, for a single file.")
_JSON = Text("输出一个 JSON 对象。", "Print one JSON object.")

ASKED: tuple[click.Parameter, ...] = (
    Argument(["files"], text=_FILES, nargs=-1, required=True, type=click.Path(path_type=Path)),
    Option(["--region"], text=_REGION, required=True, type=REGION),
    Option(["--rule"], text=_RULE, metavar="RULE"),
    Option(["--people"], text=_PEOPLE, type=FILE),
    Option(["--id-number"], text=_ID, metavar="NUMBER"),
    Option(["--name"], text=_NAME, metavar="NAME"),
    Option(["--overlay"], text=_OVERLAY, type=FILE),
    Option(["--json", "as_json"], text=_JSON, is_flag=True),
)
"""The parameters; `gather` takes their values."""


@attrs.frozen(kw_only=True)
class Asked:
    """Files and the rule for them.

    Arguments:
        rule: the rule.
        files: the files, in order.
        persons: file → whose it is, where that is known.
        faults: what is wrong with the list of people, and with who has which file.
    """

    rule: AttachmentRule
    files: tuple[Path, ...]
    persons: Mapping[Path, InsuredPerson]
    faults: tuple[Fault, ...]


def gather(
    *,
    files: Iterable[Path],
    region: Region,
    rule: str | None,
    people: Path | None,
    id_number: str | None,
    name: str | None,
    overlay: Path | None,
) -> Asked:
    """Find out what is asked for."""
    listed = _listed(files)
    found = _rule(region, rule, overlay)
    one = _one(id_number, name, people, listed)
    if one is not None:
        return Asked(rule=found, files=listed, persons={listed[0]: one}, faults=())
    if people is None:
        return Asked(rule=found, files=listed, persons={}, faults=())
    read = read_people(people)
    persons, faults = _whose(read, listed, people)
    return Asked(rule=found, files=listed, persons=persons, faults=(*read.faults, *faults))


def _listed(files: Iterable[Path]) -> tuple[Path, ...]:
    listed: dict[Path, None] = {}
    for path in files:
        if path.is_dir():
            with os.scandir(path) as entries:
                # Hidden files are none of the unit's: thumbnails, notes of the system.
                inside = [Path(one) for one in entries if one.is_file() and one.name[0] != "."]
            listed.update(dict.fromkeys(sorted(inside)))
        elif path.is_file():
            listed[path] = None
        else:
            raise Misuse(Fault("cli.file", {"path": str(path)}), click.get_current_context())
    if len(listed) > LIMITS.files:
        values = {"count": str(len(listed)), "most": str(LIMITS.files)}
        raise AttachmentError(Fault("cards.photos-too-many", values))
    return tuple(listed)


def _rule(region: Region, rule: str | None, overlay: Path | None) -> AttachmentRule:
    if rule is None:
        known = region.attachments
        rule = region.card_rules(overlay).photo or (next(iter(known)) if len(known) == 1 else None)
    if rule is None:
        missing = Fault("cli.parameter-missing", {"name": "--rule"})
        raise Misuse(missing, click.get_current_context())
    return region.photo_rule(rule, overlay=overlay)


def _one(
    id_number: str | None, name: str | None, people: Path | None, files: tuple[Path, ...]
) -> InsuredPerson | None:
    ctx = click.get_current_context()
    if id_number is None and name is None:
        return None
    if id_number is None or name is None:
        first, second = ("--id-number", "--name")[:: 1 if name is None else -1]
        raise Misuse(Fault("cli.only-with", {"name": first, "other": second}), ctx)
    if people is not None:
        raise Misuse(Fault("cli.one-of", {"names": "--people, --id-number"}), ctx)
    if len(files) != 1:
        raise Misuse(Fault("cli.one-of", {"names": "--id-number, FILES…"}), ctx)
    read = read_document(id_number)
    if read.document is None:
        raise Misuse(read.faults[0], ctx)
    return InsuredPerson(name, read.document)


def _whose(
    read: People, files: tuple[Path, ...], source: Path
) -> tuple[dict[Path, InsuredPerson], list[Fault]]:
    by_name: dict[str, Path] = {}
    faults: list[Fault] = []
    for path in files:
        if path.name in by_name:
            faults.append(Fault("cards.photo-twice", {"name": path.name}, Place(file=str(path))))
        by_name[path.name] = path
    found = match(read.persons, by_name, read.files)
    for place in found.without_file:
        person = read.persons[place]
        who = f"{person.name} {person.document.masked()}"
        faults.append(Fault("cards.photo-missing", {"person": who}, Place(file=str(source))))
    for place, some in found.twice.items():
        values = {"person": read.persons[place].name, "files": ", ".join(some)}
        faults.append(Fault("cards.photos-of-one", values, Place(file=str(source))))
    for code, names in (
        ("cards.photo-of-nobody", found.without_person),
        ("cards.photo-unclear", found.unclear),
    ):
        faults += [Fault(code, {"file": name}, Place(file=str(by_name[name]))) for name in names]
    return {by_name[name]: read.persons[place] for place, name in found.files.items()}, faults
