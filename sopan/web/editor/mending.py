"""A copy of a draft whose gaps are filled, so that it can be drawn and checked while somebody still writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sopan.catalogue.content import is_step_id, step_id
from sopan.core.model import ActorKind, StepKind

GAP = "–"
_KEPT = ("time", "requirements", "outputs", "remarks", "name", "join", "entry", "separation")


@dataclass(slots=True)
class Mended:
    """The copy; the rows in which something was filled in or left out, and what of it touched actors or ways."""

    content: dict[str, Any]
    places: set[int] = field(default_factory=set)
    guessing: set[str] = field(default_factory=set)
    ways: bool = False

    @property
    def guessed(self) -> frozenset[str]:
        return frozenset(self.guessing)


def mended(content: Mapping[str, Any]) -> Mended:
    """The copy of a content in the shape of ``catalogue.content``."""
    actors = {key: _actor(actor) for key, actor in content["actors"].items()}
    identity = {"number": GAP, "name": GAP} | {key: content["identity"].get(key) or GAP for key in ("number", "name")}
    found = Mended({"format": "1", "identity": identity, "actors": actors, "steps": []})
    ids = _ids(content["steps"], found)
    last = next(iter(actors), "")
    for place, step in enumerate(content["steps"]):
        row = _row(step, place, ids, found)
        last = _who(row, step, actors, last, ids[place], found)
        found.content["steps"].append(row)
    return found


def _actor(actor: Mapping[str, Any]) -> dict[str, str]:
    kind = actor.get("kind", "")
    return {"name": actor.get("name") or GAP, "kind": kind if kind in list(ActorKind) else "staff"}


def _ids(steps: list[dict[str, Any]], found: Mended) -> list[str]:
    """A name for each step: its own, unless that is taken or none."""
    ids: list[str] = []
    for place, step in enumerate(steps):
        own = step_id(step)
        good = is_step_id(own) and own not in ids
        ids.append(own if good else f"baris-{place + 1}")
        if not good:
            found.places.add(place)
    return ids


def _row(step: Mapping[str, Any], place: int, ids: list[str], found: Mended) -> dict[str, Any]:
    row: dict[str, Any] = {"no": step.get("no") or GAP, "id": ids[place], "activity": step.get("activity") or GAP}
    if not step.get("activity"):
        found.places.add(place)
    row |= {key: step[key] for key in _KEPT if key in step}
    if step.get("kind") in list(StepKind):
        row["kind"] = step["kind"]
    row["separation"] = [
        rule for rule in step.get("separation", []) if rule.get("not_same_as") and set(rule["not_same_as"]) <= set(ids)
    ]
    return row | _ways(step, place, ids, found)


def _ways(step: Mapping[str, Any], place: int, ids: list[str], found: Mended) -> dict[str, Any]:
    ends = ("finished", "rejected", "withdrawn")
    if "exits" in step:
        exits: dict[str, Any] = {}
        for answer, way in step["exits"].items():
            goals = [goal for goal in way.get("to", []) if goal in ids]
            if way.get("end") in ends and not way.get("to"):
                exits[answer] = {"label": way.get("label") or answer, "end": way["end"]}
            elif goals:
                exits[answer] = {"label": way.get("label") or answer, "to": goals}
            if len(goals) < len(way.get("to", [])) or answer not in exits:
                found.ways = True
                found.places.add(place)
        return {"exits": exits} if exits else {}
    if step.get("end") in ends:
        return {"end": step["end"]}
    goals = [goal for goal in step.get("next", []) if goal in ids]
    if len(goals) < len(step.get("next", [])):
        found.ways = True
        found.places.add(place)
    return {"next": goals} if goals else {}


def _who(
    row: dict[str, Any], step: Mapping[str, Any], actors: Mapping[str, Any], last: str, name: str, found: Mended
) -> str:
    """Put the actors into ``row``; where none is told, that of the row above, marked as a guess."""
    told = step.get("actors") or ([step["actor"]] if step.get("actor") else [])
    named = list(dict.fromkeys(one for one in told if one in actors))
    if not named:
        found.guessing.add(name)
    row["actors"] = named or [last]
    return named[0] if named else last
