"""Wishes that a report be corrected; the laboratory makes the amendment (``laboratory.operations.changes``)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.documents.models import IssuedDocument
from sopan.engine import operations as engine
from sopan.engine.access import Acting, as_person
from sopan.people.models import User

from ..models import AmendmentRequest, Order
from ..notices import sending, templates

S = AmendmentRequest.Status
OPEN = (S.RECEIVED, S.ACCEPTED)


def ask(
    order: Order, document: IssuedDocument, *, wrong: str, right: str, actor: User, now: datetime
) -> AmendmentRequest | Refusal:
    """A customer asks for a correction of a released report. Side effects: the request, the journal of the case.

    Refusals: not-found (not his, or not released), empty, already (one request a report at a time).
    """
    mine = document.case_id == order.case_id and order.company_id == actor.company_id
    if not mine or document.status != IssuedDocument.Status.RELEASED:
        return Refusal("not-found", _("Laporan ini tidak dapat diminta perbaikannya."))
    if len(wrong.strip()) < 3:
        return Refusal("empty", _("Tuliskan apa yang keliru."), "wrong")
    if len(right.strip()) < 3:
        return Refusal("empty", _("Tuliskan apa yang seharusnya."), "right")
    try:
        with transaction.atomic():
            row = AmendmentRequest.objects.create(
                order=order,
                document=document,
                wrong=wrong.strip(),
                right=right.strip(),
                created_at=now,
                created_by=actor,
                created_by_name=actor.full_name,
            )
            acting = as_person(actor, None)
            data = {"document": document.number, "request": row.pk}
            engine.note(order.case_id, acting=acting, code="orders.amendment_asked", data=data, now=now)
    except IntegrityError:
        return Refusal("already", _("Permintaan perbaikan laporan ini sedang kami proses."))
    return row


def decide(
    request: AmendmentRequest, *, accept: bool, answer: str, acting: Acting, now: datetime
) -> AmendmentRequest | Refusal:
    """Accept a request, or refuse it; the customer is told. Side effects: the request, hooks, journal, notices."""
    if len(answer.strip()) < 3:
        return Refusal("answer-missing", _("Tuliskan jawaban untuk pelanggan."), "answer")
    with transaction.atomic():
        row = AmendmentRequest.objects.select_for_update().get(pk=request.pk)
        if row.status == S.DONE:
            return Refusal("done", _("Laporan ini sudah diganti, sehingga permintaannya selesai."))
        if row.status != S.RECEIVED:
            return Refusal("decided", _("Permintaan ini sudah dijawab oleh %(name)s.") % {"name": row.answered_by_name})
        row.status = S.ACCEPTED if accept else S.REFUSED
        row.answer, row.answered_at, row.answered_by_name = answer.strip(), now, acting.name
        row.save()
        data = {"document": row.document.number, "request": row.pk, "accepted": accept, "answer": row.answer}
        engine.note(row.order.case_id, acting=acting, code="orders.amendment_decided", data=data, now=now)
        _tell(row, now=now)
    return row


def finish(replaced: IssuedDocument, *, replacement: IssuedDocument) -> bool:
    """The amended report is released: the wish for it is done, and so is one that nobody judged yet, as the report that it
    was about no longer holds. Whether there was one; again is harmless.

    For the laboratory, in its transaction.
    """
    found = AmendmentRequest.objects.filter(document=replaced, status__in=OPEN)
    return bool(found.update(status=S.DONE, replacement=replacement))


def _tell(row: AmendmentRequest, *, now: datetime) -> None:
    institution = row.order.institution
    link = reverse("orders:order", args=[row.order.case_id])
    for person in User.objects.filter(company_id=row.order.company_id, is_active=True).order_by("pk"):
        with translation.override(person.language):
            told = templates.told(institution, "amendment", {"answer": row.answer})
            sending.tell(
                person,
                told,
                institution=institution,
                case=row.order.case,
                key="amendment",
                dedupe=f"amendment:{row.pk}:{row.status}",
                link=link,
                now=now,
            )
