"""The command `sopan import`: what it prints and writes, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

DOCUMENT = """Nomor SOP\t: 12/PTSP/2024
Nama SOP\t: Izin Reklame
No\tKegiatan\tPelaksana\t\tMutu Baku\t\t
\t\tPemohon\tPetugas Loket\tKelengkapan\tWaktu\tOutput
1\tPemohon mengajukan permohonan\t\t\tFormulir\t10 menit\tBerkas
2\tMencatat berkas\t\t□\tBuku\t1/4 jam\tNomor
"""


def test_the_command_writes_files_and_leaves_what_is_there_alone(tmp_path: Path, capsys):
    document = tmp_path / "sop.txt"
    document.write_text(DOCUMENT)
    folder = tmp_path / "hasil"
    call_command("import", str(document), write=folder)
    first = (folder / "izin-reklame.yaml").read_text()
    call_command("import", str(document), write=folder)
    assert sorted(path.name for path in folder.iterdir()) == ["izin-reklame-2.yaml", "izin-reklame.yaml"]
    assert (folder / "izin-reklame.yaml").read_text() == first
    assert "Izin Reklame: 2 steps" in capsys.readouterr().out


def test_the_command_prints_json(tmp_path: Path, capsys):
    document = tmp_path / "sop.txt"
    document.write_text(DOCUMENT)
    call_command("import", str(document), json=True)
    told = json.loads(capsys.readouterr().out)
    assert [list(draft) for draft in told] == [["number", "name", "identity", "actors", "steps", "warnings"]]
    assert list(told[0]["steps"][0]) == [
        "no", "seq", "activity", "actor", "actor_from", "requirements", "time_text", "time_minutes", "time_kind",
        "output", "remarks", "decision", "returns_to",
    ]  # fmt: skip


def test_the_command_refuses_with_three_and_still_reads_the_others(tmp_path: Path, capsys):
    good, bad = tmp_path / "sop.txt", tmp_path / "surat.txt"
    good.write_text(DOCUMENT)
    bad.write_text("Sekadar surat.")
    with pytest.raises(CommandError) as refused:
        call_command("import", str(bad), str(good), str(tmp_path / "tiada.txt"), json=True)
    assert refused.value.returncode == 3
    told = capsys.readouterr()
    assert len(json.loads(told.out)) == 1
    assert "No table of activities" in told.err and "No such file" in told.err


def test_from_a_shell_it_begins_without_the_applications(tmp_path: Path):
    """A document is read sooner than the applications and their libraries are loaded: nothing of them is needed."""
    document = tmp_path / "sop.txt"
    document.write_text(DOCUMENT)
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "sopan", "import", "--json", str(document)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout)[0]["name"] == "Izin Reklame"
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "sopan.exchange.open_file" in loaded
    assert loaded & {"sopan.engine.models", "numpy", "scipy", "pyhanko", "GTC"} == set()
