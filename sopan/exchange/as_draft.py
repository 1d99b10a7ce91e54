"""A procedure that a file tells whole, as a draft: so that whoever works with drafts need not know the difference."""

from __future__ import annotations

from sopan.core.durations import words
from sopan.core.model import Duration, Procedure, Step, StepKind
from sopan.exchange.draft import DraftProcedure, DraftStep, Source, Time, Told
from sopan.exchange.times import read_time

_LISTS = ("legal_bases", "qualifications", "related", "equipment", "warnings", "records")


def as_draft(procedure: Procedure) -> DraftProcedure:
    """The draft; the procedure itself is its ``whole``."""
    places = {step.id: place for place, step in enumerate(procedure.steps, 1)}
    return DraftProcedure(
        number=_told(procedure.identity.number),
        name=_told(procedure.identity.name),
        identity=_identity(procedure),
        actors=[actor.name for actor in procedure.actors],
        steps=[_step(step, procedure, places) for step in procedure.steps],
        whole=procedure,
    )


def _told(text: str, step: Step | None = None, key: str = "") -> Told[str] | None:
    source = Source.WORDS if step is not None and key in step.inferred else Source.CELL
    return Told(text, source) if text else None


def _identity(procedure: Procedure) -> dict[str, str | list[str]]:
    identity = procedure.identity
    told: dict[str, str | list[str]] = {
        key: day.isoformat() for key in ("made", "revised", "effective") if (day := getattr(identity, key))
    }
    if identity.edition:
        told["edition"] = identity.edition
    if identity.approved_by.position:
        told["approved_by"] = identity.approved_by.position
    return told | {key: list(texts) for key in _LISTS if (texts := getattr(identity, key))}


def _step(step: Step, procedure: Procedure, places: dict[str, int]) -> DraftStep:
    back = [places[target] for way in step.exits for target in way.to if places[target] <= places[step.id]]
    return DraftStep(
        seq=places[step.id],
        no=_told(step.no, step, "no"),
        activity=Told(step.activity),
        requirements=_told("; ".join(one.text for one in step.requirements)),
        time=_time(step.time),
        output=_told("; ".join(step.outputs)),
        remarks=_told(step.remarks),
        actor=_told(procedure.actor_by_id[step.actors[0]].name, step, "actor"),
        decision=Told(step.kind is StepKind.DECISION),
        returns_to=Told(back[0]) if back else None,
    )


def _time(duration: Duration) -> Time:
    text = duration.printed or (words(duration) if duration.amount is not None else "")
    reading = read_time(text, header_unit=duration.unit)
    return Time(_told(text), Told(reading.minutes) if reading.minutes is not None else None, reading.kind)
