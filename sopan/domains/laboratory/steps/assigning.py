"""The Penyelia chooses analysts; the Manajer Teknis confirms the choice or gives it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, step_works
from sopan.people.models import User

from .. import access, competence
from ..forms import AssignForm, assignments
from ..models import WorkOrder
from ..operations import assignment as operations
from ..queries import work_orders
from .base import YES, LaboratoryWork, listed

S = WorkOrder.State


def led_by(works: list[WorkOrder], person_id: int | None, *, now: datetime) -> list[WorkOrder]:
    """The work orders of the laboratories that a person leads now."""
    person = User.objects.filter(pk=person_id).first()
    if person is None:
        return []
    return [work for work in works if access.supervises(person, work, now=now)]


@step_works.register
class AssignAnalysts(LaboratoryWork):
    """Each Penyelia chooses for the instruments of his laboratory; the last one finishes the step."""

    key = "laboratory.assign_analysts"
    template = "laboratory/steps/assign_analysts.html"

    def reopened(self, task: Task, *, now: datetime) -> None:
        if task.visit > 1:
            operations.take_back(work_orders(self.order(task)), reason="")

    def mine(self, task: Task, actor: Acting, *, now: datetime) -> list[WorkOrder]:
        new = [work for work in work_orders(self.order(task)) if work.state == S.NEW]
        return led_by(new, actor.person_id, now=now)

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> AssignForm:
        now = timezone.now()
        return AssignForm(data, files, works=self.mine(task, actor, now=now), now=now)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        works = list(work_orders(self.order(task)))
        others = self._of_others(works, actor, now=timezone.now())
        return {"works": works, "others": others}

    def _of_others(self, works: list[WorkOrder], actor: Acting, *, now: datetime) -> list[WorkOrder]:
        new = [work for work in works if work.state == S.NEW]
        mine = {work.pk for work in led_by(new, actor.person_id, now=now)}
        return [work for work in new if work.pk not in mine]

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        if led_by(list(work_orders(self.order(task))), person_id, now=timezone.now()):
            return None
        return Refusal("other-laboratory", _("Alat order ini diserahkan kepada laboratorium lain."))

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        works = list(work_orders(self.order(task)))
        now = timezone.now()
        if not led_by(works, actor.person_id, now=now):
            return [Refusal("other-laboratory", _("Alat order ini diserahkan kepada laboratorium lain."))]
        if others := self._of_others(works, actor, now=now):
            text = _("Penyelia laboratorium lain belum memilih analis: %(works)s.")
            return [Refusal("others", text % {"works": listed(others)})]
        return []

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        done = operations.assign(assignments(self.mine(task, actor, now=now), dict(data)), acting=actor, now=now)
        if isinstance(done, Refusal):
            return done
        works = list(work_orders(self.order(task)))
        if left := [work for work in works if work.state == S.NEW]:
            return Refusal("missing", _("Analis belum dipilih untuk %(works)s.") % {"works": listed(left)})
        names = {str(work): work.analyst.full_name for work in works if work.analyst}
        return Result(facts={"analysts": names})


@step_works.register
class ConfirmAssignment(LaboratoryWork):
    """The Manajer Teknis says yes to all, or gives all back."""

    key = "laboratory.confirm_assignment"
    template = "laboratory/steps/confirm_assignment.html"

    def waiting(self, task: Task) -> list[WorkOrder]:
        return [work for work in work_orders(self.order(task)) if work.state == S.ASSIGNED]

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        return {"works": list(work_orders(self.order(task)))}

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        works = list(work_orders(self.order(task)))
        if own := [work for work in works if work.state == S.ASSIGNED and work.analyst_id == actor.person_id]:
            text = _("Anda ditunjuk sebagai analis untuk %(works)s; orang lain harus menyetujuinya.")
            return [Refusal("own-results", text % {"works": listed(own)})]
        if answer == YES and (new := [work for work in works if work.state == S.NEW]):
            return [Refusal("missing", _("Analis belum dipilih untuk %(works)s.") % {"works": listed(new)})]
        if answer == YES:
            now, assigned = timezone.now(), [work for work in works if work.state == S.ASSIGNED]
            told = [competence.fault(work, analyst=work.analyst, now=now) for work in assigned if work.analyst]
            return [one for one in told if one is not None]
        return []

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        waiting = self.waiting(task)
        if answer != YES:
            operations.take_back(waiting, reason=data.get("reason", ""))
            return Result()
        operations.confirm(waiting, now=now)
        analysts = {work.analyst_id for work in work_orders(self.order(task)) if work.state in access.WITH_ANALYST}
        following = access.step_doing(task.case, "laboratory.enter_results")
        if len(analysts) == 1 and following is not None:
            return Result(assign={following.id: analysts.pop()})
        return Result()
