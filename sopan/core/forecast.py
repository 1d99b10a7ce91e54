"""When a case will have been served if everybody keeps to the times of the document.

Only the times of the staff count, one after the other along the first exits (the ways forward), in parallel branches
the longest: how long a customer or an outsider takes is not ours to promise, nor is a time that the document leaves
open. So it is an estimate, and the earliest one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from .model import ActorKind, Duration, Procedure

Reached = Callable[[datetime, Duration], datetime | None]


def served_at(
    procedure: Procedure, open_steps: Mapping[str, datetime | None], *, now: datetime, reached: Reached
) -> datetime | None:
    """The end of the last step of the staff that lies ahead; None if none does.

    ``open_steps``: ids of the steps that are open now, with their due times. ``reached`` tells when a time is over
    that begins at an instant, or None where it gives no date.
    """
    begins = {step: max(now, due) if due and _is_ours(procedure, step) else now for step, due in open_steps.items()}
    last: datetime | None = None
    for step in sorted(procedure.steps, key=lambda step: step.sequence):
        if step.id not in begins:
            continue
        begin = begins[step.id]
        ours = _is_ours(procedure, step.id)
        end = begin if step.id in open_steps or not ours else reached(begin, step.time) or begin
        if ours:
            last = end if last is None else max(last, end)
        for following in step.exits[0].to if step.exits else ():
            if procedure.by_id[following].sequence > step.sequence:
                begins[following] = max(end, begins.get(following, end))
    return last


def _is_ours(procedure: Procedure, step: str) -> bool:
    return procedure.actor_by_id[procedure.by_id[step].actors[0]].kind is ActorKind.STAFF
