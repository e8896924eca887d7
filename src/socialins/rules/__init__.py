"""Rules: dated, cited figures in TOML, cascading from the country to the city."""

from socialins.rules.cascade import Cascade, Located
from socialins.rules.citation import Citation
from socialins.rules.errors import RuleFileError, RuleUnknown
from socialins.rules.figures import (
    Bounds,
    Coverage,
    Figure,
    FixedSum,
    InjuryClasses,
    Operand,
    RateFigure,
    RoundingFigure,
    UnitBase,
    UnitBasis,
)
from socialins.rules.injury import InjuryBands, InjuryMultiplier
from socialins.rules.loader import parse_rules, read_rule_file, read_rule_folder
from socialins.rules.retirement import ContributionMonths, RetirementFigure
from socialins.rules.rulebook import RuleBook, build_rule_books
from socialins.rules.rulefile import COUNTRY, BackEnd, RegionNames, RuleFile, is_division
from socialins.rules.selector import RuleClass, Who
from socialins.rules.series import ALL, Found, Series, Status
from socialins.rules.source import Mark, Source, Text

__all__ = [
    "ALL",
    "COUNTRY",
    "BackEnd",
    "Bounds",
    "Cascade",
    "Citation",
    "ContributionMonths",
    "Coverage",
    "Figure",
    "FixedSum",
    "Found",
    "InjuryBands",
    "InjuryClasses",
    "InjuryMultiplier",
    "Located",
    "Mark",
    "Operand",
    "RateFigure",
    "RegionNames",
    "RetirementFigure",
    "RoundingFigure",
    "RuleBook",
    "RuleClass",
    "RuleFile",
    "RuleFileError",
    "RuleUnknown",
    "Series",
    "Source",
    "Status",
    "Text",
    "UnitBase",
    "UnitBasis",
    "Who",
    "build_rule_books",
    "is_division",
    "parse_rules",
    "read_rule_file",
    "read_rule_folder",
]
