"""Records: what is handed to a journal, and what it gives back.

A record keeps its payload as canonical JSON text and as nothing else. So it can't change under the
journal, what is hashed is what is stored, and reading a million events parses only those asked for.
Payloads hold identity numbers and wages; no repr shows any of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from socialins.faults import Fault
from socialins.store.errors import StoreError

__all__ = ["Head", "Record", "Snapshot", "Stored", "canonical", "check_name", "masked_name"]

_ENCODER = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
)
_NAME_LENGTH = 200
_LONG_NUMBER = re.compile(r"[0-9]{8}[0-9]*[0-9Xx]")


def canonical(value: object) -> str:
    """JSON text, the same for equal values: keys in order, no blanks, no escapes but needed ones.

    Raises:
        StoreError: if JSON has no such value, or text in it is no Unicode.

    >>> canonical({"b": 1, "a": "养老"})
    '{"a":"养老","b":1}'
    """
    try:
        text = _ENCODER.encode(value)
        text.encode()
    except UnicodeEncodeError:
        reason = "half of a surrogate pair"  # the error itself would carry the payload along
    except (TypeError, ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, TypeError) else type(error).__name__
    else:
        return text
    raise StoreError(Fault("store.not-json", {"reason": reason}))


def check_name(name: str) -> None:
    """Refuse what can't name a stream or a type: empty, over 200 characters, or not printable.

    Raises:
        StoreError: with the reason.
    """
    if not 0 < len(name) <= _NAME_LENGTH or not name.isprintable():
        raise StoreError(Fault("store.name", {"name": repr(masked_name(name[:_NAME_LENGTH]))}))


def masked_name(name: str) -> str:
    """A stream's name as it may be shown: the middle of long numbers is hidden.

    >>> masked_name("person/11010519491231002X")
    'person/110***********002X'
    """

    def hide(found: re.Match[str]) -> str:
        text = found[0]
        left = min(7, len(text) // 2)
        first = min(3, left // 2)
        return text[:first] + "*" * (len(text) - left) + text[first - left :]

    return _LONG_NUMBER.sub(hide, name)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone; pass an aware moment")
    return at


@attrs.frozen(init=False, repr=False)
class Record:
    """An event to be kept.

    Arguments:
        type: the name of its kind, such as ``Submitted``.
        payload: what it says; anything JSON has. It is copied.
        at: the moment it happened, aware. It never decides an order.

    Raises:
        StoreError: if JSON has no such payload, or the type can't be a name.
        ValueError: for a moment without a time zone.

    >>> from datetime import UTC
    >>> record = Record("Paid", {"fen": 160000}, datetime(2026, 11, 3, tzinfo=UTC))
    >>> record
    <Record Paid 2026-11-03T00:00:00+00:00, 14 characters>
    >>> record.payload
    {'fen': 160000}
    """

    type: str
    json: str
    at: datetime

    def __init__(self, type: str, payload: Mapping[str, Any], at: datetime) -> None:  # noqa: A002
        check_name(type)
        self.__attrs_init__(type, canonical(payload), _aware(at))

    @property
    def payload(self) -> dict[str, Any]:
        """The payload as it will be read back."""
        found: dict[str, Any] = json.loads(self.json)
        return found

    def __repr__(self) -> str:
        kind, moment = masked_name(self.type), self.at.isoformat()
        return f"<Record {kind} {moment}, {len(self.json)} characters>"


@attrs.frozen(repr=False)
class Stored:
    """An event as the journal has it.

    Arguments:
        sequence: its place in the whole journal, from 1, without gaps.
        stream: the stream it belongs to.
        version: its place in the stream, from 1, without gaps.
        type: the name of its kind.
        at: the moment it was said to have happened.
        json: its payload as canonical JSON.
        digest: what chains it to all before it, in hexadecimal.
    """

    sequence: int
    stream: str
    version: int
    type: str
    at: datetime
    json: str
    digest: str

    @property
    def payload(self) -> dict[str, Any]:
        """The payload."""
        found: dict[str, Any] = json.loads(self.json)
        return found

    @property
    def record(self) -> Record:
        """The record that was appended."""
        return Record(self.type, self.payload, self.at)

    def __repr__(self) -> str:
        where = f"{self.sequence}: {masked_name(self.stream)} {self.version}"
        return f"<Stored {where}, {masked_name(self.type)}, {len(self.json)} characters>"


@attrs.frozen
class Head:
    """How far a journal goes; noted elsewhere, it proves later that nothing was cut off.

    Arguments:
        sequence: how many events there are.
        digest: the last event's digest, in hexadecimal.

    >>> Head.parse(str(Head(2, "ab" * 32))) == Head(2, "ab" * 32)
    True
    """

    sequence: int
    digest: str

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read what `str` gave.

        Raises:
            ValueError: if it is no such text.
        """
        found = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip())
        if found is None:
            raise ValueError("a head is a number, a colon and 64 hexadecimal digits")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.sequence}:{self.digest}"


@attrs.frozen(repr=False)
class Snapshot:
    """A state that somebody computed from a stream, so as not to read all of it again.

    Arguments:
        stream: the stream.
        version: the last event that the state counts.
        json: the state, as canonical JSON.
    """

    stream: str
    version: int
    json: str

    @property
    def payload(self) -> Any:
        """The state."""
        return json.loads(self.json)

    def __repr__(self) -> str:
        where = f"{masked_name(self.stream)} {self.version}"
        return f"<Snapshot {where}, {len(self.json)} characters>"
