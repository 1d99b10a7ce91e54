"""Moving running cases to the version in force: a preview of each, one act a case."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sopan.catalogue.access import rights
from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.models import Case
from sopan.ui.fields import row_id
from sopan.web.access import staff_only
from sopan.web.catalogue.views.sop import RUNNING, known

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def move(request: HttpRequest, slug: str) -> HttpResponse:
    """The running cases of other versions, with what becomes of each; a post moves one of them."""
    now = timezone.now()
    found = known(request, slug, now)
    target = found.in_force
    if rights(request.user, now=now).of(slug).keeper is None or target is None:
        raise Http404
    others = [one.version.pk for one in found.all if one.version.pk != target.pk]
    cases = Case.objects.filter(procedure__in=others, status__in=RUNNING).select_related("procedure")
    wrong, reason = None, request.POST.get("reason", "").replace("\x00", "")
    if request.method == "POST":
        case = cases.filter(pk=row_id(request.POST.get("case", "")) or 0).first()
        seen = row_id(request.POST.get("seen", ""))
        if case is None:
            messages.error(request, _("Kasus itu sudah tidak berjalan pada versi lain."))
            return redirect("sop_move", slug=slug)
        done = engine.move(case.pk, actor=request.user, reason=reason, seen=seen or 0, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("%(case)s dipindahkan ke versi %(n)s.") % {"case": case, "n": target.version})
            return redirect("sop_move", slug=slug)
        wrong = done
    without = engine.without_positions(target)
    page = Paginator(cases.order_by("opened_at", "pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "slug": slug,
        "target": target,
        "page_obj": page,
        "rows": [engine.preview(case, target, without=without) for case in page],
        "wrong": wrong,
        "reason": reason,
        "chosen": row_id(request.POST.get("case", "")),
    }
    return render(request, "catalogue/move.html", context, status=422 if wrong is not None else 200)
