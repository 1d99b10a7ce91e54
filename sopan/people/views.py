"""Screens for those who manage accounts: accounts, appointments, and what happened to them. Strangers get a 404."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.people import access, events, mails, operations, queries
from sopan.people.forms import AppointmentForm, FilterForm, ReasonForm, StaffForm
from sopan.people.models import Appointment, User
from sopan.people.second_factor import has_second_factor

PAGE = 50


def managing(request: HttpRequest) -> datetime:
    """Now, for somebody who manages accounts; ``Http404`` for everybody else."""
    now = timezone.now()
    if access.may_manage(request.user, request.user.institution_id, now=now) is not None:
        raise Http404
    return now


def refused(form: Form, result: object) -> bool:
    """Whether an operation refused; its reason is put at the field of the form that it is about."""
    if not isinstance(result, Refusal):
        return False
    form.add_error(result.field if result.field in form.fields else None, result.message)
    return True


def tell(request: HttpRequest, result: object, done: str) -> None:
    """A message: what was done, or why it was refused."""
    if isinstance(result, Refusal):
        messages.error(request, result.message)
    else:
        messages.success(request, done)


def answer(request: HttpRequest, template: str, context: dict[str, Any], *forms: Form) -> HttpResponse:
    """The page; 422 where a form has errors."""
    wrong = any(form.is_bound and form.errors for form in forms)
    return render(request, template, context, status=422 if wrong else 200)


@login_required
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Accounts of the institution, filtered by what the address says."""
    managing(request)
    form = FilterForm(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = queries.people_of(
        request.user.institution,
        text=wanted.get("q", ""),
        kind=wanted.get("kind", ""),
        state=wanted.get("state", ""),
    )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/accounts.html", {"form": form, "page_obj": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff_new(request: HttpRequest) -> HttpResponse:
    """Make an account for a colleague and mail the link to set a password."""
    now = managing(request)
    form = StaffForm(request.POST or None)
    if form.is_valid():
        made = operations.add_staff(request.user.institution, **form.cleaned_data, by=request.user, now=now)
        if not refused(form, made):
            _mail_invitation(request, made)
            return redirect("account", made.pk)
    return answer(request, "people/staff_new.html", {"form": form}, form)


def _mail_invitation(request: HttpRequest, user: User) -> None:
    if mails.invite(user, by=request.user):
        messages.success(request, _("Akun dibuat. Tautan untuk membuat kata sandi dikirim ke %s.") % user.email)
    else:
        messages.warning(
            request, _("Akun dibuat, tetapi surat tidak terkirim. Minta pemiliknya memakai Lupa kata sandi.")
        )


@login_required
@require_safe
def account(request: HttpRequest, account_id: int) -> HttpResponse:
    """One account with its appointments and its history."""
    person = _account(request, account_id)
    return _account_page(request, person, ReasonForm())


def _account(request: HttpRequest, account_id: int) -> User:
    person = access.account_for(request.user, account_id, now=timezone.now())
    if person is None:
        raise Http404
    return person


def _account_page(request: HttpRequest, person: User, form: ReasonForm) -> HttpResponse:
    history = queries.events_of(person.institution, about=person)[:PAGE]
    context = {
        "person": person,
        "form": form,
        "appointments": person.appointments.select_related("position").order_by("-valid_from"),
        "events": [(event, events.worded(event)) for event in history],
        "second_factor": has_second_factor(person),
        "now": timezone.now(),
    }
    return answer(request, "people/account.html", context, form)


@login_required
@require_POST
def account_deactivate(request: HttpRequest, account_id: int) -> HttpResponse:
    person = _account(request, account_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _account_page(request, person, form)
    done = operations.deactivate(person, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
    if refused(form, done):
        return _account_page(request, person, form)
    tell(request, done, _("Akun dinonaktifkan."))
    return redirect("account", person.pk)


@login_required
@require_POST
def account_reactivate(request: HttpRequest, account_id: int) -> HttpResponse:
    person = _account(request, account_id)
    done = operations.reactivate(person, by=request.user, now=timezone.now())
    tell(request, done, _("Akun diaktifkan kembali."))
    return redirect("account", person.pk)


@login_required
@require_POST
def account_reset_factor(request: HttpRequest, account_id: int) -> HttpResponse:
    person = _account(request, account_id)
    done = operations.reset_second_factor(person, by=request.user, now=timezone.now())
    tell(request, done, _("Verifikasi dua langkah dilepas."))
    return redirect("account", person.pk)


@login_required
@require_safe
def appointments(request: HttpRequest) -> HttpResponse:
    """Who holds which position, now and to come, or (``?berakhir=1``) what is over."""
    now = managing(request)
    ended = bool(request.GET.get("berakhir"))
    found = queries.appointments_of(request.user.institution, now=now, ended=ended)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/appointments.html", {"page_obj": page, "ended": ended, "now": now})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_new(request: HttpRequest) -> HttpResponse:
    """Appoint somebody: definitive, Plt. or Plh., from–to, by a letter."""
    now = managing(request)
    form = AppointmentForm(request.POST or None, institution=request.user.institution)
    if form.is_valid():
        given = form.cleaned_data
        first, last = form.span()
        made = operations.appoint(
            given["person"], given["position"], given["kind"], first, last, given["letter"], by=request.user, now=now
        )
        renamed = isinstance(made, Refusal) and made.field == "valid_to"
        if not refused(form, Refusal(made.code, made.message, "last") if renamed else made):
            tell(request, made, _("Penunjukan dicatat."))
            return redirect("appointments")
    return answer(request, "people/appointment_new.html", {"form": form}, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def appointment_end(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Ask, then end an appointment now."""
    now = timezone.now()
    held: Appointment | None = access.appointment_for(request.user, appointment_id, now=now)
    if held is None:
        raise Http404
    if request.method == "POST":
        tell(
            request,
            operations.end_appointment(held, at=now, by=request.user, now=now),
            _("Penunjukan diakhiri."),
        )
        return redirect("appointments")
    return render(request, "people/appointment_end.html", {"appointment": held, "now": now})


@login_required
@require_safe
def people_events(request: HttpRequest) -> HttpResponse:
    """What happened to accounts, appointments, the calendar and settings, the latest first."""
    managing(request)
    page = Paginator(queries.events_of(request.user.institution), PAGE).get_page(request.GET.get("page"))
    worded = [(event, events.worded(event)) for event in page]
    return render(request, "people/events.html", {"page_obj": page, "events": worded})
