"""Monitoring and evaluation: what is due, the form with the facts beside it, the spreadsheet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sopan.catalogue import appraisals
from sopan.catalogue.access import rights
from sopan.catalogue.appraisals import Due, Kind
from sopan.catalogue.models import Appraisal
from sopan.core.flow import Refusal
from sopan.ui import excel, formats
from sopan.ui.downloads import file_of
from sopan.web.access import staff_only
from sopan.web.catalogue.facts import facts
from sopan.web.catalogue.views.sop import known, version_of


def answer_words() -> dict[str, str]:
    return {"ya": _("Ya"), "sebagian": _("Sebagian"), "tidak": _("Tidak")}


def period_words(kind: str, period: str) -> str:
    """ "semester 2 2026", "tahun 2026"."""
    year, _dash, half = period.partition("-")
    if kind == Kind.MONITORING:
        return _("semester %(half)s %(year)s") % {"half": half, "year": year}
    return _("tahun %(year)s") % {"year": year}


def _asked(request: HttpRequest, now: datetime) -> tuple[str, str]:
    """Kind and period of the address; the present ones unless told."""
    body = request.user.institution
    kind = request.GET.get("jenis", "")
    kind = kind if kind in Kind.values else Kind.MONITORING
    period = request.GET.get("masa", "")
    if appraisals.span(kind, period, institution=body) is None:
        period = appraisals.period_of(kind, body.date_at(now))
    return kind, period


def _periods(kind: str, now: datetime, request: HttpRequest) -> list[str]:
    """The present period and some before it."""
    day = request.user.institution.date_at(now)
    if kind == Kind.EVALUATION:
        return [str(day.year - back) for back in range(4)]
    halves = [(day.year - back, half) for back in range(3) for half in (2, 1)]
    return [f"{year}-{half}" for year, half in halves if (year, half) <= (day.year, 1 if day.month <= 6 else 2)]


@require_safe
@staff_only
def due(request: HttpRequest) -> HttpResponse:
    """The procedures in force, those without their form first."""
    now = timezone.now()
    kind, period = _asked(request, now)
    rows = appraisals.due(request.user.institution, kind=kind, period=period, now=now)
    missing = sum(row.made is None for row in rows)
    context = {
        "kind": kind,
        "period": period,
        "kinds": Kind.choices,
        "periods": [(one, period_words(kind, one)) for one in _periods(kind, now, request)],
        "rows": rows,
        "missing": missing,
        "label": Kind(kind).label,
        "when": period_words(kind, period),
        "may": appraisals.may_appraise(rights(request.user, now=now)),
    }
    return render(request, "catalogue/appraisals.html", context)


@require_safe
@staff_only
def export(request: HttpRequest) -> HttpResponse:
    """All answers of a period as a spreadsheet, a row each."""
    now = timezone.now()
    kind, period = _asked(request, now)
    rows = appraisals.due(request.user.institution, kind=kind, period=period, now=now)
    cells = [line for row in rows for line in _lines(row)]
    told = [request.user.institution.name, f"{Kind(kind).label}, {period_words(kind, period)}"]
    heads = [_("Nomor"), _("Nama SOP"), _("Versi"), _("Pertanyaan"), _("Jawaban"), _("Catatan"), _("Diisi oleh")]
    content = excel.workbook(
        title=_("Monitoring dan evaluasi"), told=told, heads=heads, rows=cells, widths=(22, 50, 8, 60, 12, 50, 40)
    )
    return file_of(content, excel.MEDIA_TYPE, f"{kind}-{period}.xlsx")


def _lines(row: Due) -> list[tuple[str, ...]]:
    head = (row.version.number, row.version.name, str(row.version.version))
    if row.made is None:
        return [(*head, "", _("Belum dibuat"), "", "")]
    by = f"{row.made.name}, {row.made.position}, {formats.long_date(row.made.at)}"
    words = answer_words()
    answers = [
        (*head, one["question"], words.get(one["answer"], one["answer"]), one["note"], by)
        for one in row.made.answers.values()
    ]
    return [*answers, (*head, _("Simpulan dan tindak lanjut"), "", row.made.conclusion, by)]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def appraisal(request: HttpRequest, slug: str, version: int, kind: str, period: str) -> HttpResponse:
    """The form of one version, or what was answered."""
    now = timezone.now()
    body = request.user.institution
    found = version_of(known(request, slug, now), version)
    when = appraisals.span(kind, period, institution=body) if kind in Kind.values else None
    if when is None or when[0] > now:
        raise Http404
    made = Appraisal.objects.filter(version=found, kind=kind, period=period).first()
    if made is None and appraisals.may_be_of(found, kind=kind, period=period, now=now) is not None:
        raise Http404
    may = appraisals.may_appraise(rights(request.user, now=now).of(slug))
    if request.method == "POST" and not may or not may and made is None:
        raise Http404
    asked = appraisals.questions(body)
    wrong: Refusal | None = None
    if request.method == "POST":
        done = appraisals.appraise(
            found,
            kind=kind,
            period=period,
            actor=request.user,
            answers={one.id: (_text(request, one.id), _text(request, f"{one.id}-note")) for one in asked.of(kind)},
            conclusion=_text(request, "conclusion"),
            now=now,
        )
        if not isinstance(done, Refusal):
            messages.success(request, _("Formulir disimpan."))
            return redirect("appraisal", slug=slug, version=version, kind=kind, period=period)
        wrong = done
    context: dict[str, Any] = {
        "slug": slug,
        "shown": found,
        "label": Kind(kind).label,
        "when": period_words(kind, period),
        "made": made if wrong is None else None,
        "rows": [_row(request, one.id, one.text) for one in asked.of(kind)],
        "questions": asked,
        "words": answer_words(),
        "facts": facts(found, since=when[0], until=when[1]),
        "conclusion": _text(request, "conclusion"),
        "wrong": wrong,
        "answered": _answered(made) if made else [],
    }
    return render(request, "catalogue/appraisal.html", context, status=422 if wrong is not None else 200)


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "")


def _row(request: HttpRequest, key: str, question: str) -> dict[str, str]:
    return {"id": key, "text": question, "answer": _text(request, key), "note": _text(request, f"{key}-note")}


def _answered(made: Appraisal) -> list[tuple[str, str, str]]:
    words = answer_words()
    return [(one["question"], words.get(one["answer"], one["answer"]), one["note"]) for one in made.answers.values()]
