"""SpiffWorkflow beside ``core.flow``: the same acts in both, and which steps are open after each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from sopan.core.flow import Complete, Refusal, Start, State, decide, play
from sopan.core.model import Participation, Procedure, Step
from sopan.exchange.bpmn.graph import NodeKind, graph
from sopan.exchange.bpmn.limits import limits
from sopan.exchange.bpmn.tokens import Tokens
from sopan.exchange.bpmn.write import write_bpmn

Act = tuple[str, str]  # id of a step, answer


@dataclass(frozen=True)
class Path:
    """Acts from an entry on, with the steps that are open in ``core.flow`` after the start and after each act."""

    entry: str
    acts: tuple[Act, ...]
    open: tuple[tuple[str, ...], ...]


def paths(procedure: Procedure, *, count: int, longest: int) -> set[Path]:
    """``count`` random walks from a fixed seed. Equal ones are one: both sides would do the same again."""
    rng = random.Random(procedure.slug)
    return {_path(procedure, rng, longest) for _ in range(count)}


def _path(procedure: Procedure, rng: random.Random, longest: int) -> Path:
    entry = rng.choice(sorted(procedure.entries))
    state = play(State(), _events(procedure, State(), Start(entry)))
    acts, opened = [], [tuple(sorted(state.open))]
    while state.outcome is None and len(acts) < longest:
        step = procedure.by_id[rng.choice(sorted(state.open))]
        way = rng.choice(step.exits)
        state = complete(procedure, state, step, way.answer)
        acts.append((step.id, way.answer))
        opened.append(tuple(sorted(state.open)))
    return Path(entry, tuple(acts), tuple(opened))


def complete(procedure: Procedure, state: State, step: Step, answer: str) -> State:
    """All actors that must act do; the responsible one answers."""
    for place, actor in enumerate(step.actors if step.participation is Participation.ALL else step.actors[:1]):
        state = play(state, _events(procedure, state, Complete(step.id, actor, "" if place else answer)))
    return state


def _events(procedure: Procedure, state: State, command: Start | Complete) -> list:
    events = decide(procedure, state, command)
    assert not isinstance(events, Refusal), (command, events)
    return events


class Inclusive(InclusiveGateway):
    """The inclusive gateway by the rule of the standard (BPMN 2.0.2, 13.4.3). The one of SpiffWorkflow looks at the first
    round of a ring only and says so itself; everything else is left to SpiffWorkflow."""

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        reached = [
            task
            for task in my_task.workflow.get_tasks(state=TaskState.NOT_FINISHED_MASK)
            if task.parent is not None and task.parent.state is TaskState.COMPLETED  # the others are only foreseen
        ]
        filled = {task.parent.task_spec for task in reached if task.task_spec is self}
        for spec in {task.task_spec for task in reached if task.task_spec is not self}:
            led_to = {way for way in self.inputs if self._leads(spec, way)}
            if led_to and not led_to & filled:
                return False
        return True

    def _leads(self, spec: TaskSpec, way: TaskSpec) -> bool:
        """Whether ``spec`` is ``way`` or leads to it without passing this gateway."""
        seen, todo = {self}, [spec]
        while todo:
            here = todo.pop()
            if here is way:
                return True
            if here not in seen:
                seen.add(here)
                todo += here.outputs
        return False


class Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {full_tag("inclusiveGateway"): (ConditionalGatewayParser, Inclusive)}


class Engine:
    """A procedure, exported and parsed by SpiffWorkflow; each path begins a workflow of its own."""

    def __init__(self, procedure: Procedure) -> None:
        parser = Parser()
        parser.add_bpmn_str(write_bpmn(procedure))
        self.spec = parser.get_spec("process")
        made = graph(procedure)
        self.tasks, self.variables = made.tasks, made.variables
        self.steps = {task: step for step, task in made.tasks.items()}
        self.starts = {node.id: node.entry for node in made.nodes if node.kind is NodeKind.START}

    def opened(self, path: Path) -> Iterator[tuple[str, ...]]:
        """The steps that are open after the start and after each act, each as often as it is open."""
        workflow = BpmnWorkflow(self.spec)
        self._start(workflow, path.entry)
        yield self._open(workflow)
        for step, answer in path.acts:
            (task, *_) = workflow.get_tasks(state=TaskState.READY, spec_name=self.tasks[step])
            if step in self.variables:
                task.data[self.variables[step]] = answer
            task.run()
            self._settle(workflow)
            yield self._open(workflow)

    def _start(self, workflow: BpmnWorkflow, entry: str) -> None:
        """Several start events are several ways to begin: the others are put aside."""
        if len(self.starts) > 1:
            for _ in range(2):  # the beginning of the tree, and what splits it
                self._gateway(workflow).run()
            for task in workflow.get_tasks(state=TaskState.READY):
                if self.starts[task.task_spec.name] != entry:
                    task.cancel()
        self._settle(workflow)

    def _settle(self, workflow: BpmnWorkflow) -> None:
        """Gateways and events, one at a time: ``do_engine_steps`` goes on with some that a terminating end cancelled."""
        while task := self._gateway(workflow):
            task.run()

    def _gateway(self, workflow: BpmnWorkflow) -> Task | None:
        return next((task for task in workflow.get_tasks(state=TaskState.READY) if not task.task_spec.manual), None)

    def _open(self, workflow: BpmnWorkflow) -> tuple[str, ...]:
        ready = workflow.get_tasks(state=TaskState.READY)
        return tuple(sorted(self.steps[task.task_spec.name] for task in ready if task.task_spec.name in self.steps))


def agreed(procedure: Procedure, path: Path) -> int:
    """How many of the acts of ``path`` lead to the same by the standard: all, or those before the first that ``limits``
    must name."""
    made = graph(procedure)
    tokens = Tokens(made)
    marking = tokens.begin(made.tasks[procedure.entries[path.entry]])
    for number, ((step, answer), opened) in enumerate(zip(path.acts, path.open[1:], strict=True)):
        way = next(way for way in procedure.by_id[step].exits if way.answer == answer)
        marking = tokens.complete(marking, made.tasks[step], way)
        if sorted(tokens.open_tasks(marking).elements()) != sorted(made.tasks[name] for name in opened):
            return number
    return len(path.acts)


def parted(engine: Engine, path: Path) -> int:
    """How many acts of ``path`` lead to the same open steps in SpiffWorkflow and in ``core.flow``; -1 where they begin
    differently."""
    for number, (ours, theirs) in enumerate(zip(path.open, engine.opened(path), strict=True)):
        if ours != theirs:
            return number - 1
    return len(path.acts)


def named(procedure: Procedure) -> set[Act]:
    """The acts that ``limits`` names."""
    return {(limit.step, limit.answer) for limit in limits(procedure)}
