"""Event: what every event carries.

State is a fold over events, so an event says all that the state needs and nothing that could be
computed anew differently later.
"""

from __future__ import annotations

from datetime import datetime

import attrs

__all__ = ["Event"]


def _aware(_instance: object, _attribute: object, moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone; pass an aware moment")


@attrs.frozen(kw_only=True)
class Event:
    """What every event carries.

    Arguments:
        at: the moment, aware.
        by: who did it: an operator's name, or the bureau.
        key: the key of the command that led to it.
        digest: a digest of that command, so that another one with its key is told apart.
    """

    at: datetime = attrs.field(validator=_aware)
    by: str = ""
    key: str = ""
    digest: str = ""
