"""What a BPMN file holds, as far as a procedure has a place for it; everything else is refused by its name and id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from sopan.core.model import Outcome
from sopan.exchange.bpmn.names import BPMN, bpmn, sopan
from sopan.exchange.readers.package import Refused

TASKS = frozenset(
    ["task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask"]
)
GATEWAYS = frozenset(["exclusiveGateway", "parallelGateway", "inclusiveGateway"])
EVENTS = frozenset(["startEvent", "endEvent"])
QUIET = frozenset(  # say nothing about the way of a case
    [
        "documentation",
        "extensionElements",
        "laneSet",
        "auditing",
        "monitoring",
        "property",
        "ioSpecification",
        "supportedInterfaceRef",
        "correlationSubscription",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "supports",
    ]
)
ASIDE = frozenset(  # say something that a procedure has no place for: left out, and told
    ["textAnnotation", "association", "group", "dataObject", "dataObjectReference", "dataStoreReference", "category"]
)
_INSIDE = frozenset(  # of a node
    [
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "ioSpecification",
        "property",
        "dataInputAssociation",
        "dataOutputAssociation",
        "dataInput",
        "dataOutput",
        "inputSet",
        "outputSet",
        "resourceRole",
        "performer",
        "humanPerformer",
        "potentialOwner",
        "auditing",
        "monitoring",
        "rendering",
        "script",
        "categoryValueRef",
    ]
)
MOST_NODES = 5_000
MOST_NOTES = 50


@dataclass(slots=True)
class Element:
    """A task, gateway or event."""

    id: str
    tag: str
    name: str
    xml: etree._Element
    lane: str = ""
    outcome: Outcome | None = None  # of an end
    at_once: bool = False  # an end that ends everything
    into: list[Arrow] = field(default_factory=list)
    out: list[Arrow] = field(default_factory=list)

    def __str__(self) -> str:
        return described(self.xml)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A sequence flow."""

    source: str
    target: str
    xml: etree._Element

    @property
    def label(self) -> str:
        return self.xml.get("name") or ""


@dataclass(slots=True)
class Lane:
    """A lane, or the pool where there are none; ``xml`` None where the file names neither."""

    id: str
    name: str
    xml: etree._Element | None


@dataclass(slots=True)
class Process:
    """The one process of a file."""

    xml: etree._Element
    name: str
    elements: dict[str, Element] = field(default_factory=dict)
    lanes: list[Lane] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_lanes: bool = False


def described(xml: etree._Element) -> str:
    """How a message calls an element: its kind, its name and its id."""
    name = " ".join((xml.get("name") or "").split())
    told = f"{etree.QName(xml).localname} {name[:60]!r}" if name else etree.QName(xml).localname
    return f"{told} (id {(xml.get('id') or 'none')[:60]})"


def ours(xml: etree._Element | None, tag: str) -> etree._Element | None:
    """The element of our own namespace in the extensions of ``xml``."""
    return None if xml is None else xml.find(f"{bpmn('extensionElements')}/{sopan(tag)}")


def process_of(root: etree._Element) -> Process:
    """The process of a file. Raises Refused for none, for several, and for what no procedure has a place for."""
    if root.tag != bpmn("definitions"):
        raise Refused("It is no BPMN 2.0 file: its root is not definitions.")
    filled = [one for one in root.findall(bpmn("process")) if any(_local(child) in EVENTS | TASKS for child in one)]
    if len(filled) != 1:
        told = ", ".join(described(one) for one in filled) or "none"
        raise Refused(f"It must hold one process with tasks; it holds {told[:300]}.")
    pools = {one.get("processRef"): one for one in root.iter(bpmn("participant"))}
    pool = pools.get(filled[0].get("id"))
    name = (pool is not None and pool.get("name")) or filled[0].get("name") or ""
    process = Process(filled[0], name)
    _fill(process)
    _lanes(process, pool)
    process.notes += [f"Left out: {described(one)}." for ref, one in pools.items() if ref != filled[0].get("id")] + [
        f"Left out: {described(one)}." for one in root.iter(bpmn("messageFlow"))
    ]
    process.notes[MOST_NOTES:] = []
    return process


def _local(xml: etree._Element) -> str:
    return etree.QName(xml).localname if isinstance(xml.tag, str) and xml.tag.startswith(f"{{{BPMN}}}") else ""


def _children(xml: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    return ((_local(child), child) for child in xml if isinstance(child.tag, str))


def _fill(process: Process) -> None:
    arrows = []
    for tag, child in _children(process.xml):
        if tag in TASKS | GATEWAYS | EVENTS:
            _element(process, tag, child)
        elif tag == "sequenceFlow":
            arrows.append(child)
        elif tag in ASIDE:
            process.notes.append(f"Left out: {described(child)}{_text(child)}.")
        elif tag and tag not in QUIET:
            raise Refused(f"A procedure has no place for {described(child)}.")
    for arrow in arrows:
        _arrow(process, arrow)


def _text(annotation: etree._Element) -> str:
    text = " ".join((annotation.findtext(bpmn("text")) or "").split())
    return f": {text[:200]}" if text else ""


def _element(process: Process, tag: str, xml: etree._Element) -> None:
    name = xml.get("id") or ""
    if not name or name in process.elements:
        raise Refused(f"{described(xml)} has no id of its own.")
    if len(process.elements) >= MOST_NODES:
        raise Refused(f"It has more than {MOST_NODES:,} tasks, gateways and events.")
    element = Element(name, tag, xml.get("name") or "", xml)
    for inner, _child in _children(xml):
        if tag == "endEvent" and inner == "terminateEventDefinition":
            element.at_once = True
        elif inner and inner not in _INSIDE:
            raise Refused(f"A procedure has no place for the {inner} of {described(xml)}.")
    process.elements[name] = element


def _arrow(process: Process, xml: etree._Element) -> None:
    source, target = (process.elements.get(xml.get(end) or "") for end in ("sourceRef", "targetRef"))
    if source is None or target is None:
        raise Refused(f"{described(xml)} begins or ends nowhere.")
    arrow = Arrow(source.id, target.id, xml)
    source.out.append(arrow)
    target.into.append(arrow)


def _lanes(process: Process, pool: etree._Element | None) -> None:
    """The lanes that hold nodes or stand alone; of lanes in lanes the inner ones."""
    for xml in process.xml.iter(bpmn("lane")):
        if xml.find(bpmn("childLaneSet")) is not None and not xml.findall(bpmn("flowNodeRef")):
            continue
        lane = Lane(xml.get("id") or str(len(process.lanes)), xml.get("name") or "", xml)
        process.lanes.append(lane)
        for ref in xml.findall(bpmn("flowNodeRef")):
            element = process.elements.get((ref.text or "").strip())
            if element is not None:
                element.lane = lane.id  # inner lanes come after the lane around them
    process.has_lanes = bool(process.lanes)
    if not process.lanes:
        name = pool.get("name") if pool is not None else None
        process.lanes = [Lane("", name or process.name or "Pelaksana", None)]
