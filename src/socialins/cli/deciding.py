"""What commands that send one to `decide` have in common: the moment, how an outcome is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
from rich.console import Console

from socialins.calendar import SHANGHAI
from socialins.cli.command import Command as CommandLine, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Stopped
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import FILE, MOMENT
from socialins.cli.screen import make_console, say, tell_faults
from socialins.deciding import Command, Decision, Event
from socialins.faults import Text
from socialins.settlement.plain import fault_to_plain

__all__ = ["JSON", "MOMENTS", "NOW", "OVERLAY", "WHEN", "about", "sending", "tell"]

C_contra = TypeVar("C_contra", bound=Command, contravariant=True)

OVERLAY = Option(
    ["--overlay"],
    type=FILE,
    text=Text("单位自己的规则（规则文件）。", "The unit's own rules, as a rule file."),
)
JSON = Option(
    ["--json", "as_json"],
    is_flag=True,
    text=Text("输出一个 JSON 对象。", "Print one JSON object."),
)
MOMENTS: tuple[click.Parameter, ...] = (
    Option(
        ["--at"],
        type=MOMENT,
        text=Text("办理时间；默认为现在（中国）。", "The moment; now, in China, by default."),
    ),
    Option(["--by"], default="", text=Text("经办人。", "Who does it.")),
    Option(
        ["--key"],
        default="",
        text=Text(
            "操作号：同一操作重发时只办理一次。",
            "A key: the same command sent again with it happens once.",
        ),
    ),
)
WHEN: tuple[click.Parameter, ...] = (*MOMENTS, OVERLAY, JSON)
"""Options of every command that decides: the moment, who, and by which rules."""

NOW = Option(["--at"], type=MOMENT, text=Text("以此时为现在。", "Take this moment for now."))
_BEFORE = Text("该操作已办理过。", "This was done before.")
_NOTHING = Text("没有需要办理的。", "There is nothing to do.")


def about(at: datetime | None, by: str, key: str) -> dict[str, Any]:
    """What every command carries, of the options `MOMENTS`."""
    return {"at": at or datetime.now(SHANGHAI), "by": by, "key": key}


class _Kept(Protocol[C_contra]):
    """A state that is kept in a file."""

    def do(self, command: C_contra, as_json: bool, /) -> None:
        """Carry out a command, keep what happens, and tell it."""


def sending(
    name: str,
    text: Text,
    make: Callable[..., C_contra],
    params: Sequence[click.Parameter],
    read: Callable[[Path, Path | None], _Kept[C_contra]],
) -> CommandLine:
    """A command that does nothing but send one to `decide`.

    Arguments:
        name: its name.
        text: what it does.
        make: makes the command of its own parameters and what every command carries.
        params: its parameters, `WHEN` apart; one is ``book``, the file.
        read: reads the file, with an overlay.
    """

    def run(
        *,
        book: Path,
        at: datetime | None,
        by: str,
        key: str,
        overlay: Path | None,
        as_json: bool,
        **own: Any,
    ) -> None:
        read(book, overlay).do(make(**about(at, by, key), **own), as_json)

    return CommandLine(name, text=text, params=[*params, *WHEN], callback=run)


def tell(
    found: Decision[Any],
    command: Command,
    keys: Mapping[str, str],
    *,
    plain: Callable[[Any], dict[str, Any]],
    state: tuple[str, dict[str, Any]] | None,
    show: Callable[[Console, tuple[Event, ...], str], None],
) -> None:
    """Tell what came of a command; a refusal ends with status 1.

    Arguments:
        found: what came of it.
        command: the command.
        keys: keys of the commands that were carried out.
        plain: an event as plain data.
        state: for JSON, a name and the state after it as plain data; None for words.
        show: prints what happened, in a language.
    """
    lang, here = lang_of(), click.get_current_context()
    if state is not None:
        print_json(
            {
                "done": not found.refused,
                "events": [plain(event) for event in found.events],
                "faults": [fault_to_plain(fault, lang) for fault in found.faults],
                state[0]: state[1],
            }
        )
        if found.refused:
            here.exit(1)
        return
    if found.refused:
        raise Stopped(found.faults, here)
    console = make_console()
    if found.events:
        show(console, found.events, lang)
    else:
        say(console, (_BEFORE if command.key in keys else _NOTHING).get(lang))
    tell_faults(make_console(stderr=True), found.faults, lang, remedies_once=True)
