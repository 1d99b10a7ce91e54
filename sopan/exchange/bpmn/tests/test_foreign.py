"""Files of other tools: what is within the closed set is read, what is not is refused by its name and id."""

from __future__ import annotations

import time

import pytest

from sopan.core.check import check
from sopan.core.model import Exit, Outcome, Procedure, StepKind
from sopan.exchange.bpmn.read import is_bpmn, read_bpmn
from sopan.exchange.document import Unreadable

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="http://bpmn.io/schema/bpmn" '
    'exporter="bpmn-js (https://demo.bpmn.io)">'
)


def definitions(*content: str) -> bytes:
    """A file whose elements stand without prefix in ``content``."""
    return (
        HEAD
        + "".join(content).replace("</", "</bpmn:").replace("<", "<bpmn:").replace("<bpmn:/bpmn:", "</bpmn:")
        + "</bpmn:definitions>"
    ).encode()


def process(*content: str, flows: str = "") -> bytes:
    """One process; ``flows`` as "a>b a>c:Ya", with the name behind the colon."""
    return definitions(
        '<process id="P" name="Izin usaha">', *content, *map(flow, enumerate(flows.split())), "</process>"
    )


def flow(numbered: tuple[int, str]) -> str:
    number, told = numbered
    ends, _, name = told.partition(":")
    source, target = ends.split(">")
    return f'<sequenceFlow id="F{number}" sourceRef="{source}" targetRef="{target}" name="{name.replace("_", " ")}"/>'


def read(data: bytes) -> Procedure:
    found = read_bpmn(data, name="izin.bpmn")
    assert isinstance(found, Procedure), found
    return found


def refused(data: bytes) -> str:
    found = read_bpmn(data, name="izin.bpmn")
    assert isinstance(found, Unreadable), found
    return found.reason


START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'
A, B, C, D = (f'<task id="{name}" name="Tugas {name.upper()}"/>' for name in "abcd")
XOR = '<exclusiveGateway id="x" name="Lengkap?"/>'


def ways(made: Procedure) -> dict[str, list[tuple[str, ...]]]:
    """Activity -> the activities, or the end, that each exit leads to."""
    names = {step.id: step.activity[-1] for step in made.steps}
    return {
        names[step.id]: [tuple(names[target] for target in way.to) or (str(way.end),) for way in step.exits]
        for step in made.steps
    }


# Read -----------------------------------------------------------------------------------------------------------------


def test_lanes_are_actors_and_gateways_are_answers() -> None:
    lanes = (
        '<laneSet id="L"><lane id="L1" name="Pemohon"><flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef></lane>'
        '<lane id="L2" name="Kasubbag\nUmum"><flowNodeRef>b</flowNodeRef><flowNodeRef>x</flowNodeRef></lane></laneSet>'
    )
    made = read(process(lanes, START, A, B, XOR, END, flows="s>a a>b b>x x>e:Ya x>a:Tidak,_kembalikan"))
    assert [(actor.id, actor.name) for actor in made.actors] == [
        ("pemohon", "Pemohon"),
        ("kasubbag_umum", "Kasubbag Umum"),
    ]
    assert [(one.no, one.activity, one.actors, one.inferred) for one in made.steps] == [
        ("1", "Tugas A", ("pemohon",), ("no",)),
        ("2", "Tugas B", ("kasubbag_umum",), ("no",)),
    ]
    assert made.steps[1].kind is StepKind.DECISION
    assert made.steps[1].exits == (
        Exit("ya", "Ya", end=Outcome.FINISHED),
        Exit("tidak_kembalikan", "Tidak, kembalikan", to=("1",)),
    )
    assert (made.identity.name, made.identity.number, made.slug) == ("Izin usaha", "", "izin-usaha")
    assert made.source == "izin.bpmn (bpmn-js (https://demo.bpmn.io))"


def test_without_lanes_the_pool_acts_and_without_a_pool_the_process() -> None:
    made = read(process(START, A, END, flows="s>a a>e"))
    assert [actor.name for actor in made.actors] == ["Izin usaha"]
    assert made.steps[0].inferred == ("no", "actor")
    pool = '<collaboration id="C"><participant id="Q" name="Dinas" processRef="P"/></collaboration>'
    pooled = definitions(pool, '<process id="P">', START, A, END, flow((1, "s>a")), flow((2, "a>e")), "</process>")
    assert [actor.name for actor in read(pooled).actors] == ["Dinas"]


