"""SpiffWorkflow beside ``core.flow``: the same acts in both, and which steps are open after each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from sopan.core.flow import Complete, Refusal, Start, State, decide, play
from sopan.core.model import Participation, Procedure, Step
from sopan.exchange.bpmn.graph import Graph, NodeKind
from sopan.exchange.bpmn.limits import process
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


def joins_in_a_ring(procedure: Procedure, made: Graph) -> bool:
    """Whether a case can come to a step that joins a second time, or a join waits for what can still come."""
    after = {step.id: {target for way in step.exits for target in way.to} for step in procedure.steps}
    return any(node.kind is NodeKind.JOIN_REACHABLE for node in made.nodes) or any(
        step.join and step.id in _ahead(step.id, after) for step in procedure.steps
    )


def _ahead(begin: str, after: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = [begin]
    while todo:
        fresh = after[todo.pop()] - seen
        seen |= fresh
        todo += fresh
    return seen


class AllJoin(ParallelGateway):
    """A gateway that joins by the rule of the standard (BPMN 2.0.2, 13.4.1): it fires when a token waits at every way in.

    SpiffWorkflow's own gateways take an arrival of an earlier round of a ring for one of this round.
    """

    def _update_hook(self, my_task: Task) -> bool:
        tokens = [task for task in _reached(my_task) if task.task_spec is self or task is my_task]
        first = {task.parent.task_spec: task for task in (*reversed(tokens), my_task)}
        if not self.fires(my_task, set(first)):
            my_task._set_state(TaskState.WAITING)
            return False
        for task in first.values():
            if task is not my_task:
                task.cancel()
        my_task._inherit_data()
        return True

    def fires(self, my_task: Task, filled: set[TaskSpec]) -> bool:
        return filled >= set(self.inputs)

    def _run_hook(self, my_task: Task) -> bool:
        return True


class ReachableJoin(AllJoin):
    """The inclusive gateway (13.4.3): it fires when no token can still reach one of its empty ways in, leaving aside such
    as can reach a filled one too."""

    def fires(self, my_task: Task, filled: set[TaskSpec]) -> bool:
        for spec in {task.task_spec for task in _reached(my_task, TaskState.READY) if task.task_spec is not self}:
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


def _reached(my_task: Task, more: int = 0) -> list[Task]:
    """The tokens: tasks that are not only foreseen."""
    state = TaskState.FUTURE | TaskState.WAITING | more
    tasks = my_task.workflow.get_tasks(state=state)
    return [task for task in tasks if task.parent is not None and task.parent.state is TaskState.COMPLETED]


class Parser(BpmnParser):
    """SpiffWorkflow with the joins of the standard."""

    OVERRIDE_PARSER_CLASSES = {
        full_tag("parallelGateway"): (GatewayParser, AllJoin),
        full_tag("inclusiveGateway"): (GatewayParser, ReachableJoin),
    }


class Engine:
    """A procedure, exported and parsed by SpiffWorkflow; each path begins a workflow of its own."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.made, limits = process(procedure)
        self.named = {(limit.step, limit.answer) for limit in limits}
        parser = Parser() if joins_in_a_ring(procedure, self.made) else BpmnParser()
        parser.add_bpmn_str(write_bpmn(procedure))
        self.spec = parser.get_spec("process")
        self.tasks, self.variables = self.made.tasks, self.made.variables
        self.steps = {task: step for step, task in self.tasks.items()}
        self.starts = {
            node.id: {node.entry, ""} if node.ordinary else {node.entry}
            for node in self.made.nodes
            if node.kind is NodeKind.START
        }

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
                if entry not in self.starts[task.task_spec.name]:
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


def agreed(engine: Engine, path: Path) -> int:
    """How many of the acts of ``path`` lead to the same by the standard: all, or those before the first that the limits
    must name."""
    tokens = Tokens(engine.made)
    marking = tokens.begin(engine.tasks[engine.procedure.entries[path.entry]])
    for number, ((step, answer), opened) in enumerate(zip(path.acts, path.open[1:], strict=True)):
        way = next(way for way in engine.procedure.by_id[step].exits if way.answer == answer)
        marking = tokens.complete(marking, engine.tasks[step], way)
        here = {engine.tasks[name]: 1 for name in opened}
        if dict(tokens.open_tasks(marking)) != here or any(count > 1 for _, count in marking):
            return number
    return len(path.acts)


def parted(engine: Engine, path: Path) -> int:
    """How many acts of ``path`` lead to the same open steps in SpiffWorkflow and in ``core.flow``; -1 where they begin
    differently."""
    for number, (ours, theirs) in enumerate(zip(path.open, engine.opened(path), strict=True)):
        if ours != theirs:
            return number - 1
    return len(path.acts)
