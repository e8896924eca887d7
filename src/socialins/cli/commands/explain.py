"""`socialins explain`: how one person's amounts came about, with the document behind each."""

from __future__ import annotations

from typing import Any

import attrs
import click

from socialins.cli.command import Command, Option
from socialins.cli.context import lang_of
from socialins.cli.errors import Misuse, Stopped
from socialins.cli.jsonout import outcome_to_plain, print_json
from socialins.cli.parameters import OneOf, Whole
from socialins.cli.report import tell_outcome, tell_unsettled
from socialins.cli.request import ASKED, Outcome, Request
from socialins.cli.screen import make_console, say, shown
from socialins.faults import Fault, Text
from socialins.identity.plain import plain
from socialins.model import Payer, Roster, RosterEntry
from socialins.rules import Cascade
from socialins.settlement import Settlement

__all__ = ["command"]

_TEXT = Text(
    "逐步说明花名册中一个人的应缴如何算出，及其文件依据。",
    "Explain step by step how the amounts of one person of a roster came about, with documents.",
)
_PERSON = Text("按证件号码找人。", "The person with this document number.")
_ROW = Text("按花名册中的行号找人。", "The person in this row of the roster.")
_NAME = Text("按姓名找人（无同名时）。", "The person of this name, if there is only one.")
_INSURANCE = Text("只说明这个险种。", "Of this insurance only.")
_PAYER = Text("只说明单位或个人应缴。", "Of the unit or of the person only.")
_PERSON_LINE = Text("{name}，{document}，第 {row} 行", "{name}, {document}, row {row}")


def _run(*, insurance: str | None, payer: str | None, as_json: bool, **asked: Any) -> None:
    ctx, lang = click.get_current_context(), lang_of()
    wanted = _Wanted(**{name: asked.pop(name) for name in ("person", "row", "name")})
    if sum(given is not None for given in attrs.astuple(wanted)) != 1:
        raise Misuse(Fault("cli.person-wanted"), ctx)
    request = Request.gather(**asked)
    insurance_id = _insurance(insurance, request.region.cascade, ctx)
    outcome, entry = _settle_one(request, wanted, lang, ctx)
    if entry is not None and outcome.bill is not None:
        outcome = attrs.evolve(outcome, bill=_only(outcome.bill, insurance_id, payer))
        bill = outcome.bill
        if bill is not None and not bill.contributions and not bill.unsettled:
            raise Stopped([Fault("cli.nothing-to-explain")], ctx)
    if as_json:
        print_json({**outcome_to_plain(outcome, lang), **_plain(outcome, entry, lang)})
    else:
        _tell(outcome, entry, lang, whole=insurance_id is None and payer is None)
    ctx.exit(0 if outcome.clean else 1)


@attrs.frozen(kw_only=True)
class _Wanted:
    """How the person was named; one of the three is given."""

    person: str | None
    row: int | None
    name: str | None

    def fits(self, entry: RosterEntry) -> bool:
        if self.person is not None:
            return entry.person.document.number == plain(self.person)
        if self.row is not None:
            return entry.row == self.row
        return entry.person.name == self.name

    def __str__(self) -> str:
        return str(next(one for one in attrs.astuple(self) if one is not None))


def _settle_one(
    request: Request, wanted: _Wanted, lang: str, ctx: click.Context
) -> tuple[Outcome, RosterEntry | None]:
    """Settle the one person alone: what is wrong with others does not bear on the answer."""
    roster = request.read_or_fail(lang)
    if isinstance(roster, Outcome):
        return roster, None
    found = [entry for entry in roster.entries if wanted.fits(entry)]
    if len(found) > 1:
        rows = ", ".join(str(entry.row) for entry in found)
        values = {"name": str(wanted), "count": str(len(found)), "rows": rows}
        raise Misuse(Fault("cli.person-ambiguous", values), ctx)
    row = found[0].row if found else wanted.row
    faults = tuple(one for one in roster.faults if row is not None and one.place.row == row)
    if found:
        alone = attrs.evolve(roster, entries=(found[0],), faults=faults)
        return request.settle(alone, lang), found[0]
    if faults:
        return Outcome(request, faults=faults), None
    raise Misuse(_unknown(wanted, roster), ctx)


