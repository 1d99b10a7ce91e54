"""An order of six instruments, brought to the step at which they are measured, on the data of a running server.

Everything through the operations that people use: standards whose certificates hold what the spreadsheets hold, lines of the
scope whose CMC lies below what is measured, competence, and the steps 4 to 13.
Run by ``sopan shell`` in a process of its own, because the data folder stands in its environment.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from sopan.demo.instruments import Instrument
from sopan.demo.loading import BODY, PASSPHRASE, give_demo_certificate
from sopan.demo.player import Player
from sopan.domains.laboratory import queries as laboratory
from sopan.domains.laboratory.models import CompetenceGrant, Equipment, EquipmentCertificate, Laboratory, ScopeLine
from sopan.domains.laboratory.operations.equipment import Certificate, add_certificate, register
from sopan.domains.laboratory.operations.methods import Line, add_scope, grant
from sopan.domains.orders import queries
from sopan.domains.orders.models import Order
from sopan.engine.models import Task
from sopan.people import keeping
from sopan.people.models import Institution, Position, User

from .kinds import KINDS, OTHER, Kind

ANALYST, MANAGER, ADMIN = (
    f"{name}@bspji-palembang.example" for name in ("fajar.nugroho", "agus.prasetyo", "andi.saputra")
)
REASON = "Belum ada tarif untuk jenis ini; biaya disepakati tersendiri."


class SixKinds(Player):
    """Plays the order: what the tariff does not name is priced with a reason, everything is measured by one analyst."""

    def kinds(self) -> dict[str, queries.Kind]:
        return super().kinds() | {OTHER: queries.Kind(OTHER, "Jenis lain")}

    def type_orders_approve_tariff(self, task: Task, answer: str) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for item in queries.items_of(Order.objects.get(case=task.case)):
            if item.kind == OTHER:
                typed |= {f"line_{item.pk}": "none", f"reason_{item.pk}": REASON}
        return typed

    def type_laboratory_assign_analysts(self, task: Task, answer: str) -> dict[str, Any]:
        works = laboratory.work_orders(Order.objects.get(case=task.case))
        analyst = User.objects.get(email=ANALYST)
        return {f"checked_{w.item_id}": "on" for w in works} | {f"analyst_{w.pk}": analyst.pk for w in works}


def play() -> str:
    """Make the order; its number. Raises where an operation refuses."""
    body = Institution.objects.get(code=BODY)
    _let_the_manager_sign(body)
    for kind in KINDS:
        equip(body, kind)
    customer = User.objects.filter(institution=body, company_role="owner", is_active=True).order_by("pk")[0]
    made = [Instrument(k.kind, dict(k.typed), "massa-suhu", k.code, k.unit, (), {}, {}, accessories="–") for k in KINDS]
    player = SixKinds(body, timezone.now, made, PASSPHRASE, prints=False)
    player.order(customer, key="six-kinds")
    player.play_to("14")
    return Order.objects.get(case=player.case).number


def _let_the_manager_sign(body: Institution) -> None:
    """He authorises the results by a signature of his own, with a certificate of his own."""
    now, admin = timezone.now(), User.objects.get(email=ADMIN)
    done = keeping.change_setting(
        body, "report_authorisation", value="signature", source="Keputusan contoh", verified=False, by=admin, now=now
    )
    assert isinstance(done, Institution), done
    Position.objects.filter(institution=body, code="mt").update(signs=True)
    give_demo_certificate(User.objects.get(email=MANAGER), position="Manajer Teknis", now=now)


def equip(body: Institution, kind: Kind) -> None:
    """Standards, a line of the scope, and competence, as the spreadsheet of a kind needs them."""
    now = timezone.now()
    since = now.astimezone(ZoneInfo(body.zone)).date() - timedelta(days=30)
    manager, method = User.objects.get(email=MANAGER), kind.method
    for slot in method.standards:
        _standard(kind, slot.name, slot.kinds[0], Laboratory.objects.get(institution=body, code="massa-suhu"))
    point = Decimal(kind.point)
    line = Line(kind.code, method.measurand, kind.unit, point, point, "0.000001", "LK-000-IDN (contoh)", since)
    done = add_scope(line, institution=body, by=manager.full_name, now=now)
    assert isinstance(done, ScopeLine), done
    given = grant(
        User.objects.get(email=ANALYST), method=kind.code, institution=body, valid_from=since, valid_to=None,
        evidence="Uji banding internal (contoh)", actor=manager, by=manager.full_name, now=now,
    )  # fmt: skip
    assert isinstance(given, CompetenceGrant), given


def _standard(kind: Kind, slot: str, sort: str, place: Laboratory) -> None:
    now = timezone.now()
    day = now.astimezone(ZoneInfo(place.institution.zone)).date()
    code = kind.standard(slot)
    identity = {"name": f"Standar untuk {kind.name}", "kind": sort, "maker": "Contoh Acuan", "role": "reference"}
    made = register(place, code=code, identity=identity, by="–", now=now, since=day - timedelta(days=30))
    assert isinstance(made, Equipment), made
    told = Certificate(
        number=f"LEMBAR-{kind.code}-{slot}", issuer="Laboratorium acuan contoh", traceability="SI (contoh)",
        calibrated_on=day - timedelta(days=30), valid_to=day + timedelta(days=335), values=kind.certificate(slot),
    )  # fmt: skip
    added = add_certificate(made, told, actor=None, by="–", now=now)
    assert isinstance(added, EquipmentCertificate), added
