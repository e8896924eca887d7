"""The change list (增减变动表): who joins, who leaves, what changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from socialins.faults import Fault, FaultError, Text
from socialins.filing import Change, Declaration, FilingBook
from socialins.filing.codes import DeclarationState, RowOutcome
from socialins.model.unit import UnitAccount
from socialins.notices.common import (
    NAME,
    NUMBER,
    ROW,
    amount,
    text_column,
)
from socialins.notices.document import Column, Document, Section, Table, Value
from socialins.notices.filings import (
    BUSINESS,
    DECLARATION,
    EFFECT,
    REASON,
    Catalogue,
    business_title,
    heads_of_books,
    opened_books,
    sheet_of_books,
    who_of,
)
from socialins.notices.kinds import NoticeKind
from socialins.rules.business import RosterEffect

__all__ = ["change_list"]

_WAGE = Text("申报工资", "Declared wage")
_OUTCOME = Text("结果", "Outcome")
_PARTS = (
    (RosterEffect.JOIN, Text("一、增加", "1. Joining")),
    (RosterEffect.LEAVE, Text("二、减少", "2. Leaving")),
    (None, Text("三、变更和其他", "3. Changes and others")),
)
_COUNTS = (
    (RosterEffect.JOIN, Text("增加人数", "Joining")),
    (RosterEffect.LEAVE, Text("减少人数", "Leaving")),
)
_ONLY_PASSED = Text(
    "增加和减少人数只计已通过的行；尚无结果的行以“未定”列出。",
    "Those joining and leaving are counted once they were passed; rows without a result are listed "
    "as pending.",
)
_GONE = (DeclarationState.DELETED, DeclarationState.LAPSED)


def change_list(
    books: FilingBook | Iterable[FilingBook],
    businesses: Catalogue,
    lang: str = "zh",
    *,
    account: UnitAccount | None = None,
    region: Text | None = None,
    day: date | None = None,
    masked: bool = True,
) -> Document:
    """The change list (增减变动表): who joins, who leaves, what changes.

    Deleted and lapsed declarations are left out, as nothing comes of them.

    Arguments:
        books: the account's book of the month, or several months'.
        businesses: the region's catalogue, which says what a business does to the roster.
        lang: ``"zh"`` or ``"en"``.
        account: the unit's account.
        region: how the region is called.
        day: the day that the sheet is dated with.
        masked: whether the middle of identity numbers is hidden.

    Raises:
        FaultError: if no book is open, or nothing was declared in them.
    """
    kept = opened_books(books, NoticeKind.CHANGES)
    declared = [one for book in kept for one in book.declarations.values()]
    declared = [one for one in declared if one.state not in _GONE]
    by_effect: dict[RosterEffect | None, list[tuple[Declaration, Change, RowOutcome]]] = {
        effect: [] for effect, _ in _PARTS
    }
    for one in declared:
        effect = _effect(one, businesses)
        group = by_effect[effect if effect in by_effect else None]
        group += [(one, change, outcome) for change, outcome in one.outcomes()]
    if not any(by_effect.values()):
        raise FaultError(Fault("notice.nothing", {"kind": NoticeKind.CHANGES.text}))
    tables = tuple(
        _changes(title.get(lang), by_effect[effect], businesses, lang, masked)
        for effect, title in _PARTS
        if by_effect[effect]
    )
    counts: list[tuple[Text, Value]] = [
        (label, sum(outcome is RowOutcome.PASSED for _, _, outcome in by_effect[effect]))
        for effect, label in _COUNTS
    ]
    fields = heads_of_books(kept, lang, counts, account=account, region=region, day=day)
    return sheet_of_books(
        NoticeKind.CHANGES,
        kept,
        lang,
        Section(fields, tables),
        day=day,
        notes=(_ONLY_PASSED.get(lang),),
    )


def _changes(
    title: str,
    rows: list[tuple[Declaration, Change, RowOutcome]],
    businesses: Catalogue,
    lang: str,
    masked: bool,
) -> Table:
    columns = (
        Column(ROW.get(lang), right=True),
        text_column(NAME, lang, wide=True),
        text_column(NUMBER, lang),
        text_column(BUSINESS, lang, wide=True),
        text_column(DECLARATION, lang),
        amount(_WAGE, lang, sums=False),
        text_column(EFFECT, lang),
        text_column(REASON, lang, wide=True),
        text_column(_OUTCOME, lang),
    )
    made = tuple(
        (
            number,
            *who_of(change, lang, masked),
            business_title(declaration, businesses, lang),
            declaration.id,
            change.wage,
            declaration.effect,
            change.reason,
            outcome.title(lang),
        )
        for number, (declaration, change, outcome) in enumerate(rows, start=1)
    )
    return Table(title, columns, made)


def _effect(declaration: Declaration, businesses: Catalogue) -> RosterEffect | None:
    business = businesses.get(declaration.business)
    return business.effect if business else None
