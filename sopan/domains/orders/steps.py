"""The works of the customer's side and of the money, from the registration to the closed order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents import numbers
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Attachment, Task
from sopan.engine.stepwork import Planned, Result, StepWork, step_works
from sopan.people.models import Company, User
from sopan.people.operations import activate, refuse_account
from sopan.ui.uploads import check_upload

from . import forms, gates, jobs, letters, operations, panels, payments, queries, rules, wordings  # noqa: F401
from .models import Order, Survey
from .money import policy
from .operations import told
from .skm import elements

Data = Mapping[str, Any]


def _order(task: Task) -> Order:
    """The order of a task; its case is the task's, so that nothing is read twice."""
    order = Order.objects.select_related("institution", "company").get(case_id=task.case_id)
    order.case = task.case
    return order


def _answer(data: Any) -> str:
    """The answer that was pressed, where a form is filled in for one answer and not for the others."""
    return str(data.get("answer", "")) if data else ""


def _facts(order: Order) -> dict[str, Any]:
    lines = queries.lines_in_force(order.institution_id, order.institution.date_at(timezone.now()))
    items = queries.items_of(order)
    on = order.institution.date_at(timezone.now())
    return {"order": order, "items": items, "estimate": queries.estimate(items, lines, on)}


# Registration ---------------------------------------------------------------------------------------------------------


@step_works.register
class Visit(StepWork):
    """Somebody comes to the site: done by rule when he registers."""

    key = "orders.visit"


@step_works.register
class Register(StepWork):
    """The registration on the public page: done by rule, in the name of who registered."""

    key = "orders.register"


@step_works.register
class Activate(StepWork):
    """Admin Satker looks at company and person, and lets them in or not."""

    key = "orders.activate"
    template = "orders/steps/activate.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        company = task.case.company
        return {"company": company, "person": queries.registrant(task.case), "alike": _alike(company)}

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        person = queries.registrant(task.case)
        if person is None:
            return Refusal("nobody", _("Pendaftaran ini tidak memuat orang yang dapat diaktifkan."))
        facts = {"name": person.full_name, "email": person.email}
        if answer == "aktif":
            activate(person, by=actor, now=now)
            return Result(facts=facts, effects=(told("activated"),))
        refuse_account(person, reason=str(data.get("reason") or ""), by=actor, now=now)
        return Result(facts=facts, effects=(Planned("orders.registration_refused", {"task": task.pk}),))


def _alike(company: Company | None) -> list[Company]:
    """Other companies that may be the same one: the same name or NPWP."""
    if company is None:
        return []
    others = Company.objects.filter(institution_id=company.institution_id).exclude(pk=company.pk)
    same_number = others.filter(npwp=company.npwp) if company.npwp else others.none()
    return list((others.filter(name__iexact=company.name) | same_number).distinct()[:5])


# The order ------------------------------------------------------------------------------------------------------------


@step_works.register
class Submit(StepWork):
    """The customer fills in the order form, page by page, and sends it."""

    key = "orders.submit"
    template = "orders/steps/order.html"

    def reopened(self, task: Task, *, now: datetime) -> None:
        operations.open_form(task, now=now)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return _facts(_order(task))

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        order = _order(task)
        return operations.missing(order, queries.items_of(order))

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        order = _order(task)
        items = operations.submit(order, now=now)
        if isinstance(items, Refusal):
            return items
        title = f"Kalibrasi {len(items)} alat"  # kept with the case: Indonesian, whoever sends it
        instruments = [
            [i.line, i.name, i.make, i.type, i.serial_number, i.range_text, i.size_words, i.points] for i in items
        ]
        facts = {"items": len(items), "instruments": instruments, "language": order.language}
        return Result(
            facts={**facts, "decision_rule": order.decision_rule},
            effects=(told("submitted"),),
            title=title,
            subject=order.company.name,
            number=order.reference,
        )


