"""Corrections (勘误): what is not to be changed is left blank."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from socialins.model.person import InsuredPerson

__all__ = ["Corrected", "changed", "correct"]


@attrs.frozen
class Corrected:
    """What becomes of a card's data.

    Arguments:
        before, after: field → what stands there.
    """

    before: Mapping[str, str]
    after: Mapping[str, str]

    @property
    def changes(self) -> dict[str, tuple[str, str]]:
        """Field → before and after, of what really changes."""
        return {
            field: (self.before.get(field, ""), text)
            for field, text in self.after.items()
            if self.before.get(field, "") != text
        }


def correct(before: Mapping[str, str], stated: Mapping[str, str]) -> Corrected:
    """Lay a correction over what stands on a card.

    Arguments:
        before: field → what stands there.
        stated: field → what shall stand there; a blank text leaves it as it is.

    >>> corrected = correct({"name": "王一", "sex": "男"}, {"name": "王壹", "sex": " "})
    >>> corrected.after, corrected.changes
    ({'name': '王壹', 'sex': '男'}, {'name': ('王一', '王壹')})
    """
    given = {field: text.strip() for field, text in stated.items() if text.strip()}
    return Corrected(dict(before), {**before, **given})


def changed(person: InsuredPerson, stated: Mapping[str, str]) -> bool:
    """Whether a correction changes anything that is known of a person.

    Arguments:
        person: the person as the bureau knows them.
        stated: field → what shall stand there.
    """
    known = {"name": person.name, "id_number": person.document.number}
    return bool(correct(known, stated).changes)
