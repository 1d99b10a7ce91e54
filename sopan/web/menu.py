"""Entries of these pages in the menu: keyword arguments of ``sopan.ui.navigation.nav.add``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sopan.catalogue import judging
from sopan.catalogue.models import StartRule
from sopan.engine import queries
from sopan.web.access import manager, oversees


def _waiting(request: HttpRequest) -> int:
    return queries.count(request.user, now=timezone.now())


def _to_judge(request: HttpRequest) -> int:
    """Revisions of procedures that wait for this person."""
    return len(judging.waiting_for(request.user, now=timezone.now()))


def _applies(request: HttpRequest) -> bool:
    """Whether customers of this institution may start something; asked once a request."""
    if not request.user.is_authenticated or not request.user.is_customer:
        return False
    if not hasattr(request, "_applies"):
        rules = StartRule.objects.filter(by=StartRule.By.CUSTOMER, active=True)
        request._applies = rules.filter(entry__institution_id=request.user.institution_id).exists()
    return request._applies


ENTRIES: tuple[dict[str, Any], ...] = (
    {"key": "inbox", "label": _("Tugas saya"), "icon": "inbox", "order": 10, "count": _waiting},
    {"key": "start_list", "label": _("Mulai kasus"), "icon": "play-circle", "order": 15},
    {
        "key": "apply",
        "url_name": "start_list",
        "label": _("Ajukan permohonan"),
        "icon": "plus-circle",
        "order": 12,
        "visible": _applies,
    },
    {
        "key": "applications",
        "label": _("Permohonan saya"),
        "icon": "document-text",
        "order": 14,
        "visible": _applies,
    },
    {"key": "cases", "label": pgettext_lazy("banyak", "Kasus"), "icon": "folder-open", "order": 20},
    {"key": "sop_list", "label": _("SOP"), "icon": "book-open", "order": 25, "count": _to_judge},
    {
        "key": "unblindings",
        "label": _("Pembukaan identitas"),
        "icon": "eye",
        "order": 30,
        "visible": oversees,
    },
    {
        "key": "effects",
        "label": _("Pekerjaan latar"),
        "icon": "cog-6-tooth",
        "order": 990,
        "visible": manager,
        "group": _("Pengaturan"),
    },
)
