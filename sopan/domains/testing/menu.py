"""Entries of this domain in the menu: keyword arguments of ``sopan.ui.navigation.nav.add``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .access import reads_register
from .counter import counters


def _tests(request: HttpRequest) -> bool:
    return reads_register(request.user, now=timezone.now())


def _receives(request: HttpRequest) -> bool:
    return bool(counters(request.user, now=timezone.now()))


ENTRIES: tuple[dict[str, Any], ...] = (
    {
        "key": "testing-counter",
        "label": _("Loket pengujian"),
        "url_name": "testing:counters",
        "icon": "building-storefront",
        "order": 16,
        "visible": _receives,
    },
    {
        "key": "commodities",
        "label": _("Komoditi dan parameter"),
        "url_name": "testing:commodities",
        "icon": "beaker",
        "order": 550,
        "visible": _tests,
        "group": _("Laboratorium"),
    },
)
