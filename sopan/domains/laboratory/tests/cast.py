"""The people of the laboratory, and an order that has just been paid.

Dewi is CS, Hendra leads the team PJI, Yusuf and Ratna are the Penyelia of two laboratories, Agus is Manajer Teknis, Fajar
and Maya are analysts of Yusuf's laboratory, Rizki of Ratna's, Bambang is the head; Rina is the customer, Tono another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings

from sopan.catalogue import queries as catalogue
from sopan.catalogue.loading import bindings_of
from sopan.catalogue.operations import bind, publish
from sopan.core.load import load
from sopan.core.model import Exit, Outcome, Procedure, StepKind
from sopan.core.yamlfile import read_data
from sopan.documents.certificates import make_demo_pkcs12
from sopan.documents.models import NumberSeries
from sopan.documents.operations import add_signing_key
from sopan.domains.laboratory.loading import load_laboratories
from sopan.domains.laboratory.models import Item, WorkOrder
from sopan.domains.laboratory.operations import reports, results
from sopan.domains.laboratory.operations.results import Reading, Sheet
from sopan.domains.laboratory.queries import items, supervisors, work_orders
from sopan.domains.orders.models import Order, OrderItem
from sopan.engine import access as engine_access
from sopan.engine import effects, operations
from sopan.engine.models import Case, Task
from sopan.people.loading import load_institution, load_people
from sopan.people.models import Appointment, Company, Position, User
from tests.standing import Cast

NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)  # Monday 09.14 WIB
FOLDER = Path(settings.PROCEDURES_DIR) / "bspji-palembang"
PASSPHRASE = "frasa Rahasia 2026"


def data_of(name: str) -> Any:
    return read_data((FOLDER / name).read_text(), file=name)


def laboratory_part() -> Procedure:
    """The steps of the laboratory in the real procedure, after a plain one that lets an order be made first."""
    whole = load((FOLDER / "sippt-kalibrasi.yaml").read_text(), file="sippt-kalibrasi.yaml")
    assert isinstance(whole, Procedure), whole
    steps = [step for step in whole.steps if step.work.startswith("laboratory.")]
    ready = replace(steps[0], id="siap", no="0", sequence=1, work="", exits=(Exit("", to=(steps[0].id,)),), entry="")
    last = replace(steps[-1], exits=tuple(_ended(way, steps[-1].sequence, whole) for way in steps[-1].exits))
    return replace(whole, steps=(replace(ready, kind=StepKind.START), *steps[:-1], last))


def _ended(way: Exit, at: int, whole: Procedure) -> Exit:
    onward = any(whole.by_id[target].sequence > at for target in way.to)
    return replace(way, to=(), end=Outcome.FINISHED) if onward else way


def make_cast() -> Cast:
    told = data_of("institution.yaml")
    body = load_institution(told, now=NOW)
    people = {person.name.split()[0].lower(): person for person in load_people(data_of("demo.yaml"), now=NOW)}
    for series in told["number_series"]:
        NumberSeries.objects.create(
            institution=body, key=series["key"], pattern=series["pattern"], scope=series["scope"]
        )
    load_laboratories(body, told)
    procedure = laboratory_part()
    publish(procedure, institution=body, now=NOW)
    bind(procedure.slug, bindings_of(data_of("catalogue.yaml"), procedure.slug), institution=body)
    # Who signs must have a second factor before he reaches any page.
    Authenticator.objects.create(user=people["bambang"], type=Authenticator.Type.TOTP, data={"secret": "unused"})
    return Cast(body, people)


def appoint(person: User, code: str, **fields: Any) -> Appointment:
    """Give a person a position, from a day ago on."""
    position = Position.objects.get(code=code)
    return Appointment.objects.create(
        position=position, person=person, **{"valid_from": NOW - timedelta(days=1), **fields}
    )


def give_certificate(person: User, *, position: str = "Kepala Balai") -> None:
    content = make_demo_pkcs12(person.full_name, position=position, passphrase=PASSPHRASE, now=NOW)
    add_signing_key(person, content=content, passphrase=PASSPHRASE, now=NOW)


SCALE = {
    "kind": "timbangan",
    "kind_name": "Timbangan elektronik",
    "name": "Timbangan analitik",
    "make": "Contoh Timbang",
}
GAUGE = {"kind": "tekanan", "kind_name": "Pressure gauge", "name": "Pressure gauge 10 bar", "make": "Contoh Tekan"}


@dataclass
class Play:
    """An order on its way through the laboratory."""

    cast: Cast
    case: Case
    now: datetime = NOW

    @property
    def order(self) -> Order:
        return Order.objects.select_related("company", "institution", "case__procedure").get(case=self.case)

    @property
    def task(self) -> Task:
        """The open task, as the engine hands it to a work."""
        task = Task.objects.get(case=self.case, status=Task.Status.OPEN)
        task.case = Case.objects.select_related("procedure", "institution", "company").get(pk=self.case.pk)
        return task

    @property
    def step(self) -> str:
        return self.task.step

    @property
    def items(self) -> list[Item]:
        return list(items(self.order))

    @property
    def works(self) -> list[WorkOrder]:
        return list(work_orders(self.order))

    def later(self, **delta: int) -> None:
        self.now += timedelta(**delta)

    def do(self, person: User, answer: str = "", *, typed: Mapping[str, Any] | None = None, reason: str = "") -> Any:
        """Finish the open step as the screen does: through the form of its work, then the engine."""
        task = self.task
        work = operations.work_of(catalogue.procedure(self.case.procedure_id).by_id[task.step])
        acting = engine_access.acting_for(person, task, now=self.now)
        assert acting is not None, f"{person} does not do step {task.step}"
        form = work.form(task, data=dict(typed or {}), actor=acting)
        if form is not None and not form.is_valid():
            return form.errors
        data = form.cleaned_data if form is not None else {}
        return operations.complete(task.pk, actor=person, answer=answer, data=data, reason=reason, now=self.now)

    # The ordinary way ------------------------------------------------------------------------------------------------

    def receive(self, *, absent: tuple[int, ...] = (), to: Mapping[int, str] | None = None) -> Any:
        """Dewi receives all instruments but those whose line is in ``absent``; ``to``: line -> code of a laboratory."""
        choices = {choice.laboratory.code: choice for choice in supervisors(self.cast.body.pk, now=self.now)}
        typed: dict[str, Any] = {}
        for item in self.items:
            line = item.order_item.line
            if line in absent:
                continue
            where = (to or {}).get(line, "massa-suhu")
            typed |= {
                f"arrived_{item.pk}": "on",
                f"condition_{item.pk}": "Baik",
                f"accessories_{item.pk}": "Adaptor",
                f"choice_{item.pk}": choices[where].key,
            }
        return self.do(self.cast.dewi, typed=typed)

    def assignments(self, analysts: Mapping[int, User]) -> dict[str, Any]:
        typed: dict[str, Any] = {}
        for work in self.works:
            analyst = analysts.get(work.item.order_item.line)
            if analyst is not None:
                typed |= {
                    f"checked_{work.item_id}": "on",
                    f"parameter_{work.pk}": work.parameter,
                    f"analyst_{work.pk}": str(analyst.pk),
                }
        return typed

    def assign(self, analysts: Mapping[int, User] | None = None) -> Any:
        lines = {item.order_item.line: self.cast.fajar for item in self.items}
        return self.do(self.cast.yusuf, typed=self.assignments(analysts or lines))

    def confirm(self) -> Any:
        return self.do(self.cast.agus, "ya")

    def submit(self, work: WorkOrder, *, person: User | None = None, sheet: Sheet | None = None) -> Any:
        return results.submit(work.pk, sheet or good_sheet(), actor=person or work.analyst, now=self.now)

    def measure(self) -> Any:
        for work in self.works:
            if work.state in (WorkOrder.State.CONFIRMED, WorkOrder.State.MEASURING):
                self.submit(work)
        return self.do(self.works[0].analyst)

    def verify(self) -> Any:
        return self.do(self.cast.yusuf, "ya")

    def validate(self) -> Any:
        return self.do(self.cast.agus, "ya")

    def number(self) -> Any:
        return self.do(self.cast.hendra)

    def print(self) -> Any:
        asked = reports.plan_printing(self.order, actor=self.cast.dewi, now=self.now)
        effects.run_due()
        return asked

    def request(self) -> Any:
        return self.do(self.cast.dewi, "ya")

    def to(self, work: str) -> Play:
        """Go the ordinary way until the step with this work is open."""
        ways = {
            "receive_items": self.receive,
            "assign_analysts": self.assign,
            "confirm_assignment": self.confirm,
            "enter_results": self.measure,
            "verify_results": self.verify,
            "validate_results": self.validate,
            "number_report": self.number,
            "render_report": lambda: (self.print(), self.request())[1],
        }
        by_id = catalogue.procedure(self.case.procedure_id).by_id
        while (here := by_id[self.step].work.removeprefix("laboratory.")) != work:
            done = ways[here]()
            assert isinstance(done, operations.Done), done
        return self


def good_sheet(**changes: Any) -> Sheet:
    rows = [Reading("50", "g", "50,00003", "50,0001", ""), Reading("100", "g", "100.00002", "100.0002", "stabil")]
    fields = {
        "rows": rows,
        "measured_from": date(2026, 11, 23),
        "measured_to": date(2026, 11, 23),
        "place": "Laboratorium Massa dan Suhu",
        "temperature_text": "23,1 ± 0,5",
        "humidity_text": "55",
        "method": "IK-KAL-01",
        "standards": "Anak timbangan E2, no. seri AT-07\nTermohigrometer TH-2",
        "notes": "",
    }
    return Sheet(**{**fields, **changes})


def make_order(cast: Cast, *instruments: Mapping[str, str], **fields: Any) -> Play:
    """A paid order that stands before the counter of the laboratory."""
    company = Company.objects.get(name="PT Contoh Pangan Musi")
    case = operations.start(
        laboratory_part().slug, institution=cast.body, actor=None, company=company, number="ORD-2026-11-0412", now=NOW
    )
    order = Order.objects.create(
        case=case,
        institution=cast.body,
        company=company,
        **{
            "number": f"ORD-2026-11-{case.pk:04d}",
            "language": "id",
            "decision_rule": "none",
            "accepts_simplified": True,
            "created_at": NOW,
            **fields,
        },
    )
    for line, instrument in enumerate(instruments or (SCALE,), 1):
        defaults = {"type": "T-1", "serial_number": f"SN-{line}", "range_unit": "g", "points": "50; 100 g"}
        OrderItem.objects.create(order=order, line=line, **{**defaults, **instrument})
    play = Play(cast, case)
    done = play.do(cast.dewi)
    assert isinstance(done, operations.Done), done
    return play
