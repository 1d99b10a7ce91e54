"""Pages of the validity of results: the state of everything, the charts, and findings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.ui import formats
from sopan.ui.downloads import file_of
from sopan.ui.excel import MEDIA_TYPE, workbook
from sopan.ui.fields import refuse
from sopan.ui.found import there

from .. import register_access
from ..models import ChartPoint, ControlChart, Equipment, Finding, ProficiencyTest, RepeatCheck
from ..views.found import in_laboratory
from . import access, charts, findings, queries
from .charts import Typed
from .forms import AnswerForm, ChartForm, CloseForm, LimitsForm, PointForm, WithdrawForm


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Charts with their state, proficiency tests, repeats, and the findings that wait."""
    now = in_laboratory(request)
    body = request.user.institution
    context = {
        "charts": queries.charts(body),
        "findings": queries.open_findings(body),
        "tests": ProficiencyTest.objects.filter(institution=body).prefetch_related("findings")[:50],
        "repeats": RepeatCheck.objects.filter(institution=body).prefetch_related("findings")[:50],
        "names": queries.method_names(body),
        "keeps": bool(register_access.kept_by(request.user, now=now)),
    }
    return render(request, "laboratory/validity/overview.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def chart_new(request: HttpRequest) -> HttpResponse:
    """Set up a chart."""
    now = timezone.now()
    kept = register_access.kept_by(request.user, now=now)
    there(kept or None)
    methods = list(queries.method_names(request.user.institution).items())
    form = ChartForm(request.POST or None, laboratories=kept, methods=methods)
    if request.method == "POST" and form.is_valid():
        laboratory = next(one for one in kept if one.pk == form.cleaned_data["laboratory"])
        by = there(register_access.keeper_of(request.user, laboratory, now=now)).name
        made = charts.set_up(laboratory, head=form.cleaned_data, by=by, now=now)
        if not isinstance(made, Refusal):
            messages.success(request, _("Bagan kendali dibuat. Catat titik-titik masa acuannya."))
            return redirect("laboratory:chart", made.pk)
        refuse(form, made)
    return form_page(request, form, _("Bagan kendali baru"))


def form_page(request: HttpRequest, form: Any, title: str, **more: Any) -> HttpResponse:
    """A form of its own; ``chart`` and ``told`` are what it is about."""
    context = {"form": form, "title": title, **more}
    return render(request, "laboratory/validity/form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def chart(request: HttpRequest, pk: int) -> HttpResponse:
    """The chart with its table; whoever works in its laboratory adds a point."""
    now = timezone.now()
    found = there(access.found(ControlChart, request.user, pk, now=now))
    acting = access.member(request.user, found.laboratory, now=now)
    if request.method == "POST":
        there(acting)
    equipment = Equipment.objects.filter(laboratory=found.laboratory, status=Equipment.Status.IN_USE)
    local = now.astimezone(ZoneInfo(found.institution.zone))
    initial = {"on": local.date(), "at": local.strftime("%H.%M")}
    form = PointForm(request.POST or None, chart=found, equipment=equipment, initial=initial)
    if request.method == "POST" and form.is_valid() and acting is not None:
        data = form.cleaned_data
        taken = datetime.combine(data["on"], data["at"], tzinfo=local.tzinfo)
        standard = next((one for one in equipment if one.pk == data["equipment"]), None)
        typed = Typed(data["text"], taken, standard, data["note"])
        made = charts.add_point(found, typed, actor=request.user, by=acting.name, now=now)
        if not isinstance(made, Refusal):
            _tell(request, made)
            return redirect("laboratory:chart", found.pk)
        refuse(form, made)
    context = {
        "one": queries.shown(ControlChart.objects.filter(pk=found.pk))[0],
        "form": form if acting is not None and found.closed_at is None else None,
        "keeps": register_access.keeper_of(request.user, found.laboratory, now=now) is not None,
        "method": queries.method_names(found.institution).get(found.method, found.method),
    }
    return render(request, "laboratory/validity/chart.html", context, status=422 if form.errors else 200)


def _tell(request: HttpRequest, made: ChartPoint) -> None:
    opened = Finding.objects.filter(point__chart=made.chart_id).exclude(state=Finding.State.CLOSED)
    broken = [one for one in opened if any(made.number in signal["points"] for signal in one.signals)]
    if broken:
        rules = ", ".join(dict.fromkeys(rule for one in broken for rule in one.rules))
        messages.warning(request, _("Titik tersimpan. Aturan %(rules)s dilanggar: jawab temuannya.") % {"rules": rules})
    else:
        messages.success(request, _("Titik tersimpan."))


def _kept_chart(request: HttpRequest, pk: int) -> tuple[ControlChart, str, datetime]:
    """A chart that this person keeps, and his name; else 404."""
    now = timezone.now()
    found = there(access.found(ControlChart, request.user, pk, now=now))
    return found, there(register_access.keeper_of(request.user, found.laboratory, now=now)).name, now


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def chart_limits(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a version of limits."""
    found, by, now = _kept_chart(request, pk)
    days = [found.institution.date_at(point.taken_at) for point in found.points.filter(withdrawn_at=None)]
    initial = {"first_day": days[0], "last_day": days[-1]} if days else {}
    form = LimitsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = charts.set_limits(found, **form.cleaned_data, actor=request.user, by=by, now=now)
        if not isinstance(made, Refusal):
            messages.success(request, _("Batas versi %(version)s tersimpan.") % {"version": made.version})
            return redirect("laboratory:chart", found.pk)
        refuse(form, made)
    return form_page(request, form, _("Tetapkan batas"), chart=found, told=_limits_told())


def _limits_told() -> str:
    return _(
        "Rata-rata dan simpangan baku dihitung dari titik-titik masa acuan: sekurangnya 7, tetap sejak 20. Versi sebelumnya dan titik yang dinilai dengannya tidak berubah."
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def chart_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a chart."""
    found, by, now = _kept_chart(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = charts.end(found, reason=form.cleaned_data["reason"], by=by, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Bagan ditutup."))
            return redirect("laboratory:chart", found.pk)
        refuse(form, done)
    return form_page(request, form, _("Tutup bagan"), chart=found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def point_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a point no longer count."""
    now = timezone.now()
    point = there(access.found(ChartPoint, request.user, pk, now=now))
    there(register_access.keeper_of(request.user, point.chart.laboratory, now=now))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = charts.withdraw_point(point, reason=form.cleaned_data["reason"], actor=request.user, now=now)
        if not isinstance(done, Refusal):
            messages.success(
                request, _("Titik %(number)s ditarik; titik itu tetap terlihat.") % {"number": done.number}
            )
            return redirect("laboratory:chart", point.chart_id)
        refuse(form, done)
    told = _("Titik %(number)s: %(text)s %(unit)s, %(when)s.") % {
        "number": point.number, "text": point.text, "unit": point.chart.unit, "when": formats.short_datetime(point.taken_at),
    }  # fmt: skip
    return form_page(request, form, _("Tarik titik"), chart=point.chart, told=told)


@login_required
@require_safe
def chart_export(request: HttpRequest, pk: int) -> HttpResponse:
    """All points of a chart as a spreadsheet, with the versions of the limits."""
    found = there(access.found(ControlChart, request.user, pk, now=timezone.now()))
    one = queries.shown(ControlChart.objects.filter(pk=found.pk))[0]
    heads = [
        _("No."), _("Waktu"), _("Nilai terukur"), _("Diketik"), _("Satuan"), "z", _("Aturan"), _("Versi batas"), _("Alat"), _("Oleh"),
        _("Dicatat"), _("Catatan"), _("Ditarik"),
    ]  # fmt: skip
    told = [f"{found.laboratory} · {found.check_standard} · {found.instrument}"]
    told += [
        _("Batas versi %(n)s: rata-rata %(mean)s, s %(s)s, dari %(count)s titik")
        % {"n": limits.version, "mean": mean, "s": s, "count": limits.count}
        for limits, mean, s, _two, _three in one.versions
    ]
    content = workbook(
        title=found.name, told=told, heads=heads, rows=[_row(row, found.unit) for row in one.points],
        widths=(6, 20, 16, 16, 10, 10, 20, 12, 34, 24, 20, 30, 40),
    )  # fmt: skip
    return file_of(content, MEDIA_TYPE, f"bagan-kendali-{found.pk}.xlsx")


def _row(told: queries.Told, unit: str) -> list[Any]:
    point = told.point
    gone = f"{point.withdrawn_name}: {point.withdrawn_reason}" if point.withdrawn_at else ""
    return [
        point.number, formats.short_datetime(point.taken_at), point.value.normalize(), point.text, unit, told.z_text, told.rules,
        point.limits.version if point.limits_id and point.limits else "", point.instrument, point.entered_name,
        formats.short_datetime(point.entered_at), point.note, gone,
    ]  # fmt: skip


# Findings ----------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """A finding with all that was said of it; answered and closed here."""
    now = timezone.now()
    found = there(access.found(Finding, request.user, pk, now=now))
    answers = found.state == Finding.State.OPEN and access.member(request.user, found.laboratory, now=now) is not None
    closes = (
        found.state == Finding.State.ANSWERED
        and register_access.keeper_of(request.user, found.laboratory, now=now) is not None
    )
    if request.method == "POST" and not (answers or closes):
        there(None)
    form: Any = (AnswerForm if answers else CloseForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = _act(request, found, form.cleaned_data, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Tersimpan."))
            return redirect("laboratory:finding", found.pk)
        refuse(form, done)
    context = {
        "finding": found, "acts": found.acts.all(), "form": form if answers or closes else None, "answers": answers,
        "points": _points(found),
    }  # fmt: skip
    return render(request, "laboratory/validity/finding.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, found: Finding, data: dict[str, str], *, now: datetime) -> Any:
    if "cause" in data:
        return findings.answer(found, **data, actor=request.user, now=now)
    act = findings.give_back if request.POST.get("answer") == "kembali" else findings.close
    return act(found, remark=data["remark"], actor=request.user, now=now)


def _points(found: Finding) -> list[ChartPoint]:
    """The points that the rules saw, in their order."""
    if found.point is None:
        return []
    numbers = {number for one in found.signals for number in one["points"]}
    return list(ChartPoint.objects.filter(chart=found.point.chart_id, number__in=numbers))