@step_works.register
class Validate(StepWork):
    """CS checks the order; at the first approval it gets its number, which it keeps in every later round."""

    key = "orders.validate"
    template = "orders/steps/order.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return _facts(_order(task))

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        if answer != "ya":
            what = "correction" if answer == "tidak" else "declined"
            return Result(effects=(told(what, task=task.pk),))
        order = Order.objects.select_for_update(of=("self",)).select_related("institution").get(case_id=task.case_id)
        if order.number is None:
            used_for = f"Pesanan {task.case.subject}"
            number = numbers.allocate("order", institution=order.institution, now=now, used_for=used_for, by=actor.name)
            order.number = number.text
            order.save(update_fields=["number"])
        return Result(facts={"number": order.number}, number=order.number)


@step_works.register
class ApproveTariff(StepWork):
    """Ketua Tim PJI approves the price of every instrument by the tariff."""

    key = "orders.approve_tariff"
    template = "orders/steps/approve_tariff.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> django_forms.Form:
        order = _order(task)
        return forms.TariffForm(data, order=order, on=order.institution.date_at(timezone.now()))

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        order = _order(task)
        terms = policy.terms(order.institution, order.company, now=timezone.now())
        return {**_facts(order), "terms": terms, "terms_words": Order.Payment(terms.policy).label}

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        if answer != "ya":
            return Result()
        order = _order(task)
        total = operations.approve_tariff(order, data, by_name=actor.name, now=now)
        if isinstance(total, Refusal):
            return total
        order.refresh_from_db(fields=["payment_policy", "payment_basis"])
        prices = [
            [i.line, i.tariff_description, i.tariff_basis, str(i.price), i.tariff_override]
            for i in queries.items_of(order)
        ]
        payment = [order.payment_policy, order.payment_basis]
        return Result(facts={"total": str(total), "prices": prices, "payment": payment}, effects=(told("offer"),))


@step_works.register
class AcceptOffer(StepWork):
    """The customer accepts what will be measured and what it costs, or objects with a reason."""

    key = "orders.accept_offer"
    template = "orders/steps/order.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return _facts(_order(task))

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        order = _order(task)
        if order.quote_total is None:
            return Refusal("not-quoted", _("Biaya pesanan belum disetujui."))
        effects = policy.passing(order) if answer == "ya" else ()
        return Result(facts={"total": str(order.quote_total)}, effects=effects)


def _by_policy(task: Task) -> list[Refusal]:
    """Why a step of the payment is not for a person: the order is paid in another way."""
    refusal = policy.passed_obstacle(_order(task))
    return [] if refusal is None else [refusal]


# The money ------------------------------------------------------------------------------------------------------------


