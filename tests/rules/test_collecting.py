"""How it is collected and paid: levels put together key by key, slips named."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from socialins.rules import Cascade, RuleFileError
from socialins.rules.collection import Collecting, CollectionMode, Handover, VoidPlace
from socialins.values import Month

Make = Callable[..., Cascade]

CITY = """
[collection]
part_payment = true
voucher_days = 0
sources = ["s"]
[[collection.modes]]
insurances = ["pension"]
from = "2020-05"
to = "2024-03"
mode = "special"
sources = ["s"]
"""
PROVINCE = """
[collection]
handover = "daily-midnight"
part_payment = false
voucher_days = 3
void_voucher = "bureau"
credited = { day = 27 }
modes = [{ insurances = ["*"], from = "2019-01", mode = "self-declared" }]
"""


def test_a_nearer_level_says_what_it_says_and_leaves_the_rest(cascade_of: Make) -> None:
    found = cascade_of(CITY, PROVINCE).collection()
    assert (found.part_payment, found.voucher_days) == (True, 0)
    assert (found.handover, found.void_voucher) == (Handover.DAILY_MIDNIGHT, VoidPlace.BUREAU)
    assert found.credited is not None
    assert found.credited.day == 27
    assert cascade_of("").collection() == Collecting(), "nothing is made up where nobody says"


def test_an_insurance_is_collected_as_the_first_rule_that_fits_says(cascade_of: Make) -> None:
    found = cascade_of(CITY, PROVINCE).collection()
    for insurance, month, mode in (
        ("pension", Month(2020, 4), CollectionMode.SELF_DECLARED),
        ("pension", Month(2020, 5), CollectionMode.SPECIAL),
        ("pension", Month(2024, 3), CollectionMode.SPECIAL),
        ("pension", Month(2024, 4), CollectionMode.SELF_DECLARED),
        ("medical", Month(2020, 5), CollectionMode.SELF_DECLARED),
        ("medical", Month(2018, 12), None),
    ):
        assert found.mode(insurance, month) is mode


def _modes(keys: str) -> str:
    return f"[collection]\nmodes = [{{ {keys} }}]\n"


@pytest.mark.parametrize(
    ("body", "path", "words"),
    [
        ('[collection]\nsources = ["law"]\n', "collection.sources", "unknown source 'law'"),
        (
            _modes('insurances = ["*"], from = "2020-01", mode = "special", sources = ["law"]'),
            "collection.modes[0].sources",
            "unknown source 'law'",
        ),
        (
            _modes('insurances = [], from = "2020-01", mode = "special"'),
            "collection.modes[0]",
            "name at least one insurance",
        ),
        (
            _modes('insurances = ["*"], from = "2020-02", to = "2020-01", mode = "special"'),
            "collection.modes[0]",
            "lies before",
        ),
        ("[collection]\nvoucher_days = -1\n", "collection", "before it is printed"),
        ('[collection]\nhandover = "noon"\n', "collection.handover", "noon"),
    ],
)
def test_a_slip_is_named_with_its_key(cascade_of: Make, body: str, path: str, words: str) -> None:
    with pytest.raises(RuleFileError) as told:
        cascade_of(body)
    found = {fault.place.field: fault.message("en") for fault in told.value.faults}
    assert path in found, found
    assert words in found[path]


def test_the_words_of_codes_are_in_both_languages() -> None:
    for code in (*Handover, *VoidPlace):
        assert code.title("zh") != code.title("en")
