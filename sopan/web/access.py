"""Who may open the pages of the staff: everybody else is told that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from sopan.people import queries as people

View = Callable[..., HttpResponse]


def staff_only(view: View) -> View:
    """Visitors are asked to log in; customers have pages of their own."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_customer:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def manager(request: HttpRequest) -> bool:
    """Whether the person manages accounts now, and so looks after the machine too; asked once a request."""
    if not request.user.is_authenticated or request.user.is_customer:
        return False
    if not hasattr(request, "_manages_accounts"):
        request._manages_accounts = people.manages_accounts(request.user, timezone.now())
    return request._manages_accounts


def managers_only(view: View) -> View:
    @staff_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not manager(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
