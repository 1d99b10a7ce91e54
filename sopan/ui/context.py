"""What every template gets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from sopan.ui.navigation import nav, staff

THEMES = ("light", "dark")


def page(request: HttpRequest) -> dict[str, Any]:
    """nav, institution, site_url, demo, now, theme, session_seconds, and ``shell``: the base that suits the person. Nothing is asked of the database before it is used."""
    now = timezone.now()
    theme = request.COOKIES.get("theme", "")
    return {
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "institution": SimpleLazyObject(lambda: _institution(request)),
        "site_url": settings.SITE_URL,
        "demo": settings.DEMO,
        "demo_chooser": _demo_chooser,
        "shell": "ui/staff.html" if hasattr(request, "user") and staff(request) else "ui/public.html",
        "now": now,
        "theme": theme if theme in THEMES else "",
        "session_seconds": SimpleLazyObject(lambda: _session_seconds(request, now)),
    }


def _demo_chooser() -> str:
    """The fragment that offers the people of the demo, where the demo is installed."""
    name = "people/_demo_chooser.html"
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return ""
    return name


def _nav(request: HttpRequest) -> list[Any]:
    if not hasattr(request, "_nav_items"):
        request._nav_items = nav.items(request) if hasattr(request, "user") else []
    return request._nav_items


def _institution(request: HttpRequest) -> Any:
    """The body of the person; for visitors the only one there is, else None. Asked once a request."""
    if not hasattr(request, "_institution"):
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            request._institution = user.institution
        else:
            found = list(apps.get_model("people", "Institution").objects.order_by("pk")[:2])
            request._institution = found[0] if len(found) == 1 else None
    return request._institution


def _session_seconds(request: HttpRequest, now: datetime) -> int:
    """Seconds until the log-in ends; 0 for visitors. A session is counted from the log-in, or from the last wish to stay."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not hasattr(request, "session"):
        return 0
    kept = request.session.get("kept_at")
    start = datetime.fromisoformat(kept) if kept else user.last_login
    if start is None:
        return settings.SESSION_COOKIE_AGE
    return max(0, int((start + timedelta(seconds=settings.SESSION_COOKIE_AGE) - now).total_seconds()))
