"""A procedure as the table of the form on the screen: one row a step, with its row of the drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sopan.core import durations
from sopan.core.model import Actor, Duration, Procedure, Step, StepKind, TimeKind
from sopan.ui.source import translated
from sopan.web.drawing import drawn_of

from . import words


@dataclass(frozen=True, slots=True)
class TableRow:
    """A step with what its cells say. ``mark`` is a class of the row and its symbol; ``told`` says the same in words."""

    step: Step
    actors: tuple[str, ...]
    kind: str
    time: str
    leads: str
    inferred: str
    drawn: SafeString
    mark: str = ""
    told: str = ""


def matrix_of(
    procedure: Procedure,
    *,
    mine: str = "",
    marks: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
    onward: tuple[str, ...] = (),
) -> dict[str, Any]:
    """``rows`` and ``actors`` for the template of the table. ``marks`` are classes by the ids of steps."""
    marks, told = marks or {}, told or {}
    drawing = drawn_of(procedure, states=marks, mine=mine, onward=onward)
    rows = [
        TableRow(
            step=step,
            actors=tuple(procedure.actor_by_id[key].name for key in step.actors),
            kind=kind_of(step),
            time=time_of(step.time),
            leads=leads(step, procedure),
            inferred=", ".join(dict.fromkeys(words.field(name) for name in step.inferred)),
            drawn=svg,
            mark=marks.get(step.id, ""),
            told=told.get(step.id, ""),
        )
        for step, svg in zip(procedure.steps, drawing.rows, strict=True)
    ]
    actors: list[tuple[Actor, bool, int]] = [
        (actor, actor.id == mine, width) for actor, width in zip(procedure.actors, drawing.widths, strict=True)
    ]
    remarks = any(step.remarks for step in procedure.steps)  # an empty column takes room from the others
    return {"rows": rows, "actors": actors, "procedure": procedure, "remarks": remarks}


def kind_of(step: Step) -> str:
    return {
        StepKind.START: pgettext("simbol", "mulai"),
        StepKind.ACTIVITY: _("kegiatan"),
        StepKind.DECISION: _("keputusan"),
        StepKind.END: pgettext("simbol", "selesai"),
    }[step.kind]


def time_of(time: Duration) -> str:
    """As printed. A bare number means nothing without the heading of its column, so its unit is told."""
    if any(letter.isalpha() or letter == "∞" for letter in time.printed):
        return time.printed
    return "" if time.kind is TimeKind.MISSING else durations.words(time)


def leads(step: Step, procedure: Procedure) -> str:
    """Where the step leads, in words."""
    parts = []
    for way in step.exits:
        goal = ", ".join(procedure.by_id[key].no for key in way.to) if way.to else _("akhir")
        parts.append(f"{translated(way.label)}: {goal}" if way.label else goal)
    return "; ".join(parts)
