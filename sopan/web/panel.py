"""The action panel of a task: its form with the draft put back, obstacles, ways out, and what else may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext

from sopan.core.flow import Refusal
from sopan.core.model import Exit, Step
from sopan.engine import access, clock, queries
from sopan.engine import operations as engine
from sopan.engine.access import Acting
from sopan.engine.models import Case, Draft, Task
from sopan.engine.plain import step_of
from sopan.engine.stepwork import StepWork
from sopan.people.models import User

NOT_KEPT = {"csrfmiddlewaretoken", "form_key", "dari", "answer"}


@dataclass(slots=True)
class Panel:
    """What the panel shows. ``acting`` None: the step is somebody else's, and the panel only tells whose."""

    task: Task
    step: Step
    work: StepWork
    acting: Acting | None
    form: forms.Form | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    obstacles: list[Refusal] = field(default_factory=list)
    exits: tuple[Exit, ...] = ()
    draft_at: datetime | None = None
    reason: str = ""
    reason_error: str = ""
    refusal: Refusal | None = None
    form_key: str = ""
    explained: tuple[str, ...] = ()
    earlier: list[Step] = field(default_factory=list)
    colleagues: list[User] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.task.status == Task.Status.OPEN

    @property
    def workable(self) -> bool:
        """Whether the person may finish it now: open, not held, nobody else has it."""
        mine = self.acting is not None and self.task.assignee_id in (None, self.acting.person_id)
        return mine and self.is_open and self.task.case.status == Case.Status.OPEN

    @property
    def mine(self) -> bool:
        return self.acting is not None and self.task.assignee_id == self.acting.person_id

    @property
    def asks_reason(self) -> bool:
        return any(way.reason for way in self.exits)

    @property
    def takes_files(self) -> bool:
        return bool(self.work.attachments(self.task))

    @property
    def template(self) -> str:
        return self.work.template


def open_panel(user: User, task: Task, *, now: datetime) -> Panel:
    """The panel as it is first shown: unbound form, with what the person typed before."""
    panel = _bare(user, task, now=now)
    if panel.acting is None or not panel.is_open:
        return panel
    panel.form = panel.work.form(task, actor=panel.acting)
    draft = Draft.objects.filter(task=task, person=user).first()
    if draft is not None:
        restore(panel.form, draft.data)
        panel.reason = _first(draft.data, "reason")
        panel.draft_at = draft.saved_at
    _fill(user, panel, now=now)
    return panel


def typed_panel(request: HttpRequest, task: Task, *, now: datetime) -> Panel:
    """The panel with what has just been sent, bound to its form."""
    panel = _bare(request.user, task, now=now)
    panel.reason = request.POST.get("reason", "").replace("\x00", "")
    panel.form_key = request.POST.get("form_key", "")[:64]
    if panel.acting is not None:
        panel.form = panel.work.form(task, data=request.POST, files=request.FILES, actor=panel.acting)
    return panel


def complete_panel(user: User, panel: Panel, *, now: datetime) -> Panel:
    """Add what only the page needs to a panel that is shown again."""
    if panel.acting is not None:
        _fill(user, panel, now=now)
    return panel


def _bare(user: User, task: Task, *, now: datetime) -> Panel:
    step = step_of(task)
    panel = Panel(task, step, engine.work_of(step), access.acting_for(user, task, now=now))
    panel.exits = tuple(engine.answers(step))
    panel.explained = _explained(task, step)
    return panel


def _fill(user: User, panel: Panel, *, now: datetime) -> None:
    task, acting = panel.task, panel.acting
    assert acting is not None
    panel.context = panel.work.context(task, actor=acting)
    if not panel.is_open:
        return
    apart = access.separated(task.case_id, panel.step, person_id=acting.person_id)
    panel.obstacles = [*([apart] if apart is not None else []), *panel.work.obstacles(task, actor=acting)]
    panel.earlier = queries.done_steps_before(task)
    panel.colleagues = [person for person in access.eligible(task, now=now) if person.pk != task.assignee_id]


def _explained(task: Task, step: Step) -> tuple[str, ...]:
    """How the due time was counted, line by line."""
    if task.due_at is None:
        return ()
    institution = task.case.institution
    due = clock.due(institution.pk, institution.calendar_revision, task.opened_at, step.time)
    return tuple(due.explain(tell=gettext)) if due else ()


# Drafts ---------------------------------------------------------------------------------------------------------------


def restore(form: forms.Form | None, kept: Mapping[str, list[str]]) -> None:
    """Put what was typed before into an unbound form as its initial values."""
    if form is None:
        return
    values = MultiValueDict({name: list(several) for name, several in kept.items()})
    secret = secret_names(form)
    for name, one in form.fields.items():
        key = form.add_prefix(name)
        if key in secret or isinstance(one, forms.FileField) or one.widget.value_omitted_from_data(values, {}, key):
            continue
        form.initial[name] = one.widget.value_from_datadict(values, {}, key)
        one.localize = False  # shown as it was typed, not as a number that was understood
        one.widget.is_localized = False
    if hasattr(form, "restore"):  # a form of forms puts its parts back itself
        form.restore(values)


def secret_names(form: forms.Form | None) -> set[str]:
    """Names of inputs whose content is never stored: passwords, and what the form calls secret."""
    if form is None:
        return set()
    hidden = {name for name, one in form.fields.items() if isinstance(one.widget, forms.PasswordInput)}
    return {form.add_prefix(name) for name in (*hidden, *getattr(form, "secret_fields", ()))}


def draft_of(request: HttpRequest, form: forms.Form | None) -> dict[str, list[str]]:
    """What of a request may be kept as a draft: everything typed but secrets and keys."""
    left_out = NOT_KEPT | secret_names(form)
    return {
        name: [value.replace("\x00", "") for value in values]
        for name, values in request.POST.lists()
        if name not in left_out
    }


def _first(kept: Mapping[str, list[str]], name: str) -> str:
    values = kept.get(name) or [""]
    return str(values[0])
