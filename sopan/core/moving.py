"""Moving a running case to another version of its procedure: what becomes of where it stands.

Steps are found again by ``differences.matched``. What was done stays done under the id of the row in the new version;
rows that the new version no longer has keep a name of their own, so that they are never taken for another row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sopan.core.differences import matched
from sopan.core.flow import Open, State
from sopan.core.model import Procedure


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an open step cannot go along: gone, work, acted or join; ``step`` is its id in the old version."""

    step: str
    code: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Old step id -> new step id of all rows that are found again; and what stands in the way."""

    mapping: Mapping[str, str]
    obstacles: tuple[Obstacle, ...]

    @property
    def possible(self) -> bool:
        return not self.obstacles


def plan(old: Procedure, new: Procedure, state: State) -> Plan:
    """Whether a case that stands in ``state`` can go on by ``new``, and by which rows."""
    mapping = matched(old, new)
    found = [fault for step in state.open for fault in [_obstacle(step, old, new, state, mapping)] if fault]
    found += [Obstacle(step, "gone") for step in state.waiting if step not in mapping]
    found += [Obstacle(step, "join") for step in state.waiting if step in mapping and not new.by_id[mapping[step]].join]
    return Plan(mapping, tuple(found))


def _obstacle(step: str, old: Procedure, new: Procedure, state: State, mapping: Mapping[str, str]) -> Obstacle | None:
    if step not in mapping:
        return Obstacle(step, "gone")
    before, after = old.by_id[step], new.by_id[mapping[step]]
    if (before.work, before.decision) != (after.work, after.decision):
        return Obstacle(step, "work")
    here = state.open[step]
    if here.acted and (before.actors != after.actors or before.participation != after.participation):
        return Obstacle(step, "acted")
    if here.answer and here.answer not in {way.answer for way in after.exits}:
        return Obstacle(step, "acted")
    return None


def renamed(step: str, mapping: Mapping[str, str], version: int) -> str:
    """What a step of the old version is called after the move. A row that is gone keeps its version: "v1:3"."""
    return step if ":" in step else mapping.get(step, f"v{version}:{step}")


def moved(state: State, mapping: Mapping[str, str]) -> State:
    """Where the case stands in the new version. Raises KeyError for an open or waiting step that is not mapped."""
    opened: dict[str, Open] = {mapping[step]: here for step, here in state.open.items()}
    return replace(
        state,
        open=opened,
        waiting=tuple(mapping[step] for step in state.waiting),
        visits={mapping[step]: count for step, count in state.visits.items() if step in mapping},
    )
