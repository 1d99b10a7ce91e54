"""The work sheet, its check, and the recap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, step_works

from .. import access, forms, payment, queries
from ..models import Worksheet
from ..operations import worksheet as operations
from .base import YES, TestingWork, standing


@step_works.register
class FillWorksheet(TestingWork):
    """The analyst tests: by code, without the name of the company."""

    key = "testing.worksheet"
    template = "testing/steps/worksheet.html"

    def reopened(self, task: Task, *, now: datetime) -> None:
        """Who sends the case back here as a whole opens the worksheet again."""
        sheet = queries.worksheet_of(task.case)
        if task.visit > 1 and sheet is not None:
            operations.reopen(sheet)

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.WorksheetForm:
        sheet = queries.worksheet_of(task.case)
        held = queries.current_readings(sheet) if sheet is not None else {}
        return forms.WorksheetForm(data, samples=queries.samples_of(task.case), sheet=sheet, held=held)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        sheet = queries.worksheet_of(task.case)
        returned = sheet.checks.filter(decision="returned").last() if sheet is not None else None
        chosen = bool(queries.samples_of(task.case))
        waiting = [] if chosen else list(queries.untested(task.case.institution_id))
        return {"sheet": sheet, "returned": returned, "chosen": chosen, "waiting": waiting}

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        request = self.request(task)
        if request is None or not queries.samples_of(task.case):
            return [Refusal("no-sample", _("Pilih dahulu contoh yang diuji."))]
        return standing(payment.refusal_at(request, "work"))

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        found = operations.submit(task.case, forms.typed(data), acting=actor, now=now)
        return found if isinstance(found, Refusal) else Result(facts={"version": found.version})


class Results(TestingWork):
    """A step that shows every result, with what was corrected."""

    template = "testing/steps/recap.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        sheet = queries.worksheet_of(task.case)
        return {"sheet": sheet, "recap": queries.recap(sheet) if sheet is not None else []}


class Checking(Results):
    """Somebody who did not test looks at every result, with what was corrected, and accepts or gives back."""

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        sheet = queries.worksheet_of(task.case)
        return access.may_check(sheet, person_id=person_id) if sheet is not None else None

    def given_back(self, task: Task, data: Mapping[str, Any], *, actor: Acting, now: datetime) -> Result | Refusal:
        found = operations.give_back(task.case, reason=str(data.get("reason") or ""), acting=actor, now=now)
        return found if isinstance(found, Refusal) else Result(facts={"version": found.version})


@step_works.register
class CheckResults(Checking):
    """The check of a case that only tests."""

    key = "testing.check"

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        if answer != YES:
            return self.given_back(task, data, actor=actor, now=now)
        found = operations.accept(task.case, acting=actor, now=now)
        return found if isinstance(found, Refusal) else Result(facts={"version": found.version})


@step_works.register
class Recap(Results):
    """The recap of the results, as it goes on to the certification section."""

    key = "testing.recap"

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        sheet = queries.worksheet_of(task.case)
        if sheet is None or sheet.state != Worksheet.State.APPROVED:
            return Refusal("not-approved", _("Hasil uji belum disetujui."))
        told = {str(row): row.outcome["text"] for row in queries.determinations_of(sheet)}
        return Result(facts={"results": told, "answer": queries.answer_of(sheet)})
