"""The meaning of a procedure in execution: decide what an act leads to, then evolve the state by the events.

``decide`` and ``evolve`` are pure and total: for every state that they produced, every command gives events or a
``Refusal``, never an exception. Replaying all events from ``State()`` gives the same state.

Tokens. A step is open at most once. An exit to several steps opens them in parallel. A step that joins waits, once a
branch has arrived, until no open step can still reach it going forward (``Procedure.forward``); as forward ways have no
cycle, some waiting join is always free to open, so a case cannot get stuck. Going back to an earlier step closes the
open steps that lie ahead of it (they will be done again) and keeps everything that was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .model import Exit, Outcome, Participation, Procedure, Step


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected "no": a code for programs, a message for the person, and the form field it belongs to, if any."""

    code: str
    message: str = ""
    field: str = ""

    def __bool__(self) -> bool:
        """A refusal is neither true nor false: ``if refusal := rule()`` and ``if not result`` would each read well and
        one of them would be wrong. Ask ``is None`` or ``isinstance``."""
        raise TypeError(f"refusal {self.code!r} has no truth value: ask `is None` or isinstance(…, Refusal)")


@dataclass(frozen=True, slots=True)
class Open:
    """A step that is open: which time round, and which of its actors have acted already."""

    visit: int
    acted: tuple[str, ...] = ()
    answer: str = ""  # given by the responsible actor while others still have to act


@dataclass(frozen=True, slots=True)
class State:
    """Where a case stands. ``visits`` counts the openings of each step; ``waiting`` are joins that a branch reached."""

    started: bool = False
    open: Mapping[str, Open] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    visits: Mapping[str, int] = field(default_factory=dict)
    held: bool = False
    outcome: Outcome | None = None

    def to_data(self) -> dict[str, Any]:
        """As plain data for storage; short keys, as it is written with every act."""
        data: dict[str, Any] = {
            "o": {k: [v.visit, list(v.acted), v.answer] for k, v in self.open.items()},
            "v": dict(self.visits),
        }
        if self.waiting:
            data["w"] = list(self.waiting)
        if self.held:
            data["h"] = True
        if self.outcome:
            data["e"] = str(self.outcome)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> State:
        if not data:
            return cls()
        end = data.get("e")
        return cls(
            started=True,
            open={k: Open(v[0], tuple(v[1]), v[2]) for k, v in data["o"].items()},
            waiting=tuple(data.get("w", ())),
            visits=data["v"],
            held=data.get("h", False),
            outcome=Outcome(end) if end else None,
        )


# Commands: what somebody wants. ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Start:
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    """``actor`` (id of the procedure's actor) finishes ``step`` with ``answer``; "" where there is one way out."""

    step: str
    actor: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class SendBack:
    """From an open step back to an earlier one that was done before, outside of the drawn exits."""

    step: str
    to: str


@dataclass(frozen=True, slots=True)
class Hold:
    pass


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Withdraw:
    pass


Command = Start | Complete | SendBack | Hold | Resume | Withdraw

# Events: what happened. -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    step: str
    visit: int


@dataclass(frozen=True, slots=True)
class Contributed:
    """One of several actors has acted; the step stays open for the others."""

    step: str
    actor: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Completed:
    step: str
    actor: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A branch reached a join, which waits for the others."""

    step: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An open step or a waiting join was overtaken by a return or by the end."""

    step: str


@dataclass(frozen=True, slots=True)
class Held:
    pass


@dataclass(frozen=True, slots=True)
class Resumed:
    pass


@dataclass(frozen=True, slots=True)
class Ended:
    outcome: Outcome


Event = Opened | Contributed | Completed | Arrived | Cancelled | Held | Resumed | Ended


def decide(procedure: Procedure, state: State, command: Command) -> list[Event] | Refusal:
    """What ``command`` leads to in ``state``: at least one event, or why not."""
    if isinstance(command, Start):
        return _start(procedure, state, command)
    if not state.started:
        return Refusal("not-started")
    if state.outcome is not None:
        return Refusal("ended")
    match command:
        case Resume():
            return [Resumed()] if state.held else Refusal("not-held")
        case Withdraw():
            return [*_cancel_all(state), Ended(Outcome.WITHDRAWN)]
    if state.held:
        return Refusal("held")
    match command:
        case Hold():
            return [Held()]
        case Complete():
            return _complete(procedure, state, command)
        case SendBack():
            return _send_back(procedure, state, command)
    raise AssertionError(command)  # pragma: no cover - Command is closed


def _start(procedure: Procedure, state: State, command: Start) -> list[Event] | Refusal:
    if state.started:
        return Refusal("already-started")
    if command.entry not in procedure.entries:
        return Refusal("unknown-entry")
    return [Opened(procedure.entries[command.entry], 1)]


def way_out(step: Step, answer: str) -> Exit | None:
    """The exit that ``answer`` chooses; a step with one exit needs no answer."""
    if len(step.exits) == 1 and answer in ("", step.exits[0].answer):
        return step.exits[0]
    return next((way for way in step.exits if way.answer == answer), None)


