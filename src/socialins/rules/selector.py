"""Rule classes: for whom a rule holds."""

from __future__ import annotations

import attrs

from socialins.model.codes import AccountType, Code, Employment, Household
from socialins.rules.keys import key

__all__ = ["RuleClass", "Who"]


@attrs.frozen
class RuleClass:
    """What of a person and an account decides which rules hold.

    An account's injury rate is not part of it: that is an operand of the computation.
    """

    household: Household = Household.URBAN_LOCAL
    employment: Employment = Employment.FULL_TIME
    account_type: AccountType = AccountType.ENTERPRISE


@attrs.frozen(kw_only=True)
class Who:
    """For whom a series of figures holds; a key left out holds for all.

    >>> rural = Who(household=frozenset({Household.RURAL_LOCAL}))
    >>> rural.matches(RuleClass()), rural.matches(RuleClass(Household.RURAL_LOCAL))
    (False, True)
    """

    household: frozenset[Household] = key(default=frozenset(), doc="Household classes (户籍)")
    employment: frozenset[Employment] = key(default=frozenset(), doc="Employment (用工形式)")
    account_type: frozenset[AccountType] = key(
        default=frozenset(), doc="Account types (参保户类型)"
    )

    def matches(self, rule_class: RuleClass) -> bool:
        """Whether the rule class is among these."""
        pairs: tuple[tuple[frozenset[Code], Code], ...] = (
            (frozenset(self.household), rule_class.household),
            (frozenset(self.employment), rule_class.employment),
            (frozenset(self.account_type), rule_class.account_type),
        )
        return all(not wanted or found in wanted for wanted, found in pairs)

    @property
    def specificity(self) -> int:
        """How many keys are given; the more, the nearer to one person."""
        return sum(bool(value) for value in attrs.astuple(self, recurse=False))

    def may_meet(self, other: Who) -> bool:
        """Whether some rule class matches both."""
        mine = attrs.astuple(self, recurse=False)
        theirs = attrs.astuple(other, recurse=False)
        return all(not a or not b or a & b for a, b in zip(mine, theirs, strict=True))

    def includes(self, other: Who) -> bool:
        """Whether every rule class that matches the other matches this one."""
        mine = attrs.astuple(self, recurse=False)
        theirs = attrs.astuple(other, recurse=False)
        return all(not a or (b and b <= a) for a, b in zip(mine, theirs, strict=True))

    def describe(self, lang: str = "zh") -> str:
        """The classes in words; empty when it holds for all."""
        groups = [
            "/".join(sorted(value.title(lang) for value in values))
            for values in attrs.astuple(self, recurse=False)
            if values
        ]
        return (", " if lang == "en" else "，").join(groups)
