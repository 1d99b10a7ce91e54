"""``sopan load``: an institution from its folder, and the account that invites all others."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import in_force
from sopan.people.models import Appointment, Institution, User

pytestmark = pytest.mark.django_db
MANAGER = {"manager": "Sri.Contoh@balai.example", "name": "Sri Contoh", "letter": "SP-1/2026"}


def load(code: str = "bspji-palembang", **options: Any) -> str:
    said = StringIO()
    call_command("load", code, stdout=said, **options)
    return said.getvalue()


def test_a_folder_becomes_an_institution_and_loading_again_changes_nothing() -> None:
    assert "3 procedure(s) in force" in load()
    load()
    assert (Institution.objects.count(), ProcedureVersion.objects.count(), User.objects.count()) == (1, 3, 0)


def test_what_the_institution_has_withdrawn_does_not_come_back_by_loading() -> None:
    load()
    now = timezone.now()
    version = ProcedureVersion.objects.get(slug="sippt-kalibrasi")
    fields = {"effective_to": now, "withdrawn_by": "Kepala", "withdrawn_why": "Diganti"}
    ProcedureVersion.objects.filter(pk=version.pk).update(**fields)
    load()
    assert not ProcedureVersion.objects.filter(in_force(timezone.now()), slug="sippt-kalibrasi").exists()


def test_the_first_manager_sets_a_password_by_the_link_and_can_log_in(client: Client) -> None:
    link = load(**MANAGER).split("password here: ")[1].split()[0]
    path = link.split("/", 3)[3]
    page = client.get(f"/{path}", follow=True)
    assert page.status_code == 200
    form = page.redirect_chain[-1][0]
    client.post(form, {"password1": "sandi-awal-2026", "password2": "sandi-awal-2026"})
    person = User.objects.get(email="sri.contoh@balai.example")
    assert person.check_password("sandi-awal-2026")
    held = Appointment.objects.get(person=person)
    assert (held.position.code, held.letter) == ("admin-satker", "SP-1/2026")


def test_a_second_manager_is_not_made_by_command() -> None:
    load(**MANAGER)
    with pytest.raises(CommandError, match="Sudah ada yang mengelola akun"):
        load(**MANAGER | {"manager": "lain@balai.example"})
    assert User.objects.count() == 1


def test_only_a_position_that_manages_accounts_makes_a_manager() -> None:
    with pytest.raises(CommandError, match="admin-satker"):
        load(**MANAGER, position="kepala")
    assert not User.objects.exists()


def test_a_manager_needs_a_name() -> None:
    with pytest.raises(CommandError, match="--name"):
        load(manager="sri@balai.example")


@pytest.mark.parametrize("missing", ["institution.yaml", "catalogue.yaml", "sippt-kalibrasi.yaml"])
def test_a_folder_that_lacks_a_file_changes_nothing(missing: str, tmp_path: Path, settings: Any) -> None:
    here = settings.PROCEDURES_DIR / "bspji-palembang"
    there = tmp_path / "bspji-palembang"
    there.mkdir()
    for file in here.glob("*.yaml"):
        if file.name != missing:
            (there / file.name).write_text(file.read_text())
    settings.PROCEDURES_DIR = tmp_path
    with pytest.raises(CommandError, match=missing):
        load()
    assert not Institution.objects.exists()


def test_a_rule_that_cannot_be_followed_is_told_with_its_line(tmp_path: Path, settings: Any) -> None:
    there = tmp_path / "bspji-palembang"
    shutil.copytree(settings.PROCEDURES_DIR / "bspji-palembang", there)
    file = there / "catalogue.yaml"
    lines = file.read_text().splitlines()
    place = next(place for place, line in enumerate(lines) if "- {by:" in line)
    lines[place] = lines[place].split("-")[0] + "- {by: calendar, every: year, month: 13}"
    file.write_text("\n".join(lines))
    settings.PROCEDURES_DIR = tmp_path
    with pytest.raises(CommandError, match=f"catalogue.yaml:{place + 1}: error: `month: 13`"):
        load()
    assert not Institution.objects.exists()


def test_no_such_folder_is_told() -> None:
    with pytest.raises(CommandError, match="procedures/README.md"):
        load("tidak-ada")
