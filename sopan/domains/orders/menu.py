"""Entries of orders in the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sopan.ui.navigation import customer


def _visitor(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


# Keyword arguments of ``sopan.ui.navigation.nav.add``.
ENTRIES: tuple[dict[str, Any], ...] = (
    {
        "key": "my_orders",
        "label": _("Pesanan saya"),
        "url_name": "orders:mine",
        "icon": "clipboard-document-list",
        "order": 10,
        "visible": customer,
    },
    {
        "key": "services",
        "label": _("Layanan dan tarif"),
        "url_name": "orders:services",
        "icon": "building-storefront",
        "order": 20,
        "visible": lambda request: not request.user.is_authenticated or request.user.is_customer,
    },
    {
        "key": "track",
        "label": _("Lacak pesanan"),
        "url_name": "orders:track_form",
        "icon": "map-pin",
        "order": 30,
        "visible": _visitor,
    },
)
