"""Make the kept journal of the current schema version; once, when that version is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from socialins.store import Record, SqliteStore, export_lines
from socialins.store.sqlite_schema import STEPS

FIXTURES = Path(__file__).parent / "fixtures"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


def main() -> None:
    """Make both files, unless they are there."""
    path = FIXTURES / f"journal-{len(STEPS)}.db"
    if path.exists():
        raise SystemExit(f"{path.name} is there; it is never made anew")
    with SqliteStore(path) as store:
        for number in range(12):
            stream = f"filing/{'ab'[number % 2]}"
            payload = {"number": number, "title": "养老保险", "wage": f"{number}000.00"}
            moment = AT + timedelta(minutes=number)
            store.append(stream, [Record("Filed", payload, moment)], number // 2)
        store.snapshot("filing/a", 3, {"sum": "3.00"})
        text = "".join(export_lines(store))
    path.with_suffix(".jsonl").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
