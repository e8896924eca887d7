"""Batches as states: what happened can be told again, and a command sent twice happens once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import attrs
from hypothesis import given, settings, strategies as st

import socialins as si
from socialins.cards import (
    EMPTY,
    AddPhotos,
    BatchState,
    CardRow,
    Collect,
    Confirm,
    HandOut,
    NoteErrors,
    OpenBatch,
    Photo,
    RecordReceipt,
    RecordResult,
    RowState,
    Submit,
    Withdraw,
    decide,
    event_from_plain,
    event_to_plain,
    evolve,
    fold,
    progress,
)
from socialins.rules.card import CardRules
from socialins.testing.middle import middle
from socialins.testing.roundtrip import example_person

People = Callable[[int], list[si.InsuredPerson]]
Opened = Callable[..., Any]


def test_a_command_sent_again_happens_once(people: People, desk: Opened) -> None:
    made = desk(CardRules())
    rows = [CardRow(row="1", person=people(1)[0])]
    opened = {"batch": "B1", "division": "990100", "kind": "request", "rows": rows, "key": "k"}
    assert len(made(OpenBatch, **opened).events) == 1
    again = made(OpenBatch, **opened)
    assert not again.events
    assert not again.faults
    opened["batch"] = "B2"
    assert made.refused(OpenBatch, **opened) == {"command.key-reused"}
    opened["key"] = ""
    assert made.refused(OpenBatch, **opened) == {"cards.already-open"}
    assert desk(CardRules()).refused(Submit) == {"cards.not-opened"}


def test_nobody_is_entered_twice_and_no_row_either(people: People, desk: Opened) -> None:
    one, two = people(2)
    rows = [
        CardRow(row="1", person=one),
        CardRow(row="1", person=one),
        CardRow(row="2", person=two),
    ]
    asked = {"batch": "B1", "division": "990100", "kind": "request"}
    found = desk(CardRules()).refused(OpenBatch, rows=rows, **asked)
    assert found == {"cards.row-twice", "cards.person-twice"}
    assert desk(CardRules()).refused(OpenBatch, rows=[], **asked) == {"cards.empty"}


def test_two_photographs_never_have_one_name(people: People, desk: Opened) -> None:
    made = desk(CardRules()).open(people(3))
    made.done(AddPhotos, photos=[Photo(row="0", name="a.jpg")])
    assert made.refused(AddPhotos, photos=[Photo(row="1", name="A.JPG")]) == {"cards.photo-twice"}
    twice = [Photo(row="1", name="b.jpg"), Photo(row="1", name="c.jpg")]
    assert made.refused(AddPhotos, photos=twice) == {"cards.photo-twice"}
    assert made.refused(AddPhotos, photos=[Photo(row="9", name="d.jpg")]) == {"cards.no-such-row"}
    made.done(AddPhotos, photos=[Photo(row="0", name="b.jpg")])
    made.done(AddPhotos, photos=[Photo(row="1", name="a.jpg")])
    assert {row: one.name for row, one in made.batch.photos.items()} == {"0": "b.jpg", "1": "a.jpg"}


COMMANDS: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (Confirm, {}),
    (Confirm, {"rows": ["1"]}),
    (NoteErrors, {"errors": {"0": {"name": "更正"}}}),
    (AddPhotos, {"photos": [Photo(row=str(n), name=f"{n}.jpg") for n in range(3)]}),
    (Submit, {}),
    (RecordReceipt, {"number": "R"}),
    (RecordReceipt, {"number": "R", "ready_on": date(2026, 12, 3)}),
    (RecordResult, {}),
    (RecordResult, {"rejected": {"1": "x"}}),
    (RecordResult, {"rejected": {str(n): "x" for n in range(3)}}),
    (Collect, {}),
    (HandOut, {"rows": ["0", "2"]}),
    (HandOut, {"rows": ["1"]}),
    (Withdraw, {}),
)


@settings(max_examples=150, deadline=None)
@given(plan=st.lists(st.integers(0, len(COMMANDS) - 1), max_size=14), strict=st.booleans())
def test_any_course_of_things_can_be_told_again_and_makes_sense(
    desk: Opened, plan: list[int], *, strict: bool
) -> None:
    rules = middle().cards if strict else CardRules()
    assert rules is not None
    made = desk(rules, "2026-12-02 10:00").open([example_person(n) for n in range(3)])
    for index in plan:
        command, said = COMMANDS[index]
        before = made.batch
        if made(command, **said).refused:
            assert made.batch == before
        after = made.batch
        states = set(after.states.values())
        if after.state is BatchState.DONE:
            assert states <= {RowState.HANDED_OUT, RowState.REJECTED}
        if after.state is BatchState.REJECTED:
            assert states == {RowState.REJECTED}
        if rules.confirmed and after.state not in {BatchState.OPEN, BatchState.WITHDRAWN}:
            assert RowState.ENTERED not in states
            assert set(after.photos) == set(after.rows)
        assert sum(step.stage.value == "in-hand" for step in progress(after)) <= 1
    step_by_step = EMPTY
    for event in made.history:
        step_by_step = evolve(step_by_step, event)
    assert step_by_step == made.batch
    told = [json.loads(json.dumps(event_to_plain(event))) for event in made.history]
    assert fold(map(event_from_plain, told)) == made.batch
    assert made.batch.version == len(made.history)


def test_a_state_is_not_changed_by_what_follows_it(people: People, desk: Opened) -> None:
    made = desk(CardRules()).open(people(2))
    before = made.batch
    copy = attrs.asdict(before, recurse=False)
    kept = {name: dict(value) if isinstance(value, dict) else value for name, value in copy.items()}
    made.done(Confirm)
    made.done(AddPhotos, photos=[Photo(row="0", name="a.jpg")])
    assert {name: getattr(before, name) for name in kept} == kept


def test_deciding_is_pure(people: People, desk: Opened) -> None:
    made = desk(CardRules()).open(people(1))
    command = Submit(at=made.now, key="s")
    assert decide(made.batch, command, made.rules) == decide(made.batch, command, made.rules)
