"""The job as a model of ttsim, in whole fen: nothing is left for the engine to round."""

from __future__ import annotations

from ttsim.tt import Currency, TTSIMUnit, UnitSystem, policy_function, policy_input

UNITS = UnitSystem(currencies={"YUAN": Currency(statutory_from="0001-01-01")})
MONEY = TTSIMUnit.CURRENCY.PER_MONTH


@policy_input(unit=MONEY)
def wage_m() -> int:
    """The declared wage."""


@policy_input(unit=TTSIMUnit.DIMENSIONLESS)
def firm_id() -> int:
    """The number of the person's unit."""


@policy_function(unit=MONEY, verify_units=False)
def whole_wage_m(wage_m: int) -> int:
    """The wage in whole yuan."""
    return (wage_m + 50) // 100 * 100


@policy_function(unit=MONEY, verify_units=False)
def pension_base_m(whole_wage_m: int, pension_floor_m: int, pension_cap_m: int) -> int:
    """The base of pension."""
    return min(max(whole_wage_m, pension_floor_m), pension_cap_m)


@policy_function(unit=MONEY, verify_units=False)
def pension_unit_m(pension_base_m: int, pension_unit_top: int, pension_unit_bottom: int) -> int:
    """What the unit owes for pension."""
    return (2 * pension_unit_top * pension_base_m + pension_unit_bottom) // (
        2 * pension_unit_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def pension_person_m(
    pension_base_m: int, pension_person_top: int, pension_person_bottom: int
) -> int:
    """What the person owes for pension."""
    return (2 * pension_person_top * pension_base_m + pension_person_bottom) // (
        2 * pension_person_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def medical_base_m(whole_wage_m: int, medical_floor_m: int, medical_cap_m: int) -> int:
    """The base of medical."""
    return min(max(whole_wage_m, medical_floor_m), medical_cap_m)


@policy_function(unit=MONEY, verify_units=False)
def medical_unit_m(medical_base_m: int, medical_unit_top: int, medical_unit_bottom: int) -> int:
    """What the unit owes for medical."""
    return (2 * medical_unit_top * medical_base_m + medical_unit_bottom) // (
        2 * medical_unit_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def medical_person_m(
    medical_base_m: int, medical_person_top: int, medical_person_bottom: int
) -> int:
    """What the person owes for medical."""
    return (2 * medical_person_top * medical_base_m + medical_person_bottom) // (
        2 * medical_person_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def unemployment_base_m(
    whole_wage_m: int, unemployment_floor_m: int, unemployment_cap_m: int
) -> int:
    """The base of unemployment."""
    return min(max(whole_wage_m, unemployment_floor_m), unemployment_cap_m)


@policy_function(unit=MONEY, verify_units=False)
def unemployment_unit_m(
    unemployment_base_m: int, unemployment_unit_top: int, unemployment_unit_bottom: int
) -> int:
    """What the unit owes for unemployment."""
    return (2 * unemployment_unit_top * unemployment_base_m + unemployment_unit_bottom) // (
        2 * unemployment_unit_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def unemployment_person_m(
    unemployment_base_m: int, unemployment_person_top: int, unemployment_person_bottom: int
) -> int:
    """What the person owes for unemployment."""
    return (2 * unemployment_person_top * unemployment_base_m + unemployment_person_bottom) // (
        2 * unemployment_person_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def injury_base_m(whole_wage_m: int, injury_floor_m: int, injury_cap_m: int) -> int:
    """The base of injury."""
    return min(max(whole_wage_m, injury_floor_m), injury_cap_m)


@policy_function(unit=MONEY, verify_units=False)
def injury_unit_m(injury_base_m: int, injury_unit_top: int, injury_unit_bottom: int) -> int:
    """What the unit owes for injury."""
    return (2 * injury_unit_top * injury_base_m + injury_unit_bottom) // (2 * injury_unit_bottom)


@policy_function(unit=MONEY, verify_units=False)
def injury_person_m(injury_base_m: int, injury_person_top: int, injury_person_bottom: int) -> int:
    """What the person owes for injury."""
    return (2 * injury_person_top * injury_base_m + injury_person_bottom) // (
        2 * injury_person_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def maternity_base_m(whole_wage_m: int, maternity_floor_m: int, maternity_cap_m: int) -> int:
    """The base of maternity."""
    return min(max(whole_wage_m, maternity_floor_m), maternity_cap_m)


@policy_function(unit=MONEY, verify_units=False)
def maternity_unit_m(
    maternity_base_m: int, maternity_unit_top: int, maternity_unit_bottom: int
) -> int:
    """What the unit owes for maternity."""
    return (2 * maternity_unit_top * maternity_base_m + maternity_unit_bottom) // (
        2 * maternity_unit_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def maternity_person_m(
    maternity_base_m: int, maternity_person_top: int, maternity_person_bottom: int
) -> int:
    """What the person owes for maternity."""
    return (2 * maternity_person_top * maternity_base_m + maternity_person_bottom) // (
        2 * maternity_person_bottom
    )


@policy_function(unit=MONEY, verify_units=False)
def unit_total_m(
    pension_unit_m: int,
    medical_unit_m: int,
    unemployment_unit_m: int,
    injury_unit_m: int,
    maternity_unit_m: int,
) -> int:
    """What the unit owes."""
    return pension_unit_m + medical_unit_m + unemployment_unit_m + injury_unit_m + maternity_unit_m


@policy_function(unit=MONEY, verify_units=False)
def person_total_m(
    pension_person_m: int,
    medical_person_m: int,
    unemployment_person_m: int,
    injury_person_m: int,
    maternity_person_m: int,
) -> int:
    """What the person owes."""
    return (
        pension_person_m
        + medical_person_m
        + unemployment_person_m
        + injury_person_m
        + maternity_person_m
    )
