"""Parallel parts that are closed in themselves: one split, branches that do not touch, one join."""

from __future__ import annotations

from collections.abc import Iterator

from sopan.core.model import Procedure, Step


def is_block(procedure: Procedure, join: Step) -> bool:
    """Whether each branch into ``join`` surely arrives, and arrives once, so that counting ways in is the same as waiting
    for what can still come: the branches begin at one split, end in one way each, and nothing else leads in or out."""
    return any(
        split.sequence < join.sequence and len(way.to) > 1 and _branches(procedure, split, way.to, join) is not None
        for split in procedure.steps
        for way in split.exits
    )


def _branches(procedure: Procedure, split: Step, heads: tuple[str, ...], join: Step) -> set[str] | None:
    """The steps of all branches, or None if a branch leaves, is entered from elsewhere or meets another."""
    inside: set[str] = set()
    for head in heads:
        branch = set() if head == join.id else _branch(procedure, head, split, join)
        if branch is None or branch & inside:
            return None
        inside |= branch
    if heads.count(join.id) > 1 or any(procedure.by_id[one].entry for one in inside):
        return None
    entered = any(_enters(procedure, way_in, inside, join) for way_in in _ways_in(procedure, inside, split, heads))
    return None if entered else inside


def _ways_in(procedure: Procedure, inside: set[str], split: Step, heads: tuple[str, ...]) -> Iterator[tuple[Step, str]]:
    """Every way that begins outside of the branches, but those of the split itself."""
    for other in procedure.steps:
        for way in other.exits:
            if other.id not in inside and not (other is split and way.to == heads):
                yield from ((other, target) for target in way.to)


def _enters(procedure: Procedure, way_in: tuple[Step, str], inside: set[str], join: Step) -> bool:
    other, target = way_in
    return target in inside or (target == join.id and other.sequence < join.sequence)


def _branch(procedure: Procedure, head: str, split: Step, join: Step) -> set[str] | None:
    """The steps from ``head`` to ``join``; None unless they all lie between them and exactly one way leads to the join."""
    seen, todo, arrivals = {head}, [head], 0
    while todo:
        here = procedure.by_id[todo.pop()]
        if not split.sequence < here.sequence < join.sequence:
            return None
        for way in here.exits:
            onward = _onward(procedure, here, way.to, join)
            if onward is None:
                return None
            target, passed = onward
            arrivals += target == join.id
            fresh = ({target} - {join.id}) - seen
            seen |= passed | fresh
            todo += fresh
    return seen if arrivals == 1 else None


def _onward(procedure: Procedure, here: Step, to: tuple[str, ...], join: Step) -> tuple[str, set[str]] | None:
    """Where an exit leads in the end, and the steps of a closed part that it passes; None where it ends or stays open."""
    if len(to) == 1:
        return to[0], set()
    for inner in procedure.steps:
        if to and inner.join and here.sequence < inner.sequence < join.sequence:
            passed = _branches(procedure, here, to, inner)
            if passed is not None:
                return inner.id, passed
    return None
