"""What the body promises who waited too long, for which orders it is due, and that it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.model import ActorKind
from sopan.engine import clock
from sopan.engine.access import Acting
from sopan.engine.models import Case, Task
from sopan.people.models import Institution

from ..models import CompensationGiven, CompensationRule
from ..service import events
from ..service.periods import Period
from . import figures, turnaround

FIELDS = ("service", "more_than", "up_to", "unit", "form", "needs_handover", "source", "verified", "active")


@dataclass(frozen=True, slots=True)
class Owed:
    """An order that was late beyond a rule. ``late`` is in working minutes of the staff alone."""

    case: Case
    late: int
    rule: CompensationRule
    given: CompensationGiven | None


def fits(rule: CompensationRule, late: int, *, per_day: int) -> bool:
    """Whether a rule is for this much lateness (working minutes)."""
    each = per_day if rule.unit == CompensationRule.Unit.DAY else 1
    return late > rule.more_than * each and (rule.up_to is None or late <= rule.up_to * each)


def lateness(institution: Institution, case_ids: list[int]) -> dict[int, int]:
    """Working minutes by which the staff's steps of each case were done after their due times, added up."""
    late = dict.fromkeys(case_ids, 0)
    done = Task.objects.filter(
        case_id__in=case_ids, status=Task.Status.DONE, due_at__isnull=False, binding__kind=ActorKind.STAFF.value
    )
    for case, due, at in done.values_list("case_id", "due_at", "completed_at"):
        if at is not None and at > due:
            late[case] += clock.worked(institution.pk, institution.calendar_revision, due, at)
    return late


def owed(institution: Institution, slug: str, period: Period) -> list[Owed]:
    """The orders finished in a period that were late beyond a rule, the latest first."""
    rules = list(CompensationRule.objects.filter(institution=institution, service=slug, active=True))
    if not rules:
        return []
    late = lateness(institution, [case for case, _version in figures.finished(institution, slug, period)])
    per_day = turnaround.minutes_a_day(institution)
    chosen = {
        case: rule
        for case, minutes in late.items()
        if (rule := next((one for one in rules if fits(one, minutes, per_day=per_day)), None)) is not None
    }
    given = {row.case_id: row for row in CompensationGiven.objects.filter(case_id__in=chosen)}
    cases = Case.objects.filter(pk__in=chosen).select_related("company").order_by("-closed_at")
    return [Owed(case, late[case.pk], chosen[case.pk], given.get(case.pk)) for case in cases]


@transaction.atomic
def save(
    institution: Institution,
    values: Mapping[str, Any],
    *,
    rule: CompensationRule | None = None,
    acting: Acting,
    now: datetime,
) -> CompensationRule | Refusal:
    """Add a rule or change one. Side effects: the rule, an event."""
    if not str(values["source"]).strip():
        return Refusal("source-missing", _("Isi dasar aturan ini."), "source")
    if values["up_to"] is not None and values["up_to"] <= values["more_than"]:
        return Refusal("range", _("Batas atas harus lebih besar daripada batas bawah."), "up_to")
    row = rule or CompensationRule(institution=institution)
    for name in FIELDS:
        setattr(row, name, values[name])
    row.changed_at, row.changed_by_name = now, acting.name
    row.save()
    told = {"form": row.form, "values": {name: str(values[name]) for name in FIELDS}}
    events.record(institution, "compensation", "compensation_changed", acting=acting, now=now, **told)
    return row


def give(one: Owed, *, receiver: str, acting: Acting, now: datetime) -> CompensationGiven | Refusal:
    """Record that a promise was kept, once an order. Side effects: the row, an event."""
    if one.rule.needs_handover and len(receiver.strip()) < 2:
        return Refusal("receiver", _("Isi nama penerima."), "receiver")
    try:
        with transaction.atomic():
            row = CompensationGiven.objects.create(
                rule=one.rule,
                case=one.case,
                late_minutes=one.late,
                receiver=receiver.strip()[:200],
                given_at=now,
                given_by_name=acting.name,
            )
            told = {"form": one.rule.form, "receiver": row.receiver, "case": one.case.pk}
            events.record(
                one.case.institution_id, f"case:{one.case.pk}", "compensation_given", acting=acting, now=now, **told
            )
    except IntegrityError:
        return Refusal("given", _("Kompensasi pesanan ini sudah diberikan."))
    return row
