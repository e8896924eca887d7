"""`socialins cards days`: by when photographs and forms are there, and what is collected."""

from __future__ import annotations

from pathlib import Path

from socialins.cards import card_days, fees
from socialins.cli.command import Command, Option
from socialins.cli.commands.cards.common import JSON, OVERLAY
from socialins.cli.context import lang_of
from socialins.cli.jsonout import print_json
from socialins.cli.parameters import MONTH, REGION, Whole
from socialins.cli.screen import make_console, say
from socialins.facade import Region
from socialins.faults import Text
from socialins.values import Money, Month

__all__ = ["command"]

_TEXT = Text(
    "某月参保人员的照相、收表期限和费用。",
    "The days for people enrolled in a month, and what is collected of them.",
)
_PHOTOS = Text("照相：不迟于 {day}", "photographs: by {day}")
_FORMS = Text(
    "收齐申领表和工本费：不迟于 {day}；其后交表、领卡",
    "forms and fee: by {day}; handed in, and cards collected, after it",
)
_PHOTO_FEE = Text(
    "照片费用：每人 {one}，{people} 人共 {all}", "photographs: {one} each, {all} for {people}"
)
_CARD_FEE = Text("工本费：每人 {one}，{people} 人共 {all}", "cards: {one} each, {all} for {people}")
_NOTHING = Text("规则没有说明期限和费用。", "The rules state no days and no fees.")


def _run(
    *, region: Region, enrolled: Month, people: int, overlay: Path | None, as_json: bool
) -> None:
    lang = lang_of()
    rules = region.card_rules(overlay)
    days, cards = card_days(rules, enrolled), fees(rules, people)
    if as_json:
        photo = rules.photo_fee
        print_json(
            {
                "enrolled": str(enrolled),
                "photos_by": str(days.photos_by) if days.photos_by else None,
                "forms_by": str(days.forms_by) if days.forms_by else None,
                "photo_fees": str(Money(photo.fen * people)) if photo is not None else None,
                "card_fees": str(cards) if cards is not None else None,
            }
        )
        return
    lines = []
    for day, text in ((days.photos_by, _PHOTOS), (days.forms_by, _FORMS)):
        if day is not None:
            lines.append(text.get(lang).format(day=day))
    for fee, text in ((rules.photo_fee, _PHOTO_FEE), (rules.card_fee, _CARD_FEE)):
        if fee is not None:
            everybody = Money(fee.fen * people)
            lines.append(text.get(lang).format(one=fee, people=people, all=everybody))
    console = make_console()
    for line in lines or [_NOTHING.get(lang)]:
        say(console, line)


command = Command(
    "days",
    text=_TEXT,
    params=[
        Option(
            ["--region"],
            required=True,
            type=REGION,
            text=Text("地区：代号、名称或行政区划码。", "The region: slug, name or division code."),
        ),
        Option(
            ["--enrolled"],
            required=True,
            type=MONTH,
            text=Text("参保登记的月份，如 2026-11。", "The month of enrolment, as 2026-11."),
        ),
        Option(["--people"], default=1, type=Whole(1), text=Text("人数。", "How many people.")),
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
