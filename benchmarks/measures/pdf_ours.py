"""Our own notice of a roster, in a process of its own: `python -m … OUT PERSONS`."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from pathlib import Path

from stdnum.cn import ric

import socialins as si
from benchmarks.measures.pdf import GIVEN, SURNAMES
from socialins.notices.document import shown
from socialins.testing.middle import middle
from socialins.values import Money


def main() -> None:
    """Print it once cold, then warm."""
    out, persons = Path(sys.argv[1]), int(sys.argv[2])
    region = middle()
    bill = region.settle(_roster(persons))
    start = time.perf_counter()
    notice = region.notices.payment_notice(bill)
    made = notice.to_pdf()
    first = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    out.write_bytes(made)
    start = time.perf_counter()
    again = region.notices.payment_notice(bill).to_pdf()
    warm = time.perf_counter() - start
    rows = [
        [shown(value) for value in row]
        for table in notice.document.sections[0].tables
        for row in table.rows
    ]
    digest = hashlib.sha256(made).hexdigest()
    said = {"first": first, "warm": warm, "peak": peak, "bytes": len(made), "digest": digest}
    print(json.dumps(said | {"same": made == again, "rows": rows}))


def _roster(persons: int) -> si.Roster:
    terms = si.InjuryTerms(si.MonthSpan("2020-01"), risk_class=1)
    account = si.UnitAccount(si.Unit("示例有限公司"), "0000000001", injury=[terms])
    entries = []
    for number in range(1, persons + 1):
        body = f"1101051980{number // 997 % 12 + 1:02}{number % 28 + 1:02}{number % 997 + 1:03}"
        document = si.IdDocument("resident-id", body + ric.calc_check_digit(body + "0"))
        person = si.InsuredPerson(SURNAMES[number % 20] + GIVEN[number % 12], document)
        entries.append(si.RosterEntry(person, si.DeclaredWage(Money(500_000 + 1_237 * number))))
    return si.Roster("2026-11", entries, account, Money.yuan(5_000_000))


if __name__ == "__main__":
    main()
