"""What acts lead to: starting, deciding, returning, parallel branches, several actors, holding, ending."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopan.core import flow
from sopan.core.flow import (
    Cancelled,
    Complete,
    Completed,
    Contributed,
    Ended,
    Hold,
    Opened,
    Refusal,
    Resume,
    SendBack,
    Start,
    State,
    Withdraw,
    decide,
    play,
)
from sopan.core.model import Actor, Exit, Identity, Outcome, Participation, Procedure, Step

from .random_procedures import ACTORS, procedures


def step(no: int, *to: object, actors: tuple[str, ...] = ("a",), join: bool = False, **more: object) -> Step:
    """A step whose exits are "ya" to the first target and "tidak" to the second; a tuple is a parallel split."""
    exits = []
    for answer, target in zip(("ya", "tidak"), to, strict=False):
        if isinstance(target, Outcome):
            exits.append(Exit(answer, end=target))
        else:
            exits.append(Exit(answer, to=tuple(map(str, target if isinstance(target, tuple) else (target,)))))
    return Step(str(no), str(no), no, f"Kegiatan {no}", actors, tuple(exits), join=join, **more)  # type: ignore[arg-type]


def proc(*steps: Step) -> Procedure:
    return Procedure("p", Identity("SOP 1", "Contoh"), tuple(Actor(a, a) for a in ACTORS), steps)


def run(procedure: Procedure, *commands: flow.Command) -> State:
    state = State()
    for command in commands:
        events = decide(procedure, state, command)
        assert not isinstance(events, Refusal), (command, events)
        state = play(state, events)
    return state


LINE = proc(step(1, 2), step(2, 3, 1), step(3, Outcome.FINISHED))


def test_a_case_starts_at_its_first_step_and_ends_after_its_last():
    state = run(LINE, Start(), Complete("1", "a"), Complete("2", "a", "ya"), Complete("3", "a"))
    assert state.outcome is Outcome.FINISHED
    assert not state.open


def test_a_decision_leads_back_and_the_step_opens_a_second_time():
    state = run(LINE, Start(), Complete("1", "a"), Complete("2", "a", "tidak"))
    assert state.open["1"].visit == 2
    assert list(state.open) == ["1"]


def test_an_answer_that_no_exit_has_is_refused():
    state = run(LINE, Start(), Complete("1", "a"))
    assert decide(LINE, state, Complete("2", "a", "mungkin")) == Refusal("unknown-answer")
    assert decide(LINE, state, Complete("2", "a")) == Refusal("unknown-answer")


def test_what_is_not_open_cannot_be_completed():
    state = run(LINE, Start())
    assert decide(LINE, state, Complete("2", "a", "ya")) == Refusal("not-open")
    assert decide(LINE, state, Complete("99", "a", "ya")) == Refusal("not-open")
    assert decide(LINE, state, Complete("1", "b")) == Refusal("not-your-step")


def test_a_named_entry_begins_in_the_middle():
    entered = proc(step(1, 2), step(2, 3, entry="order"), step(3, Outcome.FINISHED))
    assert list(run(entered, Start("order")).open) == ["2"]
    assert decide(entered, State(), Start("elsewhere")) == Refusal("unknown-entry")


PARALLEL = proc(step(1, (2, 3)), step(2, 4), step(3, 4, 1), step(4, 5, 2, join=True), step(5, Outcome.FINISHED))


def test_a_join_waits_for_all_branches():
    state = run(PARALLEL, Start(), Complete("1", "a"))
    assert set(state.open) == {"2", "3"}
    state = play(state, decide(PARALLEL, state, Complete("2", "a")))
    assert (set(state.open), state.waiting) == ({"3"}, ("4",))
    state = play(state, decide(PARALLEL, state, Complete("3", "a", "ya")))
    assert (set(state.open), state.waiting) == ({"4"}, ())


def test_a_return_before_the_split_takes_the_other_branch_back_too():
    state = run(PARALLEL, Start(), Complete("1", "a"))
    events = decide(PARALLEL, state, Complete("3", "a", "tidak"))
    assert events == [Completed("3", "a", "tidak"), Cancelled("2"), Opened("1", 2)]


def test_a_return_into_one_branch_does_not_ask_for_the_other_again():
    state = run(PARALLEL, Start(), Complete("1", "a"), Complete("2", "a"), Complete("3", "a", "ya"))
    state = play(state, decide(PARALLEL, state, Complete("4", "a", "tidak")))
    assert set(state.open) == {"2"}
    state = play(state, decide(PARALLEL, state, Complete("2", "a")))
    assert set(state.open) == {"4"}


def test_sending_back_reopens_what_was_done_and_nothing_else():
    state = run(LINE, Start(), Complete("1", "a"), Complete("2", "a", "ya"))
    assert decide(LINE, state, SendBack("3", "1")) == [Cancelled("3"), Opened("1", 2)]
    assert decide(LINE, run(LINE, Start()), SendBack("1", "3")) == Refusal("not-done-before")
    entered = proc(step(1, 2), step(2, 3, entry="x"), step(3, Outcome.FINISHED))
    assert decide(entered, run(entered, Start("x")), SendBack("2", "1")) == Refusal("not-done-before")


def test_all_actors_must_act_and_the_responsible_one_decides():
    both = proc(
        step(1, 2, Outcome.REJECTED, actors=("a", "b"), participation=Participation.ALL), step(2, Outcome.FINISHED)
    )
    started = run(both, Start())
    assert decide(both, started, Complete("1", "a", "ya")) == [Contributed("1", "a", "ya")]
    half = play(started, [Contributed("1", "a", "ya")])
    assert decide(both, half, Complete("1", "a", "ya")) == Refusal("already-acted")
    assert decide(both, half, Complete("1", "b")) == [Completed("1", "b", "ya"), Opened("2", 1)]
    other_first = play(started, [Contributed("1", "b")])
    assert decide(both, other_first, Complete("1", "a", "tidak")) == [
        Completed("1", "a", "tidak"),
        Ended(Outcome.REJECTED),
    ]


def test_any_of_several_actors_is_enough():
    anyone = proc(step(1, 2, actors=("a", "b")), step(2, Outcome.FINISHED))
    assert decide(anyone, run(anyone, Start()), Complete("1", "b")) == [Completed("1", "b", ""), Opened("2", 1)]


def test_a_held_case_refuses_everything_but_going_on_and_withdrawing():
    state = run(LINE, Start(), Hold())
    assert decide(LINE, state, Complete("1", "a")) == Refusal("held")
    assert decide(LINE, state, Hold()) == Refusal("held")
    assert decide(LINE, state, Resume()) == [flow.Resumed()]
    assert decide(LINE, state, Withdraw()) == [Cancelled("1"), Ended(Outcome.WITHDRAWN)]


def test_rejection_on_one_branch_ends_the_whole_case():
    split = proc(step(1, (2, 3)), step(2, 4, Outcome.REJECTED), step(3, 4), step(4, Outcome.FINISHED, join=True))
    state = run(split, Start(), Complete("1", "a"))
    assert decide(split, state, Complete("2", "a", "tidak")) == [
        Completed("2", "a", "tidak"),
        Cancelled("3"),
        Ended(Outcome.REJECTED),
    ]


def test_an_ended_case_refuses_every_command():
    state = run(LINE, Start(), Withdraw())
    for command in (Complete("1", "a"), Hold(), Resume(), Withdraw(), SendBack("1", "1")):
        assert decide(LINE, state, command) == Refusal("ended")
    assert decide(LINE, state, Start()) == Refusal("already-started")


def test_opening_an_open_step_is_a_broken_promise():
    state = run(LINE, Start())
    with pytest.raises(ValueError, match="open already"):
        flow.evolve(state, Opened("1", 2))


# Properties -----------------------------------------------------------------------------------------------------------

STEPS = st.integers(1, 11).map(str)
WORDS = st.sampled_from(["ya", "tidak0", "tidak1", "", "apa?"])
COMMANDS = st.one_of(
    st.builds(Start, st.sampled_from(["", "x"])),
    st.builds(Complete, STEPS, st.sampled_from(ACTORS), WORDS),
    st.builds(Complete, STEPS, st.sampled_from(ACTORS), st.just("ya")),
    st.builds(SendBack, STEPS, STEPS),
    st.sampled_from([Hold(), Resume(), Resume()]),
)


@settings(max_examples=400, deadline=None)
@given(procedures(), st.lists(COMMANDS, max_size=40))
def test_every_command_on_every_state_gives_events_or_a_refusal_and_replay_gives_the_same_state(procedure, commands):
    state, events = State(), []
    for command in [Start(), *commands]:
        led_to = decide(procedure, state, command)
        if isinstance(led_to, Refusal):
            continue
        assert led_to
        events += led_to
        state = play(state, led_to)  # raises if a step opens twice
        assert state.outcome is None or not state.open and not state.waiting
        assert state.outcome is not None or state.open, "stuck: neither open nor ended"
        assert State.from_data(state.to_data()) == state
    assert play(State(), [flow.event_from_data(flow.event_to_data(event)) for event in events]) == state


@settings(max_examples=200, deadline=None)
@given(procedures(), st.lists(COMMANDS, max_size=25))
def test_from_every_state_the_way_forward_leads_to_the_end(procedure, commands):
    state = State()
    for command in [Start(), *commands, Resume()]:
        led_to = decide(procedure, state, command)
        state = state if isinstance(led_to, Refusal) else play(state, led_to)
    for _ in range(200):
        if state.outcome is not None:
            return
        key, here = next(iter(state.open.items()))
        actor = next(a for a in procedure.by_id[key].actors if a not in here.acted)
        led_to = decide(procedure, state, Complete(key, actor, procedure.by_id[key].exits[0].answer))
        assert not isinstance(led_to, Refusal)
        state = play(state, led_to)
    raise AssertionError("no end after 200 acts")
