"""Change (变更行): one row of a declaration, with what the unit states in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from socialins.model.codes import Employment, Household
from socialins.model.person import InsuredPerson
from socialins.values import Money, Month
from socialins.values.masking import masked

__all__ = ["Change"]


def _as_ids(ids: Iterable[str] | None) -> frozenset[str] | None:
    return None if ids is None else frozenset(ids)


def _as_dict(extra: Mapping[str, str]) -> dict[str, str]:
    return dict(extra)


@attrs.frozen(kw_only=True)
class Change:
    """One row: whom it is about, and what is stated. What is left out stays as it is.

    Arguments:
        row: the row's own id within its declaration.
        person: the person; None for a row about the unit.
        wage: the declared wage, not negative.
        household, employment: the person's classes.
        insurances: ids of the insurances; None for all that apply.
        first, last: the months a back payment is for.
        reason: why, in the bureau's words (减少原因 and the like).
        extra: further fields by name, as text.
    """

    row: str = attrs.field(validator=attrs.validators.min_len(1))
    person: InsuredPerson | None = None
    wage: Money | None = attrs.field(default=None, repr=masked)
    household: Household | None = None
    employment: Employment | None = None
    insurances: frozenset[str] | None = attrs.field(default=None, converter=_as_ids)
    first: Month | None = None
    last: Month | None = None
    reason: str = ""
    extra: dict[str, str] = attrs.field(
        factory=dict, converter=_as_dict, hash=False, repr=lambda extra: f"<{', '.join(extra)}>"
    )

    def fields(self) -> Iterator[str]:
        """Names of the fields that are stated."""
        for name in ("wage", "household", "employment", "insurances", "first", "last"):
            if getattr(self, name) is not None:
                yield name
        if self.reason:
            yield "reason"
        yield from self.extra
