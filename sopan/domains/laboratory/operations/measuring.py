"""Readings by a method are typed, kept as typed, computed and handed in. A change of what was kept leaves its trace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.people.models import User

from .. import access
from ..calculation import Calculated, PointResult
from ..measuring import judged, method_of, simulated, unread
from ..methods.model import SHEET_ROW
from ..models import (
    EquipmentCertificate,
    MeasuredPoint,
    MethodVersion,
    RawReading,
    ReadingCorrection,
    ResultVersion,
    StandardUse,
    WorkOrder,
)
from ..numbers import parse_condition, parse_number
from ..remarks import RAISED, SAME
from .drafts import draft_of, open_work, value_of

S = WorkOrder.State
SETTLED = timedelta(minutes=2)  # a reading that is changed sooner was still being typed
HEAD = ("place", "temperature_text", "humidity_text", "pressure_text", "deviation", "notes", "change_reason")


@dataclass(frozen=True, slots=True)
class PointTyped:
    """A point as typed: ``readings`` are texts by column, in the order of the repetitions."""

    point: str = ""
    stage: str = MeasuredPoint.Stage.AS_IS
    note: str = ""
    readings: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.note or any(text for texts in self.readings.values() for text in texts))


@dataclass(frozen=True, slots=True)
class Measured:
    """What the analyst typed on a sheet with a method."""

    method: MethodVersion
    unit: str
    points: Sequence[PointTyped] = ()
    whole: Mapping[str, Sequence[str]] = field(default_factory=dict)  # readings of the sheet
    fields: Mapping[str, str] = field(default_factory=dict)
    standards: Mapping[str, Sequence[EquipmentCertificate]] = field(default_factory=dict)
    instruments: Mapping[str, EquipmentCertificate] = field(
        default_factory=dict
    )  # read the conditions, see ``conditions``
    measured_from: date | None = None
    measured_to: date | None = None
    place: str = ""
    temperature_text: str = ""
    humidity_text: str = ""
    pressure_text: str = ""
    deviation: str = ""
    notes: str = ""
    change_reason: str = ""
    accredited: bool = True
    faults: Sequence[Refusal] = field(default=(), compare=False)  # why it cannot be handed in yet
    calculated: Calculated = field(default_factory=Calculated, compare=False)
    warnings: Sequence[Mapping[str, str]] = field(default=(), compare=False)  # remarks of the Monte Carlo check


@dataclass(frozen=True, slots=True)
class Unfit:
    """Results that cannot be handed in yet; ``measured.faults`` tells why, each at its place."""

    measured: Measured


def choose_method(
    work_order_id: int, version: MethodVersion | None, *, actor: User, now: datetime
) -> ResultVersion | Refusal:
    """Measure by a version of a method, or by none. Refused once something was read by another one.

    Side effects: the draft version.
    """
    with transaction.atomic():
        work = open_work(work_order_id, actor, now)
        if isinstance(work, Refusal):
            return work
        result = draft_of(work, now=now)
        if result.method_version_id == (version.pk if version else None):
            return result
        read = RawReading.objects.filter(point__result=result).exists() or result.observations.exists()
        same = version is not None and result.method_version is not None and result.method_version.code == version.code
        if read and not same:
            return Refusal("begun", _("Pembacaan sudah diisi; hapus dahulu sebelum mengganti metode."))
        result.method_version, result.saved_at = version, now
        result.save()
    return result


def save(work_order_id: int, typed: Measured, *, actor: User, now: datetime) -> ResultVersion | Refusal:
    """Keep what was typed, numbers or not; saving the same again changes nothing.

    Refused if the work is not his or not open. Side effects: the draft version, its points, readings and chosen
    standards and instruments; who typed a reading, and when, changes only where it changed; a correction for each reading that was kept
    for longer than ``SETTLED`` and is now another.
    """
    with transaction.atomic():
        work = open_work(work_order_id, actor, now)
        if isinstance(work, Refusal):
            return work
        result = draft_of(work, now=now)
        _write(result, typed, actor=actor, now=now)
    return result


def submit(work_order_id: int, typed: Measured, *, actor: User, now: datetime) -> ResultVersion | Unfit | Refusal:
    """Hand the results in with what is computed from them; from then on nobody changes this version.

    ``Unfit``, with what was typed kept, while a guard says no. Side effects: as ``save``; results, budgets and the
    standards behind each point are frozen; version and work order are submitted; journal entry.
    """
    saved = save(work_order_id, typed, actor=actor, now=now)
    if isinstance(saved, Refusal):
        return saved
    with transaction.atomic():
        work = open_work(work_order_id, actor, now)
        if isinstance(work, Refusal):
            return work
        acting = access.as_analyst(actor, work, now=now)
        assert acting is not None  # open_work asked
        result = work.results.get(version=work.version)
        typed = judged(typed, work, actor=actor, now=now)
        faults = [*typed.faults, *_change_faults(result, typed)]
        if faults:
            return Unfit(replace(typed, faults=tuple(faults)))
        result.corrections.filter(reason="").update(reason=typed.change_reason.strip())
        _freeze(result, simulated(typed))
        result.state, result.saved_at = ResultVersion.State.SUBMITTED, now
        result.submitted_at, result.submitted_by, result.submitted_name = now, actor, acting.name
        result.save()
        WorkOrder.objects.filter(pk=work.pk).update(state=S.SUBMITTED, remark="")
        data = {"sample": work.item.number, "parameter": work.parameter, "version": result.version}
        engine.note(work.item.order.case_id, acting=acting, code="laboratory.submitted", data=data, now=now)
    return result


def _change_faults(result: ResultVersion, typed: Measured) -> Iterator[Refusal]:
    """Kept readings were changed, and nobody has told why."""
    if result.corrections.filter(reason="").exists() and not typed.change_reason.strip():
        yield Refusal("no-reason", _("Pembacaan yang sudah tersimpan diubah. Tuliskan alasannya."), "id_change_reason")


# Writing --------------------------------------------------------------------------------------------------------------


def _write(result: ResultVersion, typed: Measured, *, actor: User, now: datetime) -> None:
    values: dict[str, Any] = {name: getattr(typed, name) for name in HEAD}
    values |= {"measured_from": typed.measured_from, "measured_to": typed.measured_to, "accredited": typed.accredited}
    values |= {"fields": {**typed.fields, "unit": typed.unit}, "method_version_id": typed.method.pk}
    for name in ("temperature", "humidity", "pressure"):
        values[name] = value_of(parse_condition(getattr(typed, f"{name}_text")))
    changed = _write_points(result, typed, actor=actor, now=now) | _write_standards(result, typed)
    if changed or any(getattr(result, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(result, name, value)
        result.saved_at = now
        result.save()


def _write_points(result: ResultVersion, typed: Measured, *, actor: User, now: datetime) -> bool:
    known = {point.row: point for point in result.points.prefetch_related("readings")}
    wanted = {row: one for row, one in enumerate(typed.points, 1) if one.point or not one.is_empty}
    if any(text for texts in typed.whole.values() for text in texts):
        wanted[SHEET_ROW] = PointTyped(readings=typed.whole)
    gone = [point for row, point in known.items() if row not in wanted]
    changed = _write_heads(result, wanted, known, unit=typed.unit)
    fresh: list[RawReading] = []
    left: list[int] = []
    corrections: list[ReadingCorrection] = []
    for row, point in known.items():
        old = {(one.column, one.repeat): one for one in point.readings.all()}
        texts = _texts(wanted[row]) if row in wanted else {}
        corrections += _corrections(result, row, old, texts, actor, now)
        left += [one.pk for place, one in old.items() if texts.get(place) != one.text]
        fresh += [
            _reading(point, place, text, typed.unit, actor, now)
            for place, text in texts.items()
            if place not in old or old[place].text != text
        ]
    RawReading.objects.filter(pk__in=left).delete()
    MeasuredPoint.objects.filter(pk__in=[point.pk for point in gone]).delete()
    RawReading.objects.bulk_create(fresh)
    ReadingCorrection.objects.bulk_create(corrections)
    return changed or bool(fresh or left or gone)


def _write_heads(
    result: ResultVersion, wanted: Mapping[int, PointTyped], known: dict[int, MeasuredPoint], *, unit: str
) -> bool:
    """Bring the rows of the points up to date; new ones are added to ``known``."""
    new, changed = [], []
    for row, one in wanted.items():
        head = {
            "stage": one.stage, "point_text": one.point, "point": value_of(parse_number(one.point)), "unit": unit, "note": one.note,
        }  # fmt: skip
        point = known.get(row)
        if point is None:
            new.append(MeasuredPoint(result=result, row=row, **head))
        elif any(getattr(point, name) != value for name, value in head.items()):
            for name, value in head.items():
                setattr(point, name, value)
            changed.append(point)
    MeasuredPoint.objects.bulk_update(changed, ["stage", "point_text", "point", "unit", "note"])
    known |= {point.row: point for point in MeasuredPoint.objects.bulk_create(new)}
    return bool(new or changed)


def _texts(one: PointTyped) -> dict[tuple[str, int], str]:
    """The readings that are there, by column and repetition."""
    return {
        (column, repeat): text
        for column, several in one.readings.items()
        for repeat, text in enumerate(several, 1)
        if text
    }


def _reading(
    point: MeasuredPoint, place: tuple[str, int], text: str, unit: str, actor: User, now: datetime
) -> RawReading:
    return RawReading(
        point=point, column=place[0], repeat=place[1], text=text, value=value_of(parse_number(text)), unit=unit,
        entered_by=actor, entered_at=now,
    )  # fmt: skip


def _corrections(
    result: ResultVersion, row: int, old: Mapping[tuple[str, int], RawReading], texts: Mapping[tuple[str, int], str],
    actor: User, now: datetime,
) -> list[ReadingCorrection]:  # fmt: skip
    """One for each reading that had settled and is now another, or none."""
    return [
        ReadingCorrection(
            result=result, row=row, column=place[0], repeat=place[1], old=one.text, new=texts.get(place, ""),
            entered_by_id=one.entered_by_id, entered_at=one.entered_at, changed_by=actor, changed_at=now,
        )
        for place, one in old.items()
        if texts.get(place) != one.text and now - one.entered_at > SETTLED
    ]  # fmt: skip


def _write_standards(result: ResultVersion, typed: Measured) -> bool:
    wanted = {(slot, one.pk) for slot, several in typed.standards.items() for one in several}
    wanted |= {(slot, one.pk) for slot, one in typed.instruments.items()}
    rows = {(one.slot, one.certificate_id): one.pk for one in result.standard_uses.filter(point=None)}
    gone = [key for place, key in rows.items() if place not in wanted]
    fresh = [StandardUse(result=result, slot=slot, certificate_id=key) for slot, key in sorted(wanted - set(rows))]
    StandardUse.objects.filter(pk__in=gone).delete()
    StandardUse.objects.bulk_create(fresh)
    return bool(gone or fresh)


def _freeze(result: ResultVersion, typed: Measured) -> None:
    """Results, budgets, and the certificate behind each point and slot."""
    points = {point.row: point for point in result.points.all()}
    uses: list[StandardUse] = []
    for one in typed.calculated.good:
        point = points[one.row]
        point.outcome, point.budget, point.conformity = one.outcome(), one.budget(), dict(one.conformity)
        point.warnings = warnings_of(one)
        uses += [
            StandardUse(result=result, slot=slot, certificate_id=key, point=point)
            for slot, key in one.certificates.items()
        ]
    MeasuredPoint.objects.bulk_update(points.values(), ["outcome", "budget", "conformity", "warnings"], batch_size=50)
    StandardUse.objects.bulk_create(uses)
    summary = [{"label": label, "value": value, "unit": unit} for label, value, unit in typed.calculated.summary]
    result.outcome = {"summary": summary, "warnings": [*typed.warnings, *unread(typed)]}
    result.method = f"{typed.method.name}; {_norms(typed)}"[:300]
    with translation.override("id"):  # of the record and the report; the analyst may read English
        result.standards = "\n".join(dict.fromkeys(_standard_lines(typed)))


def _norms(typed: Measured) -> str:
    return ", ".join(norm.name for norm in method_of(typed.method).norms)


def _standard_lines(typed: Measured) -> Iterable[str]:
    used = {key for one in typed.calculated.good for key in one.certificates.values()}
    for several in typed.standards.values():
        for one in several:
            if one.pk in used:
                equipment = one.equipment
                serial = (
                    _("no. seri %(number)s") % {"number": equipment.serial_number} if equipment.serial_number else ""
                )
                certificate = _("sertifikat %(number)s, %(issuer)s") % {"number": one.number, "issuer": one.issuer}
                yield ", ".join(part for part in (equipment.name, serial, certificate, one.traceability) if part)


def warnings_of(one: PointResult) -> list[dict[str, str]]:
    """What a reader of the budget should look at, see ``remarks``."""
    assert one.computed is not None
    found = []
    if one.raised:
        found.append({"code": RAISED})
    same = [line["label"] for line in one.budget() if line["kind"] == "A" and not line["u"]]
    if same:
        found.append({"code": SAME, "names": ", ".join(same)})
    return found
