"""Pages of complaints: for customers, for everybody, for who handles them."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.people import limits
from sopan.ui.fields import refuse

from ..models import Complaint, Order
from ..service.public import the_body
from . import access, involvement, operations
from .forms import ActForm, AppealForm, OwnForm, StaffForm, VisitorForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """Customers: their complaints and a form for a new one. Everybody else who is not staff: the form."""
    user, now = request.user, timezone.now()
    if user.is_authenticated and not user.is_customer:
        raise Http404
    known = user.is_authenticated
    form: Any = (
        OwnForm(request.POST or None, company_id=user.company_id) if known else VisitorForm(request.POST or None)
    )
    if request.method == "POST":
        if limits.limited(request, "complaint"):
            return limits.too_many(request)
        if form.is_valid():
            done = _received(request, form, now=now)
            if not isinstance(done, Refusal):
                return (
                    redirect("orders:complaint", done.pk) if known else redirect("orders:complaint_track", done.token)
                )
            refuse(form, done)
    rows = list(access.seen_by(user, now=now)[:100]) if known else []
    return render(
        request, "orders/complaints/mine.html", {"form": form, "rows": rows}, status=422 if form.errors else 200
    )


def _received(request: HttpRequest, form: Any, *, now: Any) -> Complaint | Refusal:
    user, given = request.user, form.cleaned_data
    if user.is_authenticated:
        return operations.receive(
            user.institution,
            text=given["text"],
            name=user.full_name,
            email=user.email,
            phone=user.phone,
            order=given["order"],
            person=user,
            now=now,
        )
    return operations.receive(the_body(request), **given, now=now)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint of a customer, with the way to appeal."""
    if not request.user.is_customer:
        raise Http404
    found = get_object_or_404(access.seen_by(request.user, now=timezone.now()), pk=pk)
    return _shown(request, found, person=request.user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest, token: str) -> HttpResponse:
    """One complaint, for whoever holds its link."""
    if limits.limited(request, "tracking"):
        return limits.too_many(request)
    if not re.fullmatch(r"[A-Za-z0-9_-]{20,32}", token):
        raise Http404
    found = get_object_or_404(Complaint.objects.select_related("institution", "order"), token=token)
    return _shown(request, found, person=None)


def _shown(request: HttpRequest, found: Complaint, *, person: Any) -> HttpResponse:
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = operations.appeal(found, text=form.cleaned_data["text"], person=person, now=timezone.now())
        if not isinstance(done, Refusal):
            messages.success(request, _("Banding Anda kami terima."))
            if person is not None:
                return redirect("orders:complaint", done.pk)
            return redirect("orders:complaint_track", done.token)
        refuse(form, done)
    may_appeal = found.status == Complaint.Status.ANSWERED and not Complaint.objects.filter(appeal_of=found).exists()
    context = {"complaint": found, "form": form, "may_appeal": may_appeal, "known": person is not None}
    return render(request, "orders/complaints/one.html", context, status=422 if form.errors else 200)


# Who handles them -----------------------------------------------------------------------------------------------------


def _handler(request: HttpRequest) -> Any:
    acting = access.handling(request.user, now=timezone.now())
    if acting is None:
        raise Http404
    return acting


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """What waits, the nearest deadline first; and the form to record what somebody said or wrote."""
    acting, now = _handler(request), timezone.now()
    body = request.user.institution
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        number = given.pop("number").strip()
        order = Order.objects.filter(institution=body, number=number).first() if number else None
        if number and order is None:
            form.add_error("number", _("Pesanan dengan nomor ini tidak ada."))
        else:
            done = operations.receive(body, **given, order=order, acting=acting, now=now)
            if not isinstance(done, Refusal):
                return redirect("orders:complaint_handle", done.pk)
            refuse(form, done)
    rows = list(access.seen_by(request.user, now=now).order_by("answer_by")[:300])
    waiting = [row for row in rows if row.status != Complaint.Status.ANSWERED]
    context = {
        "form": form,
        "waiting": waiting,
        "answered": [row for row in rows if row.status == Complaint.Status.ANSWERED][::-1],
        "now": now,
        "on_time": operations.share_on_time(rows),
    }
    return render(request, "orders/complaints/listing.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_safe
def handle(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint with its next act."""
    _handler(request)
    found = get_object_or_404(access.seen_by(request.user, now=timezone.now()), pk=pk)
    return _handled(request, found, form=None, refusal=None, status=200)


@login_required
@never_cache
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do the next act on a complaint."""
    acting, now = _handler(request), timezone.now()
    found = get_object_or_404(access.seen_by(request.user, now=now), pk=pk)
    to = request.POST.get("to", "")
    form = ActForm(request.POST, to=to)
    if not form.is_valid():
        return _handled(request, found, form=form, refusal=None, status=422)
    given = form.cleaned_data
    done = operations.move_on(
        found,
        to=to,
        text=given.get("text", ""),
        outcome=given.get("outcome", ""),
        actor=request.user,
        acting=acting,
        now=now,
    )
    if not isinstance(done, Refusal):
        messages.success(request, _("Tersimpan."))
        return redirect("orders:complaint_handle", pk)
    refuse(form, done)
    return _handled(request, found, form=form, refusal=done, status=409)


def _handled(
    request: HttpRequest, found: Complaint, *, form: ActForm | None, refusal: Refusal | None, status: int
) -> HttpResponse:
    to, now = operations.NEXT.get(Complaint.Status(found.status)), timezone.now()
    undecided = to is not None and to != Complaint.Status.ANSWERED
    context = {
        "complaint": found,
        "acts": list(found.acts.all()),
        "to": to.value if to else "",
        "form": form if form is not None else ActForm(to=to or "") if to else None,
        "refusal": refusal,
        "involved": involvement.refusal(request.user, found) if to == Complaint.Status.DECIDED else None,
        "undecided": undecided,
        "deciders": involvement.deciders(found, now=now) if undecided else [],
        "positions": list(access.positions(found.institution).order_by("name")) if undecided else [],
        "now": now,
    }
    return render(request, "orders/complaints/handle.html", context, status=status)
