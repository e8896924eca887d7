"""Rows of a batch: one person's card, and the photograph that goes with it."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from socialins.deciding import named
from socialins.model.person import InsuredPerson

__all__ = ["CardRow", "Photo"]


def _copied(values: Mapping[str, str]) -> dict[str, str]:
    return dict(values)


@attrs.frozen(kw_only=True)
class CardRow:
    """One person's card.

    Arguments:
        row: the row's id within the batch.
        person: whose card it is, as the bureau knows the person.
        stated: what is stated: data for a new card, or what shall stand on a corrected one. A blank
            text in a correction leaves things as they are.
        bank: the bank of the new card.
        old_bank: the bank of the card it replaces.
    """

    row: str = attrs.field(validator=named)
    person: InsuredPerson
    stated: Mapping[str, str] = attrs.field(factory=dict, converter=_copied, hash=False)
    bank: str = ""
    old_bank: str = ""

    @property
    def changes(self) -> dict[str, str]:
        """What a correction changes: whatever is not blank."""
        return {field: text.strip() for field, text in self.stated.items() if text.strip()}


@attrs.frozen(kw_only=True)
class Photo:
    """A photograph that was taken in for a row.

    Arguments:
        row: the row.
        name: the name of its file.
        digest: SHA-256 of its bytes, in hexadecimal digits.
    """

    row: str = attrs.field(validator=named)
    name: str = attrs.field(validator=named)
    digest: str = ""
