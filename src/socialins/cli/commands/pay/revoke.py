"""`socialins pay revoke`: take a plan back, and with it the assessment."""

from __future__ import annotations

from socialins.cli.commands.pay.common import PLAN, simple
from socialins.collection import Revoke
from socialins.faults import Text

__all__ = ["command"]

command = simple(
    "revoke",
    Text(
        "撤销计划：未申报，或已申报未开票的才能撤销。",
        "Revoke a plan that is undeclared, or declared and not invoiced.",
    ),
    Revoke,
    PLAN,
)
"""The command."""
