"""Proposes the walk-throughs of a procedure: few, and together they take every way out and reach every end.

A proposal says what the flow does, not what is right. A person reads it: an answer that opens the wrong step is easier to
see in a walk than in a table.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from sopan.core import flow
from sopan.core.flow import Complete, Refusal, State
from sopan.core.model import Outcome, Participation, Procedure

MOST_STATES = 20_000  # looked at for one act; a procedure with more ways side by side than that is not walked further

Way = tuple[str, str]  # step, answer


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody finishes a step; ``opens`` are all steps that are open after it."""

    step: str
    actor: str
    answer: str
    opens: tuple[str, ...]


@dataclass(slots=True)
class Walk:
    """From an entry to an end; ``end`` is None where no end can be reached."""

    entry: str
    opens: tuple[str, ...]
    acts: list[Act] = field(default_factory=list)
    end: Outcome | None = None


def propose(procedure: Procedure) -> list[Walk]:
    """Walks from every entry, until no way out is left that can be taken."""
    left = {(step.id, way.answer) for step in procedure.steps for way in step.exits}
    walks = []
    for entry in procedure.entries:
        walk = _walk(procedure, entry, left)
        while walk is not None:
            walks.append(walk)
            walk = _walk(procedure, entry, left)
    return walks


def never_taken(procedure: Procedure) -> frozenset[Way]:
    """Ways out that no walk can take: steps that nothing leads to."""
    taken = {(act.step, act.answer) for walk in propose(procedure) for act in walk.acts}
    return frozenset((step.id, way.answer) for step in procedure.steps for way in step.exits) - taken


def _walk(procedure: Procedure, entry: str, left: set[Way]) -> Walk | None:
    """One walk that takes ways out of ``left`` and strikes them off; None if it could take none."""
    state = _after(procedure, State(), flow.Start(entry))
    walk, fresh = Walk(entry, tuple(state.open)), False
    while state.outcome is None:
        path = _nearest(procedure, state, left) or _nearest(procedure, state, None)
        if path is None:
            break
        for command in path:
            fresh |= _taken(procedure, command) & left != set()
            left -= _taken(procedure, command)
            state = _after(procedure, state, command)
            walk.acts.append(Act(command.step, command.actor, command.answer, tuple(state.open)))
    walk.end = state.outcome
    return walk if fresh else None


def _taken(procedure: Procedure, command: Complete) -> set[Way]:
    return {(command.step, command.answer)} if command.actor == _last(procedure, command.step) else set()


def _last(procedure: Procedure, step_id: str) -> str:
    """The actor whose act finishes a step in a walk: where all must act, the responsible one comes last."""
    return procedure.by_id[step_id].actors[0]


def _nearest(procedure: Procedure, state: State, wanted: set[Way] | None) -> list[Complete] | None:
    """The shortest way of acts to one in ``wanted``, or to the end where that is None. Breadth first over states."""
    queue: deque[tuple[State, list[Complete]]] = deque([(state, [])])
    seen = {_mark(state)}
    while queue and len(seen) < MOST_STATES:
        here, path = queue.popleft()
        for command in _commands(procedure, here):
            there = _after(procedure, here, command)
            found = there.outcome is not None if wanted is None else bool(_taken(procedure, command) & wanted)
            if found:
                return [*path, command]
            if there.outcome is None and _mark(there) not in seen:
                seen.add(_mark(there))
                queue.append((there, [*path, command]))
    return None


def _mark(state: State) -> tuple[object, ...]:
    return frozenset((key, one.acted) for key, one in state.open.items()), frozenset(state.waiting)


def _commands(procedure: Procedure, state: State) -> Iterator[Complete]:
    """All acts that are possible, in the order of the steps; where all actors must act, one after the other."""
    for step in procedure.steps:
        if step.id not in state.open:
            continue
        if step.participation is Participation.ALL:
            waiting = [actor for actor in reversed(step.actors) if actor not in state.open[step.id].acted]
            actor = waiting[0]
        else:
            actor = step.actors[0]
        answers = [way.answer for way in step.exits] if actor == step.actors[0] else [""]
        for answer in answers:
            yield Complete(step.id, actor, answer)


def _after(procedure: Procedure, state: State, command: flow.Command) -> State:
    events = flow.decide(procedure, state, command)
    if isinstance(events, Refusal):
        raise ValueError(f"{command} is refused: {events.code}")
    return flow.play(state, events)


def as_file(procedure: Procedure, walks: list[Walk], *, now: str) -> str:
    """The text of a walks file. ``now`` is when each begins, in ISO format with its offset."""
    return "\n".join(_as_text(walk, procedure, now, place) for place, walk in enumerate(walks))


def _as_text(walk: Walk, procedure: Procedure, now: str, place: int) -> str:
    lines = [f"- name: {_name(walk, place)}", *([f"  entry: {walk.entry}"] if walk.entry else []), f"  now: {now}"]
    lines += [f"  opens: {_ids(walk.opens)}", "  acts:"]
    for act in walk.acts:
        step = procedure.by_id[act.step]
        by = f", by: {act.actor}" if act.actor != step.actors[0] or len(step.actors) > 1 else ""
        answer = f", answer: {act.answer}" if act.answer else ""
        lines.append(f"    - {{step: {_id(act.step)}{by}{answer}, opens: {_ids(act.opens)}}}")
    return "\n".join([*lines, *([f"  end: {walk.end}"] if walk.end else [])]) + "\n"


def _name(walk: Walk, place: int) -> str:
    outcome = walk.end or "not ended"
    back = sum(act.step in {one.step for one in walk.acts[:at]} for at, act in enumerate(walk.acts))
    straight = f"with {back} steps done again" if back else "straight through"
    return f"To the end {outcome}, {straight}" + (f", way {place + 1}" if place else "")


def _ids(steps: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_id, steps))}]"


def _id(step: str) -> str:
    return step if step.isalnum() else f'"{step}"'  # 1.10 without quotes is the number 1.1
