"""Permit: who asks whether somebody may want what a command wants.

Deciding knows accounts and businesses, not operators. Whoever calls it hands it a permit;
`socialins.access.guard` makes one of a login, its grants and the region's rules. An application
with rights of its own makes another.
"""

from __future__ import annotations

from typing import Protocol

import attrs

from socialins.deciding.command import Command
from socialins.faults import Fault

__all__ = ["Needed", "Permit"]


@attrs.frozen
class Needed:
    """What somebody must be allowed to do, to want what a command wants.

    Arguments:
        account: the number of the account (单位编号) it is about.
        business: the business's id (业务); empty where any business of the account will do.
    """

    account: str
    business: str = ""


class Permit(Protocol):
    """Says whether a command may be given.

    It is asked for commands of the unit. What the bureau does, such as recording a result, needs
    nobody's grant.
    """

    def __call__(self, command: Command, needed: Needed, /) -> Fault | None:
        """Why the command may not be given; None if it may.

        Arguments:
            command: the command, with its moment and who gives it.
            needed: what it needs.
        """
