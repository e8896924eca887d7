"""Reconciliation (对账): a bill against what the tax side's client says of each person.

`socialins.facade.Region.reconcile` is the way in; here are the classes of what comes back.
"""

from socialins.reconcile.finding import Cause, Explained, Finding, FindingKind, Side
from socialins.reconcile.persons import Who
from socialins.reconcile.result import Compare, Reconciliation
from socialins.reconcile.subject import Export, Subject

__all__ = [
    "Cause",
    "Compare",
    "Explained",
    "Export",
    "Finding",
    "FindingKind",
    "Reconciliation",
    "Side",
    "Subject",
    "Who",
]
