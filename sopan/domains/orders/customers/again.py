"""A new order from an old one, or from instruments of the list, with one press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User

from .. import operations, queries
from ..models import Asset, Order, OrderItem
from . import assets

KEPT = (
    *("contact_name", "contact_phone", "contact_email", "language", "decision_rule", "guard_fraction", "rule_text"),
    *("accepts_unaccredited", "note", "risk", "in_tolerance", "interval_months", "accepts_simplified"),
)


@transaction.atomic
def order_again(user: User, old: Order, *, start_key: str, now: datetime) -> Order | Refusal:
    """A new order with the contact, the wishes and the instruments of an old one; nothing is sent.

    The same ``start_key`` again gives the same order. Prices are not taken along: the tariff of the day holds.
    """
    order = operations.start_order(user, start_key=start_key, now=now)
    if isinstance(order, Refusal):
        return order
    if order.items.exists() or order.submitted_at is not None:
        return order
    for name in KEPT:
        setattr(order, name, getattr(old, name))
    order.save()
    fresh = []
    for line, item in enumerate(queries.items_of(old), start=1):
        item.pk, item.order, item.line = None, order, line
        item.tariff, item.price = None, None
        item.tariff_description = item.tariff_basis = item.tariff_override = ""
        item._state.adding = True
        fresh.append(item)
    OrderItem.objects.bulk_create(fresh)
    return order


@transaction.atomic
def order_assets(user: User, chosen: Sequence[Asset], *, start_key: str, now: datetime) -> Order | Refusal:
    """A new order with instruments of the company's list; nothing is sent."""
    if not chosen:
        return Refusal("none-chosen", _("Pilih sedikitnya satu alat."))
    if len(chosen) > operations.MAX_ITEMS:
        return Refusal("too-many", _("Satu pesanan memuat paling banyak %(max)s alat.") % {"max": operations.MAX_ITEMS})
    order = operations.start_order(user, start_key=start_key, now=now)
    if isinstance(order, Refusal):
        return order
    if not order.items.exists() and order.submitted_at is None:
        OrderItem.objects.bulk_create(assets.as_items(order, chosen))
    return order
