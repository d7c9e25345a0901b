"""The life of an interview, walked in full: there are few enough stages to try every path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from uuid import UUID

import pytest

from archive.consent import Terms
from archive.errors import IllegalMove
from archive.interview import MOVES, Event, Interview, Stage, advance

START = Stage.RECEIVED
GATES = (Event.APPROVE, Event.MASK, Event.VERIFY, Event.RELEASE)


def _interview(stage: Stage) -> Interview:
    return Interview(
        id=UUID(int=1),
        accession="2026-0042",
        stage=stage,
        owner=UUID(int=2),
        day=date(2026, 11, 24),
        terms=Terms(),
        title="Каноничевский",
        version=7,
    )


def _next(stage: Stage) -> Iterator[tuple[Event, Stage]]:
    for event in Event:
        try:
            yield event, advance(_interview(stage), event).stage
        except IllegalMove:
            continue


def _reachable(without: Event | None = None) -> set[Stage]:
    seen, left = {START}, [START]
    while left:
        for event, stage in _next(left.pop()):
            if event is not without and stage not in seen:
                seen.add(stage)
                left.append(stage)
    return seen


def _ways_to_release() -> Iterator[tuple[Event, ...]]:
    """Every way from the start, or from a second review, to RELEASED, as the events since a person last reviewed."""
    seen: set[tuple[Stage, tuple[Event, ...]]] = set()
    left: list[tuple[Stage, tuple[Event, ...]]] = [(START, ())]
    while left:
        stage, trail = left.pop()
        if stage is Stage.RELEASED:
            yield trail
        for event, after in _next(stage):
            node = (after, () if after is Stage.IN_REVIEW else (*trail, event))
            assert len(node[1]) < 20, "a circle that never comes back to a person"
            if node not in seen:
                seen.add(node)
                left.append(node)


def test_nothing_is_released_but_through_every_gate_in_order() -> None:
    """Approved, masked, verified, then released, since a person last looked: on every path, also after a reopening."""
    assert set(_ways_to_release()) == {GATES}


@pytest.mark.parametrize("gate", GATES)
def test_no_gate_has_a_way_around_it(gate: Event) -> None:
    """Were one event never to happen, nothing would ever be released."""
    assert Stage.RELEASED not in _reachable(without=gate)


def test_every_stage_can_be_reached_and_every_event_is_used() -> None:
    """No dead stage and no dead event in the table."""
    assert _reachable() == set(Stage)
    assert {event for _, event in MOVES} == set(Event)


def test_withdrawal_is_open_from_everywhere_and_ends_everything() -> None:
    """A narrator can leave at any stage, and nothing brings a withdrawn interview back."""
    for stage in Stage:
        moves = dict(_next(stage))
        if stage is Stage.WITHDRAWN:
            assert moves == {}
        else:
            assert moves[Event.WITHDRAW] is Stage.WITHDRAWN
            assert [event for event, after in moves.items() if after is Stage.WITHDRAWN] == [Event.WITHDRAW]


def test_going_back_leads_to_a_person() -> None:
    """Sent back or reopened, an interview is in review: never at a stage where the machine alone decides."""
    for (_, event), after in MOVES.items():
        if event in {Event.SEND_BACK, Event.REOPEN}:
            assert after is Stage.IN_REVIEW


def test_all_other_moves_are_refused() -> None:
    """8 stages x 9 events: 17 moves, counted by hand, and 55 refusals that tell no title."""
    refused = 0
    for stage in Stage:
        for event in Event:
            if (stage, event) not in MOVES:
                with pytest.raises(IllegalMove) as caught:
                    advance(_interview(stage), event)
                assert "Канон" not in f"{caught.value!r} {caught.value.told()}"
                refused += 1
    assert (len(MOVES), refused) == (17, 55)


def test_a_move_changes_the_stage_alone() -> None:
    """Everything else about an interview is as it was."""
    for stage, event in MOVES:
        before = _interview(stage)
        after = advance(before, event)
        assert [f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)] == ["stage"]
