"""Who may open the pages of the staff: everybody else is told that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone

from sopan.engine import access as engine
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


def posts_from(page: str) -> Callable[[View], View]:
    """For an act that may show its page again: whoever reloads that address comes back to ``page``."""

    def decorate(view: View) -> View:
        @staff_only
        @wraps(view)
        def guarded(request: HttpRequest, **ids: int) -> HttpResponse:
            if request.method == "POST":
                return view(request, **ids)
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["POST"])
            if not _visible(request, **ids):
                raise Http404
            return redirect(page, **ids)

        return guarded

    return decorate


def _visible(request: HttpRequest, *, task_id: int | None = None, case_id: int | None = None) -> bool:
    now = timezone.now()
    if max(task_id or 0, case_id or 0) >= 2**63:
        return False
    if task_id is not None:
        return engine.task_for(request.user, task_id, now=now) is not None
    return case_id is None or engine.case_for(request.user, case_id, now=now) is not None


QUALITY = "quality_manager"  # setting: codes of positions, separated by commas


def oversees(request: HttpRequest) -> bool:
    """Whether the person holds a position that the institution has named to look after its management system."""
    user = request.user
    if not user.is_authenticated or user.is_customer:
        return False
    named = {code.strip() for code in str(user.institution.setting(QUALITY, "") or "").split(",")} - {""}
    held = people.appointments_at(user, timezone.now()) if named else []
    return any(one.position.code in named for one in held)
