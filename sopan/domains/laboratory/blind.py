"""Analysts measure without knowing whose instrument it is, unless the body has decided otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sopan.catalogue.queries import procedure
from sopan.engine.access import queues, serving
from sopan.engine.blind import rules
from sopan.people.models import User

MEASURES = "laboratory.enter_results"
SETTING, ANALYSTS = "works_blind", "analysts"


def measuring(user: User, now: datetime, *, work: str = MEASURES, beside: str = "") -> Iterator[str]:
    """The procedures in which a person does nothing but measure: the steps with this work; or nothing at all, where
    somebody else does ``beside``. Without the setting analysts work blind."""
    if user.institution.setting(SETTING, ANALYSTS) != ANALYSTS:
        return
    held: dict[str, set[str]] = {}
    for queue in queues(user, now=now):
        held.setdefault(queue.slug, set()).add(queue.actor)
    for version in serving(user, now=now):
        steps, actors = procedure(version.pk).steps, held[version.slug]
        mine = actors & {actor for step in steps for actor in step.actors}  # a column without a step does nothing
        measure = {actor for step in steps if step.work == work for actor in step.actors}
        if mine <= measure and (mine or any(step.work == beside for step in steps if beside)):
            yield version.slug


rules.add("laboratory", measuring)
