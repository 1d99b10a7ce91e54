"""Screens of the regional levy (retribusi daerah): the lines of the tariff with their legal basis, and what was assessed."""

from __future__ import annotations

from datetime import date, datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.catalogue.models import ProcedureVersion
from sopan.catalogue.queries import version_in_force
from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.people.models import User
from sopan.ui.fields import refuse

from .. import queries, rules
from ..models import Levy, Revenue, TariffLine
from ..service import access, events
from . import tariffs
from .forms import LevyEndForm, LevyLineForm
from .tariff_views import added, state_of

SHOWN = 100  # assessed levies, the newest first


def keeper_of(user: User | AnonymousUser, *, now: datetime) -> Acting | None:
    """Who keeps the levies: who keeps prices where the body has the order procedure, else who keeps its settings."""
    if not user.is_authenticated or user.is_customer:
        return None
    try:
        version_in_force(queries.order_procedure(user.institution), institution=user.institution, now=now)
    except ProcedureVersion.DoesNotExist:
        return access.managing(user, now=now)
    return access.working(user, access.PRICES, now=now)


def _keeper(request: HttpRequest) -> tuple[Acting, datetime]:
    now = timezone.now()
    acting = keeper_of(request.user, now=now)
    if acting is None:
        raise Http404
    return acting, now


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The lines with basis and validity, and the newest assessments."""
    now = timezone.now()
    if access.staff_of(request.user, now=now) is None:
        raise Http404
    body = request.user.institution
    on = body.date_at(now)
    state = request.GET.get("keadaan", "")[:10]
    wanted = state if state in ("coming", "ended", "all") else "now"
    lines = TariffLine.objects.filter(institution=body, revenue=Revenue.REGION)
    rows = [
        {"line": line, "range": rules.range_words(line), "state": state_of(line, on)}
        for line in lines.order_by("group", "description", "-valid_from")
    ]
    levies = Levy.objects.filter(institution=body).order_by("-assessed_at", "-pk")
    context = {
        "rows": [row for row in rows if wanted in ("all", row["state"])],
        "any": bool(rows),
        "wanted": wanted,
        "levies": levies[:SHOWN],
        "may_change": keeper_of(request.user, now=now) is not None,
    }
    return render(request, "orders/money/levies.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a line."""
    acting, now = _keeper(request)
    form = LevyLineForm(request.POST or None)
    return added(request, form, "levy", acting=acting, now=now, told=_("Baris retribusi ditambahkan."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line with its versions: a new version from a day on, or its last day."""
    acting, now = _keeper(request)
    body = request.user.institution
    found = get_object_or_404(TariffLine, pk=pk, institution=body, revenue=Revenue.REGION)
    posted = request.POST if request.method == "POST" else None
    ends = posted is not None and "end" in posted
    form = LevyLineForm(None if ends else posted, initial={name: getattr(found, name) for name in tariffs.FIELDS})
    ending = LevyEndForm(posted if ends else None, initial={"last_day": body.date_at(now)}, prefix="akhir")
    del form.fields["code"]  # the same in all versions
    done = _done(found, form, ending, acting=acting, now=now)
    if isinstance(done, TariffLine):
        messages.success(request, _("Baris retribusi disimpan."))
        return redirect("orders:levy", done.pk)
    context = {
        "form": form,
        "ending": ending,
        "line": found,
        "versions": TariffLine.objects.filter(institution=body, code=found.code).order_by("-valid_from"),
        "state": state_of(found, body.date_at(now)),
        "told": events.told(body, f"tariff:{found.code}"[:60]),
    }
    return render(request, "orders/money/levy.html", context, status=422 if form.errors or ending.errors else 200)


def _done(
    found: TariffLine, form: LevyLineForm, ending: LevyEndForm, *, acting: Acting, now: datetime
) -> TariffLine | None:
    """The line that was saved; None where nothing was posted, or it was refused and told at its form."""
    if ending.is_bound and ending.is_valid():
        values = {name: getattr(found, name) for name in tariffs.FIELDS} | {"valid_to": _last(ending)}
        done = tariffs.save(found.institution, values, line=found, acting=acting, now=now)
        if isinstance(done, Refusal):
            ending.add_error("last_day", done.message)
            return None
        return done
    if form.is_bound and form.is_valid():
        kept = {name: getattr(found, name) for name in tariffs.FIELDS}
        done = tariffs.replace(found, {**kept, **form.cleaned_data}, acting=acting, now=now)
        if isinstance(done, Refusal):
            refuse(form, done)
            return None
        return done
    return None


def _last(ending: LevyEndForm) -> date:
    found: date = ending.cleaned_data["last_day"]
    return found
