"""Analysts measure. Each works on his own sheets at their own addresses; the last one finishes the step."""

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

from .. import access
from ..models import WorkOrder
from ..operations.results import return_work
from ..queries import work_orders
from .base import LaboratoryWork, listed

S = WorkOrder.State
DONE = (S.SUBMITTED, S.VERIFIED, S.APPROVED)


@step_works.register
class EnterResults(LaboratoryWork):
    """Finished once the results of all instruments are handed in."""

    key = "laboratory.enter_results"
    template = "laboratory/steps/enter_results.html"

    def reopened(self, task: Task, *, now: datetime) -> None:
        """If the case was sent back here as a whole, all results are opened again."""
        works = list(work_orders(self.order(task)))
        if task.visit > 1 and works and all(work.state in DONE for work in works):
            for work in works:
                return_work(work, reason="Kasus dikembalikan ke pengujian.", now=now)

    def context(self, task: Task, *, actor: Acting) -> dict[str, Any]:
        works = list(work_orders(self.order(task)))
        return {
            "mine": [work for work in works if work.analyst_id == actor.person_id],
            "others": [work for work in works if work.analyst_id != actor.person_id],
        }

    def assignable(self, task: Task, *, person_id: int) -> Refusal | None:
        if any(work.analyst_id == person_id for work in work_orders(self.order(task))):
            return None
        return Refusal("other-analyst", _("Order ini diserahkan kepada analis lain."))

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        works = list(work_orders(self.order(task)))
        person = self.person(actor)
        if not any(access.as_analyst(person, work, now=timezone.now()) for work in works):
            return [Refusal("other-analyst", _("Order ini diserahkan kepada analis lain."))]
        return [
            Refusal("not-submitted", f"{work} ({work.analyst or '–'}): {work.get_state_display().lower()}.")
            for work in works
            if work.state not in DONE
        ]

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        works = list(work_orders(self.order(task)))
        if left := [work for work in works if work.state not in DONE]:
            return Refusal("not-submitted", _("Hasil belum diserahkan: %(works)s.") % {"works": listed(left)})
        return Result(facts={"results": {str(work): work.version for work in works}})
