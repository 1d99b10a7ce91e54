"""Who may see and fill in orders. None means "not found": a stranger does not learn that an order exists."""

from __future__ import annotations

import re
from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from sopan.engine import access as engine
from sopan.engine.models import Case
from sopan.people.models import User

from .models import Order


def order_for(user: User | AnonymousUser, case_id: int, *, now: datetime) -> Order | None:
    """The order of a case that this person may see: users of its company, staff who take part. Else None."""
    if not user.is_authenticated or engine.case_for(user, case_id, now=now) is None:
        return None
    orders = Order.objects.select_related("case__procedure", "case__institution", "institution", "company")
    return orders.filter(case_id=case_id).first()


def own_order(user: User | AnonymousUser, case_id: int, *, now: datetime) -> Order | None:
    """An order of the customer's own company; None for staff and for everybody else."""
    if not user.is_authenticated or not user.is_customer:
        return None
    return order_for(user, case_id, now=now)


def case_by_token(token: str) -> Case | None:
    """The case of a tracking link: whoever holds the link may see its plain status."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", token):
        return None  # PostgreSQL would refuse to compare some characters
    return Case.objects.select_related("procedure", "institution").filter(tracking=token).first()
