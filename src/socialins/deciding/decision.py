"""Decision: what comes of a command, once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

import attrs

from socialins.deciding.command import Command
from socialins.deciding.event import Event
from socialins.deciding.permit import Needed, Permit
from socialins.faults import Fault, Text

__all__ = ["Decision", "Refused", "Values", "decided"]

Values = dict[str, str | Text]
"""What the texts of a fault name."""

C = TypeVar("C", bound=Command)
E = TypeVar("E", bound=Event)


class Refused(Exception):
    """A command that is not carried out; `decided` turns it into a decision.

    Arguments:
        faults: why not.
    """

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


@attrs.frozen
class Decision(Generic[E]):
    """What comes of a command.

    Arguments:
        events: what happens; empty when it is refused, or was carried out before.
        faults: why it is refused; or warnings about what happens.
    """

    events: tuple[E, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether nothing happens because something is wrong."""
        return any(fault.is_error for fault in self.faults)


def decided(
    command: C,
    keys: Mapping[str, str],
    digest_of: Callable[[C], str],
    handle: Callable[[C], tuple[Iterable[E], Iterable[Fault]]],
    *,
    permit: Permit | None = None,
    needed: Callable[[C], Needed | None] | None = None,
) -> Decision[E]:
    """Carry a command out, unless it was carried out before.

    Arguments:
        command: what somebody wants.
        keys: the keys of the commands that were carried out, with their digests.
        digest_of: gives a command's digest; it is asked for commands that have a key.
        handle: gives events and warnings, or raises `Refused`.
        permit: says whether the command may be given; without one, everything may.
        needed: what a command needs, None for what needs nobody's grant; goes with a permit.

    Returns:
        The events, marked with who wanted them and the key; nothing where the same command was
        carried out before; a fault where another one was, under the same key, or where it may not
        be given.
    """
    digest = ""
    if command.key:
        digest = digest_of(command)
        before = keys.get(command.key)
        if before == digest:
            return Decision()
    # Whoever may not give the command is not told what others did.
    if permit is not None:
        refusal = _refusal(command, permit, needed)
        if refusal is not None:
            return Decision(faults=(refusal,))
    if command.key and command.key in keys:
        return Decision(faults=(Fault("command.key-reused", {"key": command.key}),))
    try:
        happening, warnings = handle(command)
    except Refused as refused:
        return Decision(faults=refused.faults)
    marked = tuple(
        attrs.evolve(event, by=command.by, key=command.key, digest=digest) for event in happening
    )
    return Decision(marked, tuple(warnings))


def _refusal(
    command: C, permit: Permit, needed: Callable[[C], Needed | None] | None
) -> Fault | None:
    if needed is None:
        raise TypeError("a permit has to be told what a command needs; pass `needed`")
    wants = needed(command)
    return None if wants is None else permit(command, wants)
