"""Who may do what for the validity of results.

Whoever works in a laboratory of the body reads. Who works in that very laboratory enters points and repeats and answers
findings. Who leads it or answers for its methods sets up charts and limits, records proficiency tests, and closes findings;
never his own answer, and he withdraws nothing that he entered himself.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from sopan.core.flow import Refusal
from sopan.engine.access import Acting
from sopan.people.models import User

from ..access import holding
from ..models import ChartPoint, ControlChart, Finding, Laboratory, ProficiencyTest, RepeatCheck
from ..register_access import laboratories_of, works_in_one

Row = TypeVar("Row", ChartPoint, ControlChart, Finding, ProficiencyTest, RepeatCheck)
WITH = {
    ChartPoint: ("chart__laboratory", "chart__institution"),
    Finding: ("laboratory", "institution", "point__chart", "test", "repeat"),
}


def found(model: type[Row], user: User, pk: int, *, now: datetime) -> Row | None:
    """A row of his body, for whoever works in one of its laboratories."""
    if not user.is_authenticated or user.is_customer or not works_in_one(user, now=now):
        return None
    of_body = "chart__institution" if model is ChartPoint else "institution"
    rows = model._default_manager.select_related(*_with(model))
    return rows.filter(pk=pk, **{of_body: user.institution_id}).first()


def _with(model: type[Model]) -> tuple[str, ...]:
    return WITH.get(model, ("laboratory", "institution"))  # type: ignore[call-overload, no-any-return]


def member(user: User, laboratory: Laboratory, *, now: datetime) -> Acting | None:
    """As whom a person works in this laboratory, or None."""
    keys = (laboratory.penyelia_id, laboratory.analis_id, laboratory.manager_id)
    return holding(user, [key for key in keys if key], now=now)


def member_of(user: User, *, now: datetime) -> list[Laboratory]:
    """The laboratories in which a person works."""
    return list(laboratories_of(user, now=now).order_by("name"))


def not_own(row: ChartPoint | ProficiencyTest | RepeatCheck, user: User) -> Refusal | None:
    """Who entered something does not take it out of the count: another keeper does."""
    if row.entered_by_id == user.pk:
        return Refusal("own-entry", _("Anda yang mencatatnya, sehingga orang lain yang menariknya."), "reason")
    return None
