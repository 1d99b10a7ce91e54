"""The work of a plain step: a checklist of its requirements, the fields of the file, attachments, an answer.

What was typed and ticked goes to the journal as facts under the ids of the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal, way_out
from sopan.core.model import Field, FieldKind, Step
from sopan.ui.source import translated

from .models import Attachment, Task
from .stepwork import Result, StepWork

if TYPE_CHECKING:
    from .access import Acting

CHECK = "check_"  # prefix of the boxes of the checklist
LONGEST = 4_000  # characters of a text field


def step_of(task: Task) -> Step:
    """The step of a task, whose case is loaded."""
    return procedure(task.case.procedure_id).by_id[task.step]


class PlainForm(forms.Form):
    """The checklist and the fields of a plain step; built from the procedure, see ``form_of``."""

    error_css_class = "err"

    @property
    def checks(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(CHECK)]

    @property
    def typed(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(CHECK)]


def form_of(step: Step, *, data: Any = None, files: Any = None) -> PlainForm | None:
    """The form of a plain step, or None where there is nothing to tick or to type.

    Fields are not required on a way out that asks for a reason: who sends something back need not fill it in first.
    """
    answered = way_out(step, data.get("answer", "")) if data is not None else None
    lenient = answered is not None and answered.reason
    form = PlainForm(data, files)
    for place, requirement in enumerate(step.requirements):
        if not requirement.attach:
            form.fields[f"{CHECK}{place}"] = forms.BooleanField(label=requirement.text, required=False)
    for field in step.fields:
        form.fields[field.id] = _field(field, required=field.required and not lenient)
    return form if form.fields else None


def _field(field: Field, *, required: bool) -> forms.Field:
    label: dict[str, Any] = {"label": translated(field.label), "required": required}
    match field.kind:
        case FieldKind.LONG_TEXT:
            return forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), **label)
        case FieldKind.NUMBER:
            return forms.DecimalField(max_digits=30, decimal_places=10, localize=True, **label)
        case FieldKind.DATE:
            return forms.DateField(**label)
        case FieldKind.CHOICE:
            return forms.ChoiceField(choices=[("", "—"), *((one, translated(one)) for one in field.choices)], **label)
        case FieldKind.CHECK:
            return forms.BooleanField(**label)
        case _:
            return forms.CharField(max_length=250, **label)


class PlainWork(StepWork):
    """Every step without a work key."""

    template = "engine/steps/plain.html"
    bulk = True

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.Form | None:
        return form_of(step_of(task), data=data, files=files)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        wanted = [item for item in step_of(task).requirements if item.attach]
        there = _attached(task) if wanted else set()
        return {"wanted_files": [(item, item.text in there) for item in wanted]}

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        """A required file is missing. A way out that asks for a reason needs no files: something was wrong."""
        step = step_of(task)
        way = way_out(step, answer)
        if way is not None and way.reason:
            return []
        wanted = [item.text for item in step.requirements if item.attach and item.required]
        there = _attached(task) if wanted else set()
        text = _("Unggah dahulu berkas “%(label)s”.")
        return [Refusal("file-missing", text % {"label": one}) for one in wanted if one not in there]

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        step = step_of(task)
        way = way_out(step, answer)
        if not (way is not None and way.reason):
            for field in step.fields:
                if field.required and data.get(field.id) in (None, "", False):
                    return Refusal(
                        "required", _("Isi “%(label)s”.") % {"label": translated(field.label)}, field=field.id
                    )
        facts = {field.id: data[field.id] for field in step.fields if data.get(field.id) not in (None, "")}
        ticked = [
            requirement.text for place, requirement in enumerate(step.requirements) if data.get(f"{CHECK}{place}")
        ]
        return Result(facts={**facts, "checked": ticked} if ticked else facts)


def _attached(task: Task) -> set[str]:
    return set(Attachment.objects.filter(case_id=task.case_id).values_list("label", flat=True))


PLAIN = PlainWork()
