"""Reads of the registers: what is due, and which results a standard stands behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from sopan.core.flow import Refusal

from .conditions import SLOTS
from .guards import doubt
from .models import Equipment, EquipmentCertificate, EquipmentCheck, Report, ResultVersion, StandardUse

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
    """The last day on which the equipment was known to be right, before what went wrong last: a check that failed, or a
    certificate that was withdrawn, of which nothing is known from its first day on.

    A good check on the day of a failure does not count: it may have come after the repair.
    """
    failed = equipment.checks.filter(outcome=EquipmentCheck.Outcome.FAILED).order_by("on", "pk").last()
    withdrawn = equipment.certificates.exclude(withdrawn_at=None).order_by("withdrawn_at").last()
    if withdrawn is not None and (failed is None or withdrawn.withdrawn_at > failed.at):
        return withdrawn.calibrated_on
    checks = equipment.checks.filter(outcome=EquipmentCheck.Outcome.PASSED)
    calibrations = equipment.certificates.filter(withdrawn_at=None)
    if failed is not None:
        checks, calibrations = checks.filter(on__lt=failed.on), calibrations.filter(calibrated_on__lt=failed.on)
    days = [*checks.values_list("on", flat=True), *calibrations.values_list("calibrated_on", flat=True)]
    return max(days, default=None)


def concerned(equipment: Equipment, *, since: date | None = None) -> list[Concerned]:
    """Every version of results that used it, for a point or to read the conditions, in any state but a draft, measured
    since a day; the newest first."""
    handed_in = Q(slot__in=SLOTS) & ~Q(result__state=ResultVersion.State.DRAFT)
    rows = StandardUse.objects.filter(handed_in | Q(point__isnull=False), certificate__equipment=equipment)
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


def doubts(result: ResultVersion) -> list[Refusal]:
    """What was learned of the standards of a result after it was measured, one for each certificate."""
    if result.measured_from is None or result.measured_to is None:
        return []
    rows = EquipmentCertificate.objects.filter(uses__result=result).distinct().order_by("pk")
    rows = rows.select_related("equipment").prefetch_related("equipment__checks")
    found = (doubt(one, result.measured_from, result.measured_to) for one in rows)
    return [one for one in found if one is not None]
