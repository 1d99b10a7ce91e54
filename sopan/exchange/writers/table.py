"""A procedure as the table that people know: identity block, actors as columns with symbols, quality standard.

What the drawing tells by arrows stands in lines under the table: where each answer leads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sopan.core.model import Exit, Identity, Outcome, Procedure, Step, StepKind
from sopan.core.write import time_heading
from sopan.exchange.sound import expect_sound

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SYMBOLS = {StepKind.START: "○", StepKind.ACTIVITY: "□", StepKind.DECISION: "◇", StepKind.END: "○"}
WITH = "↔"  # who acts together with the actor of the symbol
LEGEND = f"○ mulai atau selesai, □ kegiatan, ◇ keputusan, {WITH} ikut melaksanakan"
_ENDS = {Outcome.FINISHED: "selesai", Outcome.REJECTED: "ditolak", Outcome.WITHDRAWN: "ditarik"}


@dataclass(frozen=True, slots=True)
class SopTable:
    """Texts of all cells. ``rows`` have a cell for each of number, activity, actors, standard and remarks."""

    identity: tuple[tuple[str, str], ...]
    actors: tuple[str, ...]
    standard: tuple[str, ...]  # the three columns of the quality standard
    rows: tuple[tuple[str, ...], ...]
    ways: tuple[str, ...]

    @property
    def heads(self) -> tuple[tuple[str, int], ...]:
        """The upper head: texts and how many columns each spans."""
        return (("No", 1), ("Uraian Kegiatan", 1), ("Pelaksana", len(self.actors)), ("Mutu Baku", 3), ("Ket", 1))

    @property
    def names(self) -> tuple[str, ...]:
        """The lower head: a text for each column, empty where the upper head reaches down."""
        return ("", "", *self.actors, *self.standard, "")


def table_of(procedure: Procedure) -> SopTable:
    """The table of a procedure; texts as they are printed. Raises ValueError (see ``sound``)."""
    expect_sound(procedure)
    return SopTable(
        identity=tuple(_identity(procedure.identity)),
        actors=tuple(actor.name for actor in procedure.actors),
        standard=("Kelengkapan", time_heading(procedure), "Output"),
        rows=tuple(_row(step, procedure) for step in procedure.steps),
        ways=tuple(_ways(procedure)),
    )


def long_date(day: date) -> str:
    """ "5 Mei 2025"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _identity(identity: Identity) -> Iterator[tuple[str, str]]:
    yield "Nomor SOP", identity.number
    for label, day in (
        ("Tanggal Pembuatan", identity.made),
        ("Tanggal Revisi", identity.revised),
        ("Tanggal Efektif", identity.effective),
    ):
        yield label, long_date(day) if day else ""
    yield "Edisi/Revisi", identity.edition
    yield "Disahkan oleh", " – ".join(filter(None, (identity.approved_by.position, identity.approved_by.name)))
    yield "Nama SOP", identity.name
    for label, texts in (
        ("Dasar Hukum", identity.legal_bases),
        ("Kualifikasi Pelaksana", identity.qualifications),
        ("Keterkaitan", identity.related),
        ("Peralatan/Perlengkapan", identity.equipment),
        ("Peringatan", identity.warnings),
        ("Pencatatan dan Pendataan", identity.records),
    ):
        yield label, "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _row(step: Step, procedure: Procedure) -> tuple[str, ...]:
    marks = dict.fromkeys(step.actors, WITH) | {step.actors[0]: SYMBOLS[step.kind]}
    return (
        step.no.strip("-– "),  # a dash is no number
        step.activity,
        *(marks.get(actor.id, "") for actor in procedure.actors),
        ";\n".join(one.text for one in step.requirements),
        step.time.printed,
        ";\n".join(step.outputs),
        step.remarks,
    )


def _ways(procedure: Procedure) -> Iterator[str]:
    """What follows each step that does not simply lead to the row below."""
    below = {one.id: other.id for one, other in zip(procedure.steps, procedure.steps[1:], strict=False)}
    for step in procedure.steps:
        plainly = len(step.exits) == 1 and step.exits[0].to == (below.get(step.id),)
        if not plainly and (step.id in below or len(step.exits) > 1):
            goals = "; ".join(_way(way, procedure) for way in step.exits)
            yield f"Langkah {step.no}: {goals}."


def _way(way: Exit, procedure: Procedure) -> str:
    goal = (
        " dan ".join(procedure.by_id[target].no for target in way.to) if way.to else _ENDS[way.end or Outcome.FINISHED]
    )
    goal = f"ke langkah {goal}" if way.to else goal
    return f"{way.label}: {goal}" if way.label else goal
