"""Rate limits: of pages that are open to everybody, and of secrets that could be guessed.

Counted by allauth's limiter in the shared cache.
"""

from __future__ import annotations

import time
from datetime import timedelta

from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.cache import cache
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


def barred(action: str, *, key: str) -> timedelta:
    """How long ``key`` has to wait before the next try; zero if it may try now. Counts nothing.

    The rates of the action are of the kind "5/15m/key".
    """
    wait = 0.0
    for rate in ratelimit.parse_rates(settings.RATE_LIMITS[action]):
        tries = cache.get(ratelimit.get_cache_key(None, app="sopan", action=action, rate=rate, key=key), [])
        if len(tries) >= rate.amount:  # the latest stands first
            wait = max(wait, tries[rate.amount - 1] + rate.duration - time.time())
    return timedelta(seconds=wait)


def count(action: str, *, key: str) -> None:
    """Count a try of ``key`` that failed. Side effect: the counter in the cache. Not in a transaction that may be undone."""
    settings.RATE_LIMITS[action]
    ratelimit.consume(None, app="sopan", action=action, config=settings.RATE_LIMITS, key=key, limit_get=True)
