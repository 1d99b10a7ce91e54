"""What happens by itself in the laboratory: who keeps equipment is told weekly what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from sopan.engine.effects import periodic
from sopan.people.models import Institution, User
from sopan.people.queries import holders_of

from .models import Equipment, Laboratory
from .register_queries import due_list


@periodic("laboratory.equipment_due", every=timedelta(days=7))
def tell_what_is_due(now: datetime) -> None:
    """Mail each Penyelia, and who answers for the methods, what of their laboratories is overdue or soon due."""
    for body in Institution.objects.all():
        laboratories = Laboratory.objects.filter(institution=body).select_related("institution")
        told: dict[int, set[int]] = {}  # person -> laboratories
        people = {}
        for laboratory in laboratories:
            positions = [key for key in (laboratory.penyelia_id, laboratory.manager_id) if key]
            for person in holders_of(positions, now):
                people[person.pk] = person
                told.setdefault(person.pk, set()).add(laboratory.pk)
        for key, keys in told.items():
            _tell(people[key], keys, now=now)


def _tell(person: User, laboratories: set[int], *, now: datetime) -> None:
    body = person.institution
    zone = ZoneInfo(body.zone)
    rows = Equipment.objects.filter(laboratory__in=laboratories)
    due = [one for one in due_list(rows, today=now.astimezone(zone).date()) if one.tone != "ok"]
    if not due:
        return
    with translation.override(person.language), timezone.override(zone):
        url = settings.SITE_URL + reverse("laboratory:equipment-list")
        text = render_to_string("laboratory/mail/equipment_due.txt", {"person": person, "due": due, "url": url})
        send_mail(_("Peralatan yang jatuh tempo"), text, settings.DEFAULT_FROM_EMAIL, [person.email])
