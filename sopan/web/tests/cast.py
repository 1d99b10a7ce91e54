"""People and a small procedure for the tests of the pages.

Ana and Budi work at the counter, Citra is their head, Vera belongs to another unit, Hasan stood in for the head until
yesterday, Adi keeps the accounts, Rina is a customer, Tono a customer of somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.engine import operations
from sopan.engine.models import Case, Comment, Draft, Effect, JournalEntry, SavedView, Task
from sopan.people.models import Appointment, Company, Institution, Position, User

LETTER = """
format: 1
identity: {number: SOP 7, name: Surat keterangan, effective: 2026-01-05}
actors:
  counter: {name: Petugas}
  head: {name: Kepala}
  customer: {name: Pelanggan, kind: customer}
steps:
  - no: 1
    actor: counter
    name: Periksa permohonan
    activity: Petugas memeriksa permohonan dan kelengkapannya
    phase: Pemeriksaan
    time: 30 Menit
    kind: decision
    requirements: [Formulir, {text: KTP pemohon, attach: true}]
    outputs: [Lembar periksa]
    fields:
      - {id: pemohon, label: Nama pemohon}
      - {id: catatan, label: Catatan, kind: long_text, required: false}
    exits:
      ya: {label: Lengkap, to: 2}
      tidak: {label: Kurang lengkap, to: 4, reason: true}
  - no: 2
    actor: head
    name: Setujui surat
    activity: Kepala menyetujui surat
    phase: Persetujuan
    time: 1 Hari Kerja
    kind: decision
    separation: [{not_same_as: [1], why: Yang menyetujui bukan yang memeriksa.}]
    exits:
      ya: {label: Setuju, to: 3}
      tidak: {label: Perbaiki, to: 1, reason: true}
  - {no: 3, actor: counter, name: Serahkan surat, activity: Petugas menyerahkan surat, phase: Penyerahan, time: 15 Menit, kind: end, end: finished}
  - {no: 4, actor: customer, name: Lengkapi, activity: Pelanggan melengkapi permohonan, phase: Penyerahan, time: 3 Hari Kerja, next: 3}
"""


@dataclass
class Cast:
    """The people by name, and what tests do again and again."""

    body: Institution
    people: dict[str, User]
    company: Company
    cases: list[Case] = field(default_factory=list)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, name: str) -> Client:
        """A browser in which this person is logged in; "" for a visitor."""
        client = Client()
        if name:
            client.force_login(self.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def with_second_factor(self, name: str) -> None:
        """Who manages accounts must have one."""
        TOTP.activate(self.people[name], generate_totp_secret())

    def begin(self, number: str = "K-1", subject: str = "PT Contoh", now: datetime | None = None) -> Case:
        case = operations.start(
            "surat",
            institution=self.body,
            actor=self.people["ana"],
            company=self.company,
            number=number,
            subject=subject,
            title="Surat domisili",
            now=now or timezone.now(),
        )
        self.cases.append(case)
        return case

    def task(self, case: Case) -> Task:
        return Task.objects.get(case=case, status=Task.Status.OPEN)

    def check(self, case: Case, by: str = "ana", answer: str = "ya", **more: Any) -> Any:
        """Finish the open task by the operation itself."""
        return operations.complete(
            self.task(case).pk,
            actor=self.people[by],
            answer=answer,
            data={"pemohon": "Sari"},
            now=timezone.now(),
            **more,
        )


def letter() -> Procedure:
    procedure = load(LETTER, file="surat.yaml")
    assert isinstance(procedure, Procedure), procedure
    return procedure


def make_cast() -> Cast:
    now = timezone.now()
    body = Institution.objects.create(code="balai", name="Balai Contoh", short_name="Balai")
    names = {"counter": "Petugas Loket", "head": "Kepala Balai", "archive": "Arsiparis", "admin": "Admin"}
    positions = {
        code: Position.objects.create(institution=body, code=code, name=name, manages_accounts=code == "admin")
        for code, name in names.items()
    }
    companies = [Company.objects.create(institution=body, name=name) for name in ("PT Contoh", "CV Lain")]
    publish(letter(), institution=body, now=now - timedelta(days=60))
    bind("surat", {"counter": ["counter"], "head": ["head"]}, institution=body)
    people = {name: _person(body, name, kind="staff") for name in ("ana", "budi", "citra", "vera", "hasan", "adi")}
    people |= {
        name: _person(body, name, kind="customer", company=company, company_role="owner")
        for name, company in zip(("rina", "tono"), companies, strict=True)
    }
    holds = {"ana": "counter", "budi": "counter", "citra": "head", "vera": "archive", "hasan": "head", "adi": "admin"}
    for name, code in holds.items():
        Appointment.objects.create(
            position=positions[code],
            person=people[name],
            kind="plh" if name == "hasan" else "definitive",
            valid_from=now - timedelta(days=90),
            valid_to=now - timedelta(days=1) if name == "hasan" else None,
        )
    return Cast(body, people, companies[0])


def _person(body: Institution, name: str, **more: Any) -> User:
    email = f"{name}@contoh.example"
    return User.objects.create_user(
        email, "rahasia-sekali", name=name.title(), institution=body, is_active=True, **more
    )


def rows() -> tuple[Any, ...]:
    """Everything that an act could change, to show that nothing did."""
    return (
        list(Case.objects.order_by("pk").values_list("pk", "status", "journal_length")),
        list(Task.objects.order_by("pk").values_list("pk", "status", "assignee_id")),
        JournalEntry.objects.count(),
        Comment.objects.count(),
        Draft.objects.count(),
        SavedView.objects.count(),
        list(Effect.objects.order_by("pk").values_list("pk", "status")),
    )
