"""Stating (待签内容): the bytes that stand for what is submitted, the same on every machine.

They name the unit, the account, the month and all that is stated, and leave out where a declaration
stands, which changes afterwards. A number makes each submission another content, so that no
signature serves twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from socialins.faults import Text
from socialins.filing.changes import Change
from socialins.model.unit import UnitAccount
from socialins.model.wire import from_plain, to_plain
from socialins.values import Month

if TYPE_CHECKING:
    from socialins.filing.book import FilingBook
    from socialins.filing.declaration import Declaration

__all__ = [
    "canonical_json",
    "changed",
    "closing_bytes",
    "differences",
    "envelope",
    "stated",
    "submission_bytes",
    "submission_content",
]

_FORMAT = 1
_SHOWN = 5


def canonical_json(value: object) -> bytes:
    """JSON in UTF-8, the same for equal values: keys in order, no blanks, no needless escapes.

    >>> canonical_json({"b": 1, "a": "养老"}).decode()
    '{"a":"养老","b":1}'
    """
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def envelope(kind: str, account: UnitAccount, body: Mapping[str, Any]) -> bytes:
    """What is signed for a unit: its kind, the unit, and what is said."""
    unit = account.unit
    return canonical_json(
        {
            "socialins": kind,
            "version": _FORMAT,
            "unit": {
                "credit_code": str(unit.credit_code) if unit.credit_code else None,
                "name": unit.name,
            },
            **body,
        }
    )


def stated(declaration: Declaration) -> dict[str, Any]:
    """All that a declaration states, and nothing of where it stands."""
    return {
        "business": declaration.business,
        "channel": declaration.channel.value,
        "corrects": declaration.corrects,
        "id": declaration.id,
        "rows": [to_plain(row) for row in declaration.rows],
    }


def submission_content(book: FilingBook, declaration: str, account: UnitAccount) -> bytes:
    """What a unit signs to submit a declaration the next time.

    Arguments:
        book: the account's month.
        declaration: the declaration's id.
        account: the account, with its unit.

    Raises:
        KeyError: if the book has no such declaration.
    """
    found = book.declarations[declaration]
    assert book.month is not None  # noqa: S101  # a book with declarations is open
    return submission_bytes(
        found, account, division=book.division, month=book.month, number=found.submissions + 1
    )


def submission_bytes(
    declaration: Declaration,
    account: UnitAccount,
    *,
    division: str,
    month: Month,
    number: int,
) -> bytes:
    """What a unit signs to submit a declaration.

    Arguments:
        declaration: the declaration.
        account: the account, with its unit.
        division: the GB/T 2260 code of the book's division.
        month: the book's month.
        number: which submission of it this is, counted from 1.
    """
    body = {
        "account": account.number,
        "declaration": stated(declaration),
        "division": division,
        "month": str(month),
        "number": number,
    }
    return envelope("submission", account, body)


def closing_bytes(
    book: FilingBook,
    account: UnitAccount,
    *,
    business: str,
    changes: Iterable[str],
    carried: Iterable[str],
) -> bytes:
    """What a unit signs to close a month.

    Arguments:
        book: the account's month as it is closed; how many events it is made of is signed too.
        account: the account, with its unit.
        business: the business that closes it.
        changes: ids of the declarations that the month counts.
        carried: ids of those in earlier books that count for it as well.
    """
    body = {
        "account": account.number,
        "business": business,
        "carried": list(carried),
        "changes": [_counted(book.declarations[id_]) for id_ in changes],
        "division": book.division,
        "events": book.version,
        "month": str(book.month),
    }
    return envelope("closing", account, body)


def _counted(declaration: Declaration) -> dict[str, Any]:
    content = canonical_json(stated(declaration))
    return {
        "failed": sorted(declaration.rejected),
        "id": declaration.id,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def changed(expected: bytes, found: str) -> Text:
    """Where a signed content is not what is submitted, in words; values are left out."""
    places = differences(expected, found)
    zh = "、".join(_in_chinese(place) for place in places[:_SHOWN])
    en = ", ".join(places[:_SHOWN])
    return Text(zh, en) if len(places) <= _SHOWN else Text(f"{zh}……", f"{en}, …")


def differences(expected: bytes, found: str) -> tuple[str, ...]:
    """Where a signed content says another thing than what is expected.

    Rows are compared by what they say. A later release may write them with further keys; what was
    signed before still says the same.

    >>> differences(b'{"month":"2026-11","number":1}', '{"month":"2026-12","number":1}')
    ('month',)
    """
    wanted = json.loads(expected)
    try:
        said = json.loads(found)
    except (ValueError, RecursionError):
        return ("content",)
    if not isinstance(said, dict) or _canonical(said) != found:
        return ("content",)
    return tuple(_differing(wanted, said))


def _canonical(value: object) -> str | None:
    """A value as canonical JSON; None for one that has none."""
    try:
        return canonical_json(value).decode()
    except ValueError:
        return None


def _differing(wanted: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(wanted.keys() | said.keys()):
        one, other = wanted.get(name), said.get(name)
        if one == other and (name in wanted) == (name in said):
            continue
        if name == "rows" and isinstance(one, list) and isinstance(other, list):
            yield from _differing_rows(one, other)
        elif isinstance(one, dict) and isinstance(other, dict):
            prefix = "" if name == "declaration" else f"{name}."
            yield from (f"{prefix}{inner}" for inner in _differing(one, other))
        else:
            yield name


def _differing_rows(wanted: list[Any], said: list[Any]) -> Iterator[str]:
    if len(wanted) != len(said):
        yield f"rows ({len(said)} / {len(wanted)})"
        return
    for one, other in zip(wanted, said, strict=True):
        if one == other or _same(one, other):
            continue
        names = sorted(
            name
            for name in one.keys() | (other.keys() if isinstance(other, dict) else set())
            if not isinstance(other, dict) or one.get(name) != other.get(name)
        )
        yield f"row {one['row']}: {' '.join(names)}"


def _same(wanted: Any, said: Any) -> bool:
    """Whether a row that is written otherwise says the same."""
    try:
        return from_plain(Change, wanted) == from_plain(Change, said)
    except (ValueError, TypeError):
        return False


_CHINESE = {
    "account": "单位编号",
    "business": "业务",
    "carried": "以前月份计入的申报",
    "changes": "计入的申报",
    "channel": "渠道",
    "content": "内容格式",
    "corrects": "更正的申报",
    "division": "行政区划",
    "events": "台账记录数",
    "id": "申报编号",
    "month": "月份",
    "number": "提交次数",
    "unit.credit_code": "统一社会信用代码",
    "unit.name": "单位名称",
}


def _in_chinese(place: str) -> str:
    row, _, names = place.removeprefix("row ").partition(": ")
    if names:
        return f"第 {row} 行（{names}）"
    if place.startswith("rows "):
        return f"行数{place.removeprefix('rows')}"
    return _CHINESE.get(place, place)
