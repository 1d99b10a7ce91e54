"""What the works of the laboratory share."""

from __future__ import annotations

from collections.abc import Iterable

from sopan.domains.orders.models import Order
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import StepWork
from sopan.people.models import User

from .. import queries

YES, NO = "ya", "tidak"


class LaboratoryWork(StepWork):
    """A work on the order of the case."""

    def order(self, task: Task) -> Order:
        return queries.order_of(task.case_id)

    def person(self, actor: Acting) -> User:
        return User.objects.get(pk=actor.person_id)


def listed(names: Iterable[object]) -> str:
    """Names in one line of a message."""
    return ", ".join(str(name) for name in names)
