"""`socialins cards status`: how far a batch is, and what comes next."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path

from socialins.calendar import SHANGHAI
from socialins.cards import BatchState, CardKind, RowState, card_days, progress
from socialins.cli.command import Command
from socialins.cli.commands.cards.common import (
    BOOK,
    JSON,
    OVERLAY,
    Kept,
    batch_to_plain,
    head_of,
)
from socialins.cli.context import lang_of
from socialins.cli.deciding import NOW
from socialins.cli.jsonout import print_json
from socialins.cli.screen import Column, a_list, make_console, print_trimmed, say, table
from socialins.faults import Text

__all__ = ["command"]

_TEXT = Text("查看办理进度、下一步做什么。", "How far it is, and what comes next.")
_STEPS = (
    Column(Text("步骤", "Step")),
    Column(Text("进度", "Stage"), whole=True),
    Column(Text("备注", "Note")),
)
_COUNTS = (
    Column(Text("状态", "State")),
    Column(Text("人数", "People"), number=True),
)
_CONFIRM = Text("{count} 人待确认或勘误", "confirm, or note errors: {count}")
_PHOTOS = Text("{count} 人缺照片", "photographs missing: {count}")
_FEW = Text("集体申领至少 {least} 人", "a group's request takes at least {least} people")
_PHOTOS_BY = Text("照相不迟于 {day}", "photographs by {day}")
_FORMS_BY = Text(
    "收齐申领表和工本费不迟于 {day}，其后提交", "forms and fee by {day}; hand it in after that day"
)
_SUBMIT = Text("可以提交", "can be handed in")
_RECEIPT = Text("等受理回执", "wait for the receipt")
_WAIT = Text("{day} 起可领卡", "cards can be collected from {day}")
_COLLECT = Text("可以领卡", "cards can be collected")
_MADE = Text("等制卡", "wait for the cards")
_HAND_OUT = Text("发放并签收：{count} 人", "hand out against a signature: {count}")
_AGAIN = Text("{count} 人未通过，须重新申请", "rejected, to be applied for anew: {count}")


def _run(*, book: Path, at: datetime | None, overlay: Path | None, as_json: bool) -> None:
    lang = lang_of()
    kept = Kept.read(book, overlay)
    today = (at.astimezone(SHANGHAI) if at else datetime.now(SHANGHAI)).date()
    steps = [text.get(lang).format(**values) for text, values in _next(kept, today)]
    if as_json:
        print_json({**batch_to_plain(kept.batch), "next": steps})
        return
    console = make_console()
    say(console, head_of(kept.batch, kept.region, lang), "bold")
    rows = [
        [one.title.get(lang), one.stage.title(lang), one.note.get(lang) if one.note else ""]
        for one in progress(kept.batch)
    ]
    print_trimmed(console, table(_STEPS, rows, lang))
    counted = Counter(kept.batch.states.values())
    counts = [[state.title(lang), counted[state]] for state in RowState if counted[state]]
    print_trimmed(console, table(_COUNTS, counts, lang))
    a_list(console, steps)


def _next(kept: Kept, today: date) -> list[tuple[Text, dict[str, object]]]:
    """What comes next."""
    batch = kept.batch
    if batch.state is BatchState.OPEN:
        return _before_submitting(kept, today) or [(_SUBMIT, {})]
    counted = Counter(batch.states.values())
    steps: list[tuple[Text, dict[str, object]]] = []
    if batch.state is BatchState.SUBMITTED:
        steps.append((_RECEIPT, {}))
    elif batch.state in {BatchState.RECEIVED, BatchState.MADE}:
        if batch.ready_on is not None:
            text = _COLLECT if today >= batch.ready_on else _WAIT
        else:
            text = _COLLECT if batch.state is BatchState.MADE else _MADE
        steps.append((text, {"day": batch.ready_on}))
    elif batch.state is BatchState.COLLECTED:
        steps.append((_HAND_OUT, {"count": counted[RowState.COLLECTED]}))
    if counted[RowState.REJECTED]:
        steps.append((_AGAIN, {"count": counted[RowState.REJECTED]}))
    return steps


def _before_submitting(kept: Kept, today: date) -> list[tuple[Text, dict[str, object]]]:
    """What keeps a request from being handed in."""
    batch, rules = kept.batch, kept.rules
    if batch.kind is not CardKind.REQUEST:
        return []
    entered = sum(1 for _ in batch.of_state(RowState.ENTERED))
    lacking = sum(1 for row in batch.rows if row not in batch.photos)
    steps: list[tuple[Text, dict[str, object]]] = []
    if rules.confirmed and entered:
        steps.append((_CONFIRM, {"count": entered}))
    if rules.photo and lacking:
        steps.append((_PHOTOS, {"count": lacking}))
    if rules.group_from is not None and len(batch.rows) < rules.group_from:
        steps.append((_FEW, {"least": rules.group_from}))
    if batch.enrolled is not None:
        days = card_days(rules, batch.enrolled)
        if days.photos_by is not None and today <= days.photos_by:
            steps.append((_PHOTOS_BY, {"day": days.photos_by}))
        if days.forms_by is not None and today <= days.forms_by:
            steps.append((_FORMS_BY, {"day": days.forms_by}))
    return steps


command = Command(
    "status",
    text=_TEXT,
    params=[
        BOOK,
        NOW,
        OVERLAY,
        JSON,
    ],
    callback=_run,
)
"""The command."""
