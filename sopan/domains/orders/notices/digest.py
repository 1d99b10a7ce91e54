"""Every working morning each member of the staff is told how much waits for him, and nothing about what."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from sopan.engine.access import binding_ids
from sopan.engine.effects import periodic
from sopan.engine.models import Task
from sopan.people.calendars import calendar_of
from sopan.people.models import Institution, User

from ..models import Notice
from . import sending, templates

BEGINS, ENDS = time(7, 0), time(9, 0)  # the local time in which a digest may go out


@periodic("orders.digest", every=timedelta(minutes=15))
def digest(now: datetime) -> None:
    """Tell the staff of every body whose morning it is, once a day. Closed days have no digest."""
    given: list[Notice] = []
    for institution in Institution.objects.order_by("pk"):
        local = now.astimezone(ZoneInfo(institution.zone))
        if BEGINS <= local.time() < ENDS and calendar_of(institution).is_working(local.date()):
            given += _of_body(institution, now=now, local=local)
    sending.deliver_now(given)


def _of_body(institution: Institution, *, now: datetime, local: datetime) -> list[Notice]:
    staff = User.objects.filter(institution=institution, kind=User.Kind.STAFF, is_active=True)
    given = []
    for person in staff.select_related("notice_choice").order_by("pk"):
        choice = getattr(person, "notice_choice", None)
        if choice is not None and not choice.digest:
            continue
        notice = _of_person(person, institution, now=now, local=local)
        if notice is not None:
            given.append(notice)
    return given


def _of_person(person: User, institution: Institution, *, now: datetime, local: datetime) -> Notice | None:
    """The digest of one person; None if nothing waits for him, or he was told today."""
    queues = binding_ids(person, now=now)
    waiting = Task.objects.filter(
        Q(assignee=person) | Q(assignee__isnull=True), status=Task.Status.OPEN, binding_id__in=queues
    )
    due = list(waiting.values_list("due_at", flat=True)[:1_000])
    if not due:
        return None
    evening = datetime.combine(local.date() + timedelta(days=1), time.min, local.tzinfo)
    counts = {
        "open": str(len(due)),
        "late": str(sum(1 for at in due if at is not None and at < now)),
        "today": str(sum(1 for at in due if at is not None and now <= at < evening)),
    }
    with translation.override(person.language):
        told = templates.told(institution, "digest", counts)
        return sending.tell(
            person,
            told,
            institution=institution,
            key="digest",
            dedupe=f"digest:{local:%Y-%m-%d}",
            link=reverse("inbox"),
            now=now,
        )
