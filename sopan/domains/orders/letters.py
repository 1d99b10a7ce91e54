"""What customers are told by mail: one letter a thing that happened, in the language of each person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
from .models import Bill, PaymentProof


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and text; ``link`` is the address to go to, if not the page of the order."""

    subject: str
    text: str
    link: str = ""


def _registered(case: Case, data: dict[str, Any]) -> Letter:
    text = _("Kami memeriksa pendaftaran %(company)s. Setelah akun diaktifkan, Anda dapat masuk dan membuat pesanan.")
    return Letter(_("Pendaftaran Anda kami terima"), text % {"company": case.subject}, tracking_url(case))


def _activated(case: Case, data: dict[str, Any]) -> Letter:
    text = _("Akun Anda sudah aktif. Masuk untuk mengisi pesanan kalibrasi Anda.")
    return Letter(_("Akun Anda sudah aktif"), text, settings.SITE_URL + reverse("account_login"))


def _submitted(case: Case, data: dict[str, Any]) -> Letter:
    text = _("Pesanan Anda kami terima dengan nomor %(number)s. Kode pelacakan: %(code)s.")
    named = {"number": case.number, "code": queries.tracking_code(case)}
    return Letter(_("Pesanan Anda kami terima"), text % named)


def _correction(case: Case, data: dict[str, Any]) -> Letter:
    text = _("Pesanan Anda perlu diperbaiki: %(reason)s")
    return Letter(_("Pesanan Anda perlu diperbaiki"), text % {"reason": _reason(data)})


def _declined(case: Case, data: dict[str, Any]) -> Letter:
    text = _("Pesanan Anda tidak dapat kami layani: %(reason)s")
    return Letter(_("Pesanan Anda tidak dapat kami layani"), text % {"reason": _reason(data)})


def _offer(case: Case, data: dict[str, Any]) -> Letter:
    order = queries.order_of(case.pk)
    total = formats.rupiah(order.quote_total) if order and order.quote_total else ""
    text = _("Rincian dan biaya pesanan Anda sudah siap: %(total)s. Periksa, lalu setujui atau ajukan keberatan.")
    return Letter(_("Biaya pesanan Anda sudah siap"), text % {"total": total})


def _bill(case: Case, data: dict[str, Any]) -> Letter:
    bill = Bill.objects.get(pk=data["bill"])
    named = {
        "code": formats.in_groups(bill.code, (4,)),
        "amount": formats.rupiah(bill.amount),
        "expires": formats.long_datetime(bill.expires_at),
    }
    text = _("Kode billing %(code)s, jumlah %(amount)s. Bayar sebelum %(expires)s.")
    return Letter(_("Kode billing Anda sudah terbit"), text % named)


def _bill_expired(case: Case, data: dict[str, Any]) -> Letter:
    text = _("Kode billing Anda kedaluwarsa sebelum dibayar. Bendahara menerbitkan kode baru untuk pesanan yang sama.")
    return Letter(_("Kode billing Anda kedaluwarsa"), text)


def _proof_refused(case: Case, data: dict[str, Any]) -> Letter:
    text = _("Bukti pembayaran Anda belum dapat kami terima: %(reason)s")
    return Letter(_("Bukti pembayaran Anda perlu diperbaiki"), text % {"reason": _reason(data)})


def _paid(case: Case, data: dict[str, Any]) -> Letter:
    bill = Bill.objects.get(pk=data["bill"])
    text = _("Pembayaran %(amount)s kami terima, NTPN %(ntpn)s. Kirimkan alat Anda ke loket kami.")
    return Letter(_("Pembayaran Anda kami terima"), text % {"amount": formats.rupiah(bill.amount), "ntpn": bill.ntpn})


def _paid_later(case: Case, data: dict[str, Any]) -> Letter:
    bill = Bill.objects.get(pk=data["bill"])
    text = _("Pembayaran %(amount)s kami terima, nomor bukti %(ntpn)s.")
    return Letter(_("Pembayaran Anda kami terima"), text % {"amount": formats.rupiah(bill.amount), "ntpn": bill.ntpn})


def _released(case: Case, data: dict[str, Any]) -> Letter:
    return Letter(_("Laporan Anda sudah terbit"), _("Laporan kalibrasi Anda sudah terbit dan dapat Anda unduh."))


def _closed(case: Case, data: dict[str, Any]) -> Letter:
    return Letter(_("Pesanan Anda selesai"), _("Pesanan Anda dinyatakan selesai. Terima kasih."))


LETTERS: dict[str, Callable[[Case, dict[str, Any]], Letter]] = {
    "registered": _registered,
    "activated": _activated,
    "submitted": _submitted,
    "correction": _correction,
    "declined": _declined,
    "offer": _offer,
    "bill": _bill,
    "bill_expired": _bill_expired,
    "proof_refused": _proof_refused,
    "paid": _paid,
    "paid_later": _paid_later,
    "released": _released,
    "closed": _closed,
}


def tracking_url(case: Case) -> str:
    """The public tracking link of a case."""
    return settings.SITE_URL + reverse("orders:track", args=[case.tracking])


def _reason(data: dict[str, Any]) -> str:
    if data.get("proof"):
        return PaymentProof.objects.get(pk=data["proof"]).reason
    return Task.objects.get(pk=data["task"]).reason if data.get("task") else ""


@handles("orders.tell_customer")
def tell_customer(effect: Effect) -> None:
    """Mail the customer's people; a letter sent twice after a crash does no harm."""
    case = Case.objects.select_related("institution", "company").get(pk=effect.case_id)
    waiting = effect.data["what"] == "registered"  # nobody of the company is active yet
    people = User.objects.filter(company_id=case.company_id, is_active=not waiting).order_by("pk")
    for person in people:
        with translation.override(person.language), timezone.override(case.institution.zone):
            _send(person, LETTERS[effect.data["what"]](case, effect.data), case)


def _send(person: User, letter: Letter, case: Case) -> None:
    link = letter.link or settings.SITE_URL + reverse("orders:order", args=[case.pk])
    greeting = _("Yth. %(name)s,") % {"name": person.full_name}
    body = f"{greeting}\n\n{letter.text}\n\n{link}\n\n{case.institution.name}\n"
    number = f" ({case.number})" if case.number else ""
    subject = " ".join(f"{letter.subject}{number}".split())
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [person.email])


@handles("orders.registration_refused")
def registration_refused(effect: Effect) -> None:
    """Tell a person whose registration was refused why; there is no active account that ``tell_customer`` would find."""
    task = Task.objects.select_related("case__institution").get(pk=effect.data["task"])
    person = queries.registrant(task.case)
    if person is None:
        return
    with translation.override(person.language):
        text = _("Pendaftaran Anda belum dapat kami terima: %(reason)s") % {"reason": task.reason}
        _send(person, Letter(_("Pendaftaran Anda belum dapat kami terima"), text, tracking_url(task.case)), task.case)
