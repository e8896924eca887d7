"""The unit's own data (单位信息): what the unit sheet of a workbook and unit.toml have in common.

Both state keys with values. A key that can't be read stops the file: an account type or an injury
rate that was misread would bear on every person of the roster.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import attrs

from socialins.faults import Fault, Place, Severity
from socialins.forms.cells import Context, read_cell
from socialins.forms.errors import FormError
from socialins.forms.layout import Layout, own_layout
from socialins.forms.plaintext import excerpt, is_blank, trim
from socialins.forms.sheets import CellValue
from socialins.forms.vocabulary import Vocabulary
from socialins.model.codes import AccountType, UnitSize
from socialins.model.unit import InjuryTerms, Unit, UnitAccount
from socialins.values import Money, Month, MonthSpan, Rate

__all__ = ["ALWAYS", "Stated", "UnitFile", "build_unit", "override_unit"]

ALWAYS = MonthSpan("1900-01")
"""The months of a figure that is stated without any."""

_LATEST = Month(2200, 12)
"""The last month there is: an open span has none after it."""

_INJURY = {"injury_class": "risk_class", "injury_rate": "rate", "injury_band": "band"}


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
        vocabulary: the words for insurances and trades.
        unknown_keys: how much a key stops that the layout doesn't know.

    Raises:
        FormError: with a fault for every key that is unknown, stated twice or can't be read.
    """
    builder = _Builder(own_layout("unit"), Context(vocabulary), unknown_keys)
    for one in stated:
        if not is_blank(one.value) and not builder.layout.passes_over(one.key):
            builder.take(one)
    builder.check_bands()
    errors = [fault for fault in builder.faults if fault.is_error]
    if errors:
        raise FormError(errors[0], errors[1:])
    return builder.build()


def override_unit(
    account: UnitAccount | None,
    *,
    injury_rate: Rate | None = None,
    injury_class: int | None = None,
    injury_band: Rate | None = None,
    unit_size: UnitSize | None = None,
    trade: str | None = None,
) -> UnitAccount | None:
    """The account with other data of its own; an injury rate or class then holds always.

    Raises:
        ValueError: for a rate and a class at once, or a band without a class.

    >>> override_unit(None, injury_rate=Rate("0.2%")).injury[0].rate
    Rate('0.2%')
    >>> override_unit(None) is None
    True
    """
    changes: dict[str, Any] = {}
    if (injury_rate, injury_class, injury_band) != (None, None, None):
        terms = InjuryTerms(ALWAYS, rate=injury_rate, risk_class=injury_class, band=injury_band)
        changes["injury"] = (terms,)
    made = account or UnitAccount(Unit(""))
    if unit_size is not None or trade is not None:
        unit = made.unit
        changes["unit"] = attrs.evolve(
            unit, size=unit_size or unit.size, trade=unit.trade if trade is None else trade
        )
    return attrs.evolve(made, **changes) if changes else account


@attrs.frozen
class _Band:
    """A floating band, until it is known which class it goes with."""

    span: MonthSpan
    rate: Rate
    stated: Stated


@attrs.define
class _Builder:
    layout: Layout
    context: Context
    unknown_keys: Severity
    values: dict[str, Any] = attrs.field(factory=dict)
    injury: list[InjuryTerms] = attrs.field(factory=list)
    bands: list[_Band] = attrs.field(factory=list)
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
        banded = field == "injury_band"
        held: Iterable[_Band | InjuryTerms] = self.bands if banded else self.injury
        if span is None:
            self._fault(one, Fault("unit.months", {"value": excerpt(one.months)}), field)
        elif months := next((s for other in held if (s := other.span.overlap(span))), None):
            code = "unit.injury-band.twice" if banded else "unit.injury.twice"
            self._fault(one, Fault(code, {"months": str(months)}), field)
        elif banded and isinstance(value, Rate):
            self.bands.append(_Band(span, value, one))
        else:
            given: dict[str, Any] = {_INJURY[field]: value}
            self.injury.append(InjuryTerms(span, **given))

    def check_bands(self) -> None:
        """Refuse every band that has months without a class: nothing would come of it there."""
        if any(fault.place.field in _INJURY for fault in self.faults if fault.is_error):
            # What is wrong may be the class that is missing here.
            return
        classes = [(terms.span, terms) for terms in self.injury if terms.risk_class is not None]
        for band in self.bands:
            within = [terms is not None for _, terms in _cut(band.span, classes)]
            # A band without months goes with the class in whatever months the class has.
            if not (any(within) if is_blank(band.stated.months) else all(within)):
                values = {"value": excerpt(band.stated.value)}
                self._fault(band.stated, Fault("unit.injury-band.alone", values), "injury_band")

    def _floated(self) -> Iterator[InjuryTerms]:
        """The terms, those of a class cut where its band changes."""
        bands = [(band.span, band.rate) for band in self.bands]
        for terms in self.injury:
            if terms.risk_class is None:
                yield terms
            else:
                for span, rate in _cut(terms.span, bands):
                    yield attrs.evolve(terms, span=span, band=rate)

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
            unit=Unit(get("name", ""), get("credit_code"), get("size"), get("trade")),
            number=get("number", ""),
            division=get("division"),
            insurances=get("insurances"),
            account_type=get("account_type", AccountType.ENTERPRISE),
            injury=tuple(self._floated()),
        )
        return UnitFile(account, total, tuple(self.faults))


_T = TypeVar("_T")


def _cut(
    span: MonthSpan, parts: Iterable[tuple[MonthSpan, _T]]
) -> Iterator[tuple[MonthSpan, _T | None]]:
    """A span in pieces: each part's months in it with what the part has, the others with None."""
    start = span.first.index
    for part, value in sorted(parts, key=lambda pair: pair[0]):
        months = part.overlap(span)
        if months is None:
            continue
        if start < months.first.index:
            yield MonthSpan(Month.from_index(start), months.first - 1), None
        yield months, value
        if months.last is None:
            return
        start = months.last.index + 1
    if start <= (span.last or _LATEST).index:
        yield MonthSpan(Month.from_index(start), span.last), None


def _span(months: CellValue) -> MonthSpan | None:
    """The months, None where they can't be read; always where none are given."""
    if is_blank(months):
        return ALWAYS
    try:
        return MonthSpan.parse(trim(str(months)))
    except ValueError:
        return None