def _unknown(wanted: _Wanted, roster: Roster) -> Fault:
    wrong = {fault.place.row for fault in roster.faults if fault.is_error}
    return Fault("cli.person-unknown", {"wanted": str(wanted), "wrong": str(len(wrong))})


def _insurance(text: str | None, cascade: Cascade, ctx: click.Context) -> str | None:
    """The id of an insurance named by id, title or a word for it."""
    if text is None:
        return None
    wanted = text.casefold()
    for one in cascade.insurances():
        words = (one.id, one.title.zh, one.title.en, *one.words)
        if wanted in {word.casefold() for word in words}:
            return one.id
    values: dict[str, str | Text] = {
        "insurance": text,
        "region": cascade.nearest.names.name,
        "choices": ", ".join(one.id for one in cascade.insurances()),
    }
    raise Misuse(Fault("settle.insurance-unheard", values), ctx)


def _only(bill: Settlement, insurance: str | None, payer: str | None) -> Settlement:
    """The bill with nothing but what was asked for; of the unit as a whole nothing is left."""
    return attrs.evolve(
        bill,
        contributions=tuple(
            one
            for one in bill.contributions
            if one.person is not None
            and insurance in (None, one.insurance)
            and payer in (None, one.payer.value)
        ),
        unsettled=tuple(
            one
            for one in bill.unsettled
            if insurance in (None, one.insurance) and payer in (None, one.payer.value)
        ),
    )


def _tell(outcome: Outcome, entry: RosterEntry | None, lang: str, *, whole: bool) -> None:
    """Print the slip; totals only of a whole one, as others would be taken for the person's."""
    console, bill = make_console(), outcome.bill
    if bill is None or entry is None:
        tell_outcome(console, outcome, lang)
        return
    line = _PERSON_LINE.get(lang).format(
        name=entry.person.name, document=entry.person.document.masked(), row=entry.row
    )
    if not bill.contributions:
        say(console, shown(line), "bold")
    else:
        # What is not settled is told below, with its remedies.
        slip = attrs.evolve(bill, unsettled=()).explain(entry.person, lang)
        where, _, totals, *lines = slip.splitlines()
        for head in (where, line, *([totals] if whole else [])):
            say(console, shown(head), "bold")
        for each in lines:
            say(console, shown(each), None if each.startswith(" ") else "bold cyan")
    tell_unsettled(console, bill.unsettled, lang)


def _plain(outcome: Outcome, entry: RosterEntry | None, lang: str) -> dict[str, Any]:
    """Each amount with its explanation as text; and the slip: steps and figures as data."""
    bill = outcome.bill
    if bill is None or entry is None or not bill.contributions:
        return {"explanations": [], "slip": None}
    explanations = [
        {
            "insurance": one.insurance,
            "item": one.item,
            "payer": one.payer.value,
            "amount": str(one.amount),
            "text": one.explain(lang),
        }
        for one in bill.contributions
    ]
    return {"explanations": explanations, "slip": bill.explain_plain(entry.person, lang)}


command = Command(
    "explain",
    text=_TEXT,
    params=[
        *ASKED,
        Option(["--person"], metavar="ID_NUMBER", text=_PERSON),
        Option(["--row"], type=Whole(1), text=_ROW),
        Option(["--name"], metavar="NAME", text=_NAME),
        Option(["--insurance"], metavar="INSURANCE", text=_INSURANCE),
        Option(["--payer"], type=OneOf([payer.value for payer in Payer]), text=_PAYER),
    ],
    callback=_run,
)
"""The command."""
