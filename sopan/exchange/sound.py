"""What must hold of a procedure before it can be drawn or tabled; ``core.check`` tells people more, and kindlier."""

from __future__ import annotations

from sopan.core.model import Procedure


def expect_sound(procedure: Procedure) -> None:
    """Raises ValueError: an id given twice, an actor or a target that is not there, an exit that leads nowhere."""
    if len(procedure.by_id) < len(procedure.steps) or len(procedure.actor_by_id) < len(procedure.actors):
        raise ValueError("two steps or two actors have the same id")
    for step in procedure.steps:
        if not step.actors or not set(step.actors) <= procedure.actor_by_id.keys():
            raise ValueError(f"step {step.id} has no actor of the procedure")
        if not step.exits or not all(bool(way.to) != (way.end is not None) for way in step.exits):
            raise ValueError(f"step {step.id} has an exit that leads nowhere")
        if not all(target in procedure.by_id for way in step.exits for target in way.to):
            raise ValueError(f"step {step.id} leads to a step that is not there")