@pytest.mark.parametrize(
    "tag",
    ["task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask"],
)
def test_a_task_of_any_kind_is_a_step(tag: str) -> None:
    made = read(process(START, f'<{tag} id="a" name="Tugas A"/>', END, flows="s>a a>e"))
    assert ways(made) == {"A": [("finished",)]}


def test_parallel_gateways_split_and_join() -> None:
    gates = '<parallelGateway id="p"/><parallelGateway id="q"/>'
    made = read(process(START, A, B, C, D, gates, END, flows="s>a a>p p>b p>c b>q c>q q>d d>e"))
    assert ways(made) == {"A": [("B", "C")], "B": [("D",)], "C": [("D",)], "D": [("finished",)]}
    assert [one.join for one in made.steps] == [False, False, False, True]


def test_an_inclusive_gateway_joins_too_as_it_waits_for_what_can_still_come() -> None:
    gates = '<parallelGateway id="p"/><inclusiveGateway id="q"/>'
    made = read(process(START, A, B, C, D, gates, END, flows="s>a a>p p>b p>c b>q c>q q>d d>e"))
    assert made.steps[3].join


def test_several_ways_out_of_a_task_are_a_split() -> None:
    gates = '<parallelGateway id="q"/>'
    made = read(process(START, A, B, C, D, gates, END, flows="s>a a>b a>c b>q c>q q>d d>e"))
    assert ways(made)["A"] == [("B", "C")]


def test_gateways_behind_each_other_are_one_decision_and_gateways_that_merge_are_passed() -> None:
    gates = XOR + '<exclusiveGateway id="y"/><exclusiveGateway id="m"/>'
    made = read(process(START, A, B, C, gates, END, flows="s>a a>x x>b:Ya x>y:Tidak y>c:Baru y>m:Lama m>a b>e c>e"))
    assert [(way.label, way.to) for way in made.steps[0].exits] == [
        ("Ya", ("2",)), ("Tidak / Baru", ("3",)), ("Tidak / Lama", ("1",)),
    ]  # fmt: skip


def test_steps_are_numbered_down_the_ways_whatever_their_order_in_the_file() -> None:
    made = read(process(D, C, B, A, END, START, XOR, flows="c>d b>x x>c:Ya x>a:Tidak a>b s>a d>e"))
    assert [one.activity for one in made.steps] == ["Tugas A", "Tugas B", "Tugas C", "Tugas D"]


def test_a_second_start_event_is_an_entry() -> None:
    made = read(process(START, '<startEvent id="t" name="Lewat Pos"/>', A, B, END, flows="s>a a>b t>b b>e"))
    assert made.entries == {"": "1", "lewat_pos": "2"}


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("Ditolak", "rejected"), ("Cancelled", "rejected"), ("Ditarik", "withdrawn"), ("", "finished")],
)
def test_an_end_that_stops_everything_ends_as_it_is_called(name: str, outcome: str) -> None:
    end = f'<endEvent id="e" name="{name}"><terminateEventDefinition id="T"/></endEvent>'
    assert ways(read(process(START, A, end, flows="s>a a>e"))) == {"A": [(outcome,)]}


def test_what_a_procedure_has_no_place_for_and_does_not_change_the_way_is_told() -> None:
    aside = (
        '<textAnnotation id="N"><text>Jangan lupa stempel</text></textAnnotation>'
        '<dataObjectReference id="O" name="Surat" dataObjectRef="o"/><dataObject id="o"/>'
    )
    made = read(process(START, A, aside, END, flows="s>a a>e"))
    assert made.notes == (
        "The steps are numbered in the order of the ways in the diagram.",
        "Left out: textAnnotation (id N): Jangan lupa stempel.",
        "Left out: dataObjectReference 'Surat' (id O).",
        "Left out: dataObject (id o).",
    )


def test_what_is_read_can_be_checked() -> None:
    made = read(process(START, A, B, XOR, END, flows="s>a a>b b>x x>e:Ya x>a:Tidak"))
    assert [problem for problem in check(made) if problem.error] == []


