"""What customers are told of their orders: one notice a thing that happened, in the language of each person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sopan.engine.models import Case, Effect, Task
from sopan.engine.stepwork import handles
from sopan.people.models import User
from sopan.ui import formats

from . import queries
from .models import Bill, Notice, PaymentProof
from .notices import sending, templates


def tracking_url(case: Case) -> str:
    """The public tracking link of a case."""
    return settings.SITE_URL + reverse("orders:track", args=[case.tracking])


def values_of(case: Case, data: dict[str, Any]) -> dict[str, str]:
    """What the templates may name, in the language of the moment."""
    found = {"number": case.number, "company": case.subject, "code": queries.tracking_code(case)}
    order = queries.order_of(case.pk)
    if order is not None and order.quote_total is not None:
        found["total"] = formats.rupiah(order.quote_total)
    if data.get("bill"):
        bill = Bill.objects.get(pk=data["bill"])
        found |= {
            "code": formats.in_groups(bill.code, (4,)),
            "amount": formats.rupiah(bill.amount),
            "expires": formats.long_datetime(bill.expires_at),
            "ntpn": bill.ntpn,
        }
    found |= {name: data[name] for name in ("report", "replacement") if name in data}
    found["reason"] = _reason(data)
    return found


def _reason(data: dict[str, Any]) -> str:
    if "reason" in data:
        return str(data["reason"])
    if data.get("proof"):
        return PaymentProof.objects.get(pk=data["proof"]).reason
    return Task.objects.get(pk=data["task"]).reason if data.get("task") else ""


def _path(case: Case, what: str) -> str:
    if what == "registered":
        return reverse("orders:track", args=[case.tracking])
    return reverse("account_login") if what == "activated" else reverse("orders:order", args=[case.pk])


@handles("orders.tell_customer")
def tell_customer(effect: Effect) -> None:
    """Tell the customer's people once; a handler that runs again after a crash tells nobody twice.

    Side effects: notices, deliveries, messages over the channels that each person wants.
    """
    case = Case.objects.select_related("institution", "company").get(pk=effect.case_id)
    what = effect.data["what"]
    waiting = what == "registered"  # nobody of the company is active yet
    people = User.objects.filter(company_id=case.company_id, is_active=not waiting).select_related("notice_choice")
    given = []
    for person in people.order_by("pk"):
        with translation.override(person.language), timezone.override(case.institution.zone):
            notice = _give(person, case, what, effect)
        if notice is not None:
            given.append(notice)
    sending.deliver_now(given)


def _give(person: User, case: Case, what: str, effect: Effect) -> Notice | None:
    told = templates.told(case.institution, what, values_of(case, effect.data))
    path = _path(case, what)
    if case.number and case.number not in told.subject:
        told = replace(told, subject=f"{told.subject} ({case.number})")
    return sending.tell(
        person,
        told,
        institution=case.institution,
        case=case,
        key=what,
        dedupe=f"effect:{effect.pk}",
        link=path,
        now=effect.created_at,
    )


@handles("orders.registration_refused")
def registration_refused(effect: Effect) -> None:
    """Tell a person whose registration was refused why, by mail: there is no account in which to read it."""
    task = Task.objects.select_related("case__institution").get(pk=effect.data["task"])
    person = queries.registrant(task.case)
    if person is None:
        return
    with translation.override(person.language):
        text = _("Pendaftaran Anda belum dapat kami terima: %(reason)s") % {"reason": task.reason}
        body = sending.letter(person, text, tracking_url(task.case), task.case.institution.name)
        subject = sending.one_line(_("Pendaftaran Anda belum dapat kami terima"))
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])
