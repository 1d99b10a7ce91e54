"""``sopan export``: which procedure, into which file, and what is said where that is not possible."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from sopan.catalogue.operations import publish
from sopan.core.dump import to_data
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Institution

SOURCE = Path(settings.PROCEDURES_DIR) / "bspji-palembang" / "sippt-kalibrasi.yaml"


@pytest.fixture(autouse=True)
def here(tmp_path: Path) -> Iterator[Path]:
    before = Path.cwd()
    os.chdir(tmp_path)
    yield tmp_path
    os.chdir(before)


def export(*words: str) -> str:
    out = io.StringIO()
    call_command("export", *words, stdout=out)
    return out.getvalue().strip()


def calibration() -> Procedure:
    found = load(SOURCE.read_text(encoding="utf-8"), file=SOURCE.name)
    assert isinstance(found, Procedure)
    return found


@pytest.mark.parametrize("name", ["sippt-kalibrasi", "bspji-palembang/sippt-kalibrasi", str(SOURCE)])
def test_a_procedure_is_named_by_slug_by_body_and_slug_or_by_file(name: str) -> None:
    assert export(name, "--to", "json") == "sippt-kalibrasi.json"
    assert json.loads(Path("sippt-kalibrasi.json").read_text()) == to_data(calibration())


@pytest.mark.parametrize("to", ["bpmn", "xlsx", "docx", "json"])
def test_the_file_has_the_name_that_is_told_or_its_own(to: str, here: Path) -> None:
    assert export("sippt-kalibrasi", "--to", to) == f"sippt-kalibrasi.{to}"
    assert export("sippt-kalibrasi", "--to", to, "-o", "lain") == "lain"
    (here / "hasil").mkdir()
    assert export("sippt-kalibrasi", "--to", to, "-o", "hasil") == f"hasil/sippt-kalibrasi.{to}"
    assert Path("lain").stat().st_size > 1_000


def test_bpmn_comes_back_as_the_same_file_of_a_procedure(here: Path) -> None:
    export("sippt-kalibrasi", "--to", "bpmn")
    call_command("import", "sippt-kalibrasi.bpmn", write=here / "hasil", stdout=io.StringIO())
    (path,) = (here / "hasil").iterdir()
    assert load(path.read_text(), file=path.name) == calibration()


def test_import_tells_of_bpmn_what_it_tells_of_other_documents(capsys: pytest.CaptureFixture[str]) -> None:
    export("sippt-kalibrasi", "--to", "bpmn")
    call_command("import", "sippt-kalibrasi.bpmn", json=True)
    (told,) = json.loads(capsys.readouterr().out)
    assert told["number"] == "SOP 31/BSPJI-3"
    step = told["steps"][4]
    assert {key: step[key] for key in ("no", "actor", "actor_from", "time_minutes", "decision", "returns_to")} == {
        "no": "5", "actor": "CS", "actor_from": "text", "time_minutes": 10, "decision": True, "returns_to": 4,
    }  # fmt: skip


def test_bpmn_outside_of_the_closed_set_is_refused_with_three(capsys: pytest.CaptureFixture[str]) -> None:
    export("sippt-kalibrasi", "--to", "bpmn")
    text = Path("sippt-kalibrasi.bpmn").read_text()
    Path("lain.bpmn").write_text(text.replace("<startEvent", '<subProcess id="U" name="Rapat"/><startEvent', 1))
    with pytest.raises(CommandError) as refused:
        call_command("import", "lain.bpmn")
    assert refused.value.returncode == 3
    assert "A procedure has no place for subProcess 'Rapat' (id U)." in capsys.readouterr().err


@pytest.mark.django_db
def test_a_published_version_is_taken_by_institution_and_number() -> None:
    now = timezone.now()
    institution = Institution.objects.create(code="balai", name="Balai Contoh")
    first = replace(calibration(), notes=("satu",))
    publish(first, institution=institution, now=now - timedelta(days=2))
    publish(replace(first, notes=("dua",)), institution=institution, now=now - timedelta(days=1))
    for words, note in (((), "dua"), (("--version", "1"), "satu"), (("--version", "2"), "dua")):
        export("sippt-kalibrasi", "--to", "json", "--institution", "balai", *words)
        assert json.loads(Path("sippt-kalibrasi.json").read_text())["notes"] == [note]
    for words, why in (
        (("sippt-kalibrasi", "--version", "3"), "Balai Contoh has no version 3 of sippt-kalibrasi."),
        (("tiada",), "Balai Contoh has no version in force of tiada."),
    ):
        with pytest.raises(CommandError, match=why):
            export(*words, "--to", "json", "--institution", "balai")
    with pytest.raises(CommandError, match="No institution has the code lain."):
        export("sippt-kalibrasi", "--to", "json", "--institution", "lain")


def test_what_is_not_there_is_told(here: Path) -> None:
    for name in ("tiada", "bblm/sippt-kalibrasi", "../sippt"):
        with pytest.raises(CommandError, match="no procedure of that name"):
            export(name, "--to", "json")
    with pytest.raises(CommandError, match="needs --institution"):
        export("sippt-kalibrasi", "--to", "json", "--version", "1")
    with pytest.raises(CommandError, match="cannot be written: No such file or directory."):
        export("sippt-kalibrasi", "--to", "json", "-o", "tiada/di/sini.json")
    (here / "salah.yaml").write_text("format: 1\nsteps: []\n")
    with pytest.raises(CommandError, match="salah.yaml:1: error"):
        export("salah.yaml", "--to", "json")


def test_a_procedure_that_cannot_be_drawn_is_refused_with_three(here: Path) -> None:
    text = SOURCE.read_text().replace("next: 2\n", "next: 99\n", 1)
    (here / "salah.yaml").write_text(text)
    for to in ("bpmn", "xlsx", "docx"):
        with pytest.raises(CommandError, match="leads to a step that is not there") as refused:
            export("salah.yaml", "--to", to)
        assert refused.value.returncode == 3


def test_where_an_engine_would_do_otherwise_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = SOURCE.read_text().replace("next: 2\n", "next: [2, 4]\n", 1)
    (here / "bersama.yaml").write_text(text)
    export("bersama.yaml", "--to", "bpmn")
    assert "note: Langkah 3, jawaban Aktifkan akun: " in capsys.readouterr().err
