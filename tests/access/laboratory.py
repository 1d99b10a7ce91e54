"""Rows of the laboratory and of testing: work, registers, validity of results, reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from sopan.domains.laboratory.dcc.writer import write
from sopan.domains.laboratory.tests.reported import part, whole

from .row import (
    ALL,
    ANALYST,
    BOUND,
    CS,
    HEADS,
    JUDGES,
    KEEPERS,
    LABORATORY,
    MASS,
    MT,
    NOBODY,
    PJI,
    SUPERVISOR,
    SUPERVISORS,
    Row,
    roles,
)
from .world import World

SHEET = {"action": "save", "method": "IK-KAL-01", "place": "Laboratorium", "measured_from": "23-11-2026"}


def _digital(world: World) -> Mapping[str, Any]:
    """A digital certificate as a keeper of standards uploads it."""
    told = whole(parts=[part(begin="2026-11-19", end="2026-11-20")])
    file = SimpleUploadedFile("dcc.xml", write(told), content_type="application/xml")
    return {"file": file, "traceability": "SI", "valid_to": "2027-11-01", "other_serial": "on"}


ROWS: dict[str, Row] = {
    # The laboratory ------------------------------------------------------------------------------------------------------
    "laboratory:sheet": Row(ANALYST, ANALYST, at="work 14", typed=SHEET),
    "laboratory:sheet-autosave": Row(NOBODY, ANALYST, at="work 14", typed=SHEET),
    "laboratory:choose-method": Row(
        NOBODY, ANALYST, at="work 14", typed=lambda world: {"method_version": world.object("method", "14")}
    ),
    "laboratory:calculate": Row(NOBODY, ANALYST, at="work 14", idle=ALL),
    "laboratory:results": Row(ANALYST | SUPERVISOR | MT | PJI, at="work 15"),
    "laboratory:assign-late": Row(SUPERVISOR, SUPERVISOR, at="work 14", idle=ALL),
    "laboratory:confirm-late": Row(MT, MT, at="work 14", typed={"answer": "ya"}, idle=ALL),
    "laboratory:assign-mine": Row(
        NOBODY,
        SUPERVISORS,
        at="task 12",
        typed=lambda world: {
            f"checked_{world.object('sample', '12')}": "on",
            f"parameter_{world.object('work', '12')}": "Massa",
            f"analyst_{world.object('work', '12')}": world.people["analyst"].pk,
        },
    ),
    "laboratory:verify-mine": Row(NOBODY, SUPERVISORS, at="task 15", idle=roles("other_supervisor")),
    # Its registers
    "laboratory:equipment-list": Row(LABORATORY),
    "laboratory:equipment-new": Row(KEEPERS, KEEPERS, idle=ALL),
    "laboratory:equipment": Row(LABORATORY, at="equipment 14"),
    "laboratory:equipment-change": Row(
        JUDGES,
        JUDGES,
        at="equipment 14",
        typed={"name": "Lain", "kind": "anak-timbangan", "role": "working"},
    ),
    "laboratory:equipment-status": Row(
        JUDGES,
        JUDGES,
        at="equipment 14",
        typed={"status": "out_of_service", "since": "2026-11-23", "reason": "Jatuh"},
    ),
    "laboratory:equipment-check": Row(
        JUDGES,
        JUDGES,
        at="equipment 14",
        typed={"on": "2026-11-23", "outcome": "passed", "found": "100,0001 g"},
    ),
    "laboratory:certificate-new": Row(
        JUDGES,
        JUDGES,
        at="equipment 14",
        typed={
            "number": "S-9",
            "issuer": "SNSU",
            "traceability": "SI",
            "calibrated_on": "2026-11-01",
            "valid_to": "2027-11-01",
            "v_from": "1",
            "v_unit": "g",
            "v_U": "0,1",
            "v_k": "2",
        },
    ),
    "laboratory:certificate-digital": Row(JUDGES, JUDGES, at="equipment 14", typed=_digital),
    "laboratory:certificate-file": Row(LABORATORY, at="standard 14"),
    "laboratory:certificate-withdraw": Row(JUDGES, JUDGES, at="standard 14", typed={"reason": "Rusak"}),
    "laboratory:equipment-impact": Row(JUDGES, at="equipment 14"),
    "laboratory:equipment-impact-export": Row(JUDGES, at="equipment 14"),
    "laboratory:methods": Row(LABORATORY),
    "laboratory:method": Row(LABORATORY, at="method 14"),
    "laboratory:method-publish": Row(MT, MT, idle=ALL),
    "laboratory:method-end": Row(MT, MT, at="method 14", typed={"last_day": "2026-12-31"}),
    "laboratory:competence": Row(
        LABORATORY,
        MT,
        typed=lambda world: {
            "person": world.people["other_analyst"].pk,
            "method": "ph-meter",
            "valid_from": "2026-11-23",
            "evidence": "Uji banding",
        },
    ),
    "laboratory:competence-revoke": Row(MT, MT, at="grant 14", typed={"on": "2026-11-23", "reason": "Pindah"}),
    "laboratory:scope": Row(
        LABORATORY,
        MT,
        typed={
            "method": "ph-meter",
            "measurand": "pH meter",
            "unit": "pH",
            "lower": "2",
            "upper": "12",
            "cmc": "0,02",
            "accreditation": "LK-000-IDN",
            "valid_from": "2026-11-23",
        },
    ),
    "laboratory:scope-end": Row(MT, MT, at="scope 14", typed={"last_day": "2026-12-31"}),
    # Validity of its results
    "laboratory:validity": Row(LABORATORY),
    "laboratory:chart-new": Row(KEEPERS, KEEPERS, idle=ALL),
    "laboratory:chart": Row(
        LABORATORY, MASS, at="chart 14", typed={"text": "100,0001", "on": "2026-11-20", "at": "09.00"}
    ),
    "laboratory:chart-limits": Row(
        JUDGES,
        JUDGES,
        at="chart 14",
        typed={"first_day": "2026-01-01", "last_day": "2026-11-20", "reason": "Setahun"},
    ),
    "laboratory:chart-close": Row(JUDGES, JUDGES, at="chart 14", typed={"reason": "Neraca dihapuskan"}),
    "laboratory:chart-export": Row(LABORATORY, at="chart 14"),
    "laboratory:point-withdraw": Row(JUDGES, JUDGES, at="point 14", typed={"reason": "Salah tulis"}),
    "laboratory:finding": Row(LABORATORY, MASS, at="finding 14", typed={"cause": "Kotor", "action": "Dibersihkan"}),
    "laboratory:proficiency-new": Row(KEEPERS, KEEPERS, idle=ALL),
    "laboratory:proficiency": Row(LABORATORY, at="proficiency 14"),
    "laboratory:proficiency-withdraw": Row(
        JUDGES, JUDGES, at="proficiency 14", typed={"reason": "Salah alat"}, idle=SUPERVISOR
    ),  # he entered it himself
    "laboratory:repeat-new": Row(LABORATORY, LABORATORY, idle=ALL),
    "laboratory:repeat": Row(LABORATORY, at="repeat 14"),
    "laboratory:repeat-withdraw": Row(JUDGES, JUDGES, at="repeat 14", typed={"reason": "Salah"}),
    "laboratory:trials-export": Row(LABORATORY),
    "laboratory:item": Row(BOUND, at="sample 14"),
    "laboratory:receive-late": Row(CS, CS, at="sample 14", idle=ALL),
    "laboratory:hand-back": Row(CS, CS, at="sample 21", typed={"receiver": "Rina Wulandari"}),
    "laboratory:corrections": Row(LABORATORY),
    "laboratory:correction": Row(at="work 15"),  # of nobody while no result is being corrected
    "laboratory:changes": Row(HEADS),
    "laboratory:report-changes": Row(
        PJI | HEADS, PJI | HEADS, at="report 21", typed={"kind": "revoke", "reason": "Salah alat"}, idle=HEADS
    ),
    "laboratory:consent": Row(
        CS, CS, at="case 14", typed={"what": "simplified", "evidence": "Surel Rina, 22 November 2026"}
    ),
    "laboratory:labels": Row(BOUND, at="case 14"),
    "laboratory:print": Row(NOBODY, CS, at="case 18"),
    "laboratory:printing": Row(CS, at="case 18"),
    # Testing: no procedure of these bodies has its works, so for their people there is nothing of it.
    "testing:commodities": Row(),
    "testing:commodity": Row(values={"pk": 1}),
    "testing:parameter": Row(values={"pk": 1}),
    "testing:parameter-new": Row(values={"pk": 1}),
    "testing:competence-new": Row(values={"pk": 1}),
    "testing:counters": Row(),
    "testing:counter": Row(values={"slug": "bpsmb-pengujian-contoh"}),
    "testing:choose": Row(at="case 14", typed={"sample": "1"}),
    "testing:bring": Row(at="case 14"),
    "testing:correct": Row(at="case 14"),
    "testing:sampling-paper": Row(values={"pk": 1, "kind": "spt"}),
    "testing:print": Row(values={"pk": 1, "kind": "test_result"}),
    "testing:levy": Row(at="case 18"),
}
