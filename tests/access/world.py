"""Two bodies at work in one database: their people, and cases that wait at every step of the real procedure.

"home" is the demo body; "abroad" is another body with the same procedure and its own people and customers. What the
table says is asked of the objects here, by the step at which their case waits.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.test import Client

from sopan.catalogue.models import ChangeRequest, Revision
from sopan.documents.models import InkScan, IssuedDocument, SigningBatch
from sopan.domains.laboratory.models import (
    ChartPoint,
    CompetenceGrant,
    ControlChart,
    Equipment,
    EquipmentCertificate,
    Finding,
    Item,
    MethodVersion,
    ProficiencyTest,
    RepeatCheck,
    Report,
    ScopeLine,
    WorkOrder,
)
from sopan.domains.orders.models import (
    AmendmentRequest,
    Asset,
    CompensationRule,
    Complaint,
    Contract,
    Delivery,
    Handover,
    Notice,
    OrderItem,
    Reconciliation,
    ReconciliationRow,
    TariffLine,
)
from sopan.engine.models import Attachment, Case, Effect, SavedView, Task
from sopan.people.models import Appointment, Institution, User

NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)  # Monday 09.14 WIB
CLOSED_DAY = date(2026, 12, 29)  # by a decree of each body
HOME, ABROAD = "bspji-palembang", "balai-jauh"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
STEPS = tuple(str(number) for number in range(1, 23))
RIVAL_STEPS, ABROAD_STEPS = ("4", "9", "14", "21"), ("5", "14", "18", "21")

# Role -> the account in its body. The first three have no session that counts.
PEOPLE = {
    "visitor": "",
    "newcomer": "sari.baru@pangan-baru.example",  # registered, not activated
    "departed": "joko.lama@bspji-palembang.example",  # a second CS whose account was deactivated, with an old session
    "owner": "rina.wulandari@pangan-musi.example",
    "colleague": "doni.setiawan@pangan-musi.example",
    "rival": "tono.wijaya@teknik-ampera.example",
    "admin": "andi.saputra@bspji-palembang.example",
    "cs": "dewi.anggraini@bspji-palembang.example",
    "pji": "hendra.kusuma@bspji-palembang.example",
    "treasurer": "siti.rahmawati@bspji-palembang.example",
    "supervisor": "yusuf.maulana@bspji-palembang.example",
    "other_supervisor": "ratna.puspita@bspji-palembang.example",  # of the other laboratory
    "analyst": "fajar.nugroho@bspji-palembang.example",
    "other_analyst": "maya.kartika@bspji-palembang.example",  # of the same laboratory, without work on these orders
    "far_analyst": "rizki.firmansyah@bspji-palembang.example",  # of the other laboratory
    "mt": "agus.prasetyo@bspji-palembang.example",
    "head": "bambang.wirawan@bspji-palembang.example",
    "unbound": "lestari.handayani@bspji-palembang.example",  # a position that no actor of the procedure has
    "former": "wahyu.mantan@bspji-palembang.example",  # his appointment as CS ended yesterday
    "abroad_admin": "andi.saputra@balai-jauh.example",
    "abroad_cs": "dewi.anggraini@balai-jauh.example",
    "abroad_customer": "rina.wulandari@laut-jauh.example",
}
ROLES = tuple(PEOPLE)
UNCOUNTED = {"django_session", "cache"}  # sessions and the counters of rate limits


@dataclass
class World:
    """``cases[owner, step]``: the case of this customer that waits at this step; "end" is one that is finished."""

    home: Institution
    abroad: Institution
    people: dict[str, User]
    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    browsers: dict[tuple[str, bool], Client] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)  # the digest of the finished world

    # Objects by the case that they belong to ---------------------------------------------------------------------------

    def object(self, kind: str, step: str, *, of: str = "owner") -> int:
        """The key of an object: "task", "case", "work", "sample", "document" …; ``of`` says whose case."""
        return int(getattr(self, f"_{kind}")(self.cases[of, step], of))

    def _case(self, case: Case, of: str) -> int:
        return case.pk

    def _task(self, case: Case, of: str) -> int:
        tasks = Task.objects.filter(case=case).order_by("-status", "-pk")  # the open one, else the last
        return tasks[0].pk

    def _item(self, case: Case, of: str) -> int:
        return OrderItem.objects.filter(order__case=case).earliest("pk").pk

    def _work(self, case: Case, of: str) -> int:
        return WorkOrder.objects.filter(item__order__case=case).earliest("pk").pk

    def _sample(self, case: Case, of: str) -> int:
        return Item.objects.filter(order__case=case).earliest("pk").pk

    def _report(self, case: Case, of: str) -> int:
        return Report.objects.filter(order__case=case).earliest("pk").pk

    def _document(self, case: Case, of: str) -> int:
        return IssuedDocument.objects.filter(case=case).earliest("pk").pk

    def _scan(self, case: Case, of: str) -> int:
        return InkScan.objects.get(document__case=case).pk

    def _batch(self, case: Case, of: str) -> int:
        head = self.people["head"] if of == "owner" else self.people["abroad_admin"]
        return SigningBatch.objects.get(person=head).pk

    def _attachment(self, case: Case, of: str) -> int:
        return Attachment.objects.filter(case=case, customer_may_see=False).earliest("pk").pk

    def _shared(self, case: Case, of: str) -> int:
        return Attachment.objects.filter(case=case, customer_may_see=True).earliest("pk").pk

    def _effect(self, case: Case, of: str) -> int:
        return Effect.objects.filter(case=case, status="failed").earliest("pk").pk

    def _view(self, case: Case, of: str) -> int:
        return SavedView.objects.get(person=self.people["abroad_cs" if of == "abroad_customer" else "cs"]).pk

    def _account(self, case: Case, of: str) -> int:
        return {"owner": self.people["unbound"], "abroad_customer": self.people["abroad_cs"]}.get(
            of, self.people[of]
        ).pk

    def _inactive(self, case: Case, of: str) -> int:
        return self.people["abroad_cs" if of == "abroad_customer" else "departed"].pk

    def _member(self, case: Case, of: str) -> int:
        return self.people["colleague"].pk if of == "owner" else self.people[of].pk

    def _appointment(self, case: Case, of: str) -> int:
        person = self.people["abroad_cs" if of == "abroad_customer" else "unbound"]
        return Appointment.objects.filter(person=person).earliest("pk").pk

    # Of the catalogue, by the body of the customer: one revision in each state that somebody acts in, and a request.

    def _written(self, of: str, state: str) -> Revision:
        body = self.abroad if of == "abroad_customer" else self.home
        return Revision.objects.get(institution=body, state=state)

    def _draft(self, case: Case, of: str) -> int:
        return self._written(of, "draft").pk

    def _checking(self, case: Case, of: str) -> int:
        return self._written(of, "checking").pk

    def _request(self, case: Case, of: str) -> int:
        body = self.abroad if of == "abroad_customer" else self.home
        return ChangeRequest.objects.get(institution=body).pk

    # Of the registers of the laboratory, which belong to no case either.

    def _equipment(self, case: Case, of: str) -> int:
        return Equipment.objects.get(institution=case.institution, code="STD-M-01").pk

    def _standard(self, case: Case, of: str) -> int:
        return EquipmentCertificate.objects.get(equipment=self._equipment(case, of), version=1).pk

    def _method(self, case: Case, of: str) -> int:
        return MethodVersion.objects.filter(institution=case.institution).earliest("pk").pk

    def _grant(self, case: Case, of: str) -> int:
        return CompetenceGrant.objects.filter(institution=case.institution).earliest("pk").pk

    def _scope(self, case: Case, of: str) -> int:
        return ScopeLine.objects.filter(institution=case.institution).earliest("pk").pk

    def _chart(self, case: Case, of: str) -> int:
        return ControlChart.objects.get(institution=case.institution).pk

    def _point(self, case: Case, of: str) -> int:
        return ChartPoint.objects.filter(chart=self._chart(case, of)).latest("number").pk

    def _finding(self, case: Case, of: str) -> int:
        return Finding.objects.get(repeat=self._repeat(case, of)).pk

    def _proficiency(self, case: Case, of: str) -> int:
        return ProficiencyTest.objects.get(institution=case.institution).pk

    def _repeat(self, case: Case, of: str) -> int:
        return RepeatCheck.objects.get(institution=case.institution).pk

    # Of the service, which belongs to no case: made for each customer in ``_service``, whatever the step.

    def _contract(self, case: Case, of: str) -> int:
        return Contract.objects.filter(company=case.company).latest("pk").pk

    def _line(self, case: Case, of: str) -> int:
        return TariffLine.objects.get(institution=case.institution, code="pelatihan-gmp").pk

    def _levy(self, case: Case, of: str) -> int:
        return TariffLine.objects.get(institution=case.institution, code="retribusi-dunia").pk

    def _reconciliation(self, case: Case, of: str) -> int:
        return Reconciliation.objects.get(institution=case.institution).pk

    def _row(self, case: Case, of: str) -> int:
        return ReconciliationRow.objects.get(reconciliation__institution=case.institution).pk

    def _notice(self, case: Case, of: str) -> int:
        return Notice.objects.get(person=self.people[of], key="closed", dedupe="dunia").pk

    def _delivery(self, case: Case, of: str) -> int:
        return Delivery.objects.get(notice__person=self.people[of], notice__dedupe="dunia").pk

    def _asset(self, case: Case, of: str) -> int:
        return Asset.objects.get(company=case.company).pk

    def _complaint(self, case: Case, of: str) -> int:
        return Complaint.objects.get(company=case.company, status="answered").pk

    def _grievance(self, case: Case, of: str) -> int:
        return Complaint.objects.get(company=case.company, status="received").pk

    def _wish(self, case: Case, of: str) -> int:
        return AmendmentRequest.objects.get(order__company=case.company).pk

    def _minutes(self, case: Case, of: str) -> int:
        return Handover.objects.get(order__company=case.company).pk

    def _rule(self, case: Case, of: str) -> int:
        return CompensationRule.objects.get(institution=case.institution).pk

    # Browsers ----------------------------------------------------------------------------------------------------------

    def browser(self, role: str, *, strict: bool = False) -> Client:
        """A browser in which this role is logged in; ``strict`` asks for the CSRF token."""
        if (role, strict) not in self.browsers:
            self.browsers[role, strict] = Client(enforce_csrf_checks=strict, HTTP_HOST="127.0.0.1")
        client = self.browsers[role, strict]
        client.cookies = SimpleCookie(self.cookies[role].output(header="", sep=";"))
        return client


def digest() -> dict[str, str]:
    """A hash of all rows of each table, but for sessions and the counters of rate limits."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - UNCOUNTED):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@contextmanager
def undone() -> Any:
    """Whatever happens to the rows inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
