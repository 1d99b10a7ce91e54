"""Reads of the registers: what is due, and which results a standard stands behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from .models import Equipment, EquipmentCertificate, EquipmentCheck, Report, StandardUse

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Due:
    """A piece of equipment with what it needs next; ``day`` None: it has no certificate."""

    equipment: Equipment
    certificate: EquipmentCertificate | None
    day: date | None
    what: str  # "certificate", "check", "missing"
    left: int | None

    @property
    def tone(self) -> str:
        if self.left is None or self.left < 0:
            return "bad"
        return "warn" if self.left <= SOON.days else "ok"


def due_list(rows: QuerySet[Equipment], *, today: date) -> list[Due]:
    """What is used, the most overdue first. Each asks for what comes first: the end of its certificate or its check."""
    used = (
        rows.filter(status=Equipment.Status.IN_USE)
        .select_related("laboratory")
        .prefetch_related("certificates", "checks")
    )
    found = [_due(one, today) for one in used]
    return sorted(found, key=lambda due: (due.left is not None, due.left or 0, due.equipment.code))


def _due(equipment: Equipment, today: date) -> Due:
    newest = next((one for one in equipment.certificates.all() if one.withdrawn_at is None), None)
    if newest is None:
        return Due(equipment, None, None, "missing", None)
    day, what = newest.valid_to, "certificate"
    if equipment.check_months:
        checks = [one.on for one in equipment.checks.all() if one.on >= newest.calibrated_on]
        check = max([newest.calibrated_on, *checks]) + timedelta(days=round(equipment.check_months * 30.44))
        if check < day:
            day, what = check, "check"
    return Due(equipment, newest, day, what, (day - today).days)


@dataclass(frozen=True, slots=True)
class Concerned:
    """A version of results behind which a standard stands, with what left the house because of it."""

    use: StandardUse
    reports: tuple[Report, ...]

    @property
    def result(self):  # type: ignore[no-untyped-def]
        return self.use.result


def last_good_day(equipment: Equipment) -> date | None:
    """The last day on which the equipment was known to be right: its last good check or calibration before the failure."""
    failed = equipment.checks.filter(outcome=EquipmentCheck.Outcome.FAILED).order_by("on").last()
    before = failed.on if failed else None
    checks = equipment.checks.filter(outcome=EquipmentCheck.Outcome.PASSED)
    checks = checks.filter(on__lte=before) if before else checks
    days = [*checks.values_list("on", flat=True), *_calibrations(equipment, before)]
    return max(days, default=None)


def _calibrations(equipment: Equipment, before: date | None) -> Sequence[date]:
    rows = equipment.certificates.all()
    return list((rows.filter(calibrated_on__lte=before) if before else rows).values_list("calibrated_on", flat=True))


def concerned(equipment: Equipment, *, since: date | None = None) -> list[Concerned]:
    """Every version of results that used it, in any state, measured since a day; the newest first."""
    rows = StandardUse.objects.filter(certificate__equipment=equipment).exclude(point=None)
    if since is not None:
        rows = rows.filter(result__measured_to__gte=since)
    rows = rows.select_related(
        "certificate", "result__work_order__item__order__company", "result__work_order__item__order_item",
        "result__work_order__laboratory", "result__method_version",
    ).order_by("-result__measured_to", "-result_id", "pk")  # fmt: skip
    first: dict[tuple[int, int], StandardUse] = {}
    for use in rows:
        first.setdefault((use.result_id, use.certificate_id), use)
    reports = Report.objects.filter(item__in=[use.result.work_order.item_id for use in first.values()])
    by_item: dict[int, list[Report]] = {}
    for report in reports.order_by("version"):
        by_item.setdefault(report.item_id, []).append(report)
    return [Concerned(use, tuple(by_item.get(use.result.work_order.item_id, ()))) for use in first.values()]
