"""Entries of the people layer in the menu, as data: the screens of all (``sopan.web``) put them there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sopan.people import queries


def _staff(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not request.user.is_customer


def _customer(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.user.is_customer


def _manager(request: HttpRequest) -> bool:
    """Whether the person manages accounts now; asked once a request."""
    if not _staff(request):
        return False
    if not hasattr(request, "_manages_accounts"):
        request._manages_accounts = queries.manages_accounts(request.user, timezone.now())
    return request._manages_accounts


_GROUP = _("Pengaturan")

# Keyword arguments of ``sopan.ui.navigation.nav.add``.
ENTRIES: tuple[dict[str, Any], ...] = (
    {"key": "company", "label": _("Perusahaan saya"), "icon": "building-office", "order": 800, "visible": _customer},
    {"key": "accounts", "label": _("Akun"), "icon": "users", "order": 910, "visible": _manager, "group": _GROUP},
    {
        "key": "appointments",
        "label": pgettext_lazy("banyak", "Jabatan"),
        "icon": "identification",
        "order": 920,
        "visible": _manager,
        "group": _GROUP,
    },
    {
        "key": "calendar",
        "label": _("Kalender kerja"),
        "icon": "calendar-days",
        "order": 930,
        "visible": _staff,
        "group": _GROUP,
    },
    {
        "key": "settings",
        "label": _("Setelan"),
        "icon": "adjustments-horizontal",
        "order": 940,
        "visible": _manager,
        "group": _GROUP,
    },
    {
        "key": "people_events",
        "label": _("Catatan perubahan"),
        "icon": "clipboard-document-list",
        "order": 950,
        "visible": _manager,
        "group": _GROUP,
    },
)
