"""Photographs of a batch: the files of a folder against its people, by the rule of its region."""

from __future__ import annotations

import os
from pathlib import Path

import click

from socialins.attachments import Settings
from socialins.cards import Bundle, bundle, read_people
from socialins.cli.command import Option
from socialins.cli.commands.cards.common import Kept
from socialins.cli.errors import Misuse
from socialins.cli.parameters import FILE
from socialins.faults import Fault, FaultError, Place, Text

__all__ = ["PICTURES", "pack"]

PICTURES: tuple[click.Parameter, ...] = (
    Option(
        ["--rule"],
        text=Text(
            "照片要求的代号；默认按规则。", "Id of the rule for photographs; as the rules say."
        ),
    ),
    Option(
        ["--list", "listed"],
        type=FILE,
        text=Text(
            "人员名单，有“照片”一列，写明各人的文件名。",
            "A list of people with a column 'photo' that says whose file is which.",
        ),
    ),
    Option(
        ["--as-they-are"],
        is_flag=True,
        text=Text(
            "照片不作改动，不合格的不收；默认生成合格的副本。",
            "Take photographs as they are, or not at all; by default copies are made to conform.",
        ),
    ),
    Option(["--unit-number"], default="", text=Text("单位编号。", "The unit's number.")),
    Option(["--unit-name"], default="", text=Text("单位名称。", "Its name.")),
)
"""The parameters that `pack` takes."""


def pack(
    kept: Kept,
    folder: Path,
    overlay: Path | None,
    *,
    rule: str | None,
    listed: Path | None,
    as_they_are: bool,
    unit_number: str,
    unit_name: str,
) -> Bundle:
    """The archive of a batch's photographs, and what is wrong with them.

    Raises:
        FaultError: if no rule says what is wanted, or the folder can't be read.
    """
    wanted = rule or kept.rules.photo
    if not wanted:
        raise FaultError(Fault("cards.no-photo-rule", {}))
    people = [row.person for row in kept.batch.rows.values()]
    return bundle(
        people,
        _files(folder),
        kept.region.photo_rule(wanted, overlay=overlay),
        kept.rules,
        given=_given(kept, listed),
        unit_number=unit_number,
        unit_name=unit_name,
        settings=None if as_they_are else Settings(),
    )


def _files(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        fault = Fault("cli.folder", {"path": str(folder)})
        raise Misuse(fault, click.get_current_context())
    try:
        with os.scandir(folder) as entries:
            # Hidden files are none of the unit's: thumbnails, notes of the system.
            return {
                one.name: Path(one.path)
                for one in entries
                if one.is_file() and not one.name.startswith(".")
            }
    except OSError as error:
        values = {"path": str(folder), "reason": error.strerror or str(error)}
        raise FaultError(Fault("cli.unreadable", values, Place(file=str(folder)))) from error


def _given(kept: Kept, listed: Path | None) -> dict[str, int]:
    """Name of a file → place of its person in the batch, as the list says it."""
    if listed is None:
        return {}
    read = read_people(listed)
    places = {row.person.key: place for place, row in enumerate(kept.batch.rows.values())}
    keys = {name: read.persons[place].key for name, place in read.files.items()}
    return {name: places[key] for name, key in keys.items() if key in places}
