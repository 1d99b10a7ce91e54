"""Test Result and Sertifikat Mutu: printed, signed, paid for, handed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents.signing import choosing
from sopan.domains.orders.models import Order
from sopan.domains.orders.money import levies
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, step_works

from .. import access, forms, payment, queries
from ..models import Report, Request, Worksheet
from ..operations import papers
from ..operations import worksheet as checking
from .base import YES, RequestWork, TestingWork, standing
from .testing import Checking

K, S = Report.Kind, Report.State


def _not_printed(task: Task, kind: str) -> Refusal | None:
    paper = queries.paper_of(task.case, kind)
    if paper is not None and paper.state == S.PRINTED:
        return None
    return Refusal("not-printed", _("Cetak dahulu %(paper)s, lalu baca hasilnya.") % {"paper": K(kind).label})


def _sign_form(task: Task, kind: str, data: Any) -> forms.SignForm:
    paper = queries.paper_of(task.case, kind)
    document = paper.document if paper is not None and paper.state == S.PRINTED else None
    return forms.SignForm(data, initial={"shown": document.unsigned_sha256 if document is not None else ""})


@step_works.register
class TestResult(Checking):
    """The head of the section checks the results, has the Test Result printed, reads it and signs it."""

    key = papers.WORKS[K.TEST_RESULT]
    template = "testing/steps/test_result.html"
    prepares = True

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.SignForm:
        return _sign_form(task, K.TEST_RESULT, data)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        sheet = queries.worksheet_of(task.case)
        handed_in = sheet is not None and sheet.state == Worksheet.State.SUBMITTED
        lacks = papers.missing(task.case, K.TEST_RESULT, acting=actor, now=timezone.now()) if handed_in else []
        paper = queries.paper_of(task.case, K.TEST_RESULT)
        return {
            **super().context(task, actor=actor),
            "paper": paper,
            "papers": [paper] if paper is not None else [],
            "kind": K.TEST_RESULT,
            "kind_label": K.TEST_RESULT.label,
            "lacks": lacks,
            "standing": choosing.standing(self.person(actor), now=timezone.now()),
        }

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        found = super().obstacles(task, actor=actor, answer=answer)
        return found + standing(_not_printed(task, K.TEST_RESULT) if answer == YES else None)

    def prepare(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Report | Refusal | None:
        return _signed(self, task, K.TEST_RESULT, data, actor=actor, now=now) if answer == YES else None

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        if answer != YES:
            return self.given_back(task, data, actor=actor, now=now)
        paper = papers.signed(task.case, K.TEST_RESULT, person_id=actor.person_id)
        if isinstance(paper, Refusal):
            return paper
        accepted = checking.accept(task.case, acting=actor, now=now)
        return accepted if isinstance(accepted, Refusal) else Result(facts=_hash(paper))


def _signed(
    work: TestingWork, task: Task, kind: str, data: Mapping[str, Any], *, actor: Acting, now: datetime
) -> Report | Refusal:
    return papers.sign(
        task.case, kind, person=work.person(actor), acting=actor, passphrase=str(data.get("passphrase") or ""),
        shown=str(data.get("shown") or ""), now=now,
    )  # fmt: skip


def _hash(paper: Report) -> dict[str, str]:
    return {"number": paper.number, "sha256": paper.document.signed_sha256 if paper.document is not None else ""}


class Showing(TestingWork):
    """A step that goes on once somebody has read the papers of the case."""

    template = "testing/steps/papers.html"
    shows: tuple[str, ...] = ()

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"papers": [paper for paper in queries.papers_of(task.case) if paper.kind in self.shows]}


@step_works.register
class ReceiveResult(Showing):
    """The certification section receives the signed Test Result."""

    key = "testing.receive_result"
    shows = (K.TEST_RESULT,)

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        paper = queries.paper_of(task.case, K.TEST_RESULT)
        if paper is None or not papers.is_signed(paper):
            return Refusal("no-result", _("Test Result belum ditandatangani."))
        return Result(facts=_hash(paper))


@step_works.register
class MakeCertificate(TestingWork):
    """The certification section numbers and prints the certificate, and reads it."""

    key = papers.WORKS[K.CERTIFICATE]
    template = "testing/steps/certificate.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        unready = papers.unready(task.case, K.CERTIFICATE, person_id=actor.person_id)
        lacks = papers.missing(task.case, K.CERTIFICATE, acting=actor, now=timezone.now()) if unready is None else []
        return {
            "paper": queries.paper_of(task.case, K.CERTIFICATE),
            "papers": queries.papers_of(task.case),
            "kind": K.CERTIFICATE,
            "kind_label": K.CERTIFICATE.label,
            "lacks": lacks,
            "unready": unready,
        }

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        unready = papers.unready(task.case, K.CERTIFICATE, person_id=actor.person_id)
        return standing(unready, _not_printed(task, K.CERTIFICATE))

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        paper = queries.paper_of(task.case, K.CERTIFICATE)
        if paper is None or paper.state != S.PRINTED:
            return Refusal("not-printed", _("Cetak dahulu dokumennya, lalu baca hasilnya."))
        return Result(facts={"number": paper.number}, number=paper.number)


@step_works.register
class SubmitCertificate(Showing):
    """Administration lays certificate and Test Result before the head of the body."""

    key = "testing.submit_certificate"
    shows = tuple(K.values)

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        return standing(_not_printed(task, K.CERTIFICATE))


@step_works.register
class SignCertificate(TestingWork):
    """The head of the body signs: somebody who neither tested nor checked."""

    key = "testing.sign_certificate"
    template = "testing/steps/sign_certificate.html"
    prepares = True

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.SignForm:
        return _sign_form(task, K.CERTIFICATE, data)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {
            "papers": queries.papers_of(task.case),
            "standing": choosing.standing(self.person(actor), now=timezone.now()),
        }

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        sheet = queries.worksheet_of(task.case)
        return access.may_certify(sheet, person_id=person_id) if sheet is not None else None

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        request = self.request(task)
        return super().obstacles(task, actor=actor, answer=answer) + standing(
            papers.unready(task.case, K.CERTIFICATE, person_id=actor.person_id),
            _not_printed(task, K.CERTIFICATE),
            payment.refusal_at(request, "release") if request is not None else None,
        )

    def prepare(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Report | Refusal:
        return _signed(self, task, K.CERTIFICATE, data, actor=actor, now=now)

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        paper = papers.signed(task.case, K.CERTIFICATE, person_id=actor.person_id)
        return paper if isinstance(paper, Refusal) else Result(facts=_hash(paper))


@step_works.register
class MakeReceipt(RequestWork):
    """Administration sets the levy, and records its receipt; where nothing is charged it says by what basis."""

    key = payment.RECEIPT
    template = "testing/steps/receipt.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> Any:
        request = self.request(task)
        if request is None or request.payment_policy == Order.Payment.NONE:
            return None
        found = payment.assessed(request)
        if not found:
            return forms.ReceiptForm(data)
        return forms.PaidForm(data) if levies.outstanding(task.case) is not None else None

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        request = self.request(task)
        return {"request_": request, "levies": payment.assessed(request) if request is not None else []}

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        if request.payment_policy == Order.Payment.NONE:
            return Result(facts={"free": request.payment_basis})
        if not payment.assessed(request):
            amount = data.get("amount")
            if amount is None:
                return Refusal("amount", _("Isi jumlah retribusinya."), "amount")
            made = levies.assess(
                task.case, number=str(data.get("number") or ""), amount=amount, basis=str(data.get("basis") or ""),
                acting=actor, in_step=True, now=now,
            )  # fmt: skip
            if isinstance(made, Refusal):
                return made
        refusal = payment.received(request, data, acting=actor, in_step=True, now=now)
        if refusal is not None:
            return refusal
        levy = payment.assessed(request)[-1]
        return Result(facts={"levy": levy.number, "amount": str(levy.amount), "receipt": levy.receipt})


@step_works.register
class HandOver(RequestWork):
    """Certificate, Test Result and receipt go to the company; from now on it sees them, and the public may verify them."""

    key = "testing.handover"
    template = "testing/steps/handover.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.HandoverForm:
        form = forms.HandoverForm(data)
        if levies.outstanding(task.case) is None:
            del form.fields["receipt"], form.fields["paid_at"]
        return form

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        request = self.request(task)
        owed = payment.assessed(request) if request is not None else []
        return {"papers": queries.papers_of(task.case), "levies": owed}

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        refusal = payment.received(request, data, acting=actor, in_step=True, now=now)
        if refusal is not None:
            return refusal
        done = papers.hand_over(task.case, receiver=str(data.get("receiver") or ""), acting=actor, now=now)
        if isinstance(done, Refusal):
            return done
        paid = [levy.receipt for levy in payment.assessed(request) if levy.receipt]
        return Result(facts={"papers": done, "receiver": str(data["receiver"]), "receipts": paid})
