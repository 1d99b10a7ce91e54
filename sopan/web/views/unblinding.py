"""Being told whose case it is while working blind, and who was told: for whoever looks after the management system."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.engine import access, blind
from sopan.engine import operations as engine
from sopan.engine.models import Unblinding
from sopan.web.access import oversees, staff_only

PAGE = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def unblind(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask for a reason, then show whose case it is."""
    now = timezone.now()
    case = access.case_for(request.user, case_id, now=now)
    if case is None or not blind.may_open(request.user, case, now=now):
        raise Http404
    reason, wrong = request.POST.get("reason", "").replace("\x00", ""), ""
    if request.method == "POST":
        done = engine.unblind(case.pk, actor=request.user, reason=reason, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Identitas pelanggan dibuka. Pembukaan ini tercatat."))
            return redirect("case", case.pk)
        wrong = done.message
    context = {"case": blind.masked(case), "reason": reason, "wrong": wrong}
    return render(request, "web/case_unblind.html", context, status=422 if wrong else 200)


@never_cache
@require_safe
@staff_only
def unblindings(request: HttpRequest) -> HttpResponse:
    """Who was told whose case it is, when and why; the newest first."""
    if not oversees(request):
        raise Http404
    rows = Unblinding.objects.filter(case__institution=request.user.institution_id).select_related("case")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "web/unblindings.html", {"rows": page, "page_obj": page})
