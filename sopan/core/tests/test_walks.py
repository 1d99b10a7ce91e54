"""Proposed walks: what the flow really does, and nothing left out."""

from __future__ import annotations

from hypothesis import given, settings

from sopan.core import flow
from sopan.core.flow import Complete, Refusal, State
from sopan.core.load import load
from sopan.core.model import Outcome, Procedure
from sopan.core.tests.random_procedures import procedures
from sopan.core.walks import Walk, as_file, never_taken, propose
from sopan.core.yamlfile import read_data

LENDING = """
format: 1
identity: {number: "1", name: Peminjaman}
actors: {a: {name: A}, b: {name: B}, c: {name: C}}
steps:
  - {no: 1, actor: a, activity: Mengajukan}
  - {no: 2, actor: b, activity: Memeriksa, kind: decision, exits: {ya: {to: [3, 4]}, tidak: {to: 1}, tolak: {end: rejected}}}
  - {no: 3, actors: [a, b], participation: all, activity: Menyiapkan, next: 5}
  - {no: 4, actor: c, activity: Menandatangani, next: 5}
  - {no: 5, actor: a, join: true, activity: Menyerahkan, end: finished}
"""


def lending() -> Procedure:
    found = load(LENDING, file="peminjaman.yaml")
    assert isinstance(found, Procedure), found
    return found


def replayed(procedure: Procedure, walk: Walk) -> State:
    """The state after the acts of a walk; what is open is compared after each."""
    commands = [flow.Start(walk.entry), *(Complete(act.step, act.actor, act.answer) for act in walk.acts)]
    state = State()
    for command, opens in zip(commands, [walk.opens, *(act.opens for act in walk.acts)], strict=True):
        events = flow.decide(procedure, state, command)
        assert not isinstance(events, Refusal)
        state = flow.play(state, events)
        assert tuple(state.open) == opens
    return state


def test_every_way_out_and_every_end_is_taken() -> None:
    walks = propose(lending())
    assert {(act.step, act.answer) for walk in walks for act in walk.acts} == {
        ("1", ""),
        ("2", "ya"),
        ("2", "tidak"),
        ("2", "tolak"),
        ("3", ""),
        ("4", ""),
        ("5", ""),
    }
    assert {walk.end for walk in walks} == {Outcome.FINISHED, Outcome.REJECTED}


def test_where_all_must_act_all_do() -> None:
    walk = propose(lending())[0]
    assert [act.actor for act in walk.acts if act.step == "3"] == ["b", "a"]


def test_the_file_says_the_same() -> None:
    walks = propose(lending())
    told = read_data(as_file(lending(), walks, now="2026-11-12T08:00+07:00"), file="walks")
    assert [
        [(str(act["step"]), act.get("answer", ""), tuple(map(str, act["opens"]))) for act in one["acts"]]
        for one in told
    ] == [[(act.step, act.answer, act.opens) for act in walk.acts] for walk in walks]
    assert [one["end"] for one in told] == [str(walk.end) for walk in walks]


def test_a_step_that_nothing_leads_to_is_named() -> None:
    text = LENDING.replace("activity: Mengajukan}", "activity: Mengajukan, end: finished}")
    found = load(text, file="peminjaman.yaml")
    assert isinstance(found, Procedure)
    assert {step for step, _ in never_taken(found)} == {"2", "3", "4", "5"}


@settings(max_examples=60, deadline=None)
@given(procedure=procedures())
def test_walks_of_any_procedure_are_what_its_flow_does(procedure: Procedure) -> None:
    for walk in propose(procedure):
        assert replayed(procedure, walk).outcome == walk.end
        assert walk.end is not None
