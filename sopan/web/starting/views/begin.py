"""The procedures that a person may start, and starting one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sopan.catalogue.access import rights
from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal
from sopan.engine import starts
from sopan.engine.models import Case
from sopan.engine.starts import Offer
from sopan.ui.fields import refuse
from sopan.web.starting.forms import StartForm
from sopan.web.viewing import LONGEST


@login_required
@never_cache
@require_safe
def start_list(request: HttpRequest) -> HttpResponse:
    """What the person may start now, by unit; ``cari`` narrows it to names and numbers that have all its words."""
    now = timezone.now()
    text = request.GET.get("cari", "").replace("\x00", "").strip()[:LONGEST]
    every = _one_a_procedure(starts.offers(request.user, now=now))
    words = text.casefold().split()
    groups: dict[str, list[Offer]] = {}
    for one in every:
        if _has(one, words):
            groups.setdefault(one.entry.unit.name if one.entry.unit else "", []).append(one)
    context = {
        "groups": list(groups.items()),
        "text": text,
        "count": sum(map(len, groups.values())),
        "all_count": len(every),
        "may_bind": rights(request.user, now=now).drafter is not None,
    }
    return render(request, _template(request, "list"), context)


def _one_a_procedure(found: list[Offer]) -> list[Offer]:
    return list({one.entry.pk: one for one in reversed(found)}.values())[::-1]


def _has(offer: Offer, words: list[str]) -> bool:
    told = f"{offer.entry.number} {offer.entry.name} {offer.version.number} {offer.version.name}".casefold()
    return all(word in told for word in words)


def _template(request: HttpRequest, name: str) -> str:
    return f"starting/{name}_{'customer' if request.user.is_customer else 'staff'}.html"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """A small form, then the page of the case. The second press shows the first case."""
    now = timezone.now()
    offers = starts.offers(request.user, slug=slug, now=now)
    if not offers:
        raise Http404
    posted = request.method == "POST"
    form = StartForm(
        request.POST if posted else None,
        initial={} if request.user.is_customer else {"title": _plain(offers[0].version.name)},
        offers=offers,
        companies=offers[0].has_customer and not request.user.is_customer,
    )
    refusal = None
    if posted and form.is_valid():
        done = _begin(request, slug, form, offers, now)
        if isinstance(done, Case):
            return _to(request, done)
        if done.field in form.fields:
            refuse(form, done)
        else:
            refusal = done
    chosen = offers[0]
    context = {
        "offers": offers,
        "offer": chosen,
        "procedure": procedure(chosen.version.pk),
        "form": form,
        "refusal": refusal if refusal is not None else chosen.blocked,
        "form_key": request.POST.get("form_key", "")[:40],
        "may_bind": rights(request.user, now=now).of(slug).drafter is not None,
    }
    status = 422 if posted else 200
    return render(request, _template(request, "start"), context, status=status)


def _plain(name: str) -> str:
    """A name that is printed in capitals, as one would type it."""
    return name.capitalize() if name.isupper() else name


def _begin(request: HttpRequest, slug: str, form: StartForm, offers: list[Offer], now: object) -> Case | Refusal:
    given = form.cleaned_data
    return starts.begin(
        request.user,
        slug,
        at=given.get("at", offers[0].rule.at),
        title=given["title"],
        company=given.get("company"),
        form_key=request.POST.get("form_key", "")[:40],
        now=now,
    )


def _to(request: HttpRequest, case: Case) -> HttpResponse:
    messages.success(request, _("%(case)s dimulai.") % {"case": case})
    return redirect("application" if request.user.is_customer else "case", case_id=case.pk)
