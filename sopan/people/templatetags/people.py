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
    """Headings with (person, title) pairs and the public password; empty outside of a demo."""
    if not settings.DEMO:
        return {}
    staff, companies = queries.cast(timezone.now())
    groups = [(_("Pegawai"), staff)] if staff else []
    return {"password": DEMO_PASSWORD, "groups": groups + companies} if groups or companies else {}
