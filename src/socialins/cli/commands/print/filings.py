"""What the sheets of filing books have in common: reading the books."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.file.common import Kept
from socialins.cli.commands.print.common import PRINTING, Print
from socialins.cli.parameters import FILE
from socialins.facade import Region
from socialins.faults import Text
from socialins.filing import FilingBook
from socialins.notices import Notice

__all__ = ["book_command"]

_BOOKS = Text(
    "台账文件；同一参保户的几个月可以一起。",
    "The book's journal file; several months of one account may be given.",
)
_UNIT = Text("单位文件（toml）：参保户自己的数据。", "The unit's file (toml) on the account.")


def book_command(
    name: str, text: Text, make: Callable[[Region, list[FilingBook], dict[str, Any]], Notice]
) -> Command:
    """The command of a sheet that is made of filing books."""

    def run(books: tuple[Path, ...], unit: Path | None, **asked: Any) -> None:
        from socialins.forms.unitfile import read_unit

        how = Print.taken(asked)
        kept = [Kept.read(path, None) for path in books]
        where = kept[0].region
        account = read_unit(unit, where.cascade).account if unit else None
        given = {**how.options, "account": account}
        how.finish(make(where, [one.book for one in kept], given))

    return Command(
        name,
        text=text,
        params=[
            Argument(["books"], type=FILE, nargs=-1, required=True, text=_BOOKS),
            Option(["--unit"], type=FILE, text=_UNIT),
            *PRINTING,
        ],
        callback=run,
    )
