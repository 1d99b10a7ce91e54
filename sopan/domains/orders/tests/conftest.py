"""A body with its real procedure and tariff, invented people, and short verbs to play steps by their work."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from sopan.catalogue.loading import bindings_of
from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.yamlfile import read_data
from sopan.documents.models import NumberSeries
from sopan.domains.orders import forms, operations, queries
from sopan.domains.orders.loading import load_tariffs
from sopan.domains.orders.models import Order
from sopan.engine import operations as engine
from sopan.engine.models import Case, Task
from sopan.people.loading import load_institution, load_people
from sopan.people.models import Institution, User
from tests.standing import standing

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 12, 9, 0, tzinfo=ZONE)
FOLDER = settings.PROCEDURES_DIR / "bspji-palembang"
PASSWORD = "sopan-demo-2026"
RINA, DONI = "rina.wulandari@pangan-musi.example", "doni.setiawan@pangan-musi.example"
TONO = "tono.wijaya@teknik-ampera.example"
BALANCE = {
    "name": "Timbangan elektronik",
    "make": "Ohaus",
    "type": "Ranger",
    "serial_number": "SN-1",
    "size_text": "10",
    "size_unit": "kg",
    "range_lower_text": "0",
    "range_upper_text": "10",
    "range_unit": "kg",
    "points": "1; 5; 10 kg",
}
PH_METER = {"name": "pH meter", "make": "Hanna", "type": "HI2211", "serial_number": "SN-2"}


@dataclass
class Service:
    """The body at work. ``now`` moves on by a minute with each act."""

    institution: Institution
    now: datetime
    actors: dict[str, str] = field(
        default_factory=lambda: {
            "orders.activate": "andi.saputra",
            "orders.validate": "dewi.anggraini",
            "orders.approve_tariff": "hendra.kusuma",
            "orders.issue_bill": "siti.rahmawati",
            "orders.confirm_payment": "siti.rahmawati",
        }
    )

    def staff(self, name: str) -> User:
        return User.objects.get(email=f"{name}@bspji-palembang.example")

    def user(self, email: str) -> User:
        return User.objects.select_related("institution", "company").get(email=email)

    def set(self, **values: Any) -> None:
        self.institution.settings = {**self.institution.settings, **values}
        self.institution.save()

    def kind(self, key: str) -> queries.Kind:
        lines = queries.lines_in_force(self.institution, self.now.date())
        return next(kind for kind in queries.kinds(lines) if kind.key == key)

    def add(self, order: Order, kind: str, typed: dict[str, str]) -> Any:
        form = forms.ItemForm(typed, kind=self.kind(kind))
        assert form.is_valid(), form.errors
        return operations.save_item(order, item_id=None, values=form.values, page="item")

    def order(self, email: str = RINA, *, key: str = "k1", filled: bool = True) -> Order:
        """A new order of a customer with a balance and a pH meter."""
        user = self.user(email)
        order = operations.start_order(user, start_key=key, now=self.now)
        if filled:
            contact = {"contact_name": user.name, "contact_phone": "0812-0000-0011", "contact_email": user.email}
            operations.save_page(order, page="contact", values=contact)
            operations.save_page(order, page="wishes", values={"language": "id", "decision_rule": "none", "note": ""})
            self.add(order, "timbangan-elektronik", BALANCE)
            self.add(order, "ph-meter", PH_METER)
        return self.fresh(order)

    def fresh(self, order: Order) -> Order:
        return Order.objects.select_related("case", "institution", "company").get(pk=order.pk)

    def task(self, case: Case, work: str) -> Task:
        task = queries.open_task(Case.objects.get(pk=case.pk), work)
        assert task is not None, f"{work} is not open: {self.open(case)}"
        return task

    def open(self, case: Case) -> list[str]:
        return [step.work for step, _task in queries.open_steps(Case.objects.get(pk=case.pk))]

    def do(self, order: Order, work: str, answer: str = "", *, by: str = "", reason: str = "", **data: Any) -> Any:
        """Finish the step with this work; the result of the engine."""
        self.now += timedelta(minutes=1)
        who = self.user(by) if "@" in by else self.staff(by or self.actors[work]) if by or work in self.actors else None
        actor = who or order.company.users.order_by("pk").first()
        task = self.task(order.case, work)
        return engine.complete(task.pk, actor=actor, answer=answer, data=data, reason=reason, now=self.now)

    def must(self, order: Order, work: str, answer: str = "", **more: Any) -> Order:
        done = self.do(order, work, answer, **more)
        assert isinstance(done, engine.Done), done
        return self.fresh(order)

    def to_offer(self, order: Order) -> Order:
        self.must(order, "orders.submit")
        self.must(order, "orders.validate", "ya")
        return self.must(order, "orders.approve_tariff", "ya")

    def to_bill(self, order: Order, *, code: str = "820261112004412", days: int = 7) -> Order:
        self.to_offer(order)
        self.must(order, "orders.accept_offer", "ya")
        return self.must(
            order, "orders.issue_bill", provider="manual", code=code, expires_at=self.now + timedelta(days=days)
        )

    def to_local_bill(self, order: Order) -> Order:
        self.to_offer(order)
        self.must(order, "orders.accept_offer", "ya")
        return self.must(order, "orders.issue_bill", provider="local")


def picture(name: str = "bukti.png") -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[int]:
    """The body with its procedure, tariff and people: its key."""
    with standing(django_db_blocker):
        told = read_data((FOLDER / "institution.yaml").read_text(), file="institution.yaml")
        institution = load_institution(told, now=NOW)
        for series in told["number_series"]:
            NumberSeries.objects.create(institution=institution, key=series["key"], pattern=series["pattern"])
        load_tariffs(institution, read_data((FOLDER / "tariffs.yaml").read_text(), file="tariffs.yaml"))
        procedure = load((FOLDER / "sippt-kalibrasi.yaml").read_text(), file="sippt-kalibrasi.yaml")
        publish(procedure, institution=institution, now=NOW)
        listed = read_data((FOLDER / "catalogue.yaml").read_text(), file="catalogue.yaml")
        bind("sippt-kalibrasi", bindings_of(listed, "sippt-kalibrasi"), institution=institution)
        load_people(read_data((FOLDER / "demo.yaml").read_text(), file="demo.yaml"), now=NOW)
        yield institution.pk


@pytest.fixture
def service(built, db, settings, tmp_path) -> Service:
    settings.MEDIA_ROOT = tmp_path
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "10000/m/ip")
    return Service(Institution.objects.get(pk=built), NOW)


@pytest.fixture
def rina(service, client):
    """A browser in which Rina is logged in."""
    client.force_login(service.user(RINA))
    return client
