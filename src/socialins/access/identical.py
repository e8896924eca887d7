"""Identical: code and name of a unit held against each other, character for character.

A bureau lets a unit in when its own record, the certificate and the registered account agree; a
bracket of the other width is another name. So a fault names the place and both characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from socialins.access.records import BureauRecord, Certificate
from socialins.access.state import RegisteredUnit
from socialins.deciding import Values
from socialins.faults import Fault, Text
from socialins.identity import CreditCode
from socialins.rules.access import AccessTerms, Holder

__all__ = ["first_difference", "identity_problems", "registration_differs"]


def first_difference(a: str, b: str) -> tuple[int, str, str] | None:
    """Where two texts first differ, counted from 1, and with which characters.

    >>> first_difference("中州(集团)公司", "中州（集团）公司")
    (3, '(', '（')
    >>> first_difference("中州", "中州公司"), first_difference("中州", "中州")
    ((3, '', '公'), None)
    """
    for place, (one, other) in enumerate(zip_longest(a, b, fillvalue=""), start=1):
        if one != other:
            return place, one, other
    return None


def identity_problems(unit: RegisteredUnit, account: str, terms: AccessTerms) -> Iterator[Fault]:
    """What keeps a unit out because its code or name is not the same everywhere.

    Arguments:
        unit: the unit as registered.
        account: the unit number.
        terms: where the region wants them to be the same.
    """
    record = unit.accounts.get(account)
    if record is not None:
        if Holder.BUREAU in terms.identical:
            yield from _differences(unit, Holder.BUREAU, record.code, record.name)
        elif account in unit.uncarried:
            yield Fault("access.not-carried", {"account": account, "unit": unit.name})
    held = unit.certificate
    if held is not None and Holder.CERTIFICATE in terms.identical:
        yield from _differences(unit, Holder.CERTIFICATE, held.code, held.name)


def registration_differs(
    code: CreditCode, name: str, where: Text, held: BureauRecord | Certificate
) -> Iterator[Fault]:
    """In what a unit's code and name differ from what stands elsewhere."""
    for what, own, other in (
        ("code", code.text, held.code.text),
        ("name", name, held.name),
    ):
        found = first_difference(own, other)
        if found is not None:
            place, one, another = found
            values: Values = {
                "where": where,
                "own": own,
                "other": other,
                "place": str(place),
                "own_character": _shown(one),
                "other_character": _shown(another),
            }
            yield Fault(f"access.{what}-differs", values)


def _differences(
    unit: RegisteredUnit, holder: Holder, code: CreditCode, name: str
) -> Iterator[Fault]:
    held = BureauRecord(code=code, name=name)
    yield from registration_differs(unit.code, unit.name, holder.text, held)


def _shown(char: str) -> str | Text:
    if not char:
        return Text("（已结束）", "(nothing)")
    return f"{char} U+{ord(char):04X}"
