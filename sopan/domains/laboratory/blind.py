"""Analysts measure without knowing whose instrument it is, and who judges results with them, unless the body has decided
otherwise. Who judges may be told, and it is recorded that he was (ISO/IEC 17025:2017, 4.1 and 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sopan.catalogue.queries import procedure
from sopan.core.model import Step
from sopan.engine.access import queues, serving
from sopan.engine.blind import Blind, rules
from sopan.engine.models import Case
from sopan.people.models import User

from . import access
from .models import Report, WorkOrder

MEASURES = "laboratory.enter_results"
ASSIGNS, CONFIRMS, VERIFIES, VALIDATES = (
    *("laboratory.assign_analysts", "laboratory.confirm_assignment"),
    *("laboratory.verify_results", "laboratory.validate_results"),
)
SETTING, ANALYSTS, LABORATORY = "works_blind", "analysts", "laboratory"  # who works blind, of a body


def measuring(user: User, now: datetime, *, work: str = MEASURES, beside: str = "") -> Iterator[Blind]:
    """Where a person does nothing but measure: the steps with this work; or nothing at all, where somebody else does
    ``beside``. Without the setting analysts work blind."""
    if user.institution.setting(SETTING, ANALYSTS) not in (ANALYSTS, LABORATORY):
        return
    for slug, steps, mine in _parts(user, now):
        measure = _actors(steps, work)
        if mine <= measure and (mine or any(step.work == beside for step in steps if beside)):
            yield Blind(slug)


def judging(user: User, now: datetime) -> Iterator[Blind]:
    """Where a person assigns and judges, and does not deal with the customer: until the reports are numbered, and unless he
    has himself told whose case it is."""
    if user.institution.setting(SETTING, ANALYSTS) != LABORATORY:
        return
    for slug, steps, mine in _parts(user, now):
        judges = _actors(steps, ASSIGNS, CONFIRMS, VERIFIES, VALIDATES)
        if mine & judges and mine <= judges | _actors(steps, MEASURES):
            yield Blind(slug, opens=partial(_has_part, user, now), over=Report.objects.values("order__case"))


def _parts(user: User, now: datetime) -> Iterator[tuple[str, tuple[Step, ...], set[str]]]:
    """The procedures in which a person takes part, with their steps and his actors; a column without a step does nothing."""
    held: dict[str, set[str]] = {}
    for queue in queues(user, now=now):
        held.setdefault(queue.slug, set()).add(queue.actor)
    for version in serving(user, now=now):
        steps = procedure(version.pk).steps
        yield version.slug, steps, held[version.slug] & {actor for step in steps for actor in step.actors}


def _actors(steps: tuple[Step, ...], *works: str) -> set[str]:
    return {actor for step in steps if step.work in works for actor in step.actors}


def _has_part(user: User, now: datetime, case: Case) -> bool:
    """Who supervises work of the case, or validates its results; not the Penyelia of another laboratory."""
    if access.doing(user, case, VALIDATES, now=now) is not None:
        return True
    works = WorkOrder.objects.filter(item__order__case=case).select_related("laboratory")
    return any(access.supervises(user, work, now=now) is not None for work in works)


rules.add("laboratory", measuring)
rules.add("laboratory.judging", judging)
