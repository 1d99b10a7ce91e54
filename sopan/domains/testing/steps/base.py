"""What the works of this domain share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import Result, StepWork
from sopan.people.models import User

from .. import queries
from ..models import Request

YES, NO = "ya", "tidak"


class TestingWork(StepWork):
    """A work on the request of the case."""

    def request(self, task: Task) -> Request | None:
        """The request of the case; None where it began before this work was in its procedure."""
        return queries.request_of(task.case)

    def person(self, actor: Acting) -> User:
        return User.objects.get(pk=actor.person_id)

    def obstacles(self, task: Task, *, actor: Acting, answer: str = "") -> list[Refusal]:
        """Who could not be handed the task cannot finish it either."""
        return standing(self.assignable(task, person_id=actor.person_id or 0))


class RequestWork(TestingWork):
    """A work that cannot be done before the request is recorded: ``do`` has it in hand."""

    def perform(
        self, task: Task, data: Mapping[str, Any], *, actor: Acting, answer: str, now: datetime
    ) -> Result | Refusal:
        request = self.request(task)
        return unrecorded() if request is None else self.do(task, request, data, actor=actor, now=now)

    def do(
        self, task: Task, request: Request, data: Mapping[str, Any], *, actor: Acting, now: datetime
    ) -> Result | Refusal:
        """What ``perform`` does for the request of the case."""
        raise NotImplementedError


def standing(*found: Refusal | None) -> list[Refusal]:
    """Those of the possible obstacles that stand in the way."""
    return [refusal for refusal in found if refusal is not None]


def unrecorded() -> Refusal:
    return Refusal("no-request", _("Permohonan kasus ini belum dicatat. Kembalikan ke langkah pencatatannya."))
