"""Entries of documents in the menu: keyword arguments of ``sopan.ui.navigation.nav.add``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sopan.people.queries import signs

from . import desks


def _signer(request: HttpRequest) -> bool:
    return request.user.is_authenticated and signs(request.user, timezone.now())


def _waiting(request: HttpRequest) -> int:
    """How many documents lie before this person; asked once a request."""
    if not hasattr(request, "_papers"):
        request._papers = desks.count(request.user, now=timezone.now())
    found: int = request._papers
    return found


def _signs_here(request: HttpRequest) -> bool:
    return _signer(request) or _waiting(request) > 0


ENTRIES: tuple[dict[str, Any], ...] = (
    {
        "key": "signing",
        "label": _("Tanda tangan"),
        "url_name": "signing",
        "icon": "pencil-square",
        "order": 15,
        "visible": _signs_here,
        "count": _waiting,
    },
    {
        "key": "signing_keys",
        "label": _("Sertifikat saya"),
        "url_name": "signing-keys",
        "icon": "key",
        "order": 960,
        "visible": _signer,
        "group": _("Pengaturan"),
    },
)
