"""The work of a plain step: a checklist of its requirements, the fields of the file, its outputs, an answer.

What was typed and ticked goes to the journal as facts: fields under their ids, ``checked`` the requirements, ``outputs``
what was noted for an output, ``remark`` the rest. Files are attachments of the case under the text that they serve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from sopan.catalogue.queries import procedure
from sopan.core.flow import Refusal, way_out
from sopan.core.model import Field, FieldKind, Step
from sopan.ui.source import translated

from .models import Attachment, Task
from .stepwork import Result, StepWork
from .timeline import typed_before

if TYPE_CHECKING:
    from .access import Acting

# Names of inputs; the hyphen keeps them apart from the fields of the file, which have none.
CHECK, FILE = "check-", "file-"  # of a requirement: its box, its file
OUTPUT, OUTPUT_FILE = "output-", "output-file-"  # of an output: its number or note, its file
REMARK = "plain-remark"
LONGEST = 4_000  # characters of a text field
ACCEPT = ".pdf,.jpg,.jpeg,.png,.xlsx,image/jpeg,image/png"  # a phone offers its camera too
LABEL = 250  # characters by which an attachment knows what it serves


def step_of(task: Task) -> Step:
    """The step of a task, whose case is loaded."""
    return procedure(task.case.procedure_id).by_id[task.step]


@dataclass(frozen=True, slots=True)
class Item:
    """A requirement or an output as the panel shows it: its inputs, and the files that serve it already."""

    text: str
    box: forms.BoundField | None
    note: forms.BoundField | None
    file: forms.BoundField | None
    files: Sequence[Attachment]
    wanted: bool = False  # a file must be there before the step is finished


class PlainForm(forms.Form):
    """The inputs of a plain step; built from the procedure, see ``form_of``."""

    error_css_class = "err"
    step: Step
    task: Task | None = None  # whose files it shows
    for_customer = False

    @cached_property
    def there(self) -> dict[str, list[Attachment]]:
        return attached(self.task, for_customer=self.for_customer) if self.task else {}

    @property
    def requirements(self) -> list[Item]:
        return [
            Item(
                item.text,
                self[f"{CHECK}{place}"] if f"{CHECK}{place}" in self.fields else None,
                None,
                self[f"{FILE}{place}"],
                self.there.get(item.text[:LABEL], ()),
                item.attach and item.required,
            )
            for place, item in enumerate(self.step.requirements)
        ]

    @property
    def outputs(self) -> list[Item]:
        """Without those that are a requirement too: their files stand there."""
        wanted = {item.text for item in self.step.requirements}
        return [
            Item(
                text,
                None,
                self[f"{OUTPUT}{place}"],
                self[f"{OUTPUT_FILE}{place}"],
                self.there.get(text[:LABEL], ()),
            )
            for place, text in enumerate(self.step.outputs)
            if text not in wanted
        ]

    @property
    def remark(self) -> forms.BoundField:
        return self[REMARK]

    @property
    def typed(self) -> list[forms.BoundField]:
        """The fields of the file."""
        return [self[field.id] for field in self.step.fields]


def form_of(step: Step, *, data: Any = None, files: Any = None) -> PlainForm:
    """The form of a plain step.

    Fields are not required on a way out that asks for a reason: who sends something back need not fill it in first.
    """
    answered = way_out(step, data.get("answer", "")) if data is not None else None
    lenient = answered is not None and answered.reason
    form = PlainForm(data, files)
    form.step = step
    for place, requirement in enumerate(step.requirements):
        if not requirement.attach:
            form.fields[f"{CHECK}{place}"] = forms.BooleanField(label=requirement.text, required=False)
        form.fields[f"{FILE}{place}"] = _file(requirement.text)
    for field in step.fields:
        form.fields[field.id] = _field(field, required=field.required and not lenient)
    for place, output in enumerate(step.outputs):
        label = _("Nomor atau catatan: %(output)s") % {"output": output}
        form.fields[f"{OUTPUT}{place}"] = forms.CharField(label=label, required=False, max_length=500)
        form.fields[f"{OUTPUT_FILE}{place}"] = _file(output)
    form.fields[REMARK] = forms.CharField(
        label=_("Keterangan"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2})
    )
    return form


def _file(text: str) -> forms.FileField:
    """A file that is looked into when it arrives (``attachments``), not by the form."""
    label = _("Berkas: %(what)s") % {"what": text}
    return forms.FileField(label=label, required=False, widget=forms.FileInput(attrs={"accept": ACCEPT}))


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
        form = form_of(step_of(task), data=data, files=files)
        form.task, form.for_customer = task, actor.is_customer
        return form

    def attachments(self, task: Task) -> Mapping[str, str]:
        step = step_of(task)
        wanted = {f"{FILE}{place}": item.text for place, item in enumerate(step.requirements)}
        return wanted | {f"{OUTPUT_FILE}{place}": output for place, output in enumerate(step.outputs)}

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"earlier": typed_before(task.case, reader=actor)}

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        """A required file is missing. A way out that asks for a reason needs no files: something was wrong."""
        step = step_of(task)
        way = way_out(step, answer)
        if way is not None and way.reason:
            return []
        wanted = [item.text for item in step.requirements if item.attach and item.required]
        there = attached(task) if wanted else {}
        text = _("Unggah dahulu berkas “%(label)s”.")
        return [Refusal("file-missing", text % {"label": one}) for one in wanted if one[:LABEL] not in there]

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
        return Result(facts=_facts(step, data))


def _facts(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    facts = {field.id: data[field.id] for field in step.fields if data.get(field.id) not in (None, "")}
    ticked = [item.text for place, item in enumerate(step.requirements) if data.get(f"{CHECK}{place}")]
    noted = {text: data[f"{OUTPUT}{place}"] for place, text in enumerate(step.outputs) if data.get(f"{OUTPUT}{place}")}
    more = {"checked": ticked, "outputs": noted, "remark": data.get(REMARK) or ""}
    return facts | {name: value for name, value in more.items() if value}


def attached(task: Task, *, for_customer: bool = False) -> dict[str, list[Attachment]]:
    """What a file serves -> the files, of those that the person may see."""
    rows = Attachment.objects.filter(case_id=task.case_id).order_by("pk")
    found: dict[str, list[Attachment]] = {}
    for row in rows.filter(customer_may_see=True) if for_customer else rows:
        found.setdefault(row.label, []).append(row)
    return found


PLAIN = PlainWork()
