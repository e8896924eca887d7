"""Injury rates beside the table of risk classes: floating bands, and a region's multiplier.

An account's rate is its class's rate × the region's multiplier × the account's band, exactly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from socialins.model.codes import Payer
from socialins.model.insurance import INJURY
from socialins.rules.figures import Figure
from socialins.rules.keys import key
from socialins.rules.series import Series
from socialins.values import Rate

__all__ = [
    "InjuryBandSeries",
    "InjuryBands",
    "InjuryMultiplier",
    "InjuryMultiplierSeries",
]


def _real_bands(
    _instance: object, _attribute: object, bands: Mapping[str, tuple[Rate, ...]]
) -> None:
    for name, listed in bands.items():
        if name not in {"1", "2", "3", "4", "5", "6", "7", "8"}:
            raise ValueError(f"injury class {name!r} does not exist; classes run from 1 to 8")
        if not listed:
            raise ValueError(f"class {name} has no band; leave the class out, or list its bands")
        for band in listed:
            if band.fraction <= 0:
                raise ValueError(f"class {name}: band {band} must lie above 0 %")


@attrs.frozen(kw_only=True)
class InjuryBands(Figure):
    """工伤浮动档次: which floating bands an account of a risk class can be in."""

    bands: dict[str, tuple[Rate, ...]] = key(
        doc="Class '1' to '8' and its bands, as '120%'", validator=_real_bands
    )

    def of(self, risk_class: int | None) -> tuple[Rate, ...]:
        """The bands of a class; empty where none are known."""
        return self.bands.get(str(risk_class), ())

    def describe(self, lang: str = "zh") -> str:
        """The table in words."""
        listed = [(name, "/".join(map(str, bands))) for name, bands in self.bands.items()]
        if lang == "en":
            return ", ".join(f"class {name} {bands}" for name, bands in listed)
        return "，".join(f"{name}类 {bands}" for name, bands in listed)


@attrs.frozen(kw_only=True)
class InjuryBandSeries(Series[InjuryBands]):
    """The floating bands of the risk classes."""

    kind = "injury-bands"
    values: tuple[InjuryBands, ...] = key(doc="Tables, in order of their months")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """One scope for the table."""
        yield INJURY, None, None


def _above_zero(_instance: object, _attribute: object, multiplier: Rate) -> None:
    if multiplier.fraction <= 0:
        raise ValueError(f"multiplier {multiplier} must lie above 0 %; '100%' changes nothing")


@attrs.frozen(kw_only=True)
class InjuryMultiplier(Figure):
    """工伤费率调整系数: what a region multiplies the rates of all risk classes by."""

    multiplier: Rate = key(
        doc="The factor, as '80%'; '100%' changes nothing", validator=_above_zero
    )

    def describe(self, lang: str = "zh") -> str:
        """The factor in words."""
        return (
            f"class rates × {self.multiplier}" if lang == "en" else f"行业费率 × {self.multiplier}"
        )


@attrs.frozen(kw_only=True)
class InjuryMultiplierSeries(Series[InjuryMultiplier]):
    """A region's multiplier through time."""

    kind = "injury-multiplier"
    values: tuple[InjuryMultiplier, ...] = key(doc="Factors, in order of their months")

    def scopes(self) -> Iterator[tuple[str, str | None, Payer | None]]:
        """The one scope."""
        yield INJURY, None, None
