"""The head of the body signs. The passphrase passes through memory alone: no draft, no journal, no log holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents.models import Signature
from sopan.documents.signing import choosing
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, step_works
from sopan.people.models import User

from .. import queries
from ..forms import SignForm
from ..operations import reports as operations
from .base import YES, LaboratoryWork

AUTHORISES = Signature.Role.AUTHORISES


@step_works.register
class SignReport(LaboratoryWork):
    """All reports of the order with one passphrase, after they have been shown; or none, with a reason."""

    key = queries.SIGN
    template = "laboratory/steps/sign_report.html"
    prepares = True

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> SignForm:
        shown = {report.pk: report.document.unsigned_sha256 for report in self._reports(task) if report.document}
        return SignForm(data, initial={"shown": json.dumps(shown)})

    def _reports(self, task: Task) -> list[Any]:
        return list(queries.reports(self.order(task)))

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        order = self.order(task)
        signer = queries.signer(task.case, now=timezone.now())
        person = User.objects.filter(pk=actor.person_id).first()
        signs = person is not None and signer is not None and signer.person_id == person.pk
        return {
            "order": order,
            "reports": self._reports(task),
            "signer": signer,
            "standing": choosing.standing(person, now=timezone.now()) if signs and person is not None else None,
        }

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        return self._not_signer(task, person_id, now=timezone.now())

    def _not_signer(self, task: Task, person_id: int | None, *, now: datetime) -> Refusal | None:
        signer = queries.signer(task.case, now=now)
        if signer is not None and signer.person_id == person_id:
            return None
        who = f"{signer.person.full_name}, {signer.title}" if signer else _("belum ada")
        return Refusal("not-signer", _("Penanda tangan saat ini: %(who)s.") % {"who": who})

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        refusal = self._not_signer(task, actor.person_id, now=timezone.now())
        if refusal is not None:
            return [refusal]
        missing = [report for report in self._reports(task) if report.document and report.document.awaits == AUTHORISES]
        if answer != YES or not missing:
            return []
        text = _("Hasil laporan %(number)s belum disahkan dengan tanda tangan.")
        return [Refusal("not-authorised", text % {"number": missing[0]})]

    def prepare(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> list[str] | Refusal:
        if answer != YES:
            return []
        order, person = self.order(task), self.person(actor)
        if operations.all_signed(order, person=person):
            return [report.number for report in self._reports(task)]
        passphrase = data.get("passphrase") or ""
        if not passphrase:
            return Refusal("passphrase", _("Tuliskan passphrase sertifikat elektronik Anda."), "passphrase")
        return operations.sign_all(
            order,
            person=person,
            acting=actor,
            passphrase=passphrase,
            shown=_hashes(data.get("shown") or ""),
            now=now,
        )

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        if answer != YES:
            return Result()
        refusal = operations.keep_signed(self.order(task), person_id=actor.person_id)
        if refusal is not None:
            return refusal
        hashes = {report.number: report.document.signed_sha256 for report in self._reports(task)}
        return Result(facts={"reports": hashes})


def _hashes(text: str) -> dict[int, str]:
    """Report key -> hash, from the page; anything else that was sent gives nothing."""
    try:
        told = json.loads(text)
        return {int(key): str(value) for key, value in told.items()}
    except (ValueError, AttributeError, RecursionError):
        return {}
