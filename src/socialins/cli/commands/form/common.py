"""What the commands on forms have in common: arguments, and values as text."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from socialins.cli.command import Argument
from socialins.cli.errors import Misuse
from socialins.cli.parameters import REGION
from socialins.facade import Region
from socialins.faults import Text
from socialins.forms.papers import Form, UnknownForm
from socialins.identity import IdDocument
from socialins.values import Money, Month

__all__ = ["FORM", "REGION_OF", "find_form", "to_plain"]

REGION_OF = Argument(
    ["region"],
    type=REGION,
    text=Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code."),
)
FORM = Argument(
    ["form"],
    text=Text("表单，如 staff.add；见 form list。", "The form, as staff.add; see form list."),
)


def find_form(region: Region, name: str) -> Form:
    """The form of this id; another name is wrong usage."""
    try:
        return region.forms[name]
    except UnknownForm as error:
        raise Misuse(error.fault, click.get_current_context()) from error


def to_plain(value: object) -> Any:
    """A value of a form for JSON: amounts, days, months and numbers as text.

    >>> to_plain(Money.yuan(5)), to_plain(date(2026, 11, 1)), to_plain(True), to_plain(None)
    ('5.00', '2026-11-01', True, None)
    """
    if isinstance(value, IdDocument):
        return value.number
    if isinstance(value, Money | Month | date):
        return str(value)
    return value
