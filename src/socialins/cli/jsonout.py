"""JSON on stdout: exactly one object, and nothing else there."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from socialins.cli.request import Outcome
from socialins.faults import Fault
from socialins.settlement.plain import fault_to_plain

__all__ = ["outcome_to_plain", "print_json"]


def print_json(plain: Mapping[str, Any]) -> None:
    """Print an object: in lines for a terminal, in one line for a program.

    Arguments:
        plain: dicts, lists and text.
    """
    # A pipe that is not UTF-8 gets escapes, so that the object is the same whatever the encoding.
    unicode = (sys.stdout.encoding or "").casefold().replace("-", "") == "utf8"
    indent = 2 if sys.stdout.isatty() else None
    click.echo(json.dumps(plain, ensure_ascii=not unicode, indent=indent))


def outcome_to_plain(outcome: Outcome, lang: str) -> dict[str, Any]:
    """What came of a request, in the shape of `Settlement.to_plain` even if nothing was settled."""
    if outcome.bill is not None:
        return outcome.bill.to_plain(lang)
    request = outcome.request
    return {
        "region": request.region.slug,
        "month": str(request.month),
        "contributions": [],
        "total": "0.00",
        "unit_total": "0.00",
        "person_total": "0.00",
        "unsettled": [_unsettled(fault, outcome, lang) for fault in outcome.stopped],
        "faults": [fault_to_plain(fault, lang) for fault in (*outcome.stopped, *outcome.faults)],
    }


def _unsettled(fault: Fault, outcome: Outcome, lang: str) -> dict[str, Any]:
    """An entry for everybody: strict settling stopped before it came to single persons."""
    words = fault.words("en")
    insurance = words.get("insurance_id")
    if insurance is None:  # the fault names the insurance by its title
        titles = {one.title: one.id for one in outcome.request.region.cascade.insurances()}
        title = fault.values.get("insurance")
        insurance = next((id_ for text, id_ in titles.items() if text == title), None)
    return {
        "row": None,
        "id_number": None,
        "insurance": insurance,
        "item": None,
        "payer": words.get("payer_id", "unit"),
        "month": str(outcome.request.month),
        "reason": fault.message(lang),
    }
