"""Assignment, sampling at the warehouse, the report, and the identity of the samples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.core.model import Step
from sopan.domains.laboratory.access import positions_of, step_doing
from sopan.engine.access import Acting
from sopan.engine.models import Case, Task
from sopan.engine.stepwork import Result, step_works
from sopan.people.models import User
from sopan.people.queries import holders_of

from .. import forms, queries
from ..models import Request, Sample
from ..operations import sampling as operations
from .base import RequestWork, unrecorded

SAMPLES = ("testing.sample", "testing.sample_and_report")


def sampling_step(case: Case) -> Step | None:
    """The step of the case in which samples are taken, by whatever work; None where its procedure takes none."""
    return next((found for key in SAMPLES if (found := step_doing(case, key)) is not None), None)


def samplers(case: Case, *, now: datetime) -> list[User]:
    """Who may be sent: the holders of the positions behind the step that samples."""
    step = sampling_step(case)
    return holders_of([key for actor in step.actors for key in positions_of(case, actor)], now) if step else []


class Assigning(RequestWork):
    """Who is sent and when: asked by the one who proposes, or by the one who issues the letter himself."""

    template = "testing/steps/assign.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.AssignForm:
        found = queries.assignment_of(task.case)
        given = {"officer": found.officer_id, "planned_on": found.planned_on} if found is not None else {}
        return forms.AssignForm(data, officers=samplers(task.case, now=timezone.now()), initial=given)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"request_": self.request(task)}

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        officer, planned_on = data["officer"], data["planned_on"]
        found = operations.propose(request, officer=officer, planned_on=planned_on, acting=actor)
        return found if isinstance(found, Refusal) else Result(facts={"officer": found.officer_name})


@step_works.register
class ProposeAssignment(Assigning):
    """The head of the section proposes the letter of assignment."""

    key = "testing.propose_assignment"


@step_works.register
class Assign(Assigning):
    """The head of the section issues the letter himself: its number is given in this step."""

    key = "testing.assign"

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        proposed = super().do(task, request, data, actor=actor, now=now)
        return proposed if isinstance(proposed, Refusal) else issued(task, request, actor=actor, now=now)


def issued(task: Task, request: Request, *, actor: Acting, now: datetime) -> Result | Refusal:
    """The letter gets its number, and the step that samples is handed to the officer whom it names."""
    found = operations.issue(request, acting=actor, now=now)
    if isinstance(found, Refusal):
        return found
    step = sampling_step(task.case)
    assign = {step.id: found.officer_id} if step is not None else {}
    return Result(facts={"assignment": found.number, "officer": found.officer_name}, assign=assign)


@step_works.register
class ApproveAssignment(RequestWork):
    """The head of the body approves the proposed letter: its number is given in this step."""

    key = "testing.approve_assignment"
    template = "testing/steps/approve_assignment.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"assignment": queries.assignment_of(task.case)}

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        return issued(task, request, actor=actor, now=now)


class Sampled(RequestWork):
    """What the officer whom the issued letter names does, and nobody else."""

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        request = self.request(task)
        return operations.may_sample(request, person_id=person_id) if request is not None else unrecorded()


@step_works.register
class TakeSamples(Sampled):
    """The officer whom the letter names takes the samples at the warehouse."""

    key = "testing.sample"
    template = "testing/steps/sample.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.SampleForm:
        request = self.request(task)
        given = {} if request is None else {"place": request.warehouse, "method": request.commodity.sampling_method}
        found = queries.sampling_of(task.case)
        if found is not None:
            given = {name: getattr(found, name) for name in forms.SampleForm.base_fields}
        return forms.SampleForm(data, initial=given)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"assignment": queries.assignment_of(task.case)}

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        found = operations.sample(request, data, forms.taken(data), acting=actor, now=now)
        if isinstance(found, Refusal):
            return found
        seals = list(request.samples.values_list("seal", flat=True))
        step = step_doing(task.case, ReportSampling.key)
        assign = {step.id: found.taken_by_id} if step is not None else {}
        return Result(facts={"place": found.place, "seals": seals}, assign=assign)


@step_works.register
class ReportSampling(Sampled):
    """The officer writes the report (LPC) and hands the samples over: the report gets its number."""

    key = "testing.report_sampling"
    template = "testing/steps/sampled.html"

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"sampling": queries.sampling_of(task.case)}

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        found = operations.report(request, acting=actor, now=now)
        return found if isinstance(found, Refusal) else Result(facts={"report": found.number})


@step_works.register
class SampleAndReport(TakeSamples):
    """Sampling, report and hand-over to the analyst in one step; the samples get their identity here."""

    key = "testing.sample_and_report"

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        done = super().do(task, request, data, actor=actor, now=now)
        if isinstance(done, Refusal):
            return done
        found = operations.report(request, acting=actor, now=now)
        if isinstance(found, Refusal):
            return found
        told = {one.pk: _("Utuh, bersegel %(seal)s") % {"seal": one.seal} for one in request.samples.all()}
        booked = operations.book_in(request, told, tested_in=None, acting=actor, now=now)
        if isinstance(booked, Refusal):
            return booked
        return Result(facts={**done.facts, "report": found.number, "samples": [one.code for one in booked]})


@step_works.register
class BookIn(RequestWork):
    """The samples are booked in: condition as received, and their code, by which they are tested."""

    key = "testing.book_in"
    template = "testing/steps/form.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.ReceiveForm:
        waiting = Sample.objects.filter(request__case=task.case_id, received_at__isnull=True).order_by("line")
        return forms.ReceiveForm(data, samples=list(waiting))

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        booked = operations.book_in(request, forms.conditions(data), tested_in=task.case, acting=actor, now=now)
        return booked if isinstance(booked, Refusal) else Result(facts={"samples": [one.code for one in booked]})
