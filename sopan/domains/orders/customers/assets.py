"""The list of instruments of a company, and reminders of the due days that the customer set himself (opt-in)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.effects import periodic
from sopan.people.models import Company, Institution, User

from .. import queries
from ..models import Asset, Notice, Order, OrderItem
from ..notices import sending, templates

MAX_ASSETS = 5_000
AHEAD = (30, 7)  # days before the due day on which people are told
# What an order item and an asset have in common, beside the names.
TYPED = (
    *("range_lower_text", "range_upper_text", "range_unit", "measure", "size_text", "size_unit", "points", "remark"),
    *("range_lower", "range_upper", "size"),
)
NAMED = ("kind", "kind_name", "name", "make", "type", "serial_number")


def of_company(company: Company | int) -> QuerySet[Asset]:
    """The instruments that are in use, those that are due soonest first."""
    key = company if isinstance(company, int) else company.pk
    found = Asset.objects.filter(company_id=key, retired=False)
    return found.order_by("due_on", "name", "pk")


@transaction.atomic
def save(company: Company, values: Mapping[str, Any], *, asset: Asset | None = None, now: datetime) -> Asset | Refusal:
    """Add an instrument, or change one. The same serial number of the same make is one instrument."""
    Company.objects.select_for_update().get(pk=company.pk)
    serial = values["serial_number"].strip()
    same = Asset.objects.filter(company=company, retired=False, serial_number=serial, make__iexact=values["make"])
    if serial not in ("", "-") and same.exclude(pk=asset.pk if asset else None).exists():
        return Refusal("known", _("Alat dengan merek dan nomor seri ini sudah ada pada daftar."), "serial_number")
    if asset is None:
        if Asset.objects.filter(company=company).count() >= MAX_ASSETS:
            return Refusal("too-many", _("Daftar memuat paling banyak %(most)s alat.") % {"most": MAX_ASSETS})
        asset = Asset(company=company, created_at=now)
    for name, value in values.items():
        setattr(asset, name, value)
    asset.save()
    return asset


@transaction.atomic
def keep_items(order: Order, *, now: datetime) -> int:
    """Put the instruments of an order on the list of its company, those that are not there yet; how many."""
    kept = 0
    for item in queries.items_of(order):
        values: dict[str, Any] = {name: getattr(item, name) for name in NAMED}
        values["values"] = {name: _plain(getattr(item, name)) for name in TYPED}
        known = Asset.objects.filter(
            company_id=order.company_id, name=item.name, make__iexact=item.make, serial_number=item.serial_number
        )
        if not known.exists():
            kept += not isinstance(save(order.company, values, now=now), Refusal)
    return kept


def _plain(value: Any) -> Any:
    return None if value is None else str(value)


def as_items(order: Order, assets: Iterable[Asset]) -> list[OrderItem]:
    """Instruments of the list as lines of an order, not saved yet. Numbers come back as they were understood."""
    made = []
    for line, asset in enumerate(assets, start=1):
        item = OrderItem(order=order, line=line, **{name: getattr(asset, name) for name in NAMED})
        for name in TYPED:
            value = asset.values.get(name)
            setattr(item, name, value if value is not None else ("" if _is_text(name) else None))
        made.append(item)
    return made


def _is_text(name: str) -> bool:
    return name not in ("range_lower", "range_upper", "size")


# Reminders ------------------------------------------------------------------------------------------------------------


@periodic("orders.remind_due", every=timedelta(hours=6))
def remind(now: datetime) -> None:
    """Tell the people of companies that asked for it which instruments are due in 30 or 7 days; each day once."""
    given: list[Notice] = []
    for institution in Institution.objects.order_by("pk"):
        today = institution.date_at(now)
        for days in AHEAD:
            due = Asset.objects.filter(
                company__institution=institution, remind=True, retired=False, due_on=today + timedelta(days=days)
            )
            counts: dict[int, int] = {}
            for company_id in due.values_list("company_id", flat=True):
                counts[company_id] = counts.get(company_id, 0) + 1
            for company_id, count in counts.items():
                given += _tell(institution, company_id, count, days, now=now, day=f"{today + timedelta(days=days)}")
    sending.deliver_now(given)


def _tell(institution: Institution, company_id: int, count: int, days: int, *, now: datetime, day: str) -> list[Notice]:
    given = []
    people = User.objects.filter(company_id=company_id, is_active=True).select_related("notice_choice")
    for person in people.order_by("pk"):
        with translation.override(person.language):
            told = templates.told(institution, "due", {"count": str(count), "days": str(days)})
            link = reverse("orders:assets")
            notice = sending.tell(
                person,
                told,
                institution=institution,
                key="due",
                dedupe=f"due:{day}:{days}",
                link=link,
                now=now,
            )
        if notice is not None:
            given.append(notice)
    return given
