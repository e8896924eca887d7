"""Text: a piece of wording in Chinese and English."""

from __future__ import annotations

import attrs

__all__ = ["Text"]


@attrs.frozen
class Text:
    """Wording in both languages.

    >>> Text("养老保险", "pension").get("en")
    'pension'
    """

    zh: str
    en: str

    def get(self, lang: str) -> str:
        """The wording in ``"zh"`` or ``"en"``."""
        return self.en if lang == "en" else self.zh
