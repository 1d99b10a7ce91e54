"""The work behind the pages: what failed and may be tried again, what waits, and the last seal of the journal."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sopan.engine import effects as engine
from sopan.engine.models import Effect, Seal
from sopan.web.access import managers_only

SHOWN = 100


@require_safe
@managers_only
def effects(request: HttpRequest) -> HttpResponse:
    mine = Effect.objects.filter(institution_id=request.user.institution_id)
    failed = mine.filter(status=Effect.Status.FAILED).select_related("case").order_by("-created_at")
    waiting = mine.filter(status=Effect.Status.WAITING).values("key")
    seals = Seal.objects.filter(institution_id=request.user.institution_id)
    context = {
        "failed": failed[:SHOWN],
        "waiting": waiting.annotate(count=Count("pk"), since=Min("created_at")).order_by("-count"),
        "retrying": mine.filter(status=Effect.Status.WAITING, attempts__gt=0)
        .select_related("case")
        .order_by("run_after")[:SHOWN],
        "seal": seals.order_by("-at", "-pk").first(),
        "seal_count": seals.count(),
    }
    return render(request, "web/effects.html", context)


@require_POST
@managers_only
def try_again(request: HttpRequest, effect_id: int) -> HttpResponse:
    """Put a failed effect back into the queue."""
    mine = Effect.objects.filter(institution_id=request.user.institution_id, pk=effect_id)
    if effect_id >= 2**63 or not mine.exists():
        raise Http404
    if engine.try_again(effect_id, now=timezone.now()):
        messages.success(request, _("Pekerjaan dimasukkan lagi ke antrean."))
    else:
        messages.info(request, _("Pekerjaan ini sudah berjalan lagi atau sudah selesai."))
    return redirect("effects")