def test_an_answer_without_a_name_is_left_for_a_person_to_name() -> None:
    made = read(process(START, A, XOR, END, flows="s>a a>x x>e x>a:Tidak"))
    assert [(way.answer, way.label) for way in made.steps[0].exits] == [("jawaban1", ""), ("tidak", "Tidak")]
    assert [problem.what for problem in check(made) if problem.error] == [
        "The exit 'jawaban1' of the decision 1 has no label."
    ]


# Refused --------------------------------------------------------------------------------------------------------------

LINE = "s>a a>e"


@pytest.mark.parametrize(
    ("content", "flows", "reason"),
    [
        ('<subProcess id="U" name="Rapat"/>', LINE, "A procedure has no place for subProcess 'Rapat' (id U)."),
        ('<callActivity id="U" name="Rapat"/>', LINE, "A procedure has no place for callActivity 'Rapat' (id U)."),
        ('<eventBasedGateway id="U"/>', LINE, "A procedure has no place for eventBasedGateway (id U)."),
        ('<complexGateway id="U"/>', LINE, "A procedure has no place for complexGateway (id U)."),
        (
            '<boundaryEvent id="U" name="3 hari" attachedToRef="a"><timerEventDefinition/></boundaryEvent>', LINE,
            "A procedure has no place for boundaryEvent '3 hari' (id U).",
        ),
        ('<intermediateCatchEvent id="U"/>', LINE, "A procedure has no place for intermediateCatchEvent (id U)."),
        (
            '<startEvent id="U" name="Surat"><messageEventDefinition/></startEvent>', LINE,
            "A procedure has no place for the messageEventDefinition of startEvent 'Surat' (id U).",
        ),
        (
            '<endEvent id="U"><errorEventDefinition/></endEvent>', LINE,
            "A procedure has no place for the errorEventDefinition of endEvent (id U).",
        ),
        (
            '<task id="U" name="Ulang"><standardLoopCharacteristics/></task>', LINE,
            "A procedure has no place for the standardLoopCharacteristics of task 'Ulang' (id U).",
        ),
        (
            '<inclusiveGateway id="i" name="Mana saja"/>' + B, "s>a a>i i>b i>e b>e",
            "inclusiveGateway 'Mana saja' (id i) opens some of several ways; a procedure opens one of them or all.",
        ),
        (B, LINE, "No way leads from the beginning to task 'Tugas B' (id b)."),
        ('<task id="b"/>', "s>a a>b b>e", "task (id b) has no name."),
        (XOR, "s>x x>a x>e a>e", "startEvent (id s) leads to a gateway or an end; a procedure begins with one task."),
        (XOR, "s>a a>x", "exclusiveGateway 'Lengkap?' (id x) leads nowhere."),
        (XOR + '<exclusiveGateway id="y"/>', "s>a a>x x>y y>x", "in a ring without a task."),
        (XOR, "s>a a>x x>nowhere x>e", "sequenceFlow (id F2) begins or ends nowhere."),
        (
            '<parallelGateway id="p"/>' + XOR + B + C, "s>a a>p p>x p>b x>c x>e b>e c>e",
            "Behind parallelGateway (id p) a decision follows without a task that decides.",
        ),
        (
            '<parallelGateway id="p"/><parallelGateway id="q"/>' + XOR + B + C,
            "s>a a>p p>b p>c b>q c>q q>x x>e x>a",
            "exclusiveGateway 'Lengkap?' (id x) follows a gateway that joins branches; a procedure has a task between "
            "them.",
        ),
        (
            '<parallelGateway id="q"/>' + B + C, "s>a a>b a>c b>q c>q q>a",
            "A way back leads into the gateway before task 'Tugas A' (id a); it must lead to the task itself.",
        ),
        (
            '<parallelGateway id="q"/>' + B + C + D, "s>a a>b a>c a>d b>q c>q q>d d>e",
            "Before task 'Tugas D' (id d) some ways wait at a gateway and others do not.",
        ),
        (
            '<laneSet id="L"><lane id="L1" name="CS"/></laneSet>', LINE, "task 'Tugas A' (id a) stands in no lane.",
        ),
    ],
)  # fmt: skip
def test_what_is_outside_of_the_closed_set_is_refused_by_its_name(content: str, flows: str, reason: str) -> None:
    assert reason in refused(process(START, A, END, content, flows=flows))


