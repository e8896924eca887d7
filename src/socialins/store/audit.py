"""What is checked besides the chain: that streams and snapshots agree with the events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from socialins.faults import Fault
from socialins.store.errors import StoreError
from socialins.store.record import canonical, masked_name

__all__ = [
    "SNAPSHOTS",
    "STREAMS",
    "check_snapshots",
    "check_streams",
    "snapshot_digest",
    "snapshot_holds",
]

STREAMS = "SELECT name, version FROM $streams"
"""All streams, as they are stored."""

SNAPSHOTS = (
    "SELECT s.name, n.version, n.payload, n.digest, e.digest FROM $snapshots AS n "
    "LEFT JOIN $streams AS s ON s.id = n.stream "
    "LEFT JOIN $events AS e ON e.stream = n.stream AND e.version = n.version"
)
"""All snapshots, each with the digest of the event it goes up to."""


def snapshot_digest(event: bytes, stream: str, version: int, payload: str) -> bytes:
    """A snapshot's digest: it binds the state to the events it was computed from."""
    text = f"[{canonical(stream)},{version},{payload}]"
    return sha256(event + text.encode()).digest()


def snapshot_holds(event: Any, stream: Any, version: Any, payload: Any, digest: Any) -> bool:
    """Whether a snapshot is what was kept, and its last event what it was then."""
    if not (isinstance(event, bytes) and isinstance(stream, str) and isinstance(payload, str)):
        return False
    try:
        return bool(snapshot_digest(event, stream, version, payload) == digest)
    except (StoreError, UnicodeEncodeError):
        return False


def check_streams(rows: Iterable[tuple[Any, ...]], versions: Mapping[str, int]) -> Iterator[Fault]:
    """Compare the table of streams with the events.

    Arguments:
        rows: name and version of each.
        versions: the last version of each stream that has events.
    """
    seen = dict(versions)
    for name, version in rows:
        found = seen.pop(name, 0)
        if found != version:
            yield _differs(name, found, version)
    for name, found in seen.items():
        yield _differs(name, found, 0)


def check_snapshots(rows: Iterable[tuple[Any, ...]]) -> Iterator[Fault]:
    """Tell which snapshots are not what was kept."""
    for stream, version, payload, digest, event in rows:
        if not snapshot_holds(event, stream, version, payload, digest):
            yield Fault("store.snapshot", {"stream": _shown(stream), "version": str(version)})


def _differs(name: object, found: int, wanted: object) -> Fault:
    words = {"stream": _shown(name), "version": str(found), "expected": str(wanted)}
    return Fault("store.stream", words)


def _shown(name: object) -> str:
    return masked_name(str(name).encode(errors="replace").decode())
