"""Screens of the tariff: the table for everybody, the lines for who keeps the prices, the spreadsheet."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.ui import excel, formats
from sopan.ui.downloads import file_of
from sopan.ui.fields import refuse
from sopan.ui.uploads import check_upload

from .. import queries, rules
from ..models import TariffLine
from ..rules import NoLine, Quantity
from ..service import access, events
from ..service.public import cached, the_body
from . import tariff_sheet, tariffs
from .forms import LevyLineForm, LookUpForm, SheetForm, TariffLineForm, VerifyForm
from .views import keeper


@require_safe
@cached(seconds=300)
def public(request: HttpRequest) -> HttpResponse:
    """The tariff in force, and the answer for one instrument; without a log-in."""
    body = the_body(request)
    on = body.date_at(timezone.now())
    lines = queries.lines_in_force(body, on)
    kinds = queries.kinds(lines)
    form = LookUpForm(request.GET if "jenis" in request.GET else None, kinds=kinds)
    answer: Any = None
    if form.is_bound and form.is_valid():
        answer = _looked_up(form, lines, on)
    groups = [(name, list(rows)) for name, rows in groupby(lines, key=lambda line: line.group)]
    context = {"body": body, "groups": groups, "form": form, "answer": answer, "on": on}
    return render(request, "orders/money/tariff_public.html", context)


def _looked_up(form: LookUpForm, lines: list[TariffLine], on: date) -> dict[str, Any]:
    typed, unit = form.cleaned_data["ukuran"], form.cleaned_data["satuan"]
    size = rules.parse_number(typed) if typed else None
    if typed and size is None:
        form.add_error("ukuran", _("Tulis angka saja, misalnya 2.500 atau 10,5."))
        return {}
    of_kind = next((line for line in lines if line.kind == form.cleaned_data["jenis"] and line.measure), None)
    quantity = Quantity(size, unit or (of_kind.unit if of_kind else "")) if size is not None else None
    found = rules.match_line(lines, form.cleaned_data["jenis"], quantity, on)
    return {"none": found.reason} if isinstance(found, NoLine) else {"line": found}


def state_of(line: TariffLine, on: date) -> str:
    """Whether a line holds on a day: "now", "coming" or "ended"."""
    if line.valid_to is not None and line.valid_to < on:
        return "ended"
    return "coming" if line.valid_from > on else "now"


def _asked(request: HttpRequest) -> tuple[list[TariffLine], dict[str, str], date]:
    """The lines that the address asks for, its filters, and today."""
    if access.staff_of(request.user, now=timezone.now()) is None:
        raise Http404
    body = request.user.institution
    on = body.date_at(timezone.now())
    asked = {name: request.GET.get(name, "")[:100] for name in ("cari", "keadaan", "cek")}
    found = list(TariffLine.objects.filter(institution=body).order_by("group", "kind_name", "code", "valid_from"))
    if asked["cari"]:
        words = asked["cari"].lower().split()
        found = [
            r for r in found if all(w in f"{r.code} {r.group} {r.description} {r.kind_name}".lower() for w in words)
        ]
    if asked["keadaan"] in ("", "now", "coming", "ended"):
        found = [r for r in found if state_of(r, on) == (asked["keadaan"] or "now")]
    if asked["cek"] in ("ya", "belum"):
        found = [r for r in found if r.verified == (asked["cek"] == "ya")]
    return found, asked, on


@login_required
@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All lines with their range, basis and validity; overlapping ones are marked."""
    lines, asked, on = _asked(request)
    every = list(TariffLine.objects.filter(institution=request.user.institution))
    rows = [
        {
            "line": line,
            "range": rules.range_words(line),
            "state": state_of(line, on),
            "clash": bool(tariffs.overlapping(line, every)),
        }
        for line in lines
    ]
    context = {
        "rows": rows,
        "asked": asked,
        "may_change": access.working(request.user, access.PRICES, now=timezone.now()) is not None,
        "form": SheetForm(),
        "here": request.GET.urlencode(),
    }
    return render(request, "orders/money/tariffs.html", context)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The lines that are shown, as a spreadsheet that can be imported again."""
    lines, asked, on = _asked(request)
    told = [request.user.institution.name, _("Keadaan pada %(day)s") % {"day": formats.long_date(on)}]
    return file_of(tariff_sheet.written(lines, title="Tarif", told=told), excel.MEDIA_TYPE, f"tarif-{on:%Y-%m-%d}.xlsx")


@login_required
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Import a spreadsheet: all lines or none, every wrong cell is told."""
    acting, now = keeper(request), timezone.now()
    upload = request.FILES.get("file")
    form = SheetForm(request.POST, request.FILES)
    wrong: list[tariff_sheet.Wrong] = []
    if upload is None:
        form.add_error("file", _("Pilih berkas Excel."))
    else:
        info = check_upload(upload, kinds=("xlsx",))
        if isinstance(info, Refusal):
            form.add_error("file", info.message)
        else:
            wrong, told = _imported(request, upload.read(), name=info.name, acting=acting, now=now)
            if not wrong:
                messages.success(request, told)
                return redirect("orders:tariffs")
    return render(request, "orders/money/tariff_import.html", {"form": form, "wrong": wrong}, status=422)


