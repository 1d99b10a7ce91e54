"""Each rule finds what it is for, and leaves a sound procedure alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sopan.core.check import CHECKS, check, check_text
from sopan.core.model import Actor, Exit, Identity, Outcome, Problem, Procedure, Separation, Step, StepKind

SOUND = """\
format: 1
identity: {number: SOP 1, name: Contoh}
actors:
  pelanggan: {name: PELANGGAN, kind: customer}
  staf: {name: STAF}
  kepala: {name: KEPALA}
steps:
  - {no: 1, actor: pelanggan, kind: start, activity: Mohon, time: 5 Menit}
  - {no: 2, actor: staf, activity: Bagi, time: 5 Menit, next: [3, 4]}
  - {no: 3, actor: staf, activity: Kiri, time: 5 Menit, next: 5, work: orders.issue_bill}
  - {no: 4, actor: kepala, activity: Kanan, time: 5 Menit, next: 5}
  - {no: 5, actor: staf, activity: Gabung, time: 5 Menit, join: true}
  - no: 6
    actor: kepala
    activity: Putuskan
    time: 5 Menit
    kind: decision
    exits: {ya: {label: Ya, to: 7}, tidak: {label: Tidak, to: 5, reason: true}}
    separation: [{not_same_as: [5]}]
  - {no: 7, actor: pelanggan, kind: end, activity: Terima, time: 5 Menit}
