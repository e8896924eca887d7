"""Rule classes: for whom a rule holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from socialins.model.codes import AccountType, Code, Employment, Household, UnitSize
from socialins.rules.keys import key

__all__ = ["RuleClass", "Who"]


@attrs.frozen(cache_hash=True)
class RuleClass:
    """What of a person and an account decides which rules hold.

    An account's injury rate is not part of it: that is an operand of the computation.

    Arguments:
        household, employment: the person's.
        account_type: the account's.
        unit_size, trade: the unit's; None where they are not known.
    """

    household: Household = Household.URBAN_LOCAL
    employment: Employment = Employment.FULL_TIME
    account_type: AccountType = AccountType.ENTERPRISE
    unit_size: UnitSize | None = None
    trade: str | None = None


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
    unit_size: frozenset[UnitSize] = key(default=frozenset(), doc="Sizes of units (单位规模)")
    trade: frozenset[str] = key(default=frozenset(), doc="Ids of trades (行业)")

    def matches(self, rule_class: RuleClass) -> bool:
        """Whether the rule class is among these; what is not known of it is not."""
        return all(found in wanted for _, wanted, found in self._wanted(rule_class))

    def undecided(self, rule_class: RuleClass) -> tuple[str, ...]:
        """What would have to be known of a class to say whether it is among these.

        Returns:
            Names of keys; empty when it is certain.

        >>> Who(unit_size=frozenset({UnitSize.SMALL})).undecided(RuleClass())
        ('unit_size',)
        """
        wanted = tuple(self._wanted(rule_class))
        if any(found is not None and found not in allowed for _, allowed, found in wanted):
            return ()
        return tuple(name for name, _, found in wanted if found is None)

    def _wanted(self, rule_class: RuleClass) -> Iterator[tuple[str, Collection[object], object]]:
        """Each key that is given, what it allows, and what the class has there."""
        for name, allowed in attrs.asdict(self, recurse=False).items():
            if allowed:
                yield name, allowed, getattr(rule_class, name)

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
            "/".join(sorted(_title(value, lang) for value in values))
            for values in attrs.astuple(self, recurse=False)
            if values
        ]
        return (", " if lang == "en" else "，").join(groups)


def _title(value: object, lang: str) -> str:
    return value.title(lang) if isinstance(value, Code) else str(value)
