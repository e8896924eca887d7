"""Masking: what a repr shows of what nobody should read in a log.

Wages and identity numbers are other people's. An object is often printed where somebody only
wanted to know which one it was: in a log, a traceback, a failing test. Its fields are there for
whoever asks for them by name.
"""

from __future__ import annotations

__all__ = ["masked"]


def masked(value: object) -> str:
    """What stands in a repr for a value that is not to be read there.

    >>> masked(5), masked(None)
    ('***', 'None')
    """
    return "None" if value is None else "***"
