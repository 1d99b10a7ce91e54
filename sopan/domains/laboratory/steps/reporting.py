"""Report numbers, printing and the request for a signature, the last check and the release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.orders.money import policy
from sopan.domains.orders.operations import told
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, step_works

from .. import queries
from ..access import step_doing
from ..forms import ReleaseForm
from ..models import Report
from ..operations import reports as operations
from .base import YES, LaboratoryWork

R = Report.State


@step_works.register
class NumberReport(LaboratoryWork):
    """Every instrument that came gets its number, in the transaction of the step."""

    key = "laboratory.number_report"
    template = "laboratory/steps/number_report.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        order = self.order(task)
        return {"items": list(queries.items(order)), "reports": list(queries.reports(order))}

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        order = self.order(task)
        waiting = operations.unapproved(order)
        if waiting:
            return [Refusal("not-approved", f"{work}: {work.get_state_display().lower()}.") for work in waiting]
        return operations.incomplete(order)

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        found = operations.number(self.order(task), acting=actor, now=now)
        if isinstance(found, Refusal):
            return found
        return Result(facts={"reports": [report.number for report in found]})


@step_works.register
class RenderReport(LaboratoryWork):
    """CS has the reports printed, reads them, and asks the office holder for the signature."""

    key = operations.RENDER
    template = "laboratory/steps/render_report.html"

    def reopened(self, task: Task, *, now: datetime) -> None:
        operations.begin_again(self.order(task), now=now)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        found = list(queries.reports(self.order(task)))
        return {
            "reports": found,
            "printing": any(report.state == R.RENDERING for report in found),
            "ready": bool(found) and all(report.state == R.RENDERED for report in found),
            "signer": queries.signer(task.case, now=timezone.now()),
        }

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        if answer != YES:
            return []
        found = list(queries.reports(self.order(task)))
        if not found or any(report.state != R.RENDERED for report in found):
            return [Refusal("not-rendered", _("Cetak dahulu semua E-LHU, lalu baca hasilnya."))]
        if queries.signer(task.case, now=timezone.now()) is None:
            return [Refusal("no-signer", _("Tidak ada pejabat yang memegang jabatan penanda tangan saat ini."))]
        return []

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        if answer != YES:
            return Result()
        order = self.order(task)
        refusal = operations.request_signature(order)
        signer, following = queries.signer(task.case, now=now), step_doing(task.case, queries.SIGN)
        if refusal is not None or signer is None or following is None:
            return refusal if refusal is not None else Refusal("no-signer", _("Tidak ada pejabat penanda tangan."))
        hashes = {
            report.number: report.document.unsigned_sha256 for report in queries.reports(order) if report.document
        }
        facts = {"signer": signer.person.full_name, "position": signer.title, "reports": hashes}
        return Result(facts=facts, assign={following.id: signer.person_id})


@step_works.register
class ReleaseReport(LaboratoryWork):
    """CS checks number, customer and pages; the signatures are judged here, not by eye."""

    key = "laboratory.release_report"
    template = "laboratory/steps/release_report.html"
    prepares = True  # judges the signatures on the stored bytes

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> ReleaseForm:
        return ReleaseForm(data)

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        """Where the order is to be paid before its reports are released, they wait for the payment."""
        unpaid = policy.refusal_at(self.order(task), "release") if answer in ("", YES) else None
        return [] if unpaid is None else [unpaid]

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        order = self.order(task)
        verdicts = operations.judged(order)
        return {"order": order, "sheets": [(report, verdicts.get(report.pk)) for report in queries.reports(order)]}

    def prepare(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> dict[int, str] | Refusal:
        """The hash of every report whose signature was found valid."""
        if answer != YES:
            return {}
        order = self.order(task)
        verdicts = operations.judged(order)
        found = list(queries.reports(order))
        for report in found:
            verdict = verdicts.get(report.pk)
            if verdict is None or not verdict.valid:
                why = " ".join(verdict.problems) if verdict else ""
                text = _("Tanda tangan laporan %(number)s tidak sah. %(why)s") % {"number": report, "why": why}
                return Refusal("signature-not-valid", text.strip())
        return {report.pk: report.document.signed_sha256 for report in found if report.document}

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        if answer != YES:
            return Result()
        for name in ReleaseForm.base_fields:
            if not data.get(name):
                return Refusal("unchecked", _("Periksa butir ini dahulu, lalu beri tanda."), name)
        order = self.order(task)
        for report in queries.reports(order):
            if report.document is None or data["prepared"].get(report.pk) != report.document.signed_sha256:
                return Refusal("changed", _("Laporan berubah saat diperiksa. Muat ulang halaman ini."))
        released = operations.release(order, acting=actor, now=now)
        if isinstance(released, Refusal):
            return released
        return Result(facts={"reports": released}, effects=(told("released"),))