def _imported(
    request: HttpRequest, content: bytes, *, name: str, acting: Any, now: Any
) -> tuple[list[tariff_sheet.Wrong], str]:
    read = tariff_sheet.read(content)
    bad = [one for one in read if isinstance(one, tariff_sheet.Wrong)]
    if bad:
        return bad, ""
    rows = [one for one in read if isinstance(one, dict)]
    done = tariff_sheet.take_in(request.user.institution, rows, name=name, acting=acting, now=now)
    if isinstance(done, list):
        return done, ""
    return [], _("%(added)s baris baru, %(changed)s baris berubah.") % {"added": done[0], "changed": done[1]}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a line."""
    acting, form = keeper(request), TariffLineForm(request.POST or None)
    return added(request, form, "tariff", acting=acting, now=timezone.now(), told=_("Baris tarif ditambahkan."))


def added(
    request: HttpRequest, form: LevyLineForm | TariffLineForm, name: str, *, acting: Acting, now: datetime, told: str
) -> HttpResponse:
    """The page ``name`` with a form for a line that is new; once it is saved, that line, with ``told`` on top."""
    if request.method == "POST" and form.is_valid():
        done = tariffs.save(request.user.institution, form.values, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, told)
            return redirect(f"orders:{name}", done.pk)
        refuse(form, done)
    return render(request, f"orders/money/{name}.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line: change it, or put a new version in its place; its versions and its record."""
    acting, now = keeper(request), timezone.now()
    body = request.user.institution
    found = get_object_or_404(TariffLine, pk=pk, institution=body)
    form = TariffLineForm(request.POST or None, initial=_kept(found))
    if request.method == "POST" and form.is_valid():
        if "replace" in request.POST:
            done = tariffs.replace(found, form.cleaned_data, acting=acting, now=now)
        else:
            done = tariffs.save(body, form.cleaned_data, line=found, acting=acting, now=now)
        if not isinstance(done, Refusal):
            messages.success(request, _("Baris tarif disimpan."))
            return redirect("orders:tariff", done.pk)
        refuse(form, done)
    return _line_page(request, found, form, VerifyForm())


def _line_page(request: HttpRequest, found: TariffLine, form: TariffLineForm, verify_form: VerifyForm) -> HttpResponse:
    every = list(TariffLine.objects.filter(institution=found.institution))
    context = {
        "form": form,
        "line": found,
        "used": tariffs.used(found),
        "clash": tariffs.overlapping(found, every),
        "versions": [row for row in every if row.code == found.code],
        "verify_form": verify_form,
        "told": events.told(found.institution, f"tariff:{found.code}"[:60]),
    }
    status = 422 if form.errors or verify_form.errors else 200
    return render(request, "orders/money/tariff.html", context, status=status)


@login_required
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a line was compared with the law; what cannot be kept is told at its field."""
    acting, now = keeper(request), timezone.now()
    found = get_object_or_404(TariffLine, pk=pk, institution=request.user.institution)
    form = VerifyForm(request.POST)
    if form.is_valid():
        on = found.institution.date_at(now)
        done = tariffs.verify(found, compared_with=form.cleaned_data["compared_with"], acting=acting, now=now, on=on)
        if not isinstance(done, Refusal):
            messages.success(request, _("Baris tarif ditandai sudah dibandingkan."))
            return redirect("orders:tariff", pk)
        refuse(form, done)
    return _line_page(request, found, TariffLineForm(initial=_kept(found)), form)


def _kept(found: TariffLine) -> dict[str, object]:
    return {name: getattr(found, name) for name in tariffs.FIELDS}
