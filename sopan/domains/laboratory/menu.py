"""Entries of the laboratory in the menu: keyword arguments of ``sopan.ui.navigation.nav.add``."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sopan.people.queries import signs

from .register_access import works_in_one
from .validity.queries import open_findings
from .views import changes, corrections


def _in_laboratory(request: HttpRequest) -> bool:
    """Asked once a request, for all entries."""
    if not request.user.is_authenticated or request.user.is_customer:
        return False
    if not hasattr(request, "works_in_laboratory"):
        request.works_in_laboratory = works_in_one(request.user, now=timezone.now())
    return bool(request.works_in_laboratory)


GROUP = _("Laboratorium")
ENTRIES: tuple[dict[str, Any], ...] = tuple(
    {"key": key, "label": label, "url_name": f"laboratory:{url}", "icon": icon, "order": order, "visible": _in_laboratory, "group": GROUP}
    for key, label, url, icon, order in (
        ("equipment", _("Peralatan dan standar"), "equipment-list", "scale", 500),
        ("methods", _("Metode"), "methods", "beaker", 510),
        ("competence", _("Kompetensi"), "competence", "academic-cap", 520),
        ("scope", _("Lingkup akreditasi"), "scope", "check-badge", 530),
    )
)  # fmt: skip


def _deciding(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and not user.is_customer and signs(user, timezone.now())


def _open_findings(request: HttpRequest) -> int:
    return open_findings(request.user.institution).count()


def _to_correct(request: HttpRequest) -> int:
    return corrections.count(request.user, now=timezone.now())


def _undecided(request: HttpRequest) -> int:
    return changes.count(request.user, now=timezone.now())


ENTRIES += (
    {
        "key": "corrections", "label": _("Koreksi hasil"), "url_name": "laboratory:corrections", "icon": "pencil",
        "order": 538, "visible": _in_laboratory, "count": _to_correct, "group": GROUP,
    },
    {
        "key": "validity", "label": _("Keabsahan hasil"), "url_name": "laboratory:validity", "icon": "chart-bar-square",
        "order": 535, "visible": _in_laboratory, "count": _open_findings, "group": GROUP,
    },
    {
        "key": "report-changes", "label": _("Perubahan laporan"), "url_name": "laboratory:changes", "icon": "arrow-path",
        "order": 540, "visible": _deciding, "count": _undecided, "group": GROUP,
    },
)  # fmt: skip
