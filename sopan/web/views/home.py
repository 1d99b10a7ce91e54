"""The door: who comes to the root is sent to where his work is."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sopan.catalogue.models import ProcedureVersion, StartRule
from sopan.catalogue.queries import in_force
from sopan.domains.orders.queries import order_procedure
from sopan.people.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Staff to their tasks, customers to their orders or applications, everybody else to the public page."""
    if not request.user.is_authenticated:
        return redirect(_first("orders:services", "account_login"))
    if not request.user.is_customer:
        return redirect("inbox")
    return redirect("applications" if _only_applies(request.user) else _first("orders:mine", "profile"))


def _only_applies(user: User) -> bool:
    """Whether a customer's institution takes no orders, and offers services of plain steps."""
    body = user.institution
    rules = StartRule.objects.filter(entry__institution=body, by=StartRule.By.CUSTOMER, active=True)
    ordered = ProcedureVersion.objects.filter(in_force(timezone.now()), institution=body, slug=order_procedure(body))
    return rules.exists() and not ordered.exists()


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
