"""The letter of the company arrives: what it asks for is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sopan.core.flow import Refusal
from sopan.domains.orders.models import Order
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, step_works

from .. import forms
from ..operations import sampling as operations
from .base import TestingWork


@step_works.register
class RecordRequest(TestingWork):
    """Who asks, for which goods, where they lie, and by which rule conformity is stated."""

    key = "testing.request"
    template = "testing/steps/form.html"

    def form(self, task: Task, *, data: Any = None, files: Any = None, actor: Acting) -> forms.RequestForm:
        case = task.case
        given: dict[str, Any] = {"language": Order.Language.INDONESIAN, "decision_rule": Order.DecisionRule.SIMPLE}
        given |= forms.of_company(case.company)
        given |= forms.of_request(self.request(task))
        return forms.RequestForm(data, institution=case.institution, initial=given)

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        found = operations.record_request(task.case, data, acting=actor, now=now)
        if isinstance(found, Refusal):
            return found
        facts = {
            "letter": found.letter_number, "commodity": found.commodity.name, "rule": found.decision_rule,
            "payment": found.payment_policy,
        }  # fmt: skip
        return Result(facts=facts, title=found.commodity.name, subject=found.applicant)
