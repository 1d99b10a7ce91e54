"""The people of the tests, and a small procedure for them.

Ana and Budi are clerks, Citra is their head, Vera belongs to another unit, Hasan only stood in until yesterday;
Rina is a customer, Tono a customer of somebody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.model import Procedure
from sopan.people.models import Appointment, Company, Institution, Position, User

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday 09.00 WIB

SMALL = """
format: 1
identity: {number: SOP 1, name: Surat keterangan}
actors:
  customer: {name: Pelanggan, kind: customer}
  clerk: {name: Petugas}
  head: {name: Kepala}
steps:
  - {no: 1, actor: customer, activity: Mengajukan permohonan, time: 10 Menit, kind: start}
  - no: 2
    actor: clerk
    activity: Memeriksa permohonan
    time: 30 Menit
    kind: decision
    exits:
      ya: {label: Lengkap, to: 3}
      tidak: {label: Kurang lengkap, to: 1, reason: true}
  - no: 3
    actor: head
    activity: Menandatangani surat
    time: 1 Hari Kerja
    kind: decision
    separation: [{not_same_as: [2], why: Yang menandatangani bukan yang memeriksa.}]
    exits:
      ya: {label: Setuju, to: 4}
      tidak: {label: Perbaiki, to: 2, reason: true}
  - {no: 4, actor: clerk, activity: Menyerahkan surat, time: 15 Menit, kind: end, end: finished}
"""


@dataclass
class Cast:
    institution: Institution
    ana: User
    budi: User
    citra: User
    vera: User
    hasan: User
    rina: User
    tono: User
    company: Company


def small_procedure(text: str = SMALL) -> Procedure:
    procedure = load(text, file="surat.yaml")
    assert isinstance(procedure, Procedure), procedure
    return procedure


def make_cast() -> Cast:
    body = Institution.objects.create(code="balai", name="Balai Contoh", short_name="Balai")
    positions = {
        code: Position.objects.create(institution=body, code=code, name=name)
        for code, name in (("clerk", "Petugas Loket"), ("head", "Kepala Balai"), ("archive", "Arsiparis"))
    }

    def staff(name: str, *held: str, **appointment: object) -> User:
        person = User.objects.create_user(
            f"{name.lower()}@balai.example", "rahasia-sekali", name=name, kind="staff", institution=body, is_active=True
        )
        for code in held:
            fields = {"valid_from": NOW - timedelta(days=90), **appointment}
            Appointment.objects.create(position=positions[code], person=person, **fields)
        return person

    def customer(name: str, company: Company) -> User:
        return User.objects.create_user(
            f"{name.lower()}@{company.pk}.example",
            "rahasia-sekali",
            name=name,
            kind="customer",
            institution=body,
            company=company,
            company_role="owner",
            is_active=True,
        )

    company = Company.objects.create(institution=body, name="PT Contoh")
    other = Company.objects.create(institution=body, name="CV Lain")
    publish(small_procedure(), institution=body, now=NOW)
    bind(small_procedure().slug, {"clerk": ["clerk"], "head": ["head"]}, institution=body)
    return Cast(
        institution=body,
        ana=staff("Ana", "clerk"),
        budi=staff("Budi", "clerk", "head"),
        citra=staff("Citra", "head"),
        vera=staff("Vera", "archive"),
        hasan=staff("Hasan", "head", kind="plh", valid_to=NOW - timedelta(days=1), letter="PRIN-1"),
        rina=customer("Rina", company),
        tono=customer("Tono", other),
        company=company,
    )
