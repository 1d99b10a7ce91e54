"""The door: who comes to the root is sent to where his work is."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Staff to their tasks, customers to their orders, everybody else to the public page."""
    if not request.user.is_authenticated:
        return redirect(_first("orders:services", "account_login"))
    return redirect(
        _first("orders:mine", "orders:services", "profile") if request.user.is_customer else reverse("inbox")
    )


def _first(*names: str) -> str:
    """The address of the first of these pages that is installed."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    raise NoReverseMatch(names)


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """ "ok" if this process can ask the database; for the machine that watches over it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})
