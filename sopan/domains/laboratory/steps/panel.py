"""The laboratory's part of the case page, for staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.domains.orders.models import Order
from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.engine.stepwork import case_panels
from sopan.people.models import User

from .. import access, previews, queries
from ..models import WorkOrder
from ..operations.changes import ASKS
from ..operations.items import may_come_late
from ..operations.reports import RENDER

S = WorkOrder.State
LATER = ("laboratory.receive_items", "laboratory.assign_analysts")


def panel(case: Case, acting: Acting) -> tuple[str, dict[str, Any]] | None:
    """Samples, custody, work, results with all versions, reports; None for customers and before instruments exist."""
    order = None if acting.is_customer else Order.objects.filter(case=case).select_related("institution").first()
    found = queries.history(order) if order is not None else []
    user = User.objects.filter(pk=acting.person_id).first()
    if order is None or user is None or not found:
        return None
    now = timezone.now()
    for item in found:
        for work in item.work_orders.all():
            work.shown = access.may_read_results(user, work, case, now=now)
        for report in item.reports.all():
            report.shown = report.pages and previews.may_read(report, user, now=now)
    receives = access.doing(user, case, LATER[0], now=now) is not None
    beside = [work for item in found for work in item.work_orders.all() if _is_late(case, work)]
    return "laboratory/panel.html", {
        "label": _("Sampel dan hasil"),
        "order": order,
        "items": found,
        "changes": access.doing(user, case, ASKS, now=now) is not None,
        "prints": access.doing(user, case, RENDER, now=now) is not None,
        "consents": receives and case.is_open and not (order.accepts_unaccredited and order.accepts_simplified),
        "labels": any(item.has_come for item in found),
        "late": [item for item in found if receives and may_come_late(item) is None],
        "ready": [item for item in found if receives and item.state == item.State.READY_TO_RETURN],
        "to_assign": [work for work in beside if work.state == S.NEW and access.supervises(user, work, now=now)],
        "to_confirm": [work for work in beside if work.state == S.ASSIGNED and _confirms(user, case, now=now)],
    }


def _is_late(case: Case, work: WorkOrder) -> bool:
    """Work that its step has left behind: the instrument came later."""
    steps = {S.NEW: (*LATER, "laboratory.confirm_assignment"), S.ASSIGNED: (LATER[1], "laboratory.confirm_assignment")}
    waits_for = steps.get(S(work.state))
    return waits_for is not None and case.is_open and not any(queries.is_open(case, key) for key in waits_for)


def _confirms(user: User, case: Case, *, now: datetime) -> bool:
    return access.doing(user, case, "laboratory.confirm_assignment", now=now) is not None


case_panels.add("laboratory", panel)
