"""Reads around measuring by a method: which methods and standards there are, and what a typed sheet comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.domains.orders.models import Order
from sopan.people.models import User

from . import guards
from .calculation import Calculated, Decision, PointInput, calculate
from .conditions import readers_of, registered
from .methods import compute
from .methods.load import load
from .methods.model import SHEET_ROW, Method
from .models import Equipment, EquipmentCertificate, MethodVersion, ScopeLine, WorkOrder
from .numbers import parse_condition, parse_number
from .remarks import SIMULATED

if TYPE_CHECKING:
    from .operations.measuring import Measured, PointTyped


def method_of(version: MethodVersion) -> Method:
    """The method that a version holds; it was readable when it was published."""
    found = load(version.text, file=f"{version.code}.yaml")
    assert isinstance(found, Method), found
    return found


def versions_on(institution_id: int, day: date) -> list[MethodVersion]:
    """The versions in force on a day, one a method: the newest."""
    rows = MethodVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day), institution=institution_id, valid_from__lte=day
    )
    newest = {version.code: version for version in rows.order_by("code", "version")}
    return sorted(newest.values(), key=lambda version: version.name)


def fitting(work: WorkOrder, versions: Sequence[MethodVersion]) -> list[MethodVersion]:
    """The methods that are meant for this kind of instrument."""
    return [version for version in versions if work.item.order_item.kind in method_of(version).kinds]


def method_wanted(work: WorkOrder, day: date | None) -> Refusal | None:
    """Why the results cannot be a free table, or None: on that day a method for this kind of instrument was in force."""
    versions = versions_on(work.item.order.institution_id, day) if day else []
    kinds = {version.pk: method_of(version).kinds for version in versions}
    return guards.needs_method(work, versions, kinds)


def certificates_for(method: Method, institution_id: int) -> dict[str, list[EquipmentCertificate]]:
    """For every slot the newest certificate of each piece of equipment that fits and is not disposed of."""
    kinds = {kind for slot in method.standards for kind in slot.kinds}
    rows = EquipmentCertificate.objects.filter(
        ~Q(equipment__status=Equipment.Status.DISPOSED), equipment__institution=institution_id, equipment__kind__in=kinds,
        withdrawn_at=None,
    )  # fmt: skip
    rows = rows.select_related("equipment").prefetch_related("equipment__checks", "equipment__certificates")
    newest = {one.equipment_id: one for one in rows.order_by("equipment__code", "version")}
    return {
        slot.name: [one for one in newest.values() if one.equipment.kind in slot.kinds] for slot in method.standards
    }


def instruments_for(method: Method, laboratory_id: int, day: date | None) -> dict[str, EquipmentCertificate]:
    """For every part of the conditions the only instrument of the laboratory that can be used on that day, if it is only
    one; none without a day."""
    found = {}
    for slot, several in registered(method, laboratory_id).items() if day else ():
        good = [one for _equipment, one in several if one is not None and guards.standard_fault(one, day) is None]
        if len(good) == 1:
            found[slot] = good[0]
    return found


def decision_of(order: Order) -> Decision:
    """The decision rule that the customer chose."""
    share = order.in_tolerance if order.risk == Order.Risk.GLOBAL else None
    return Decision(order.decision_rule, order.guard_fraction or Decimal(0), order.rule_text, share)


def days_of(typed: Measured) -> list[date]:
    """The first and the last day of the measurement."""
    return sorted({day for day in (typed.measured_from, typed.measured_to) if day is not None})


def calculated(typed: Measured, work: WorkOrder) -> Calculated:
    """What the sheet comes to as it is now; numbers that are missing are told at their point."""
    method = method_of(typed.method)
    points = [PointInput(SHEET_ROW, None, _numbers(typed.whole))]
    points += [
        PointInput(row, _float(one.point), _numbers(one.readings), one.stage)
        for row, one in enumerate(typed.points, 1)
        if not one.is_empty
    ]
    lines = ScopeLine.objects.filter(institution=typed.method.institution_id, method=typed.method.code)
    scope = guards.scope_on(list(lines), days_of(typed)) if typed.accredited else []
    return calculate(
        method,
        points,
        unit=typed.unit,
        given=_given(method, typed),
        choices={field.name: typed.fields.get(field.name, "") for field in method.fields if field.options},
        certificates=typed.standards,
        scope=scope,
        decision=decision_of(work.item.order),
    )


def _given(method: Method, typed: Measured) -> dict[str, float]:
    """Fields and environment as numbers; what is missing is left out, what may be missing is 0."""
    given: dict[str, float] = {}
    for field in method.fields:
        if field.options:
            continue
        text = typed.fields.get(field.name, "")
        value = 0.0 if field.optional and not text else _float(text)
        if value is not None:
            given[field.name] = value
    for name in method.environment:
        parsed = parse_condition(getattr(typed, f"{name}_text"))
        if not isinstance(parsed, Refusal):
            given[name] = float(parsed)
    return given


def _float(text: str) -> float | None:
    parsed = parse_number(text)
    return None if isinstance(parsed, Refusal) else float(parsed)


def _numbers(readings: Mapping[str, Sequence[str]]) -> dict[str, list[float]]:
    """The readings of each column; a column with a gap or with something that is no number has none."""
    found = {}
    for column, texts in readings.items():
        values = [_float(text) for text in texts]
        found[column] = [value for value in values if value is not None] if None not in values else []
    return found


# What keeps a sheet from being handed in --------------------------------------------------------------------------------


def judged(typed: Measured, work: WorkOrder, *, actor: User, now: datetime) -> Measured:
    """The sheet with its results and with all that keeps it from being handed in."""
    done = replace(typed, calculated=calculated(typed, work))
    faults = [*typed.faults, *_typed_faults(done, work, now), *_guards(done, work, actor)]
    unique = {(fault.field, fault.message): fault for fault in faults}
    return replace(done, faults=tuple(unique.values()))


def simulated(typed: Measured) -> Measured:
    """The sheet with the warning of the Monte Carlo check, at the point with the largest uncertainty."""
    good = typed.calculated.good
    if not good:
        return typed
    one = max(good, key=lambda point: point.computed.expanded if point.computed else 0.0)
    assert one.computed is not None
    found = compute.checked(method_of(typed.method), one.computed)
    if found is None:
        return typed
    low, high = (f"{end:.6g}" for end in found.interval)
    remark = {"code": SIMULATED, "low": low, "high": high, "point": f"{one.point:g}"}
    return replace(typed, warnings=(remark,))


def unread(typed: Measured) -> list[dict[str, str]]:
    """A remark for each part of the conditions for which no instrument is named: the laboratory has none."""
    return [
        {"code": reader.remark}
        for reader in readers_of(method_of(typed.method))
        if reader.slot not in typed.instruments
    ]


def _typed_faults(typed: Measured, work: WorkOrder, now: datetime) -> Iterator[Refusal]:
    method = method_of(typed.method)
    yield from _date_faults(typed, work, now)
    if not typed.place.strip():
        yield Refusal("missing", _("Isi tempat kalibrasi."), "id_place")
    for name in method.environment:
        parsed = parse_condition(getattr(typed, f"{name}_text"))
        if isinstance(parsed, Refusal):
            yield replace(parsed, field=f"id_{guards.PLACES[name]}")
    yield from _field_faults(method, typed)
    filled = [(row, one) for row, one in enumerate(typed.points, 1) if one.point or not one.is_empty]
    if not any(not one.is_empty for _row, one in filled):
        yield Refusal("no-rows", _("Isi sekurangnya satu titik ukur."), "point-1")
    for row, one in filled:
        yield from _point_faults(method, row, one)
    for column in method.sheet_readings:
        yield from _reading_faults(column.name, typed.whole.get(column.name, ()), column.repeats, row=SHEET_ROW)


def _date_faults(typed: Measured, work: WorkOrder, now: datetime) -> Iterator[Refusal]:
    zone = ZoneInfo(work.item.order.institution.zone)
    came = work.item.received_at.astimezone(zone).date() if work.item.received_at else date.min
    for name in ("measured_from", "measured_to"):
        value = getattr(typed, name)
        if value is None:
            yield Refusal("date", _("Isi tanggalnya."), f"id_{name}")
        elif value > now.astimezone(zone).date():
            yield Refusal("date", _("Tanggal ini belum tiba."), f"id_{name}")
        elif value < came:
            yield Refusal("date", _("Tanggal ini mendahului penerimaan alat."), f"id_{name}")
    if typed.measured_from and typed.measured_to and typed.measured_from > typed.measured_to:
        yield Refusal("date", _("Selesai tidak dapat mendahului mulai."), "id_measured_to")


def _field_faults(method: Method, typed: Measured) -> Iterator[Refusal]:
    for field in method.fields:
        text = typed.fields.get(field.name, "")
        if field.options:
            if text not in field.options:
                yield Refusal("missing", _("Pilih salah satu."), f"f_{field.name}")
            continue
        if field.optional and not text:
            continue
        parsed = parse_number(text)
        if isinstance(parsed, Refusal):
            yield replace(parsed, field=f"f_{field.name}")
        elif parsed < 0 and not field.signed:
            yield Refusal("negative", _("Angka ini tidak boleh negatif."), f"f_{field.name}")


def _point_faults(method: Method, row: int, one: PointTyped) -> Iterator[Refusal]:
    parsed = parse_number(one.point)
    if isinstance(parsed, Refusal):
        yield replace(parsed, field=f"point-{row}")
    for column in method.readings:
        yield from _reading_faults(column.name, one.readings.get(column.name, ()), column.repeats, row=row)


def _reading_faults(column: str, texts: Sequence[str], repeats: int, *, row: int) -> Iterator[Refusal]:
    for repeat in range(1, repeats + 1):
        parsed = parse_number(texts[repeat - 1] if repeat <= len(texts) else "")
        if isinstance(parsed, Refusal):
            yield replace(parsed, field=f"r_{column}_{repeat}-{row}")


def _guards(typed: Measured, work: WorkOrder, actor: User) -> Iterator[Refusal]:
    method, days = method_of(typed.method), days_of(typed)
    yield from guards.of_method(typed.method, days)
    yield from guards.of_competence(actor, typed.method, days)
    yield from guards.of_standards(method, typed.standards, days)
    known = {slot for slot, several in registered(method, work.laboratory_id).items() if several}
    yield from guards.of_instruments(
        method, typed.instruments, days, laboratory_id=work.laboratory_id, registered=known
    )
    texts = {name: getattr(typed, f"{name}_text") for name in method.environment}
    yield from guards.of_environment(method, texts, typed.deviation)
    yield from guards.of_scope(
        typed.calculated.points, accredited=typed.accredited, consent=work.item.order.accepts_unaccredited
    )
    for point in typed.calculated.points:
        if point.fault is not None:
            yield replace(point.fault, field=f"point-{point.row}")
