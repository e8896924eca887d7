"""Strategies for forms: rows and heads that a bureau's form can hold, whatever its layout."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from socialins.forms.papers.blanks import HeadValue
from socialins.forms.papers.columns import PaperColumn
from socialins.forms.papers.formfile import ColumnType
from socialins.forms.plaintext import trim
from socialins.identity import DocumentType, Sex
from socialins.testing.lazy import st
from socialins.testing.middle import middle
from socialins.testing.strategies.identity import documents, names
from socialins.testing.strategies.values import money, months

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from socialins.forms.papers import Form

__all__ = ["form_heads", "form_rows"]

_DAYS = (date(1950, 1, 1), date(2099, 12, 31))
# What people and programs put into cells, and readers stumble over.
_AWKWARD = (
    "=1+1",
    "+86",
    "-1",
    "@sum",
    "'=1",
    "007",
    "1E5",
    "是",
    "√",
    "#N/A",
    "张 三",
    "a|b",
    "{x}",
    "_x000D_",
)


def form_rows(
    *, form: Form | None = None, min_size: int = 0, max_size: int = 10
) -> SearchStrategy[list[dict[str, Any]]]:
    """Rows that a form can hold: field → typed value, or None for an empty cell.

    Shrinks towards no rows, and in a row towards what the form requires.

    Arguments:
        form: the form; the fictional region's paper for adding staff if left out.
        min_size: how many rows there are at least.
        max_size: how many there are at most.
    """
    chosen = form or middle().forms["staff.add"]

    # Without arguments: Hypothesis would print a form's whole layout with every failure.
    @st.composite
    def row(draw: DrawFn) -> dict[str, Any]:
        return _row(draw, chosen)

    return st.lists(row(), min_size=min_size, max_size=max_size)


def form_heads(*, form: Form | None = None) -> SearchStrategy[dict[str, HeadValue]]:
    """What may stand above and below the table of a form: blank → text, or a day.

    Shrinks towards what the form requires.

    Arguments:
        form: the form; the fictional region's paper for adding staff if left out.
    """
    chosen = form or middle().forms["staff.add"]
    blanks = {
        name: st.dates(*_DAYS) if blank.type == "date" else _texts()
        for name, blank in chosen.blanks.items()
    }
    required = {name: one for name, one in blanks.items() if chosen.blanks[name].required}
    optional = {name: one for name, one in blanks.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _row(draw: DrawFn, form: Form) -> dict[str, Any]:
    row: dict[str, Any] = {}
    groups: dict[str, list[PaperColumn]] = {}
    document = draw(_documents(form))
    for column in form.columns:
        if column.type is ColumnType.SEQUENCE:
            continue
        if column.one_of is not None:
            groups.setdefault(column.one_of, []).append(column)
        needed = column.spec.required is True
        if column.field == "id_type":
            row[column.field] = draw(_codes(column, document.type))
        elif column.type is ColumnType.ID_NUMBER:
            row[column.field] = document if needed or draw(st.booleans()) else None
        else:
            value = _value(column)
            row[column.field] = draw(value if needed else st.none() | value)
    for columns in groups.values():
        if not any(row[column.field] for column in columns):
            one = draw(st.sampled_from(columns))
            row[one.field] = True if one.type is ColumnType.TICK else draw(_value(one))
    return {field: bool(row[field]) if _is_tick(form, field) else row[field] for field in row}


def _is_tick(form: Form, field: str) -> bool:
    column = form.column(field)
    return column is not None and column.type is ColumnType.TICK


def _documents(form: Form) -> SearchStrategy[Any]:
    """Documents whose kind the form can state, if it states it at all."""
    coded = form.column("id_type")
    if coded is None:
        return documents()
    kinds = [kind for kind in DocumentType if coded.code_of(kind.title()) or coded.code_of(kind)]
    return documents(types=kinds)


def _codes(column: PaperColumn, kind: DocumentType) -> SearchStrategy[str | None]:
    code = column.code_of(kind.title()) or column.code_of(kind)
    return st.just(code)


def _value(column: PaperColumn) -> SearchStrategy[Any]:
    kinds: dict[ColumnType, SearchStrategy[Any]] = {
        ColumnType.NAME: names(),
        ColumnType.WAGE: money(min_value="0.01", max_value="999999"),
        ColumnType.MONEY: money(min_value="0", max_value="999999"),
        ColumnType.MONTH: months(),
        ColumnType.DATE: st.dates(*_DAYS),
        ColumnType.SEX: st.sampled_from(list(Sex)),
        ColumnType.TICK: st.booleans(),
        ColumnType.CODE: st.sampled_from(list(column.spec.codes) or [""]),
    }
    values = kinds.get(column.type, _texts())
    if not column.spec.length:
        return values
    return values.filter(lambda value: not column.take(value).failed)


def _texts() -> SearchStrategy[str]:
    """Text that a cell can hold: without control characters, and not blank."""
    characters = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
    anything = st.text(characters, min_size=1, max_size=40)
    plain = st.text(st.sampled_from("甲乙丙丁12ab（）:： "), min_size=1, max_size=12)
    return (plain | st.sampled_from(_AWKWARD) | anything).map(trim).filter(bool)
