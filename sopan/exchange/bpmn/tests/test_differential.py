"""SpiffWorkflow executes what is exported: after every act the same steps are open as in ``core.flow``.

Where the standard cannot say what a procedure means, ``limits`` names the act, and the file that is exported says so.
That is tried too: before such an act SpiffWorkflow and the flow never part. No shipped procedure has one.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from sopan.core.model import Procedure
from sopan.exchange.bpmn.graph import NodeKind
from sopan.exchange.bpmn.limits import process

from .engine import Engine, agreed, parted, paths
from .files import (
    BLOCK,
    END,
    FILES,
    MEETING,
    NAMES,
    RETURN_INTO_A_BRANCH,
    RETURN_OVER_THE_SPLIT,
    blocks,
    procedure,
    procedure_at,
    random_sound,
    step,
)

RANDOM = settings(
    phases=[__import__("hypothesis").Phase.generate],
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_procedure_runs_the_same_in_spiffworkflow_along_200_random_paths(path: Path) -> None:
    procedure = procedure_at(path)
    engine = Engine(procedure)
    assert engine.named == set()
    for walk in paths(procedure, count=200, longest=40):
        assert parted(engine, walk) == len(walk.acts), walk


@settings(RANDOM, max_examples=25)
@given(blocks())
def test_closed_parallel_parts_and_returns_run_the_same(procedure: Procedure) -> None:
    assert parts_where_told(procedure, count=10)


@settings(RANDOM, max_examples=60)
@given(random_sound())
def test_random_procedures_run_the_same_as_far_as_the_limits_say(procedure: Procedure) -> None:
    assert parts_where_told(procedure, count=8)


def parts_where_told(procedure: Procedure, *, count: int) -> bool:
    """Along each path both go together to its end, or at least to an act that the limits name."""
    engine = Engine(procedure)
    for walk in paths(procedure, count=count, longest=15):
        together = agreed(engine, walk)
        assert together == len(walk.acts) or walk.acts[together] in engine.named, (walk, engine.named)
        assert parted(engine, walk) >= together, walk
    return True


@pytest.mark.parametrize("made", [BLOCK, RETURN_INTO_A_BRANCH], ids=["closed part", "return into a branch"])
def test_parallel_branches_that_meet_in_a_join_run_the_same(made: Procedure) -> None:
    engine = Engine(made)
    assert engine.named == set()
    for walk in paths(made, count=200, longest=30):
        assert parted(engine, walk) == len(walk.acts), walk


def test_a_closed_part_is_joined_by_counting_and_any_other_by_what_can_still_come() -> None:
    kinds = {NodeKind.JOIN_ALL, NodeKind.JOIN_REACHABLE}
    assert {node.kind for node in process(BLOCK)[0].nodes} & kinds == {NodeKind.JOIN_ALL}
    assert {node.kind for node in process(RETURN_INTO_A_BRANCH)[0].nodes} & kinds == {NodeKind.JOIN_REACHABLE}


def test_a_return_that_closes_a_branch_beside_it_is_a_limit() -> None:
    told = {(limit.step, limit.answer): str(limit) for limit in process(RETURN_OVER_THE_SPLIT)[1]}
    assert told.keys() == {("3", "tidak"), ("3", "ya"), ("2", "ya")}  # the last two after such a return only
    assert told["3", "tidak"] == (
        "Langkah 3, jawaban Tidak: Sopan menutup langkah 2 yang sedang berjalan; mesin BPMN tidak."
    )
    assert parts_where_told(RETURN_OVER_THE_SPLIT, count=50)


def test_branches_that_meet_without_waiting_are_a_limit() -> None:
    assert {(limit.step, limit.answer) for limit in process(MEETING)[1]} == {("2", "ya"), ("3", "ya")}
    assert parts_where_told(MEETING, count=50)


def test_where_too_many_branches_run_side_by_side_it_is_said_that_not_all_was_looked_at() -> None:
    many = procedure(step(1, tuple(range(2, 14))), *(step(no, 14) for no in range(2, 14)), step(14, END, join=True))
    assert [str(limit) for limit in process(many)[1]] == [
        "Cabang yang berjalan bersamaan terlalu banyak untuk diperiksa seluruhnya terhadap mesin BPMN."
    ]
