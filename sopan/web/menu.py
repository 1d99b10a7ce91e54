"""Entries of these pages in the menu: keyword arguments of ``sopan.ui.navigation.nav.add``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sopan.engine import queries
from sopan.web.access import manager


def _waiting(request: HttpRequest) -> int:
    return queries.count(request.user, now=timezone.now())


ENTRIES: tuple[dict[str, Any], ...] = (
    {"key": "inbox", "label": _("Tugas saya"), "icon": "inbox", "order": 10, "count": _waiting},
    {"key": "cases", "label": pgettext_lazy("banyak", "Kasus"), "icon": "folder-open", "order": 20},
    {
        "key": "effects",
        "label": _("Pekerjaan latar"),
        "icon": "cog-6-tooth",
        "order": 990,
        "visible": manager,
        "group": _("Pengaturan"),
    },
)
