"""The part that orders bring to the case page of the staff."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.engine.access import Acting
from sopan.engine.models import Case
from sopan.engine.stepwork import case_panels

from . import queries


def panel(case: Case, acting: Acting | None) -> tuple[str, dict[str, Any]] | None:
    """Order facts, instruments and money, once there is an order."""
    order = queries.order_of(case.pk)
    if order is None:
        return None
    bills = list(order.bills.order_by("-issued_at"))
    return "orders/panel.html", {
        "label": _("Pesanan"),
        "order": order,
        "items": queries.items_of(order),
        "bills": [(bill, queries.bill_state(bill, now=timezone.now())) for bill in bills],
        "survey": getattr(order, "survey", None),
        "tracking_code": queries.tracking_code(case),
        "handovers": list(order.handovers.all()),
        "complaints": list(order.complaints.all()),
        "wishes": list(order.amendment_requests.select_related("document", "replacement")),
    }


panel.names_customer = True  # type: ignore[attr-defined]
case_panels.add("orders", panel)
