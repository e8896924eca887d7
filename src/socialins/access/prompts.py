"""Prompts: a portal's own refusal, turned into a fault that says why and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING

from socialins.faults import Fault
from socialins.rules.access import Prompt

if TYPE_CHECKING:
    from socialins.access.rules import AccessRules

__all__ = ["explain_prompt", "explain_refusal"]

_SHOWN = 60


def explain_refusal(rules: AccessRules, says: str) -> Fault:
    """Explain what a portal said when it refused (登录、注册、授权时的提示).

    Blanks, width and punctuation don't matter; more may stand around the prompt. Where several
    prompts are in the text, the longest is meant.

    Arguments:
        rules: the region's rules, of `Region.access`.
        says: the portal's words, as they were copied.

    Returns:
        The fault with explanation and remedies; ``access.prompt-unknown`` for words that no rule
        of the region has.

    >>> from socialins.testing.middle import middle
    >>> found = explain_refusal(middle().access(), "提示：请插入密钥！")
    >>> found.code, found.remedies("en")[0]
    ('access.insert-key', 'Plug the key in, and log in again.')
    """
    return rules.explain(says)


def explain_prompt(prompts: Iterable[Prompt], says: str) -> Fault:
    """The fault of the longest prompt that is in a text; the first of several as long."""
    text = _plain(says)
    best: Prompt | None = None
    for prompt in prompts:
        parts = [re.escape(_plain(part)) for part in re.split(r"…+", prompt.says)]
        longer = best is None or len(prompt.says) > len(best.says)
        if longer and any(parts) and re.search(".*?".join(parts), text):
            best = prompt
    if best is None:
        # Long runs of digits may be somebody's number; they explain nothing.
        shown = re.sub(r"\d{6,}", "…", says.strip())[:_SHOWN]
        return Fault("access.prompt-unknown", {"says": shown or "–"})
    return Fault(best.fault)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "PZCS")
