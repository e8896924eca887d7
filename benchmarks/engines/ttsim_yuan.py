"""The job as a model of ttsim, as its users write one: yuan, and rounding named with the rule."""

from __future__ import annotations

from ttsim.tt import Currency, RoundingSpec, TTSIMUnit, UnitSystem, policy_function, policy_input

UNITS = UnitSystem(currencies={"YUAN": Currency(statutory_from="0001-01-01")})
MONEY = TTSIMUnit.CURRENCY.PER_MONTH
TO_THE_YUAN = RoundingSpec(base=1, direction="nearest", unit=TTSIMUnit.YUAN.PER_MONTH)
TO_THE_FEN = RoundingSpec(base=0.01, direction="nearest", unit=TTSIMUnit.YUAN.PER_MONTH)


@policy_input(unit=MONEY)
def wage_m() -> float:
    """The declared wage."""


@policy_input(unit=TTSIMUnit.DIMENSIONLESS)
def firm_id() -> int:
    """The number of the person's unit."""


@policy_function(unit=MONEY, rounding_spec=TO_THE_YUAN)
def whole_wage_m(wage_m: float) -> float:
    """The wage in whole yuan."""
    return wage_m


@policy_function(unit=MONEY)
def pension_base_m(whole_wage_m: float, pension_floor_m: float, pension_cap_m: float) -> float:
    """The base of pension."""
    return min(max(whole_wage_m, pension_floor_m), pension_cap_m)


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def pension_unit_m(pension_base_m: float, pension_unit_rate: float) -> float:
    """What the unit owes for pension."""
    return pension_base_m * pension_unit_rate


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def pension_person_m(pension_base_m: float, pension_person_rate: float) -> float:
    """What the person owes for pension."""
    return pension_base_m * pension_person_rate


@policy_function(unit=MONEY)
def medical_base_m(whole_wage_m: float, medical_floor_m: float, medical_cap_m: float) -> float:
    """The base of medical."""
    return min(max(whole_wage_m, medical_floor_m), medical_cap_m)


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def medical_unit_m(medical_base_m: float, medical_unit_rate: float) -> float:
    """What the unit owes for medical."""
    return medical_base_m * medical_unit_rate


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def medical_person_m(medical_base_m: float, medical_person_rate: float) -> float:
    """What the person owes for medical."""
    return medical_base_m * medical_person_rate


@policy_function(unit=MONEY)
def unemployment_base_m(
    whole_wage_m: float, unemployment_floor_m: float, unemployment_cap_m: float
) -> float:
    """The base of unemployment."""
    return min(max(whole_wage_m, unemployment_floor_m), unemployment_cap_m)


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def unemployment_unit_m(unemployment_base_m: float, unemployment_unit_rate: float) -> float:
    """What the unit owes for unemployment."""
    return unemployment_base_m * unemployment_unit_rate


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def unemployment_person_m(unemployment_base_m: float, unemployment_person_rate: float) -> float:
    """What the person owes for unemployment."""
    return unemployment_base_m * unemployment_person_rate


@policy_function(unit=MONEY)
def injury_base_m(whole_wage_m: float, injury_floor_m: float, injury_cap_m: float) -> float:
    """The base of injury."""
    return min(max(whole_wage_m, injury_floor_m), injury_cap_m)


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def injury_unit_m(injury_base_m: float, injury_unit_rate: float) -> float:
    """What the unit owes for injury."""
    return injury_base_m * injury_unit_rate


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def injury_person_m(injury_base_m: float, injury_person_rate: float) -> float:
    """What the person owes for injury."""
    return injury_base_m * injury_person_rate


@policy_function(unit=MONEY)
def maternity_base_m(
    whole_wage_m: float, maternity_floor_m: float, maternity_cap_m: float
) -> float:
    """The base of maternity."""
    return min(max(whole_wage_m, maternity_floor_m), maternity_cap_m)


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def maternity_unit_m(maternity_base_m: float, maternity_unit_rate: float) -> float:
    """What the unit owes for maternity."""
    return maternity_base_m * maternity_unit_rate


@policy_function(unit=MONEY, rounding_spec=TO_THE_FEN)
def maternity_person_m(maternity_base_m: float, maternity_person_rate: float) -> float:
    """What the person owes for maternity."""
    return maternity_base_m * maternity_person_rate


@policy_function(unit=MONEY)
def unit_total_m(
    pension_unit_m: float,
    medical_unit_m: float,
    unemployment_unit_m: float,
    injury_unit_m: float,
    maternity_unit_m: float,
) -> float:
    """What the unit owes."""
    return pension_unit_m + medical_unit_m + unemployment_unit_m + injury_unit_m + maternity_unit_m


@policy_function(unit=MONEY)
def person_total_m(
    pension_person_m: float,
    medical_person_m: float,
    unemployment_person_m: float,
    injury_person_m: float,
    maternity_person_m: float,
) -> float:
    """What the person owes."""
    return (
        pension_person_m
        + medical_person_m
        + unemployment_person_m
        + injury_person_m
        + maternity_person_m
    )
