"""Who must log in with a second factor (TOTP, by allauth.mfa), and being sent to set it up.

``settings.SECOND_FACTOR`` is "signers": whoever holds, now, a position that signs or manages accounts. It may be "off"
in a demo alone, because the passwords of a demo are public anyway; elsewhere "off" is an error at start-up, whichever
way the server is started.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.people import queries
from sopan.people.models import User

OPEN_TO_ALL = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "choose_language",
    "keep_session",
    "switch_keyboard",
}


def needs_second_factor(user: User | AnonymousUser, now: datetime) -> bool:
    """Whether this person must have a second factor at ``now``, because of a position that he holds in whatever way."""
    if not user.is_authenticated or user.is_customer:
        return False
    if settings.DEMO and settings.SECOND_FACTOR == "off":
        return False
    held = queries.appointments_at(user, now)
    return any(appointment.position.signs or appointment.position.manages_accounts for appointment in held)


def has_second_factor(user: User) -> bool:
    return is_mfa_enabled(user, [Authenticator.Type.TOTP])


class SecondFactorMiddleware:
    """Send a person who needs a second factor and has none to the page that sets it up, whatever he asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        for error in check_settings(None):  # a web server that was started by itself has run no checks
            raise ImproperlyConfigured(f"{error.msg} {error.hint}")
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated or _is_open(request):
            return None
        if not needs_second_factor(request.user, timezone.now()) or has_second_factor(request.user):
            return None
        address = reverse("mfa_activate_totp")
        if getattr(request, "htmx", False):  # a fragment of a page must not be filled with another page
            return HttpResponse(status=200, headers={"HX-Redirect": address})
        messages.info(request, _("Jabatan Anda mewajibkan verifikasi dua langkah. Aktifkan sebelum melanjutkan."))
        return redirect(address)


def _is_open(request: HttpRequest) -> bool:
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    return name in OPEN_TO_ALL or name.startswith("mfa_")


def check_settings(app_configs: object, **kwargs: object) -> list[Error]:
    """Start-up check: only a demo may do without the second factor."""
    if settings.SECOND_FACTOR == "signers" or (settings.SECOND_FACTOR == "off" and settings.DEMO):
        return []
    return [
        Error(
            "SECOND_FACTOR must be 'signers'; only a demo may switch it off.",
            hint="Remove SOPAN_SECOND_FACTOR from the environment.",
            id="people.E001",
        )
    ]
