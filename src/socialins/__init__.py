"""socialins: the enterprise side of Chinese social insurance (单位社保申报), for applications.

    import socialins as si

    region = si.region("middle")
    roster = region.read_roster("roster.xlsx", month="2026-11")
    bill = region.settle(roster, "2026-11")

Names are loaded when they are first used, so that importing the package costs next to nothing and
no optional part of it is needed before it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from socialins.facade import (
        Region as Region,
        region as region,
        regions as regions,
    )
    from socialins.faults import (
        Fault as Fault,
        FaultError as FaultError,
        MissingExtra as MissingExtra,
        Place as Place,
        Severity as Severity,
        SocialinsError as SocialinsError,
    )
    from socialins.identity import (
        CreditCode as CreditCode,
        DocumentType as DocumentType,
        IdDocument as IdDocument,
        Sex as Sex,
    )
    from socialins.model import (
        AccountType as AccountType,
        DeclaredWage as DeclaredWage,
        Employment as Employment,
        Enrolment as Enrolment,
        EnrolmentTerms as EnrolmentTerms,
        Exemption as Exemption,
        Household as Household,
        InjuryTerms as InjuryTerms,
        InsuredPerson as InsuredPerson,
        Kind as Kind,
        Payer as Payer,
        Roster as Roster,
        RosterEntry as RosterEntry,
        Unit as Unit,
        UnitAccount as UnitAccount,
        UnitSize as UnitSize,
        WageOrigin as WageOrigin,
        from_json as from_json,
        to_json as to_json,
    )
    from socialins.plugins import (
        UnknownRegion as UnknownRegion,
    )
    from socialins.rules import (
        RuleFileError as RuleFileError,
        RuleUnknown as RuleUnknown,
    )
    from socialins.settlement import (
        Contribution as Contribution,
        OperandMissing as OperandMissing,
        Settlement as Settlement,
        Unsettled as Unsettled,
    )
    from socialins.values import (
        Money as Money,
        Month as Month,
        MonthSpan as MonthSpan,
        Rate as Rate,
        Rounding as Rounding,
        in_capitals as in_capitals,
    )

_HOMES = {
    "socialins.faults": "Fault FaultError MissingExtra Place Severity SocialinsError",
    "socialins.identity": "CreditCode DocumentType IdDocument Sex",
    "socialins.model": (
        "AccountType DeclaredWage Employment Enrolment EnrolmentTerms Exemption Household "
        "InjuryTerms InsuredPerson Kind Payer Roster RosterEntry Unit UnitAccount UnitSize "
        "WageOrigin from_json to_json"
    ),
    "socialins.plugins": "UnknownRegion",
    "socialins.facade": "Region region regions",
    "socialins.rules": "RuleFileError RuleUnknown",
    "socialins.settlement": "Contribution OperandMissing Settlement Unsettled",
    "socialins.values": "Money Month MonthSpan Rate Rounding in_capitals",
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names.split()}

__all__ = [  # noqa: PLE0604
    "__version__",
    *_HOME_OF,
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("socialins")
        except PackageNotFoundError:  # run from the sources
            return "0+unknown"
    if name not in _HOME_OF:
        raise AttributeError(f"module 'socialins' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
