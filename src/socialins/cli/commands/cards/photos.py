"""`socialins cards photos`: the photographs of a folder into an archive, each by the rule."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from socialins.attachments import AttachmentError
from socialins.cards import AddPhotos, Bundle
from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.cards.common import BOOK, WHEN, Kept, about
from socialins.cli.commands.cards.pictures import PICTURES, pack
from socialins.cli.context import lang_of
from socialins.cli.errors import Stopped
from socialins.cli.parameters import FOLDER
from socialins.cli.screen import make_console, say, shown, tell_faults
from socialins.faults import Fault, Place, Text

__all__ = ["command"]

_TEXT = Text(
    "收照片：按要求检查或改好、命名，打成压缩包，记入批次。",
    "Take photographs in: checked or made to conform, named, packed, and noted in the batch.",
)
_PACKED = Text(
    "{count} 张照片，共 {people} 人：{path}", "{count} photographs for {people} people: {path}"
)


def _run(
    *,
    folder: Path,
    book: Path,
    out: Path,
    at: datetime | None,
    by: str,
    key: str,
    overlay: Path | None,
    as_json: bool,
    **pictures: Any,
) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    kept = Kept.read(book, overlay)
    packed = pack(kept, folder, overlay, **pictures)
    if not packed.entries:
        raise Stopped(packed.all_faults, ctx)
    photos = packed.photos(tuple(kept.batch.rows))
    command = AddPhotos(**about(at, by, key), photos=photos)
    # Decided first: photographs that a batch does not take any more are not packed either.
    if kept.refuses(command):
        kept.do(command, as_json)
        return
    path = _save(packed, out)
    # Those that can go have gone; what is wrong with the others is told, and the status says so.
    if as_json:
        kept.do_as_json(command, packed.all_faults, archive=str(path))
    else:
        kept.do(command, as_json=False, with_rows=False)
        values = {"count": len(packed.entries), "people": len(packed.people), "path": shown(path)}
        say(make_console(), _PACKED.get(lang).format(**values))
        tell_faults(make_console(stderr=True), packed.all_faults, lang, remedies_once=True)
    ctx.exit(1 if any(fault.is_error for fault in packed.all_faults) else 0)


def _save(packed: Bundle, out: Path) -> Path:
    try:
        return packed.save(out)
    except OSError as error:
        values = {"path": str(out), "reason": error.strerror or str(error)}
        place = Place(file=str(out))
        raise AttachmentError(Fault("attachment.unwritable", values, place)) from error


command = Command(
    "photos",
    text=_TEXT,
    params=[
        Argument(
            ["folder"],
            type=click.Path(path_type=Path),
            text=Text("照片所在的文件夹。", "The folder of the photographs."),
        ),
        BOOK,
        Option(
            ["--out"],
            type=FOLDER,
            default="photos",
            text=Text(
                "压缩包写入这个文件夹，默认 photos。",
                "Folder for the archive; 'photos' by default.",
            ),
        ),
        *PICTURES,
        *WHEN,
    ],
    callback=_run,
)
"""The command."""
