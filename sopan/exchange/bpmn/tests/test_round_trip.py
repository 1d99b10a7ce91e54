"""What is written is read back equal, and what somebody changes in the drawing is changed in the procedure."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from sopan.core.durations import parse_duration
from sopan.core.model import (
    Actor,
    ActorKind,
    Approval,
    Duration,
    Exit,
    Field,
    FieldKind,
    Identity,
    Outcome,
    Participation,
    Procedure,
    Requirement,
    Separation,
    Step,
    StepKind,
    TimeKind,
    Unit,
)
from sopan.core.tests.random_procedures import procedures
from sopan.exchange.bpmn.names import PREFIXES
from sopan.exchange.bpmn.read import is_bpmn, read_bpmn
from sopan.exchange.bpmn.write import write_bpmn

from .files import FILES, NAMES, calibration, procedure, procedure_at, step

NS = {prefix or "bpmn": uri for prefix, uri in PREFIXES.items()}


def back(made: Procedure) -> Procedure:
    data = write_bpmn(made)
    assert is_bpmn(data)
    found = read_bpmn(data, name="sop.bpmn")
    assert isinstance(found, Procedure), found
    return found


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_every_procedure_comes_back_equal(path: Path) -> None:
    assert back(procedure_at(path)) == procedure_at(path)


@settings(deadline=None, database=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(procedures(), st.data())
def test_random_procedures_with_random_texts_come_back_equal(made: Procedure, data: st.DataObject) -> None:
    text = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
    steps = tuple(
        replace(one, no=data.draw(text), name=data.draw(text), activity=data.draw(text), remarks=data.draw(text))
        for one in made.steps
    )
    made = replace(made, steps=steps, identity=Identity(data.draw(text), data.draw(text)), notes=(data.draw(text),))
    assert back(made) == made


EVERYTHING = Procedure(
    "semua",
    Identity(
        "SOP/1", "Semua\tdi dalam", made=date(2025, 5, 5), edition="1/0", approved_by=Approval("Kepala", "Arya"),
        legal_bases=("UU 1", ""), equipment=("ATK",), warnings=("<awas> & \"hati-hati\"",),
    ),
    (Actor("a", "Kepala\nSeksi", signs=True), Actor("b", "Pemohon", ActorKind.CUSTOMER), Actor("c", "Tidak berbuat")),
    (
        Step(
            "1.a", "1. ", 1, "1. Terima berkas", ("a", "b"), (Exit("", to=("2", "4")),), kind=StepKind.START,
            participation=Participation.ALL, entry="masuk", work="orders.visit", phase="Awal", public="Sedang diterima",
            requirements=(Requirement("Surat", attach=True, required=True), Requirement("KTP")),
            time=Duration(TimeKind.RANGE, "1 - 3 hari", Decimal("3"), Unit.DAY, Decimal("1")),
            outputs=("Agenda", "Disposisi"), remarks="dua\nbaris", inferred=("actor", "time"),
            fields=(Field("nomor", "Nomor", FieldKind.CHOICE, False, ("a", "b")),),
            separation=(Separation(("2",), "beda orang"), Separation(("2", "4"))),
        ),
        Step("2", "", 2, "Periksa", ("b",), (
            Exit("ya", "Ya", ("4",)), Exit("tidak", "Tidak, \"ulang\"", ("1.a",), reason=True),
            Exit("tolak", "Tolak", end=Outcome.REJECTED), Exit("", "", end=Outcome.WITHDRAWN),
        ), name="Periksa berkas", kind=StepKind.DECISION, decision="orders.judge", entry="periksa"),
        Step("4", "4", 5, "Arsipkan", ("a",), (Exit("", end=Outcome.FINISHED),), kind=StepKind.END, join=True),
    ),
    source="dokumen", notes=("satu", "dua"),
)  # fmt: skip


def test_everything_that_a_procedure_can_hold_comes_back() -> None:
    assert {one.name for one in fields(Step)} == {name for step in EVERYTHING.steps for name in told(step)}, (
        "EVERYTHING leaves an attribute of a step at its default"
    )
    assert back(EVERYTHING) == EVERYTHING


def told(step: Step) -> set[str]:
    plain = Step("", "", 0, "", (), ())
    return {one.name for one in fields(Step) if getattr(step, one.name) != getattr(plain, one.name)}


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (procedure(step(1, 9)), "leads to a step that is not there"),
        (procedure(step(1)), "leads nowhere"),
        (procedure(step(1, Outcome.FINISHED, actor="x")), "has no actor"),
        (procedure(step(1, 1), step(1, Outcome.FINISHED)), "the same id"),
        (procedure(replace(step(1, Outcome.FINISHED), activity="\x01")), "XML"),
    ],
)
def test_what_cannot_be_drawn_is_not_written(made: Procedure, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        write_bpmn(made)


# What people read -----------------------------------------------------------------------------------------------------


def test_the_drawing_tells_lanes_tasks_answers_and_ends_in_plain_bpmn() -> None:
    root = etree.fromstring(write_bpmn(calibration()))
    assert root.xpath("//bpmn:participant/@name", namespaces=NS) == ["SOP Aplikasi Pelayanan Kalibrasi"]
    assert root.xpath("//bpmn:lane/@name", namespaces=NS)[:3] == ["PELANGGAN", "ADMIN SATKER", "CS"]
    assert root.xpath("//bpmn:lane[@name='CS']/bpmn:flowNodeRef/text()", namespaces=NS)[:3] == [
        "step_5",
        "decision_5",
        "end_5_tolak",
    ]
    (task,) = root.xpath("//bpmn:userTask[@id='step_5']", namespaces=NS)
    assert task.get("name") == "5. Validasi order"
    assert "Waktu: 10 Menit\nKeluaran: Order Pelanggan" in task.findtext("bpmn:documentation", namespaces=NS)
    (time,) = task.xpath("bpmn:extensionElements/sopan:step/sopan:time", namespaces=NS)
    assert dict(time.attrib) == {"kind": "exact", "printed": "10 Menit", "amount": "10", "unit": "minute"}
    flows = root.xpath("//bpmn:sequenceFlow[@sourceRef='decision_5']", namespaces=NS)
    assert [
        (flow.get("name"), flow.get("targetRef"), flow.findtext("bpmn:conditionExpression", namespaces=NS))
        for flow in flows
    ] == [
        ("Setujui dan teruskan", "step_6", 'answer_5 == "ya"'),
        ("Minta perbaikan", "step_4", 'answer_5 == "tidak"'),
        ("Tolak order", "end_5_tolak", 'answer_5 == "tolak"'),
    ]
    starts = root.xpath("//bpmn:startEvent", namespaces=NS)
    assert [(start.get("name"), start.findtext("bpmn:outgoing", namespaces=NS)) for start in starts] == [
        ("visit", "flow_start_step_1"),
        ("order", "flow_start_order_step_4"),
    ]
    ends = root.xpath("//bpmn:endEvent", namespaces=NS)
    assert [(end.get("name"), end.find("bpmn:terminateEventDefinition", NS) is not None) for end in ends] == [
        ("Ditolak", True),
        ("Ditolak", True),
        ("Selesai", False),
    ]


def test_where_an_engine_would_do_otherwise_stands_in_the_file() -> None:
    meeting = procedure(step(1, (2, 3)), step(2, 4), step(3, 4), step(4, Outcome.FINISHED))
    root = etree.fromstring(write_bpmn(meeting))
    assert root.findtext("bpmn:process/bpmn:documentation", namespaces=NS).splitlines() == [
        "SOP 1",
        "Langkah 2: cabang yang bertemu di sana dibuka sekali oleh Sopan; mesin BPMN dapat membukanya lagi atau menunggu.",
        "Langkah 3: cabang yang bertemu di sana dibuka sekali oleh Sopan; mesin BPMN dapat membukanya lagi atau menunggu.",
    ]


def test_a_time_changed_to_what_its_words_do_not_mean_is_what_they_mean() -> None:
    path = "//bpmn:userTask[@id='step_5']/bpmn:extensionElements/sopan:step/sopan:time"
    assert changed(calibration(), path, amount="99") == calibration()
    assert changed(calibration(), path, printed="2 jam").by_id["5"].time == parse_duration("2 jam")


# Changed in a modeler -------------------------------------------------------------------------------------------------


def changed(made: Procedure, path: str, **attributes: str) -> Procedure:
    """``made`` after somebody changed attributes of the element at ``path``."""
    root = etree.fromstring(write_bpmn(made))
    (element,) = root.xpath(path, namespaces=NS)
    element.attrib.update(attributes)
    found = read_bpmn(etree.tostring(root), name="sop.bpmn")
    assert isinstance(found, Procedure), found
    return found


def test_a_task_renamed_in_a_modeler_is_renamed_in_the_procedure() -> None:
    renamed = changed(calibration(), "//bpmn:userTask[@id='step_5']", name="5. Periksa order")
    before = calibration().by_id["5"]
    assert renamed.by_id["5"] == replace(before, name="Periksa order")
    assert renamed.by_id["6"] == calibration().by_id["6"]


def test_a_lane_and_an_answer_renamed_in_a_modeler_are_renamed_in_the_procedure() -> None:
    assert changed(calibration(), "//bpmn:lane[@name='CS']", name="Layanan").actor_by_id["cs"].name == "Layanan"
    answered = changed(calibration(), "//bpmn:sequenceFlow[@name='Tolak order']", name="Tolak pesanan")
    assert answered.by_id["5"].exits[2] == Exit("tolak", "Tolak pesanan", end=Outcome.REJECTED, reason=True)


def test_a_pool_renamed_in_a_modeler_is_the_name_of_the_procedure() -> None:
    renamed = changed(calibration(), "//bpmn:participant", name="Kalibrasi")
    assert renamed == replace(calibration(), identity=replace(calibration().identity, name="Kalibrasi"))


def test_a_flow_led_elsewhere_in_a_modeler_leads_elsewhere_in_the_procedure() -> None:
    led = changed(calibration(), "//bpmn:sequenceFlow[@name='Minta perbaikan']", targetRef="step_2")
    assert led.by_id["5"].exits[1].to == ("2",)


def test_a_task_added_in_a_modeler_takes_its_place_on_the_way() -> None:
    root = etree.fromstring(write_bpmn(calibration()))
    process = root.find("bpmn:process", NS)
    process.append(etree.fromstring(f'<task xmlns="{NS["bpmn"]}" id="Activity_1" name="Tera ulang"/>'))
    lane = process.find("bpmn:laneSet/bpmn:lane[@name='ANALIS']", NS)
    etree.SubElement(lane, f"{{{NS['bpmn']}}}flowNodeRef").text = "Activity_1"
    (flow,) = process.xpath("bpmn:sequenceFlow[@sourceRef='step_14']", namespaces=NS)
    flow.set("targetRef", "Activity_1")
    more = f'<sequenceFlow xmlns="{NS["bpmn"]}" id="Flow_1" sourceRef="Activity_1" targetRef="step_15"/>'
    process.append(etree.fromstring(more))
    found = read_bpmn(etree.tostring(root), name="sop.bpmn")
    assert isinstance(found, Procedure), found
    assert [one.activity for one in found.steps[13:16]] == [
        calibration().by_id["14"].activity,
        "Tera ulang",
        calibration().by_id["15"].activity,
    ]
    new = found.steps[14]
    assert (new.actors, new.exits, new.inferred) == (("analis",), (Exit("", to=("15",)),), ("no",))
    assert {one.id for one in found.steps} == {one.id for one in calibration().steps} | {new.id}
