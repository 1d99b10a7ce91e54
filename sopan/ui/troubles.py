"""Pages for what no view answers: unreadable requests, too large ones, old forms, a busy database, our own faults."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

from sopan.ui.unsent import Unsent

TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
BUSY = ("locked", "busy")  # SQLite, after it has waited as long as the settings say
AGAIN = "5"  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 for what is too large."""
    if not isinstance(exception, TOO_LARGE):
        return render(request, "400.html", status=400)
    limits = {
        "text": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "file": settings.UPLOAD_MAX_BYTES,
        "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        "whole": settings.REQUEST_MAX_BYTES,
    }
    return render(request, "413.html", {"limits": limits}, status=413)


class SizeMiddleware:
    """Refuse a request by the size that it announces, before anything of it is written to the disk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("CONTENT_LENGTH") or "0"
        if told.isascii() and told.isdigit() and (len(told) > 18 or int(told) > settings.REQUEST_MAX_BYTES):
            raise RequestDataTooBig("The whole request is larger than settings.REQUEST_MAX_BYTES.")
        return self.get_response(request)


def old_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was made for an earlier log-in. Only what came from a page of ours is offered for sending again."""
    ours = request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    return render(request, "403_csrf.html", {"unsent": Unsent.of(request) if ours else None}, status=403)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """503 while the database is busy or restarts, else 500. Neither page asks the database for anything."""
    if not _database_is_busy(sys.exc_info()[1]):
        return HttpResponse(loader.render_to_string("500.html"), status=500)
    page = loader.render_to_string("503.html", {"unsent": _readable(request)}, request)
    return HttpResponse(page, status=503, headers={"Retry-After": AGAIN, "Cache-Control": "no-store"})


def _database_is_busy(fault: BaseException | None) -> bool:
    if not isinstance(fault, OperationalError | InterfaceError):
        return False
    return connection.vendor != "sqlite" or any(word in str(fault) for word in BUSY)


def _readable(request: HttpRequest) -> Unsent | None:
    try:
        return Unsent.of(request)
    except Exception:  # this page must come whatever the request holds
        return None
