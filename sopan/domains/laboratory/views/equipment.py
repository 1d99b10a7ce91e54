"""Pages of the equipment: what is due, what is known of each piece, and which results it stands behind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sopan.core.flow import Refusal
from sopan.engine import blind
from sopan.engine.models import Case
from sopan.ui import formats
from sopan.ui.downloads import file_of
from sopan.ui.excel import MEDIA_TYPE, workbook
from sopan.ui.fields import FieldError, refuse
from sopan.ui.found import there
from sopan.ui.uploads import check_upload

from .. import register_access as access
from .. import register_queries as queries
from ..models import Equipment, EquipmentCertificate
from ..operations import equipment as operations
from ..register_forms import (
    VALUE_COLUMNS,
    CertificateForm,
    CheckForm,
    EquipmentForm,
    StatusForm,
    Values,
    WithdrawForm,
)
from .found import in_laboratory


@login_required
@require_safe
def equipment_list(request: HttpRequest) -> HttpResponse:
    """All equipment of the body: what is due first, then what is out of use."""
    now = in_laboratory(request)
    rows = Equipment.objects.filter(institution=request.user.institution_id)
    due = queries.due_list(rows, today=request.user.institution.date_at(now))
    context = {
        "due": due,
        "overdue": sum(one.left is None or one.left < 0 for one in due),
        "soon": sum(one.tone == "warn" for one in due),
        "resting": rows.exclude(status=Equipment.Status.IN_USE).select_related("laboratory"),
        "keeps": bool(access.kept_by(request.user, now=now)),
    }
    return render(request, "laboratory/equipment_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_new(request: HttpRequest) -> HttpResponse:
    """Register a piece of equipment."""
    now = timezone.now()
    laboratories = access.kept_by(request.user, now=now)
    there(laboratories or None)
    form = EquipmentForm(request.POST or None, laboratories=laboratories)
    if request.method == "POST" and form.is_valid():
        laboratory = next(one for one in laboratories if one.pk == form.cleaned_data["laboratory"])
        by = there(access.keeper_of(request.user, laboratory, now=now)).name
        identity = {name: form.cleaned_data[name] for name in operations.IDENTITY}
        made = operations.register(
            laboratory,
            code=form.cleaned_data["code"],
            identity=identity,
            by=by,
            now=now,
            since=request.user.institution.date_at(now),
        )
        if not isinstance(made, Refusal):
            messages.success(request, _("%(name)s terdaftar.") % {"name": made})
            return redirect("laboratory:equipment", made.pk)
        refuse(form, made)
    return _form(request, form, _("Daftarkan peralatan"))


def _form(request: HttpRequest, form: Any, title: str, equipment: Equipment | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "equipment": equipment}
    return render(request, "laboratory/equipment_form.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def equipment(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about a piece of equipment."""
    now = timezone.now()
    found = there(access.equipment_for(request.user, pk, now=now))
    rows = Equipment.objects.filter(pk=found.pk)
    due = queries.due_list(rows, today=request.user.institution.date_at(now))
    context = {
        "equipment": found,
        "due": due[0] if due else None,
        "certificates": found.certificates.all(),
        "checks": found.checks.all(),
        "events": found.events.all()[:50],
        "keeps": access.keeper_of(request.user, found.laboratory, now=now) is not None,
        "columns": VALUE_COLUMNS,
    }
    return render(request, "laboratory/equipment.html", context)


