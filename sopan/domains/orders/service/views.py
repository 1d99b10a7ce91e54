"""Screens of the texts that a body may change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.ui.fields import refuse

from ..models import ServiceText
from . import access, events, texts
from .forms import TextForm


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All texts by kind, with their source and whether they were confirmed."""
    if access.managing(request.user, now=timezone.now()) is None:
        raise Http404
    groups = [(ServiceText.Kind(kind), texts.all_of(request.user.institution, kind)) for kind in texts.collections]
    return render(request, "orders/service/texts.html", {"groups": groups})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Change one text; what it said before stays in its record."""
    now = timezone.now()
    acting = access.managing(request.user, now=now)
    held = texts.one_of(request.user.institution, kind, key) if acting is not None else None
    if acting is None or held is None:
        raise Http404
    fields = ("title", "text", "place", "source", "verified")
    form = TextForm(request.POST or None, initial={name: getattr(held, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        done = texts.change(request.user.institution, kind, key, **given, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Teks disimpan."))
            return redirect("orders:texts")
        refuse(form, done)
    context = {
        "form": form,
        "held": held,
        "kind": ServiceText.Kind(kind),
        "told": events.told(request.user.institution, f"text:{kind}:{key}"[:60]),
    }
    return render(request, "orders/service/text.html", context, status=422 if form.errors else 200)
