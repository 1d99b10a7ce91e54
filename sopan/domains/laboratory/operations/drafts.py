"""The draft of a result: found, locked, begun, copied. Used by every way of measuring."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User

from .. import access
from ..models import MeasuredPoint, RawReading, ResultVersion, StandardUse, WorkOrder

S = WorkOrder.State


def _locked(work_order_id: int) -> WorkOrder | None:
    rows = WorkOrder.objects.select_for_update(of=("self",))
    return rows.select_related("laboratory", "item__order__case", "item__order_item").filter(pk=work_order_id).first()


def open_work(work_order_id: int, actor: User, now: datetime) -> WorkOrder | Refusal:
    work = _locked(work_order_id)
    if work is None or access.as_analyst(actor, work, now=now) is None:
        return Refusal("not-found", _("Pekerjaan ini tidak ada."))
    closed = access.may_enter(work)
    return work if closed is None else closed


def draft_of(work: WorkOrder, *, now: datetime) -> ResultVersion:
    draft = work.results.filter(state=ResultVersion.State.DRAFT).first()
    if draft is None:
        draft = ResultVersion.objects.create(work_order=work, version=work.version + 1, saved_at=now)
    if work.version != draft.version or work.state != S.MEASURING:
        WorkOrder.objects.filter(pk=work.pk).update(version=draft.version, state=S.MEASURING)
    return draft


def value_of(parsed: Decimal | Refusal) -> Decimal | None:
    return None if isinstance(parsed, Refusal) else parsed


def copy_points(old_key: int, new: ResultVersion) -> None:
    """Points, readings and chosen standards of an older version into a new draft; what was computed stays behind.

    Side effects: their rows. Who read what and when is kept.
    """
    for point in MeasuredPoint.objects.filter(result=old_key).prefetch_related("readings"):
        readings = list(point.readings.all())
        point.pk, point.result, point._state.adding = None, new, True
        point.outcome, point.budget, point.conformity, point.warnings = {}, [], {}, []
        point.save()
        for reading in readings:
            reading.pk, reading.point, reading._state.adding = None, point, True
        RawReading.objects.bulk_create(readings)
    chosen = StandardUse.objects.filter(result=old_key, point=None)
    StandardUse.objects.bulk_create(
        StandardUse(result=new, slot=one.slot, certificate_id=one.certificate_id) for one in chosen
    )
