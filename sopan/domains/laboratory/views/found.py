"""Objects of a request, or "not found", and the ways back."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from sopan.domains.orders.queries import open_task
from sopan.engine.models import Case

T = TypeVar("T")


def there(thing: T | None) -> T:
    """The thing, or 404: what somebody may not see does not exist for him."""
    if thing is None:
        raise Http404
    return thing


def to_case(case_id: int) -> HttpResponse:
    return redirect("case", case_id)


def to_task(case: Case, work: str) -> HttpResponse:
    """To the open task of the step with this work, else to the case."""
    task = open_task(case, work)
    return redirect("task", task.pk) if task else to_case(case.pk)
