"""What the sheets of filing books share: which books, their heads, how rows are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from socialins.faults import Fault, FaultError, Text
from socialins.filing import Change, Declaration, FilingBook
from socialins.model.unit import UnitAccount
from socialins.notices.common import (
    OWN_SHEET,
    heads,
    number_of,
)
from socialins.notices.document import Document, Section, Value
from socialins.notices.kinds import NoticeKind
from socialins.rules.business import Business
from socialins.values import Month

__all__ = [
    "BUSINESS",
    "DECLARATION",
    "EFFECT",
    "REASON",
    "Catalogue",
    "business_title",
    "heads_of_books",
    "opened_books",
    "sheet_of_books",
    "who_of",
]

Catalogue = Mapping[str, Business]
DECLARATION = Text("申报号", "Declaration")
BUSINESS = Text("业务", "Business")
EFFECT = Text("生效月份", "Effective")
REASON = Text("原因", "Reason")
_ACCOUNT = Text("单位编号", "Account number")
_MONTH = Text("月份", "Month")
_BOOK = Text("台账", "Book")
_UNIT_ROW = Text("（单位）", "(unit)")


def opened_books(books: FilingBook | Iterable[FilingBook], kind: NoticeKind) -> list[FilingBook]:
    """The books that were opened, in order of their months; of one account.

    Raises:
        FaultError: if there is none, or they are of several accounts.
    """
    given = [books] if isinstance(books, FilingBook) else list(books)
    kept = sorted((book for book in given if book.is_opened), key=lambda book: _month(book).index)
    if not kept:
        raise FaultError(Fault("notice.nothing", {"kind": kind.text}))
    if len({(book.division, book.account) for book in kept}) > 1:
        accounts = ", ".join(sorted({f"{book.division} {book.account}" for book in kept}))
        raise FaultError(Fault("notice.books.mixed", {"accounts": accounts}))
    return kept


def _month(book: FilingBook) -> Month:
    assert book.month is not None  # noqa: S101 - an open book has one
    return book.month


def sheet_of_books(
    kind: NoticeKind,
    books: Sequence[FilingBook],
    lang: str,
    section: Section,
    *,
    day: date | None,
    notes: tuple[str, ...] = (),
) -> Document:
    """A sheet of filing books."""
    month = _month(books[-1])
    english = lang == "en"
    title = f"{kind.en} · {month}" if english else f"{month:zh}{kind.zh}"
    return Document(
        kind=kind,
        lang=lang,
        title=title if len(books) == 1 else kind.title(lang),
        month=month,
        day=day,
        sections=(section,),
        notes=(*notes, OWN_SHEET.get(lang)),
        landscape=True,
    )


def heads_of_books(
    books: Sequence[FilingBook],
    lang: str,
    counts: Iterable[tuple[Text, Value]] = (),
    **known: Any,
) -> tuple[tuple[str, Value], ...]:
    """What stands at the head of a sheet of filing books."""
    more: list[tuple[Text, Value]] = []
    account: UnitAccount | None = known.pop("account")
    if (account is None or not account.number) and books[0].account:
        more.append((_ACCOUNT, books[0].account))
    months = (", " if lang == "en" else "、").join(str(_month(book)) for book in books)
    more.append((_MONTH, months))
    states = dict.fromkeys(book.state.title(lang) for book in books)
    more.append((_BOOK, (", " if lang == "en" else "、").join(states)))
    return heads(lang, account, more=(*more, *counts), **known)


def business_title(declaration: Declaration, businesses: Catalogue, lang: str) -> str:
    """How the business of a declaration is called."""
    business = businesses.get(declaration.business)
    return business.name.get(lang) if business else declaration.business


def who_of(change: Change, lang: str, masked: bool) -> tuple[str, str]:
    """Name and number of the person of a row, or what stands for the unit."""
    if change.person is None:
        return _UNIT_ROW.get(lang), ""
    return change.person.name, number_of(change.person.document, masked=masked)
