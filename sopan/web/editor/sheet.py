"""The table as a plain form, for a browser without scripts: a row a step, the main columns, what follows as a word.

What follows is written as people say it: "" (the row below), "5", "5, 6", "selesai", "Ya: 6; Tidak: 4".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from sopan.catalogue.content import step_id

ENDS = {"selesai": "finished", "ditolak": "rejected", "ditarik": "withdrawn"}
_END_WORDS = {end: word for word, end in ENDS.items()}
TYPED = ("no", "activity", "time", "remarks")
LISTS = ("requirements", "outputs")


@dataclass(slots=True)
class Line:
    """A row of the form as texts."""

    place: int
    no: str
    activity: str
    actor: str
    requirements: str
    time: str
    outputs: str
    remarks: str
    follows: str
    faults: list[Any] = field(default_factory=list)


def lines(content: Mapping[str, Any]) -> list[Line]:
    """The rows of the form."""
    numbers = {step_id(step): step.get("no", "") for step in content["steps"]}
    ids = [step_id(step) for step in content["steps"]]
    return [_line(place, step, numbers, ids) for place, step in enumerate(content["steps"])]


def _line(place: int, step: Mapping[str, Any], numbers: Mapping[str, str], ids: list[str]) -> Line:
    below = ids[place + 1] if place + 1 < len(ids) else ""
    return Line(
        place,
        step.get("no", ""),
        step.get("activity", ""),
        (step.get("actors") or [step.get("actor", "")])[0],
        "\n".join(_texts(step.get("requirements", []))),
        step.get("time", ""),
        "\n".join(_texts(step.get("outputs", []))),
        step.get("remarks", ""),
        follows(step, numbers, below),
    )


def _texts(items: list[Any]) -> list[str]:
    return [item if isinstance(item, str) else item.get("text", "") for item in items]


def follows(step: Mapping[str, Any], numbers: Mapping[str, str], below: str) -> str:
    """What follows a step, in words."""
    if "exits" in step:
        return "; ".join(
            f"{way.get('label') or answer}: {_goal(way.get('to', []), way.get('end', ''), numbers)}"
            for answer, way in step["exits"].items()
        )
    goals = step.get("next", [])
    return "" if goals == [below] else _goal(goals, step.get("end", ""), numbers)


def _goal(to: list[str], end: str, numbers: Mapping[str, str]) -> str:
    return ", ".join(numbers.get(one) or one for one in to) or _END_WORDS.get(end, end)


def with_lines(content: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """The content with what was typed into the form; what the form does not show stays as it was.

    A goal that is no step is kept as it was typed, so that it can be told.
    """
    new = deepcopy(dict(content))
    ids = {step.get("no", ""): step_id(step) for step in reversed(content["steps"])}
    numbers = {step_id(step): step.get("no", "") for step in content["steps"]}
    places = [step_id(step) for step in content["steps"]]
    for place, step in enumerate(new["steps"]):
        before = _line(place, step, numbers, places)
        _put(step, before, {key: typed.get(f"{key}-{place}", getattr(before, key)) for key in _KEYS}, ids)
    for key in ("number", "name"):
        if key in typed:
            new["identity"][key] = typed[key].strip()
    return new


_KEYS = (*TYPED, *LISTS, "actor", "follows")


def _put(step: dict[str, Any], before: Line, now: Mapping[str, str], ids: Mapping[str, str]) -> None:
    changed = {key: value.replace("\r\n", "\n").strip() for key, value in now.items()}
    changed = {key: value for key, value in changed.items() if value != getattr(before, key).strip()}
    for key in TYPED:
        if key in changed:
            if key == "no" and "id" not in step:
                step["id"] = step_id(step)
            step[key] = changed[key]
    for key in LISTS:
        if key in changed:
            kept = {item["text"]: item for item in step.get(key, []) if isinstance(item, dict) and "text" in item}
            step[key] = [kept.get(line, line) for line in map(str.strip, changed[key].split("\n")) if line]
    if "actor" in changed:
        step.pop("actors", None)
        step["actor"] = changed["actor"]
    if "follows" in changed:
        _lead(step, changed["follows"], ids)
    told = {
        *changed,
        *(("actors",) if "actor" in changed else ()),
        *(("next", "end", "exits") if "follows" in changed else ()),
    }
    step["inferred"] = [key for key in step.get("inferred", []) if key not in told]


def _lead(step: dict[str, Any], words: str, ids: Mapping[str, str]) -> None:
    """Write what follows into ``step``."""
    exits = step.pop("exits", {})
    for key in ("next", "end"):
        step.pop(key, None)
    if ":" not in words:
        step |= goal(words, ids, key="next")
        return
    known = {way.get("label", "").casefold(): (answer, way) for answer, way in exits.items()}
    step["exits"] = {}
    for part in filter(None, map(str.strip, words.split(";"))):
        label, _, target = part.partition(":")
        answer, old = known.get(label.strip().casefold(), ("", {}))
        answer = answer or new_answer(label, step["exits"])
        reason = {"reason": True} if old.get("reason") else {}
        step["exits"][answer] = {"label": label.strip(), **goal(target, ids, key="to"), **reason}


def goal(words: str, ids: Mapping[str, str], *, key: str) -> dict[str, Any]:
    """ "5, 6" -> {key: ["5", "6"]}, "selesai" -> {"end": "finished"}, "" -> {}."""
    plain = words.strip().casefold()
    if plain in ENDS:
        return {"end": ENDS[plain]}
    numbers = [one.strip() for one in re.split(r",| dan ", words) if one.strip()]
    return {key: [ids.get(one, one) for one in numbers]} if numbers else {}


def new_answer(label: str, taken: Mapping[str, Any]) -> str:
    """A name for an answer in the data: small letters, digits, _."""
    plain = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:30]
    plain = plain if plain[:1].isalpha() else f"jawaban_{plain}".strip("_")
    number, one = 2, plain
    while one in taken:
        one, number = f"{plain}_{number}", number + 1
    return one


def changed_rows(content: Mapping[str, Any], act: str) -> dict[str, Any]:
    """The content after a button of the form: "tambah", "hapus-2", "naik-2", "turun-2" (rows from 0); else unchanged."""
    new = deepcopy(dict(content))
    rows, (verb, _, told) = new["steps"], act.partition("-")
    place = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else -1
    if verb == "tambah":
        rows.append(_new_row(rows))
    elif 0 <= place < len(rows):
        if verb == "hapus":
            del rows[place]
        elif verb in ("naik", "turun"):
            other = place + (1 if verb == "turun" else -1)
            if 0 <= other < len(rows):
                rows[place], rows[other] = rows[other], rows[place]
    return new


def _new_row(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A row for the end of the table; the one that was last no longer ends the case."""
    taken = {name for step in rows for name in (step.get("no", ""), step_id(step))}
    number = len(rows) + 1
    while str(number) in taken:
        number += 1
    if rows and rows[-1].get("end") == "finished":
        del rows[-1]["end"]
        if rows[-1].get("kind") == "end":
            del rows[-1]["kind"]
    return {"no": str(number), "end": "finished"}
