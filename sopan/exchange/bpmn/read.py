"""A BPMN file -> the procedure that it is, or why it is not read.

Files of ours give the same procedure back. Of other tools' files everything is read that a procedure has a place for;
what they do not tell (numbers, times, outputs) stays empty, and what is derived is named under ``inferred``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from lxml import etree

from sopan.core.dump import from_data
from sopan.core.durations import parse_duration
from sopan.core.model import Actor, Procedure, Step, StepKind
from sopan.core.write import to_file
from sopan.exchange.bpmn import extension
from sopan.exchange.bpmn.elements import TASKS, Element, Process, ours, process_of
from sopan.exchange.bpmn.names import BPMN
from sopan.exchange.bpmn.order import in_order
from sopan.exchange.bpmn.ways import Way, begins, outcome, ways
from sopan.exchange.document import Unreadable
from sopan.exchange.readers.package import Refused, parse_xml, refuse_entities

LARGEST_FILE = 10_000_000  # bytes
LONGEST_SLUG = 60


def is_bpmn(data: bytes) -> bool:
    """Whether the file says of itself that it is BPMN 2.0."""
    return data.lstrip()[:1] == b"<" and BPMN.encode() in data[:16_384]


def read_bpmn(data: bytes, *, name: str) -> Procedure | Unreadable:
    """The procedure in the file. No content raises; what is outside of the closed set is refused by its name and id."""
    if len(data) > LARGEST_FILE:
        return Unreadable(name, f"It is larger than {LARGEST_FILE:,} bytes.")
    try:
        refuse_entities(data)
        return _as_printed(_Reader(process_of(parse_xml(data)), name).procedure())
    except Refused as refused:
        return Unreadable(name, str(refused))


def _as_printed(procedure: Procedure) -> Procedure:
    """The procedure; where its times are not what their printed forms mean, which a procedure file cannot hold, what is
    printed counts. Raises Refused where that does not help."""
    try:
        to_file(procedure)
        return procedure
    except ValueError:
        steps = (replace(step, time=parse_duration(step.time.printed)) for step in procedure.steps)
        procedure = replace(procedure, steps=tuple(steps))
    try:
        to_file(procedure)
    except ValueError as fault:
        raise Refused(f"It cannot be a procedure: {fault}.") from None
    return procedure


def code(text: str, taken: Collection[str], *, otherwise: str) -> str:
    """A code for the words that people read, none of ``taken``: "Ya, setuju" -> "ya_setuju"."""
    word = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:36].strip("_")
    word = word if re.match("[a-z]", word) else otherwise
    found, number = word, 2
    while found in taken:
        found, number = f"{word}_{number}", number + 1
    return found


class _Reader:
    def __init__(self, process: Process, name: str) -> None:
        self.process, self.name = process, name
        self.tasks = {one.id: one for one in process.elements.values() if one.tag in TASKS}
        self.told = {id_: _told(one.xml, "step", Step) for id_, one in self.tasks.items()}
        self.ways = {id_: ways(process, one) for id_, one in self.tasks.items()}
        self.ways_in = self._ways_in()
        self.splits = any(len(way.to) > 1 for found in self.ways.values() for way in found)
        self.entries = self._entries()
        self.sequence = self._sequence()
        self.order = sorted(self.sequence, key=lambda id_: self.sequence[id_])
        self.ids = self._ids()
        self.actors = self._actors()

    def _ways_in(self) -> dict[str, list[tuple[str, bool]]]:
        """Id of a task -> the tasks that lead to it, and whether a gateway that joins stands between."""
        into: dict[str, list[tuple[str, bool]]] = {id_: [] for id_ in self.tasks}
        for id_, found in self.ways.items():
            for target, joined in (goal for way in found for goal in way.to):
                into[target].append((id_, joined))
        return into

    def procedure(self) -> Procedure:
        data = self._whole()
        data["actors"] = list(self.actors.values())
        data["steps"] = [self._step(self.tasks[id_]) for id_ in self.order]
        try:
            return from_data(data)
        except (ValueError, TypeError) as fault:
            raise Refused(f"What it tells in Sopan's own elements cannot be used: {str(fault)[:200]}.") from None

    # The whole --------------------------------------------------------------------------------------------------------

    def _whole(self) -> dict[str, Any]:
        told = _told(self.process.xml, "procedure", Procedure)
        if told:
            return told | {"identity": told.get("identity", {}) | {"name": self.process.name}}
        name = _line(self.process.name) or PurePath(self.name).stem
        made_by = self.process.xml.getparent().get("exporter", "")
        return {
            "slug": code(name, (), otherwise="sop").replace("_", "-"),
            "identity": {"number": "", "name": name},
            "source": f"{self.name} ({made_by})" if made_by else self.name,
            "notes": ["The steps are numbered in the order of the ways in the diagram.", *self.process.notes],
        }

    def _entries(self) -> dict[str, str]:
        """Name of an entry -> id of its task; "" is the ordinary beginning, the first start event that tells no name."""
        entries: dict[str, str] = {}
        for start in (one for one in self.process.elements.values() if one.tag == "startEvent"):
            mark, task = ours(start.xml, "start"), begins(self.process, start)
            if mark is not None:
                entries[mark.get("entry") or ""] = task
                if mark.get("ordinary") == "true":
                    entries[""] = task
            elif "" not in entries:
                entries[""] = task
            elif task not in entries.values():
                entries[code(start.name, entries, otherwise="masuk")] = task
        if "" not in entries:
            raise Refused("It has no start event that is the ordinary beginning.")
        return entries

    def _sequence(self) -> dict[str, int]:
        """Id of a task -> its place: what the tasks tell, if all do and the beginning is first; else down the ways."""
        told = {id_: one["sequence"] for id_, one in self.told.items() if "sequence" in one}
        first = self.entries[""]
        if len(set(told.values())) == len(self.tasks) and min(told, key=lambda id_: told[id_]) == first:
            return told
        after = {id_: [target for way in found for target, _ in way.to] for id_, found in self.ways.items()}
        order = in_order(after, [first, *self.entries.values()])
        lost = self.tasks.keys() - set(order)
        if lost:
            raise Refused(f"No way leads from the beginning to {self.tasks[min(lost)]}.")
        return {id_: place for place, id_ in enumerate(order, 1)}

    def _ids(self) -> dict[str, str]:
        """Id of a task -> id of its step: the told ones, and for the others numbers that none of them has."""
        ids = {id_: told["id"] for id_, told in self.told.items() if "id" in told}
        if len(set(ids.values())) < len(ids):
            raise Refused("Two tasks tell the same id of a step.")
        taken = set(ids.values())
        free = (str(number) for number in range(1, 2 * len(self.tasks) + 1) if str(number) not in taken)
        return ids | {id_: next(free) for id_ in self.order if id_ not in ids}

    def _actors(self) -> dict[str, dict[str, Any]]:
        """Id of a lane -> the actor as data."""
        actors: dict[str, dict[str, Any]] = {}
        taken: set[str] = set()
        for lane in self.process.lanes:
            told = _told(lane.xml, "actor", Actor) if lane.xml is not None else {}
            id_ = told.get("id") or code(lane.name, taken, otherwise="pelaksana")
            if id_ in taken:
                raise Refused(f"Two lanes are the actor {id_!r}.")
            taken.add(id_)
            actors[lane.id] = {**told, "id": id_, "name": lane.name if told else _line(lane.name) or id_}
        return actors

    # Steps ------------------------------------------------------------------------------------------------------------

    def _step(self, task: Element) -> dict[str, Any]:
        told = self.told[task.id]
        if task.lane not in self.actors:
            raise Refused(f"{task} stands in no lane.")
        step: dict[str, Any] = {
            **told,
            "id": self.ids[task.id],
            "no": told.get("no", self.ids[task.id]),
            "sequence": self.sequence[task.id],
            "actors": [self.actors[task.lane]["id"], *told.get("actors", [])],
            "exits": self._exits(task),
        }
        step |= _words(task, told)
        entry = next((name for name, id_ in self.entries.items() if name and id_ == task.id), "")
        if entry:
            step["entry"] = entry
        if self._joins(task):
            step["join"] = True
        return step if told else step | self._derived(step)

    def _derived(self, step: dict[str, Any]) -> dict[str, Any]:
        """What follows for a task that tells nothing of Sopan's."""
        derived: dict[str, Any] = {"inferred": ["no"] if self.process.has_lanes else ["no", "actor"]}
        if len(step["exits"]) > 1:
            derived["kind"] = StepKind.DECISION.value
        return derived

    def _exits(self, task: Element) -> list[dict[str, Any]]:
        found = self.ways[task.id]
        exits: list[dict[str, Any]] = []
        for number, way in enumerate(found, 1):
            mark = ours(way.arrow.xml, "exit") if way.arrow else None
            taken = {one["answer"] for one in exits}
            label = way.label if self.told[task.id] else _line(way.label)
            exit_: dict[str, Any] = {"answer": "", "label": label if mark is not None or len(found) > 1 else ""}
            if mark is not None:
                exit_["answer"] = mark.get("answer") or ""
                exit_["reason"] = mark.get("reason") == "true"
            elif len(found) > 1:
                exit_["answer"] = code(way.label, taken, otherwise=f"jawaban{number}")
            exits.append(exit_ | self._goal(way))
        return exits

    def _goal(self, way: Way) -> dict[str, Any]:
        if way.to:
            return {"to": [self.ids[target] for target, _ in way.to]}
        return {"end": outcome(way.end, splits=self.splits).value}

    def _joins(self, task: Element) -> bool:
        """Whether a gateway makes the ways from above wait. Refused where it makes only some of them wait."""
        ways_in = {(joined, self.sequence[id_] < self.sequence[task.id]) for id_, joined in self.ways_in[task.id]}
        if (True, False) in ways_in:
            raise Refused(f"A way back leads into the gateway before {task}; it must lead to the task itself.")
        waits = {joined for joined, forward in ways_in if forward}
        if len(waits) > 1:
            raise Refused(f"Before {task} some ways wait at a gateway and others do not.")
        return True in waits


def _told(xml: etree._Element, tag: str, kind: type) -> dict[str, Any]:
    """What an element of our own tells; empty where there is none. Raises Refused."""
    found = ours(xml, tag)
    if found is None:
        return {}
    try:
        return extension.data_of(found, kind)
    except ValueError as fault:
        raise Refused(f"What it tells in Sopan's own elements cannot be used: {fault}.") from None


def _words(task: Element, told: dict[str, Any]) -> dict[str, str]:
    """Activity and short name. The name of a task is the short name where the activity is told apart."""
    if not told:
        if not _line(task.name):
            raise Refused(f"{task} has no name.")
        return {"activity": _line(task.name)}
    text = task.name.removeprefix(f"{told['no']}. ") if told.get("no") else task.name
    return {"name": text, "activity": told["activity"]} if "activity" in told else {"activity": text}


def _line(text: str) -> str:
    return " ".join(text.split())
