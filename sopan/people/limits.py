"""Rate limits of pages that are open to everybody, counted by allauth's limiter in the shared cache."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse


def limited(request: HttpRequest, action: str, *, key: str | None = None) -> bool:
    """Count this request under ``action`` and tell whether it is one too many.

    The rates are ``settings.RATE_LIMITS[action]``: "20/m/ip" (an address), "5/h/user" (an account), "3/h/key" (``key``).
    GET is counted like POST. Raises KeyError for an action without a rate: a misspelt name must not mean no limit.
    """
    settings.RATE_LIMITS[action]
    used = ratelimit.consume(request, app="sopan", action=action, config=settings.RATE_LIMITS, key=key, limit_get=True)
    return used is None


def too_many(request: HttpRequest) -> HttpResponse:
    """The answer to one request too many: 429 with the page ``429.html``."""
    return ratelimit.respond_429(request)
