"""Pages for everybody: the services with their tariff, registration, tracking."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import procedure, version_in_force
from sopan.core.flow import Refusal
from sopan.core.model import ActorKind, Unit
from sopan.people import limits, mails
from sopan.people.models import Institution, User
from sopan.ui import formats
from sopan.ui.fields import refuse

from .. import access, operations, queries
from ..forms import RegisterForm, TrackForm
from ._pages import form_key


def _body(user: User | AnonymousUser) -> Institution:
    """The body whose services are shown: the person's own, else the first one."""
    found = user.institution if user.is_authenticated else Institution.objects.order_by("pk").first()
    if found is None:
        raise Http404
    return found


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """What the body offers, what it needs, how long it takes and what it costs, without a log-in."""
    body = _body(request.user)
    now = timezone.now()
    lines = queries.lines_in_force(body, body.date_at(now))
    try:
        version = version_in_force(queries.order_procedure(body), institution=body, now=now)
    except ProcedureVersion.DoesNotExist:
        steps = []
    else:
        steps = _public_steps(version.pk)
    groups = [(name, list(rows)) for name, rows in groupby(lines, key=lambda line: line.group)]
    context = {"body": body, "steps": steps, "groups": groups, "gate": queries.survey_gate(body)}
    return render(request, "orders/services.html", context)


def _public_steps(version_id: int) -> list[dict[str, str]]:
    """The phases of the procedure with the time that its standard gives the staff in each; steps stay inside."""
    proc = procedure(version_id)
    phases: dict[str, dict[Unit, Decimal]] = {}
    for step in proc.steps:
        times = phases.setdefault(step.phase, {})
        if proc.actor_by_id[step.actors[0]].kind is ActorKind.STAFF and step.time.bounded:
            unit, amount = step.time.unit, step.time.amount
            if unit is not None and amount is not None:
                times[unit] = times.get(unit, Decimal(0)) + amount
    return [{"name": name, "time": _time_words(times)} for name, times in phases.items() if name]


def _time_words(times: dict[Unit, Decimal]) -> str:
    """The sum of times, the longest unit first: "14 hari kerja dan 40 menit"."""
    count = {unit: 1 if amount == 1 else 2 for unit, amount in times.items()}  # one, or more than one
    words = {
        Unit.YEAR: ngettext("tahun", "tahun", count.get(Unit.YEAR, 2)),
        Unit.MONTH: ngettext("bulan", "bulan", count.get(Unit.MONTH, 2)),
        Unit.WEEK: ngettext("minggu", "minggu", count.get(Unit.WEEK, 2)),
        Unit.WORKING_DAY: ngettext("hari kerja", "hari kerja", count.get(Unit.WORKING_DAY, 2)),
        Unit.DAY: ngettext("hari", "hari", count.get(Unit.DAY, 2)),
        Unit.HOUR: ngettext("jam", "jam", count.get(Unit.HOUR, 2)),
        Unit.MINUTE: ngettext("menit", "menit", count.get(Unit.MINUTE, 2)),
    }
    parts = [f"{formats.number(times[unit])} {word}" for unit, word in words.items() if unit in times]
    return _(" dan ").join(parts)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The registration of a company and its first person. The answer does not tell whether an address is known."""
    if request.user.is_authenticated:
        return redirect("home")
    form = RegisterForm(request.POST or None)
    if request.method == "POST":
        if limits.limited(request, "register"):
            return limits.too_many(request)
        if form.is_valid() and _registered(form, _body(request.user), key=form_key(request)):
            return redirect("orders:registered")
    return render(request, "orders/register.html", {"form": form, "form_key": form_key(request)})


def _registered(form: RegisterForm, body: Institution, *, key: str) -> bool:
    done = operations.register(
        institution=body,
        company=form.company,
        person={**form.person, "language": get_language()},
        password=form.cleaned_data["password"],
        start_key=key or None,
        now=timezone.now(),
    )
    if not isinstance(done, Refusal):
        return True
    if done.code == "registered-already":
        mails.tell_registered(form.cleaned_data["email"])
        return True
    refuse(form, done)
    return False


@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/registered.html", {"body": _body(request.user)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track_form(request: HttpRequest) -> HttpResponse:
    """Find the tracking page by number and short secret; both wrong or one wrong is the same answer."""
    form = TrackForm(request.POST or None)
    if request.method == "POST":
        if limits.limited(request, "tracking"):
            return limits.too_many(request)
        if form.is_valid():
            case = queries.case_by_number(form.cleaned_data["number"], form.cleaned_data["code"])
            if case is not None:
                return redirect("orders:track", case.tracking)
            refuse(form, queries.NOT_FOUND)
    return render(request, "orders/track_form.html", {"form": form})


@never_cache
@require_safe
def track(request: HttpRequest, token: str) -> HttpResponse:
    """The plain status of an order for whoever holds the link. Nothing personal, nothing internal."""
    if limits.limited(request, "tracking"):
        return limits.too_many(request)
    case = access.case_by_token(token)
    if case is None:
        raise Http404
    context = {
        "case": case,
        "number": case.number or f"P-{case.pk:06d}",
        "status": queries.status_text(case),
        "milestones": queries.journey(case),
        "now": timezone.now(),
    }
    return render(request, "orders/track.html", context)
