"""unit.toml: the unit's account in a file of its own, for rosters that can't carry it.

```toml
name = "中州某某有限公司"
credit_code = "91990100MA0000001G"
number = "0000000001"
account_type = "enterprise"
size = "small"                # micro, small, medium, large, other
trade = "catering"            # one that the region's rules tell apart
injury_rate = "0.2%"          # or injury_class = 1, perhaps with injury_band = "120%"
total_wages = "1234567.00"    # where a region's rule needs it
insurances = ["pension", "unemployment", "injury"]   # left out: all of the region's
```

An injury rate that changed is a list of `[[injury]]` tables: `rate`, or `class` and perhaps `band`,
with `from` and `to`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from socialins.faults import Fault, Place
from socialins.forms.errors import FormError
from socialins.forms.plaintext import excerpt
from socialins.forms.unitdata import ALWAYS, Stated, UnitFile, build_unit
from socialins.forms.vocabulary import Vocabulary
from socialins.rules import Cascade

__all__ = ["UnitFile", "read_unit"]

_LARGEST = 1_000_000
_INJURY_KEYS = frozenset({"rate", "class", "band", "from", "to"})


def read_unit(path: str | Path, cascade: Cascade) -> UnitFile:
    r"""Read a unit.toml.

    Arguments:
        path: the file.
        cascade: the region's rules, for its words for insurances and trades.

    Returns:
        The account, and the total wages where they are stated.

    Raises:
        FormError: if it is no TOML, or a key is unknown or can't be read; the fault names the key.

    >>> from tempfile import TemporaryDirectory
    >>> from socialins.testing.middle import middle
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "unit.toml")
    ...     _ = file.write_text('name = "中州某公司"\ninjury_class = 1', "utf-8")
    ...     unit = read_unit(file, middle().cascade)
    >>> unit.account.unit.name, unit.account.injury[0].risk_class
    ('中州某公司', 1)
    """
    file = str(path)
    stated = list(_stated(_load(Path(path)), file))
    return build_unit(stated, Vocabulary.of(cascade))


def _load(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST + 1)
        if len(raw) > _LARGEST:
            raise ValueError(f"over {_LARGEST} bytes")
        # A float would not be the number that was written.
        table = tomllib.loads(raw.decode("utf-8-sig"), parse_float=Decimal)
        _check_integers(table)
        return table
    except OSError as error:
        fault = Fault("form.file.unreadable", {"reason": error.strerror or str(error)})
        raise FormError(fault.at(Place(file=str(path)))) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        fault = Fault("unit.file", {"reason": str(error)}, Place(file=str(path)))
        raise FormError(fault) from error


def _check_integers(value: object) -> None:
    """Refuse whole numbers that TOML has not; Python would read them, and not write them out."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            _check_integers(one)
    elif isinstance(value, int) and value.bit_length() > 64:
        raise ValueError("a whole number beyond 64 bits")


def _stated(table: dict[str, Any], file: str) -> Iterator[Stated]:
    for key, value in table.items():
        place = Place(file=file, field=key)
        if key == "injury":
            yield from _injury(value, file)
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            yield Stated(key, ", ".join(value) or "none", place)
        elif isinstance(value, dict | list):
            shown = {"key": key, "value": excerpt(value)}
            raise FormError(Fault("unit.value", shown, place))
        else:
            yield Stated(key, value, place)


def _injury(tables: object, file: str) -> Iterator[Stated]:
    """The `[[injury]]` tables, as keys with months."""
    listed = tables if isinstance(tables, list) else [tables]
    for index, table in enumerate(listed):
        place = Place(file=file, field=f"injury[{index}]")
        given = set(table) if isinstance(table, dict) else set()
        if not given <= _INJURY_KEYS or len(given & {"rate", "class"}) != 1:
            shown = {"key": f"injury[{index}]", "value": excerpt(table)}
            raise FormError(Fault("unit.value", shown, place))
        months = f"{table.get('from', ALWAYS.first)}..{table.get('to', '')}"
        for key in ("rate", "class", "band"):
            if key in table:
                place = Place(file=file, field=f"injury[{index}].{key}")
                yield Stated(f"injury_{key}", table[key], place, months)
