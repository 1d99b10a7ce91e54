"""Drafts as the plain data of the exchange format: what ``sopan import --json`` prints."""

from __future__ import annotations

from typing import Any, TypeVar

from sopan.exchange.draft import DraftProcedure, DraftStep, Source, Told

T = TypeVar("T")


def as_data(draft: DraftProcedure) -> dict[str, Any]:
    """One procedure: texts as printed, minutes as numbers, None for what is not told."""
    return {
        "number": _value(draft.number),
        "name": _value(draft.name),
        "identity": dict(draft.identity),
        "actors": list(draft.actors),
        "steps": [_step(step) for step in draft.steps],
        "warnings": [{"where": one.where, "what": one.what} for one in draft.warnings],
    }


def _value(told: Told[T] | None) -> T | None:
    return None if told is None else told.value


def _step(step: DraftStep) -> dict[str, Any]:
    return {
        "no": _value(step.no),
        "seq": step.seq,
        "activity": step.activity.value,
        "actor": _value(step.actor),
        "actor_from": _actor_from(step),
        "requirements": _value(step.requirements),
        "time_text": _value(step.time.text),
        "time_minutes": _value(step.time.minutes),
        "time_kind": step.time.kind,
        "output": _value(step.output),
        "remarks": _value(step.remarks),
        "decision": _value(step.decision),
        "returns_to": _value(step.returns_to),
    }


def _actor_from(step: DraftStep) -> str | None:
    if step.actor is None:
        return None
    return "cell" if step.actor.source is Source.CELL else "text"
