"""How cases of a procedure begin: its rules, when the calendar begins the next one, what was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sopan.catalogue.access import rights
from sopan.catalogue.models import CatalogueEntry, StartRule
from sopan.core.flow import Refusal
from sopan.core.recurrence import Occurrence
from sopan.engine import access as engine_access
from sopan.engine import starts
from sopan.engine.models import CalendarMark
from sopan.engine.periods import period_name
from sopan.people.events import worded
from sopan.ui.fields import refuse
from sopan.web.access import staff_only
from sopan.web.starting import operations
from sopan.web.starting.access import entry_of
from sopan.web.starting.forms import DayForm, RuleForm
from sopan.web.starting.wording import rule_words

CODES = ("rule_added", "rule_on", "rule_off", "rule_changed")
EVENTS = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A rule as the page shows it. ``next`` is None where no date can be told."""

    rule: StartRule
    words: str
    next: Occurrence | None
    mark: CalendarMark | None
    may_open: bool  # the case that it began last
    missed: tuple[str, ...]
    form: DayForm | None


def _entry(request: HttpRequest, slug: str) -> CatalogueEntry:
    entry = entry_of(request.user, slug)
    if entry is None:
        raise Http404
    return entry


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules; a drafter adds one."""
    now, entry = timezone.now(), _entry(request, slug)
    may_change = rights(request.user, now=now).of(slug).drafter is not None
    form = RuleForm(request.POST if request.method == "POST" else None, entry=entry, now=now)
    if request.method == "POST":
        if not may_change:
            raise Http404
        if form.is_valid():
            done = operations.add_rule(entry, fields=form.kept, by=request.user, now=now)
            if not isinstance(done, Refusal):
                messages.success(request, _("Cara mulai ditambahkan."))
                return redirect("sop_starts", slug)
            refuse(form, done)
    return _page(request, entry, form, may_change=may_change, now=now)


def _page(
    request: HttpRequest,
    entry: CatalogueEntry,
    form: RuleForm,
    *,
    may_change: bool,
    now: datetime,
    day: DayForm | None = None,
    of: int = 0,
) -> HttpResponse:
    shown = [_shown(request, rule, entry, now, day if rule.pk == of else None) for rule in entry.starts.order_by("pk")]
    told = entry.institution.people_events.filter(code__in=CODES, data__slug=entry.slug).order_by("-at", "-pk")
    bad = form.is_bound or day is not None
    context = {
        "entry": entry,
        "shown": shown,
        "form": form,
        "day_form": day,
        "may_change": may_change,
        "now": now,
        "events": [(event, worded(event)) for event in told[:EVENTS]],
    }
    return render(request, "starting/rules.html", context, status=422 if bad else 200)


def _shown(request: HttpRequest, rule: StartRule, entry: CatalogueEntry, now: datetime, day: DayForm | None) -> Shown:
    rule.entry = entry
    calendar = rule.by == StartRule.By.CALENDAR
    mark = CalendarMark.objects.select_related("case").filter(rule=rule).first() if calendar else None
    may_open = bool(mark and mark.case_id and engine_access.case_for(request.user, mark.case_id, now=now) is not None)
    form = None
    if calendar and rule.every != StartRule.Every.WORKING_DAY:
        form = day or DayForm(initial={"day": rule.day, "month": rule.month}, rule=rule, prefix=f"r{rule.pk}")
    missed = tuple(period_name(key) for key in mark.missed) if mark else ()
    return Shown(rule, rule_words(rule), starts.next_of(rule, entry.institution, now=now), mark, may_open, missed, form)


@require_POST
@staff_only
def rule(request: HttpRequest, slug: str, rule_id: int) -> HttpResponse:
    """Switch a rule on or off (``act``), or give it another day."""
    now, entry = timezone.now(), _entry(request, slug)
    found = entry.starts.filter(pk=rule_id).first() if rule_id < 2**63 else None
    if found is None or rights(request.user, now=now).of(slug).drafter is None:
        raise Http404
    found.entry = entry
    act = request.POST.get("act", "")
    if act in ("on", "off"):
        done = operations.switch_rule(found, on=act == "on", by=request.user, now=now)
    else:
        day = DayForm(request.POST, rule=found, prefix=f"r{found.pk}")
        if found.by != StartRule.By.CALENDAR:
            raise Http404
        if not day.is_valid():
            form = RuleForm(None, entry=entry, now=now)
            return _page(request, entry, form, may_change=True, now=now, day=day, of=found.pk)
        given = day.cleaned_data
        done = operations.change_day(
            found, day=given["day"], month=given.get("month", found.month), by=request.user, now=now
        )
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("Cara mulai diubah."))
    return redirect("sop_starts", slug)
