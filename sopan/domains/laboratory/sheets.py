"""The results sheet: from what was typed to a ``Sheet``, and back to a page that shows it again, faults at their cells.

The cells of a column share one name and come as lists, so that rows can be added, and a block pasted, without counters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sopan.core.flow import Refusal
from sopan.ui.fields import FieldError

from .forms import ResultForm
from .measuring import method_wanted
from .models import ResultVersion, WorkOrder
from .numbers import correction_text, parse_condition, parse_number
from .operations.results import Reading, Sheet
from .queries import current_result

MAX_ROWS = 300
SPARE = 3
COLUMNS = {  # name of the input -> field of a reading, heading, longest text
    "point": ("point", gettext_lazy("Titik ukur"), 60),
    "unit": ("unit", gettext_lazy("Satuan"), 30),
    "reference": ("reference_text", gettext_lazy("Nilai standar"), 60),
    "indication": ("indication_text", gettext_lazy("Penunjukan alat"), 60),
    "note": ("note", gettext_lazy("Catatan"), 200),
}
NUMERIC = ("reference", "indication")
HEAD = ("place", "temperature_text", "humidity_text", "method", "standards", "notes")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\s]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of the grid, as typed, with what is wrong with it."""

    name: str
    row: int
    value: str
    error: str = ""

    @property
    def id(self) -> str:
        return f"{self.name}-{self.row}"

    @property
    def label(self) -> str:
        return _("%(column)s, baris %(row)s") % {"column": COLUMNS[self.name][1], "row": self.row}

    @property
    def longest(self) -> int:
        return COLUMNS[self.name][2]

    @property
    def numeric(self) -> bool:
        return self.name in NUMERIC


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the grid for the page, with the correction where there is one."""

    number: int
    cells: tuple[Cell, ...]
    correction: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A sheet as it was typed: for the page, and for the operations."""

    form: ResultForm
    lines: tuple[Line, ...]
    sheet: Sheet
    unkept: tuple[Refusal, ...] = ()  # what does not fit and could not be kept in a draft

    def with_faults(self) -> Typed:
        """The same, with every fault told at its cell and every fault of the head at its field."""
        told = {fault.field: fault.message for fault in self.sheet.faults}
        for name in self.form.fields:
            if f"id_{name}" in told and name not in self.form.errors:
                self.form.add_error(name, told[f"id_{name}"])
        lines = tuple(
            replace(line, cells=tuple(replace(cell, error=told.get(cell.id, "")) for cell in line.cells))
            for line in self.lines
        )
        return replace(self, lines=lines)

    @property
    def errors(self) -> list[FieldError]:
        """What is wrong, each with the place that it means, from the top of the page to its end."""
        places = {"metode": _("Metode")} | {f"id_{name}": str(field.label) for name, field in self.form.fields.items()}
        places |= {cell.id: cell.label for line in self.lines for cell in line.cells}
        order = {anchor: number for number, anchor in enumerate(places)}
        told = [FieldError(fault.field, places.get(fault.field, ""), fault.message) for fault in self.sheet.faults]
        return sorted(told, key=lambda error: order.get(error.anchor, -1))


def read(post: QueryDict, work: WorkOrder, *, now: datetime, spare: int = 0) -> Typed:
    """What a person typed: never raises, keeps every text, and says what keeps the results from being handed in."""
    form = ResultForm(post)
    form.is_valid()
    columns = [post.getlist(name) for name in COLUMNS]  # all are shown again, also those that are too many to be kept
    raw = [[_clean(text) for text in row] for row in zip_longest(*columns, fillvalue="")]
    unkept = [*_long_cells(raw), *_head_errors(form)]
    if len(raw) > MAX_ROWS:
        unkept.append(Refusal("rows", _("Paling banyak %(count)s baris.") % {"count": MAX_ROWS}))
    kept = [
        Reading(**{field: text[:longest] for (field, _label, longest), text in zip(COLUMNS.values(), row, strict=True)})
        for row in raw[:MAX_ROWS]
    ]
    head = {name: form.cleaned_data.get(name) or "" for name in HEAD}
    dates = {name: form.cleaned_data.get(name) for name in ("measured_from", "measured_to")}
    sheet = Sheet(rows=kept, **head, **dates)
    faults = [*unkept, *_faults(sheet, work, now=now, known={fault.field for fault in unkept})]
    return Typed(form, tuple(_lines(raw, spare)), replace(sheet, faults=tuple(faults)), tuple(unkept))


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _long_cells(raw: Sequence[Sequence[str]]) -> Iterator[Refusal]:
    for number, row in enumerate(raw[:MAX_ROWS], 1):
        for (name, (_field, _label, longest)), text in zip(COLUMNS.items(), row, strict=True):
            if len(text) > longest:
                yield Refusal("long", _("Paling panjang %(count)s karakter.") % {"count": longest}, f"{name}-{number}")


