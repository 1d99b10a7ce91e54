"""The dashboard of the service, its spreadsheet, and compensation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.people.models import Institution
from sopan.ui import charts, excel, formats
from sopan.ui.downloads import file_of
from sopan.ui.fields import refuse

from ..models import CompensationRule
from ..queries import order_procedure
from ..service import access, periods
from ..service.periods import Period, before
from ..skm import queries as skm
from . import compensation, figures, matrix, turnaround
from .forms import RuleForm
from .parts import shown as other_parts

TREND = 6  # periods of the small lines


@dataclass(frozen=True, slots=True)
class Asked:
    body: Institution
    service: str
    period: Period
    offered: list[tuple[str, str]]
    now: datetime


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for: a service and a period, by default this quarter of the order procedure."""
    now = timezone.now()
    if access.staff_of(request.user, now=now) is None:
        raise Http404
    body = request.user.institution
    offered = skm.services(body)
    given = request.POST or request.GET
    wanted = given.get("layanan", "")
    service = wanted if wanted in dict(offered) else order_procedure(body)
    period = periods.parse(given.get("periode", "")) or periods.of_day(body.date_at(now), "quarter")
    return Asked(body, service, period, offered, now)


def _days(minutes: int | None, per_day: int) -> str:
    if minutes is None:
        return "–"
    return _("%(n)s hari kerja") % {"n": formats.number(round(Decimal(minutes) / per_day, 1))}


@login_required
@never_cache
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Figures of a service in a period: each chart with the table from which it is drawn."""
    asked = _asked(request)
    body, service, period, now = asked.body, asked.service, asked.period, asked.now
    proc = figures.in_force(body, service, now=now)
    rows = figures.steps(body, proc, service, period) if proc else []
    per_day = turnaround.minutes_a_day(body)
    splits = figures.splits(body, service, period)
    parts = figures.middle_split(splits)
    index = skm.found(body, service=service, period=period)
    weeks = figures.weeks(body, service, now=now)
    ages = figures.ages(body, service, now=now)
    load = figures.load(body, now=now)
    most = max((row["count"] for row in load), default=1)
    worst = sorted((one for one in rows if one.share is not None), key=lambda one: one.share or 0)[:8]
    context = {
        "asked": asked,
        "period": period,
        "services": asked.offered,
        "service": service,
        "periods": periods.choices(body.date_at(now)),
        "here": f"layanan={service}&periode={period.key}",
        "kpis": _kpis(asked, rows, splits, per_day),
        "matrix": matrix.drawn(proc, rows, per_day=per_day) if proc and rows else "",
        "steps": [(one, matrix.short(one.middle, per_day), figures.tone_of(one.share)) for one in rows],
        "finished": len(splits),
        "worst": charts.bars(
            [(f"{one.no} {one.name}", one.share or 0, (one, matrix.short(one.middle, per_day))) for one in worst],
            most=100,
            tones=figures.tone_of,
        ),
        "weeks": weeks,
        "weeks_chart": charts.columns(weeks, tones=("fill", "soft")),
        "ages": ages,
        "ages_chart": charts.stack([(tone, count) for _name, tone, count in ages]),
        "load": charts.bars(
            [(row["name"], row["count"], row) for row in load],
            most=most,
        ),
        "split": [(name, parts[key], _days(parts[key], per_day)) for key, name in _part_names()],
        "split_chart": charts.stack(
            list(zip(("info", "warn", "wait", "ok"), [parts[key] for key in turnaround.PARTS], strict=True))
        ),
        "skm": charts.bars([(row["label"], row["converted"], row) for row in skm.labelled(body, index.index)], most=100)
        if index.index
        else [],
        "index": index.index,
        "owed": sum(1 for one in compensation.owed(body, service, period) if one.given is None),
        "parts": other_parts(body, now=now),
    }
    return render(request, "orders/performance/dashboard.html", context)


def _part_names() -> list[tuple[str, str]]:
    return [
        (turnaround.US, _("Pekerjaan kami")),
        (turnaround.CUSTOMER, _("Menunggu pelanggan")),
        (turnaround.PAYMENT, _("Pembayaran")),
        (turnaround.SIGNATURE, _("Tanda tangan")),
    ]


def _kpis(
    asked: Asked, rows: list[figures.StepFigures], splits: list[turnaround.Split], per_day: int
) -> list[dict[str, Any]]:
    """Four figures, each with its way over the last periods; the last point is this period."""
    body, service = asked.body, asked.service
    earlier = before(asked.period, TREND)[:-1]
    proc = figures.in_force(body, service, now=asked.now)
    shares = [figures.punctual(figures.steps(body, proc, service, one)) if proc else None for one in earlier]
    shares.append(figures.punctual(rows))
    middles = [turnaround.middle([s.us + s.signature for s in figures.splits(body, service, one)]) for one in earlier]
    middles.append(turnaround.middle([s.us + s.signature for s in splits]))
    running = [figures.running(body, service, at=one.bounds(body.zone)[1]) for one in earlier]
    running.append(figures.running(body, service))
    money = [figures.money(body, one) for one in (*earlier, asked.period)]
    return [
        _kpi(
            _("Tepat waktu baku"), f"{formats.number(round(shares[-1], 1))}%" if shares[-1] is not None else "–", shares
        ),
        _kpi(_("Waktu layanan tengah"), _days(middles[-1], per_day), middles),
        _kpi(_("Kasus berjalan"), str(running[-1]), running),
        _kpi(_("Penerimaan tercatat"), formats.rupiah(money[-1]), money),
    ]


def _kpi(name: str, value: str, trend: list[Any]) -> dict[str, Any]:
    return {"name": name, "value": value, "spark": charts.spark(trend)}


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The steps of the period as a spreadsheet, and the split of the time."""
    asked = _asked(request)
    proc = figures.in_force(asked.body, asked.service, now=asked.now)
    rows = figures.steps(asked.body, proc, asked.service, asked.period) if proc else []
    parts = figures.middle_split(figures.splits(asked.body, asked.service, asked.period))
    table: list[list[Any]] = [
        [
            one.no,
            one.name,
            one.actor,
            one.done,
            one.punctual,
            round(one.share, 2) if one.share is not None else "",
            one.middle if one.middle is not None else "",
        ]
        for one in rows
    ]
    table += [[], [_("Waktu tengah per pesanan (menit kerja)")]]
    table += [["", name, "", "", "", "", parts[key]] for key, name in _part_names()]
    heads = [
        _("No."), _("Langkah"), _("Pelaksana"), _("Selesai"), _("Tepat waktu"), _("Tepat waktu (%)"), _("Tengah (menit kerja)"),
    ]  # fmt: skip
    told = [asked.body.name, f"{dict(asked.offered).get(asked.service, asked.service)} · {asked.period.name}"]
    content = excel.workbook(
        title=_("Kinerja layanan"), told=told, heads=heads, rows=table, widths=(8, 40, 22, 12, 14, 16, 20)
    )
    return file_of(content, excel.MEDIA_TYPE, f"kinerja-{asked.period.key}.xlsx")


