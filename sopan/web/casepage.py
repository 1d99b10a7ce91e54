"""What the page of a case shows beside the panel: phases, the table of steps, the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sopan.catalogue.queries import procedure
from sopan.core.model import ActorKind, Procedure, Step, StepKind, TimeKind
from sopan.engine import access, queries, timeline
from sopan.engine.access import Acting
from sopan.engine.blind import gives_away
from sopan.engine.models import Attachment, Case, Comment, Task
from sopan.engine.queries import Row
from sopan.engine.stepwork import case_panels
from sopan.people.models import User
from sopan.ui import formats
from sopan.ui.source import translated

from .drawing import drawn

TABS = ("bagan", "linimasa", "dokumen", "catatan")
RECENT = 5  # entries of the journal beside the steps


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of steps under one heading."""

    name: str
    state: str  # done, now, todo
    detail: str


def phases(rows: Sequence[Row], case: Case) -> list[Phase]:
    """The headings of the steps in their order, with where the case stands."""
    named: dict[str, list[Row]] = {}
    for row in rows:
        if row.step.phase:
            named.setdefault(row.step.phase, []).append(row)
    now = [place for place, some in enumerate(named.values()) if any(row.state == "now" for row in some)]
    last = max(now, default=len(named) if case.status == Case.Status.FINISHED else -1)
    return [_phase(name, some, place, now, last, len(rows)) for place, (name, some) in enumerate(named.items())]


