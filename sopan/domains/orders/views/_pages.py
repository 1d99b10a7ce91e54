"""What the pages of customers share."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import access
from ..models import Order

View = Callable[..., HttpResponse]
GONE = ("done-already", "overtaken", "not-open", "sent")  # somebody else was faster


def form_key(request: HttpRequest) -> str:
    """The one-time key that the form carried; kept when the form is shown again."""
    key = request.POST.get("form_key", "")
    return key if re.fullmatch(r"[A-Za-z0-9_-]{8,64}", key) else ""


def own(view: View) -> View:
    """A page of one order, for the people of its company; for everybody else it does not exist."""

    @login_required
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def seen(request: HttpRequest, case_id: int, **kwargs: Any) -> HttpResponse:
        order = access.own_order(request.user, case_id, now=timezone.now())
        if order is None:
            raise Http404
        return view(request, order, **kwargs)

    return seen


def typed_values(request: HttpRequest, form: forms.Form) -> dict[str, str]:
    """What was typed into the fields of a form, as typed."""
    return {name: request.POST.get(name, "") for name in form.fields}


def kept(order: Order, page: str) -> dict[str, str]:
    """What was kept of a page that is not finished."""
    held = order.draft.get(page)
    return held if isinstance(held, dict) else {}
