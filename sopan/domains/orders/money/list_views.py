"""Lists of the treasurer: what was received on a day, and lists of banks compared with our bills."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.people.models import Institution
from sopan.ui import excel, formats
from sopan.ui.downloads import file_of
from sopan.ui.fields import refuse
from sopan.ui.uploads import check_upload, safe_name

from .. import papers
from ..models import Reconciliation, ReconciliationRow
from ..service import events
from . import payment_list, reconciling
from .forms import DecisionForm, ReconcileForm
from .views import treasurer

MAX_CSV = 5_000_000  # bytes


def _day(request: HttpRequest) -> date:
    text = request.GET.get("tanggal", "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return request.user.institution.date_at(timezone.now())


def _receipts(body: Institution, day: date) -> list[reconciling.Receipt]:
    zone = ZoneInfo(body.zone)
    begin = datetime.combine(day, time.min, zone)
    return reconciling.receipts(body, begin=begin, end=begin + timedelta(days=1))


@login_required
@never_cache
@require_safe
def daily(request: HttpRequest) -> HttpResponse:
    """What was received on a day, on the screen, as a spreadsheet (?bentuk=xlsx) or as PDF (?bentuk=pdf)."""
    acting = treasurer(request)
    body, day = request.user.institution, _day(request)
    rows = _receipts(body, day)
    total = sum((row.amount for row in rows), Decimal(0))
    form = request.GET.get("bentuk", "")
    if form == "xlsx":
        return _daily_sheet(body, day, rows, total)
    if form == "pdf":
        made = _daily_paper(body, day, rows, total, name=acting.name, position=acting.position)
        if not isinstance(made, Refusal):
            return file_of(made, "application/pdf", f"penerimaan-{day}.pdf")
        messages.error(request, made.message)
    context = {
        "rows": rows,
        "total": total,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
    }
    return render(request, "orders/money/daily.html", context)


def _heads() -> list[str]:
    return [
        _("Waktu"),
        _("Pesanan"),
        _("Wajib bayar"),
        _("Kode"),
        _("NTPN atau kuitansi"),
        _("Kanal"),
        _("Jumlah (Rp)"),
    ]


def _daily_sheet(body: Institution, day: date, rows: list[reconciling.Receipt], total: Decimal) -> HttpResponse:
    table: list[list[Any]] = [
        [formats.clock(r.at), r.order, r.payer, r.code, r.reference, r.channel, r.amount] for r in rows
    ]
    table += [[_("Jumlah"), "", "", "", "", "", total]]
    title = _("Daftar penerimaan harian")
    told = [body.name, formats.long_date(day)]
    content = excel.workbook(title=title, told=told, heads=_heads(), rows=table, widths=(12, 22, 34, 20, 20, 22, 16))
    return file_of(content, excel.MEDIA_TYPE, f"penerimaan-{day}.xlsx")


def _daily_paper(
    body: Institution, day: date, rows: list[reconciling.Receipt], total: Decimal, *, name: str, position: str
) -> bytes | Refusal:
    lines = [[formats.clock(r.at), r.order, r.payer, r.code, r.reference, formats.number(r.amount, 0)] for r in rows]
    heads = _heads()
    table = papers.Table([*heads[:5], heads[6]], lines, (0, 2, 3, 2, 2, 0), (5,))
    return papers.paper(
        body,
        title=_("Daftar penerimaan harian"),
        number=formats.weekday_date(day),
        at=timezone.now(),
        table=table,
        after=[f"{_('Jumlah')}: {formats.rupiah(total)} ({formats.in_words(total)})"]
        if rows
        else [_("Tidak ada penerimaan.")],
        signers=[papers.Signer(position or _("Bendahara Penerimaan"), name)],
    )


# Reconciliation -------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reconciliations(request: HttpRequest) -> HttpResponse:
    """The lists that were compared, and the form for another one."""
    acting, now = treasurer(request), timezone.now()
    body = request.user.institution
    form = ReconcileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        read = _read(form.cleaned_data["file"])
        if isinstance(read, Refusal):
            refuse(form, read)
        else:
            rows, name, digest = read
            done = reconciling.start(
                body,
                rows,
                name=name,
                sha256=digest,
                first=form.cleaned_data["first"],
                last=form.cleaned_data["last"],
                acting=acting,
                now=now,
            )
            if not isinstance(done, Refusal):
                return redirect("orders:reconciliation", done.pk)
            refuse(form, done)
    found = Reconciliation.objects.filter(institution=body).prefetch_related("rows")[:50]
    rows_told = [
        {
            "row": row,
            "matched": sum(r.outcome == "matched" for r in row.rows.all()),
            "open": sum(r.outcome != "matched" and not r.decision for r in row.rows.all()),
        }
        for row in found
    ]
    context = {"form": form, "rows": rows_told}
    return render(request, "orders/money/reconciliations.html", context, status=422 if form.errors else 200)


def _read(upload: Any) -> tuple[list[Any], str, str] | Refusal:
    """The payments of an upload, its name and its hash."""
    name = safe_name(upload.name or "")
    if name.lower().endswith(".csv"):
        if upload.size > MAX_CSV:
            return Refusal("too-large", _("Berkas ini terlalu besar."), "file")
        content, kind = upload.read(), "csv"
    else:
        info = check_upload(upload, kinds=("xlsx",), besides=("csv",))
        if isinstance(info, Refusal):
            return Refusal(info.code, info.message, "file")
        content, kind = upload.read(), "xlsx"
    rows = payment_list.read(content, kind=kind)
    return rows if isinstance(rows, Refusal) else (rows, name, hashlib.sha256(content).hexdigest())


@login_required
@never_cache
@require_safe
def reconciliation(request: HttpRequest, pk: int) -> HttpResponse:
    """One comparison: what does not agree first, with its decision."""
    treasurer(request)
    body = request.user.institution
    found = get_object_or_404(Reconciliation, pk=pk, institution=body)
    rows = list(found.rows.select_related("bill__order__case", "bill__order__company"))
    context = {
        "found": found,
        "wrong": [row for row in rows if row.outcome != "matched"],
        "matched": [row for row in rows if row.outcome == "matched"],
        "total": sum((row.amount or Decimal(0) for row in rows if row.outcome == "matched"), Decimal(0)),
        "decisions": [pair for pair in ReconciliationRow.Decision.choices if pair[0]],
        "told": events.told(body, f"reconciliation:{found.pk}"),
    }
    return render(request, "orders/money/reconciliation.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide on one row."""
    acting = treasurer(request)
    body = request.user.institution
    row = get_object_or_404(ReconciliationRow, pk=pk, reconciliation__institution=body)
    form = DecisionForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    done = reconciling.decide(
        row, decision=given.get("decision", ""), reason=given.get("reason", ""), acting=acting, now=timezone.now()
    )
    if isinstance(done, Refusal):
        messages.error(request, done.message)
    else:
        messages.success(request, _("Keputusan dicatat."))
    return redirect("orders:reconciliation", row.reconciliation_id)
