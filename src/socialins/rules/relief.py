"""Reliefs and deferrals: months in which less is collected, or in which it may be paid later.

Both hold in their own months only. In all others there is no such thing, so nothing need be said of
them, and nothing is ever carried from one month to the next.
"""

from __future__ import annotations

import attrs

from socialins.rules.figures import Figure
from socialins.rules.keys import key
from socialins.rules.series import PerInsurances
from socialins.values import Month, Rate

__all__ = ["Deferral", "DeferralSeries", "Relief", "ReliefSeries"]


def _a_part(_instance: object, _attribute: object, pays: Rate) -> None:
    if not 0 <= pays.fraction < 1:
        raise ValueError(f"'pays' is {pays}; a relief leaves at least 0 % and less than 100 %")


@attrs.frozen(kw_only=True)
class Relief(Figure):
    """阶段性减免: only a part of a payer's rate is collected.

    A fixed sum is not touched by it.

    Arguments:
        pays: what is still collected: ``"0%"`` for an exemption (免征), ``"50%"`` for half (减半).
    """

    pays: Rate = key(doc="What is still collected, as '50%'; '0%' exempts", validator=_a_part)

    def describe(self, lang: str = "zh") -> str:
        """The relief in words."""
        if not self.pays.fraction:
            return "exempt" if lang == "en" else "免征"
        return f"{self.pays} is collected" if lang == "en" else f"按 {self.pays} 征收"


@attrs.frozen(kw_only=True)
class ReliefSeries(PerInsurances[Relief]):
    """Reliefs of one or more insurances, for those that ``who`` names."""

    kind = "relief"
    sparse = True
    values: tuple[Relief, ...] = key(doc="Reliefs, in order of their months")


@attrs.frozen(kw_only=True)
class Deferral(Figure):
    """缓缴: the contributions of some months may be paid later, for units that were granted it.

    The amounts stay as they are. Only the day on which they are overdue moves.

    Arguments:
        pay_by: the month by whose end they are to be paid; None where no source states it.
        late_fee: whether the late fee runs all the same from the ordinary day on.
    """

    pay_by: Month | None = key(
        default=None, doc="Month by whose end it is to be paid; left out if no source says so"
    )
    late_fee: bool = key(default=False, doc="True: the late fee runs from the ordinary day on")

    def describe(self, lang: str = "zh") -> str:
        """The deferral in words."""
        if lang == "en":
            until = f"to the end of {self.pay_by}" if self.pay_by else "to a day not stated"
            return f"payment may be put off {until}, {'with' if self.late_fee else 'no'} late fee"
        until = f"最迟 {self.pay_by} 底缴纳" if self.pay_by else "补缴期限未见"
        return f"可缓缴，{until}，{'照收' if self.late_fee else '免收'}滞纳金"


@attrs.frozen(kw_only=True)
class DeferralSeries(PerInsurances[Deferral]):
    """Deferrals of one or more insurances, for those that ``who`` names."""

    kind = "deferral"
    sparse = True
    of_calendar = True
    values: tuple[Deferral, ...] = key(doc="Deferrals, in order of the months that are put off")
