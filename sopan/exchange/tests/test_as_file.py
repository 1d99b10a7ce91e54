"""Drafts as procedure files: complete ones load; of the others it is told what is missing; what is inferred is marked."""

from __future__ import annotations

from datetime import date

import pytest

from sopan.core.load import load
from sopan.core.model import ActorKind, Procedure, StepKind
from sopan.exchange.as_file import as_file, read_date, slug_of
from sopan.exchange.open_file import read_file
from sopan.exchange.tests.test_tables import HEAD
from tests.seeds import needed

ROWS = (
    "1\tPemohon mengajukan permohonan\t\t\t\tFormulir\t10 menit\tBerkas\t\n"
    "1\tMencatat berkas\t\t□\t\tBuku\t1/4 jam\tNomor\t\n"
    '2\tKepala Bidang memeriksa, jika tidak lengkap dikembalikan kepada Pemohon untuk dilengkapi\t\t\t\tBerkas\tmaks 2 hari\tIzin\tcatatan: "lihat" #1\n'
    "\tMenyerahkan izin\t\t□\t□\tIzin\t5 menit\tTanda terima\t\n"
)


def written(text: str) -> tuple[str, Procedure]:
    drafts = read_file(text.encode(), name="sop.txt")
    assert isinstance(drafts, list)
    file = as_file(drafts[0], source="sop.txt")
    procedure = load(file, file="sop.yaml")
    assert isinstance(procedure, Procedure), procedure
    return file, procedure


def test_a_complete_draft_loads_with_everything_it_says():
    _, procedure = written(HEAD + ROWS)
    assert (procedure.identity.number, procedure.identity.name) == ("12/PTSP/2024", "Izin Reklame")
    assert [actor.kind for actor in procedure.actors] == [ActorKind.CUSTOMER, ActorKind.STAFF, ActorKind.STAFF]
    assert [(step.no, step.id, step.actors) for step in procedure.steps] == [
        ("1", "1", ("pemohon",)),
        ("1", "r2", ("petugas_loket",)),
        ("2", "2", ("kepala_bidang",)),
        ("-", "r4", ("petugas_loket", "kepala_bidang")),
    ]
    assert procedure.steps[2].remarks == 'catatan: "lihat" #1'
    assert procedure.steps[2].time.printed == "maks 2 hari"


def test_what_is_inferred_is_marked():
    _, procedure = written(HEAD + ROWS)
    first, second, decision, last = procedure.steps
    assert first.inferred == ("actor",)
    assert second.inferred == ()
    assert decision.kind is StepKind.DECISION
    assert [(way.answer, way.to) for way in decision.exits] == [("ya", ("r4",)), ("tidak", ("1",))]
    assert set(decision.inferred) == {"actor", "kind", "exits"}
    assert set(last.inferred) == {"no", "actors", "end"}
    notes = " ".join(procedure.notes)
    assert "printed more than once" in notes and "customer is taken from the name" in notes


def test_an_actor_that_is_not_told_stays_missing_and_loading_says_so():
    drafts = read_file((HEAD + "1\tMencatat berkas\t\t\t\tBuku\t1 jam\tNomor\t\n").encode(), name="sop.txt")
    assert isinstance(drafts, list)
    problems = load(as_file(drafts[0], source="sop.txt"), file="sop.yaml")
    assert isinstance(problems, list)
    assert [problem.what for problem in problems] == ["Step 1 has no actor."]


def test_the_unit_of_the_head_is_kept():
    _, procedure = written(HEAD.replace("Waktu", "Waktu (menit)") + "1\tPemohon mengajukan\t\t\t\tA\t15\tB\t\n")
    assert procedure.steps[0].time.unit == "minute"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("08 November 2023", date(2023, 11, 8)),
        ("05-Mei-25", date(2025, 5, 5)),
        ("2 Desember 2021 (Revisi 6)", date(2021, 12, 2)),
        ("6/8/2019", date(2019, 8, 6)),
        ("November 2020", None),
        ("31 Februari 2020", None),
        ("-", None),
    ],
)
def test_dates_of_identity_blocks(text, expected):
    assert read_date(text) == expected


def test_names_of_files_never_leave_the_folder():
    drafts = read_file((HEAD.replace("Izin Reklame", "../../etc/passwd") + ROWS).encode(), name="sop.txt")
    assert isinstance(drafts, list)
    assert slug_of(drafts[0]) == "etc-passwd"
    assert slug_of(drafts[0], {"etc-passwd"}) == "etc-passwd-2"


def test_every_source_becomes_files_that_load_or_tell_what_is_missing():
    missing = set()
    for path in sorted(needed().glob("*.txt")):
        drafts = read_file(path.read_bytes(), name=path.name)
        for draft in drafts if isinstance(drafts, list) else ():
            problems = load(as_file(draft, source=path.name), file="sop.yaml")
            missing |= {problem.rule for problem in problems} if isinstance(problems, list) else set()
    assert missing <= {"format"}
