"""Who handles complaints: the positions that the body names, else those who sign, review or manage."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from sopan.engine.access import Acting, as_person
from sopan.people.models import Appointment, User

from ..models import Complaint


def handling(user: User | AnonymousUser, *, now: datetime) -> Acting | None:
    """As whom this person handles complaints, or None."""
    if not user.is_authenticated or user.is_customer or not user.is_active:
        return None
    named = [code.strip() for code in str(user.institution.setting("complaint_positions", "")).split(",")]
    named = [code for code in named if code]
    which = Q(position__code__in=named)
    if not named:
        which = Q(position__signs=True) | Q(position__manages_accounts=True) | Q(position__reviews_procedures=True)
    found = Appointment.objects.filter(
        which,
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        person=user,
        valid_from__lte=now,
        position__institution_id=user.institution_id,
    )
    appointment = found.select_related("position").order_by("kind", "pk").first()
    return as_person(user, appointment) if appointment else None


def seen_by(user: User, *, now: datetime) -> QuerySet[Complaint]:
    """The complaints that a person may see: handlers those of the body, customers those of their company or person."""
    rows = Complaint.objects.filter(institution_id=user.institution_id).select_related(
        "order__case", "company", "institution", "appeal_of"
    )
    if user.is_customer:
        return rows.filter(company_id=user.company_id) if user.is_active and user.company_id else rows.none()
    return rows if handling(user, now=now) is not None else rows.none()
