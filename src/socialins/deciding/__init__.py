"""Deciding: what every `decide(state, command)` has in common, whatever it decides about."""

from socialins.deciding.command import Command, named, of_these_times
from socialins.deciding.decision import Decision, Refused, Values, decided
from socialins.deciding.event import Event
from socialins.deciding.permit import Needed, Permit
from socialins.deciding.wire import ADDED, Wire, digest_of

__all__ = [
    "ADDED",
    "Command",
    "Decision",
    "Event",
    "Needed",
    "Permit",
    "Refused",
    "Values",
    "Wire",
    "decided",
    "digest_of",
    "named",
    "of_these_times",
]
