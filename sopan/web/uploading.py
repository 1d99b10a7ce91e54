"""Files that come with the form of a task: kept at once, so that a form which cannot be finished yet loses none."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import HttpRequest

from sopan.core.flow import Refusal
from sopan.engine import operations as engine
from sopan.engine.models import Task
from sopan.engine.stepwork import StepWork
from sopan.ui.uploads import check_upload

KINDS = ("pdf", "jpg", "png", "xlsx")


def keep(request: HttpRequest, task: Task, *, work: StepWork, form: forms.Form | None, now: datetime) -> int:
    """Attach the files that the work asks for; how many. One that is not accepted becomes an error of its input.

    Call it only for a person who may act on the task. Side effects: attachments and their journal entries.
    """
    kept = 0
    for name, label in work.attachments(task).items():
        upload = request.FILES.get(name)
        if upload is None:
            continue
        info = check_upload(upload, kinds=KINDS)
        done = info if isinstance(info, Refusal) else engine.attach(
            task.case_id, actor=request.user, upload=upload, info=info, label=label, task_id=task.pk, now=now
        )  # fmt: skip
        if isinstance(done, Refusal):
            _tell(form, name, done)
        else:
            kept += 1
    return kept


def _tell(form: forms.Form | None, name: str, refusal: Refusal) -> None:
    if form is not None and name in form.fields:
        form.is_valid()  # errors can only be added to what has been checked
        form.add_error(name, refusal.message)
