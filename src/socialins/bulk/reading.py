"""Reading: a record batch → wages, rule classes, rates, as small numbers; and what is wrong.

Text is read once for each distinct value of a batch, not once a row. A value that can't be read
puts its fault on its rows and goes no further.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import attrs
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from socialins.bulk.decimals import fen_of
from socialins.bulk.rowfaults import Faults
from socialins.bulk.terms import CLASS_COLUMNS, Chosen, TableError, Terms
from socialins.faults import Fault, Place
from socialins.forms.vocabulary import Vocabulary
from socialins.model.codes import AccountType, Code, Employment, Household, UnitSize
from socialins.rules import RuleClass
from socialins.values import Rate

__all__ = ["INPUT_COLUMNS", "Reader", "Rows"]

INPUT_COLUMNS = ("wage_fen", "wage", "injury_rate", *CLASS_COLUMNS, "insurances")
"""The columns that settling reads; all others go on to the result as they are."""

Array: TypeAlias = NDArray[Any]


@attrs.frozen
class Coded:
    """A column as small numbers, one for each thing that its text means.

    Arguments:
        codes: the number of each row; None where all have `values[0]`.
        values: what each number means.
    """

    codes: Array | None
    values: tuple[Any, ...]


@attrs.frozen
class Rows:
    """What was read of a batch.

    Arguments:
        wages: in fen; 0 where they could not be read.
        classes: the number of each row's class among `keys`; None where there is one class.
        keys: the classes that occur in rows without fault, with the insurances chosen.
        rates: the injury rates that rows state; None stands for none.
        faults: what is wrong.
        bad: rows that can't be settled; None where there is none.
    """

    wages: NDArray[np.int64]
    classes: Array | None
    keys: tuple[tuple[RuleClass, Chosen], ...]
    rates: Coded
    faults: Faults
    bad: NDArray[np.bool_] | None


class Reader:
    """Reads batches of one schema.

    Arguments:
        schema: the columns.
        terms: what the table is settled by.
        max_wage: larger wages are a fault, in fen.

    Raises:
        TableError: if there is no wage, or a column has a type that can't be read.
    """

    def __init__(self, schema: pa.Schema, terms: Terms, max_wage: int) -> None:
        self.terms = terms
        self.max_wage = max_wage
        self.wage = _wage_column(schema)
        for name in (*CLASS_COLUMNS, "insurances", "injury_rate"):
            if name in schema.names:
                _check_text(schema.field(name))
        self.class_columns = [name for name in CLASS_COLUMNS if name in schema.names]
        self.with_insurances = "insurances" in schema.names
        self.with_rates = "injury_rate" in schema.names
        self._vocabulary = Vocabulary.of(terms.cascade) if self.with_insurances else None
        self._default = terms.default_class
        self._known: dict[tuple[str, str], tuple[Any, str | None]] = {}

    def read(self, batch: pa.RecordBatch) -> Rows:
        """Read a batch."""
        faults = Faults(batch.num_rows)
        wages = self._wages(batch.column(self.wage), faults)
        columns = [
            self._coded(name, batch.column(name), getattr(self._default, name), faults)
            for name in self.class_columns
        ]
        chosen = Coded(None, (None,))
        if self.with_insurances:
            chosen = self._coded("insurances", batch.column("insurances"), None, faults)
        rates = Coded(None, (None,))
        if self.with_rates:
            rates = self._coded("injury_rate", batch.column("injury_rate"), None, faults)
        bad = None if faults.bits is None else faults.bits != 0
        classes, keys = self._classes([*columns, chosen], bad)
        return Rows(wages, classes, keys, rates, faults, bad)

    def _wages(self, column: pa.Array, faults: Faults) -> NDArray[np.int64]:
        if column.null_count:
            faults.add("bulk.wage-missing", _mask(column.is_null()))
        if column.null_count:
            column = column.fill_null(0)
        wages: NDArray[np.int64]
        if pa.types.is_decimal(column.type):
            wages, finer = fen_of(column, self.max_wage)
            if finer.any():
                faults.add("bulk.wage-part-of-fen", finer)
        else:
            wages = column.to_numpy(zero_copy_only=False)
            if wages.dtype != np.int64:
                wages = wages.astype(np.int64)
        # Seen without their sign, negative ones are larger than any.
        if len(wages) and int(wages.view(np.uint64).max()) > self.max_wage:
            negative, large = wages < 0, wages > self.max_wage
            for code, found in (("bulk.wage-negative", negative), ("bulk.wage-too-large", large)):
                if found.any():
                    faults.add(code, found)
            wages = np.where(negative | large, 0, wages)
        return wages

    def _coded(self, name: str, column: pa.Array, default: Any, faults: Faults) -> Coded:
        """A column of text as numbers of what it means; what can't be read means the default."""
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        try:
            texts = column.dictionary.to_pylist()
        except UnicodeDecodeError as error:
            said = {"column": name, "found": "binary", "wanted": "utf8"}
            raise TableError(Fault("bulk.column-type", said, Place(field=name))) from error
        read = [self._meaning(name, text, default) for text in texts]
        nulls = column.indices.null_count
        if nulls or not texts:
            read.append((default, None))
        values = list(dict.fromkeys(value for value, _ in read))
        number = {value: index for index, value in enumerate(values)}
        wrong = {code for _, code in read if code}
        if len(values) == 1 and not wrong:
            return Coded(None, tuple(values))
        index = column.indices.fill_null(len(texts)) if nulls else column.indices
        rows: Array = index.to_numpy(zero_copy_only=False)
        for code in sorted(wrong):
            found = np.array([one == code for _, one in read])[rows]
            if found.any():
                faults.add(code, found)
        numbers = [number[value] for value, _ in read]
        if numbers != list(range(len(read))):
            rows = np.array(numbers, np.min_scalar_type(len(values))).take(rows)
        return Coded(rows, tuple(values))

    def _meaning(self, name: str, text: str | None, default: Any) -> tuple[Any, str | None]:
        """What a text means, and the code of the fault if it means nothing."""
        if text is None:
            return default, None
        key = name, text
        found = self._known.get(key)
        if found is None:
            value, code = _READERS[name](self, text)
            found = (default, code) if code else (value, None)
            if len(self._known) < 100_000:
                self._known[key] = found
        return found

    def trade(self, text: str) -> tuple[Any, str | None]:
        """A trade's id."""
        return text, None if self.terms.knows_trade(text) else "settle.trade-unheard"

    def insurances(self, text: str) -> tuple[Any, str | None]:
        """The insurances chosen, in any of the region's words."""
        if self._vocabulary is None:
            return None, None
        ids, unknown = self._vocabulary.read(text)
        unheard = unknown or self.terms.unheard(ids)
        return ids, "settle.insurance-unheard" if unheard else None

    def _classes(
        self, columns: Sequence[Coded], bad: NDArray[np.bool_] | None
    ) -> tuple[Array | None, tuple[tuple[RuleClass, Chosen], ...]]:
        """The classes that occur, and each row's; those of bad rows are the first's."""
        varying = [one for one in columns if one.codes is not None]
        sizes = [len(one.values) for one in varying]
        if bad is not None and bad.all():
            return None, ()
        if not varying:
            return None, (self._key([0] * len(columns), columns),)
        combined: Array = np.asarray(varying[0].codes)
        count = sizes[0]
        for one, size in zip(varying[1:], sizes[1:], strict=True):
            count *= size
            kind = np.min_scalar_type(count)
            combined = combined.astype(kind) * kind.type(size) + np.asarray(one.codes)
        good = combined if bad is None else combined[~bad]
        if count <= 65_536:
            present = np.flatnonzero(np.bincount(good, minlength=count))
        else:
            present = np.unique(good)
        keys: list[tuple[RuleClass, Chosen]] = []
        for value in present.tolist():
            rest, numbers = value, []
            for one in reversed(columns):
                size = 1 if one.codes is None else len(one.values)
                numbers.append(rest % size)
                rest //= size
            keys.append(self._key(numbers[::-1], columns))
        if len(keys) == 1:
            return None, tuple(keys)
        if count <= 65_536:
            place = np.zeros(count, np.min_scalar_type(len(keys)))
            place[present] = np.arange(len(keys))
            return place[combined], tuple(keys)
        places = np.searchsorted(present, combined)
        return np.minimum(places, len(keys) - 1), tuple(keys)

    def _key(self, numbers: Sequence[int], columns: Sequence[Coded]) -> tuple[RuleClass, Chosen]:
        pairs = zip(columns, numbers, strict=True)
        *classes, chosen = (one.values[number] for one, number in pairs)
        stated = dict(zip(self.class_columns, classes, strict=True))
        return attrs.evolve(self._default, **stated), chosen