def _head_errors(form: ResultForm) -> Iterator[Refusal]:
    for name, messages in form.errors.items():
        yield Refusal("head", str(messages[0]), f"id_{name}")


def _lines(raw: Sequence[Sequence[str]], spare: int) -> Iterator[Line]:
    for number, row in enumerate([*raw, *([[""] * len(COLUMNS)] * spare)], 1):
        cells = tuple(Cell(name, number, text) for name, text in zip(COLUMNS, row, strict=True))
        found = correction_text(row[2], row[3])
        yield Line(number, cells, "" if isinstance(found, Refusal) else found)


def shown(work: WorkOrder, result: ResultVersion | None) -> Typed:
    """The sheet as it was kept; before anything was typed, prepared with the points that the customer asked for."""
    if result is None:
        readings: Mapping[int, Reading] = dict(enumerate(_prepared(work), 1))
        initial: dict[str, Any] = {"place": work.laboratory.place or str(work.laboratory)}
    else:
        readings = {
            row.row: Reading(row.point, row.unit, row.reference_text, row.indication_text, row.note)
            for row in result.observations.all()
        }
        initial = {name: getattr(result, name) for name in (*HEAD, "measured_from", "measured_to")}
    last = max(readings, default=0)
    raw = [_texts(readings.get(number, Reading())) for number in range(1, last + 1)]
    return Typed(ResultForm(initial=initial), tuple(_lines(raw, SPARE)), Sheet())


def _texts(reading: Reading) -> list[str]:
    return [getattr(reading, field) for field, _label, _longest in COLUMNS.values()]


def _prepared(work: WorkOrder) -> list[Reading]:
    asked = work.item.order_item
    unit = asked.range_unit[:30]
    points = [_clean(part).removesuffix(unit).strip() for part in re.split(r"[;\n]|,\s", asked.points)]
    return [Reading(point[:60], unit) for point in points if point][:MAX_ROWS]


def _faults(sheet: Sheet, work: WorkOrder, *, now: datetime, known: set[str]) -> Iterator[Refusal]:
    """Why the results cannot be handed in: a place on the page and what to do there."""
    wanted = method_wanted(work, sheet.measured_to)
    found = [*_date_faults(sheet, work, now), *_head_faults(sheet), *_row_faults(sheet)]
    found += [wanted] if wanted is not None else []
    yield from (fault for fault in found if fault.field not in known)


def _date_faults(sheet: Sheet, work: WorkOrder, now: datetime) -> Iterator[Refusal]:
    zone = ZoneInfo(work.item.order.institution.zone)
    came = work.item.received_at.astimezone(zone).date() if work.item.received_at else date.min
    first, last = sheet.measured_from, sheet.measured_to
    for name, value in (("measured_from", first), ("measured_to", last)):
        if value is None:
            yield Refusal("date", _("Isi tanggalnya."), f"id_{name}")
        elif value > now.astimezone(zone).date():
            yield Refusal("date", _("Tanggal ini belum tiba."), f"id_{name}")
        elif value < came:
            yield Refusal("date", _("Tanggal ini mendahului penerimaan alat."), f"id_{name}")
    if first and last and first > last:
        yield Refusal("date", _("Selesai tidak dapat mendahului mulai."), "id_measured_to")


def _head_faults(sheet: Sheet) -> Iterator[Refusal]:
    for name, text in (
        ("place", _("Isi tempat kalibrasi.")),
        ("method", _("Isi metode yang digunakan.")),
        ("standards", _("Isi standar yang digunakan.")),
    ):
        if not getattr(sheet, name).strip():
            yield Refusal("missing", text, f"id_{name}")
    for name in ("temperature_text", "humidity_text"):
        parsed = parse_condition(getattr(sheet, name))
        if isinstance(parsed, Refusal):
            yield replace(parsed, field=f"id_{name}")


def _row_faults(sheet: Sheet) -> Iterator[Refusal]:
    filled = [(n, row) for n, row in enumerate(sheet.rows, 1) if row != Reading()]
    if not any(not row.is_empty for _n, row in filled):
        yield Refusal("no-rows", _("Isi sekurangnya satu baris hasil."), "reference-1")
    for number, row in filled:
        for name, text in (("point", _("Isi titik ukur.")), ("unit", _("Isi satuan."))):
            if not getattr(row, name):
                yield Refusal("missing", text, f"{name}-{number}")
        for name in NUMERIC:
            parsed = parse_number(getattr(row, COLUMNS[name][0]))
            if isinstance(parsed, Refusal):
                yield replace(parsed, field=f"{name}-{number}")


def current(work: WorkOrder) -> Typed:
    """The sheet of the version that is worked on now."""
    return shown(work, current_result(work) if work.version else None)