def test_a_task_without_a_way_out_ends_its_branch_as_the_standard_says() -> None:
    assert ways(read(process(START, A, flows="s>a"))) == {"A": [("finished",)]}


def test_an_end_that_stops_branches_beside_it_must_be_a_rejection() -> None:
    gates = '<parallelGateway id="p"/><endEvent id="t" name="Habis"><terminateEventDefinition/></endEvent>'
    reason = refused(process(START, A, B, C, gates, END, flows="s>a a>p p>b p>c b>t c>e"))
    assert reason.startswith("endEvent 'Habis' (id t) stops branches that run beside it")


def test_a_file_with_two_processes_is_refused_with_their_names() -> None:
    one, two = (f'<process id="P{n}" name="Proses {n}"><startEvent id="s{n}"/></process>' for n in (1, 2))
    assert "process 'Proses 1' (id P1), process 'Proses 2' (id P2)" in refused(definitions(one, two))
    assert "it holds none" in refused(definitions('<process id="P"/>'))


def test_a_pool_without_a_process_is_left_out_and_told() -> None:
    pools = (
        '<collaboration id="C"><participant id="Q" name="Dinas" processRef="P"/><participant id="R" name="Warga"/>'
        '<messageFlow id="M" sourceRef="R" targetRef="a"/></collaboration>'
    )
    line = flow((1, "s>a")) + flow((2, "a>e"))
    made = read(definitions(pools, '<process id="P">', START, A, END, line, "</process>"))
    assert made.notes[1:] == ("Left out: participant 'Warga' (id R).", "Left out: messageFlow (id M).")


# Hostile --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<bpmn",
        HEAD.encode() + b"</bpmn:definitions>",
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + HEAD.encode()[38:] + b"</bpmn:definitions>",
        HEAD.encode() + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</bpmn:definitions>",
        b"<definitions/>",
        b"\xff\xfe<",
        b"x" * 11_000_000,
    ],
    ids=["empty", "cut off", "nothing", "entities", "deep", "other root", "binary", "huge"],
)
def test_hostile_and_broken_files_are_refused_within_a_second(data: bytes) -> None:
    begin = time.monotonic()
    assert refused(data)
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize("gateway", ["exclusiveGateway", "parallelGateway"])
def test_gateways_that_multiply_their_ways_are_refused(gateway: str) -> None:
    nodes, flows = [], ["s>a", "a>g0"]
    for n in range(40):
        nodes += [f'<{gateway} id="g{n}"/>', f'<exclusiveGateway id="m{n}"/>']
        flows += [f"g{n}>m{n}", f"g{n}>m{n}", f"m{n}>{f'g{n + 1}' if n < 39 else 'e'}"]
    assert refused(process(START, A, *nodes, END, flows=" ".join(flows)))


def test_a_large_file_is_read_in_time() -> None:
    count = 2_000
    tasks = "".join(f'<task id="t{n}" name="Tugas {n}"/>' for n in range(count))
    line = " ".join(f"t{n}>t{n + 1}" for n in range(count - 1))
    begin = time.monotonic()
    assert len(read(process(START, tasks, END, flows=f"s>t0 {line} t{count - 1}>e")).steps) == count
    assert time.monotonic() - begin < 3


@pytest.mark.parametrize("told", ['sequence="x"', 'colour="red"', 'join="maybe"', 'kind="hexagon"'])
def test_own_elements_that_say_nonsense_are_refused(told: str) -> None:
    task = '<task id="a" name="Tugas A"><extensionElements>OURS</extensionElements></task>'
    mark = f'<s:step xmlns:s="urn:sopan:procedure:1" id="1" no="1" {told}/>'
    data = process(START, task, END, flows=LINE).replace(b"OURS", mark.encode())
    assert refused(data).startswith("What it tells in Sopan's own elements cannot be used: ")


def test_only_bpmn_is_taken_for_bpmn() -> None:
    assert is_bpmn(process(START, A, END, flows=LINE))
    assert not is_bpmn(b"<html>")
    assert not is_bpmn(b"PK\x03\x04")
