"""Events and commands as JSON, both ways; a digest that tells two commands apart."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from socialins.filing import commands, events
from socialins.model.wire import converter as model_converter

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = ["digest_of", "event_from_plain", "event_to_plain"]

_EVENTS: dict[str, type[events.Event]] = {
    name: getattr(events, name) for name in events.__all__ if name != "Event"
}


def event_to_plain(event: events.Event) -> dict[str, Any]:
    """An event as dicts, lists and text; ``type`` has the name of its class.

    >>> from socialins.filing.events import Withdrawn
    >>> from datetime import datetime, UTC
    >>> event = Withdrawn(at=datetime(2026, 11, 3, 9, tzinfo=UTC), by="甲", declaration="d1")
    >>> event_from_plain(event_to_plain(event)) == event
    True
    """
    return {"type": type(event).__name__, **_converter().unstructure(event)}


def event_from_plain(plain: dict[str, Any]) -> events.Event:
    """The event that `event_to_plain` gave the data for.

    Raises:
        ValueError: if it is of no known type, or does not fit it.
    """
    from cattrs import BaseValidationError, transform_error

    data = dict(plain)
    cls = _EVENTS.get(str(data.pop("type", "")))
    if cls is None:
        raise ValueError(f"{plain.get('type')!r} is no type of event")
    try:
        return _converter().structure(data, cls)
    except BaseValidationError as error:
        told = transform_error(error, format_exception=_problem)
        raise ValueError("; ".join(told)) from error
    except TypeError as error:
        raise ValueError(str(error)) from error


def digest_of(command: commands.Command) -> str:
    """A digest of what a command wants; the moment is not part of it.

    A command that is sent again is sent later: its key and its contents say that it is the same.
    """
    plain = _converter().unstructure(command)
    del plain["at"]
    text = json.dumps([type(command).__name__, plain], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _problem(error: BaseException, kind: type[Any] | None) -> str:
    """A problem in the words of the value that refused; cattrs' own words for the rest."""
    from cattrs.v import format_exception

    if isinstance(error, TypeError | ValueError) and str(error):
        return str(error)
    return format_exception(error, kind)


@cache
def _converter() -> Converter:
    made = model_converter().copy()
    made.register_unstructure_hook(datetime, datetime.isoformat)
    made.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    return made
