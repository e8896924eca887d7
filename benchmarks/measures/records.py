"""Records: making them, and JSON there and back, by several ways that give equal objects.

It runs in an environment of its own, that has the readers to compare with. A way that can't give
back what was written, or takes what the model refuses, says so instead of a figure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Set
from typing import Any

import attrs
import cattrs.preconf.json
import cattrs.preconf.orjson
import msgspec
import orjson
from stdnum.cn import ric

import socialins as si
from benchmarks.measures import Figure, best, tell
from socialins.faults import Text
from socialins.identity import CreditCode, parse_document
from socialins.model.codes import Household
from socialins.model.wire import converter, from_json, to_json
from socialins.rules import RuleClass
from socialins.settlement.compile import compile_schedule
from socialins.settlement.contribution import Contribution
from socialins.testing.middle import middle
from socialins.values import Month, MonthSpan

PERSONS = 1_000
TEXTS: dict[type[Any], Callable[[str], Any]] = {
    si.Money: si.Money.yuan,
    si.Rate: si.Rate,
    Month: Month.of,
    MonthSpan: MonthSpan.parse,
    CreditCode: CreditCode.parse,
}
Way = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def main() -> None:
    """Measure all."""
    roster = si.Roster("2026-11", tuple(_entries()))
    figures = [*_making(roster)]
    for name, way in _ways().items():
        try:
            write, read = way()
            text = write(roster)
            same = read(text) == roster
            refuses = _refuses(write, read, roster)
        except Exception as error:  # noqa: BLE001 - why a way can't do it is what is told
            figures.append(Figure(name, None, "µs", note=f"{type(error).__name__}: {error}"[:300]))
            continue
        note = "" if same and refuses else "reads back " + ("equal" if same else "otherwise")
        if not refuses:
            note += "; takes a wrong check digit"
        out = best(lambda write=write: write(roster)) / PERSONS  # type: ignore[misc]
        back = best(lambda read=read, text=text: read(text)) / PERSONS  # type: ignore[misc]
        figures.append(Figure(f"{name}: written", _us(out), "µs", note=note))
        figures.append(Figure(f"{name}: read", _us(back), "µs", note=note))
    figures += _plain_rows()
    tell("Records and JSON, a row of a roster", figures, f"A roster of {PERSONS:,} rows.")


def _making(roster: si.Roster) -> list[Figure]:
    entry = roster.entries[0]
    number, wage = entry.person.document.number, entry.wage.amount
    schedule = compile_schedule(middle().cascade, Month.of("2026-11"), RuleClass())
    line = schedule.lines[0]
    rate = line.rate_with(None)
    person = entry.person

    def contribution() -> Contribution:
        return Contribution(
            person=person,
            insurance=line.insurance,
            item=line.item,
            payer=line.payer,
            period=roster.month,
            base=wage,
            rate=rate,
            fixed=wage,
            amount=wage,
            wage=wage,
            line=line,
        )

    works: dict[str, Callable[[], Any]] = {
        "`Money` made": lambda: si.Money(812_345),
        "`IdDocument` made, number checked": lambda: si.IdDocument("resident-id", number),
        "`InsuredPerson` made": lambda: si.InsuredPerson("示例", person.document),
        "`RosterEntry` made": lambda: si.RosterEntry(person, entry.wage),
        "`Contribution` made": contribution,
        "a row from its parts": lambda: si.RosterEntry(
            si.InsuredPerson("示例", si.IdDocument("resident-id", number)),
            si.DeclaredWage(si.Money(812_345)),
        ),
    }
    return [Figure(what, _us(best(work)), "µs") for what, work in works.items()]


def _ways() -> dict[str, Callable[[], Way]]:
    """Way → writer and reader of a roster."""
    strict = converter()
    short = _with_texts(cattrs.preconf.json.make_converter(**_options(detailed=False)))
    orjson_strict = _with_texts(cattrs.preconf.orjson.make_converter(**_options(detailed=True)))
    orjson_short = _with_texts(cattrs.preconf.orjson.make_converter(**_options(detailed=False)))

    def by_msgspec() -> Way:
        decoder = msgspec.json.Decoder(si.Roster, dec_hook=_dec_hook)
        return msgspec.json.Encoder(enc_hook=_enc_hook).encode, decoder.decode

    def cattrs_way(
        made: Any, dumps: Callable[[Any], Any], loads: Callable[[Any], Any]
    ) -> Callable[[], Way]:
        return lambda: (
            lambda roster: dumps(made.unstructure(roster)),
            lambda text: made.structure(loads(text), si.Roster),
        )

    return {
        "now (cattrs, json, problems named)": lambda: (
            to_json,
            lambda text: from_json(si.Roster, text),
        ),
        "cattrs, orjson, problems named": cattrs_way(strict, orjson.dumps, orjson.loads),
        "cattrs, msgspec's JSON, problems named": cattrs_way(
            strict, msgspec.json.encode, msgspec.json.decode
        ),
        "cattrs, json, first problem only": cattrs_way(short, json.dumps, json.loads),
        "cattrs preconf orjson, problems named": cattrs_way(
            orjson_strict, orjson.dumps, orjson.loads
        ),
        "cattrs preconf orjson, first problem only": cattrs_way(
            orjson_short, orjson.dumps, orjson.loads
        ),
        "msgspec straight into attrs": by_msgspec,
    }


@attrs.frozen
class _Row:
    """A row without any of the model's own types: what the readers make of nothing but text."""

    name: str
    number: str
    wage: int
    household: Household
    insurances: list[str] | None


