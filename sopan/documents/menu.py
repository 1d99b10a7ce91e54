"""Entries of documents in the menu: keyword arguments of ``sopan.ui.navigation.nav.add``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sopan.people.queries import signs


def _signer(request: HttpRequest) -> bool:
    return request.user.is_authenticated and signs(request.user, timezone.now())


ENTRIES: tuple[dict[str, Any], ...] = (
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
