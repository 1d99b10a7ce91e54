"""What a customer must do before he may download his report."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents import gates
from sopan.documents.models import IssuedDocument
from sopan.engine.models import Case
from sopan.people.models import User

from . import queries
from .models import Order
from .money import policy


def survey_refusal(case: Case) -> Refusal | None:
    """Why reports of a case may not be downloaded yet: the survey is open, unless the body has no gate."""
    if queries.last_done(case, "orders.survey") is not None or not case.is_open:
        return None
    if queries.survey_gate(case.institution) == "none":
        return None
    return Refusal("survey", _("Isi survei kepuasan lebih dahulu, kemudian laporan dapat Anda unduh."))


@gates.register
def survey_first(document: IssuedDocument, user: User) -> Refusal | None:
    """Documents of orders wait for the survey; once it was done for an order, replacements do not wait again."""
    order = Order.objects.select_related("case__institution").filter(case_id=document.case_id).first()
    return survey_refusal(order.case) if order else None


@gates.register
def payment_first(document: IssuedDocument, user: User) -> Refusal | None:
    """Documents of an order that is paid after the work wait for the payment, where its policy says so."""
    order = Order.objects.filter(case_id=document.case_id).first()
    return policy.refusal_at(order, "download") if order else None


def download_refusal(order: Order) -> Refusal | None:
    """The first reason why the reports of an order may not be downloaded yet."""
    survey = survey_refusal(order.case)
    return survey if survey is not None else policy.refusal_at(order, "download")
