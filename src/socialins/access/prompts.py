"""Prompts: a portal's own refusal, turned into a fault that says why and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from socialins.faults import Fault
from socialins.rules.access import Prompt

__all__ = ["explain_prompt"]

_SHOWN = 60


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