def _kept(request: HttpRequest, pk: int) -> tuple[Equipment, str, datetime]:
    """A piece of equipment that this person keeps, and his name; else 404."""
    now = timezone.now()
    found = there(access.equipment_for(request.user, pk, now=now))
    return found, there(access.keeper_of(request.user, found.laboratory, now=now)).name, now


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the identity."""
    found, by, now = _kept(request, pk)
    initial = {name: getattr(found, name) for name in operations.IDENTITY}
    form = EquipmentForm(request.POST or None, initial=initial, laboratories=[found.laboratory], known=found)
    if request.method == "POST" and form.is_valid():
        done = operations.change(found, identity=form.cleaned_data, by=by, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Data peralatan tersimpan."))
            return redirect("laboratory:equipment", found.pk)
        refuse(form, done)
    return _form(request, form, _("Ubah data peralatan"), found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out of use, or use it again."""
    found, by, now = _kept(request, pk)
    today = request.user.institution.date_at(now)
    form = StatusForm(request.POST or None, initial={"status": found.status, "since": today})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["since"] > today:  # the register shows a status at once
            form.add_error("since", _("Tanggal ini belum tiba."))
        else:
            done = operations.set_status(found, **form.cleaned_data, by=by, now=now)
            if not isinstance(done, Refusal):
                messages.success(request, _("Status peralatan tersimpan."))
                return redirect("laboratory:equipment", found.pk)
            refuse(form, done)
    return _form(request, form, _("Ubah status"), found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def equipment_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Record an intermediate check."""
    found, by, now = _kept(request, pk)
    form = CheckForm(request.POST or None, initial={"on": request.user.institution.date_at(now)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["on"] > request.user.institution.date_at(now):
            form.add_error("on", _("Tanggal ini belum tiba."))
        else:
            made = operations.add_check(found, **form.cleaned_data, actor=request.user, by=by, now=now)
            if made.outcome == made.Outcome.FAILED:
                messages.warning(
                    request, _("Di luar toleransi: peralatan tidak boleh digunakan. Periksa hasil yang memakainya.")
                )
                return redirect("laboratory:equipment-impact", found.pk)
            messages.success(request, _("Pemeriksaan tersimpan."))
            return redirect("laboratory:equipment", found.pk)
    return _form(request, form, _("Catat pemeriksaan antara"), found)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a version of the certificate with its values and its file."""
    found, by, now = _kept(request, pk)
    posted = request.method == "POST"
    form = CertificateForm(request.POST if posted else None, request.FILES if posted else None)
    values = Values(request.POST if posted else None)
    if posted and form.is_valid() and not values.errors:
        data, upload = form.cleaned_data, form.cleaned_data.get("file")
        info = check_upload(upload, kinds=("pdf",)) if upload else None
        told = operations.Certificate(
            **{name: data[name] for name in ("number", "issuer", "traceability", "calibrated_on", "valid_to")},
            values=values.values,
        )
        if isinstance(info, Refusal):
            form.add_error("file", info.message)
        else:
            made = operations.add_certificate(found, told, upload=upload, info=info, actor=request.user, by=by, now=now)
            if not isinstance(made, Refusal):
                messages.success(request, _("Sertifikat %(number)s tersimpan.") % {"number": made})
                return redirect("laboratory:equipment", found.pk)
            refuse(form, made)
    labels = {cell["id"]: cell["label"] for line in values.lines for cell in line}
    errors = (
        [FieldError(place, labels.get(place, ""), message) for place, message in values.errors.items()]
        if posted
        else []
    )
    context = {"form": form, "values": values, "columns": VALUE_COLUMNS, "equipment": found, "errors": errors}
    return render(request, "laboratory/certificate_new.html", context, status=422 if posted else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a certificate no longer be used."""
    certificate = there(EquipmentCertificate.objects.select_related("equipment").filter(pk=pk).first())
    found, by, now = _kept(request, certificate.equipment_id)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = operations.withdraw_certificate(certificate, reason=form.cleaned_data["reason"], by=by, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Sertifikat %(number)s ditarik.") % {"number": done})
            return redirect("laboratory:equipment-impact", found.pk)
        refuse(form, done)
    return _form(request, form, _("Tarik sertifikat %(number)s") % {"number": certificate.number}, found)


@login_required
@require_safe
def certificate_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a certificate, as it was uploaded."""
    certificate = there(EquipmentCertificate.objects.filter(pk=pk).exclude(file="").first())
    there(access.equipment_for(request.user, certificate.equipment_id, now=timezone.now()))
    kind = "application/xml" if certificate.file.name.endswith(".xml") else "application/pdf"
    return FileResponse(certificate.file.open(), as_attachment=True, filename=certificate.file_name, content_type=kind)


def _impact(request: HttpRequest, pk: int) -> tuple[Equipment, date | None, list[queries.Concerned]]:
    found, _by, _now = _kept(request, pk)
    typed = request.GET.get("sejak")
    try:
        since = parse_date(typed) if typed else None
    except ValueError:
        since = None
    if typed is None:
        since = queries.last_good_day(found)
    return found, since, queries.concerned(found, since=since)


@login_required
@require_safe
def equipment_impact(request: HttpRequest, pk: int) -> HttpResponse:
    """Every result that a standard stands behind since it was last known to be right."""
    found, since, rows = _impact(request, pk)
    context = {"equipment": found, "since": since, "rows": rows, "unseen": _unseen(request, rows)}
    return render(request, "laboratory/equipment_impact.html", context)


def _unseen(request: HttpRequest, rows: Sequence[queries.Concerned]) -> set[int]:
    """The cases among them of which this person is not told whose they are."""
    hidden = blind.hidden(request.user, now=timezone.now())
    if hidden is None:
        return set()
    keys = {one.use.result.work_order.item.order.case_id for one in rows}
    return set(Case.objects.filter(hidden, pk__in=keys).values_list("pk", flat=True))


@login_required
@require_safe
def equipment_impact_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a spreadsheet."""
    found, since, rows = _impact(request, pk)
    unseen = _unseen(request, rows)
    heads = [_("Order"), _("Pelanggan"), _("Sampel"), _("Alat"), _("Parameter"), _("Versi hasil"), _("Keadaan"), _("Diukur"), _("Sertifikat standar"), _("Nomor laporan")]  # fmt: skip
    told = [str(found), _("Diukur sejak %(day)s") % {"day": formats.long_date(since)} if since else _("Semua hasil")]
    content = workbook(
        title=_("Hasil yang memakai standar"),
        told=told,
        heads=heads,
        rows=[_told(one, unseen) for one in rows],
        widths=(22, 30, 14, 28, 22, 10, 16, 14, 24, 36),
    )
    return file_of(content, MEDIA_TYPE, f"dampak-{found.pk}.xlsx")


def _told(one: queries.Concerned, unseen: Collection[int]) -> list[str | int]:
    result = one.use.result
    work = result.work_order
    measured = formats.short_date(result.measured_to) if result.measured_to else ""
    return [
        work.item.order.reference, "–" if work.item.order.case_id in unseen else work.item.order.company.name, work.item.number, work.item.order_item.name, work.parameter,
        result.version, str(result.get_state_display()), measured, one.use.certificate.number,
        ", ".join(f"{report.number} ({report.get_state_display()})" for report in one.reports),
    ]  # fmt: skip
