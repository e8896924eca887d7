"""The progress sheet (办理进度): where each declaration stands, and who has it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from socialins.calendar.zone import SHANGHAI
from socialins.faults import Fault, FaultError, Text
from socialins.filing import Declaration, FilingBook
from socialins.filing.codes import RowOutcome
from socialins.model.unit import UnitAccount
from socialins.notices.common import (
    NAME,
    NUMBER,
    text_column,
)
from socialins.notices.document import Column, Document, Section, Table
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

__all__ = ["progress_sheet"]

_STATE = Text("状态", "State")
_SUBMITTED = Text("提交时间", "Submitted")
_ROWS = Text("人数", "Rows")
_PASSED = Text("成功", "Passed")
_FAILED = Text("失败", "Failed")
_STEP = Text("环节", "Step")
_HANDLER = Text("经办人", "Handler")
_SINCE = Text("时间", "Since")
_DECLARATIONS = Text("一、申报", "1. Declarations")
_STEPS = Text("二、审核环节", "2. Steps of the audit")
_REFUSED = Text("三、未通过的人员", "3. Rows that were not taken")


def progress_sheet(
    books: FilingBook | Iterable[FilingBook],
    businesses: Catalogue,
    lang: str = "zh",
    *,
    account: UnitAccount | None = None,
    region: Text | None = None,
    day: date | None = None,
    masked: bool = True,
) -> Document:
    """The progress sheet (办理进度): where each declaration stands, and who has it.

    Arguments:
        books: the account's book of the month, or several months'.
        businesses: the region's catalogue, for the names of businesses and steps.
        lang: ``"zh"`` or ``"en"``.
        account: the unit's account.
        region: how the region is called.
        day: the day that the sheet is dated with.
        masked: whether the middle of identity numbers is hidden.

    Raises:
        FaultError: if no book is open, or nothing was declared in them.
    """
    kept = opened_books(books, NoticeKind.PROGRESS)
    declared = [one for book in kept for one in book.declarations.values()]
    if not declared:
        raise FaultError(Fault("notice.nothing", {"kind": NoticeKind.PROGRESS.text}))
    tables = [_declarations(declared, businesses, lang)]
    steps = tuple(
        (
            one.id,
            business_title(one, businesses, lang),
            _step(record.step, one, businesses, lang),
            record.state.title(lang),
            record.handler,
            f"{record.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        )
        for one in declared
        for record in one.audit
    )
    if steps:
        columns = (
            text_column(DECLARATION, lang),
            text_column(BUSINESS, lang, wide=True),
            text_column(_STEP, lang, wide=True),
            text_column(_STATE, lang),
            text_column(_HANDLER, lang, wide=True),
            text_column(_SINCE, lang),
        )
        tables.append(Table(_STEPS.get(lang), columns, steps))
    refused = tuple(
        (
            one.id,
            *who_of(change, lang, masked),
            " ".join(part for part in (rejection.code, rejection.reason) if part),
        )
        for one in declared
        for change, rejection in one.failed()
    )
    if refused:
        heads_ = (
            text_column(DECLARATION, lang),
            text_column(NAME, lang, wide=True),
            text_column(NUMBER, lang),
            text_column(REASON, lang, wide=True),
        )
        tables.append(Table(_REFUSED.get(lang), heads_, refused))
    fields = heads_of_books(kept, lang, account=account, region=region, day=day)
    return sheet_of_books(NoticeKind.PROGRESS, kept, lang, Section(fields, tuple(tables)), day=day)


def _declarations(declared: list[Declaration], businesses: Catalogue, lang: str) -> Table:
    columns = (
        text_column(DECLARATION, lang),
        text_column(BUSINESS, lang, wide=True),
        text_column(_STATE, lang, wide=True),
        text_column(_SUBMITTED, lang),
        text_column(EFFECT, lang),
        Column(_ROWS.get(lang), right=True, sums=True),
        Column(_PASSED.get(lang), right=True, sums=True),
        Column(_FAILED.get(lang), right=True, sums=True),
    )
    rows = []
    for one in declared:
        outcomes = [outcome for _, outcome in one.outcomes()]
        rows.append(
            (
                one.id,
                business_title(one, businesses, lang),
                one.state.title(lang),
                f"{one.submitted_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
                if one.submitted_at
                else "",
                one.effect,
                one.heads,
                outcomes.count(RowOutcome.PASSED),
                outcomes.count(RowOutcome.FAILED),
            )
        )
    return Table(_DECLARATIONS.get(lang), columns, tuple(rows))


def _step(step: str, declaration: Declaration, businesses: Catalogue, lang: str) -> str:
    business = businesses.get(declaration.business)
    known = business.steps if business else ()
    return next((one.title.get(lang) for one in known if one.id == step), step)
