"""Secret: a password of the portal's double, which nothing can show.

Logs, tracebacks with their locals, debuggers and pickles go through `repr`, `str`, `format`, `copy`
and `pickle`; none of them gets at the text. Unlike the PIN of a key it is used again and again, so
it is not wiped.
"""

from __future__ import annotations

import hmac
from typing import Any, NoReturn

__all__ = ["Secret"]


class Secret:
    """A password, an answer or a code sent to a phone.

    Arguments:
        text: the text, not empty.

    >>> secret = Secret("abc-123")
    >>> secret, f"{secret}", str([secret])
    (<Secret>, '<Secret>', '[<Secret>]')
    >>> secret.reveal()
    'abc-123'
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"{type(text).__name__} can't be a secret; pass text")
        object.__setattr__(self, "_text", text)

    def reveal(self) -> str:
        """The text, for whoever types it."""
        text: str = self._text  # type: ignore[attr-defined]
        return text

    def __bool__(self) -> bool:
        return bool(self.reveal())

    def __repr__(self) -> str:
        return "<Secret>"

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return "<Secret>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self.reveal().encode(), other.reveal().encode())

    def __hash__(self) -> int:
        return id(type(self))  # equal ones must be alike, and the text must not shine through

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError("a secret can't be changed")

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret is not to be stored, sent or copied")
