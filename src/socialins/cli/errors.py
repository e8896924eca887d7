"""Errors of the command line: faults on stderr and an exit status, never a traceback.

click's own errors speak English only; here they become faults of the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

import click

from socialins.cli.context import lang_of
from socialins.cli.screen import make_console, say, tell_faults
from socialins.faults import Fault, FaultError, MissingExtra, SocialinsError, Text
from socialins.rules import RuleFileError

__all__ = ["Misuse", "NotInstalled", "Stopped", "as_misuse", "as_stop", "faults_of"]

_USAGE = Text("用法：", "Usage: ")
_HINT = Text("详见：", "More: ")


class Misuse(click.UsageError):
    """The command was called wrongly: exit status 2.

    Arguments:
        fault: what is wrong.
        ctx: where it was called.
    """

    def __init__(self, fault: Fault, ctx: click.Context | None = None) -> None:
        super().__init__(fault.message("en"), ctx)
        self.fault = fault

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the usage and the fault to stderr."""
        lang = lang_of(self.ctx)
        console = make_console(stderr=True)
        if self.ctx is not None:
            pieces = self.ctx.command.collect_usage_pieces(self.ctx)
            path = self.ctx.command_path
            say(console, f"{_USAGE.get(lang)}{' '.join([path, *pieces])}")
            say(console, f"{_HINT.get(lang)}{path} --help")
            say(console)
        tell_faults(console, [self.fault], lang)


class Stopped(click.ClickException):
    """The command can't go on: exit status 1.

    Arguments:
        faults: why.
    """

    exit_code = 1

    def __init__(self, faults: Sequence[Fault], ctx: click.Context | None = None) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)
        self.ctx = ctx

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the faults to stderr."""
        tell_faults(make_console(stderr=True), self.faults, lang_of(self.ctx))


class NotInstalled(Stopped):
    """An optional part is missing: exit status 2, as nothing about the data is known."""

    exit_code = 2


def faults_of(error: SocialinsError) -> tuple[Fault, ...]:
    """The faults that an error of the library carries, each once."""
    if isinstance(error, RuleFileError):
        return error.faults
    if isinstance(error, FaultError):
        # Errors that stand for several faults have them all under one name.
        every: tuple[Fault, ...] = getattr(error, "all", (error.fault,))
        return tuple(dict.fromkeys(every))
    return (Fault("cli.failed", {"reason": f"{type(error).__name__}: {error}"}),)


def as_stop(error: SocialinsError, ctx: click.Context) -> click.ClickException:
    """The library's error as one of the command line."""
    kind = NotInstalled if isinstance(error, MissingExtra) else Stopped
    return kind(faults_of(error), ctx)


def as_misuse(error: click.UsageError, ctx: click.Context) -> click.UsageError:
    """An error that click found, in both languages."""
    if isinstance(error, Misuse | click.exceptions.NoArgsIsHelpError):
        return error
    return Misuse(_fault(error), error.ctx or ctx)


def _fault(error: click.UsageError) -> Fault:
    if isinstance(error, click.MissingParameter):
        param = error.param
        name = param.get_error_hint(error.ctx).replace("'", "") if param else "?"
        return Fault("cli.parameter-missing", {"name": name})
    if isinstance(error, click.NoSuchOption):
        near = _near(error.possibilities)
        return Fault("cli.option-unknown", {"name": error.option_name, "near": near})
    if isinstance(error, click.exceptions.NoSuchCommand):
        near = _near(error.possibilities)
        return Fault("cli.command-unknown", {"name": error.command_name, "near": near})
    if isinstance(error, click.BadOptionUsage):
        return Fault("cli.option-usage", {"name": error.option_name})
    return Fault("cli.usage", {"problem": error.format_message()})


def _near(names: Sequence[str] | None) -> Text:
    if not names:
        return Text("", "")
    return Text(f"相近的有：{'、'.join(names)}。", f" Near it: {', '.join(names)}.")
