"""Both bodies loaded, and their cases played to their steps."""

from __future__ import annotations

import hashlib
import io
import shutil
from datetime import date, timedelta
from pathlib import Path

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
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
    EquipmentCertificate,
    Finding,
    RepeatCheck,
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
    Reconciliation,
    ReconciliationRow,
    TariffLine,
)
from sopan.engine import operations as engine
from sopan.engine.models import Case, Effect, SavedView
from sopan.people import keeping
from sopan.people.loading import DEMO_PASSWORD
from sopan.people.models import Appointment, Institution, Position, User
from sopan.ui.uploads import check_upload
from sopan.web.bodies import load_body

from .world import (
    ABROAD,
    ABROAD_STEPS,
    BACKEND,
    CLOSED_DAY,
    HOME,
    NOW,
    PEOPLE,
    RIVAL_STEPS,
    ROLES,
    STEPS,
    World,
    digest,
)


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
