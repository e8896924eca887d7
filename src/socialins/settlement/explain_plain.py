"""Explanations as plain data for JSON: the same steps and figures that the text tells.

Money is text with two decimals; what is not yet rounded is text with all its decimals.
"""

from __future__ import annotations

from typing import Any

from socialins.model.codes import Payer
from socialins.settlement.cited import citation_to_plain
from socialins.settlement.contribution import Contribution
from socialins.settlement.derivation import Explanation, explain_steps
from socialins.settlement.slip import Slip

__all__ = ["contribution_explained", "slip_explained"]


def contribution_explained(one: Contribution, lang: str = "zh") -> dict[str, Any]:
    """The derivation of a contribution as dicts, lists and text.

    Arguments:
        one: the contribution.
        lang: language of what is words.
    """
    made = explain_steps(one)
    return {
        **_amount(one, made, lang),
        "citations": [citation_to_plain(citation, lang) for citation in made.citations],
    }


def slip_explained(slip: Slip, lang: str = "zh") -> dict[str, Any]:
    """All amounts of a person; each has the numbers of the figures, which stand at the end once.

    Arguments:
        slip: the slip.
        lang: language of what is words.
    """
    bill = slip.bill
    contributions = [
        {**_amount(one, made, lang), "citations": [slip.numbers[each] for each in made.citations]}
        for one, made in zip(slip.contributions, slip.explanations, strict=True)
    ]
    return {
        "region": bill.region.slug,
        "division": bill.division,
        "month": str(bill.month),
        "known_on": bill.known_on.isoformat() if bill.known_on else None,
        "name": slip.person.name,
        "id_number": slip.person.document.number,
        "unit_total": str(slip.total(Payer.UNIT)),
        "person_total": str(slip.total(Payer.PERSON)),
        "total": str(slip.total()),
        "contributions": contributions,
        "unsettled": [
            {
                "insurance": one.insurance,
                "item": one.item,
                "payer": one.payer.value,
                "month": str(one.month),
                "reason": one.reason(lang),
            }
            for one in slip.unsettled
        ],
        "citations": [
            {"id": number, **citation_to_plain(citation, lang)}
            for citation, number in slip.numbers.items()
        ],
    }


def _amount(one: Contribution, made: Explanation, lang: str) -> dict[str, Any]:
    return {
        "title": made.title.get(lang),
        "row": one.row,
        "id_number": one.person.document.number if one.person else None,
        "insurance": one.insurance,
        "item": one.item,
        "payer": one.payer.value,
        "period": str(one.period),
        "kind": one.kind.value,
        "amount": str(one.amount),
        "provisional": one.provisional,
        "steps": [
            {
                "kind": step.kind,
                "label": step.label.get(lang),
                "text": step.line.get(lang),
                "figures": dict(step.figures),
            }
            for step in made.steps
        ],
        "given": made.given.get(lang) if made.given else None,
    }
