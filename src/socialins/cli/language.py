"""Which language the command speaks: asked for, else the environment's.

It is settled before the command line is parsed, since errors of parsing are to be told in it too.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence
from typing import get_args

from socialins.faults import Lang

__all__ = ["LANGUAGES", "choose_language"]

LANGUAGES: tuple[Lang, ...] = get_args(Lang)

_VARIABLES = ("SOCIALINS_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


def choose_language(arguments: Sequence[str]) -> Lang:
    """The language of a call.

    Arguments:
        arguments: those of the command line; ``--lang`` may stand anywhere among them.

    Returns:
        What ``--lang`` says, else the first of ``SOCIALINS_LANG``, ``LC_ALL``, ``LC_MESSAGES`` and
        ``LANG`` that is set, else the system's own; English unless that is Chinese.

    >>> choose_language(["settle", "--lang", "zh"]), choose_language(["--lang=en", "rules"])
    ('zh', 'en')
    """
    asked = _asked(arguments)
    if asked is not None:
        return asked
    for name in _VARIABLES:
        if value := os.environ.get(name):
            return _spoken(value)
    return _spoken(locale.getlocale()[0] or "")


def _asked(arguments: Sequence[str]) -> Lang | None:
    found: Lang | None = None
    for index, argument in enumerate(arguments):
        if argument == "--":
            break
        name, equals, value = argument.partition("=")
        if name != "--lang":
            continue
        if not equals:
            value = next(iter(arguments[index + 1 : index + 2]), "")
        found = next((lang for lang in LANGUAGES if lang == value.casefold()), found)
    return found


def _spoken(name: str) -> Lang:
    return "zh" if name.casefold().startswith(("zh", "chinese")) else "en"