# Compensation ---------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def compensations(request: HttpRequest) -> HttpResponse:
    """The rules, and the orders of the period for which one is due."""
    asked = _asked(request)
    context = {
        "period": asked.period,
        "periods": periods.choices(asked.body.date_at(asked.now)),
        "service": asked.service,
        "services": asked.offered,
        "rules": CompensationRule.objects.filter(institution=asked.body),
        "owed": [
            (one, formats.duration(timedelta(minutes=one.late), turnaround.minutes_a_day(asked.body)))
            for one in compensation.owed(asked.body, asked.service, asked.period)
        ],
        "may_change": access.managing(request.user, now=asked.now) is not None,
        "may_give": access.working(request.user, access.COUNTER, now=asked.now) is not None,
    }
    return render(request, "orders/performance/compensations.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a rule or change one."""
    now = timezone.now()
    acting = access.managing(request.user, now=now)
    if acting is None:
        raise Http404
    body = request.user.institution
    found = get_object_or_404(CompensationRule, pk=pk, institution=body) if pk is not None else None
    initial = {name: getattr(found, name) for name in compensation.FIELDS} if found else {}
    form = RuleForm(request.POST or None, initial=initial, services=skm.services(body))
    if request.method == "POST" and form.is_valid():
        done = compensation.save(body, form.cleaned_data, rule=found, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Aturan disimpan."))
            return redirect("orders:compensations")
        refuse(form, done)
    context = {"form": form, "rule": found}
    return render(request, "orders/performance/rule.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def give(request: HttpRequest, case_id: int) -> HttpResponse:
    """Record that a compensation was given, by the counter."""
    asked = _asked(request)
    acting = access.working(request.user, access.COUNTER, now=asked.now)
    if acting is None:
        raise Http404
    one = next(
        (row for row in compensation.owed(asked.body, asked.service, asked.period) if row.case.pk == case_id), None
    )
    if one is None:
        raise Http404
    done = compensation.give(one, receiver=request.POST.get("receiver", ""), acting=acting, now=asked.now)
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("Kompensasi dicatat."))
    return redirect(f"{reverse('orders:compensations')}?layanan={asked.service}&periode={asked.period.key}")
