"""The customer's consent that was given after the order was sent: by letter or mail, recorded by CS."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.orders import operations as orders
from sopan.domains.orders.models import Order
from sopan.engine import operations as engine
from sopan.engine.access import Acting


def record(order: Order, *, what: str, evidence: str, acting: Acting, now: datetime) -> Refusal | None:
    """Record that results outside of the accredited scope may be reported ("unaccredited"), or reports be simplified
    ("simplified"). Refused without what proves it, and where the case is over. Side effects: the order, journal entry."""
    if not evidence.strip():
        return Refusal("no-evidence", _("Tuliskan surat atau surel persetujuannya."), "evidence")
    if not order.case.is_open:
        return Refusal("over", _("Kasus ini sudah selesai."), "evidence")
    with transaction.atomic():
        if what == "simplified":
            orders.accept_simplified(order)
        else:
            orders.accept_unaccredited(order)
        data = {"evidence": evidence.strip(), "what": what}
        engine.note(order.case_id, acting=acting, code="laboratory.consent", data=data, now=now)
    return None
