"""One order for a quality certificate at UPTD BPSMB Lampung, played until the results wait for their check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from sopan.core.worktime import add_minutes
from sopan.domains.testing import queries as testing
from sopan.domains.testing.operations.worksheet import field_of
from sopan.engine import operations
from sopan.engine.models import Case, Task
from sopan.engine.plain import step_of
from sopan.people.models import Institution, User
from sopan.ui.uploads import UploadInfo, check_upload

from .orders import Calendar
from .player import Player, kept, receipt

PROCEDURE, STOP, KEY = "bpsmb-penerbitan-sertifikat-mutu", "8", "contoh-sertifikat-mutu-1"
COMMODITY = "kopi-contoh"
LASTS = 180  # working minutes of all acts
LONGEST_HOLIDAY = 20  # days
MOMENT = "%Y-%m-%d %H:%M"
READINGS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "kadar-air": (
        {"m0": "25,1034", "m1": "30,2051", "m2": "29,6312"},
        {"m0": "24,8870", "m1": "29,9412", "m2": "29,3690"},
    ),
    "kotoran": ({"m": "300,12", "mk": "1,284"}, {"m": "299,87", "mk": "1,301"}),
    "kafein": ({"hasil": "1,62"},),
    "serangga-hidup": ({"hasil": "tidak ada"},),
}


def play_certificate(institution: Institution, *, now: datetime) -> None:
    """Play the order unless it is there. Side effects: a case, and all that its steps write."""
    if Case.objects.filter(start_key=KEY).exists():
        return
    clock = _recent(institution, now=now)
    player = CertificatePlayer(institution, clock, [], "")
    customer = User.objects.filter(institution=institution, company_role="owner").order_by("company_id").first()
    assert customer is not None
    player.customer = customer
    player.case = operations.start(
        PROCEDURE, institution=institution, actor=customer, company=customer.company, title="Biji kopi", start_key=KEY,
        now=clock(),
    )  # fmt: skip
    while player.open_task().step != STOP:
        clock.move(70 if player.open_task().step == "4" else 9)
        player.act()


def _recent(institution: Institution, *, now: datetime) -> Calendar:
    """A clock that begins so few days ago that all acts fit into the working time before now."""
    clocks = (Calendar(institution, days_ago=days, now=now) for days in range(1, LONGEST_HOLIDAY))
    return next(clock for clock in clocks if add_minutes(clock.working, clock.at, LASTS) < clock.end)


class CertificatePlayer(Player):
    """Plays the steps of the testing procedures."""

    def before_(self, task: Task, person: User) -> None:
        """A plain step: the file that it asks for is put there."""
        for requirement in step_of(task).requirements:
            if requirement.attach:
                upload: SimpleUploadedFile = receipt(task.case.number)
                info = check_upload(upload)
                assert isinstance(info, UploadInfo)
                attached = operations.attach(
                    task.case_id, actor=person, upload=upload, info=info, label=requirement.text, now=self.clock()
                )
                kept(attached)

    def here(self, *, minutes: int = 0) -> str:
        at = self.clock() - timedelta(minutes=minutes)
        return at.astimezone(ZoneInfo(self.institution.zone)).strftime(MOMENT)

    def type_testing_request(self, task: Task, answer: str) -> dict[str, Any]:
        commodity = self.institution.commodities.get(code=COMMODITY)
        return {
            "letter_number": "017/SPPC/XI/2026", "letter_date": self.here()[:10], "commodity": commodity.pk,
            "warehouse": "Gudang 3, Jalan Pelabuhan Contoh", "lot": "KL-2026-118", "quantity": "300 karung",
            "destination": "Pelabuhan Contoh", "language": "both", "decision_rule": "guard",
        }  # fmt: skip

    def type_testing_assign(self, task: Task, answer: str) -> dict[str, Any]:
        officer = User.objects.get(institution=self.institution, email__startswith="lukman.tanjung@")
        return {"officer": officer.pk, "planned_on": self.here()[:10]}

    def type_testing_sample(self, task: Task, answer: str) -> dict[str, Any]:
        return {
            "begun_at": self.here(minutes=50), "ended_at": self.here(minutes=10), "lot_size": "300 karung",
            "increments": "30", "conditions": "Kering, berpalet, 29 °C", "witness": "Budi Contoh", "lot_1": "KL-2026-118",
            "quantity_1": "1 kg", "seal_1": "BPSMB-0117",
        }  # fmt: skip

    def type_testing_book_in(self, task: Task, answer: str) -> dict[str, Any]:
        waiting = task.case.test_request.samples.filter(received_at=None)
        return {f"condition_{one.pk}": "Utuh, segel utuh" for one in waiting}

    def type_testing_worksheet(self, task: Task, answer: str) -> dict[str, Any]:
        typed: dict[str, Any] = {
            "tested_from": self.here()[:10], "tested_to": self.here()[:10], "place": "Laboratorium UPTD BPSMB",
            "temperature": "25,0 ± 1,0", "humidity": "60 ± 5", "equipment": "Neraca analitik NA-01; oven OV-02",
        }  # fmt: skip
        for one in testing.samples_of(task.case):
            for parameter in testing.parameters_of(one.request.commodity):
                for place, row in enumerate(READINGS[parameter.code], start=1):
                    typed |= {field_of((one.pk, parameter.pk, place, name)): text for name, text in row.items()}
                if parameter.subcontracted_to:
                    typed[f"external_{one.pk}_{parameter.pk}"] = "LHU-MITRA/88"
        return typed
