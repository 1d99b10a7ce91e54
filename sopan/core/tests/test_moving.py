"""Wherever a case stands, a move that is possible leads to a state from which it can go on; to itself it changes nothing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from sopan.core.flow import Complete, Refusal, Start, State, decide, play
from sopan.core.model import Procedure, Step
from sopan.core.moving import moved, plan, renamed

from .random_procedures import procedures


def walked(procedure: Procedure, data: st.DataObject) -> State:
    """A state after a few acts."""
    events = decide(procedure, State(), Start())
    assert not isinstance(events, Refusal)
    state = play(State(), events)
    for _ in range(data.draw(st.integers(0, 8))):
        if state.outcome is not None:
            break
        state = acted(procedure, state, data)
    return state


def acted(procedure: Procedure, state: State, data: st.DataObject) -> State:
    """The state after somebody who still can has finished one of the open steps."""
    step = procedure.by_id[data.draw(st.sampled_from(sorted(state.open)))]
    actor = next(one for one in step.actors if one not in state.open[step.id].acted)
    way = data.draw(st.sampled_from(step.exits))
    events = decide(procedure, state, Complete(step.id, actor, way.answer))
    assert not isinstance(events, Refusal), events
    return play(state, events)


def with_a_row_before(procedure: Procedure) -> Procedure:
    """The same with a first row more: every number and every goal is one higher."""

    def shifted(step: Step) -> Step:
        ways = tuple(replace(way, to=tuple(str(int(to) + 1) for to in way.to)) for way in step.exits)
        number = str(step.sequence + 1)
        return replace(step, id=number, no=number, sequence=step.sequence + 1, exits=ways)

    first = procedure.steps[0]
    opening = replace(
        first, activity="Membuka loket", join=False, exits=(replace(first.exits[0], to=("2",), end=None),)
    )
    return replace(procedure, steps=(opening, *map(shifted, procedure.steps)))


@given(procedures(), st.data())
def test_to_the_same_procedure_nothing_changes(procedure: Procedure, data: st.DataObject) -> None:
    state = walked(procedure, data)
    found = plan(procedure, procedure, state)
    assert found.possible
    assert moved(state, found.mapping) == state


@given(procedures(), st.data())
def test_after_a_row_was_added_before_it_the_case_stands_at_the_same_rows(
    procedure: Procedure, data: st.DataObject
) -> None:
    state = walked(procedure, data)
    new = with_a_row_before(procedure)
    found = plan(procedure, new, state)
    assert found.possible
    after = moved(state, found.mapping)
    assert {new.by_id[step].activity for step in after.open} == {procedure.by_id[step].activity for step in state.open}
    assert sorted(after.visits.values()) == sorted(state.visits.values())


@given(procedures(), procedures(), st.data())
def test_a_move_that_is_possible_leads_where_the_case_goes_on(
    old: Procedure, new: Procedure, data: st.DataObject
) -> None:
    state = walked(old, data)
    found = plan(old, new, state)
    assume(found.possible and state.outcome is None)
    after = moved(state, found.mapping)
    assert set(after.open) | set(after.waiting) <= set(new.by_id)
    for _ in range(5):
        if after.outcome is not None:
            break
        after = acted(new, after, data)


@given(procedures(), procedures(), st.data())
def test_no_two_rows_are_called_the_same_after_a_move(old: Procedure, new: Procedure, data: st.DataObject) -> None:
    mapping = plan(old, new, walked(old, data)).mapping
    names = [renamed(step.id, mapping, 1) for step in old.steps]
    assert len(set(names)) == len(names)
    again = [renamed(name, {}, 2) for name in names]
    assert len(set(again)) == len(again)
