"""Plays orders through the procedure: each act by its own person, through the forms and the operations that people use."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from sopan.catalogue.queries import procedure
from sopan.core.model import ActorKind, Step
from sopan.domains.laboratory import queries as laboratory
from sopan.domains.laboratory.measuring import versions_on
from sopan.domains.laboratory.operations import measuring, reports
from sopan.domains.orders import forms, queries, rules
from sopan.domains.orders import operations as orders
from sopan.domains.orders.models import Order
from sopan.engine import access, effects, operations
from sopan.engine.models import Case, Task
from sopan.people.models import Institution, User

from .instruments import Instrument

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Played:
    """An act that was played."""

    no: str
    actor: str
    act: str
    ms: float


@dataclass
class Player:
    """Plays one case. ``clock`` gives the moment of each act; ``instruments`` what the customer sends."""

    institution: Institution
    clock: Clock
    instruments: list[Instrument]
    passphrase: str
    case: Case | None = None
    customer: User | None = None
    played: list[Played] = field(default_factory=list)
    prints: bool = True  # does the worker's part itself; False where a worker runs

    # Beginning --------------------------------------------------------------------------------------------------------

    def register(self, company: dict[str, str], person: dict[str, str], *, password: str) -> None:
        """Steps 1 and 2: somebody new opens the public page and registers."""
        begin = time.perf_counter()
        page = Client(HTTP_HOST="127.0.0.1").get(reverse("orders:services"))
        if page.status_code != 200:
            raise RuntimeError(f"the public page answers {page.status_code}")
        opened = time.perf_counter()
        case = orders.register(
            institution=self.institution, company=company, person=person, password=password, now=self.clock()
        )
        if not isinstance(case, Case):
            raise RuntimeError(f"registration was refused: {case}")
        registered = time.perf_counter()
        self.case, self.customer = case, User.objects.get(email=person["email"])
        self.played += [
            Played("1", person["name"], "Masuk situs", (opened - begin) * 1000),
            Played("2", person["name"], "Registrasi akun", (registered - opened) * 1000),
        ]

    def order(self, customer: User, *, key: str) -> None:
        """A customer who has an account begins an order: the case starts at step 4."""
        self.customer = customer
        self.case = orders.start_order(customer, start_key=key, now=self.clock()).case

    # Acting -----------------------------------------------------------------------------------------------------------

    def open_task(self) -> Task:
        assert self.case is not None
        tasks = Task.objects.filter(case=self.case, status=Task.Status.OPEN)
        return tasks.select_related(
            "case__institution", "case__procedure", "case__company", "binding", "assignee"
        ).get()

    def step(self, task: Task) -> Step:
        return procedure(task.case.procedure_id).by_id[task.step]

    def act(self, answer: str = "", *, reason: str = "") -> Played:
        """Do the step that is open now with ``answer`` (default: the way forward), as a person would."""
        task = self.open_task()
        step = self.step(task)
        answer = answer or (step.exits[0].answer if len(step.exits) > 1 else "")
        person = self.person(task)
        begin = time.perf_counter()
        self.before(step.work, task, person)
        task = self.open_task()  # what was done before may have changed it
        data = self.filled_in(task, step, person, answer)
        done = operations.complete(
            task.pk, actor=person, answer=answer, data=data, reason=reason, form_key=f"demo-{task.pk}", now=self.clock()
        )
        if not isinstance(done, operations.Done):
            raise RuntimeError(f"step {step.no} by {person}: {done}")
        way = next((way.label for way in step.exits if way.answer == answer and way.label), "")
        ms = (time.perf_counter() - begin) * 1000
        played = Played(step.no, person.full_name, f"{step.title}: {way}" if way else step.title, ms)
        self.played.append(played)
        return played

    def play_to(self, step_id: str) -> None:
        """Go forward until this step is open."""
        for _ in range(60):
            if self.open_task().step == step_id:
                return
            self.act()
        raise RuntimeError(f"step {step_id} was not reached")

    def person(self, task: Task) -> User:
        """Whose turn it is: who has the task, or the first who may have it."""
        if task.binding.kind == ActorKind.CUSTOMER:
            assert self.customer is not None
            self.customer.refresh_from_db()
            return self.customer
        if task.assignee is not None:
            return task.assignee
        step = self.step(task)
        may = operations.work_of(step).assignable
        people = [one for one in access.eligible(task, now=self.clock()) if may(task, person_id=one.pk) is None]
        if not people:
            raise RuntimeError(f"nobody can do step {step.no}")
        return people[0]

    # What is typed ----------------------------------------------------------------------------------------------------

    def filled_in(self, task: Task, step: Step, person: User, answer: str) -> dict[str, Any]:
        """The form of the step, filled in and found valid."""
        work = operations.work_of(step)
        acting = access.acting_for(person, task, now=self.clock())
        assert acting is not None
        blank = work.form(task, actor=acting)
        if blank is None:
            return {}
        typed = {name: blank.get_initial_for_field(f, name) for name, f in blank.fields.items()}
        typed = {name: value for name, value in typed.items() if value not in (None, "", False)}
        typed |= {"answer": answer, **getattr(self, f"type_{step.work.replace('.', '_')}", lambda *_: {})(task, answer)}
        files = {name: typed.pop(name) for name in list(typed) if isinstance(typed[name], SimpleUploadedFile)}
        form = work.form(task, data=typed, files=files, actor=acting)
        assert form is not None
        if not form.is_valid():
            raise RuntimeError(f"step {step.no}: {json.dumps(form.errors)}")
        return dict(form.cleaned_data)

    def type_orders_issue_bill(self, task: Task, answer: str) -> dict[str, Any]:
        now = self.clock()
        days = queries.billing_days(self.institution)
        expires = rules.expiry(now, days=days).astimezone(ZoneInfo(self.institution.zone))
        code = f"8202{now:%y%m%d}{task.pk % 100_000:05d}"
        return {"provider": "manual", "code": code, "expires_at": expires.strftime("%Y-%m-%d %H:%M")}

    def type_orders_pay(self, task: Task, answer: str) -> dict[str, Any]:
        return {"proof": receipt(task.case.number)}

    def type_orders_confirm_payment(self, task: Task, answer: str) -> dict[str, Any]:
        paid = self.clock().astimezone(ZoneInfo(self.institution.zone))
        return {"ntpn": f"DEMO{task.pk:012d}", "paid_at": paid.strftime("%Y-%m-%d %H:%M"), "channel": "Bank Contoh"}

    def type_orders_approve_tariff(self, task: Task, answer: str) -> dict[str, Any]:
        return {}

    def type_laboratory_receive_items(self, task: Task, answer: str) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        order = Order.objects.get(case=task.case)
        choices = laboratory.supervisors(self.institution.pk, now=self.clock())
        for item, made in zip(laboratory.items(order), self.instruments, strict=False):
            choice = next((c for c in choices if c.laboratory.code == made.laboratory), choices[0])
            typed |= {
                f"condition_{item.pk}": "Baik, berfungsi",
                f"accessories_{item.pk}": made.accessories,
                f"choice_{item.pk}": choice.key,
            }
        return typed

    def type_laboratory_assign_analysts(self, task: Task, answer: str) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for work in laboratory.work_orders(Order.objects.get(case=task.case)):
            people = [p for p in laboratory.analysts(work.laboratory, now=self.clock()) if p.pk != work.supervisor_id]
            typed |= {f"checked_{work.item_id}": "on", f"analyst_{work.pk}": people[0].pk}
        return typed

    def type_laboratory_sign_report(self, task: Task, answer: str) -> dict[str, Any]:
        return {"passphrase": self.passphrase}

    def type_laboratory_release_report(self, task: Task, answer: str) -> dict[str, Any]:
        return {"number": "on", "customer": "on", "pages": "on"}

    def type_laboratory_judge(self, task: Task, answer: str) -> dict[str, Any]:
        if answer == "ya":
            return {}
        works = laboratory.work_orders(Order.objects.get(case=task.case))
        return {f"return_{work.pk}": "on" for work in list(works)[:1]}

    type_laboratory_verify_results = type_laboratory_validate_results = type_laboratory_judge

    def type_orders_survey(self, task: Task, answer: str) -> dict[str, Any]:
        scores = dict.fromkeys(rules.ELEMENTS, "4") | {"waktu": "3"}
        return {**scores, "comment": "Pelayanan jelas dan cepat."}

    # What is done before the step is finished -------------------------------------------------------------------------

    def before(self, work: str, task: Task, person: User) -> None:
        getattr(self, f"before_{work.replace('.', '_')}", lambda *_: None)(task, person)

    def before_orders_submit(self, task: Task, person: User) -> None:
        order = Order.objects.select_related("case", "institution").get(case=task.case)
        if order.items.exists():
            return
        contact = {"contact_name": person.full_name, "contact_phone": person.phone or "0812-0000-0000"}
        kept(orders.save_page(order, page="contact", values={**contact, "contact_email": person.email}))
        wishes = {
            "language": "id",
            "decision_rule": order.decision_rule or Order.DecisionRule.choices[0][0],
            "note": "",
        }
        kept(orders.save_page(order, page="wishes", values=wishes))
        kinds = self.kinds()
        for made in self.instruments:
            form = forms.ItemForm(made.typed, kind=kinds[made.kind])
            if not form.is_valid():
                raise RuntimeError(f"{made.kind}: {json.dumps(form.errors)}")
            kept(orders.save_item(order, item_id=None, values=form.values, page="item"))

    def kinds(self) -> dict[str, queries.Kind]:
        """The kinds of instruments that can be ordered."""
        lines = queries.lines_in_force(self.institution, self.institution.date_at(self.clock()))
        return {kind.key: kind for kind in queries.kinds(lines)}

    def before_laboratory_enter_results(self, task: Task, person: User) -> None:
        now = self.clock()
        day = self.institution.date_at(now)
        order = Order.objects.get(case=task.case)
        made = {item.order_item_id: made for item, made in zip(laboratory.items(order), self.instruments, strict=False)}
        for work in laboratory.work_orders(order):
            if work.state not in (work.State.CONFIRMED, work.State.MEASURING):
                continue
            one = made[work.item.order_item_id]
            version = next(v for v in versions_on(self.institution.pk, day) if v.code == one.method)
            kept(measuring.choose_method(work.pk, version, actor=work.analyst, now=now))
            sheet = one.measured(version, day, visit=task.visit)
            kept(measuring.submit(work.pk, sheet, actor=work.analyst, now=now))

    def before_laboratory_render_report(self, task: Task, person: User) -> None:
        if not self.prints:
            return
        order = Order.objects.select_related("case").get(case=task.case)
        kept(reports.plan_printing(order, actor=person, now=self.clock()))
        effects.run_due(worker="demo")


def kept(result: Any) -> None:
    """Raise if an operation that must go through was refused."""
    if isinstance(result, operations.Refusal):
        raise RuntimeError(f"refused: {result.code} {result.message}")
    if isinstance(result, measuring.Unfit):
        raise RuntimeError(f"refused: {'; '.join(map(str, result.measured.faults))}")


def receipt(number: str) -> SimpleUploadedFile:
    """A picture of a payment receipt."""
    picture = Image.new("RGB", (640, 320), "white")
    ImageDraw.Draw(picture).text((40, 40), f"BUKTI PENERIMAAN NEGARA (CONTOH)\n\nPesanan {number}\nLUNAS", fill="black")
    content = io.BytesIO()
    picture.save(content, "PNG")
    return SimpleUploadedFile("bukti-bayar.png", content.getvalue(), "image/png")
