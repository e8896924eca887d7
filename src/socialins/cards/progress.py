"""Progress (办理进度): the steps of a batch, what is done and what is in hand."""

from __future__ import annotations

import attrs

from socialins.cards.batch import Batch
from socialins.cards.codes import BatchState, RowState, Stage
from socialins.faults import Text

__all__ = ["Step", "progress"]

_STEPS: tuple[tuple[str, Text, tuple[BatchState, ...]], ...] = (
    ("collect-data", Text("采集、确认信息", "data collected and confirmed"), (BatchState.OPEN,)),
    ("accept", Text("提交、受理", "handed in and accepted"), (BatchState.SUBMITTED,)),
    ("make", Text("制卡", "made"), (BatchState.RECEIVED,)),
    ("fetch", Text("单位领卡", "collected by the unit"), (BatchState.MADE,)),
    ("hand-out", Text("发放、签名", "handed out and signed for"), (BatchState.COLLECTED,)),
)
_ORDER = [
    BatchState.OPEN,
    BatchState.SUBMITTED,
    BatchState.RECEIVED,
    BatchState.MADE,
    BatchState.COLLECTED,
    BatchState.DONE,
]


@attrs.frozen
class Step:
    """A step of a batch.

    Arguments:
        id: its id.
        title: what happens in it.
        stage: how far it is.
        note: what is known of it: a day, how many cards.
    """

    id: str
    title: Text
    stage: Stage
    note: Text | None = None


def progress(batch: Batch) -> tuple[Step, ...]:
    """The steps of a batch with how far each is; a batch that ended otherwise shows where it ended.

    Arguments:
        batch: the batch.
    """
    if batch.state in {BatchState.REJECTED, BatchState.WITHDRAWN}:
        ended = Step(batch.state.value, batch.state.text, Stage.DONE)
        return (Step(_STEPS[0][0], _STEPS[0][1], Stage.DONE), ended)
    reached = _ORDER.index(batch.state)
    made = []
    for place, (id_, title, _) in enumerate(_STEPS):
        stage = Stage.DONE if place < reached else Stage.WAITING
        if place == reached:
            stage = Stage.IN_HAND
        made.append(Step(id_, title, stage, _note(batch, id_)))
    return tuple(made)


def _note(batch: Batch, step: str) -> Text | None:
    if step == "make" and batch.ready_on is not None:
        day = batch.ready_on.isoformat()
        return Text(f"回执注明 {day} 起可领", f"by the receipt ready from {day}")
    if step == "fetch" and batch.rejected:
        count = len(batch.rejected)
        return Text(f"{count} 人未通过", f"{count} rejected")
    if step == "hand-out":
        done = sum(state is RowState.HANDED_OUT for state in batch.states.values())
        if done:
            return Text(f"已发 {done} 人", f"{done} handed out")
    return None
