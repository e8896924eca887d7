"""AccessRules: what deciding about access asks of a region's rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import attrs

from socialins.access.prompts import explain_prompt
from socialins.access.tree import Tree
from socialins.calendar import SHANGHAI
from socialins.faults import Fault, Text
from socialins.identity import NumberShape
from socialins.rules import Cascade
from socialins.rules.access import AccessTerms, LoginMethod, LoginRule, Role

__all__ = ["AccessRules", "explain_refusal"]


@attrs.frozen(eq=False)
class AccessRules:
    """The rules of access in a region; `Region.access` makes one.

    Arguments:
        cascade: the region's rules, with an overlay if there is one.
    """

    cascade: Cascade = attrs.field(repr=False)
    terms: AccessTerms = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: self.cascade.access(), takes_self=True),
    )
    tree: Tree = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: Tree(self.terms.nodes), takes_self=True),
    )
    numbers: Mapping[str, NumberShape] = attrs.field(
        init=False,
        repr=False,
        default=attrs.Factory(lambda self: self.cascade.numbers(), takes_self=True),
    )

    @property
    def division(self) -> str:
        """The region's code."""
        return self.cascade.nearest.division

    def title(self, id_: str) -> Text:
        """The name of a node or a business; its id where nobody gives one."""
        node = self.tree.nodes.get(id_)
        return node.title if node else self.cascade.business_title(id_)

    def logins(self, business: str = "", role: Role | None = None) -> Iterator[LoginRule]:
        """The ways to log in for a business, and for a role."""
        for one in self.terms.logins:
            if one.serves(business) and (role is None or not one.roles or role in one.roles):
                yield one

    def login_allowed(self, method: LoginMethod, business: str, role: Role) -> Fault | None:
        """Why a way to log in is not one for a business; None if it is, or if nobody says."""
        if not self.terms.logins:
            return None
        allowed = {one.method: None for one in self.logins(business, role)}
        if method in allowed:
            return None
        choices = list(allowed) or list(dict.fromkeys(one.method for one in self.terms.logins))
        named = Text("、".join(one.zh for one in choices), ", ".join(one.en for one in choices))
        if not business or not any(one.method is method for one in self.terms.logins):
            return Fault("access.login-method", {"method": method.text, "choices": named})
        values = {"method": method.text, "business": self.title(business), "choices": named}
        return Fault("access.login-for-business", values)

    def in_service(self, at: datetime) -> Fault | None:
        """Why a portal does not work at a moment; None if it does, or if nobody says."""
        hours = self.terms.hours
        clock = at.astimezone(SHANGHAI)
        if hours is None or hours.contains(clock.time()):
            return None
        values = {"opens": hours.opens, "closes": hours.closes, "time": f"{clock:%H:%M}"}
        return Fault("access.closed", values)

    def explain(self, says: str) -> Fault:
        """The fault that explains a portal's own prompt; see `explain_refusal`."""
        return explain_prompt(self.terms.prompts, says)


def explain_refusal(rules: AccessRules, says: str) -> Fault:
    """Explain what a portal said when it refused (登录、注册、授权时的提示).

    Blanks, width and punctuation don't matter; more may stand around the prompt. Where several
    prompts are in the text, the longest is meant.

    Arguments:
        rules: the region's rules, of `Region.access`.
        says: the portal's words, as they were copied.

    Returns:
        The fault with explanation and remedies; ``access.prompt-unknown`` for words that no rule
        of the region has.

    >>> from socialins.testing.middle import middle
    >>> found = explain_refusal(middle().access(), "提示：请插入密钥！")
    >>> found.code, found.remedies("en")[0]
    ('access.insert-key', 'Plug the key in, and log in again.')
    """
    return rules.explain(says)
