"""Printing of reports: asked for here, done by the worker, watched here."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.ui.found import there

from .. import access, queries
from ..models import Report
from ..operations import reports as operations
from .found import to_task


@login_required
@require_POST
def print_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reports of a case to be printed."""
    now = timezone.now()
    case = there(access.staff_case(request.user, pk, now=now))
    there(access.doing(request.user, case, operations.RENDER, now=now))
    done = operations.plan_printing(there(queries.find_order(case.pk)), actor=request.user, now=now)
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("E-LHU sedang dicetak. Halaman ini memperbarui diri."))
    return to_task(case, operations.RENDER)


@never_cache
@login_required
@require_safe
def printing(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the printing is; a page of its own, and the fragment that the task's page asks for again."""
    now = timezone.now()
    case = there(access.staff_case(request.user, pk, now=now))
    there(access.doing(request.user, case, operations.RENDER, now=now))
    found = list(queries.reports(there(queries.find_order(case.pk))))
    context = {"case": case, "reports": found, "printing": any(r.state == Report.State.RENDERING for r in found)}
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "laboratory/_reports.html" if fragment else "laboratory/printing.html", context)
