"""Several declarations submitted at once: under one opening of the key, the PIN asked for once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from socialins.calendar import SHANGHAI
from socialins.cli.commands.file.common import Kept, book_to_plain, declarations_table
from socialins.cli.commands.file.keys import check_of
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.keys import ask_pin, choose, signer_of
from socialins.cli.screen import make_console, say, shown, tell_faults
from socialins.faults import Text
from socialins.filing import Desk, Facts, Submit, event_to_plain
from socialins.settlement.plain import fault_to_plain
from socialins.signing import SignedSubmissions, UnitSignatures, sign_and_submit

__all__ = ["submit_several"]

_LEFT = Text(
    "未签名，仍待提交：{ids}；插好密钥后重新提交这些即可。",
    "Not signed, still to be submitted: {ids}. Insert the key and submit these again.",
)


def submit_several(
    kept: Kept,
    declarations: tuple[str, ...],
    *,
    at: datetime | None,
    by: str,
    facts: Facts,
    as_json: bool,
    sign: bool,
    **key: Any,
) -> None:
    """Submit declarations, each by itself; what was sent is kept, whatever becomes of the rest.

    Arguments:
        kept: the book.
        declarations: their ids.
        at: the moment; now if left out.
        by: who submits.
        facts: what is known of unit and persons.
        as_json: whether one JSON object is printed.
        sign: whether they are signed.
        key: what `SIGNING` gave besides.
    """
    at = at or datetime.now(SHANGHAI)
    desk = Desk(kept.rules)
    desk.keep(kept.month, kept.history)
    if sign:
        done = _signed(kept, desk, declarations, at=at, by=by, facts=facts, **key)
    else:
        done = SignedSubmissions(
            decisions={
                id_: desk.do(kept.month, Submit(at=at, by=by, declaration=id_, facts=facts))
                for id_ in dict.fromkeys(declarations)
            }
        )
    events = [event for one in done.decisions.values() for event in one.events]
    kept.keep(events)
    _tell(kept, desk, done, as_json=as_json)
    if not done.complete:
        click.get_current_context().exit(1)


def _signed(
    kept: Kept,
    desk: Desk,
    declarations: tuple[str, ...],
    *,
    at: datetime,
    by: str,
    facts: Facts,
    token: str | None,
    driver: str,
    driver_options: tuple[tuple[str, str], ...],
    **trust: Any,
) -> SignedSubmissions:
    check: UnitSignatures = check_of(kept, **trust)
    desk.signatures = check
    signer = signer_of(driver, driver_options)
    with signer.open(choose(signer, token)) as session:
        return sign_and_submit(
            desk,
            kept.month,
            declarations,
            session,
            ask_pin,
            at=at,
            by=by,
            facts=facts,
            chain=check.between,
        )


def _tell(kept: Kept, desk: Desk, done: SignedSubmissions, *, as_json: bool) -> None:
    lang = lang_of()
    book = desk.book(kept.month)
    faults = [fault for one in done.decisions.values() for fault in one.faults]
    if done.fault is not None:
        faults.append(done.fault)
    if as_json:
        events = [event for one in done.decisions.values() for event in one.events]
        print_json(
            {
                "done": done.complete,
                "events": [event_to_plain(event) for event in events],
                "left": list(done.left),
                "faults": [fault_to_plain(fault, lang) for fault in faults],
                "book": book_to_plain(book),
            }
        )
        return
    sent = [book.declarations[id_] for id_, one in done.decisions.items() if one.events]
    if sent:
        declarations_table(sent, kept.region, lang)
    if done.left:
        say(make_console(), shown(_LEFT.get(lang).format(ids=", ".join(done.left))))
    tell_faults(make_console(stderr=True), faults, lang, remedies_once=True)
