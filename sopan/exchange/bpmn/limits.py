"""Where an engine for BPMN would not do what ``core.flow`` does: each act after which it has other steps open.

A procedure and its process are gone through together, over every state that acts can lead to. What differs are returns
and meetings of branches that run side by side: our flow closes steps that a return overtakes and opens no step twice;
tokens know neither.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from sopan.core.flow import Cancelled, Complete, Ended, Event, Refusal, Start, State, decide, play
from sopan.core.model import Exit, Participation, Procedure, Step
from sopan.exchange.bpmn.graph import Graph, graph, joins_by_gateway
from sopan.exchange.bpmn.tokens import Marking, Tokens

MOST_STATES = 1_500
MOST_TRIED = 8  # joins for which both gateways are tried


@dataclass(frozen=True, slots=True)
class Limit:
    """After ``answer`` at ``step`` an engine may have other steps open; ``step`` is empty where not all was looked at."""

    step: str
    answer: str
    why: str

    def __str__(self) -> str:
        return self.why


def process(procedure: Procedure) -> tuple[Graph, list[Limit]]:
    """The graph of a procedure with the gateways that keep closest to its meaning, and where that is not the same.

    A join is a parallel gateway unless an inclusive one leaves fewer limits; those that a case meets without any return
    count first. Raises ValueError (see ``graph``).
    """
    chosen: set[str] = set()
    made = graph(procedure)
    found = limits(procedure, made)
    if not found or not all(limit.step for limit in found):
        return made, found
    joins = [step.id for step in procedure.steps if joins_by_gateway(procedure, step)]
    for join in joins[:MOST_TRIED]:
        other = graph(procedure, inclusive=chosen | {join})
        if _severity(procedure, other) < _severity(procedure, made):
            chosen, made = chosen | {join}, other
    return made, limits(procedure, made) if chosen else found


def limits(procedure: Procedure, made: Graph, *, returns: bool = True) -> list[Limit]:
    """Where ``made``, a graph of ``procedure``, does otherwise, in the order of the steps; each act once.

    Acts that come only after a difference are not looked at; without ``returns`` neither are returns.
    """
    found = _Search(procedure, made, returns=returns).run()
    places = {step.id: step.sequence for step in procedure.steps}
    return sorted(found, key=lambda limit: (places.get(limit.step, 0), limit.answer))


def _severity(procedure: Procedure, made: Graph) -> tuple[int, int]:
    return len(limits(procedure, made, returns=False)), len(limits(procedure, made))


class _Search:
    def __init__(self, procedure: Procedure, made: Graph, *, returns: bool) -> None:
        self.procedure, self.tasks, self.returns = procedure, made.tasks, returns
        self.tokens = Tokens(made)
        self.found: dict[tuple[str, str], Limit] = {}

    def run(self) -> list[Limit]:
        if not any(len(way.to) > 1 for step in self.procedure.steps for way in step.exits):
            return []  # one token: nothing can run beside it
        todo: deque[tuple[State, Marking]] = deque()
        seen = set()
        for entry, first in self.procedure.entries.items():
            todo.append((self._act(State(), Start(entry))[0], self.tokens.begin(self.tasks[first])))
        while todo:
            state, marking = todo.popleft()
            for step in (self.procedure.by_id[name] for name in state.open):
                for way in self._ways(step):
                    after = self._try(state, marking, step, way)
                    if after is not None and (key := _key(*after)) not in seen:
                        seen.add(key)
                        todo.append(after)
            if len(seen) > MOST_STATES:
                return [*self.found.values(), Limit("", "", _TOO_MANY)]
        return list(self.found.values())

    def _ways(self, step: Step) -> list[Exit]:
        ahead = self.procedure.forward[step.id]
        return [way for way in step.exits if self.returns or ahead.issuperset(way.to)]

    def _try(self, state: State, marking: Marking, step: Step, way: Exit) -> tuple[State, Marking] | None:
        """Both after the act; None where they differ (it is noted) or the case is over."""
        after, events = state, list[Event]()
        for actor in step.actors if step.participation is Participation.ALL else step.actors[:1]:
            after, more = self._act(after, Complete(step.id, actor, way.answer if actor == step.actors[0] else ""))
            events += more
        tokens = self.tokens.complete(marking, self.tasks[step.id], way)
        there = self.tokens.open_tasks(tokens)
        here = {self.tasks[name]: 1 for name in after.open}
        over = any(count > 1 for _, count in tokens)  # a second arrival at a way where one waits already
        if over or here != dict(there) or (after.outcome is None) != bool(tokens):
            self.found.setdefault((step.id, way.answer), Limit(step.id, way.answer, _why(step, way, events)))
            return None
        return (after, tokens) if after.outcome is None else None

    def _act(self, state: State, command: Start | Complete) -> tuple[State, list[Event]]:
        events = decide(self.procedure, state, command)
        if isinstance(events, Refusal):
            raise ValueError(f"{command} is refused: {events.code}")
        return play(state, events), events


_TOO_MANY = "Cabang yang berjalan bersamaan terlalu banyak untuk diperiksa seluruhnya terhadap mesin BPMN."


def _key(state: State, marking: Marking) -> tuple[frozenset[str], frozenset[str], Marking]:
    return frozenset(state.open), frozenset(state.waiting), marking


def _why(step: Step, way: Exit, events: list[Event]) -> str:
    """What people read in the documentation of the process."""
    act = f"Langkah {step.no}" + (f", jawaban {way.label or way.answer}" if len(step.exits) > 1 else "")
    closed = [event.step for event in events if isinstance(event, Cancelled)]
    if closed and not any(isinstance(event, Ended) for event in events):
        return f"{act}: Sopan menutup langkah {', '.join(closed)} yang sedang berjalan; mesin BPMN tidak."
    return (
        f"{act}: cabang yang bertemu di sana dibuka sekali oleh Sopan; mesin BPMN dapat membukanya lagi atau menunggu."
    )