def _complete(procedure: Procedure, state: State, command: Complete) -> list[Event] | Refusal:
    step, here = procedure.by_id.get(command.step), state.open.get(command.step)
    if step is None or here is None:
        return Refusal("not-open")
    if command.actor not in step.actors:
        return Refusal("not-your-step")
    if command.actor in here.acted:
        return Refusal("already-acted")
    responsible = command.actor == step.actors[0]
    decides = responsible or step.participation is Participation.ANY
    if decides and way_out(step, command.answer) is None:
        return Refusal("unknown-answer")
    if step.participation is Participation.ALL and len(here.acted) + 1 < len(step.actors):
        return [Contributed(step.id, command.actor, command.answer if decides else "")]
    answer = command.answer if decides else here.answer
    way = way_out(step, answer)
    if way is None:  # the responsible actor's answer was checked when it was given
        return Refusal("unknown-answer")
    return [Completed(step.id, command.actor, answer), *_leave(procedure, state, step, way)]


def _leave(procedure: Procedure, state: State, step: Step, way: Exit) -> list[Event]:
    remaining = {key: here for key, here in state.open.items() if key != step.id}
    if way.end is not None and (way.end is not Outcome.FINISHED or not (remaining or state.waiting)):
        return [*_cancel_all(replace(state, open=remaining)), Ended(way.end)]
    return _enter(procedure, state, remaining, step, way.to)


def _enter(
    procedure: Procedure, state: State, remaining: dict[str, Open], step: Step | None, targets: Iterable[str]
) -> list[Event]:
    """Open ``targets``: cancel what a return overtakes, let joins wait, then open the joins that nothing can reach."""
    events: list[Event] = []
    opening, waiting = list(remaining), list(state.waiting)
    for target in targets:
        goal = procedure.by_id[target]
        back = step is not None and goal.sequence <= step.sequence
        if back:
            for overtaken in [key for key in opening if key in procedure.forward[target]]:
                opening.remove(overtaken)
                events.append(Cancelled(overtaken))
        if goal.join and not back:
            if target not in waiting and target not in opening:
                waiting.append(target)
                events.append(Arrived(target))
        elif target not in opening:
            if target in waiting:
                waiting.remove(target)
            opening.append(target)
            events.append(Opened(target, state.visits.get(target, 0) + 1))
    events += _free_joins(procedure, state, opening, waiting)
    if not opening:  # the last branch came to its end
        events.append(Ended(Outcome.FINISHED))
    return events


def _free_joins(procedure: Procedure, state: State, opening: list[str], waiting: list[str]) -> list[Event]:
    """Open each waiting join that neither an open step nor another waiting join can still reach."""
    events: list[Event] = []
    for join in sorted(waiting, key=lambda key: procedure.by_id[key].sequence):
        others = [*opening, *(key for key in waiting if key != join)]
        if not any(join in procedure.forward[key] for key in others):
            waiting.remove(join)
            opening.append(join)
            events.append(Opened(join, state.visits.get(join, 0) + 1))
    return events


def _send_back(procedure: Procedure, state: State, command: SendBack) -> list[Event] | Refusal:
    step, goal = procedure.by_id.get(command.step), procedure.by_id.get(command.to)
    if step is None or goal is None or command.step not in state.open:
        return Refusal("not-open")
    if goal.sequence >= step.sequence or not state.visits.get(command.to):
        return Refusal("not-done-before")
    remaining = {key: here for key, here in state.open.items() if key != step.id}
    return [Cancelled(step.id), *_enter(procedure, state, remaining, step, (command.to,))]


def _cancel_all(state: State) -> list[Event]:
    return [Cancelled(key) for key in (*state.open, *state.waiting)]


def evolve(state: State, event: Event) -> State:
    """The state after ``event``. Opening a step that is open already is a broken promise and raises ValueError."""
    match event:
        case Opened(step, visit):
            if step in state.open:
                raise ValueError(f"step {step} is open already")
            return replace(
                state,
                started=True,
                open={**state.open, step: Open(visit)},
                visits={**state.visits, step: visit},
                waiting=tuple(key for key in state.waiting if key != step),
            )
        case Contributed(step, actor, answer):
            here = state.open[step]
            now = replace(here, acted=(*here.acted, actor), answer=answer or here.answer)
            return replace(state, open={**state.open, step: now})
        case Completed(step):
            return replace(state, open={key: here for key, here in state.open.items() if key != step})
        case Arrived(step):
            return replace(state, waiting=(*state.waiting, step))
        case Cancelled(step):
            return replace(
                state,
                open={key: here for key, here in state.open.items() if key != step},
                waiting=tuple(key for key in state.waiting if key != step),
            )
        case Held():
            return replace(state, held=True)
        case Resumed():
            return replace(state, held=False)
        case Ended(outcome):
            return replace(state, outcome=outcome)
    raise AssertionError(event)  # pragma: no cover - Event is closed


def play(state: State, events: Iterable[Event]) -> State:
    for event in events:
        state = evolve(state, event)
    return state


_EVENTS: dict[str, type] = {
    kind.__name__.lower(): kind for kind in (Opened, Contributed, Completed, Arrived, Cancelled, Held, Resumed, Ended)
}


def event_to_data(event: Event) -> list[Any]:
    """As plain data for the journal: ["opened", "8", 1]."""
    values = [getattr(event, name) for name in event.__slots__]
    return [type(event).__name__.lower(), *(str(v) if isinstance(v, Outcome) else v for v in values)]


def event_from_data(data: list[Any]) -> Event:
    kind = _EVENTS[data[0]]
    if kind is Ended:
        return Ended(Outcome(data[1]))
    event: Event = kind(*data[1:])
    return event
