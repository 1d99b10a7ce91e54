"""When the levy of a request must be paid: the policy of the body, or a contract of the company, fixed with the request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.laboratory.access import step_doing
from sopan.domains.orders.models import Levy, Order
from sopan.domains.orders.money import levies
from sopan.engine.access import Acting

from .models import Request

P = Order.Payment
RECEIPT = "testing.receipt"
HELD: dict[str, tuple[str, ...]] = {
    P.BEFORE_WORK: ("work", "release", "handover"),
    P.BEFORE_RELEASE: ("release", "handover"),
    P.ON_HANDOVER: ("handover",),
}


def assessed(request: Request) -> list[Levy]:
    """The levies of a request."""
    return list(Levy.objects.filter(case_id=request.case_id).order_by("pk"))


def is_due(request: Request, moment: str) -> bool:
    """Whether the levy must be paid before this moment: work, release, handover. Where a request came under a procedure
    without a receipt, nobody can set a levy, and nothing waits for one."""
    return moment in HELD.get(request.payment_policy, ()) and step_doing(request.case, RECEIPT) is not None


def refusal_at(request: Request, moment: str) -> Refusal | None:
    """Why this moment of a request has not come yet: its levy is not set, or not paid."""
    if not is_due(request, moment):
        return None
    if not assessed(request):
        return Refusal("not-assessed", _("Retribusi permohonan ini belum ditetapkan."))
    return levies.outstanding(request.case_id)


def received(
    request: Request, data: Mapping[str, Any], *, acting: Acting, in_step: bool, now: datetime
) -> Refusal | None:
    """Record the receipt that was typed, if one was: of the levy that is still owed. Side effects: those of
    ``levies.receive``."""
    receipt, paid_at = str(data.get("receipt") or "").strip(), data.get("paid_at")
    if not receipt and paid_at is None:
        return None
    if paid_at is None:
        return Refusal("paid-at", _("Isi waktu pembayarannya."), "paid_at")
    owed = next((levy for levy in assessed(request) if levy.paid_at is None), None)
    if owed is None:
        return None
    done = levies.receive(owed, receipt=receipt, paid_at=paid_at, acting=acting, in_step=in_step, now=now)
    return done if isinstance(done, Refusal) else None
