"""From filing to collection: a closed and assessed month becomes a plan, and goes back no more.

Filing knows nothing of what is paid. Whoever plans asks `may_plan` of the filing book, and whoever
rolls an assessment back asks `may_roll_back` of the collection.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from socialins.arrears import BackPayment
from socialins.collection.codes import CollectionMode, Role
from socialins.collection.commands import MakePlan
from socialins.collection.lines import Assessed, lines_of
from socialins.collection.state import Collection
from socialins.faults import Fault
from socialins.filing import BookState, FilingBook
from socialins.rules import RuleClass
from socialins.settlement import Settlement
from socialins.values import Money

__all__ = ["may_plan", "may_roll_back", "plan_of"]


def plan_of(
    assessment: Settlement | BackPayment | Iterable[Assessed],
    plan: str,
    at: datetime,
    *,
    mode: CollectionMode | str | None = None,
    role: Role | str = Role.EMPLOYER,
    insurances: Iterable[str] | None = None,
    deferral: RuleClass | None = None,
    by: str = "",
    key: str = "",
) -> MakePlan:
    """The command that makes a plan of an assessment.

    Arguments:
        assessment: a bill, a back payment, or amounts one by one.
        plan: the plan's id.
        at: the moment.
        mode: in which way it is collected; left out, as the region's rules say.
        role: for the unit's own staff, or for residents.
        insurances: only these, where others are collected in another way; all if left out.
        deferral: as in `MakePlan`.
        by: who makes it.
        key: the caller's own key.

    >>> import socialins as si
    >>> from socialins.calendar import SHANGHAI
    >>> from socialins.testing.middle import middle
    >>> person = si.InsuredPerson("甲", si.IdDocument("passport", "E12345678"))
    >>> entry = si.RosterEntry(
    ...     person, si.DeclaredWage(si.Money.yuan("8000")), insurances={"pension"}
    ... )
    >>> bill = middle().settle(si.Roster("2026-11", [entry]))
    >>> made = plan_of(bill, "P1", datetime(2026, 11, 3, 10, tzinfo=SHANGHAI))
    >>> [(one.payer.value, str(one.amount)) for one in made.lines]
    [('unit', '1280.00'), ('person', '640.00')]
    """
    amounts: Iterable[Assessed]
    if isinstance(assessment, Settlement | BackPayment):
        amounts = assessment.contributions
    else:
        amounts = assessment
    if insurances is not None:
        wanted = frozenset(insurances)
        amounts = (one for one in amounts if one.insurance in wanted)
    lines, back = lines_of(amounts)
    return MakePlan(
        at=at,
        by=by,
        key=key,
        plan=plan,
        lines=lines,
        mode=mode,
        role=role,
        back=back,
        deferral=deferral,
    )


def may_plan(book: FilingBook, total: Money) -> Fault | None:
    """Why no plan can be made of a filing book yet; None if one can.

    Arguments:
        book: the account's month of filing.
        total: what the plans of the month come to, before credit.
    """
    month = str(book.month)
    if book.state is not BookState.CLOSED:
        return Fault("collection.month-open", {"month": month})
    if book.assessed is None:
        return Fault("collection.not-assessed", {"month": month})
    if book.assessed != total:
        values = {"month": month, "assessed": f"{book.assessed:,}", "total": f"{total:,}"}
        return Fault("collection.other-total", values)
    return None


def may_roll_back(collection: Collection) -> Fault | None:
    """Why an assessment can't be rolled back; None if nothing of it is collected any more.

    Arguments:
        collection: the account's collection of the month.
    """
    live = collection.live
    if not live:
        return None
    for plan in live:
        invoice = collection.invoice_of(plan.id)
        if invoice is not None:
            return Fault("collection.invoiced", {"plan": plan.id, "order": invoice.id})
        if plan.paid_of_lines:
            return Fault("collection.paid-before", {"plan": plan.id})
    listed = ", ".join(one.id for one in live)
    return Fault("collection.planned", {"month": str(collection.month), "plans": listed})
