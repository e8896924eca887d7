"""InsuredPerson (参保人员): who somebody is, and nothing that changes with time."""

from __future__ import annotations

from datetime import date

import attrs
from dateutil.relativedelta import relativedelta

from socialins.identity import IdDocument, Sex
from socialins.values.masking import masked

__all__ = ["InsuredPerson"]


@attrs.frozen
class InsuredPerson:
    """A person's identity.

    Wage, household class and the like belong to the enrolment: they change, a person does not.

    Arguments:
        name: the name, exactly as on the document.
        document: the identity document.
        birth_date: left out, it is read from the document where the number holds it.
        sex: likewise.
    """

    name: str
    document: IdDocument
    birth_date: date | None = attrs.field(
        default=attrs.Factory(lambda self: self.document.birth_date, takes_self=True), repr=masked
    )
    sex: Sex | None = attrs.field(
        default=attrs.Factory(lambda self: self.document.sex, takes_self=True)
    )

    @property
    def key(self) -> tuple[str, str]:
        """What makes two records the same person: the document's type and number."""
        return self.document.type.value, self.document.number

    def age_on(self, day: date) -> int | None:
        """Age in whole years on a day (周岁); None when the birth date is not known."""
        if self.birth_date is None:
            return None
        return relativedelta(day, self.birth_date).years
