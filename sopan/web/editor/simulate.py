"""Trying a draft out: which steps are open after some acts, who gets them, and until when, by the times of the document.

Nothing is kept: whoever asks sends all acts so far, and ``core.flow`` plays them from the beginning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sopan.core import flow
from sopan.core.flow import Complete, Refusal, Start, State
from sopan.core.model import Actor, Outcome, Procedure, Step
from sopan.engine import clock
from sopan.people.models import Institution

MOST_ACTS = 300

Act = tuple[str, str, str]  # step, actor, answer


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that waits for ``actor`` (the next of several), with its answers: (code, what the button says)."""

    step: Step
    actor: Actor
    due: datetime | None
    answers: tuple[tuple[str, str], ...]
    round: int


@dataclass(frozen=True, slots=True)
class Done:
    step: Step
    actor: Actor
    answer: str
    at: datetime


@dataclass(slots=True)
class Trial:
    """Where the try-out stands."""

    open: list[OpenStep] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    waiting: list[Step] = field(default_factory=list)
    outcome: Outcome | None = None
    at: datetime | None = None  # the latest due time so far
    acts: list[Act] = field(default_factory=list)  # those that could be played

    @property
    def states(self) -> dict[str, str]:
        """Step id -> done or now, as the drawing colours them."""
        found = {one.step.id: "done" for one in self.done}
        return found | {one.step.id: "now" for one in self.open}


def read_acts(data: Any) -> list[Act]:
    """The acts that somebody sent; whatever is none ends the list."""
    found: list[Act] = []
    for one in data if isinstance(data, list) else []:
        if not (isinstance(one, list) and len(one) == 3 and all(isinstance(word, str) for word in one)):
            break
        found.append((one[0][:64], one[1][:64], one[2][:64]))
    return found[:MOST_ACTS]


def play(
    procedure: Procedure, acts: Sequence[Act], *, entry: str = "", institution: Institution, now: datetime
) -> Trial:
    """Begin at ``entry`` and do the acts; the first that is not possible, and all behind it, are left out.

    Every step is taken to be finished when its time is over, and the next to begin then.
    """
    trial, begun = Trial(at=now), dict[str, datetime]()
    state = _after(procedure, State(), Start(entry), now, begun) or _after(procedure, State(), Start(), now, begun)
    assert state is not None  # the ordinary beginning is always there
    due = _Due(institution)
    for act in acts:
        step, here = procedure.by_id.get(act[0]), state.open.get(act[0])
        if step is None or here is None:
            break
        at = due(begun[step.id], step) or begun[step.id]
        after = _after(procedure, state, Complete(*act), at, begun)
        if after is None:
            break
        state = after
        trial.acts.append(act)
        trial.done.append(Done(step, procedure.actor_by_id[act[1]], _label(step, act[2]), at))
        trial.at = max(trial.at or at, at)
    trial.outcome = state.outcome
    trial.waiting = [procedure.by_id[key] for key in state.waiting]
    for key, here in state.open.items():
        step = procedure.by_id[key]
        trial.open.append(_open(procedure, step, here, due(begun[key], step)))
    return trial


class _Due:
    def __init__(self, institution: Institution) -> None:
        self.institution = institution

    def __call__(self, start: datetime, step: Step) -> datetime | None:
        body = self.institution
        found = clock.due(body.pk, body.calendar_revision, start, step.time)
        return found.at if found else None


def _after(
    procedure: Procedure, state: State, command: flow.Command, at: datetime, begun: dict[str, datetime]
) -> State | None:
    events = flow.decide(procedure, state, command)
    if isinstance(events, Refusal):
        return None
    for event in events:
        if isinstance(event, flow.Opened):
            begun[event.step] = at
    return flow.play(state, events)


def _open(procedure: Procedure, step: Step, here: flow.Open, due: datetime | None) -> OpenStep:
    """Where all actors must act, the responsible one, who decides, comes last."""
    left = [actor for actor in reversed(step.actors) if actor not in here.acted]
    actor = left[0] if step.participation == "all" and left else step.actors[0]
    decides = actor == step.actors[0]
    answers = tuple((way.answer, way.label or way.answer) for way in step.exits) if decides else (("", ""),)
    return OpenStep(step, procedure.actor_by_id[actor], due, answers, here.visit)


def _label(step: Step, answer: str) -> str:
    return next((way.label or way.answer for way in step.exits if way.answer == answer), "")


def entries(procedure: Procedure) -> Mapping[str, str]:
    """Name of an entry -> printed number of its step, where there is more than the ordinary one."""
    named = {name: procedure.by_id[step].no for name, step in procedure.entries.items() if name}
    return named and {"": procedure.steps[0].no, **named}
