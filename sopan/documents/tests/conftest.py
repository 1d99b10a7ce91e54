"""A small body with people, a case and a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection

from sopan.catalogue.models import ActorBinding
from sopan.catalogue.operations import publish
from sopan.core.load import load
from sopan.engine.models import Case
from sopan.people.models import Appointment, Company, Institution, Position, User

PROCEDURE = """
format: 1
identity: {number: SOP 31, name: Kalibrasi}
actors:
  loket: {name: Petugas Loket}
steps:
  - {no: 1, actor: loket, activity: Menyerahkan laporan, time: 10 Menit, kind: end, end: finished}
"""
NOW = datetime(2026, 12, 14, 2, 14, tzinfo=UTC)  # 14 Desember 2026, 09.14 WIB


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.SITE_URL = "https://sopan.example"
    yield tmp_path


def make_body(code: str = "bspji", *, name: str = "BSPJI Palembang") -> SimpleNamespace:
    """An institution with a head, an officer who takes part in the procedure, and two customers."""
    institution = Institution.objects.create(
        code=code, name=f"Balai {name}", short_name=name, address="Jalan Perindustrian II No. 12, Palembang"
    )

    def person(name: str, **fields: object) -> User:
        mail = f"{name.split()[0].lower()}.{code}@contoh.id"
        return User.objects.create_user(mail, name=name, institution=institution, is_active=True, **fields)

    officer = person("Siti Rahma", kind="staff")
    counter = Position.objects.create(institution=institution, code="loket", name="Petugas Loket")
    Appointment.objects.create(position=counter, person=officer, valid_from=datetime(2026, 1, 2, tzinfo=UTC))
    ActorBinding.objects.create(institution=institution, slug="kalibrasi", actor="loket").positions.add(counter)
    company = Company.objects.create(institution=institution, name="PT Sinar Timbang")
    other_company = Company.objects.create(institution=institution, name="PT Lain")
    return SimpleNamespace(
        institution=institution,
        head=person("Arya Judistira", kind="staff"),
        officer=officer,
        customer=person("Budi Santoso", kind="customer", company=company),
        stranger=person("Rina Wati", kind="customer", company=other_company),
        company=company,
    )


@pytest.fixture
def body(db: None) -> SimpleNamespace:
    cache.clear()
    return make_body()


@pytest.fixture
def case(body: SimpleNamespace) -> Case:
    kept = load(PROCEDURE, file="kalibrasi.yaml")
    version = publish(kept, institution=body.institution, now=NOW)
    return Case.objects.create(
        institution=body.institution, procedure=version, company=body.company, tracking="t" * 22, opened_at=NOW
    )


def race(name: str, folder: Path) -> list[object]:
    """The result of a race: on the PostgreSQL of this run, or on a SQLite file, as in service, in a process of its own."""
    from . import race as races

    if connection.vendor == "postgresql":
        return races.RACES[name]()
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", races.__name__, name]
    done = subprocess.run(
        command, env=environment | {"SOPAN_DATA": str(folder)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
