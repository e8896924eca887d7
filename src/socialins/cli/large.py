"""Large rosters on the command line: settled by columns where that gives the same, else as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialins.bulk import large
from socialins.cli.progress import progress_bar
from socialins.cli.request import READING, SETTLING, Outcome, Request, with_unit
from socialins.cli.screen import make_console, say
from socialins.faults import SocialinsError, Text
from socialins.model import Roster
from socialins.settlement.adjust import adjusting

if TYPE_CHECKING:
    from socialins.bulk.ledger import Ledger
    from socialins.bulk.people import People

__all__ = ["run_large"]

_HINT = Text(
    "花名册较大。装上 socialins[workbooks] 会快十倍：pip install 'socialins[workbooks]'",
    "This is a large roster; with socialins[workbooks] it takes a tenth of the time: "
    "pip install 'socialins[workbooks]'",
)


def run_large(request: Request, lang: str) -> tuple[Outcome, Ledger | None]:
    """Read a roster and settle it, the fast way if it is large.

    Arguments:
        request: what is asked.
        lang: language of what is told on the way.

    Returns:
        The outcome, and the ledger where the fast way was taken.
    """
    fast = large.can_be_fast() and request.overlay is None
    fast = fast and adjusting(request.region.registry, request.region.cascade) is None
    people = _read(request, lang) if fast else None
    roster: Roster | None = None
    if people is None:
        found = request.read_or_fail(lang)
        if isinstance(found, Outcome):
            return found, None
        roster = found
        if len(roster) > large.LARGE:
            if fast:
                from socialins.bulk.people import people_of

                people = people_of(roster)
            elif not large.can_be_fast():
                say(make_console(stderr=True), _HINT.get(lang), "dim")
    ledger = _settle(request, people, lang) if people is not None else None
    if ledger is not None:
        return Outcome(request, ledger.bill, counts=ledger.counts), ledger
    return (request.run(lang) if roster is None else request.settle(roster, lang)), None


def _read(request: Request, lang: str) -> People | None:
    """The roster, if it is large and can be read the fast way; else the slow way tells why."""
    from socialins.bulk.plainbook import NotPlain, look_through
    from socialins.forms.sheets import Limits

    try:
        plain = look_through(request.roster, Limits())
        if plain.rows <= large.LARGE:
            return None
        given = request.given_unit()
        from socialins.bulk.people_reading import read_people

        with progress_bar(READING.get(lang), plain.rows) as done:
            people = read_people(
                request.roster,
                request.month,
                request.region.cascade,
                plain=plain,
                progress=done,
                **request.terms(given),
            )
    except (NotPlain, SocialinsError, OSError):
        return None
    if people is not None:
        people.frame = with_unit(people.frame, given)
    return people


def _settle(request: Request, people: People, lang: str) -> Ledger | None:
    from socialins.bulk.ledger import settle_people

    try:
        with progress_bar(SETTLING.get(lang), len(people)) as done:
            return settle_people(
                request.region.cascade,
                people,
                month=request.month,
                known_on=request.known_on,
                strict=not request.lenient,
                progress=done,
            )
    except SocialinsError:
        # What stops it is told with the rows that are wrong.
        return None
