"""What happens by itself: bills expire, reported payments are taken in, finished orders close."""

from __future__ import annotations

from datetime import datetime, timedelta

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.effects import periodic
from sopan.engine.models import Case, Task
from sopan.people.models import Institution

from . import payments, queries
from .models import Bill
from .money import policy  # noqa: F401  its job
from .notices import digest, sending  # noqa: F401  their jobs
from .operations import told


@periodic("orders.expire_bills", every=timedelta(minutes=1))
def expire_bills(now: datetime) -> None:
    """Mark the bills whose time is over, so that customer and treasurer see it plainly."""
    late = Bill.objects.filter(status=Bill.Status.ISSUED, expires_at__lt=now).order_by("expires_at")
    for bill_id in list(late.values_list("pk", flat=True)):
        payments.expire_bill(bill_id, now=now)


@periodic("orders.settle_payments", every=timedelta(minutes=1))
def settle_payments(now: datetime) -> None:
    """Do the steps of paid bills that could not be done when the payment was reported, as while a case was held."""
    paid = Bill.objects.filter(status=Bill.Status.PAID, order__case__status=Case.Status.OPEN)
    for bill in paid.filter(order__case__tasks__status=Task.Status.OPEN).select_related("order__case").distinct():
        payments.settle(bill, now=now)


@periodic("orders.close_finished", every=timedelta(hours=1))
def close_finished(now: datetime) -> None:
    """Close the orders that their customers left open for longer than the body allows."""
    for institution in Institution.objects.all():
        days = queries.auto_close_days(institution)
        if days > 0:
            _close_left_open(institution, before=now - timedelta(days=days), days=days, now=now)


def _close_left_open(institution: Institution, *, before: datetime, days: int, now: datetime) -> int:
    tasks = Task.objects.filter(institution=institution, status=Task.Status.OPEN, company__isnull=False)
    closed = 0
    for task in tasks.filter(opened_at__lte=before).select_related("case"):
        if task.step in queries.steps_with(task.case, ["orders.close"]):
            done = engine.complete_by_system(
                task.case_id, step_work="orders.close", facts={"days": days}, effects=(told("closed"),), now=now
            )
            closed += not isinstance(done, Refusal)
    return closed
