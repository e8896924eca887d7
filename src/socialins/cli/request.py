"""What `settle` and its sisters are asked: roster, region, month, and the account's own figures.

The options stand here once, so that every command that settles a roster takes the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from socialins.cli.command import Argument, Option
from socialins.cli.errors import Misuse, faults_of
from socialins.cli.parameters import BAND, DAY, FILE, MONTH, RATE, REGION, UNIT_SIZE, Whole
from socialins.cli.progress import progress_bar
from socialins.facade import Region
from socialins.faults import Fault, FaultError, MissingExtra, Place, SocialinsError, Text
from socialins.model import Roster, UnitSize
from socialins.rules import RuleUnknown
from socialins.settlement import OperandMissing, Settlement
from socialins.values import Month, Rate

if TYPE_CHECKING:
    from socialins.forms.unitfile import UnitFile

__all__ = ["ASKED", "READING", "SETTLING", "Outcome", "Request", "with_unit"]

READING = Text("读取花名册", "Reading the roster")
SETTLING = Text("结算", "Settling")

ASKED: tuple[click.Parameter, ...] = (
    Argument(
        ["roster"],
        type=FILE,
        text=Text("花名册文件（csv、xlsx）。", "The roster's file (csv, xlsx)."),
    ),
    Option(
        ["--region"],
        required=True,
        type=REGION,
        text=Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code."),
    ),
    Option(
        ["--month"],
        required=True,
        type=MONTH,
        text=Text("费款所属期，如 2026-11。", "Month of the contributions, as 2026-11."),
    ),
    Option(
        ["--injury-rate"],
        type=RATE,
        text=Text("参保户的工伤费率，如 0.2%。", "The account's injury rate, as 0.2%."),
    ),
    Option(
        ["--injury-class"],
        type=Whole(1, 8),
        text=Text("或工伤行业风险类别，1 至 8。", "Or its risk class, 1 to 8."),
    ),
    Option(
        ["--injury-band"],
        type=BAND,
        text=Text("该类别内的浮动档次，如 120%。", "The floating band in that class, as 120%."),
    ),
    Option(
        ["--unit-size"],
        type=UNIT_SIZE,
        text=Text(
            "单位规模（micro、small、medium、large、other），部分月份的减免按此执行。",
            "The unit's size, on which some reliefs depend: micro, small, medium, large, other.",
        ),
    ),
    Option(
        ["--trade"],
        metavar="TRADE",
        text=Text("单位的行业，如 catering 或餐饮。", "The unit's trade, as catering."),
    ),
    Option(
        ["--unit"],
        type=FILE,
        text=Text("单位文件（toml）：参保户自己的数据。", "The unit's file (toml) on the account."),
    ),
    Option(
        ["--known-on"],
        type=DAY,
        text=Text("按这一天已公布的规定。", "By what had been announced on this day."),
    ),
    Option(
        ["--lenient"],
        is_flag=True,
        text=Text(
            "有未知的标准时不停止：结算其余部分，并列出所缺。",
            "Don't stop where a figure is not known: settle the rest, and list what is missing.",
        ),
    ),
    Option(
        ["--overlay"],
        type=FILE,
        text=Text(
            "单位自己的标准（规则文件），优先于地区的。",
            "The unit's own figures, as a rule file; they come before the region's.",
        ),
    ),
    Option(
        ["--json", "as_json"],
        is_flag=True,
        text=Text("输出一个 JSON 对象。", "Print one JSON object."),
    ),
)
"""The parameters that a settlement needs; `Request.gather` takes their values."""


@attrs.frozen(kw_only=True)
class Request:
    """A settlement that is asked for.

    Arguments:
        roster: the roster's file.
        region, month: where and for when.
        injury_rate, injury_class, injury_band: the account's own, in place of what file and unit
            say.
        unit_size, trade: the unit's, likewise; the trade by its id.
        unit: the file on the account.
        known_on, lenient, overlay: as in `Region.settle`.
    """

    roster: Path
    region: Region
    month: Month
    injury_rate: Rate | None = None
    injury_class: int | None = None
    injury_band: Rate | None = None
    unit_size: UnitSize | None = None
    trade: str | None = None
    unit: Path | None = None
    known_on: date | None = None
    lenient: bool = False
    overlay: Path | None = None

    @classmethod
    def gather(cls, **values: Any) -> Request:
        """Make a request of the values of `ASKED`."""
        if values["injury_rate"] is not None and values["injury_class"] is not None:
            both = Fault("cli.one-of", {"names": "--injury-rate, --injury-class"})
            raise Misuse(both, click.get_current_context())
        if values["injury_band"] is not None and values["injury_class"] is None:
            alone = Fault("cli.only-with", {"name": "--injury-band", "other": "--injury-class"})
            raise Misuse(alone, click.get_current_context())
        if values["trade"] is not None:
            values["trade"] = _trade(values["trade"], values["region"])
        return cls(**values)

    def read(self, lang: str) -> Roster:
        """Read the unit's file and the roster.

        Raises:
            SocialinsError: if a file can't be used.
        """
        try:
            given = self.given_unit()
            with progress_bar(READING.get(lang)):
                roster = self.region.read_roster(self.roster, self.month, **self.terms(given))
        except OSError as error:
            path = str(error.filename or self.roster)
            values = {"path": path, "reason": error.strerror or str(error)}
            raise FaultError(Fault("cli.unreadable", values, Place(file=path))) from error
        return with_unit(roster, given)

    def terms(self, given: UnitFile | None) -> dict[str, Any]:
        """What is said of the account, as a reader of rosters takes it."""
        return {
            "account": given.account if given else None,
            "injury_rate": self.injury_rate,
            "injury_class": self.injury_class,
            "injury_band": self.injury_band,
            "unit_size": self.unit_size,
            "trade": self.trade,
        }

    def given_unit(self) -> UnitFile | None:
        """What the unit's own file says, if there is one."""
        if self.unit is None:
            return None
        from socialins.forms.unitfile import read_unit

        return read_unit(self.unit, self.region.cascade)

    def settle(self, roster: Roster, lang: str) -> Outcome:
        """Settle a roster; what stops it becomes part of the outcome."""
        try:
            return Outcome(self, self._bill(roster, lang, strict=not self.lenient))
        except (RuleUnknown, OperandMissing) as error:
            # The rows that are wrong anyway are told at the same time, not one call later.
            bill = self._bill(roster, lang, strict=False)
            wrong = tuple(fault for fault in bill.faults if fault.is_error)
            return Outcome(self, stopped=faults_of(error), faults=wrong)
        except MissingExtra:
            raise
        except SocialinsError as error:
            return Outcome(self, faults=(*roster.faults, *faults_of(error)))

    def _bill(self, roster: Roster, lang: str, *, strict: bool) -> Settlement:
        with progress_bar(SETTLING.get(lang), len(roster)) as done:
            return self.region.settle(
                roster,
                self.month,
                known_on=self.known_on,
                strict=strict,
                overlay=self.overlay,
                progress=done,
            )

    def read_or_fail(self, lang: str) -> Roster | Outcome:
        """Read the roster; what keeps it from being read becomes the outcome."""
        try:
            return self.read(lang)
        except MissingExtra:
            raise
        except SocialinsError as error:
            return Outcome(self, faults=faults_of(error))

    def run(self, lang: str) -> Outcome:
        """Read the roster and settle it."""
        roster = self.read_or_fail(lang)
        return roster if isinstance(roster, Outcome) else self.settle(roster, lang)


def with_unit(roster: Roster, given: UnitFile | None) -> Roster:
    """A roster with what the unit's own file says beside the account."""
    if given is None:
        return roster
    return attrs.evolve(
        roster,
        total_wages=roster.total_wages if given.total_wages is None else given.total_wages,
        faults=(*given.faults, *roster.faults),
    )


def _trade(text: str, region: Region) -> str:
    """The id of a trade named by id, title or word; another is wrong usage."""
    from socialins.forms.vocabulary import Vocabulary

    found = Vocabulary.of(region.cascade).read_trade(text)
    if isinstance(found, Fault):
        raise Misuse(found, click.get_current_context())
    return found


@attrs.frozen
class Outcome:
    """What came of a request.

    Arguments:
        request: what was asked.
        bill: the settlement; None where nothing could be settled.
        stopped: the figures that are not known, where strict settling stopped at them.
        faults: what else kept it from being settled; with a bill, its own faults count.
        counts: insurance → persons, where the bill of a large roster holds sums alone.
    """

    request: Request
    bill: Settlement | None = None
    stopped: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    counts: Mapping[str, int] | None = None

    @property
    def clean(self) -> bool:
        """Whether it was settled and no row is wrong; warnings don't count."""
        return self.bill is not None and not self.bill.errors
