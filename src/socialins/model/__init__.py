"""The model: units, accounts, persons, enrolments and rosters, as frozen data."""

from socialins.model.codes import (
    AccountType,
    Employment,
    Household,
    Kind,
    Payer,
    RetirementCategory,
    UnitSize,
    WageOrigin,
)
from socialins.model.enrolment import Enrolment, EnrolmentTerms, Exemption
from socialins.model.insurance import (
    FIVE_INSURANCES,
    INJURY,
    MATERNITY,
    MEDICAL,
    PENSION,
    UNEMPLOYMENT,
)
from socialins.model.person import InsuredPerson
from socialins.model.roster import Roster, RosterEntry
from socialins.model.unit import InjuryTerms, Unit, UnitAccount
from socialins.model.wage import DeclaredWage
from socialins.model.wire import from_json, to_json

__all__ = [
    "FIVE_INSURANCES",
    "INJURY",
    "MATERNITY",
    "MEDICAL",
    "PENSION",
    "UNEMPLOYMENT",
    "AccountType",
    "DeclaredWage",
    "Employment",
    "Enrolment",
    "EnrolmentTerms",
    "Exemption",
    "Household",
    "InjuryTerms",
    "InsuredPerson",
    "Kind",
    "Payer",
    "RetirementCategory",
    "Roster",
    "RosterEntry",
    "Unit",
    "UnitAccount",
    "UnitSize",
    "WageOrigin",
    "from_json",
    "to_json",
]
