"""Who may do what to accounts, appointments, the calendar and settings.

A rule answers None for yes or a ``Refusal`` with the reason; what a person may not even know of is None (a 404).
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people import queries
from sopan.people.models import Appointment, Institution, User


def may_manage(user: User | AnonymousUser, institution: Institution | int, *, now: datetime) -> Refusal | None:
    """Accounts, appointments, calendar and settings belong to holders of a position that manages accounts."""
    key = institution.pk if isinstance(institution, Institution) else institution
    if user.is_authenticated and user.institution_id == key and queries.manages_accounts(user, now):
        return None
    return Refusal("not-manager", _("Hanya pengelola akun instansi yang dapat melakukan ini."))


def may_lead_company(user: User | AnonymousUser) -> Refusal | None:
    """Users of a company are invited and removed by its owners alone."""
    if user.is_authenticated and user.is_active and user.is_customer and user.company_role == User.CompanyRole.OWNER:
        return None
    return Refusal("not-owner", _("Hanya pengelola akun perusahaan yang dapat mengundang atau melepas pengguna."))


def account_for(user: User | AnonymousUser, account_id: int, *, now: datetime) -> User | None:
    """An account that ``user`` manages, or None."""
    if not user.is_authenticated or may_manage(user, user.institution_id, now=now) is not None:
        return None
    return User.objects.select_related("company").filter(pk=account_id, institution_id=user.institution_id).first()


def appointment_for(user: User | AnonymousUser, appointment_id: int, *, now: datetime) -> Appointment | None:
    """An appointment that ``user`` manages, or None."""
    if not user.is_authenticated or may_manage(user, user.institution_id, now=now) is not None:
        return None
    mine = Appointment.objects.select_related("position", "person")
    return mine.filter(pk=appointment_id, position__institution_id=user.institution_id).first()


def colleague_for(user: User | AnonymousUser, account_id: int) -> User | None:
    """Another user of the same company, for its owner; else None."""
    if may_lead_company(user) is not None:
        return None
    return User.objects.filter(pk=account_id, company_id=user.company_id).exclude(pk=user.pk).first()


def last_manager(person: User, now: datetime, *, without: Appointment | None = None) -> Refusal | None:
    """An institution keeps at least one person who manages accounts: nobody else could let anybody in again."""
    if not queries.manages_accounts(person, now):
        return None
    left = Appointment.objects.filter(
        queries.in_force(now),
        position__institution_id=person.institution_id,
        position__manages_accounts=True,
        person__is_active=True,
    )
    left = left.exclude(pk=without.pk) if without else left.exclude(person=person)
    if left.exists():
        return None
    return Refusal("last-manager", _("Ini pengelola akun terakhir. Tunjuk penggantinya lebih dahulu."))
