"""The two judgements of results, by people who did not measure them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, step_works

from .. import access
from ..forms import JudgeForm
from ..models import WorkOrder
from ..operations import judging as operations
from ..queries import current_result, work_orders
from .assigning import led_by
from .base import YES, LaboratoryWork, listed

S = WorkOrder.State


class JudgeResults(LaboratoryWork):
    """Accept all results, or give some of them back with a reason."""

    level: ClassVar[int]
    template = "laboratory/steps/judge_results.html"

    def mine(self, works: list[WorkOrder], actor: Acting, *, now: datetime) -> list[WorkOrder]:
        """The work orders that this person judges at this level."""
        return works

    def before(self, works: list[WorkOrder]) -> list[WorkOrder]:
        return [work for work in works if work.state == operations.BEFORE[self.level]]

    def unfinished(self, works: list[WorkOrder]) -> list[WorkOrder]:
        """Work that has not come as far as this level."""
        order = list(S)
        return [work for work in works if order.index(S(work.state)) < order.index(operations.BEFORE[self.level])]

    def reopened(self, task: Task, *, now: datetime) -> None:
        """If the case was sent back here as a whole, what was accepted is judged again."""
        works = list(work_orders(self.order(task)))
        if task.visit > 1 and not self.before(works) and not self.unfinished(works):
            operations.judge_again(works, level=self.level)

    def now_mine(self, task: Task, actor: Acting) -> list[WorkOrder]:
        """What waits for this person's judgement."""
        return self.before(self.mine(list(work_orders(self.order(task))), actor, now=timezone.now()))

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> JudgeForm:
        return JudgeForm(data, files, works=self.now_mine(task, actor))

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        works = list(work_orders(self.order(task)))
        mine = {work.pk for work in self.mine(works, actor, now=timezone.now())}
        results = {work.pk: current_result(work) for work in works if work.version}
        return {
            "sheets": [(work, results.get(work.pk)) for work in self.before(works) if work.pk in mine],
            "others": [work for work in self.before(works) if work.pk not in mine],
            "unfinished": self.unfinished(works),
            "level": self.level,
        }

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        works = list(work_orders(self.order(task)))
        refusals = (access.may_verify(work, person_id=person_id, level=self.level) for work in works)
        return next((refusal for refusal in refusals if refusal is not None), None)

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        works = list(work_orders(self.order(task)))
        mine = self.mine(works, actor, now=timezone.now())
        if not mine:
            return [Refusal("other-laboratory", _("Hasil order ini diperiksa oleh Penyelia laboratorium lain."))]
        own = [access.may_verify(work, person_id=actor.person_id, level=self.level) for work in mine]
        found = [refusal for refusal in own if refusal is not None]
        if answer == YES:
            others = [work for work in self.before(works) if work not in mine]
            if left := [*self.unfinished(works), *others]:
                found += [Refusal("missing", f"{work}: {work.get_state_display().lower()}.") for work in left]
        return found

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        works = self.now_mine(task, actor)
        marked = [work for work in works if data.get(f"return_{work.pk}")]
        if answer == YES:
            return self._accept(works, marked, reason=data.get("reason", ""), actor=actor, now=now)
        if not marked and not self.unfinished(list(work_orders(self.order(task)))):
            if len(works) != 1:
                return Refusal("nothing-marked", _("Beri tanda pada hasil yang Anda kembalikan."))
            marked = works
        refusal = operations.return_results(
            marked, level=self.level, reason=data.get("reason", ""), acting=actor, now=now
        )
        return Result(facts={"returned": [str(work) for work in marked]}) if refusal is None else refusal

    def _accept(
        self, works: list[WorkOrder], marked: list[WorkOrder], *, reason: str, actor: Acting, now: datetime
    ) -> Result | Refusal:
        if marked:
            text = _("Anda menandai %(works)s untuk dikembalikan. Hapus tandanya, atau kembalikan hasilnya.")
            return Refusal("marked", text % {"works": listed(marked)}, f"return_{marked[0].pk}")
        refusal = operations.accept(works, level=self.level, acting=actor, now=now, reason=reason)
        facts = {"accepted": {str(work): work.version for work in works}}
        return Result(facts=facts) if refusal is None else refusal


@step_works.register
class VerifyResults(JudgeResults):
    """First level: the Penyelia of the laboratory that measured."""

    key = "laboratory.verify_results"
    level = 1

    def mine(self, works: list[WorkOrder], actor: Acting, *, now: datetime) -> list[WorkOrder]:
        return led_by(works, actor.person_id, now=now)

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        works = led_by(list(work_orders(self.order(task))), person_id, now=timezone.now())
        if not works:
            return Refusal("other-laboratory", _("Hasil order ini diperiksa oleh Penyelia laboratorium lain."))
        return super().assignable(task, person_id=person_id)


@step_works.register
class ValidateResults(JudgeResults):
    """Second level: the Manajer Teknis, for all laboratories."""

    key = "laboratory.validate_results"
    level = 2