def _phase(name: str, rows: list[Row], place: int, now: list[int], last: int, total: int) -> Phase:
    if place in now:
        current = next(row.step.no for row in rows if row.state == "now")
        return Phase(name, "now", _("langkah %(no)s dari %(total)s") % {"no": current, "total": total})
    first, end = rows[0].step.no, rows[-1].step.no
    span = _("langkah %(first)s–%(last)s") % {"first": first, "last": end} if first != end else _("langkah %s") % first
    finished = [row.last.completed_at for row in rows if row.last and row.last.completed_at]
    if place < last and finished:
        return Phase(name, "done", f"{span} · {formats.short_date(max(finished))}")
    return Phase(name, "todo", span)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as a row of the table, with its row of the drawing."""

    step: Step
    state: str
    actors: tuple[str, ...]  # names, the responsible one first
    kind: str
    standard: str
    actual: str
    over: bool
    who: str
    deputy: str  # the position, where somebody acted for its holder
    when: datetime | None
    rounds: int
    leads: str
    after: str  # state in words for who does not see colours
    drawn: SafeString = SafeString("")  # its row of the drawing


def step_rows(rows: Sequence[Row], proc: Procedure, user: User, *, blind: bool = False) -> list[StepRow]:
    now = {row.step.id for row in rows if row.state == "now"}
    ahead = now.union(*(proc.forward[step] for step in now))
    found = [_step_row(row, proc, user, ahead) for row in rows]
    customers = {actor.id for actor in proc.actors if actor.kind is ActorKind.CUSTOMER}
    return [replace(row, who="") if blind and customers & set(row.step.actors) else row for row in found]


def _step_row(row: Row, proc: Procedure, user: User, ahead: set[str]) -> StepRow:
    last, step = row.last, row.step
    done = last is not None and last.status == Task.Status.DONE
    open_tasks = [task for task in row.tasks if task.status == Task.Status.OPEN]
    acted = next((task for task in reversed(row.tasks) if task.status == Task.Status.DONE), None)
    shown = open_tasks[0] if open_tasks else (acted if done else None)
    state = "skipped" if row.state == "todo" and step.id not in ahead else row.state
    return StepRow(
        step=step,
        state=state,
        actors=tuple(proc.actor_by_id[actor].name for actor in step.actors),
        kind=_kind(step),
        standard=step.time.printed or ("" if step.time.kind is TimeKind.MISSING else str(step.time.kind)),
        actual=formats.duration(acted.worked_minutes) if done and acted and acted.worked_minutes is not None else "",
        over=bool(done and acted and acted.due_at and acted.completed_at and acted.completed_at > acted.due_at),
        who=_who(shown, user),
        deputy=_deputy(shown),
        when=(shown.completed_at or shown.opened_at) if shown else None,
        rounds=len({task.visit for task in row.tasks}),
        leads=_leads(step, proc),
        after={"done": _("selesai"), "now": _("berjalan"), "skipped": _("dilewati")}.get(state, _("belum")),
    )


def _kind(step: Step) -> str:
    names = {
        StepKind.START: pgettext("simbol", "mulai"),
        StepKind.ACTIVITY: _("kegiatan"),
        StepKind.DECISION: _("keputusan"),
        StepKind.END: pgettext("simbol", "selesai"),
    }
    return names[step.kind]


def _who(task: Task | None, user: User) -> str:
    if task is None:
        return ""
    if task.status == Task.Status.DONE:
        return task.completed_name
    if task.assignee is None:
        return _("Belum diambil")
    return _("Anda") if task.assignee_id == user.pk else task.assignee.full_name


def _deputy(task: Task | None) -> str:
    position = task.completed_position if task and task.status == Task.Status.DONE else ""
    return position if position.startswith(("Plh.", "Plt.")) else ""


def _leads(step: Step, proc: Procedure) -> str:
    """Where the step leads, in words: what the arrows of the drawing tell."""
    parts = []
    for way in step.exits:
        to = ", ".join(proc.by_id[target].no for target in way.to) if way.to else _("akhir")
        parts.append(f"{translated(way.label)}: {to}" if way.label else to)
    return "; ".join(parts)


def case_context(
    case: Case, user: User, acting: Acting | None, *, tab: str, mine: str, blind: bool = False, now: datetime
) -> dict[str, Any]:
    """Everything of the page that does not belong to the panel. ``mine`` is the actor whose column is marked."""
    proc = procedure(case.procedure_id)
    rows = queries.table(case)
    steps = step_rows(rows, proc, user, blind=blind)
    drawing = drawn(case.procedure_id, states={row.step.id: row.state for row in steps}, mine=mine)
    steps = [replace(row, drawn=svg) for row, svg in zip(steps, drawing.rows, strict=True)]
    counted = {state: sum(1 for row in steps if row.state == state) for state in ("done", "now", "todo")}
    files = list(Attachment.objects.filter(case=case).select_related("person").order_by("-at", "-pk"))
    comments = Comment.objects.filter(case=case).order_by("-at", "-pk")
    panels = _panels(case, acting, blind=blind)
    known = {*TABS, *(one["key"] for one in panels)}
    tab = tab if tab in known else TABS[0]
    context: dict[str, Any] = {
        "case": case,
        "procedure": proc,
        "phases": phases(rows, case),
        "actors": [(actor, actor.id == mine, width) for actor, width in zip(proc.actors, drawing.widths, strict=True)],
        "steps": steps,
        "counted": counted,
        "files": [file for file in files if not blind or not gives_away(file)],
        "labels": labels(proc, rows),
        "tab": tab,
        "domain_tabs": panels,
        "domain_panel": next((one for one in panels if one["key"] == tab), None),
        "entry_count": case.journal_length,
        "comments": list(comments.filter(internal=True) if blind else comments),
        "recent": timeline.entries(case, blind=blind, size=RECENT) if tab != "linimasa" else [],
        "has_customer": any(actor.kind is ActorKind.CUSTOMER for actor in proc.actors) and case.company_id is not None,
        "may_steer": case.is_open and access.may_steer(user, case, now=now) is None,
    }
    if tab == "linimasa":
        context["entries"] = timeline.entries(case, blind=blind)
    return context


def _panels(case: Case, acting: Acting | None, *, blind: bool) -> list[dict[str, Any]]:
    """The parts that domains bring. A panel names itself by ``label`` in its context, or as its attribute; one with the
    attribute ``names_customer`` is not for who works blind."""
    found = []
    for key in case_panels:
        if blind and getattr(case_panels[key], "names_customer", False):
            continue
        given = case_panels[key](case, acting)
        if given is not None:
            template, context = given
            label = context.get("label") or getattr(case_panels[key], "label", None) or key.title()
            found.append({"key": key, "label": label, "template": template, "context": {**context, "case": case}})
    return found


def labels(proc: Procedure, rows: Sequence[Row]) -> list[str]:
    """What a file may serve: requirements and outputs, those of the open steps first."""
    ordered = [row.step for row in rows if row.state == "now"] + list(proc.steps)
    texts = (text for step in ordered for text in (*(item.text for item in step.requirements), *step.outputs))
    return list(dict.fromkeys(texts))
