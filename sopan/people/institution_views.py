"""Screens of the calendar and the settings of the institution. All staff see the calendar; managers change things."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sopan.core.workcalendar import DayHours, WorkingCalendar
from sopan.people import access, keeping
from sopan.people.calendars import YEARS, calendar_of
from sopan.people.forms import DayForm, SettingForm
from sopan.people.models import Institution
from sopan.people.views import answer, managing, refused, tell


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """Office hours and the closed and opened days of a year (``?tahun=``); managers add days."""
    now = timezone.now()
    if request.user.is_customer:
        raise Http404
    may_change = access.may_manage(request.user, request.user.institution, now=now) is None
    form = DayForm(request.POST or None)
    if request.method == "POST":
        managing(request)
        if form.is_valid() and _keep_day(request, form):
            return redirect("calendar")
    institution = request.user.institution
    year = _year(request.GET.get("tahun", ""), timezone.localtime(now).year)
    context = {"form": form, "may_change": may_change, "year": year, "years": (year - 1, year + 1)}
    return answer(request, "people/calendar.html", context | _shown(institution, year), form)


def _keep_day(request: HttpRequest, form: DayForm) -> bool:
    given = form.cleaned_data
    done = keeping.set_day(
        request.user.institution,
        given["date"],
        kind=given["kind"],
        name=given["name"],
        source=given["source"],
        by=request.user,
        now=timezone.now(),
    )
    if refused(form, done):
        return False
    tell(request, done, _("Kalender diubah."))
    return True


def _year(text: str, current: int) -> int:
    return next((year for year in YEARS if str(year) == text), current)


def _shown(institution: Institution, year: int) -> dict[str, Any]:
    """Hours by weekday, seasons, and the special days of a year; days of the institution's own can be removed."""
    known = calendar_of(institution)
    own = {str(row["date"]) for kind in keeping.LISTS for row in institution.calendar.get(kind) or ()}
    special = {**dict.fromkeys(known.closed, "closed"), **dict.fromkeys(known.opened, "opened")}
    days = [
        {
            "date": day,
            "kind": special[day],
            "why": known.opened[day] if special[day] == "opened" else known.closed[day],
            "own": day.isoformat() in own,
        }
        for day in sorted(special)
        if day.year == year
    ]
    return {"calendar": known, "week": _week(known), "days": days}


def _week(known: WorkingCalendar) -> list[tuple[str, str]]:
    names = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))
    return [(name, _clock(known.week.get(day, ())) or _("libur")) for day, name in enumerate(names)]


def _clock(hours: DayHours) -> str:
    """((450, 720), (780, 960)) -> "07.30–12.00, 13.00–16.00"."""
    return ", ".join(f"{begin // 60:02d}.{begin % 60:02d}–{end // 60:02d}.{end % 60:02d}" for begin, end in hours)


@login_required
@require_POST
def calendar_forget(request: HttpRequest, day: str) -> HttpResponse:
    """Remove the institution's own word on a day."""
    now = managing(request)
    try:
        wanted = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    done = keeping.forget_day(request.user.institution, wanted, by=request.user, now=now)
    tell(request, done, _("Ketetapan dihapus; daftar nasional berlaku lagi."))
    return redirect("calendar")


@login_required
@require_safe
def settings_list(request: HttpRequest) -> HttpResponse:
    """Settings with their source; what nobody has confirmed is marked."""
    managing(request)
    return render(request, "people/settings.html", {"settings": _settings(request.user.institution)})


def _settings(institution: Institution) -> list[dict[str, Any]]:
    rows = []
    for key, held in sorted(institution.settings.items()):
        held = held if isinstance(held, dict) else {"value": held}
        rows.append({"key": key, "label": label_of(key), **held, "words": words_of(held.get("value"))})
    return rows


def words_of(value: object) -> str:
    """What a chosen value means; any other value is shown as it is."""
    known = {
        "none": _("Tidak ada"),
        "prompt": _("Diminta, boleh dilewati"),
        "required": _("Wajib"),
        "working": _("Hari kerja"),
        "calendar": _("Hari kalender"),
        "analysts": _("Analis"),
        "laboratory": _("Analis; Penyelia dan Manajer Teknis dengan pencatatan"),
        "before_work": _("Sebelum pekerjaan dimulai"),
        "before_release": _("Sebelum laporan diterbitkan"),
        "on_handover": _("Saat penyerahan"),
        "per_contract": _("Menurut perjanjian"),
        "log": _("Dicatat saja, tidak dikirim"),
        "no_certificate": _("Tidak diterbitkan"),
        "certificate": _("Diterbitkan dengan pernyataan tidak memenuhi"),
    }
    return known.get(str(value), str(value))


def label_of(key: str) -> str:
    """What a setting is called; one that is not known here is called by its key."""
    known = {
        "billing_expiry_days": _("Masa berlaku kode billing (hari)"),
        "survey_gate": _("Survei sebelum mengunduh laporan"),
        "auto_close_days": _("Order ditutup sendiri setelah (hari)"),
        "open_applications": _("Permohonan pelanggan yang boleh menunggu petugas, per layanan"),
        "day_kind": _("Arti “hari” tanpa keterangan"),
        "payment_policy": _("Waktu pembayaran pesanan"),
        "complaint_acknowledge_days": _("Konfirmasi pengaduan (hari kerja)"),
        "complaint_answer_days": _("Jawaban pengaduan (hari kerja)"),
        "complaint_positions": _("Jabatan yang menangani pengaduan"),
        "whatsapp_provider": _("Penyedia pesan WhatsApp"),
        "failed_goods": _("Sertifikat Mutu untuk barang yang tidak memenuhi standar"),
        "works_blind": _("Siapa yang bekerja tanpa mengetahui nama pelanggan"),
        "quality_manager": _("Jabatan yang melihat pembukaan identitas pelanggan"),
    }
    return known.get(key, key)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: HttpRequest, key: str) -> HttpResponse:
    """Change one setting with its source."""
    now = managing(request)
    institution = request.user.institution
    if key not in institution.settings:
        raise Http404
    held = next(row for row in _settings(institution) if row["key"] == key)
    form = SettingForm(request.POST or None, held=held)
    if held.get("choices"):
        form.fields["value"].choices = [(choice, words_of(choice)) for choice in held["choices"]]
    if form.is_valid():
        done = keeping.change_setting(institution, key, **form.cleaned_data, by=request.user, now=now)
        if not refused(form, done):
            tell(request, done, _("Setelan diubah."))
            return redirect("settings")
    return answer(request, "people/setting.html", {"form": form, "setting": held}, form)
