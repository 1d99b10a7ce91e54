"""Whether somebody may be chosen for a piece of work: he is authorised for a method that fits it, on that day.

ISO/IEC 17025:2017, 6.2.5 and 6.2.6, have a laboratory authorise people before they perform an activity, so a choice of
somebody without a grant is refused, not just warned of: his results would be refused when they are handed in, after the
work was done. Where no method fits the instrument there is nothing to be authorised for, and nothing is asked. Whoever
answers for the methods resolves it by a grant; the refusal says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.people.models import User

from .measuring import fitting, versions_on
from .models import CompetenceGrant, MethodVersion, WorkOrder


def wanted(work: WorkOrder, *, now: datetime) -> tuple[list[MethodVersion], date]:
    """The methods in force today that fit the instrument, and today at the body."""
    body = work.item.order.institution
    day = body.date_at(now)
    return fitting(work, versions_on(body.pk, day)), day


def authorised(people: Sequence[User], versions: Sequence[MethodVersion], day: date) -> set[int]:
    """Keys of those who are authorised for one of these methods on that day."""
    grants = CompetenceGrant.objects.filter(
        person__in=[person.pk for person in people],
        method__in={version.code for version in versions},
        institution__in={version.institution_id for version in versions},
    )
    return {grant.person_id for grant in grants if grant.covers(day)}


def fault(work: WorkOrder, *, analyst: User, now: datetime) -> Refusal | None:
    """Why somebody cannot be chosen for this work today, or None."""
    versions, day = wanted(work, now=now)
    if not versions or analyst.pk in authorised([analyst], versions, day):
        return None
    text = _(
        "%(name)s belum berwenang memakai metode untuk %(item)s: %(methods)s. Pilih analis lain, atau mintalah Manajer Teknis mencatat wewenangnya di Kompetensi."
    )
    methods = "; ".join(version.name for version in versions)
    return Refusal("not-competent", text % {"name": analyst.full_name, "item": work.item, "methods": methods})