def _plain_rows() -> list[Figure]:
    """The readers beside each other on rows that both can make."""
    rows = [
        _Row(f"示例{number}", f"{number:018}", 300_000 + number, Household.RURAL_LOCAL, None)
        for number in range(PERSONS)
    ]
    text = msgspec.json.encode(rows)
    kind = list[_Row]
    made = cattrs.preconf.orjson.make_converter(detailed_validation=False)
    decoder = msgspec.json.Decoder(kind)
    works: dict[str, Callable[[], Any]] = {
        "a row of plain fields, cattrs and orjson: read": lambda: made.structure(
            orjson.loads(text), kind
        ),
        "a row of plain fields, msgspec: read": lambda: decoder.decode(text),
    }
    return [Figure(what, _us(best(work) / PERSONS), "µs") for what, work in works.items()]


def _options(*, detailed: bool) -> dict[str, Any]:
    return {"detailed_validation": detailed, "unstruct_collection_overrides": {Set: sorted}}


def _with_texts(made: Any) -> Any:
    """The hooks that the project's own converter has."""
    for cls, read in TEXTS.items():
        made.register_unstructure_hook(cls, str)
        made.register_structure_hook(cls, lambda value, _, read=read: read(value))
    made.register_structure_hook(
        str | Text,
        lambda value, _: made.structure(value, Text) if isinstance(value, dict) else value,
    )
    return made


def _enc_hook(value: Any) -> Any:
    return str(value)


def _dec_hook(kind: type[Any], value: Any) -> Any:
    return TEXTS[kind](value)


def _refuses(write: Callable[[Any], Any], read: Callable[[Any], Any], roster: si.Roster) -> bool:
    """Whether a wrong check digit is refused, as the model itself does."""
    number = roster.entries[0].person.document.number
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    text = write(roster)
    changed = text.replace(number, wrong) if isinstance(text, str) else None
    if changed is None:
        changed = text.replace(number.encode(), wrong.encode())
    try:
        read(changed)
    except Exception:  # noqa: BLE001 - each way has an exception of its own
        return True
    return False


def _entries() -> list[si.RosterEntry]:
    entries: list[si.RosterEntry] = []
    for number in range(PERSONS):
        body = f"1101051980{number // 997 % 12 + 1:02}{number % 28 + 1:02}{number % 997 + 1:03}"
        document = parse_document(body + ric.calc_check_digit(body + "0"))
        person = si.InsuredPerson(f"示例{number}", document)
        wage = si.DeclaredWage(si.Money(300_000 + 997 * number))
        chosen = frozenset({"pension", "injury"}) if number % 10 == 0 else None
        entries.append(si.RosterEntry(person, wage, insurances=chosen))
    return entries


def _us(seconds: float) -> float:
    return round(seconds * 1e6, 2)


if __name__ == "__main__":
    main()
