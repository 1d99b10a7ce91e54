"""Failed log-ins, recorded where Django reports them: its signal is the only place that sees all of them."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone

from sopan.people.events import record
from sopan.people.models import Institution, User


def record_failed_login(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: object
) -> None:
    """Append an event. An address that nobody has is not kept: people type passwords into the wrong field."""
    email = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email__iexact=email).select_related("institution").first() if email else None
    ip = get_adapter().get_client_ip(request) if request is not None else ""
    record(
        user.institution if user else _only_institution(),
        "login_failed",
        by=None,
        now=timezone.now(),
        about=user,
        ip=ip,
    )


def _only_institution() -> Institution | None:
    found = list(Institution.objects.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None
