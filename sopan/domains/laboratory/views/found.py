"""Who comes to a page of the laboratory, and the ways back."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from sopan.domains.orders.queries import open_task
from sopan.engine.models import Case

from .. import register_access


def in_laboratory(request: HttpRequest) -> datetime:
    """Now, for whoever works in a laboratory; else 404."""
    now = timezone.now()
    if not register_access.works_in_one(request.user, now=now):
        raise Http404
    return now


def to_case(case_id: int) -> HttpResponse:
    return redirect("case", case_id)


def to_task(case: Case, work: str) -> HttpResponse:
    """To the open task of the step with this work, else to the case."""
    task = open_task(case, work)
    return redirect("task", task.pk) if task else to_case(case.pk)
