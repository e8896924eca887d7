"""Arrears (欠费): what was not paid, not declared, or paid too much, and what follows from it."""

from socialins.arrears.backpay import BackPayment, back_payment
from socialins.arrears.correction import Correction
from socialins.arrears.credit import Debt, Offset, Offsets, offset_credit
from socialins.arrears.latefee import LateFee, LateFees, LateSpan, late_fees
from socialins.arrears.undeclared import UndeclaredAmount, UndeclaredMonth, undeclared_month

__all__ = [
    "BackPayment",
    "Correction",
    "Debt",
    "LateFee",
    "LateFees",
    "LateSpan",
    "Offset",
    "Offsets",
    "UndeclaredAmount",
    "UndeclaredMonth",
    "back_payment",
    "late_fees",
    "offset_credit",
    "undeclared_month",
]