@step_works.register
class IssueBill(StepWork):
    """Bendahara issues the e-billing: types the code of SIMPONI, or lets a gateway make one."""

    key = "orders.issue_bill"
    prepares = True  # a provider may be asked over the network
    template = "orders/steps/issue_bill.html"

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        return _by_policy(task)

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> django_forms.Form:
        institution = task.case.institution
        chosen = {"provider": str(institution.setting("billing_provider", "manual"))}
        expires_at = rules.expiry(timezone.now(), days=queries.billing_days(institution))
        return forms.BillForm(data, initial={**chosen, "expires_at": expires_at})

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        order = _order(task)
        words = rules.amount_in_words(order.quote_total) if order.quote_total else ""
        return {"order": order, "amount_words": words, "bills": list(order.bills.order_by("-issued_at"))}

    def prepare(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Any | Refusal:
        return payments.ask_provider(_order(task), data, now=now)

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        order = _order(task)
        issued = data.get("prepared")
        if issued is None:
            return Refusal("not-prepared", _("Kode billing belum dibuat. Coba lagi."))
        provider = str(data.get("provider") or order.institution.setting("billing_provider", "manual"))
        bill = payments.issue_bill(order, issued, provider=provider, actor=actor, now=now)
        if isinstance(bill, Refusal):
            return bill
        facts = {"bill": bill.code, "amount": str(bill.amount), "expires_at": bill.expires_at.isoformat()}
        return Result(facts=facts, effects=(told("bill", bill=bill.pk),))


@step_works.register
class Pay(StepWork):
    """The customer pays and uploads the proof; a payment that a gateway reports closes this step by rule."""

    key = "orders.pay"
    prepares = True  # the file is kept first
    template = "orders/steps/pay.html"

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        return _by_policy(task)

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> django_forms.Form:
        return forms.ProofForm(data, files)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        order = _order(task)
        return {"order": order, "bill": queries.current_bill(order)}

    def prepare(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Any | Refusal:
        """Keep the file with the case first: it is not lost when the step was finished by somebody else meanwhile."""
        upload = data.get("proof")
        if upload is None:
            return Refusal("proof", _("Pilih berkas bukti pembayaran."), "proof")
        info = check_upload(upload)
        if isinstance(info, Refusal):
            return Refusal(info.code, info.message, "proof")
        person = User.objects.get(pk=actor.person_id)
        return engine.attach(
            task.case_id, actor=person, upload=upload, info=info, label="Bukti pembayaran", task_id=task.pk, now=now
        )

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        attachment = data.get("prepared")
        if not isinstance(attachment, Attachment):
            return Refusal("proof", _("Pilih berkas bukti pembayaran."), "proof")
        proof = payments.add_proof(_order(task), attachment, actor=actor, now=now)
        if isinstance(proof, Refusal):
            return proof
        return Result(facts={"bill": proof.bill.code, "file": attachment.name, "sha256": attachment.sha256})


@step_works.register
class ConfirmPayment(StepWork):
    """Bendahara checks the proof: confirms with the NTPN, refuses with a reason, or finds the bill expired."""

    key = "orders.confirm_payment"
    template = "orders/steps/confirm_payment.html"

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        return _by_policy(task)

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> django_forms.Form:
        bill = queries.current_bill(_order(task))
        return forms.PaymentForm(data, answer=_answer(data), provider=bill.provider if bill else "")

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        order = _order(task)
        bill = queries.current_bill(order)
        state = queries.bill_state(bill, now=timezone.now()) if bill else ""
        return {"order": order, "bill": bill, "bill_state": state, "proof": queries.last_proof(order)}

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        order = _order(task)
        bill = queries.current_bill(order)
        if bill is None:
            return Refusal("no-bill", _("Kode billing belum diterbitkan."))
        if answer == "ya":
            paid = payments.confirm_payment(order, data, actor=actor, now=now)
            if isinstance(paid, Refusal):
                return paid
            facts = {"bill": paid.code, "ntpn": paid.ntpn, "amount": str(paid.amount)}
            return Result(facts=facts, effects=(told("paid", bill=paid.pk),))
        if answer == "kedaluwarsa" and queries.bill_state(bill, now=now) != "expired":
            return Refusal("not-expired", _("Kode billing ini masih berlaku, sehingga belum dapat diterbitkan ulang."))
        payments.refuse_proof(order, task_id=task.pk, actor=actor, now=now)
        what = ("proof_refused",) if answer == "tidak" else ()
        return Result(facts={"bill": bill.code}, effects=tuple(told(key, task=task.pk) for key in what))


# The end --------------------------------------------------------------------------------------------------------------


@step_works.register
class FillSurvey(StepWork):
    """The customer answers the nine elements, or leaves them out where the body allows it; then he may download."""

    key = "orders.survey"
    template = "orders/steps/survey.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> django_forms.Form:
        body = task.case.institution
        required = queries.survey_gate(body) == "required"
        return forms.SurveyForm(data, required=required, asked=elements.questions(body))

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"gate": queries.survey_gate(task.case.institution)}

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        answers = {code: int(data[code]) for code in rules.ELEMENTS if str(data.get(code) or "").isdigit()}
        order = _order(task)
        if not answers and queries.survey_gate(order.institution) != "required":
            return Result(facts={"survey": "skipped"})
        if lacking := rules.missing_answers(answers):
            return Refusal("incomplete", _("Isi semua unsur survei."), lacking[0])
        comment = str(data.get("comment") or "")[:2_000]
        Survey.objects.update_or_create(order=order, defaults={"answers": answers, "comment": comment, "at": now})
        return Result(facts={"survey": "answered"})


@step_works.register
class Close(StepWork):
    """The customer closes the order after he has looked at the report; else it closes itself after some days."""

    key = "orders.close"
    template = "orders/steps/close.html"

    def perform(self, task: Task, data: Data, *, actor: Acting, answer: str, now: datetime) -> Result | Refusal:
        return Result(effects=(told("closed"),))
