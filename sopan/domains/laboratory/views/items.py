"""Instruments beside their step: labels, late arrivals, return to the customer."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.documents import qr
from sopan.ui.fields import refuse
from sopan.ui.found import there

from .. import access, queries
from ..forms import LateForm, ReturnForm
from ..models import Item
from ..operations import items as operations
from ..photos import keep_photo
from ..steps.receiving import ReceiveItems, arrival
from .found import to_case


@login_required
@require_safe
def item(request: HttpRequest, pk: int) -> HttpResponse:
    """What the label of a sample leads to: its case."""
    found = there(access.item_for(request.user, pk, now=timezone.now()))
    return to_case(found.order.case_id)


@login_required
@require_safe
def labels(request: HttpRequest, pk: int) -> HttpResponse:
    """Labels with QR for the instruments that came. They carry no name of the customer."""
    case = there(access.staff_case(request.user, pk, now=timezone.now()))
    order = there(queries.find_order(case.pk))
    come = [found for found in queries.items(order) if found.has_come]
    sheets = [(found, mark_safe(_qr(found))) for found in come]  # noqa: S308  made by segno from our own address
    return render(request, "laboratory/labels.html", {"order": order, "labels": sheets, "case": case})


def _qr(found: Item) -> str:
    return qr.svg(settings.SITE_URL + reverse("laboratory:item", args=[found.pk])).decode()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def receive_late(request: HttpRequest, pk: int) -> HttpResponse:
    """CS takes in an instrument that comes after the others."""
    now = timezone.now()
    found = there(access.item_for(request.user, pk, now=now))
    acting = there(access.doing(request.user, found.order.case, ReceiveItems.key, now=now))
    choices = queries.supervisors(found.order.institution_id, now=now)
    refusal = operations.may_come_late(found)
    typed = (request.POST, request.FILES) if request.method == "POST" and refusal is None else (None, None)
    form = LateForm(*typed, items=[found], choices=choices)
    if request.method == "POST" and refusal is None and form.is_valid():
        data = form.cleaned_data
        upload = data.get(f"photo_{found.pk}")
        photo = keep_photo(found, upload, actor=request.user, task_id=None, now=now) if upload else None
        if isinstance(photo, Refusal):
            refuse(form, photo)
        else:
            choice = next(choice for choice in choices if choice.key == data[f"choice_{found.pk}"])
            done = operations.receive_late(arrival(found, choice, data, photo=photo), acting=acting, now=now)
            if not isinstance(done, Refusal):
                messages.success(
                    request, _("%(item)s diterima dengan nomor %(number)s.") % {"item": done.order_item, "number": done}
                )
                return to_case(found.order.case_id)
            refusal = done
    told = refusal.message if refusal is not None else ""
    status = 409 if told and request.method == "POST" else 422 if form.errors else 200
    return render(request, "laboratory/late.html", {"item": found, "form": form, "refusal": told}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_back(request: HttpRequest, pk: int) -> HttpResponse:
    """CS gives an instrument back to the customer."""
    now = timezone.now()
    found = there(access.item_for(request.user, pk, now=now))
    acting = there(access.doing(request.user, found.order.case, ReceiveItems.key, now=now))
    form = ReturnForm(request.POST if request.method == "POST" else None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        done = operations.hand_back(found, acting=acting, receiver=form.cleaned_data["receiver"], now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("%(number)s sudah diserahkan.") % {"number": found})
            return to_case(found.order.case_id)
        refusal = done.message
    status = 422 if form.errors else 409 if refusal else 200
    return render(
        request, "laboratory/hand_back.html", {"item": found, "form": form, "refusal": refusal}, status=status
    )
