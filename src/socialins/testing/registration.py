"""Registration: `st.from_type` for the public types, at next to no cost.

Hypothesis calls `register` on its own import, through the entry-point group ``hypothesis``,
wherever both are installed: also in test suites that have nothing to do with social insurance. A
type can only be registered once its class exists, and importing the classes would make importing
Hypothesis half as slow again. So a package that is not loaded yet is registered in the moment it is
loaded, by a finder that steps aside at once; the strategies are imported when the first one is
asked for. Only the names below are known here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

__all__ = ["STRATEGIES", "register"]

STRATEGIES = {
    "socialins.values": {
        "Money": "money",
        "Month": "months",
        "MonthSpan": "month_spans",
        "Rate": "rates",
        "Rounding": "roundings",
    },
    "socialins.identity": {
        "CreditCode": "credit_codes",
        "IdDocument": "documents",
    },
    "socialins.model": {
        "DeclaredWage": "declared_wages",
        "Enrolment": "enrolments",
        "EnrolmentTerms": "enrolment_terms",
        "InjuryTerms": "injury_terms",
        "InsuredPerson": "persons",
        "Roster": "rosters",
        "RosterEntry": "roster_entries",
        "Unit": "units",
        "UnitAccount": "accounts",
    },
}
"""Package → class → the function of `socialins.testing.strategies` that makes its strategy."""


def register() -> None:
    """Make `st.from_type` work for the public types; calling it again changes nothing."""
    waiting = {package for package in STRATEGIES if package not in sys.modules}
    for package in STRATEGIES.keys() - waiting:
        _register(sys.modules[package])
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, _Waiting)]
    if waiting:
        sys.meta_path.insert(0, _Waiting(waiting))


def _register(package: ModuleType) -> None:
    from hypothesis.strategies import register_type_strategy

    for name, strategy in STRATEGIES[package.__name__].items():
        register_type_strategy(getattr(package, name), partial(_made, strategy))


def _made(strategy: str, _cls: type[Any]) -> SearchStrategy[Any]:
    from socialins.testing import strategies

    made: SearchStrategy[Any] = getattr(strategies, strategy)()
    return made


class _Waiting(MetaPathFinder):
    """Finds nothing by itself: lets the other finders find a package, and registers it then."""

    def __init__(self, packages: set[str]) -> None:
        self._packages = packages

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._packages:
            return None
        self._packages.discard(fullname)
        if not self._packages:
            sys.meta_path.remove(self)
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = _Registering(spec.loader)
                return spec
        return None


class _Registering(Loader):
    """Loads a package as its own loader does, then registers its types."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # The package keeps its own loader, which knows its source and its files.
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _register(module)
