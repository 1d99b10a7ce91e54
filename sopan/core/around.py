"""What lies around a step: what can come of it, and which staff deal with a step that nobody of the staff does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .model import ActorKind, Procedure, Step


def reached(procedure: Procedure, first: str) -> frozenset[str]:
    """Ids of all steps that a case which begins at ``first`` can come to, by whatever answers, this one included."""
    return _closure({first}, lambda key: _next(procedure, key))


def _next(procedure: Procedure, key: str) -> Iterable[str]:
    return (target for way in procedure.by_id[key].exits for target in way.to)


def _closure(found: set[str], more: Callable[[str], Iterable[str]]) -> frozenset[str]:
    edge = set(found)
    while edge:
        edge = {other for key in edge for other in more(key)} - found
        found |= edge
    return frozenset(found)


def staff_of(procedure: Procedure, step: Step) -> frozenset[str]:
    """The actors of a step behind whom positions of the institution stand."""
    return frozenset(actor for actor in step.actors if procedure.actor_by_id[actor].kind is ActorKind.STAFF)


def first_staff(procedure: Procedure, first: str) -> Step | None:
    """The step at which the staff come in, in a case that begins at ``first``."""
    ahead = reached(procedure, first)
    place = procedure.by_id[first].sequence
    steps = sorted((procedure.by_id[key] for key in ahead), key=lambda step: (step.sequence < place, step.sequence))
    return next((step for step in steps if staff_of(procedure, step)), None)


def recorders(procedure: Procedure, key: str) -> frozenset[str]:
    """The staff actors who may record a step of somebody outside: those who deal with him just before and just after."""
    before: dict[str, set[str]] = {}
    for step in procedure.steps:
        for target in _next(procedure, step.id):
            before.setdefault(target, set()).add(step.id)
    ways: tuple[Callable[[str], Iterable[str]], ...] = (
        lambda one: _next(procedure, one),
        lambda one: before.get(one, ()),
    )
    found: set[str] = set()
    for way in ways:
        edge, seen = set(way(key)), {key}
        while edge:  # through further steps of outsiders, up to the first of the staff on each way
            seen |= edge
            staff = {one for one in edge if staff_of(procedure, procedure.by_id[one])}
            found |= {actor for one in staff for actor in staff_of(procedure, procedure.by_id[one])}
            edge = {other for one in edge - staff for other in way(one)} - seen
    return frozenset(found)
