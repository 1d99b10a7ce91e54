"""Who may read and keep the registers of a laboratory: equipment, methods, competence, scope.

Whoever works in a laboratory reads them. The Penyelia keeps the equipment of his laboratory; methods, competence and scope
are kept by the technical manager, and he may keep all equipment too.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from sopan.engine.access import Acting
from sopan.people.models import User
from sopan.people.queries import positions_at

from .access import holding
from .models import Equipment, Laboratory, MethodVersion


def laboratories_of(user: User, *, now: datetime) -> QuerySet[Laboratory]:
    """The laboratories in which a person leads, measures or answers for the methods now."""
    if not user.is_authenticated or user.is_customer:
        return Laboratory.objects.none()
    held = positions_at(user, now)
    rows = Laboratory.objects.filter(Q(penyelia__in=held) | Q(analis__in=held) | Q(manager__in=held))
    return rows.filter(institution=user.institution_id)


def works_in_one(user: User, *, now: datetime) -> bool:
    return laboratories_of(user, now=now).exists()


def keeper_of(user: User, laboratory: Laboratory, *, now: datetime) -> Acting | None:
    """As whom a person keeps the equipment of a laboratory, or None."""
    positions = [laboratory.penyelia_id, *([laboratory.manager_id] if laboratory.manager_id else [])]
    return holding(user, positions, now=now)


def kept_by(user: User, *, now: datetime) -> list[Laboratory]:
    """The laboratories whose equipment a person keeps."""
    rows = laboratories_of(user, now=now).order_by("name")
    return [laboratory for laboratory in rows if keeper_of(user, laboratory, now=now) is not None]


def manager(user: User, *, now: datetime) -> Acting | None:
    """As whom a person answers for methods, competence and scope of his body, or None."""
    if not user.is_authenticated or user.is_customer:
        return None
    positions = Laboratory.objects.filter(institution=user.institution_id).exclude(manager=None)
    return holding(user, list(positions.values_list("manager", flat=True)), now=now)


def equipment_for(user: User, pk: int, *, now: datetime) -> Equipment | None:
    """A piece of equipment of his body, for whoever works in one of its laboratories."""
    rows = Equipment.objects.select_related("laboratory", "institution")
    found = rows.filter(pk=pk, institution=user.institution_id).first()
    return found if found is not None and works_in_one(user, now=now) else None


def version_for(user: User, pk: int, *, now: datetime) -> MethodVersion | None:
    """A version of a method of his body, for whoever works in one of its laboratories."""
    found = MethodVersion.objects.filter(pk=pk, institution=user.institution_id).first()
    return found if found is not None and works_in_one(user, now=now) else None