def _code(kind: type[Code], fault: str) -> Callable[[Reader, str], tuple[Any, str | None]]:
    def read(_reader: Reader, text: str) -> tuple[Any, str | None]:
        found = kind.read(text)
        return found, fault if found is None else None

    return read


def _rate(_reader: Reader, text: str) -> tuple[Any, str | None]:
    try:
        rate = Rate(text)
    except ValueError:
        return None, "bulk.injury-rate-unreadable"
    return rate, None if 0 <= rate.fraction <= 1 else "bulk.injury-rate-unreadable"


_READERS: dict[str, Callable[[Reader, str], tuple[Any, str | None]]] = {
    "household": _code(Household, "bulk.household-unreadable"),
    "employment": _code(Employment, "bulk.employment-unreadable"),
    "account_type": _code(AccountType, "bulk.account-type-unreadable"),
    "unit_size": _code(UnitSize, "bulk.unit-size-unreadable"),
    "trade": Reader.trade,
    "insurances": Reader.insurances,
    "injury_rate": _rate,
}


def _mask(found: pa.Array) -> NDArray[np.bool_]:
    mask: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return mask


def _wage_column(schema: pa.Schema) -> str:
    found = [name for name in ("wage_fen", "wage") if name in schema.names]
    if len(found) != 1:
        names = {"columns": ", ".join(schema.names)}
        raise TableError(Fault("bulk.wage-column", names, Place(field="wage_fen")))
    (name,) = found
    kind = schema.field(name).type
    fits = pa.types.is_integer(kind) if name == "wage_fen" else pa.types.is_decimal(kind)
    if not fits or kind == pa.uint64():
        raise _wrong_type(schema.field(name), "decimal128" if name == "wage" else "int64")
    return name


def _check_text(field: pa.Field) -> None:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind)):
        raise _wrong_type(field, "utf8")


def _wrong_type(field: pa.Field, wanted: str) -> TableError:
    values = {"column": field.name, "found": str(field.type), "wanted": wanted}
    return TableError(Fault("bulk.column-type", values, Place(field=field.name)))
