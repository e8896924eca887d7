"""Kinds of identity documents, and the sex that some of their numbers tell."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["DocumentType", "Sex"]


class Sex(StrEnum):
    """Sex (性别), as documents state it.

    >>> Sex.FEMALE.title(), Sex("male").title("en")
    ('女', 'male')
    """

    MALE = "male"
    FEMALE = "female"

    def title(self, lang: str = "zh") -> str:
        """The word, in ``"zh"`` or ``"en"``."""
        if lang == "en":
            return self.value
        return "男" if self is Sex.MALE else "女"


class DocumentType(StrEnum):
    """A kind of identity document (证件类型).

    >>> DocumentType.RESIDENT_ID.title(), DocumentType("passport").title("en")
    ('居民身份证', 'passport')
    """

    RESIDENT_ID = "resident-id"
    RESIDENCE_PERMIT = "residence-permit"
    FOREIGN_PERMANENT = "foreign-permanent"
    PASSPORT = "passport"
    HK_MACAO_PASS = "hk-macao-pass"
    TAIWAN_PASS = "taiwan-pass"

    def title(self, lang: str = "zh") -> str:
        """The name, in ``"zh"`` or ``"en"``."""
        zh, en = _TITLES[self]
        return en if lang == "en" else zh

    @property
    def bureau_code(self) -> str | None:
        """The three-digit code that bureaus' templates use; None where none was seen.

        Four codes are known from a template for joining (201居民身份证, 208外国护照, 210港澳通行证,
        213台胞证; a secondary source, mark B), the first also from the tax side's import of
        declared wages. 208 is for foreign passports.

        >>> DocumentType.RESIDENT_ID.bureau_code, DocumentType.RESIDENCE_PERMIT.bureau_code
        ('201', None)
        """
        return _BUREAU_CODES.get(self)


_TITLES = {
    DocumentType.RESIDENT_ID: ("居民身份证", "resident identity card"),
    DocumentType.RESIDENCE_PERMIT: (
        "港澳台居民居住证",
        "residence permit for Hong Kong, Macao and Taiwan residents",
    ),
    DocumentType.FOREIGN_PERMANENT: (
        "外国人永久居留身份证",
        "foreign permanent resident identity card",
    ),
    DocumentType.PASSPORT: ("护照", "passport"),
    DocumentType.HK_MACAO_PASS: (
        "港澳居民来往内地通行证",
        "mainland travel permit for Hong Kong and Macao residents",
    ),
    DocumentType.TAIWAN_PASS: (
        "台湾居民来往大陆通行证",
        "mainland travel permit for Taiwan residents",
    ),
}

_BUREAU_CODES = {
    DocumentType.RESIDENT_ID: "201",
    DocumentType.PASSPORT: "208",
    DocumentType.HK_MACAO_PASS: "210",
    DocumentType.TAIWAN_PASS: "213",
}
