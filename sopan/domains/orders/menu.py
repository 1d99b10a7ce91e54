"""Entries of orders and of the service around them in the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sopan.people import queries as people
from sopan.ui.navigation import customer, staff

from .notices import sending
from .service import access


def _visitor(request: HttpRequest) -> bool:
    return not request.user.is_authenticated


def _works(request: HttpRequest) -> frozenset[str]:
    """What of the order procedure falls to the person; asked once a request."""
    if not hasattr(request, "_order_works"):
        request._order_works = access.works_of(request.user, now=timezone.now())
    found: frozenset[str] = request._order_works
    return found


def _treasurer(request: HttpRequest) -> bool:
    return bool(_works(request) & set(access.MONEY))


def _prices(request: HttpRequest) -> bool:
    return bool(_works(request) & set(access.PRICES))


def _bound(request: HttpRequest) -> bool:
    return bool(_works(request))


def _manager(request: HttpRequest) -> bool:
    if not staff(request):
        return False
    if not hasattr(request, "_manages_accounts"):
        request._manages_accounts = people.manages_accounts(request.user, timezone.now())
    found: bool = request._manages_accounts
    return found


def _unread(request: HttpRequest) -> int:
    if not hasattr(request, "_unread_notices"):
        request._unread_notices = sending.unread(request.user)
    found: int = request._unread_notices
    return found


def _logged_in(request: HttpRequest) -> bool:
    return bool(request.user.is_authenticated)


def _not_staff(request: HttpRequest) -> bool:
    return not staff(request)


_SERVICE, _SETTINGS = _("Layanan"), _("Pengaturan")


def _entry(key: str, label: Any, url: str, icon: str, order: int, visible: Any, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "label": label,
        "url_name": f"orders:{url}",
        "icon": icon,
        "order": order,
        "visible": visible,
        **more,
    }


# Keyword arguments of ``sopan.ui.navigation.nav.add``.
ENTRIES: tuple[dict[str, Any], ...] = (
    _entry("my_orders", _("Pesanan saya"), "mine", "clipboard-document-list", 10, customer),
    _entry("my_assets", _("Alat saya"), "assets", "wrench-screwdriver", 16, customer),
    _entry("services", _("Layanan dan tarif"), "services", "building-storefront", 20, _not_staff),
    _entry("track", _("Lacak pesanan"), "track_form", "map-pin", 30, _visitor),
    _entry("my_complaints", _("Pengaduan"), "complaints", "chat-bubble-left-ellipsis", 40, _not_staff),
    _entry("notices", _("Pemberitahuan"), "notices", "bell", 60, _logged_in, count=_unread),
    _entry("performance", _("Kinerja layanan"), "performance", "chart-bar", 200, staff, group=_SERVICE),
    _entry("skm", _("Indeks kepuasan"), "skm", "face-smile", 210, staff, group=_SERVICE),
    _entry("daily", _("Penerimaan"), "daily", "banknotes", 220, _treasurer, group=_SERVICE),
    _entry("tariffs", _("Tarif"), "tariffs", "tag", 230, staff, group=_SERVICE),
    _entry("levies", _("Retribusi daerah"), "levies", "receipt-percent", 235, staff, group=_SERVICE),
    _entry("contracts", _("Perjanjian"), "contracts", "document-text", 240, _prices, group=_SERVICE),
    _entry("handling", _("Pengaduan masuk"), "complaint_list", "megaphone", 250, staff, group=_SERVICE),
    _entry("amendments", _("Permintaan perbaikan"), "amendments", "pencil-square", 260, _bound, group=_SERVICE),
    _entry("texts", _("Teks layanan"), "texts", "language", 945, _manager, group=_SETTINGS),
    _entry("deliveries", _("Pengiriman"), "deliveries", "paper-airplane", 946, _manager, group=_SETTINGS),
)
