"""A procedure -> the bytes of a BPMN 2.0 file, with its diagram."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from sopan.core.dump import to_data
from sopan.core.durations import words
from sopan.core.model import Outcome, Procedure, Step
from sopan.exchange.bpmn import extension
from sopan.exchange.bpmn.graph import Flow, Graph, Node, NodeKind, joins_by_gateway
from sopan.exchange.bpmn.layout import Box, Diagram, lay_out
from sopan.exchange.bpmn.limits import Limit, process
from sopan.exchange.bpmn.names import BPMNDI, DC, DI, PREFIXES, TARGET, XSI, bpmn

DRAWN = frozenset({"actors", "exits", "join", "entry", "name"})  # of a step: what the diagram tells
_TAGS = {NodeKind.JOIN_ALL: "parallelGateway"}


def write_bpmn(procedure: Procedure) -> bytes:
    """The file of a procedure. Raises ValueError where it cannot be drawn (see ``graph``), or holds a letter that XML has
    not."""
    made, limits = process(procedure)
    root = etree.Element(bpmn("definitions"), nsmap=PREFIXES)
    root.attrib.update({"id": "definitions", "targetNamespace": TARGET, "exporter": "Sopan"})
    pool = _add(root, "collaboration", id="collaboration")
    _add(pool, "participant", id="pool", name=procedure.identity.name, processRef="process")
    _process(root, procedure, made, limits)
    _diagram(root, made, lay_out(made, list(procedure.actor_by_id)))
    tree = etree.ElementTree(root)
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, bpmn(tag), {name: value for name, value in attributes.items() if value})


def _process(root: etree._Element, procedure: Procedure, made: Graph, limits: list[Limit]) -> None:
    data = to_data(procedure)
    element = _add(root, "process", id="process", name=procedure.identity.name, isExecutable="true")
    _documentation(element, "\n".join([procedure.identity.number, *map(str, limits)]))
    whole = {name: value for name, value in data.items() if name not in ("actors", "steps")}
    whole["identity"] = {name: value for name, value in data["identity"].items() if name != "name"}
    extension.add(_add(element, "extensionElements"), "procedure", whole)
    _lanes(element, procedure, data, made)
    _nodes(element, procedure, data, made)
    for flow in made.flows:
        _flow(element, flow)


def _nodes(process: etree._Element, procedure: Procedure, data: Mapping[str, Any], made: Graph) -> None:
    steps = {one["id"]: one for one in data["steps"]}
    alone = {step.id for step in procedure.steps if step.join and not joins_by_gateway(procedure, step)}
    for node in made.nodes:
        element = _node(process, node)
        if node.step:
            _step(element, node.step, steps[node.step.id], alone=node.step.id in alone)
        _ways(element, node, made)


def _documentation(element: etree._Element, text: str) -> None:
    if text:
        _add(element, "documentation").text = text


def _lanes(process: etree._Element, procedure: Procedure, data: Mapping[str, Any], made: Graph) -> None:
    if not procedure.actors:
        return
    lanes = _add(process, "laneSet", id="lanes")
    for place, (actor, told) in enumerate(zip(procedure.actors, data["actors"], strict=True), 1):
        lane = _add(lanes, "lane", id=f"lane_{place}", name=actor.name)
        extension.add(_add(lane, "extensionElements"), "actor", {k: v for k, v in told.items() if k != "name"})
        for node in made.nodes:
            if node.lane == actor.id:
                _add(lane, "flowNodeRef").text = node.id


def _node(process: etree._Element, node: Node) -> etree._Element:
    element = _add(process, _TAGS.get(node.kind, node.kind.value), id=node.id, name=node.name)
    if node.kind in (NodeKind.DECISION, NodeKind.SPLIT):
        element.set("gatewayDirection", "Diverging")
    elif node.kind in (NodeKind.JOIN_ALL, NodeKind.JOIN_REACHABLE):
        element.set("gatewayDirection", "Converging")
    if node.outcome:
        extension.add(_add(element, "extensionElements"), "end", {"outcome": node.outcome.value})
    if node.kind is NodeKind.START:
        extension.add(_add(element, "extensionElements"), "start", {"entry": node.entry, "ordinary": node.ordinary})
    return element


def _ways(element: etree._Element, node: Node, made: Graph) -> None:
    for flow in made.flows:
        if flow.target == node.id:
            _add(element, "incoming").text = flow.id
    for flow in made.flows:
        if flow.source == node.id:
            _add(element, "outgoing").text = flow.id
    if node.outcome and node.outcome is not Outcome.FINISHED:  # ends the case at once, whatever else is open
        _add(element, "terminateEventDefinition", id=f"now_{node.id}")


def _step(element: etree._Element, step: Step, data: Mapping[str, Any], *, alone: bool) -> None:
    _documentation(element, "\n".join(_words(step)))
    kept = {name: value for name, value in data.items() if name not in DRAWN}
    if not step.name:
        del kept["activity"]  # it is the name of the task
    if step.actors[1:]:
        kept["actors"] = list(step.actors[1:])
    if alone:
        kept["join"] = True
    extension.add(_add(element, "extensionElements"), "step", kept)


def _words(step: Step) -> Iterator[str]:
    """What people read who open the file with another tool."""
    if step.name:
        yield f"Uraian: {step.activity}"
    if step.requirements:
        yield f"Kelengkapan: {'; '.join(one.text for one in step.requirements)}"
    if time := step.time.printed or words(step.time):
        yield f"Waktu: {time}"
    if step.outputs:
        yield f"Keluaran: {'; '.join(step.outputs)}"
    if step.remarks:
        yield f"Keterangan: {step.remarks}"


def _flow(process: etree._Element, flow: Flow) -> None:
    element = _add(process, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target, name=flow.name)
    if flow.way and (flow.variable or flow.way.answer or flow.way.label or flow.way.reason):
        told = {"answer": flow.way.answer} | ({"reason": True} if flow.way.reason else {})
        extension.add(_add(element, "extensionElements"), "exit", told)
    if flow.way and flow.variable:
        condition = _add(element, "conditionExpression")
        condition.set(f"{{{XSI}}}type", "tFormalExpression")
        condition.text = f"{flow.variable} == {json.dumps(flow.way.answer, ensure_ascii=False)}"


# The diagram ----------------------------------------------------------------------------------------------------------


def _diagram(root: etree._Element, made: Graph, drawn: Diagram) -> None:
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="diagram")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id="plane", bpmnElement="collaboration")
    _shape(plane, "pool", drawn.pool, isHorizontal="true")
    for place, lane in enumerate(drawn.lanes.values(), 1):
        _shape(plane, f"lane_{place}", lane, isHorizontal="true")
    for node in made.nodes:
        marked = {"isMarkerVisible": "true"} if node.kind is NodeKind.DECISION else {}
        _name(_shape(plane, node.id, drawn.nodes[node.id], **marked), drawn.names.get(node.id))
    for flow in made.flows:
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"edge_{flow.id}", bpmnElement=flow.id)
        for x, y in drawn.flows[flow.id]:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=str(x), y=str(y))
        _name(edge, drawn.names.get(flow.id))


def _shape(plane: etree._Element, name: str, box: Box, **attributes: str) -> etree._Element:
    shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"shape_{name}", bpmnElement=name, **attributes)
    _bounds(shape, box)
    return shape


def _bounds(parent: etree._Element, box: Box) -> None:
    sides = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
    etree.SubElement(parent, f"{{{DC}}}Bounds", {name: str(value) for name, value in sides.items()})


def _name(parent: etree._Element, box: Box | None) -> None:
    if box:
        _bounds(etree.SubElement(parent, f"{{{BPMNDI}}}BPMNLabel"), box)