"""


def found(
    text: str, *, works: tuple[str, ...] | None = None, decisions: tuple[str, ...] | None = None
) -> list[Problem]:
    procedure, problems = check_text(text, file="f.yaml", works=works, decisions=decisions)
    assert procedure is not None, [str(problem) for problem in problems]
    return problems


def test_a_sound_procedure_has_no_problem() -> None:
    assert found(SOUND, works=("orders.issue_bill",), decisions=()) == []


# name of the rule: (text to replace, by what, line, error)
BREAKS = {
    "unknown_actors": ("no: 3, actor: staf", "no: 3, actor: staff", 10, True),
    "unknown_targets": ("Kiri, time: 5 Menit, next: 5", "Kiri, time: 5 Menit, next: 55", 10, True),
    "unreachable_steps": ("next: [3, 4]", "next: 3", 11, True),
    "labelled_exits": ("{label: Ya, to: 7}", "{to: 7}", 13, True),
    "repeated_exits": ("label: Tidak", "label: Ya", 13, True),
    "repeated_targets": ("next: [3, 4]", "next: [3, 4, 3]", 9, True),
    "endless_cycles": ("kind: end, activity: Terima", "activity: Terima, next: 7", 20, True),
    "lonely_joins": ("Kanan, time: 5 Menit, next: 5", "Kanan, time: 5 Menit, join: true", 11, True),
    "separated_steps": ("not_same_as: [5]", "not_same_as: [9]", 13, True),
    "repeated_numbers": ("no: 4,", "no: 3, id: 4,", 11, False),
    "skipped_numbers": ("no: 7,", "no: 9,", 20, False),
    "missing_times": ("Kanan, time: 5 Menit", "Kanan", 11, False),
    "one_start_one_end": ("kind: start, ", "", 1, False),
    "meeting_branches": (", join: true", "", 9, False),
}


@pytest.mark.parametrize("rule", BREAKS)
def test_the_rule_finds_it_with_its_line(rule: str) -> None:
    old, new, line, error = BREAKS[rule]
    assert old in SOUND
    told = {(problem.rule, problem.line, problem.error) for problem in found(SOUND.replace(old, new, 1))}
    assert (rule, line, error) in told


def test_an_unknown_work_or_decision_is_an_error_only_where_they_are_known() -> None:
    text = SOUND.replace("to: 5, reason: true", "end: rejected").replace(
        "kind: decision", "kind: decision\n    decision: a.b"
    )
    assert found(text) == []
    assert [(problem.rule, problem.line) for problem in found(text, works=(), decisions=())] == [
        ("unbound_works", 10),
        ("unbound_decisions", 13),
    ]


def test_a_step_behind_which_nothing_comes() -> None:
    (problem,) = found(SOUND.replace("kind: end, ", "").replace("Terima, time", "Terima, end: finished, time"))
    assert problem.rule == "one_start_one_end"
    assert {problem.rule for problem in found(SOUND.replace("kind: end, ", ""))} == {"dead_ends", "one_start_one_end"}


def test_steps_from_which_no_end_can_be_reached() -> None:
    text = SOUND.replace("ya: {label: Ya, to: 7}", "ya: {label: Ya, to: 6}")
    told = {(problem.rule, problem.line) for problem in found(text)}
    assert {("dead_ends", line) for line in (8, 9, 10, 11, 12, 13)} | {("unreachable_steps", 20)} <= told


def test_a_decision_with_one_exit() -> None:
    (problem,) = found(SOUND.replace(", tidak: {label: Tidak, to: 5, reason: true}", ""))
    assert problem.what == "The decision 6 has fewer than two exits."


def test_several_answers_make_a_decision() -> None:
    (problem,) = found(SOUND.replace("    kind: decision\n", ""))
    assert problem.what == "Step 6 has several answers but is no decision."


def test_a_named_decision_needs_no_labels_but_does_not_end_a_cycle() -> None:
    text = SOUND.replace("kind: decision", "kind: decision\n    decision: orders.big_enough").replace("label: Ya, ", "")
    assert [(problem.rule, problem.line) for problem in found(text)] == [("endless_cycles", 12), ("endless_cycles", 13)]
    assert found(text.replace("to: 5, reason: true", "end: rejected")) == []


def test_the_same_actor_drafts_and_validates() -> None:
    text = SOUND.replace("actor: kepala\n", "actor: staf\n")
    assert found(text) == [], "another person is asked for"
    (problem,) = found(text.replace("    separation: [{not_same_as: [5]}]\n", ""))
    assert (problem.rule, problem.error) == ("drafts_and_validates", False)
    customer = text.replace("    separation: [{not_same_as: [5]}]\n", "").replace(
        "staf: {name: STAF}", "staf: {name: S, kind: customer}"
    )
    assert found(customer) == [], "a customer may look at what he wrote"


def test_a_step_cannot_be_separated_from_itself() -> None:
    (problem,) = found(SOUND.replace("not_same_as: [5]", "not_same_as: [5, 6]"))
    assert problem.what == "The separation rule of step 6 names the step itself."


def test_an_entry_name_is_given_once() -> None:
    text = SOUND.replace("activity: Mohon", "activity: Mohon, entry: a").replace(
        "activity: Bagi", "activity: Bagi, entry: a"
    )
    assert [problem.what for problem in found(text)] == ["The entry 'a' is given twice."]


def test_a_choice_needs_choices() -> None:
    text = SOUND.replace("activity: Mohon", "activity: Mohon, fields: [{id: a, label: A, kind: choice, choices: [x]}]")
    assert [problem.rule for problem in found(text)] == ["field_choices"]


def test_an_entry_makes_a_step_reachable() -> None:
    text = SOUND.replace("next: [3, 4]", "next: 3").replace("activity: Kanan", "activity: Kanan, entry: kanan")
    assert found(text) == []


def test_all_problems_are_told_in_the_order_of_the_lines() -> None:
    text = SOUND.replace("no: 3, actor: staf", "no: 3, actor: staff").replace(
        "{label: Ya, to: 7}", "{label: Ya, to: 77}"
    )
    assert [(problem.line, problem.rule) for problem in found(text)] == [
        (10, "unknown_actors"),
        (13, "unknown_targets"),
        (20, "unreachable_steps"),
    ]


IDS = st.sampled_from(["1", "2", "3", "4", "x"])
EXITS = st.builds(
    Exit,
    st.sampled_from(["", "ya", "tidak"]),
    st.sampled_from(["", "Ya"]),
    st.lists(IDS, max_size=3).map(tuple),
    st.none() | st.sampled_from(Outcome),
)
STEPS = st.builds(
    Step,
    id=IDS,
    no=st.sampled_from(["", "1", "2", "4", "a", "²"]),
    sequence=st.integers(1, 5),
    activity=st.just("x"),
    actors=st.lists(st.sampled_from(["a", "b"]), max_size=2).map(tuple),
    exits=st.lists(EXITS, max_size=3).map(tuple),
    kind=st.sampled_from(StepKind),
    join=st.booleans(),
    entry=st.sampled_from(["", "", "e"]),
    separation=st.lists(st.builds(Separation, st.lists(IDS, max_size=2).map(tuple)), max_size=2).map(tuple),
    work=st.sampled_from(["", "a.b"]),
    decision=st.sampled_from(["", "a.b"]),
)


@given(st.lists(STEPS, min_size=1, max_size=6).map(tuple))
@settings(max_examples=120, deadline=None)
def test_any_procedure_can_be_checked(steps: tuple[Step, ...]) -> None:
    procedure = Procedure("p", Identity("1", "x"), (Actor("a", "A"),), steps)
    rules = {rule.__name__ for rule in CHECKS}
    assert {problem.rule for problem in check(procedure, works=(), decisions=())} <= rules
