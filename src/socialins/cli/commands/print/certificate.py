"""`socialins print certificate`: what an account paid in a range of months."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from socialins.cli.command import Argument, Command, Option
from socialins.cli.commands.print.common import PRINTING, Print, unreadable
from socialins.cli.context import lang_of
from socialins.cli.parameters import FILE, MONTH, REGION
from socialins.facade import Region
from socialins.faults import Text
from socialins.values import Month, MonthSpan

__all__ = ["command"]

_TEXT = Text("用缴款记录打印缴费证明。", "Print the payment certificate of a list of payments.")
_PAYMENTS = Text(
    "缴款记录（csv、xlsx）：缴款单号、缴款日期、金额，可加费款所属期。",
    "The payments (csv, xlsx): order, day, amount and, if wanted, month.",
)
_REGION = Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code.")
_FIRST = Text("第一个月，如 2026-01。", "The first month, as 2026-01.")
_LAST = Text("最后一个月，如 2026-11。", "The last month, as 2026-11.")
_UNIT = Text("单位文件（toml）：参保户自己的数据。", "The unit's file (toml) on the account.")


def _run(
    *, payments: Path, region: Region, first: Month, last: Month, unit: Path | None, **asked: Any
) -> None:
    from socialins.forms.unitfile import read_unit
    from socialins.notices.paymentfile import read_payments

    how = Print.taken(asked)
    with unreadable(payments):
        paid = read_payments(payments)
    account = read_unit(unit, region.cascade).account if unit else None
    made = region.notices.certificate(
        paid, MonthSpan(first, max(first, last)), lang_of(), account=account, day=how.day
    )
    how.finish(made)


command = Command(
    "certificate",
    text=_TEXT,
    params=[
        Argument(["payments"], type=FILE, text=_PAYMENTS),
        Option(["--region"], required=True, type=REGION, text=_REGION),
        Option(["--from", "first"], required=True, type=MONTH, text=_FIRST),
        Option(["--to", "last"], required=True, type=MONTH, text=_LAST),
        Option(["--unit"], type=FILE, text=_UNIT),
        *(one for one in PRINTING if one.name != "full"),
    ],
    callback=_run,
)
"""The command."""
