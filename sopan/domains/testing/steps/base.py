"""What the works of this domain share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.engine.models import Task
from sopan.engine.stepwork import StepWork
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


def unrecorded() -> Refusal:
    return Refusal("no-request", _("Permohonan kasus ini belum dicatat. Kembalikan ke langkah pencatatannya."))
