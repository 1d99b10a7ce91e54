"""A procedure as the nodes and flows of a BPMN process.

A step is a task. Several answers are an exclusive gateway behind it, several targets of an answer a parallel gateway
behind that. A step that joins has a gateway before it, into which all ways from above lead; ways back lead to the task
itself, as ``core.flow`` lets them. That gateway is parallel, which waits for one arrival at each way, or inclusive,
which waits for what can still arrive: ``limits.process`` chooses.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from sopan.core.model import Exit, Outcome, Procedure, Step
from sopan.exchange.bpmn.names import ENDS, START, Ids
from sopan.exchange.sound import expect_sound


class NodeKind(StrEnum):
    """The BPMN element that a node is."""

    START = "startEvent"
    TASK = "userTask"
    DECISION = "exclusiveGateway"
    SPLIT = "parallelGateway"
    JOIN_ALL = "joinAll"  # a parallelGateway too
    JOIN_REACHABLE = "inclusiveGateway"
    END = "endEvent"


@dataclass(frozen=True, slots=True)
class Node:
    """An event, task or gateway, in the lane of an actor. ``name`` is what is printed at it."""

    id: str
    kind: NodeKind
    lane: str
    name: str = ""
    step: Step | None = None  # of a task
    outcome: Outcome | None = None  # of an end
    entry: str = ""  # of a start: under which name a case may begin there
    ordinary: bool = False  # of a start: the one that needs no name


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow. ``way`` on the first flow of an exit; ``variable`` where a decision takes it by the answer."""

    id: str
    source: str
    target: str
    way: Exit | None = None
    variable: str = ""
    back: bool = False  # to an earlier step, or to the step itself

    @property
    def name(self) -> str:
        return self.way.label if self.way else ""


@dataclass(slots=True)
class Graph:
    """Nodes in the order of the drawing, flows in the order of the exits."""

    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    tasks: dict[str, str] = field(default_factory=dict)  # id of a step -> id of its task
    variables: dict[str, str] = field(
        default_factory=dict
    )  # id of a step with answers -> variable that holds the answer


def graph(procedure: Procedure, *, inclusive: Collection[str] = ()) -> Graph:
    """The process of a procedure, with inclusive gateways before the steps ``inclusive``. Raises ValueError where it
    cannot be drawn: an unknown actor, a step without way."""
    expect_sound(procedure)
    return _Writer(procedure, inclusive).write()


def title(step: Step) -> str:
    """What stands in the box of a step."""
    return f"{step.no}. {step.title}" if step.no else step.title


class _Writer:
    def __init__(self, procedure: Procedure, inclusive: Collection[str]) -> None:
        self.procedure, self.inclusive = procedure, inclusive
        self.ids, self.made = Ids(), Graph()
        self.made.tasks = {step.id: self.ids.give("step", step.id) for step in procedure.steps}
        self.joins = {
            step.id: self.ids.give("join", step.id) for step in procedure.steps if joins_by_gateway(procedure, step)
        }

    def write(self) -> Graph:
        for place, step in enumerate(self.procedure.steps):
            lane = step.actors[0]
            if place == 0 or step.entry:
                self._start(step, lane, ordinary=place == 0)
            if step.id in self.joins:
                self._join(step, lane)
            self._node(self.made.tasks[step.id], NodeKind.TASK, lane, title(step), step=step)
            self._exits(step, lane)
        return self.made

    def _node(self, node: str, kind: NodeKind, lane: str, name: str = "", **more: object) -> str:
        self.made.nodes.append(Node(node, kind, lane, name, **more))  # type: ignore[arg-type]
        return node

    def _flow(self, source: str, target: str, **more: object) -> None:
        self.made.flows.append(Flow(self.ids.give("flow", source, target), source, target, **more))  # type: ignore[arg-type]

    def _start(self, step: Step, lane: str, *, ordinary: bool) -> None:
        name, id_ = step.entry or START, self.ids.give("start", "" if ordinary else step.entry)
        self._node(id_, NodeKind.START, lane, name, entry=step.entry, ordinary=ordinary)
        self._flow(id_, self.made.tasks[step.id])

    def _join(self, step: Step, lane: str) -> None:
        kind = NodeKind.JOIN_REACHABLE if step.id in self.inclusive else NodeKind.JOIN_ALL
        self._flow(self._node(self.joins[step.id], kind, lane), self.made.tasks[step.id])

    def _exits(self, step: Step, lane: str) -> None:
        source, variable = self.made.tasks[step.id], ""
        if len(step.exits) > 1:
            decision = self._node(self.ids.give("decision", step.id), NodeKind.DECISION, lane)
            self._flow(source, decision)
            variable = self.made.variables[step.id] = self.ids.give("answer", step.id)
            source = decision
        for way in step.exits:
            self._exit(step, way, source, lane, variable)

    def _exit(self, step: Step, way: Exit, source: str, lane: str, variable: str) -> None:
        told = {"way": way, "variable": variable}
        if way.end is not None:
            name = ENDS[way.end]
            end = self._node(self.ids.give("end", step.id, way.answer), NodeKind.END, lane, name, outcome=way.end)
            self._flow(source, end, **told)
            return
        if len(way.to) > 1:
            split = self._node(self.ids.give("split", step.id, way.answer), NodeKind.SPLIT, lane)
            self._flow(source, split, **told)
            source, told = split, {}
        for target in way.to:
            goal = self.procedure.by_id[target]
            back = goal.sequence <= step.sequence
            at_join = target in self.joins and not back
            node = self.joins[target] if at_join else self.made.tasks[target]
            self._flow(source, node, back=back, **told)


def joins_by_gateway(procedure: Procedure, step: Step) -> bool:
    """Whether a gateway stands before a step that joins: only where several ways lead to it from above."""
    ways = [
        target
        for other in procedure.steps
        if other.sequence < step.sequence
        for way in other.exits
        for target in way.to
        if target == step.id
    ]
    return step.join and len(ways) > 1
