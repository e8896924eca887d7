"""Tree: a portal's permissions by module, and what a grant of some of its nodes comes to.

Granting a node grants what stands below it; a child can be taken out. So the nearest word counts:
from a business upwards, the first node that is granted or taken out decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from socialins.rules.access import EVERYTHING, PermissionNode
from socialins.rules.business import is_business

__all__ = ["Tree"]


def _by_id(nodes: Iterable[PermissionNode]) -> dict[str, PermissionNode]:
    return {node.id: node for node in nodes}


@attrs.frozen
class Tree:
    """A permission tree.

    Arguments:
        nodes: the nodes; without any, the businesses stand right below the root ``*``.

    >>> from socialins.faults import Text
    >>> tree = Tree([
    ...     PermissionNode(id="staff", title=Text("人员", "staff"), businesses=("staff.add",)),
    ...     PermissionNode(id="stops", title=Text("减员", "stops"), parent="staff",
    ...                    businesses=("staff.stop",)),
    ... ])
    >>> list(tree.path("staff.stop"))
    ['staff.stop', 'stops', 'staff', '*']
    >>> tree.covers(["staff"], ["stops"], "staff.add"), tree.covers(["*"], ["stops"], "staff.stop")
    (True, False)
    """

    nodes: Mapping[str, PermissionNode] = attrs.field(converter=_by_id)
    _above: dict[str, str] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for node in self.nodes.values():
            self._above[node.id] = node.parent or EVERYTHING
            self._above.update(dict.fromkeys(node.businesses, node.id))

    @_above.default
    def _nothing(self) -> dict[str, str]:
        return {}

    def knows(self, id_: str) -> bool:
        """Whether a text names a node, a business, or everything."""
        return id_ == EVERYTHING or id_ in self.nodes or is_business(id_)

    def path(self, id_: str) -> Iterator[str]:
        """A node or business, and what it stands below, up to the root."""
        while id_ != EVERYTHING:
            yield id_
            id_ = self._above.get(id_, EVERYTHING)
        yield EVERYTHING

    def covers(self, granted: Iterable[str], but: Iterable[str], business: str) -> bool:
        """Whether a grant of some nodes, but for others, covers a business.

        Arguments:
            granted: nodes and businesses that are granted.
            but: nodes and businesses that are taken out.
            business: the business; empty to ask whether it covers anything.
        """
        granted, but = set(granted), set(but)
        if not business:
            return bool(granted - but)
        for one in self.path(business):
            if one in but:
                return False
            if one in granted:
                return True
        return False

    def without(
        self, granted: Iterable[str], but: Iterable[str], taken: Iterable[str]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is granted, and what is not, once further nodes are taken out with all below."""
        out = tuple(dict.fromkeys(taken))
        left = tuple(one for one in granted if not self._below(one, out))
        kept = tuple(one for one in but if not self._below(one, out))
        # What nothing above grants any more need not be taken out of it.
        needed = (one for one in (*kept, *out) if self._below(one, left))
        return left, tuple(dict.fromkeys(needed))

    def _below(self, id_: str, nodes: Iterable[str]) -> bool:
        """Whether something is one of some nodes, or stands below one."""
        return not set(nodes).isdisjoint(self.path(id_))
