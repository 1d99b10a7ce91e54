"""The file is valid, opens without a warning, and its diagram shows every element where nothing covers another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import bpmn_io
import pytest
import SpiffWorkflow.bpmn.parser
from hypothesis import HealthCheck, given, settings
from lxml import etree

from sopan.core.model import Procedure
from sopan.core.tests.random_procedures import procedures
from sopan.exchange.bpmn.graph import Graph, NodeKind
from sopan.exchange.bpmn.layout import Box, Diagram, lay_out
from sopan.exchange.bpmn.limits import process
from sopan.exchange.bpmn.write import write_bpmn

from .files import BLOCK, FILES, NAMES, RETURN_INTO_A_BRANCH, procedure_at
from .test_round_trip import EVERYTHING

SCHEMA = Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "BPMN20.xsd"


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMA))


def faults(data: bytes) -> list[str]:
    """What the schema of the OMG and the reader of bpmn.io say against a file; each misses what the other finds."""
    schema().validate(etree.fromstring(data))
    report = bpmn_io.check(data.decode())
    return [*map(str, schema().error_log), *map(str, report.errors), *map(str, report.warnings)]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_procedure_gives_a_valid_file_and_a_clear_diagram(path: Path) -> None:
    assert faults(write_bpmn(procedure_at(path))) == []
    assert list(covered(procedure_at(path))) == []


@pytest.mark.parametrize("made", [EVERYTHING, BLOCK, RETURN_INTO_A_BRANCH], ids=["everything", "block", "inclusive"])
def test_every_kind_of_element_is_valid(made: Procedure) -> None:
    assert faults(write_bpmn(made)) == []
    assert list(covered(made)) == []


@settings(deadline=None, database=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(procedures())
def test_random_procedures_are_valid_and_clear(made: Procedure) -> None:
    assert faults(write_bpmn(made)) == []
    assert list(covered(made)) == []


def test_both_checks_can_find_something() -> None:
    data = write_bpmn(BLOCK).decode()
    assert faults(data.replace("targetRef", "aim").encode())
    assert faults(data.replace("<userTask", "<useTask").replace("</userTask", "</useTask").encode())
    assert faults(data.replace('targetRef="step_2"', 'targetRef="nothing"').encode())


def test_a_line_through_a_task_would_be_found() -> None:
    graph, _ = process(BLOCK)
    drawn = lay_out(graph, ["a", "b"])
    first, last = drawn.nodes["step_1"], drawn.nodes["step_5"]
    drawn.flows["flow_step_1_step_5"] = ((first.right, first.middle), (last.x, first.middle))
    assert any("step_2" in fault for fault in _crossed(drawn))


def covered(made: Procedure) -> Iterator[str]:
    """Every shape that overlaps another, lies outside of its lane, or is crossed by a line that does not end there."""
    graph, _ = process(made)
    drawn = lay_out(graph, list(made.actor_by_id))
    yield from _overlapping(drawn)
    yield from _outside(graph, drawn)
    yield from _crossed(drawn)
    yield from _loose(graph, drawn)
    yield from _shared(graph, drawn)


def _overlapping(drawn: Diagram) -> Iterator[str]:
    for boxes in (drawn.nodes, drawn.lanes):
        for (one, box), (other, with_) in combinations(boxes.items(), 2):
            if box.overlaps(with_):
                yield f"{one} overlaps {other}"


def _outside(graph: Graph, drawn: Diagram) -> Iterator[str]:
    for node in graph.nodes:
        box, lane = drawn.nodes[node.id], drawn.lanes[node.lane]
        if box.x < lane.x or box.y < lane.y or box.right > lane.right or box.y + box.height > lane.y + lane.height:
            yield f"{node.id} is outside of its lane"


def _lines(drawn: Diagram) -> Iterator[tuple[str, Box]]:
    for name, points in drawn.flows.items():
        for (x1, y1), (x2, y2) in pairwise(points):
            if x1 != x2 and y1 != y2:
                raise AssertionError(f"{name} is slanting")
            yield name, Box(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))


def _crossed(drawn: Diagram) -> Iterator[str]:
    inner = {name: Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2) for name, box in drawn.nodes.items()}
    for flow, line in _lines(drawn):
        thick = Box(line.x, line.y, max(line.width, 1), max(line.height, 1))
        for name, box in inner.items():
            if box.overlaps(thick):
                yield f"{flow} leads through {name}"


def _loose(graph: Graph, drawn: Diagram) -> Iterator[str]:
    for flow in graph.flows:
        begin, end = drawn.flows[flow.id][0], drawn.flows[flow.id][-1]
        source, target = drawn.nodes[flow.source], drawn.nodes[flow.target]
        if begin != (source.right, source.middle) or end != (target.x, target.middle):
            yield f"{flow.id} does not lead from border to border"


def _shared(graph: Graph, drawn: Diagram) -> Iterator[str]:
    """Two flows on one line that neither leave the same node nor enter the same node."""
    ends = {flow.id: (flow.source, flow.target) for flow in graph.flows}
    for (one, line), (other, with_) in combinations(_lines(drawn), 2):
        kin = ends[one][0] == ends[other][0] or ends[one][1] == ends[other][1]
        level = line.height == with_.height == 0 and line.y == with_.y and line.x < with_.right and with_.x < line.right
        plumb = line.width == with_.width == 0 and line.x == with_.x
        upright = plumb and line.y < with_.y + with_.height and with_.y < line.y + line.height
        if not kin and (level or upright):
            yield f"{one} and {other} share a line"


def test_decisions_show_their_marker_and_events_their_names() -> None:
    root = etree.fromstring(write_bpmn(procedure_at(FILES[0])))
    graph, _ = process(procedure_at(FILES[0]))
    for node in graph.nodes:
        (shape,) = root.xpath("//*[local-name()='BPMNShape'][@bpmnElement=$id]", id=node.id)
        assert (shape.get("isMarkerVisible") == "true") == (node.kind is NodeKind.DECISION)
        assert bool(shape.xpath("*[local-name()='BPMNLabel']")) == (node.kind in (NodeKind.START, NodeKind.END))
