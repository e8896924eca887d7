"""What holds for one call of the command: its language, kept with click's context."""

from __future__ import annotations

import click

from socialins.cli.language import choose_language
from socialins.faults import Lang

__all__ = ["lang_of", "set_language"]

_KEY = "socialins.lang"


def lang_of(ctx: click.Context | None = None) -> Lang:
    """The language of a call; the environment's where no call is under way."""
    ctx = ctx or click.get_current_context(silent=True)
    found: Lang | None = ctx.find_root().meta.get(_KEY) if ctx else None
    return found or choose_language(())


def set_language(ctx: click.Context, lang: Lang) -> None:
    """Note the language of a call."""
    ctx.find_root().meta[_KEY] = lang
