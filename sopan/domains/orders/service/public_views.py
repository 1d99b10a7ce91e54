"""Pages for everybody: the service standard, and how long the queue is now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..models import CompensationRule
from ..performance import queue
from . import standard
from .public import cached, the_body


@require_safe
@cached(seconds=300)
def service_standard(request: HttpRequest) -> HttpResponse:
    """The six components of the delivery of the service, and what is promised when it is late."""
    body = the_body(request)
    context = {
        "body": body,
        "components": standard.published(body),
        "rules": CompensationRule.objects.filter(institution=body, active=True),
    }
    return render(request, "orders/service/standard.html", context)


@require_safe
@cached(seconds=60)
def live_queue(request: HttpRequest) -> HttpResponse:
    """How many orders are in front and how long they take, from the real times."""
    body, now = the_body(request), timezone.now()
    minute = now.replace(second=0, microsecond=0)
    context = {"body": body, "queue": queue.now_waiting(body, now=now), "at": minute}
    return render(request, "orders/service/queue.html", context)
