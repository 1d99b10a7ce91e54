"""The way of a complaint. Every act is recorded; where an order is concerned, in the journal of its case too."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sopan.core.durations import parse_duration
from sopan.core.flow import Refusal
from sopan.engine import clock
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.people.models import Institution, User
from sopan.ui import formats

from ..models import Complaint, ComplaintAct, Order
from ..notices import sending, templates
from . import involvement

S = Complaint.Status
MAX_TEXT = 5_000
MIN_TEXT = 10
DAYS = {"complaint_acknowledge_days": 3, "complaint_answer_days": 10}


def due(institution: Institution, key: str, now: datetime) -> datetime:
    """When the working days of a setting are over. A setting that is no number counts as the initial one."""
    held = str(institution.setting(key, DAYS[key]))
    days = int(held) if held.isdigit() and 0 < int(held) < 1_000 else DAYS[key]
    found = clock.due(institution.pk, institution.calendar_revision, now, parse_duration(f"{days} hari kerja"))
    assert found is not None
    return found.at


@transaction.atomic
def receive(
    institution: Institution,
    *,
    text: str,
    name: str,
    email: str = "",
    phone: str = "",
    order: Order | None = None,
    person: User | None = None,
    channel: str = Complaint.Channel.APP,
    acting: Acting | None = None,
    now: datetime,
) -> Complaint | Refusal:
    """Take a complaint in: of a customer, of anybody, or recorded by the staff for somebody who came or wrote.

    Side effects: the complaint, an act, the journal of the order's case, a notice to who has an account or a mail.
    """
    text = text.replace("\x00", "").strip()
    if len(text) < MIN_TEXT:
        return Refusal("empty", _("Ceritakan apa yang terjadi, sedikitnya %(n)s huruf.") % {"n": MIN_TEXT}, "text")
    if len(text) > MAX_TEXT:
        return Refusal("too-long", _("Paling panjang %(n)s huruf.") % {"n": MAX_TEXT}, "text")
    if not name.strip():
        return Refusal("name", _("Isi nama Anda."), "name")
    if order is not None and person is not None and order.company_id != person.company_id:
        return Refusal("not-found", _("Pesanan ini tidak ada."), "order")
    row = Complaint.objects.create(
        institution=institution,
        company=order.company if order else person.company if person else None,
        order=order,
        person=person,
        name=name.strip(),
        email=email.strip(),
        phone=phone.strip(),
        channel=channel,
        text=text,
        received_at=now,
        acknowledge_by=due(institution, "complaint_acknowledge_days", now),
        answer_by=due(institution, "complaint_answer_days", now),
    )
    who = acting or Acting(person.pk if person else None, name.strip(), institution_id=institution.pk)
    _act(row, "received", acting=who, now=now)
    _tell(row, "complaint", {"number": row.reference, "until": ""}, now=now)
    return row


@transaction.atomic
def appeal(before: Complaint, *, text: str, person: User | None, now: datetime) -> Complaint | Refusal:
    """Object to how a complaint was decided, once. Side effects: a complaint of the kind appeal, an act."""
    held = Complaint.objects.select_for_update().get(pk=before.pk)
    if held.status != S.ANSWERED:
        return Refusal("not-answered", _("Banding dapat diajukan setelah pengaduan dijawab."))
    text = text.replace("\x00", "").strip()
    if not MIN_TEXT <= len(text) <= MAX_TEXT:
        return Refusal("empty", _("Tuliskan alasan banding, sedikitnya %(n)s huruf.") % {"n": MIN_TEXT}, "text")
    try:
        with transaction.atomic():
            row = Complaint.objects.create(
                institution_id=held.institution_id,
                kind=Complaint.Kind.APPEAL,
                appeal_of=held,
                company_id=held.company_id,
                order_id=held.order_id,
                person=person,
                name=held.name,
                email=held.email,
                phone=held.phone,
                text=text,
                received_at=now,
                acknowledge_by=due(held.institution, "complaint_acknowledge_days", now),
                answer_by=due(held.institution, "complaint_answer_days", now),
            )
    except IntegrityError:
        return Refusal("appealed", _("Banding atas pengaduan ini sudah diajukan."))
    _act(row, "received", acting=Acting(person.pk if person else None, held.name), now=now)
    return row


NEXT = {S.RECEIVED: S.ACKNOWLEDGED, S.ACKNOWLEDGED: S.ASSESSED, S.ASSESSED: S.DECIDED, S.DECIDED: S.ANSWERED}


@transaction.atomic
def move_on(
    complaint: Complaint, *, to: str, text: str = "", outcome: str = "", actor: User, acting: Acting, now: datetime
) -> Complaint | Refusal:
    """Do the next act on a complaint. Only the uninvolved decide, and nobody may skip an act.

    Side effects: the complaint, an act, the journal of the order's case, and with the answer a notice or a mail.
    Refusals: overtaken, text-missing, outcome, involved.
    """
    if complaint.order_id is not None:
        Case.objects.select_for_update().get(pk=complaint.order.case_id)  # type: ignore[union-attr]  as every act does
    row = (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("order", "institution", "appeal_of")
        .get(pk=complaint.pk)
    )
    if NEXT.get(S(row.status)) != to:
        return Refusal("overtaken", _("Pengaduan ini sudah %(state)s.") % {"state": row.get_status_display().lower()})
    text = text.replace("\x00", "").strip()
    if to != S.ACKNOWLEDGED and len(text) < MIN_TEXT:
        return Refusal("text-missing", _("Tuliskan sedikitnya %(n)s huruf.") % {"n": MIN_TEXT}, "text")
    if to == S.DECIDED:
        if outcome not in Complaint.Outcome.values:
            return Refusal("outcome", _("Pilih putusannya."), "outcome")
        if (refusal := involvement.refusal(actor, row)) is not None:
            return refusal
        row.outcome, row.decision, row.decided_by = outcome, text, actor
        row.decided_by_name, row.decided_at = acting.name, now
    elif to == S.ASSESSED:
        row.assessment = text
    elif to == S.ANSWERED:
        row.answer, row.answered_at = text, now
    row.status = to
    row.save()
    _act(row, to, acting=acting, now=now, text=text)
    if to == S.ANSWERED:
        _tell(row, "complaint_answer", {"number": row.reference, "answer": text}, now=now)
    return row


def _act(row: Complaint, code: str, *, acting: Acting, now: datetime, text: str = "") -> None:
    ComplaintAct.objects.create(
        complaint=row,
        at=now,
        code=code,
        text=text,
        person_id=acting.person_id,
        by_name=acting.name,
        by_position=acting.position,
    )
    if row.order is not None:
        data: dict[str, Any] = {"complaint": row.reference, "kind": row.kind}
        engine.note(row.order.case_id, acting=acting, code=f"orders.complaint_{code}", data=data, now=now)


def _tell(row: Complaint, key: str, values: dict[str, str], *, now: datetime) -> None:
    """Tell who complained: by a notice where he has an account, else by a mail to the address that he gave."""
    institution = row.institution
    person = row.person
    with translation.override(person.language if person else "id"), timezone.override(institution.zone):
        values = {**values, "until": formats.long_date(row.answer_by)}
        told = templates.told(institution, key, values)
        if person is not None:
            link = reverse("orders:complaint", args=[row.pk])
            sending.tell(
                person,
                told,
                institution=institution,
                key=key,
                dedupe=f"{key}:{row.pk}",
                link=link,
                now=now,
            )
        elif row.email:
            link = settings.SITE_URL + reverse("orders:complaint_track", args=[row.token])
            body = f"{told.outside}\n\n{link}\n\n{institution.name}\n"
            subject = sending.one_line(told.subject)
            transaction.on_commit(lambda: _mail(subject, body, row.email))


def _mail(subject: str, body: str, address: str) -> None:
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address], fail_silently=True)


def share_on_time(rows: list[Complaint]) -> Decimal | None:
    """The share of answered complaints that were answered in time, in percent."""
    answered = [row for row in rows if row.answered_at is not None]
    if not answered:
        return None
    good = sum(1 for row in answered if row.answered_at and row.answered_at <= row.answer_by)
    return Decimal(good * 100) / len(answered)
