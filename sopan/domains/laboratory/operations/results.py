"""Results are typed, kept as typed, handed in, and copied into a new version when they come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.people.models import User

from .. import access
from ..measuring import method_wanted
from ..models import Observation, ResultVersion, WorkOrder
from ..numbers import parse_condition, parse_number
from .drafts import copy_points, draft_of, open_work, value_of

S = WorkOrder.State
TEXTS = ("point", "unit", "reference_text", "indication_text", "note")


@dataclass(frozen=True, slots=True)
class Reading:
    """A row of the grid as typed. An empty one between others keeps its place."""

    point: str = ""
    unit: str = ""
    reference_text: str = ""
    indication_text: str = ""
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was read yet; a prepared point and unit alone are no reading."""
        return not (self.reference_text or self.indication_text or self.note)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the analyst typed about one work order."""

    rows: Sequence[Reading] = ()
    measured_from: date | None = None
    measured_to: date | None = None
    place: str = ""
    temperature_text: str = ""
    humidity_text: str = ""
    method: str = ""
    standards: str = ""
    notes: str = ""
    faults: Sequence[Refusal] = field(default=(), compare=False)  # why it cannot be handed in yet


def save(work_order_id: int, sheet: Sheet, *, actor: User, now: datetime) -> ResultVersion | Refusal:
    """Keep what was typed, numbers or not; saving the same again changes nothing.

    Refused if the work is not his or not open. Side effects: the draft version and its rows; who typed a row, and
    when, changes only where the row changed.
    """
    with transaction.atomic():
        work = open_work(work_order_id, actor, now)
        if isinstance(work, Refusal):
            return work
        result = draft_of(work, now=now)
        _write(result, sheet, actor=actor, now=now)
    return result


def submit(work_order_id: int, sheet: Sheet, *, actor: User, now: datetime) -> ResultVersion | Refusal:
    """Hand the results in; from then on nobody changes this version.

    Refused, with what was typed kept, while something is missing or unclear (``sheet.faults``), and where a method for
    this kind of instrument is in force: then the results are measured by it. Side effects: as
    ``save``; the version and the work order are submitted; journal entry.
    """
    saved = save(work_order_id, sheet, actor=actor, now=now)
    if isinstance(saved, Refusal):
        return saved
    if sheet.faults:
        return sheet.faults[0]
    with transaction.atomic():
        work = open_work(work_order_id, actor, now)
        if isinstance(work, Refusal):
            return work
        method = method_wanted(work, sheet.measured_to)
        if method is not None:
            return method
        acting = access.as_analyst(actor, work, now=now)
        assert acting is not None  # open_work asked
        result = work.results.get(version=work.version)
        result.state, result.saved_at = ResultVersion.State.SUBMITTED, now
        result.submitted_at, result.submitted_by, result.submitted_name = now, actor, acting.name
        result.save()
        WorkOrder.objects.filter(pk=work.pk).update(state=S.SUBMITTED, remark="")
        data = {"sample": work.item.number, "parameter": work.parameter, "version": result.version}
        engine.note(work.item.order.case_id, acting=acting, code="laboratory.submitted", data=data, now=now)
    return result


def return_work(work: WorkOrder, *, reason: str, released: bool = False, now: datetime) -> ResultVersion:
    """Open a new version as a copy of the current one, which stays as it was handed in; a ``released`` one stays approved
    until another one is. Side effects: both, work order."""
    old = work.results.select_for_update().get(version=work.version)
    rows = list(old.observations.all())
    if not released:
        ResultVersion.objects.filter(pk=old.pk).update(state=ResultVersion.State.SUPERSEDED)
    new = ResultVersion.objects.get(pk=old.pk)
    new.pk, new.version, new.state, new.saved_at = None, old.version + 1, ResultVersion.State.DRAFT, now
    new.submitted_at, new.submitted_by, new.submitted_name = None, None, ""
    new.outcome, new.change_reason = {}, ""
    new.save(force_insert=True)
    for row in rows:
        row.pk, row.result = None, new
    Observation.objects.bulk_create(rows)
    if new.method_version_id:
        copy_points(old.pk, new)
    WorkOrder.objects.filter(pk=work.pk).update(version=new.version, state=S.MEASURING, remark=reason)
    return new


def _write(result: ResultVersion, sheet: Sheet, *, actor: User, now: datetime) -> None:
    changed = _write_rows(result, sheet.rows, actor=actor, now=now)
    values = {
        name: getattr(sheet, name)
        for name in (
            "measured_from",
            "measured_to",
            "place",
            "temperature_text",
            "humidity_text",
            "method",
            "standards",
            "notes",
        )
    }
    values |= {
        "temperature": value_of(parse_condition(sheet.temperature_text)),
        "humidity": value_of(parse_condition(sheet.humidity_text)),
    }
    if changed or any(getattr(result, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(result, name, value)
        result.saved_at = now
        result.save()


def _write_rows(result: ResultVersion, rows: Sequence[Reading], *, actor: User, now: datetime) -> bool:
    known = {row.row: row for row in result.observations.all()}
    changed = [
        _row(result, number, reading, actor, now)
        for number, reading in _filled(rows)
        if _differs(known.get(number), reading)
    ]
    gone = [row.pk for number, row in known.items() if number not in dict(_filled(rows))]
    Observation.objects.filter(pk__in=[*gone, *(known[row.row].pk for row in changed if row.row in known)]).delete()
    Observation.objects.bulk_create(changed)
    return bool(changed or gone)


def _filled(rows: Sequence[Reading]) -> list[tuple[int, Reading]]:
    return [(number, row) for number, row in enumerate(rows, 1) if any(getattr(row, name) for name in TEXTS)]


def _differs(known: Observation | None, reading: Reading) -> bool:
    return known is None or any(getattr(known, name) != getattr(reading, name) for name in TEXTS)


def _row(result: ResultVersion, number: int, reading: Reading, actor: User, now: datetime) -> Observation:
    return Observation(
        result=result,
        row=number,
        entered_by=actor,
        entered_at=now,
        reference=value_of(parse_number(reading.reference_text)),
        indication=value_of(parse_number(reading.indication_text)),
        **{name: getattr(reading, name) for name in TEXTS},
    )
