"""The sheet of a method: from what was typed to ``Measured``, and back to a page that shows it again, faults at their cells.

The cells of a column share one name and come as lists, one a point, so that rows can be added, and a block pasted, without
counters: ``r_indication_1`` are the first readings of all points. Readings of the whole sheet are ``s_…``, fields ``f_…``,
chosen standards ``std_…``, the instruments that read the conditions ``env-…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.core.flow import Refusal
from sopan.people.models import User
from sopan.ui.fields import FieldError, row_id
from sopan.ui.formats import written
from sopan.ui.source import marked, sentence

from .conditions import SLOTS, readers_of, registered
from .forms import DATES, AskedForm
from .guards import standard_fault
from .measuring import certificates_for, days_of, instruments_for, judged, method_of
from .methods.model import SHEET_ROW, Method
from .models import EquipmentCertificate, MeasuredPoint, MethodVersion, ResultVersion, WorkOrder
from .operations.measuring import Measured, PointTyped

MAX_POINTS = 60
SPARE = 2
WIDE = 8  # more readings than this at one point: each point gets a table of its own
_CONTROL = re.compile(r"[\x00-\x1f\x7f\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
STAGES = [stage for stage in MeasuredPoint.Stage if stage != MeasuredPoint.Stage.AS_IS]


class HeadForm(AskedForm):
    """The head of a sheet with a method. Nothing is required here: a draft may be half empty."""

    asked = ("measured_from", "measured_to", "place", "temperature_text", "humidity_text", "pressure_text")

    measured_from = forms.DateField(label=gettext_lazy("Mulai kalibrasi"), required=False, input_formats=DATES)
    measured_to = forms.DateField(label=gettext_lazy("Selesai kalibrasi"), required=False, input_formats=DATES)
    place = forms.CharField(label=gettext_lazy("Tempat kalibrasi"), max_length=250, required=False)
    temperature_text = forms.CharField(label=gettext_lazy("Suhu ruang"), max_length=60, required=False)
    humidity_text = forms.CharField(label=gettext_lazy("Kelembapan relatif"), max_length=60, required=False)
    pressure_text = forms.CharField(label=gettext_lazy("Tekanan udara"), max_length=60, required=False)
    deviation = forms.CharField(
        label=gettext_lazy("Penyimpangan dari metode dan alasannya"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    outside_scope = forms.BooleanField(
        label=gettext_lazy("Laporkan di luar lingkup akreditasi (tanpa tanda akreditasi)"), required=False
    )
    adjusted = forms.BooleanField(
        label=gettext_lazy("Alat disetel: catat keadaan sebelum dan sesudah penyetelan"), required=False
    )
    change_reason = forms.CharField(label=gettext_lazy("Alasan perubahan pembacaan"), max_length=500, required=False)
    notes = forms.CharField(
        label=gettext_lazy("Catatan"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, method: Method, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "pressure" not in method.environment:
            del self.fields["pressure_text"]
            self.asked = tuple(name for name in self.asked if name != "pressure_text")


@dataclass(frozen=True, slots=True)
class Cell:
    """One input, as typed, with what is wrong with it."""

    id: str
    name: str
    label: str
    value: str
    error: str = ""
    unit: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()
    optional: bool = False
    longest: int = 60


@dataclass(frozen=True, slots=True)
class Block:
    """A point with its cells: ``lines`` are rows of cells, one row for methods with few readings at a point."""

    row: int
    point: Cell
    note: Cell
    stage: str
    lines: tuple[tuple[Cell, ...], ...]
    error: str = ""

    @property
    def flat(self) -> list[Cell]:
        return [cell for line in self.lines for cell in line]


@dataclass(frozen=True, slots=True)
class Standard:
    """A certificate that may be chosen."""

    certificate: EquipmentCertificate
    chosen: bool
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    id: str
    label: str
    choices: tuple[Standard, ...]
    error: str = ""
    known: bool = True  # False: the laboratory has no such instrument


@dataclass(frozen=True)
class Typed:
    """A sheet as it was typed: for the page, and for the operations."""

    work: WorkOrder
    method: Method
    form: HeadForm
    measured: Measured
    raw: tuple[PointTyped, ...] = ()
    spare: int = 0
    unkept: tuple[Refusal, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)  # id of a place -> what is wrong there

    def judged(self, *, actor: User, now: datetime) -> Typed:
        """The same, with results, and with what keeps it from being handed in."""
        return replace(self, measured=judged(self.measured, self.work, actor=actor, now=now))

    def with_faults(self) -> Typed:
        """The same, with every fault told at its place."""
        told: dict[str, str] = {}
        for fault in self.measured.faults:
            told.setdefault(fault.field, fault.message)
        for name in self.form.fields:
            if f"id_{name}" in told and name not in self.form.errors:
                self.form.add_error(name, told[f"id_{name}"])
        return replace(self, told=told)

    @property
    def wide(self) -> bool:
        return sum(column.repeats for column in self.method.readings) > WIDE

    @property
    def errors(self) -> list[FieldError]:
        """What is wrong, each with the place that it means, from the top of the page to its end."""
        places = {"metode": _("Metode")} | {f"id_{name}": str(one.label) for name, one in self.form.fields.items()}
        places |= {slot.id: slot.label for slot in self.slots} | {cell.id: cell.label for cell in self.fields}
        places |= {cell.id: cell.label for cell in self.whole_cells}
        places |= {cell.id: cell.label for block in self.blocks for cell in (block.point, *block.flat, block.note)}
        places |= {slot.id: slot.label for slot in self.instruments}
        order = {anchor: number for number, anchor in enumerate(places)}
        told = [FieldError(fault.field, places.get(fault.field, ""), fault.message) for fault in self.measured.faults]
        return sorted(told, key=lambda error: order.get(error.anchor, -1))

    # For the page ---------------------------------------------------------------------------------------------------------

    @property
    def unit(self) -> str:
        return self.measured.unit

    @property
    def columns(self) -> list[tuple[str, int]]:
        """Headings of the table of readings with the number of their cells."""
        named = (lambda one: one.label) if self.wide else lambda one: self._heading(one.label, one.unit)
        return [(named(column), column.repeats) for column in self.method.readings]

    def _heading(self, label: str, unit: str) -> str:
        return f"{label} ({unit or self.method.reading_unit(self.unit)})"

    @property
    def fields(self) -> list[Cell]:
        """The fields of the method."""
        return [
            Cell(
                f"f_{one.name}", f"f_{one.name}", one.label, self.measured.fields.get(one.name, ""),
                self.told.get(f"f_{one.name}", ""), self._unit_of(one.unit), _source(one.source, one.verified), one.options,
                one.optional,
            )
            for one in self.method.fields
        ]  # fmt: skip

    def _unit_of(self, unit: str) -> str:
        if unit == "1":
            return ""
        return self.method.reading_unit(self.unit) if unit == "satuan baca" else unit or self.unit

    @property
    def whole(self) -> list[tuple[str, list[Cell]]]:
        """The readings of the whole sheet, a list a column."""
        found = []
        for column in self.method.sheet_readings:
            texts = self.measured.whole.get(column.name, ())
            cells = [
                self._cell(f"r_{column.name}_{n}-{SHEET_ROW}", f"s_{column.name}", f"{column.label} {n}", _at(texts, n))
                for n in range(1, column.repeats + 1)
            ]
            found.append((self._heading(column.label, column.unit), cells))
        return found

    @property
    def whole_cells(self) -> list[Cell]:
        return [cell for _label, cells in self.whole for cell in cells]

    @property
    def blocks(self) -> list[Block]:
        """The points with their cells, and some empty ones."""
        spare = min(self.spare, 0 if self.spare == SPARE and self.raw else 1) if self.wide else self.spare
        rows = [*self.raw, *([PointTyped()] * spare)]
        return [self._block(number, one) for number, one in enumerate(rows, 1)]

    def _block(self, row: int, one: PointTyped) -> Block:
        point = self._cell(f"point-{row}", "point", _("Titik ukur, baris %(row)s") % {"row": row}, one.point)
        note = self._cell(f"note-{row}", "note", _("Catatan, baris %(row)s") % {"row": row}, one.note, longest=200)
        cells = {
            (column.name, n): self._cell(
                f"r_{column.name}_{n}-{row}", f"r_{column.name}_{n}",
                _("%(column)s %(n)s, baris %(row)s") % {"column": column.label, "n": n, "row": row},
                _at(one.readings.get(column.name, ()), n),
            )
            for column in self.method.readings
            for n in range(1, column.repeats + 1)
        }  # fmt: skip
        most = max(column.repeats for column in self.method.readings)
        if self.wide:
            lines = tuple(
                tuple(cells[column.name, n] for column in self.method.readings if n <= column.repeats)
                for n in range(1, most + 1)
            )
        else:
            lines = (tuple(cells.values()),)
        return Block(row, point, note, one.stage, lines)

    def _cell(self, id_: str, name: str, label: str, value: str, longest: int = 60) -> Cell:
        return Cell(id_, name, label, value, self.told.get(id_, ""), longest=longest)

    @property
    def instruments(self) -> list[Slot]:
        """What the conditions can have been read with, a list a part of them."""
        day = max(days_of(self.measured), default=None)
        known = registered(self.method, self.work.laboratory_id)
        found = []
        for reader in readers_of(self.method):
            slot, mine = reader.slot, self.measured.instruments.get(reader.slot)
            several = [one for _equipment, one in known[slot] if one is not None]
            several += [mine] if mine is not None and mine not in several else []
            choices = tuple(_choice(one, chosen=one == mine, day=day) for one in several)
            found.append(Slot(slot, str(reader.label), choices, self.told.get(slot, ""), known=bool(known[slot])))
        return found

    @property
    def slots(self) -> list[Slot]:
        """The standards to choose from; what cannot be used on the day is said beside it."""
        day = max(days_of(self.measured), default=None)
        chosen = {slot: {one.pk for one in several} for slot, several in self.measured.standards.items()}
        found = []
        offered = certificates_for(self.method, self.measured.method.institution_id)
        for slot in self.method.standards:
            mine = chosen.get(slot.name, set())
            several = {one.pk: one for one in (*offered[slot.name], *self.measured.standards.get(slot.name, ()))}
            choices = tuple(_choice(one, chosen=one.pk in mine, day=day) for one in several.values())
            place = f"std_{slot.name}"
            found.append(Slot(place, slot.label, choices, self.told.get(place, "")))
        return found


def _choice(certificate: EquipmentCertificate, *, chosen: bool, day: date | None) -> Standard:
    fault = standard_fault(certificate, day) if day else None
    return Standard(certificate, chosen, fault.message if fault is not None else "")


def _at(texts: Sequence[str], n: int) -> str:
    return texts[n - 1] if n <= len(texts) else ""


def _source(source: str, verified: bool) -> str:
    if not source:
        return ""
    return marked(source) if verified else sentence(_("%(source)s – belum diverifikasi"), source=source)


# From a request ---------------------------------------------------------------------------------------------------------


def read(post: QueryDict, work: WorkOrder, version: MethodVersion, *, spare: int = 0) -> Typed:
    """What a person typed: never raises, keeps every text; what does not fit is among the faults."""
    method = method_of(version)
    form = HeadForm(post, method=method)
    form.is_valid()
    unkept: list[Refusal] = [Refusal("head", str(told[0]), f"id_{name}") for name, told in form.errors.items()]
    raw = _points(post, method, unkept)
    head = {
        name: form.cleaned_data.get(name) or ""
        for name in (
            "place",
            "temperature_text",
            "humidity_text",
            "pressure_text",
            "deviation",
            "change_reason",
            "notes",
        )
    }
    measured = Measured(
        method=version, unit=_unit(post, method), points=raw[:MAX_POINTS],
        whole={c.name: _texts(post.getlist(f"s_{c.name}")[: c.repeats], f"r_{c.name}", SHEET_ROW, unkept) for c in method.sheet_readings},
        fields={one.name: _short(post.get(f"f_{one.name}", ""), f"f_{one.name}", unkept) for one in method.fields},
        standards=_standards(post, method, version), measured_from=form.cleaned_data.get("measured_from"),
        measured_to=form.cleaned_data.get("measured_to"), accredited=not form.cleaned_data.get("outside_scope"),
        faults=tuple(unkept), **head,
    )  # fmt: skip
    measured = replace(measured, instruments=_instruments(post, work, measured, method))
    return Typed(work, method, form, measured, tuple(raw), spare, tuple(unkept))


def _unit(post: QueryDict, method: Method) -> str:
    typed = post.get("unit", "")
    return typed if typed in method.units else method.units[0]


def _points(post: QueryDict, method: Method, unkept: list[Refusal]) -> list[PointTyped]:
    points, notes, stages = (post.getlist(name) for name in ("point", "note", "stage"))
    columns = {
        (column.name, n): post.getlist(f"r_{column.name}_{n}")
        for column in method.readings
        for n in range(1, column.repeats + 1)
    }
    count = max([len(points), *(len(values) for values in columns.values())], default=0)
    if count > MAX_POINTS:
        unkept.append(Refusal("rows", _("Paling banyak %(count)s titik.") % {"count": MAX_POINTS}, "point-1"))
    found = []
    for row in range(1, count + 1):
        readings = {
            column.name: _texts(
                [_at(columns[column.name, n], row) for n in range(1, column.repeats + 1)],
                f"r_{column.name}",
                row,
                unkept,
            )
            for column in method.readings
        }
        stage = _at(stages, row)
        found.append(
            PointTyped(
                point=_short(_at(points, row), f"point-{row}", unkept),
                stage=stage if stage in STAGES and post.get("adjusted") else MeasuredPoint.Stage.AS_IS,
                note=_short(_at(notes, row), f"note-{row}", unkept, longest=200),
                readings=readings,
            )
        )
    while found and found[-1] == PointTyped(readings=found[-1].readings) and found[-1].is_empty:
        found.pop()
    return found


def _texts(texts: Sequence[str], name: str, row: int, unkept: list[Refusal]) -> list[str]:
    return [_short(text, f"{name}_{n}-{row}", unkept) for n, text in enumerate(texts, 1)]


def _short(text: str, place: str, unkept: list[Refusal], longest: int = 60) -> str:
    clean = _CONTROL.sub(" ", text).strip()
    if len(clean) > longest:
        unkept.append(Refusal("long", _("Paling panjang %(count)s karakter.") % {"count": longest}, place))
        return clean[:longest]
    return clean


def _standards(post: QueryDict, method: Method, version: MethodVersion) -> dict[str, list[EquipmentCertificate]]:
    """The chosen certificates of the body; keys that are none of them count as not chosen."""
    wanted = {
        slot.name: {row_id(key) for key in post.getlist(f"std_{slot.name}")} - {None} for slot in method.standards
    }
    known = _certificates(set().union(*wanted.values()), version)
    return {slot: [known[key] for key in sorted(keys) if key in known] for slot, keys in wanted.items()}


def _certificates(keys: set[int | None], version: MethodVersion) -> dict[int, EquipmentCertificate]:
    rows = EquipmentCertificate.objects.filter(pk__in=keys, equipment__institution=version.institution_id)
    rows = rows.select_related("equipment").prefetch_related("equipment__checks", "equipment__certificates")
    return {one.pk: one for one in rows}


def _instruments(
    post: QueryDict, work: WorkOrder, measured: Measured, method: Method
) -> dict[str, EquipmentCertificate]:
    """The chosen instruments, chosen as the standards are; what was not asked is answered as the page proposes it."""
    asked = {reader.slot: row_id(post[reader.slot]) for reader in readers_of(method) if reader.slot in post}
    known = _certificates(set(asked.values()) - {None}, measured.method)
    found = {slot: known[key] for slot, key in asked.items() if key in known}
    if len(asked) < len(readers_of(method)):
        proposed = instruments_for(method, work.laboratory_id, max(days_of(measured), default=None))
        found |= {slot: one for slot, one in proposed.items() if slot not in asked}
    return found


# From the database --------------------------------------------------------------------------------------------------------


def shown(work: WorkOrder, result: ResultVersion) -> Typed:
    """The sheet as it was kept; before anything was typed, prepared with points and defaults."""
    version = result.method_version
    assert version is not None
    method = method_of(version)
    kept = list(result.points.prefetch_related("readings"))
    fresh = not kept and not result.fields
    points = {point.row: _kept(method.readings, point) for point in kept if point.row != SHEET_ROW}
    raw = (
        [points.get(row, PointTyped()) for row in range(1, max(points, default=0) + 1)]
        if kept
        else _prepared(work, method)
    )
    whole = next((point for point in kept if point.row == SHEET_ROW), None)
    initial = {name: getattr(result, name) for name in HeadForm.base_fields if hasattr(result, name)}
    initial |= {"outside_scope": not result.accredited, "adjusted": any(one.stage in STAGES for one in raw)}
    initial["place"] = result.place or work.laboratory.place or str(work.laboratory)
    fields = (
        {one.name: one.default for one in method.fields} if fresh else {k: str(v) for k, v in result.fields.items()}
    )
    chosen = _chosen(result)
    read_with = {slot: several[0] for slot, several in chosen.items() if slot in SLOTS}
    if result.state == ResultVersion.State.DRAFT:
        day = result.measured_to or result.measured_from or work.item.order.institution.date_at(result.saved_at)
        read_with = instruments_for(method, work.laboratory_id, day) | read_with
    measured = Measured(
        method=version, unit=result.fields.get("unit") or _asked_unit(work, method), points=raw,
        whole={} if whole is None else dict(_kept(method.sheet_readings, whole).readings),
        fields={name: written(value) if fresh else value for name, value in fields.items() if name != "unit"},
        standards={slot: several for slot, several in chosen.items() if slot not in SLOTS}, instruments=read_with,
        measured_from=result.measured_from, measured_to=result.measured_to, place=initial["place"],
        temperature_text=result.temperature_text, humidity_text=result.humidity_text, pressure_text=result.pressure_text,
        deviation=result.deviation, notes=result.notes, change_reason=result.change_reason, accredited=result.accredited,
    )  # fmt: skip
    form = HeadForm(initial=initial, method=method)
    return Typed(work, method, form, measured, tuple(raw), SPARE)


def _kept(columns: Sequence[Any], point: MeasuredPoint) -> PointTyped:
    known = {(one.column, one.repeat): one.text for one in point.readings.all()}
    readings = {c.name: [known.get((c.name, n), "") for n in range(1, c.repeats + 1)] for c in columns}
    return PointTyped(point.point_text, point.stage, point.note, readings)


def _chosen(result: ResultVersion) -> dict[str, list[EquipmentCertificate]]:
    uses = result.standard_uses.filter(point=None).select_related("certificate__equipment")
    uses = uses.prefetch_related("certificate__equipment__checks", "certificate__equipment__certificates")
    found: dict[str, list[EquipmentCertificate]] = {}
    for use in uses:
        found.setdefault(use.slot, []).append(use.certificate)
    return found


def _asked_unit(work: WorkOrder, method: Method) -> str:
    asked = work.item.order_item.range_unit
    return asked if asked in method.units else method.units[0]


def _prepared(work: WorkOrder, method: Method) -> list[PointTyped]:
    """The points that the customer named, else those that the method proposes."""
    asked = work.item.order_item
    texts = [_CONTROL.sub(" ", part).strip() for part in re.split(r"[;\n]|,\s", asked.points)]
    named = [text.removesuffix(asked.range_unit).strip() for text in texts if text]
    if not named:
        named = list(method.points) or list(_fractions(method, asked.range_lower, asked.range_upper))
    return [PointTyped(point=text[:60]) for text in named[:MAX_POINTS]]


def _fractions(method: Method, lower: Decimal | None, upper: Decimal | None) -> Iterator[str]:
    if upper is None:
        return
    low = lower or Decimal(0)
    for part in method.fractions:
        yield written(f"{(low + Decimal(str(part)) * (upper - low)).normalize():f}").replace("−", "-")
