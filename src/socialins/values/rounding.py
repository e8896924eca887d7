"""Rounding (进位方式): the step a rule takes from an exact figure to whole fen.

The ten kinds are those that Chinese payroll vendors offer, by their customary names; half-even is
the eleventh, for comparison with engines that use it. Each rule names its own, per insurance and
per payer: there is no global setting. All of them act on the size of the amount and keep its sign,
so that taking back is the mirror of paying.

Customary names leave two readings open, and no document was seen that settles them; both are
assumptions of this library (mark C), stated at the member: whether "see a fen" looks at what lies
below the fen, and what "up to even" is even in.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Literal

import attrs

from socialins.values.money import Money

__all__ = ["Rounding", "RoundingStep"]

Direction = Literal["up", "down", "half-up", "half-even"]


@attrs.frozen
class RoundingStep:
    """How a rounding works, in whole numbers, for every reader of a schedule.

    Arguments:
        cut: the amount is first cut down to a multiple of this many fen; 0 for no cut.
        step: the result is a multiple of this many fen.
        direction: which multiple is taken.
        zh: the customary Chinese name.
        en: the English name.
    """

    cut: int
    step: int
    direction: Direction
    zh: str
    en: str


class Rounding(StrEnum):
    """A kind of rounding; call it with an exact number of fen, or with `Money`.

    The numbers in the comments are those of the customary list.

    >>> Rounding.HALF_UP_FEN(Fraction(104890_5, 10))
    Money.yuan('1048.91')
    >>> Rounding("half-up-yuan")(Money.yuan("3726.50"))
    Money.yuan('3727.00')
    >>> Rounding.HALF_UP_FEN(-Fraction(5, 2))
    Money.yuan('-0.03')

    1, 见分进角: any whole fen goes up to the next jiao; what is below a fen is not seen.

    >>> Rounding.SEE_FEN_UP_JIAO(Money.yuan("12.31")), Rounding.SEE_FEN_UP_JIAO(Fraction(12309, 10))
    (Money.yuan('12.40'), Money.yuan('12.30'))

    2, 见角进元: any whole jiao goes up to the next yuan; fen are not seen.

    >>> [str(Rounding.SEE_JIAO_UP_YUAN(Money(fen))) for fen in (1210, 1209)]
    ['13.00', '12.00']

    3, 进位到元: anything above a whole yuan goes up.

    >>> Rounding.UP_YUAN(Money.yuan("12.01"))
    Money.yuan('13.00')

    4, 进位偶数: up to the next even number of yuan, so that two payers can halve it.

    >>> Rounding.UP_EVEN_YUAN(Money.yuan("12.01")), Rounding.UP_EVEN_YUAN(Money.yuan("12"))
    (Money.yuan('14.00'), Money.yuan('12.00'))

    5, 舍去角: jiao and fen are dropped.

    >>> Rounding.DROP_JIAO(Money.yuan("12.99"))
    Money.yuan('12.00')

    6, 舍去分: fen are dropped.

    >>> Rounding.DROP_FEN(Money.yuan("12.99"))
    Money.yuan('12.90')

    7, 舍去厘: what is below a fen is dropped.

    >>> Rounding.DROP_LI(Fraction(12999, 10))
    Money.yuan('12.99')

    8, 四舍五入到分: half a fen goes up.

    >>> Rounding.HALF_UP_FEN(Fraction(743, 2))
    Money.yuan('3.72')

    9, 四舍五入到角: half a jiao goes up.

    >>> Rounding.HALF_UP_JIAO(Money.yuan("12.35"))
    Money.yuan('12.40')

    10, 四舍五入到元: half a yuan goes up.

    >>> Rounding.HALF_UP_YUAN(Money.yuan("2235.60"))
    Money.yuan('2236.00')

    四舍六入五成双到分: half a fen goes to the even fen.

    >>> Rounding.HALF_EVEN_FEN(Fraction(743, 2)), Rounding.HALF_EVEN_FEN(Fraction(741, 2))
    (Money.yuan('3.72'), Money.yuan('3.70'))
    """

    SEE_FEN_UP_JIAO = "see-fen-up-jiao"  # 1
    SEE_JIAO_UP_YUAN = "see-jiao-up-yuan"  # 2
    UP_YUAN = "up-yuan"  # 3
    UP_EVEN_YUAN = "up-even-yuan"  # 4
    DROP_JIAO = "drop-jiao"  # 5
    DROP_FEN = "drop-fen"  # 6
    DROP_LI = "drop-li"  # 7
    HALF_UP_FEN = "half-up-fen"  # 8
    HALF_UP_JIAO = "half-up-jiao"  # 9
    HALF_UP_YUAN = "half-up-yuan"  # 10
    HALF_EVEN_FEN = "half-even-fen"

    @property
    def spec(self) -> RoundingStep:
        """The rounding in whole numbers."""
        return _SPECS[self]

    def __call__(self, fen: Fraction | Money | int) -> Money:
        """Round an exact number of fen.

        Arguments:
            fen: a `Fraction` or int of fen, or `Money`.

        Raises:
            TypeError: for a float.
        """
        if isinstance(fen, Money):
            fen = fen.fen
        if isinstance(fen, bool) or not isinstance(fen, int | Fraction):
            raise TypeError(
                f"{type(fen).__name__} {fen!r} can't be rounded exactly; pass Rate.of(money), "
                "Money or a Fraction of fen"
            )
        return Money(self.whole(fen.numerator, fen.denominator))

    def whole(self, numerator: int, denominator: int) -> int:
        """Round ``numerator / denominator`` fen to whole fen, in whole numbers only.

        >>> Rounding.HALF_UP_FEN.whole(743, 2)
        372
        """
        spec = _SPECS[self]
        sign = -1 if numerator < 0 else 1
        numerator = abs(numerator)
        if spec.cut:
            numerator = numerator // (denominator * spec.cut) * spec.cut
            denominator = 1
        unit = denominator * spec.step
        count, rest = divmod(numerator, unit)
        if spec.direction == "up":
            count += rest > 0
        elif spec.direction == "half-up":
            count += 2 * rest >= unit
        elif spec.direction == "half-even":
            count += 2 * rest > unit or (2 * rest == unit and count % 2 == 1)
        return sign * count * spec.step

    def title(self, lang: str = "zh") -> str:
        """The customary name, in ``"zh"`` or ``"en"``.

        >>> Rounding.HALF_UP_FEN.title(), Rounding.HALF_UP_FEN.title("en")
        ('四舍五入到分', 'half up to the fen')
        """
        return self.spec.en if lang == "en" else self.spec.zh


_SPECS: dict[Rounding, RoundingStep] = {
    Rounding.SEE_FEN_UP_JIAO: RoundingStep(1, 10, "up", "见分进角", "any fen up to the jiao"),
    Rounding.SEE_JIAO_UP_YUAN: RoundingStep(10, 100, "up", "见角进元", "any jiao up to the yuan"),
    Rounding.UP_YUAN: RoundingStep(0, 100, "up", "进位到元", "up to the yuan"),
    Rounding.UP_EVEN_YUAN: RoundingStep(0, 200, "up", "进位偶数", "up to an even yuan"),
    Rounding.DROP_JIAO: RoundingStep(0, 100, "down", "舍去角", "jiao dropped"),
    Rounding.DROP_FEN: RoundingStep(0, 10, "down", "舍去分", "fen dropped"),
    Rounding.DROP_LI: RoundingStep(0, 1, "down", "舍去厘", "below the fen dropped"),
    Rounding.HALF_UP_FEN: RoundingStep(0, 1, "half-up", "四舍五入到分", "half up to the fen"),
    Rounding.HALF_UP_JIAO: RoundingStep(0, 10, "half-up", "四舍五入到角", "half up to the jiao"),
    Rounding.HALF_UP_YUAN: RoundingStep(0, 100, "half-up", "四舍五入到元", "half up to the yuan"),
    Rounding.HALF_EVEN_FEN: RoundingStep(
        0, 1, "half-even", "四舍六入五成双到分", "half to the even fen"
    ),
}
