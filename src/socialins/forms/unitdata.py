"""The unit's own data (单位信息): what the unit sheet of a workbook and unit.toml have in common.

Both state keys with values. A key that can't be read stops the file: an account type or an injury
rate that was misread would bear on every person of the roster.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from socialins.faults import Fault, Place, Severity
from socialins.forms.cells import Context, read_cell
from socialins.forms.errors import FormError
from socialins.forms.layout import Layout, own_layout
from socialins.forms.plaintext import excerpt, is_blank, trim
from socialins.forms.sheets import CellValue
from socialins.forms.vocabulary import Vocabulary
from socialins.model.codes import AccountType
from socialins.model.unit import InjuryTerms, Unit, UnitAccount
from socialins.values import Money, MonthSpan, Rate

__all__ = ["ALWAYS", "Stated", "UnitFile", "build_unit", "override_injury"]

ALWAYS = MonthSpan("1900-01")
"""The months of a figure that is stated without any."""

_INJURY = {"injury_class": "risk_class", "injury_rate": "rate"}


@attrs.frozen
class UnitFile:
    """What a file says of the unit.

    Arguments:
        account: the account; None if nothing is said of it.
        total_wages: the total wages (工资总额), if stated.
        faults: warnings.
    """

    account: UnitAccount | None = None
    total_wages: Money | None = None
    faults: tuple[Fault, ...] = ()


@attrs.frozen
class Stated:
    """A key with its value.

    Arguments:
        key: as written.
        value: as read.
        place: where.
        months: the months it holds for, as written; None for always.
    """

    key: str
    value: CellValue
    place: Place
    months: CellValue = None


def build_unit(
    stated: Iterable[Stated],
    vocabulary: Vocabulary,
    *,
    unknown_keys: Severity = Severity.ERROR,
) -> UnitFile:
    """Make the unit of what is stated.

    Arguments:
        stated: keys and values; blank values count as not stated.
        vocabulary: the words for insurances.
        unknown_keys: how much a key stops that the layout doesn't know.

    Raises:
        FormError: with a fault for every key that is unknown, stated twice or can't be read.
    """
    builder = _Builder(own_layout("unit"), Context(vocabulary), unknown_keys)
    for one in stated:
        if not is_blank(one.value) and not builder.layout.passes_over(one.key):
            builder.take(one)
    errors = [fault for fault in builder.faults if fault.is_error]
    if errors:
        raise FormError(errors[0], errors[1:])
    return builder.build()


def override_injury(
    account: UnitAccount | None, rate: Rate | None, risk_class: int | None
) -> UnitAccount | None:
    """The account with another injury rate or class, which then holds always.

    >>> override_injury(None, Rate("0.2%"), None).injury[0].rate
    Rate('0.2%')
    """
    if rate is None and risk_class is None:
        return account
    terms = InjuryTerms(ALWAYS, rate=rate, risk_class=risk_class)
    return attrs.evolve(account or UnitAccount(Unit("")), injury=(terms,))


@attrs.define
class _Builder:
    layout: Layout
    context: Context
    unknown_keys: Severity
    values: dict[str, Any] = attrs.field(factory=dict)
    injury: list[InjuryTerms] = attrs.field(factory=list)
    faults: list[Fault] = attrs.field(factory=list)

    def take(self, one: Stated) -> None:
        """Read one key."""
        column = self.layout.column_for(one.key)
        if column is None:
            keys = ", ".join(column.field for column in self.layout.columns)
            values = {"key": excerpt(one.key), "keys": keys}
            self._fault(one, Fault("unit.key.unknown", values, severity=self.unknown_keys))
            return
        reading = read_cell(column, one.value, self.context)
        for fault in reading.faults:
            self._fault(one, fault, column.field)
        if reading.failed:
            return
        if column.field in _INJURY:
            self._take_injury(one, column.field, reading.value)
        elif column.field in self.values:
            self._fault(one, Fault("unit.key.twice", {"key": excerpt(one.key)}), column.field)
        else:
            self.values[column.field] = reading.value

    def _take_injury(self, one: Stated, field: str, value: object) -> None:
        span = _span(one.months)
        if span is None:
            self._fault(one, Fault("unit.months", {"value": excerpt(one.months)}), field)
        elif months := next((s for t in self.injury if (s := t.span.overlap(span))), None):
            self._fault(one, Fault("unit.injury.twice", {"months": str(months)}), field)
        else:
            given: dict[str, Any] = {_INJURY[field]: value}
            self.injury.append(InjuryTerms(span, **given))

    def _fault(self, one: Stated, fault: Fault, field: str | None = None) -> None:
        place = attrs.evolve(one.place, field=one.place.field or field, value=excerpt(one.value))
        self.faults.append(fault.at(place))

    def build(self) -> UnitFile:
        """The unit."""
        total = self.values.pop("total_wages", None)
        if not self.values and not self.injury:
            return UnitFile(None, total, tuple(self.faults))
        get = self.values.get
        account = UnitAccount(
            unit=Unit(get("name", ""), get("credit_code")),
            number=get("number", ""),
            division=get("division"),
            insurances=get("insurances"),
            account_type=get("account_type", AccountType.ENTERPRISE),
            injury=tuple(self.injury),
        )
        return UnitFile(account, total, tuple(self.faults))


def _span(months: CellValue) -> MonthSpan | None:
    """The months, None where they can't be read; always where none are given."""
    if is_blank(months):
        return ALWAYS
    try:
        return MonthSpan.parse(trim(str(months)))
    except ValueError:
        return None
