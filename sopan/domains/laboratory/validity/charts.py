"""Control charts are set up, measured and given limits; a rule that is broken opens a finding.

Points are only added; one that was taken by mistake is withdrawn with a reason and no longer counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.measurement import control
from sopan.people.models import User

from .. import register_access
from ..models import ChartLimits, ChartPoint, ControlChart, Equipment, Finding, Laboratory
from ..numbers import parse_number
from . import access, findings, judging

EARLIEST = 1990  # year of a measurement that is entered; what is typed as the year 1 has no time in every zone
HEAD = ("name", "method", "check_standard", "instrument", "quantity", "unit", "rules", "note")


def set_up(laboratory: Laboratory, *, head: Mapping[str, str], by: str, now: datetime) -> ControlChart | Refusal:
    """Begin a chart. Refused if the laboratory has one of that name. Side effects: the row."""
    try:
        with transaction.atomic():
            return ControlChart.objects.create(
                institution=laboratory.institution, laboratory=laboratory, created_at=now, created_name=by,
                **{name: head[name] for name in HEAD},
            )  # fmt: skip
    except IntegrityError:
        return Refusal("name-taken", _("Laboratorium ini sudah punya bagan dengan nama itu."), "name")


@dataclass(frozen=True, slots=True)
class Typed:
    """A point as typed; ``equipment`` None: measured with the instrument of the chart."""

    text: str
    taken_at: datetime
    equipment: Equipment | None = None
    note: str = ""


def add_point(chart: ControlChart, typed: Typed, *, actor: User | None, by: str, now: datetime) -> ChartPoint | Refusal:
    """Add a point and judge the chart. Side effects: the row; findings where a rule is broken.

    Refusals: what is no number, past, future, closed, same (the same press twice).
    """
    value = parse_number(typed.text)
    if isinstance(value, Refusal):
        return Refusal(value.code, value.message, "text")
    if typed.taken_at.year < EARLIEST:
        return Refusal("past", _("Tahun ini terlalu lampau."), "on")
    if typed.taken_at > now:
        return Refusal("future", _("Waktu ini belum tiba."), "on")
    with transaction.atomic():
        locked = ControlChart.objects.select_for_update().get(pk=chart.pk)
        fault = _not_addable(locked, typed)
        if fault is not None:
            return fault
        last = locked.points.aggregate(last=Max("number"))["last"] or 0
        made = ChartPoint.objects.create(
            chart=locked, number=last + 1, taken_at=typed.taken_at, text=typed.text.strip()[:60], value=value,
            limits=locked.limits.first(), equipment=typed.equipment, note=typed.note.strip()[:300],
            instrument=str(typed.equipment or locked.instrument)[:220], entered_by=actor, entered_name=by, entered_at=now,
        )  # fmt: skip
        _judge(locked, made.limits, now=now)
    return made


def _not_addable(chart: ControlChart, typed: Typed) -> Refusal | None:
    if chart.closed_at is not None:
        return Refusal("closed", _("Bagan ini sudah ditutup."), "text")
    same = chart.points.filter(taken_at=typed.taken_at, text=typed.text.strip(), withdrawn_at=None)
    if same.exists():
        return Refusal("same", _("Titik dengan waktu dan nilai ini sudah tercatat."), "text")
    return None


def _judge(chart: ControlChart, limits: ChartLimits | None, *, now: datetime) -> list[Finding]:
    if limits is None:
        return []
    fired = judging.fired(chart.rules, limits, list(limits.points.all()))
    return findings.open_for_chart(chart, fired, now=now)


def set_limits(
    chart: ControlChart, *, first_day: date, last_day: date, reason: str, actor: User | None, by: str, now: datetime
) -> ChartLimits | Refusal:
    """Set a version of limits from a reference period; points from now on are judged by it, and those after the period
    that no limits judged yet. Earlier versions and what was judged by them stay.

    Side effects: the row, points, findings. Refusals: order, no-reason, closed, few, no-spread, findings-open.
    """
    if last_day < first_day:
        return Refusal("order", _("Hari terakhir tidak dapat mendahului hari pertama."), "last_day")
    if not reason.strip():
        return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
    zone = ZoneInfo(chart.institution.zone)
    with transaction.atomic():
        locked = ControlChart.objects.select_for_update().get(pk=chart.pk)
        if locked.closed_at is not None:
            return Refusal("closed", _("Bagan ini sudah ditutup."), "first_day")
        counted = [point for point in locked.points.all() if point.withdrawn_at is None]
        chosen = [one for one in counted if first_day <= one.taken_at.astimezone(zone).date() <= last_day]
        limits = _computed(locked, chosen)
        if isinstance(limits, Refusal):
            return limits
        newest = locked.limits.first()
        made = ChartLimits.objects.create(
            chart=locked, version=newest.version + 1 if newest else 1, first_day=first_day, last_day=last_day,
            count=len(chosen), mean=limits.mean, s=limits.s, provisional=limits.provisional, reason=reason.strip()[:500],
            set_by=actor, set_name=by, set_at=now,
        )  # fmt: skip
        later = [one.pk for one in counted if one.limits_id is None and one.taken_at.astimezone(zone).date() > last_day]
        ChartPoint.objects.filter(pk__in=later).update(limits=made)
        _judge(locked, made, now=now)
    return made


def _computed(chart: ControlChart, chosen: list[ChartPoint]) -> control.Limits | Refusal:
    """The limits of a reference period in control."""
    if len(chosen) < control.FEWEST:
        text = _("Masa acuan memuat %(count)s titik; perlu sekurangnya %(fewest)s.")
        return Refusal("few", text % {"count": len(chosen), "fewest": control.FEWEST}, "first_day")
    unfinished = Finding.objects.filter(point__chart=chart).exclude(state=Finding.State.CLOSED)
    numbers = {number for finding in unfinished for one in finding.signals for number in one["points"]}
    if any(point.number in numbers for point in chosen):
        text = _("Masa acuan memuat titik yang temuannya belum ditutup.")
        return Refusal("findings-open", text, "first_day")
    try:
        return control.limits([float(point.value) for point in chosen])
    except ValueError:
        return Refusal("no-spread", _("Semua titik pada masa acuan sama, sehingga tidak ada batas."), "first_day")


def withdraw_point(point: ChartPoint, *, reason: str, actor: User, now: datetime) -> ChartPoint | Refusal:
    """Let a point that was taken by mistake no longer count; it and its findings stay to be seen.

    Side effects: the row; findings, where the points around it break a rule without it. Refusals: not-found, no-reason,
    own-entry, withdrawn.
    """
    acting = register_access.keeper_of(actor, point.chart.laboratory, now=now)
    if acting is None:
        return Refusal("not-found", _("Titik ini tidak ada."))
    if not reason.strip():
        return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
    if (own := access.not_own(point, actor)) is not None:
        return own
    with transaction.atomic():
        chart = ControlChart.objects.select_for_update().get(pk=point.chart_id)
        locked = ChartPoint.objects.select_related("limits").get(pk=point.pk)
        if locked.withdrawn_at is not None:
            return Refusal("withdrawn", _("Titik ini sudah ditarik."), "reason")
        locked.withdrawn_at, locked.withdrawn_name, locked.withdrawn_reason = now, acting.name, reason.strip()[:500]
        locked.save(update_fields=["withdrawn_at", "withdrawn_name", "withdrawn_reason"])
        _judge(chart, locked.limits, now=now)
    return locked


def end(chart: ControlChart, *, reason: str, by: str, now: datetime) -> ControlChart | Refusal:
    """Close a chart; it stays to be read. Refused while a finding is not closed. Side effects: the row."""
    if not reason.strip():
        return Refusal("no-reason", _("Tuliskan alasannya."), "reason")
    with transaction.atomic():
        locked = ControlChart.objects.select_for_update().get(pk=chart.pk)
        if locked.closed_at is not None:
            return Refusal("closed", _("Bagan ini sudah ditutup."), "reason")
        if Finding.objects.filter(point__chart=locked).exclude(state=Finding.State.CLOSED).exists():
            return Refusal("findings-open", _("Tutup dahulu temuan-temuan bagan ini."), "reason")
        locked.closed_at, locked.closed_name, locked.closed_reason = now, by, reason.strip()[:500]
        locked.save(update_fields=["closed_at", "closed_name", "closed_reason"])
    return locked


def z_of(point: ChartPoint) -> float | None:
    """Distance from the centre in standard deviations; None before there were limits."""
    return None if point.limits is None else judging.kernel(point.limits).z(float(point.value))
