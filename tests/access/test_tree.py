"""The permission tree: what is taken out of a grant is gone with all below, and nothing else is."""

from __future__ import annotations

from hypothesis import given, strategies as st

from socialins.access import Tree
from socialins.faults import Text
from socialins.rules.access import PermissionNode

PARENTS = {"a": None, "b": "a", "c": "b", "d": "a", "e": None}
TREE = Tree(
    [
        PermissionNode(id=id_, title=Text(id_, id_), parent=parent, businesses=(f"x.{id_}",))
        for id_, parent in PARENTS.items()
    ]
)
WORDS = ("*", *PARENTS, *(f"x.{id_}" for id_ in PARENTS), "x.elsewhere")
LEAVES = [word for word in WORDS if "." in word]
some = st.lists(st.sampled_from(WORDS), max_size=4, unique=True)


@given(granted=some, but=some, taken=some)
def test_taking_out_takes_all_below_and_leaves_the_rest(
    granted: list[str], but: list[str], taken: list[str]
) -> None:
    nodes, left_out = TREE.without(granted, but, taken)
    for business in LEAVES:
        below = not set(taken).isdisjoint(TREE.path(business))
        before = TREE.covers(granted, but, business)
        assert TREE.covers(nodes, left_out, business) is (before and not below)
    assert not set(nodes) & set(taken)
    again = TREE.without(nodes, left_out, taken)
    assert set(again[1]) == set(left_out)
    assert again[0] == nodes


def test_the_nearest_word_counts() -> None:
    assert TREE.covers(["*", "c"], ["a"], "x.c")
    assert not TREE.covers(["*", "c"], ["a"], "x.b")
    assert TREE.covers(["*"], [], "x.elsewhere"), "a business of no module is below everything"
    assert not TREE.covers(["a"], [], "x.elsewhere")
    assert not TREE.covers([], [], "")
    assert TREE.covers(["a"], [], "")
