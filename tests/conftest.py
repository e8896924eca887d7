"""Settings of all tests: how Hypothesis looks for failures; and small rules to test with.

By default it looks in the same places every time, so that a failure is the change's and not the
day's. `HYPOTHESIS_PROFILE=explore` looks farther and elsewhere, at leisure;
`HYPOTHESIS_PROFILE=mutation` less far, as `make mutation` runs the tests thousands of times.
"""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable

import pytest
from hypothesis import Phase, settings

from socialins.rules import Cascade, RuleBook, build_rule_books, parse_rules
from socialins.testing import registration

settings.register_profile("ci", derandomize=True, max_examples=40, deadline=None)
settings.register_profile("explore", max_examples=5_000, deadline=None, print_blob=True)
settings.register_profile(
    "mutation",
    derandomize=True,
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # that something fails is enough; nobody reads what
)
PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "ci")
settings.load_profile(PROFILE)

# Hypothesis does this by itself where the distribution is installed.
registration.register()


LAW = """
[[insurances]]
id = "pension"
title = { zh = "养老保险", en = "pension" }
[[insurances]]
id = "medical"
title = { zh = "医疗保险", en = "medical" }
[[insurances]]
id = "injury"
title = { zh = "工伤保险", en = "work injury" }
[[base_rounding]]
insurances = ["*"]
values = [{ from = "2000-01", rounding = "half-up-fen", sources = ["s"], mark = "A" }]
[[amount_rounding]]
insurances = ["*"]
values = [{ from = "2000-01", rounding = "half-up-fen", sources = ["s"], mark = "A" }]
[[unit_base]]
insurances = ["*"]
values = [{ from = "2000-01", basis = "persons", sources = ["s"], mark = "A" }]
"""


def book(division: str, body: str) -> RuleBook:
    """A division's book of the series in `body`, which may cite the source ``s``."""
    name = f"{division}.toml"
    head = {
        "division": division,
        "region": {"slug": f"d-{division}", "name": {"zh": division, "en": division}},
        "sources": {"s": {"title": "通知", "number": f"{division}号", "seen": "made up"}},
    }
    return build_rule_books({name: parse_rules({**tomllib.loads(body), **head}, name)})[division]


@pytest.fixture(scope="session")
def cascade_of() -> Callable[..., Cascade]:
    """Makes a cascade of TOML texts, the nearest level first, over a country with little law.

    Sources and names are put in; the country titles pension, medical and injury, and rounds half up
    to the fen.
    """

    def make(*levels: str, law: str = LAW) -> Cascade:
        codes = ("990100", "990000")[: len(levels)]
        books = [book(code, body) for code, body in zip(codes, levels, strict=True)]
        return Cascade((*books, book("000000", law)))

    return make


if PROFILE == "mutation":

    def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
        """Plain examples first: what they notice need not be looked for with many."""
        items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))

    @pytest.fixture(autouse=True)
    def _nothing_is_remembered() -> None:
        """A mistake in reading rules shows where they are read, so each test reads them anew."""
        for name, module in list(sys.modules.items()):
            if name.startswith("socialins.") and not name.startswith(
                "socialins.testing.strategies"
            ):
                for value in list(vars(module).values()):
                    getattr(value, "cache_clear", int)()
