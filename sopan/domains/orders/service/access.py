"""Who may do what around orders that belongs to no task: asked of the appointments at the moment of the act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure, version_in_force
from sopan.engine.access import Acting, as_person, held, queues, serving
from sopan.people.access import may_manage
from sopan.people.models import Appointment, User

from .. import queries

MONEY = ("orders.issue_bill", "orders.confirm_payment")
PRICES = ("orders.approve_tariff",)
COUNTER = ("orders.validate",)


def staff_of(user: User | AnonymousUser, *, now: datetime) -> Acting | None:
    """Anybody who holds a position of the body now."""
    if not user.is_authenticated or user.is_customer or not user.is_active:
        return None
    appointments = held(user, now=now)
    return as_person(user, appointments[0]) if appointments else None


def working(user: User | AnonymousUser, works: Iterable[str], *, now: datetime) -> Acting | None:
    """As whom this person acts where the order procedure in force gives him a step with one of these works."""
    if not user.is_authenticated or user.is_customer or not user.is_active:
        return None
    slug = queries.order_procedure(user.institution)
    try:
        version = version_in_force(slug, institution=user.institution, now=now)
    except ProcedureVersion.DoesNotExist:
        return None
    wanted = set(works)
    actors = {actor for step in procedure(version.pk).steps if step.work in wanted for actor in step.actors}
    appointments = Appointment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=now),
        person=user,
        valid_from__lte=now,
        position__institution_id=user.institution_id,
        position__bindings__slug=slug,
        position__bindings__institution_id=user.institution_id,
        position__bindings__actor__in=actors,
    )
    found = appointments.select_related("position").order_by("kind", "pk").first()
    return as_person(user, found) if found else None


def works_of(user: User | AnonymousUser, *, now: datetime) -> frozenset[str]:
    """The works of the order procedure in force that fall to the positions of this person; for menus."""
    if not user.is_authenticated or user.is_customer or not user.is_active:
        return frozenset()
    slug = queries.order_procedure(user.institution)
    version = next((one for one in serving(user, now=now) if one.slug == slug), None)
    if version is None:
        return frozenset()
    actors = {queue.actor for queue in queues(user, now=now) if queue.slug == slug}
    return frozenset(step.work for step in procedure(version.pk).steps if step.work and actors & set(step.actors))


def managing(user: User | AnonymousUser, *, now: datetime) -> Acting | None:
    """Who keeps the settings of the body."""
    if not user.is_authenticated or user.is_customer or may_manage(user, user.institution, now=now) is not None:
        return None
    return staff_of(user, now=now)
