"""Re-issue (补换卡): what stops working on the old card, and what the new one takes over."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from socialins.cards.rows import CardRow
from socialins.faults import Fault, Text
from socialins.rules.card import CardBank, CardFunction, CardRules

__all__ = ["Effects", "check_bank", "effects"]


@attrs.frozen(kw_only=True)
class Effects:
    """What a new card does to the old one.

    Arguments:
        bank: of which bank the new card is, as against the old; None if a bank is not stated.
        known: whether the region's rules say it; nothing else is filled in where they don't.
        stops: what the old card no longer does.
        keeps: what it goes on doing.
        moves: what the new card takes over.
        note: what else to know.
    """

    bank: CardBank | None
    known: bool
    stops: tuple[CardFunction, ...] = ()
    keeps: tuple[CardFunction, ...] = ()
    moves: tuple[CardFunction, ...] = ()
    note: Text | None = None

    def describe(self, lang: str = "zh") -> str:
        """All of it in a sentence or two."""
        if not self.known:
            if lang == "en":
                return "what happens to the old card is not known"
            return f"{self.bank.title('zh')}：对原卡的影响未知" if self.bank else "对原卡的影响未知"
        joint, colon, end = ("、", "：", "；") if lang == "zh" else (", ", ": ", "; ")
        words = {
            "zh": ("原卡停止", "原卡保留", "新卡承接", "无"),
            "en": ("the old card stops", "keeps", "the new one takes over", "nothing"),
        }["en" if lang == "en" else "zh"]
        told = [
            word + colon + (joint.join(one.title(lang) for one in functions) or words[3])
            for word, functions in zip(words, (self.stops, self.keeps, self.moves), strict=False)
        ]
        if self.note is not None:
            told.append(self.note.get(lang))
        return end.join(told)


def effects(rules: CardRules, old_bank: str, new_bank: str) -> Effects:
    """What a new card of a bank does to the old one of another, or the same.

    Arguments:
        rules: the region's rules.
        old_bank: the name of the old card's bank.
        new_bank: that of the new one's, written as before or as the rules name it.

    >>> from socialins.testing.middle import middle
    >>> print(effects(middle().cards, "某银行", "中州银行").describe("en"))
    the old card stops: social-security function; keeps: banking function; the new one takes over: \
social-security function; the password must be set anew
    """
    old, new = (_named(rules, bank) for bank in (old_bank, new_bank))
    if not old or not new:
        return Effects(bank=None, known=False)
    bank = CardBank.SAME if old == new else CardBank.OTHER
    rule = rules.reissue_by(bank)
    if rule is None:
        return Effects(bank=bank, known=False)
    return Effects(
        bank=bank,
        known=True,
        stops=rule.stops,
        keeps=rule.keeps,
        moves=rule.moves,
        note=rule.note,
    )


def check_bank(row: CardRow, rules: CardRules) -> Iterator[Fault]:
    """What is wrong with the bank that somebody chose."""
    if not row.bank or not rules.banks:
        return
    names = {name for bank in rules.banks for name in (bank.zh, bank.en)}
    if row.bank.strip() not in names:
        choices = Text(
            "、".join(bank.zh for bank in rules.banks), ", ".join(bank.en for bank in rules.banks)
        )
        yield Fault("cards.bank", {"bank": row.bank, "choices": choices})


def _named(rules: CardRules, bank: str) -> str:
    """A bank as the rules name it in Chinese, if they do."""
    bank = bank.strip()
    return next((one.zh for one in rules.banks if bank in (one.zh, one.en)), bank)
