"""The index on the screen of the staff, as a spreadsheet, and as it is published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.people.models import Institution
from sopan.ui import excel, formats
from sopan.ui.charts import bars, line
from sopan.ui.downloads import file_of

from ..complaints.access import handling
from ..models import Survey
from ..service import access, periods
from ..service.public import cached, the_body
from . import queries
from .index import CLASSES


def _asked(request: HttpRequest) -> tuple[Institution, str, periods.Period, list[tuple[str, str]]]:
    """The body, the service and the period that the address names; else the first service and the current half."""
    now = timezone.now()
    if access.staff_of(request.user, now=now) is None:
        raise Http404
    body = request.user.institution
    offered = queries.services(body)
    wanted = (request.POST or request.GET).get("layanan", "")
    service = wanted if wanted in dict(offered) else offered[0][0] if offered else ""
    period = periods.parse((request.POST or request.GET).get("periode", ""))
    return body, service, period or periods.of_day(body.date_at(now), "half"), offered


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Nine bars, the class, how many answered and how many should, the trend, what was written."""
    body, service, period, offered = _asked(request)
    now = timezone.now()
    result = queries.found(body, service=service, period=period)
    rows = queries.labelled(body, result.index) if result.index else []
    trend = queries.trend(body, service=service, period=period)
    context = {
        "services": offered,
        "service": service,
        "period": period,
        "periods": periods.choices(body.date_at(now)),
        "found": result,
        "rows": bars([(row["label"], row["converted"], row) for row in rows], most=100),
        "trend": trend,
        "trend_chart": line([(one.period.name, one.index.value if one.index else None) for one in trend], low=25),
        "comments": _comments(request, body, service, period),
        "may_publish": access.managing(request.user, now=now) is not None,
        "published": any(p.service == service and p.period == period.key for p in queries.published(body)),
        "here": f"layanan={service}&periode={period.key}",
    }
    return render(request, "orders/skm/index.html", context)


def _comments(request: HttpRequest, body: Institution, service: str, period: periods.Period) -> list[Survey]:
    """What was written, for who handles complaints: a customer may name himself, and some work without knowing whose."""
    if handling(request.user, now=timezone.now()) is None:
        return []
    return [row for row in queries.surveys(body, service=service, period=period)[:200] if row.comment][:50]


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The table of the law as a spreadsheet: sums, means, weighted means, index, class; and every questionnaire."""
    body, service, period, offered = _asked(request)
    result = queries.found(body, service=service, period=period)
    told = [body.name, f"{dict(offered).get(service, '')} · {period.name}"]
    rows: list[list[Any]] = []
    if result.index is not None:
        told += [
            _("IKM %(value)s, mutu %(grade)s")
            % {"value": formats.number(result.index.value), "grade": result.index.grade},
            _("%(count)s responden, sasaran %(target)s dari %(all)s")
            % {"count": result.index.respondents, "target": result.target, "all": result.population},
        ]
        rows = [
            [row["code"], row["label"], row["total"], row["mean"], row["weighted"], row["converted"]]
            for row in queries.labelled(body, result.index)
        ]
        rows += [[], [_("Kuesioner")]]
        for place, one in enumerate(queries.surveys(body, service=service, period=period), start=1):
            rows.append([str(place), *(one.answers[element.code] for element in result.index.elements)])
    heads = [_("Kode"), _("Unsur"), _("Jumlah nilai"), _("NRR"), _("NRR tertimbang"), _("Nilai konversi")]
    content = excel.workbook(title="SKM", told=told, heads=heads, rows=rows, widths=(16, 44, 14, 12, 16, 16))
    return file_of(content, excel.MEDIA_TYPE, f"skm-{period.key}.xlsx")


@login_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the index of a period."""
    body, service, period, _offered = _asked(request)
    now = timezone.now()
    acting = access.managing(request.user, now=now)
    if acting is None:
        raise Http404
    done = queries.publish(body, service=service, period=period, acting=acting, now=now)
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("Indeks diterbitkan pada halaman umum."))
    return redirect(f"{reverse('orders:skm')}?layanan={service}&periode={period.key}")


@require_safe
@cached(seconds=300)
def public(request: HttpRequest) -> HttpResponse:
    """What was published, for everybody."""
    body = the_body(request)
    found = [
        {
            "row": row,
            "period": period.name if (period := periods.parse(row.period)) else row.period,
            "bars": bars([(label, Decimal(value), code) for code, label, _t, _m, value in row.elements], most=100),
        }
        for row in queries.published(body)
    ]
    classes = [(letter, lowest) for lowest, letter in CLASSES]
    return render(request, "orders/skm/public.html", {"body": body, "found": found, "classes": classes})
