"""Codes of the model: payer, kind, household class and the rest, each with its Chinese name.

Files, forms and people use words; the model uses codes. Each code knows the words it is read from,
so that a roster may say 外埠农村, 非本市农业户口 or ``rural-outside`` and mean the same.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from socialins.faults import Text

__all__ = [
    "AccountType",
    "Code",
    "Employment",
    "Household",
    "Kind",
    "Payer",
    "RetirementCategory",
    "UnitSize",
    "WageOrigin",
]


class Code(StrEnum):
    """A code with a Chinese and an English name, and further words it is read from."""

    zh: str
    en: str
    words: tuple[str, ...]

    def __new__(cls, code: str, zh: str = "", en: str = "", *words: str) -> Self:
        """Make a member; the enum calls this once for each."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.zh = zh
        member.en = en
        member.words = words
        return member

    def title(self, lang: str = "zh") -> str:
        """The name, in ``"zh"`` or ``"en"``."""
        return self.en if lang == "en" else self.zh

    @property
    def text(self) -> Text:
        """The name in both languages."""
        return Text(self.zh, self.en)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The code for a code, a name or a known word; None for anything else.

        >>> Household.read("外埠农村") is Household.read("rural-outside") is Household.RURAL_OUTSIDE
        True
        """
        wanted = text.strip().casefold()
        for member in cls:
            if wanted in {member.value, member.zh, member.en.casefold(), *member.words}:
                return member
        return None

    @classmethod
    def choices(cls, lang: str = "zh") -> str:
        """All codes with their names, for a remedy.

        >>> Payer.choices("en")
        'unit (unit), person (person)'
        """
        return ", ".join(f"{member.value} ({member.title(lang)})" for member in cls)


class Payer(Code):
    """缴费主体: who owes an amount."""

    UNIT = "unit", "单位", "unit"
    PERSON = "person", "个人", "person"


class Kind(Code):
    """类型: why an amount is owed."""

    REGULAR = "regular", "正常应缴", "regular"
    BACKPAY = "backpay", "补缴", "back payment"
    DIFFERENCE = "difference", "补差", "difference"
    REFUND = "refund", "退费", "refund"
    LUMP_SUM = "lump-sum", "趸缴", "lump sum"
    LATE_FEE = "late-fee", "滞纳金", "late fee"
    INTEREST = "interest", "利息", "interest"


class Household(Code):
    """户籍: the household class, which some regions' rules depend on."""

    URBAN_LOCAL = "urban-local", "本地城镇", "local urban", "本市城镇", "本市非农业户口"
    RURAL_LOCAL = "rural-local", "本地农村", "local rural", "本市农村", "本市农业户口"
    URBAN_OUTSIDE = "urban-outside", "外埠城镇", "non-local urban", "外地城镇", "非本市非农业户口"
    RURAL_OUTSIDE = "rural-outside", "外埠农村", "non-local rural", "外地农村", "非本市农业户口"
    HK_MACAO_TAIWAN = "hmt", "港澳台", "Hong Kong, Macao or Taiwan", "港澳台居民"
    FOREIGN = "foreign", "外籍", "foreign", "外国人", "外籍人员"


class Employment(Code):
    """用工形式: how the unit employs the person."""

    FULL_TIME = "full-time", "全日制", "full-time", "全日制用工", "合同工"
    PART_TIME = "part-time", "非全日制", "part-time", "非全日制用工", "小时工"


class AccountType(Code):
    """参保户类型: the type of the unit's account."""

    ENTERPRISE = "enterprise", "企业", "enterprise"
    STATE_ORGAN = "state-organ", "机关事业单位", "state organ or institution", "机关", "事业单位"


class UnitSize(Code):
    """单位规模: the size of the unit, by the statistical classes; some reliefs depend on it.

    The statistical classes are of enterprises; a social group or a private non-enterprise unit is
    ``other``.
    """

    MICRO = "micro", "微型企业", "micro enterprise", "微型"
    SMALL = "small", "小型企业", "small enterprise", "小型"
    MEDIUM = "medium", "中型企业", "medium enterprise", "中型"
    LARGE = "large", "大型企业", "large enterprise", "大型"
    OTHER = "other", "其他参保单位", "other unit", "社会团体", "民办非企业单位"


class WageOrigin(Code):
    """缴费工资来源: where a declared wage comes from."""

    LAST_YEAR_AVERAGE = "last-year-average", "上年月平均工资", "last year's monthly average"
    FIRST_MONTH = "first-month", "起薪当月工资", "wage of the first month"
    CHANGED = "changed", "变更申报", "changed by declaration"


class RetirementCategory(Code):
    """退休类别: by which of the old retirement ages a person's new one is reckoned.

    >>> RetirementCategory.read("F50") is RetirementCategory.WOMEN_50
    True
    """

    MEN = "men", "男职工", "men", "m", "男"
    WOMEN_55 = "women-55", "原五十五周岁退休的女职工", "women formerly retiring at 55", "f55"
    WOMEN_50 = "women-50", "原五十周岁退休的女职工", "women formerly retiring at 50", "f50"
