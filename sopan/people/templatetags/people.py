"""The people of a demo, for the chooser on the log-in page."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.people import queries
from sopan.people.loading import DEMO_PASSWORD

register = template.Library()


@register.simple_tag
def demo_people() -> dict[str, Any]:
    """Institutions, each with headings and (person, title) pairs, and the public password; empty outside of a demo."""
    if not settings.DEMO:
        return {}
    bodies = [
        (body, [*([(_("Pegawai"), staff)] if staff else []), *companies])
        for body, staff, companies in queries.cast(timezone.now())
        if staff or companies
    ]
    return {"password": DEMO_PASSWORD, "bodies": bodies} if bodies else {}
