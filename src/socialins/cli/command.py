"""Commands, options and arguments whose help is in Chinese and English.

click takes one text for each; these take both, and print the one that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click
from rich.table import Table

from socialins.cli.context import lang_of, set_language
from socialins.cli.errors import Misuse, as_misuse, as_stop
from socialins.cli.language import LANGUAGES, choose_language
from socialins.cli.parameters import OneOf
from socialins.cli.screen import make_console, print_trimmed, say
from socialins.faults import Fault, SocialinsError, Text

__all__ = ["Argument", "Command", "Group", "Option"]

_USAGE = Text("用法：", "Usage: ")
_ARGUMENTS = Text("参数：", "Arguments:")
_OPTIONS = Text("选项：", "Options:")
_COMMANDS = Text("命令：", "Commands:")
_REQUIRED = Text("（必填）", " (required)")
_HELP = Text("显示这段说明。", "Show this and end.")
_LANG = Text(
    "语言；默认随环境（SOCIALINS_LANG、LC_ALL、LANG）。",
    "Language; the environment's by default (SOCIALINS_LANG, LC_ALL, LANG).",
)


class Option(click.Option):
    """An option with a help text in both languages; `settings` are click's."""

    def __init__(self, names: Sequence[str], *, text: Text, **settings: Any) -> None:
        super().__init__(names, help=text.en, **settings)
        self.text = text


class Argument(click.Argument):
    """An argument with a help text in both languages; `settings` are click's."""

    def __init__(self, names: Sequence[str], *, text: Text, **settings: Any) -> None:
        super().__init__(names, help=text.en, **settings)
        self.text = text


class Command(click.Command):
    """A command with a help text in both languages.

    Arguments:
        name: its name.
        text: what it does, in a sentence.
        settings: click's own.
    """

    def __init__(self, name: str, *, text: Text, **settings: Any) -> None:
        super().__init__(name, help=text.en, **settings)
        # What is too much is told in our own words, in `parse_args`.
        self.context_settings["allow_extra_args"] = True
        self.text = text
        self.params.append(_lang_option())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, and refuse what is too much."""
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise Misuse(Fault("cli.argument-extra", {"arguments": " ".join(rest)}), ctx)
        return rest

    def get_help(self, ctx: click.Context) -> str:
        """The help page."""
        return _help_page(self, self.text, ctx)

    def get_short_help_str(self, limit: int = 45) -> str:
        """What it does, for a list of commands."""
        return self.text.get(lang_of())


class Group(click.Group):
    """A group of commands; each is a module, loaded when it is called.

    Arguments:
        text: what it does.
        package: the package that has a module per command, with the command in ``command``.
        names: the commands, in the order of the help page.
        settings: click's own.
    """

    def __init__(
        self, name: str, *, text: Text, package: str, names: tuple[str, ...], **settings: Any
    ) -> None:
        super().__init__(name, help=text.en, **settings)
        self.invoke_without_command = True
        self.text = text
        self.package = package
        self.names = names
        self.params.append(_lang_option())

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, in order."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        if cmd_name not in self.names:
            return None
        module = import_module(f"{self.package}.{cmd_name.replace('-', '_')}")
        found: click.Command = module.command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name those that are near."""
        if args[0] not in self.names and not args[0].startswith("-"):
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self.names, ctx=ctx)
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Settle the language of the call, then parse."""
        if ctx.parent is None:
            set_language(ctx, choose_language(args))
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise as_misuse(error, ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever the library raises becomes a message and a status."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise as_misuse(error, ctx) from None
        except SocialinsError as error:
            raise as_stop(error, ctx) from error

    def get_short_help_str(self, limit: int = 45) -> str:
        """What it does, for a list of commands."""
        return self.text.get(lang_of())

    def get_help(self, ctx: click.Context) -> str:
        """The help page, with all commands."""
        return _help_page(self, self.text, ctx)


def _lang_option() -> Option:
    # Its value is taken before anything is parsed; here it is checked, and named on the help page.
    return Option(["--lang"], text=_LANG, type=OneOf(LANGUAGES), expose_value=False)


def _help_page(self: click.Command, text: Text, ctx: click.Context) -> str:
    lang = lang_of(ctx)
    console = make_console()
    with console.capture() as captured:
        pieces = self.collect_usage_pieces(ctx)
        say(console, f"{_USAGE.get(lang)}{' '.join([ctx.command_path, *pieces])}")
        say(console)
        console.print(text.get(lang))
        options, arguments = [], []
        for param in self.get_params(ctx):
            words = param.text if isinstance(param, Option | Argument) else _HELP
            if isinstance(param, click.Option):
                required = _REQUIRED.get(lang) if param.required else ""
                options.append((param.get_help_spec(ctx), words.get(lang) + required))
            else:
                arguments.append((param.make_metavar(ctx), words.get(lang)))
        commands = []
        if isinstance(self, click.Group):
            for name in self.list_commands(ctx):
                found = self.get_command(ctx, name)
                commands.append((name, found.get_short_help_str() if found else ""))
        for title, rows in (
            (_ARGUMENTS, arguments),
            (_OPTIONS, options),
            (_COMMANDS, commands),
        ):
            if rows:
                say(console)
                say(console, title.get(lang), "bold")
                grid = Table.grid(padding=(0, 0, 0, 2), pad_edge=True)
                for row in rows:
                    grid.add_row(*row)
                print_trimmed(console, grid)
    return captured.get().rstrip()
