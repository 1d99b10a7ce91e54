"""Who handles complaints: the positions that the body names, else those who sign, review or manage."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from sopan.engine.access import Acting, as_person
from sopan.people.models import Appointment, Institution, Position, User

from ..models import Complaint


def positions(institution: Institution) -> QuerySet[Position]:
    """The positions that handle complaints, and decide on those in which their holder had no part."""
    named = [code.strip() for code in str(institution.setting("complaint_positions", "")).split(",")]
    which = Q(code__in=[code for code in named if code])
    if not any(named):
        which = Q(signs=True) | Q(manages_accounts=True) | Q(reviews_procedures=True)
    return Position.objects.filter(which, institution=institution)


def holders(institution: Institution, *, now: datetime) -> QuerySet[Appointment]:
    """Who holds one of those positions now."""
    return Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        position__in=positions(institution),
        person__is_active=True,
        valid_from__lte=now,
    ).select_related("position", "person")


def handling(user: User | AnonymousUser, *, now: datetime) -> Acting | None:
    """As whom this person handles complaints, or None."""
    if not user.is_authenticated or user.is_customer or not user.is_active:
        return None
    found = holders(user.institution, now=now).filter(person=user)
    appointment = found.order_by("kind", "pk").first()
    return as_person(user, appointment) if appointment else None


def seen_by(user: User, *, now: datetime) -> QuerySet[Complaint]:
    """The complaints that a person may see: handlers those of the body, customers those of their company or person."""
    rows = Complaint.objects.filter(institution_id=user.institution_id).select_related(
        "order__case", "company", "institution", "appeal_of"
    )
    if user.is_customer:
        return rows.filter(company_id=user.company_id) if user.is_active and user.company_id else rows.none()
    return rows if handling(user, now=now) is not None else rows.none()
