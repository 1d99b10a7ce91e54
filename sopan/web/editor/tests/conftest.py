from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sopan.catalogue.editing import open_revision
from sopan.catalogue.models import Revision
from sopan.catalogue.operations import publish
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Appointment, Institution, Position, User

TEXT = """
format: 1
identity: {number: SOP 1, name: Surat masuk}
actors: {pemohon: {name: Pemohon, kind: customer}, tu: {name: Tata Usaha}, ka: {name: Kepala}}
steps:
  - {no: 1, actor: tu, activity: Menerima surat, kind: start, time: 10 menit}
  - no: 2
    actor: ka
    activity: Mendisposisi surat
    kind: decision
    time: maks 14 hari
    exits: {ya: {label: Ya, to: 3}, tidak: {label: "Tidak", to: 1, reason: true}}
  - {no: 3, actor: tu, activity: Menyimpan surat, kind: end, time: 5 menit}
"""
PEOPLE = {"lestari": "tu", "sari": "tu", "agus": "mt", "bambang": "head", "jauh": "abroad"}


class Desk:
    """People at the editor: Lestari and Sari draft, Agus reviews, Bambang approves, Jauh drafts for another body."""

    def __init__(self) -> None:
        self.body = Institution.objects.create(code="balai", name="Balai Contoh", short_name="Balai")
        away = Institution.objects.create(code="jauh", name="Balai Jauh", short_name="Jauh")
        rights = {"tu": "drafts", "mt": "reviews", "head": "approves", "abroad": "drafts"}
        positions = {
            code: Position.objects.create(
                institution=away if code == "abroad" else self.body,
                code=code,
                name=code,
                **{f"{right}_procedures": True},
            )
            for code, right in rights.items()
        }
        self.people = {name: _person(name, positions[code]) for name, code in PEOPLE.items()}
        procedure = load(TEXT, file="surat.yaml")
        assert isinstance(procedure, Procedure)
        self.version = publish(procedure, institution=self.body, now=timezone.now() - timedelta(days=1))
        opened = open_revision(
            self.body, actor=self.people["lestari"], slug="surat", based_on=self.version, now=timezone.now()
        )
        assert isinstance(opened, Revision)
        self.revision = opened

    def client(self, name: str = "lestari") -> Client:
        client = Client()
        if name:
            client.force_login(self.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def url(self, name: str) -> str:
        return reverse(name, args=[self.revision.pk])

    def send(self, name: str, data: Any, *, who: str = "lestari") -> HttpResponse:
        """What the script of the page sends."""
        body = data if isinstance(data, bytes) else json.dumps(data)
        return self.client(who).post(self.url(name), body, content_type="application/json")


def _person(name: str, position: Position) -> User:
    person = User.objects.create_user(
        f"{name}@contoh.example", "rahasia-sekali", name=name.title(), kind="staff", is_active=True,
        institution=position.institution,
    )  # fmt: skip
    Appointment.objects.create(person=person, position=position, valid_from=timezone.now() - timedelta(days=9))
    return person


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()
