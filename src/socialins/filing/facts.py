"""Facts: what the caller knows of unit and persons, for the prerequisites of a business.

What is not given is not known, and a prerequisite that needs it says so. Nothing is taken to be
true because nobody said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from socialins.model.person import InsuredPerson
from socialins.values import Money
from socialins.values.masking import masked

__all__ = ["Facts", "PersonFacts"]


@attrs.frozen(kw_only=True)
class PersonFacts:
    """What is known of a person; None where it is not known.

    Arguments:
        employment_registered: the employment, or its end, is registered (就业登记、终止登记).
        enrolled: the person is enrolled with this account.
        insured_elsewhere: the person is insured with another unit.
        balance: the balance of the personal account that is to pay.
        other: further facts by name, for checks that a plugin adds.
    """

    employment_registered: bool | None = None
    enrolled: bool | None = None
    insured_elsewhere: bool | None = None
    balance: Money | None = attrs.field(default=None, repr=masked)
    other: Mapping[str, str] = attrs.field(factory=dict, hash=False, repr=False)


@attrs.frozen(kw_only=True)
class Facts:
    """What is known of the unit and its persons.

    Arguments:
        persons: by document number.
        arrears: what the unit owes; None where it is not known.
        certificate_until: the last day of its certificate.
        yearly_check_done: the yearly check of its registration is done.
        other: further facts by name.
    """

    persons: Mapping[str, PersonFacts] = attrs.field(factory=dict, hash=False, repr=False)
    arrears: Money | None = None
    certificate_until: date | None = None
    yearly_check_done: bool | None = None
    other: Mapping[str, str] = attrs.field(factory=dict, hash=False)

    def of(self, person: InsuredPerson | None) -> PersonFacts:
        """What is known of a person; nothing, if none was given."""
        number = person.document.number if person else ""
        return self.persons.get(number, PersonFacts())
