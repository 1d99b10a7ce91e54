"""A body at work for all tests of bad input: real procedure, invented people, orders that wait at different steps."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from sopan.demo.instruments import BALANCE, OVEN, PH_METER
from sopan.demo.loading import PASSPHRASE, load_demo_body, load_demo_people
from sopan.demo.orders import Plot, play
from sopan.domains.laboratory.models import Item, Report, WorkOrder
from sopan.domains.orders import operations as orders
from sopan.domains.orders.models import Order, OrderItem
from sopan.engine import operations as engine
from sopan.engine.models import Attachment, Case, Effect, Task
from sopan.people.models import Appointment, Institution, User
from sopan.ui.uploads import check_upload
from sopan.web import operations as web

PASSWORD = "sopan-demo-2026"
SECRETS = (PASSWORD, PASSPHRASE)
CUSTOMER, COLLEAGUE, STRANGER = "rina", "doni", "tono"
MANAGER, COUNTER, ANALYST, SIGNER = "andi", "dewi", "fajar", "bambang"

# Where an order waits, by the step as printed; two instruments where a page has rows of them.
STOPS = {
    "5": (BALANCE, OVEN),
    "6": (PH_METER, BALANCE),
    "7": (OVEN, PH_METER),
    "8": (PH_METER,),
    "9": (BALANCE,),
    "10": (OVEN,),
    "11": (PH_METER, BALANCE),
    "12": (OVEN, BALANCE),
    "13": (PH_METER,),
    "14": (BALANCE,),
    "15": (PH_METER, BALANCE),
    "16": (BALANCE,),
    "17": (OVEN,),
    "18": (OVEN,),
    "19": (BALANCE,),
    "20": (OVEN,),
    "21": (PH_METER,),
    "22": (PH_METER,),
}


@dataclass
class World:
    """``people`` by first name; ``cases`` by the step at which they wait."""

    body: Institution
    now: datetime
    people: dict[str, User] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def client(self, name: str = "", **options: Any) -> Client:
        """A browser in which this person is logged in; "" for a visitor."""
        client = Client(**options)
        if name:
            client.force_login(self.people[name])
        return client

    def task(self, step: str) -> Task:
        return Task.objects.select_related("case", "binding").get(case=self.cases[step], status=Task.Status.OPEN)

    def order(self, step: str) -> Order:
        return Order.objects.select_related("case", "institution", "company").get(case=self.cases[step])

    def ids(self) -> dict[str, list[int]]:
        """Ids that addresses may name, by the name of their part of the address."""
        return {
            "task_id": _keys(Task),
            "case_id": _keys(Case),
            "account_id": _keys(User),
            "user_id": _keys(User),
            "appointment_id": _keys(Appointment),
            "attachment_id": _keys(Attachment),
            "effect_id": _keys(Effect),
            "item_id": _keys(OrderItem),
            "view_id": [1, 2, 3],
            "pk": [*_keys(WorkOrder), *_keys(Item), *_keys(Task), *_keys(Case), *_keys(Report)],
        }


def _keys(model: Any) -> list[int]:
    return list(model.objects.order_by("pk").values_list("pk", flat=True)[:60])


def make_world(now: datetime) -> World:
    body = load_demo_body(now=now)
    people = {person.first(): person for person in map(_Named, load_demo_people(body, now=now))}
    world = World(body, now, {name: named.user for name, named in people.items()})
    for person in (MANAGER, SIGNER):  # whoever signs or manages accounts reaches no page without a second factor
        Authenticator.objects.create(
            user=world.people[person], type=Authenticator.Type.TOTP, data={"secret": "uji-saja"}
        )
    for stop, instruments in STOPS.items():
        play(Plot(f"w{stop}", 0, instruments, stop, 6), body, world.people[CUSTOMER], now=now)
        world.cases[stop] = Case.objects.get(start_key=f"w{stop}")
    _begin(world)
    return world


class _Named:
    def __init__(self, user: User) -> None:
        self.user = user

    def first(self) -> str:
        return self.user.name.split()[0].lower()


def _begin(world: World) -> None:
    """An order that is being filled in, a registration that waits, a file, a note, a saved view, a failed effect."""
    rina = world.people[CUSTOMER]
    filling = orders.start_order(rina, start_key="w4", now=world.now)
    world.cases["4"] = filling.case
    copied = OrderItem.objects.filter(order=world.order("5")).first()
    assert copied is not None
    copied.pk, copied.order, copied._state.adding = None, filling, True
    copied.save()
    world.cases["3"] = orders.register(
        institution=world.body,
        company={"name": "CV Baru", "npwp": "", "address": "Jalan Contoh 1", "city": "Palembang", "phone": ""},
        person={"name": "Nina Baru", "email": "nina@baru.example", "phone": "0812-0000-0099"},
        password=PASSWORD,
        now=world.now,
    )
    case = world.cases["5"]
    upload = picture()
    info = check_upload(upload)
    engine.attach(case.pk, actor=rina, upload=upload, info=info, label="Foto", customer_may_see=True, now=world.now)
    engine.comment(case.pk, actor=world.people[COUNTER], text="Catatan", internal=True, now=world.now)
    web.save_view(world.people[COUNTER], name="Terlambat", query="batas=terlambat")
    Effect.objects.filter(pk=Effect.objects.earliest("pk").pk).update(status=Effect.Status.FAILED)


def picture(name: str = "bukti.png", *, size: tuple[int, int] = (8, 8)) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")
