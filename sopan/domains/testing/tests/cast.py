"""The people of UPTD BPSMB with its three real procedures, and an order for one quality certificate on its way.

Puspa is Kasubbag TU, Arif heads the UPTD, Surya is Kasi Pengawasan, Kurnia Kasi Sertifikasi, Citra staff, Lukman and Ahmad
take samples, Fitri and Intan are analysts; Wahyu is the customer, Baskara another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from sopan.catalogue.loading import bindings_of
from sopan.catalogue.operations import bind, publish
from sopan.core.flow import Refusal
from sopan.core.load import load
from sopan.core.yamlfile import read_data
from sopan.documents import numbers
from sopan.documents.certificates import make_demo_pkcs12
from sopan.documents.operations import add_signing_key
from sopan.domains.orders.tests.conftest import picture
from sopan.domains.testing import queries
from sopan.domains.testing.loading import load_competences, load_register
from sopan.domains.testing.models import Report
from sopan.domains.testing.operations import papers
from sopan.domains.testing.operations.worksheet import field_of
from sopan.engine import access, effects
from sopan.engine import operations as engine
from sopan.engine.models import Case, Task
from sopan.engine.plain import step_of
from sopan.people.loading import load_institution, load_people
from sopan.people.models import User
from sopan.ui.uploads import UploadInfo, check_upload
from tests.standing import Cast

NOW = datetime(2026, 11, 23, 2, 14, tzinfo=UTC)  # Monday 09.14 WIB
LATER = NOW + timedelta(days=1)  # by the clock of pages and of the worker
FOLDER = Path(settings.PROCEDURES_DIR) / "disperindag-lampung"
CERTIFICATE, SAMPLING, TESTING = (
    "bpsmb-penerbitan-sertifikat-mutu",
    "bpsmb-pengambilan-contoh",
    "bpsmb-pengujian-contoh",
)
PASSPHRASE = "frasa Rahasia 2026"
TESTERS = (
    *("puspa.vernanda", "arif.nirmala", "surya.wicaksono", "kurnia.wicaksono", "citra.ramadhani", "lukman.tanjung"),
    *("ahmad.hakim", "fitri.fadillah", "intan.mahendra"),
)


def data_of(name: str) -> Any:
    return read_data((FOLDER / name).read_text(), file=name)


def with_second_factor(person: User) -> User:
    """Whoever signs must have one before he reaches any page."""
    if not Authenticator.objects.filter(user=person).exists():
        Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "unused"})
    return person


def as_(person: User) -> Client:
    """A browser in which this person is logged in."""
    browser = Client()
    browser.force_login(with_second_factor(person))
    return browser


def make_cast() -> Cast:
    told, demo, listed = data_of("institution.yaml"), data_of("demo.yaml"), data_of("catalogue.yaml")
    body = load_institution(told, now=NOW)
    staff = [row for row in demo["people"] if row["email"].split("@")[0] in TESTERS]
    people = load_people({**demo, "people": staff}, now=NOW)
    for series in told["number_series"]:
        numbers.define_series(body, key=series["key"], pattern=series["pattern"], scope=series["scope"])
    for slug in (CERTIFICATE, SAMPLING, TESTING):
        publish(load((FOLDER / "uptd-bpsmb" / f"{slug}.yaml").read_text(), file=slug), institution=body, now=NOW)
        bind(slug, bindings_of(listed, slug), institution=body)
    load_register(body, demo["testing"])
    load_competences(body, demo["testing"]["competences"], now=NOW)
    named = {person.name.split()[0].lower(): person for person in people}
    return Cast(body, named | {"baskara": User.objects.get(email="wahyu@lada-hitam.example"),
                               "wahyu": User.objects.get(email="wahyu@kopi-lampung.example")})  # fmt: skip


def give_certificate(person: User, *, position: str) -> None:
    content = make_demo_pkcs12(person.full_name, position=position, passphrase=PASSPHRASE, now=NOW)
    add_signing_key(person, content=content, passphrase=PASSPHRASE, now=NOW)


REQUEST = {
    "applicant": "PT Contoh Kopi Lampung", "address": "Jalan Contoh 1, Bandar Lampung", "letter_number": "017/SPPC/XI/2026",
    "letter_date": "2026-11-20", "warehouse": "Gudang 3, Jalan Pelabuhan Contoh", "lot": "KL-2026-118",
    "quantity": "300 karung", "destination": "Pelabuhan Contoh", "language": "both", "decision_rule": "guard",
}  # fmt: skip
SAMPLED = {
    "place": "Gudang 3, Jalan Pelabuhan Contoh", "begun_at": "2026-11-23 10:00", "ended_at": "2026-11-23 10:45",
    "method": "Cara contoh, satu titik setiap sepuluh karung", "lot_size": "300 karung", "increments": "30",
    "conditions": "Kering, berpalet, 29 °C", "witness": "Budi Contoh", "lot_1": "KL-2026-118", "quantity_1": "1 kg",
    "seal_1": "BPSMB-0117",
}  # fmt: skip
SHEET = {
    "tested_from": "2026-11-23", "tested_to": "2026-11-23", "place": "Laboratorium UPTD BPSMB", "temperature": "25,0 ± 1,0",
    "humidity": "60 ± 5", "equipment": "Neraca analitik NA-01; oven OV-02",
}  # fmt: skip
# As the analyst writes them down: comma or point. Parameter -> repetition -> name -> text.
READINGS: dict[str, list[dict[str, str]]] = {
    "kadar-air": [
        {"m0": "25,1034", "m1": "30,2051", "m2": "29,6312"},
        {"m0": "24.8870", "m1": "29.9412", "m2": "29.3690"},
    ],
    "kotoran": [{"m": "300,12", "mk": "1,284"}, {"m": "299,87", "mk": "1,301"}],
    "kafein": [{"hasil": "1,62"}],
    "serangga-hidup": [{"hasil": "tidak ada"}],
}


@dataclass
class Play:
    """One case on its way. ``now`` moves on by ten minutes with each act."""

    cast: Cast
    case: Case
    now: datetime = NOW

    def task(self) -> Task:
        rows = Task.objects.select_related("case__institution", "case__procedure", "case__company", "binding")
        return rows.get(case=self.case, status=Task.Status.OPEN)

    def work(self) -> str:
        return step_of(self.task()).work

    def try_(self, person: User, answer: str = "", *, reason: str = "", **typed_: Any) -> Any:
        """The open step as this person does it: through its form. Refusals of the form are told as code "form"."""
        self.now += timedelta(minutes=10)
        task = self.task()
        acting = access.acting_for(person, task, now=self.now)
        work = engine.work_of(step_of(task))
        form = work.form(task, data={**typed_, "answer": answer}, actor=acting) if acting is not None else None
        if form is not None and not form.is_valid():
            return Refusal("form", str(form.errors.as_data()))
        data = form.cleaned_data if form is not None else {}
        return engine.complete(task.pk, actor=person, answer=answer, data=data, reason=reason, now=self.now)

    def do(self, person: User, answer: str = "", **more: Any) -> None:
        done = self.try_(person, answer, **more)
        assert isinstance(done, engine.Done), done
        self.case.refresh_from_db()

    # The usual way ------------------------------------------------------------------------------------------------------

    def request(self, **changed: Any) -> None:
        commodity = self.cast.body.commodities.get(code="kopi-contoh")
        self.do(self.cast.puspa, **{**REQUEST, "commodity": commodity.pk, **changed})
        self.do_plain(self.cast.arif)

    def do_plain(self, person: User) -> None:
        """A step without a work of its own; its required file is put there first."""
        step = step_of(self.task())
        for place, one in enumerate(step.requirements):
            if one.attach:
                file = picture(f"{place}.png")
                info = check_upload(file)
                assert isinstance(info, UploadInfo), info
                engine.attach(self.case.pk, actor=person, upload=file, info=info, label=one.text, now=self.now)
        self.do(person)

    def sampled(self, **changed: Any) -> None:
        self.do(self.cast.surya, officer=self.cast.lukman.pk, planned_on="2026-11-23")
        self.now = NOW + timedelta(hours=2)  # 11.14 WIB, after what was done at the warehouse
        self.do(self.cast.lukman, **{**SAMPLED, **changed})
        self.do(self.cast.lukman)

    def booked(self) -> None:
        sample = self.case.test_request.samples.get()
        self.do(self.cast.kurnia, **{f"condition_{sample.pk}": "Utuh, segel utuh"})

    def sheet(self, readings: Mapping[str, list[dict[str, str]]] = READINGS) -> dict[str, Any]:
        found: dict[str, Any] = dict(SHEET)
        for one in queries.samples_of(self.case):
            for parameter in queries.parameters_of(one.request.commodity):
                for place, row in enumerate(readings[parameter.code], start=1):
                    found |= {field_of((one.pk, parameter.pk, place, name)): text for name, text in row.items()}
                if parameter.subcontracted_to:
                    found[f"external_{one.pk}_{parameter.pk}"] = "LHU-MITRA/88"
        return found

    def tested(self, person: User | None = None, **changed: Any) -> None:
        self.do(person or self.cast.fitri, **{**self.sheet(), **changed})

    def printed(self, kind: str, person: User) -> Report:
        done = papers.plan_printing(self.case, kind, actor=person, now=self.now)
        assert isinstance(done, Report), done
        effects.run_due(worker="test")
        done.refresh_from_db()
        assert done.state == Report.State.PRINTED, done.fault
        return done

    def result_signed(self) -> Report:
        paper = self.printed(Report.Kind.TEST_RESULT, self.cast.surya)
        self.do(self.cast.surya, "ya", passphrase=PASSPHRASE, shown=paper.document.unsigned_sha256)
        return self.paper(Report.Kind.TEST_RESULT)

    def certified(self) -> Report:
        self.do(self.cast.kurnia)
        paper = self.printed(Report.Kind.CERTIFICATE, self.cast.kurnia)
        self.do(self.cast.kurnia)
        self.do(self.cast.puspa)
        self.do(self.cast.arif, passphrase=PASSPHRASE, shown=paper.document.unsigned_sha256)
        return self.paper(Report.Kind.CERTIFICATE)

    def paper(self, kind: str) -> Report:
        found = queries.paper_of(self.case, kind)
        assert found is not None
        return found

    def to_worksheet(self, **changed: Any) -> Play:
        self.request(**changed)
        self.sampled()
        self.booked()
        return self


def begin(cast: Cast, slug: str = CERTIFICATE, *, by: str = "puspa", key: str = "uji-1") -> Play:
    """A case of one of the procedures, begun by who may."""
    company = cast.wahyu.company if slug == CERTIFICATE else None
    case = engine.start(slug, institution=cast.body, actor=cast.people[by], company=company, start_key=key, now=NOW)
    return Play(cast, case)
