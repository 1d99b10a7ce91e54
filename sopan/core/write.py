"""A procedure as the data of a procedure file: the inverse of ``load``, for editors and for writing files.

``dump`` gives the canonical form that versions are stored and compared in; this gives the form that people write.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sopan.core.durations import UNIT_WORDS, parse_duration
from sopan.core.model import (
    Actor,
    ActorKind,
    Exit,
    Field,
    FieldKind,
    Identity,
    Participation,
    Procedure,
    Requirement,
    Separation,
    Step,
    StepKind,
    TimeKind,
    Unit,
)

TIME = "Waktu"


def to_file(procedure: Procedure) -> dict[str, Any]:
    """The data of a file that ``load`` reads as ``procedure`` again, in the order of ``format``; JSON-able.

    Times are written as printed. A procedure whose times have no printed form cannot be written: raises ValueError.
    """
    unit = time_unit(procedure)
    data: dict[str, Any] = {"format": "1", "identity": _identity(procedure.identity)}
    data |= _told(source=procedure.source, notes=list(procedure.notes), time_unit=unit and unit.value)
    data["actors"] = {actor.id: _actor(actor) for actor in procedure.actors}
    data["steps"] = [_step(step) for step in procedure.steps]
    return data


def time_heading(procedure: Procedure) -> str:
    """The heading of the column of times: "Waktu (menit)" where its numbers stand without their unit."""
    try:
        unit = time_unit(procedure)
    except ValueError:  # times that were not printed so: each tells its own
        unit = None
    return f"{TIME} ({UNIT_WORDS[unit]})" if unit else TIME


def text_of(data: Mapping[str, Any]) -> str:
    """The data of a file as a text that ``load`` reads: JSON, which is YAML, with a line for each step."""
    head = [f"{_json(key)}: {_json(value)}" for key, value in data.items() if key != "steps"]
    steps = ",\n".join(_json(step) for step in data.get("steps") or [])
    return "{" + ",\n".join([*head, f'"steps": [\n{steps}\n]']) + "}\n"


def line_of(data: Mapping[str, Any], place: int) -> int:
    """The line of ``text_of(data)`` on which the step in ``place`` (from 0) stands."""
    return len([key for key in data if key != "steps"]) + 2 + place


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _told(**values: Any) -> dict[str, Any]:
    """Those that are not empty."""
    return {key: value for key, value in values.items() if value not in ("", None, [], {}, False)}


def time_unit(procedure: Procedure) -> Unit | None:
    """The unit that the heading of the column tells, if a bare number needs one. Raises ValueError as of ``to_file``."""
    times = [step.time for step in procedure.steps if step.time.kind is not TimeKind.MISSING or step.time.printed]
    for unit in (None, *Unit):
        if all(parse_duration(time.printed, header_unit=unit) == time for time in times):
            return unit
    raise ValueError(f"{procedure.slug}: the times are not what their printed forms mean")


def _identity(identity: Identity) -> dict[str, Any]:
    days = {key: day.isoformat() for key in ("made", "revised", "effective") if (day := getattr(identity, key))}
    approval = _told(position=identity.approved_by.position, name=identity.approved_by.name)
    lists = ("legal_bases", "qualifications", "related", "equipment", "warnings", "records")
    return {
        "number": identity.number,
        "name": identity.name,
        **days,
        **_told(edition=identity.edition, approved_by=approval),
        **_told(**{key: list(getattr(identity, key)) for key in lists}),
    }


def _actor(actor: Actor) -> dict[str, Any]:
    kind = "" if actor.kind is ActorKind.STAFF else actor.kind.value
    return {"name": actor.name, **_told(kind=kind, signs=actor.signs)}


def _step(step: Step) -> dict[str, Any]:
    data: dict[str, Any] = {"no": step.no, **({"id": step.id} if step.id != step.no else {})}
    data |= {"actor": step.actors[0]} if len(step.actors) == 1 else {"actors": list(step.actors)}
    data |= _told(
        participation="" if step.participation is Participation.ANY else step.participation.value, name=step.name
    )
    data |= {"activity": step.activity, **_told(kind="" if step.kind is StepKind.ACTIVITY else step.kind.value)}
    data |= _told(
        requirements=[_requirement(one) for one in step.requirements],
        time=step.time.printed,
        outputs=list(step.outputs),
        remarks=step.remarks,
    )
    return {
        **data,
        **_ways(step),
        **_told(
            join=step.join,
            entry=step.entry,
            fields=[_field(one) for one in step.fields],
            separation=[_separation(one) for one in step.separation],
            work=step.work,
            decision=step.decision,
            phase=step.phase,
            public=step.public,
            inferred=list(step.inferred),
        ),
    }


def _ways(step: Step) -> dict[str, Any]:
    """What follows, always told, so that rows can be moved without changing where they lead."""
    if len(step.exits) == 1 and step.exits[0] == Exit("", to=step.exits[0].to, end=step.exits[0].end):
        way = step.exits[0]
        return {"end": way.end.value} if way.end else {"next": list(way.to)}
    return {"exits": {way.answer: _exit(way) for way in step.exits}} if step.exits else {}


def _exit(way: Exit) -> dict[str, Any]:
    goal: dict[str, Any] = {"end": way.end.value} if way.end else {"to": list(way.to)}
    return {**_told(label=way.label), **goal, **_told(reason=way.reason)}


def _requirement(requirement: Requirement) -> Any:
    told = _told(attach=requirement.attach, required=requirement.required)
    return {"text": requirement.text, **told} if told else requirement.text


def _field(field: Field) -> dict[str, Any]:
    kind = "" if field.kind is FieldKind.TEXT else field.kind.value
    optional = {} if field.required else {"required": False}
    return {"id": field.id, "label": field.label, **_told(kind=kind), **optional, **_told(choices=list(field.choices))}


def _separation(rule: Separation) -> dict[str, Any]:
    return {"not_same_as": list(rule.steps), **_told(why=rule.why)}
