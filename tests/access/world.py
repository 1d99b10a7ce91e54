"""Two bodies at work in one database: their people, and cases that wait at every step of the real procedure.

"home" is the demo body; "abroad" is another body with the same procedure and its own people and customers. What the
table says is asked of the objects here, by the step at which their case waits.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client, override_settings
from PIL import Image

from sopan.catalogue import editing, life, requests
from sopan.catalogue.models import ChangeRequest, Revision
from sopan.catalogue.queries import version_in_force
from sopan.demo.instruments import BALANCE, PH_METER
from sopan.demo.loading import PASSPHRASE, load_demo_body, load_demo_people
from sopan.demo.player import Player
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
from sopan.domains.orders import operations as orders
from sopan.domains.orders.models import (
    AmendmentRequest,
    Asset,
    CompensationRule,
    Complaint,
    Contract,
    Delivery,
    Handover,
    Notice,
    Order,
    OrderItem,
    Reconciliation,
    ReconciliationRow,
    TariffLine,
)
from sopan.engine import operations as engine
from sopan.engine.models import Attachment, Case, Effect, SavedView, Task
from sopan.people import keeping
from sopan.people.loading import DEMO_PASSWORD
from sopan.people.models import Appointment, Institution, Position, User
from sopan.ui.uploads import check_upload
from sopan.web.bodies import load_body

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


# Building --------------------------------------------------------------------------------------------------------------


def build(folder: Path) -> World:
    """Load both bodies and play the cases to their steps. ``folder``: for a copy of the procedures."""
    home = load_demo_body(now=NOW)
    load_demo_people(home, now=NOW)
    abroad = _abroad(folder)
    _others(home)
    newcomer = _register_newcomer(home)
    people = {role: User.objects.get(email=email) for role, email in PEOPLE.items() if email}
    world = World(home, abroad, people)
    world.cases["newcomer", "3"] = newcomer
    for step in ("1", "2"):
        world.cases["newcomer", step] = _unregistered(home, people["newcomer"], step)
    _play_all(world)
    _small_things(world)
    for body in (home, abroad):
        _revisions(body)
    _service(world)
    _log_in(world)
    world.rows = digest()
    return world


def _abroad(folder: Path) -> Institution:
    """Another body in the same database: the same files under other names."""
    target = folder / ABROAD
    shutil.copytree(settings.PROCEDURES_DIR / HOME, target)
    renamed = {
        HOME: ABROAD,
        "pangan-musi.example": "laut-jauh.example",
        "teknik-ampera.example": "darat-jauh.example",
        "PT Contoh Pangan Musi": "PT Jauh Bahari",
        "CV Contoh Teknik Ampera": "CV Jauh Daratan",
        "BSPJI Palembang": "Balai Jauh",
    }
    for name in ("institution.yaml", "demo.yaml", "laboratory.yaml"):
        text = (target / name).read_text()
        for old, new in renamed.items():
            text = text.replace(old, new)
        (target / name).write_text(text)
    with override_settings(PROCEDURES_DIR=folder):
        body = load_body(ABROAD, now=NOW)
        load_demo_people(body, now=NOW)
    return body


def _others(home: Institution) -> None:
    """The colleague who left, and the one whose appointment ended yesterday."""
    at_counter = Position.objects.get(institution=home, code="cs")
    for role, name, active, ended in (
        ("departed", "Joko Lama", False, None),
        ("former", "Wahyu Mantan", True, NOW - timedelta(days=1)),
    ):
        person = User.objects.create_user(
            PEOPLE[role], DEMO_PASSWORD, name=name, kind="staff", institution=home, is_active=active
        )
        Appointment.objects.create(
            position=at_counter, person=person, valid_from=NOW - timedelta(days=90), valid_to=ended
        )


def _register_newcomer(home: Institution) -> Case:
    company = {"name": "PT Contoh Pangan Baru", "npwp": "0000000000000099", "address": "Jalan Contoh 9"}
    person = {"name": "Sari Baru", "email": PEOPLE["newcomer"], "phone": "0812-0000-0099"}
    case = orders.register(
        institution=home,
        company=company | {"city": "Palembang", "phone": ""},
        person=person,
        password=DEMO_PASSWORD,
        now=NOW,
    )
    assert isinstance(case, Case), case
    return case


def _unregistered(home: Institution, person: User, step: str) -> Case:
    """A case that a registration left behind before its first or second step was done."""
    case = engine.start("sippt-kalibrasi", institution=home, actor=None, entry="visit", company=person.company, now=NOW)
    if step == "2":
        engine.complete_by_system(case.pk, step_work="orders.visit", now=NOW)
    return case


def _play_all(world: World) -> None:
    wanted = [("owner", step) for step in (*STEPS[3:], "end")]
    wanted += [("rival", step) for step in RIVAL_STEPS] + [("abroad_customer", step) for step in ABROAD_STEPS]
    for of, step in wanted:
        customer = world.people[of]
        instruments = [BALANCE, PH_METER] if step == "14" else [BALANCE]
        player = Player(customer.institution, lambda: NOW, instruments, PASSPHRASE)
        player.order(customer, key=f"{of}-{step}")
        assert player.case is not None
        if step == "4":
            player.before("orders.submit", player.open_task(), customer)
        elif step == "end":
            player.play_to("22")
            player.act()
        else:
            player.play_to(step)
        player.case.refresh_from_db()
        world.cases[of, step] = player.case


def _small_things(world: World) -> None:
    """Files, messages, failed effects, saved views, second factors."""
    for (of, step), case in world.cases.items():
        cs = world.people["abroad_cs" if of == "abroad_customer" else "cs"]
        for name, shared in (("catatan.png", False), ("brosur.png", True)):
            upload = picture(name)
            info = check_upload(upload, kinds=("png",))
            engine.attach(case.pk, actor=cs, upload=upload, info=info, label=name, customer_may_see=shared, now=NOW)
        engine.comment(case.pk, actor=cs, text=f"Catatan {of} {step}", internal=True, now=NOW)
        Effect.objects.create(
            institution=case.institution, case=case, key="orders.tell_customer", data={}, status="failed",
            created_at=NOW, run_after=NOW,
        )  # fmt: skip
    for role in ("cs", "abroad_cs"):
        SavedView.objects.create(person=world.people[role], name="Terlambat", query="batas=terlambat")
    for document in IssuedDocument.objects.filter(case__in=world.cases.values()):
        cs = world.people["cs" if document.institution == world.home else "abroad_cs"]
        InkScan.objects.create(
            document=document, file=document.unsigned.name, sha256=document.unsigned_sha256, state="waiting",
            of_sha256=document.unsigned_sha256, signed_on=NOW.date(), uploaded_by=cs, uploaded_at=NOW,
        )  # fmt: skip
        own = EquipmentCertificate.objects.filter(equipment__institution=document.institution)
        own.update(file=document.unsigned.name, file_name="sertifikat.pdf", sha256=document.unsigned_sha256)
    for repeat in RepeatCheck.objects.all():
        Finding.objects.create(
            institution=repeat.institution, laboratory=repeat.laboratory, repeat=repeat, opened_at=NOW
        )  # fmt: skip
    for role in ("head", "abroad_admin"):
        SigningBatch.objects.create(person=world.people[role], form_key="kunci", started_at=NOW, outcomes=[])
    for role in ("admin", "abroad_admin"):
        admin = world.people[role]
        keeping.set_day(
            admin.institution, CLOSED_DAY, kind="closed", name="Cuti bersama", source="SE-1", by=admin, now=NOW
        )
    for role in ("admin", "head", "abroad_admin"):
        TOTP.activate(world.people[role], generate_totp_secret())


WRITTEN = {
    "format": "1",
    "identity": {"number": "SOP 9", "name": "Pengelolaan arsip"},
    "actors": {"staf": {"name": "STAF"}},
    "steps": [{"no": "1", "actor": "staf", "activity": "Menyimpan arsip", "time": "10 menit", "end": "finished"}],
}


def _revisions(body: Institution) -> None:
    """A change of the real procedure that is being written, a new one that waits to be checked, and a request."""
    holder = Appointment.objects.filter(position__institution=body, position__code="kasubbag-tu").earliest("pk")
    author, slug = holder.person, "sippt-kalibrasi"
    version = version_in_force(slug, institution=body, now=NOW)
    opened = editing.open_revision(body, actor=author, slug=slug, based_on=version, what="Waktu", why="Audit", now=NOW)
    assert isinstance(opened, Revision), opened
    new = editing.open_revision(
        body, actor=author, slug="pengelolaan-arsip", content=WRITTEN, what="Baru", why="Audit", now=NOW
    )
    assert isinstance(new, Revision), new
    sent = life.send(new.pk, actor=author, edit=new.edit, now=NOW)
    assert isinstance(sent, Revision), sent
    asked = requests.ask(
        "sertifikasi",
        institution=body,
        actor=author,
        version=None,
        what="Waktu langkah 2",
        why="Terlalu singkat",
        now=NOW,
    )
    assert isinstance(asked, ChangeRequest), asked


TRACKED = "token-pengaduan-dunia-1"


def _service(world: World) -> None:
    """What the service keeps beside the orders, for three customers of both bodies; after the orders were played."""
    for role, person in world.people.items():
        if role not in ("newcomer", "departed"):
            told = Notice.objects.create(
                institution=person.institution, person=person, key="closed", dedupe="dunia", subject="Kabar", text="Kabar",
                link="/akun/", at=NOW,
            )  # fmt: skip
            Delivery.objects.create(
                notice=told, channel="email", address=person.email, subject="Kabar", text="Kabar", status="failed",
                next_at=NOW,
            )  # fmt: skip
    for body in (world.home, world.abroad):
        sheet = Reconciliation.objects.create(
            institution=body, name="bank.csv", sha256="a" * 64, first=NOW.date(), last=NOW.date(), created_at=NOW,
            created_by_name="Siti",
        )  # fmt: skip
        ReconciliationRow.objects.create(reconciliation=sheet, line=2, code="1", amount=1, outcome="unknown")
        TariffLine.objects.create(
            institution=body, code="retribusi-dunia", group="Retribusi", description="Pengujian", per="contoh", amount=1000,
            revenue="retribusi", legal_basis="Perda contoh", valid_from=date(2024, 1, 1),
        )  # fmt: skip
        CompensationRule.objects.create(
            institution=body, service="sippt-kalibrasi", more_than=1, form="Antar gratis", source="SK-1", changed_at=NOW,
            changed_by_name="Andi",
        )  # fmt: skip
    for of, step in (("owner", "22"), ("rival", "21"), ("abroad_customer", "21")):
        _of_customer(world, of, world.cases[of, step])


def _of_customer(world: World, of: str, case: Case) -> None:
    customer = world.people[of]
    body, order, told = customer.institution, Order.objects.get(case=case), "Laporan kami terlambat dua minggu."
    Contract.objects.create(
        institution=body, company=customer.company, number=f"PKS-{of}", basis="PP 54/2021", created_at=NOW,
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), created_by_name="Hendra",
    )  # fmt: skip
    Asset.objects.create(
        company=customer.company, kind="oven", kind_name="Oven", name="Oven", make="Contoh", serial_number="OV-1",
        created_at=NOW,
    )  # fmt: skip
    for status in ("answered", "received"):
        Complaint.objects.create(
            institution=body, company=customer.company, person=customer, name=customer.name, text=told, status=status,
            received_at=NOW, acknowledge_by=NOW, answer_by=NOW,
            **({"token": TRACKED} if (of, status) == ("owner", "answered") else {}),
        )  # fmt: skip
    Handover.objects.create(
        order=order,
        items=[["S-1", "Neraca", "Contoh", "SN-1", ""]],
        given_at=NOW,
        given_by_name="Dewi",
        receiver="Rina",
    )
    AmendmentRequest.objects.create(
        order=order, document=case.documents.earliest("pk"), wrong="SN-1", right="SN-2", created_at=NOW,
        created_by=customer, created_by_name=customer.name,
    )  # fmt: skip


def _log_in(world: World) -> None:
    for role in ROLES:
        client = Client(HTTP_HOST="127.0.0.1")
        if role in world.people:
            client.force_login(world.people[role], backend=BACKEND)
        world.cookies[role] = client.cookies


def picture(name: str = "gambar.png") -> SimpleUploadedFile:
    """A small picture; each name has its own content."""
    content = io.BytesIO()
    shade = int(hashlib.sha256(name.encode()).hexdigest()[:2], 16)
    Image.new("RGB", (8, 8), (shade, 40, 40)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")
