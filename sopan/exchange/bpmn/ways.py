"""From arrows and gateways to the exits of steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sopan.core.model import Outcome
from sopan.exchange.bpmn.elements import TASKS, Arrow, Element, Process, ours
from sopan.exchange.bpmn.names import ENDS
from sopan.exchange.readers.package import Refused

MOST_EXITS = 50
MOST_BRANCHES = 50
LONGEST_CHAIN = 50  # of gateways
_REJECTING = ("tolak", "reject", "batal", "cancel", "gagal", "declin")
_WITHDRAWING = ("tarik", "withdraw")


@dataclass(frozen=True, slots=True)
class Way:
    """An exit: where it leads (ids of tasks; whether a join stands before each), or how the case ends."""

    arrow: Arrow | None = None  # the one that carries the answer
    label: str = ""
    to: tuple[tuple[str, bool], ...] = ()
    end: Element | None = None


def ways(process: Process, task: Element) -> list[Way]:
    """The exits of a task. Raises Refused where gateways mean something that no exit can say."""
    if not task.out:
        return [Way()]  # nothing follows: the standard says that this ends the branch
    if len(task.out) == 1:
        return _answered(_Walk(process).follow(task.out[0]), task.out[0])
    if task.xml.get("default") or any(_decides(arrow) for arrow in task.out):
        raise Refused(f"{task} has ways with conditions; put an exclusive gateway behind it.")
    return [_parallel([_Walk(process).follow(arrow) for arrow in task.out], task)]


def begins(process: Process, start: Element) -> str:
    """The task that a start event leads to."""
    if len(start.out) != 1:
        raise Refused(f"{start} must lead to one task.")
    found = _Walk(process).follow(start.out[0])
    if len(found) != 1 or len(found[0].to) != 1:
        raise Refused(f"{start} leads to a gateway or an end; a procedure begins with one task.")
    return found[0].to[0][0]


def outcome(end: Element | None, *, splits: bool) -> Outcome:
    """How a case ends there. A foreign end that stops everything is a rejection if it is called so."""
    told = ours(end.xml, "end") if end is not None else None
    if told is not None and told.get("outcome") in set(Outcome):
        return Outcome(told.get("outcome"))
    if end is None or not end.at_once:
        return Outcome.FINISHED
    name = end.name.lower()
    if any(word in name for word in _WITHDRAWING) or end.name == ENDS[Outcome.WITHDRAWN]:
        return Outcome.WITHDRAWN
    if any(word in name for word in _REJECTING):
        return Outcome.REJECTED
    if splits:
        raise Refused(f"{end} stops branches that run beside it; only a rejection does that in a procedure.")
    return Outcome.FINISHED


def _decides(arrow: Arrow) -> bool:
    return any(str(child.tag).endswith("}conditionExpression") for child in arrow.xml)


def _answered(found: list[Way], arrow: Arrow) -> list[Way]:
    """A task with one exit: its arrow carries what is told about it."""
    return [replace(found[0], arrow=arrow, label=arrow.label)] if len(found) == 1 else found


def _parallel(branches: list[list[Way]], at: Element) -> Way:
    """One exit that opens what all branches lead to; a branch that only ends adds nothing."""
    for branch in branches:
        if len(branch) != 1:
            raise Refused(f"Behind {at} a decision follows without a task that decides.")
        if branch[0].end is not None and branch[0].end.at_once:
            raise Refused(f"Behind {at} a branch leads to {branch[0].end} at once.")
    to = tuple(target for (way,) in branches for target in way.to)
    if len(to) > MOST_BRANCHES:
        raise Refused(f"{at} opens more than {MOST_BRANCHES} tasks.")
    return Way(to=to) if to else branches[0][0]


class _Walk:
    """Along one arrow through gateways to tasks and ends; a ring of gateways is refused."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.passed: list[str] = []

    def follow(self, arrow: Arrow, joined: bool = False) -> list[Way]:
        node = self.process.elements[arrow.target]
        if node.tag in TASKS:
            return [Way(to=((node.id, joined),))]
        if node.tag == "endEvent":
            return [Way(end=node)]
        if node.tag == "startEvent" or node.id in self.passed:
            raise Refused(f"The ways through {node} go in a ring without a task.")
        if not node.out:
            raise Refused(f"{node} leads nowhere.")
        if len(self.passed) == LONGEST_CHAIN:
            raise Refused(f"Before {node} stand more than {LONGEST_CHAIN} gateways without a task.")
        self.passed.append(node.id)
        try:
            return self._through(node, joined)
        finally:
            self.passed.pop()

    def _through(self, node: Element, joined: bool) -> list[Way]:
        waits = node.tag != "exclusiveGateway" and len(node.into) > 1
        if len(node.out) == 1:
            return self.follow(node.out[0], joined or waits)
        if joined or waits:
            raise Refused(f"{node} follows a gateway that joins branches; a procedure has a task between them.")
        if node.tag == "parallelGateway":
            return [_parallel([self.follow(arrow) for arrow in node.out], node)]
        if node.tag == "inclusiveGateway":
            raise Refused(f"{node} opens some of several ways; a procedure opens one of them or all.")
        return list(self._answers(node))

    def _answers(self, node: Element) -> Iterator[Way]:
        count = 0
        for arrow in node.out:
            for way in self.follow(arrow):
                count += 1
                if count > MOST_EXITS:
                    raise Refused(f"{node} has more than {MOST_EXITS} ways.")
                label = " / ".join(text for text in (arrow.label, way.label) if text)
                yield replace(way, arrow=way.arrow or arrow, label=label)
