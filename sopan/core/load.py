"""The text of a procedure file -> a Procedure, or every problem it has, with line and what to do.

Loading asks whether the file can be understood; whether the procedure makes sense is asked by ``check``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from sopan.core.durations import parse_duration
from sopan.core.format import PROCEDURE, STEP_ID
from sopan.core.model import (
    Actor,
    ActorKind,
    Approval,
    Duration,
    Exit,
    Field,
    FieldKind,
    Identity,
    Outcome,
    Participation,
    Problem,
    Procedure,
    Requirement,
    Separation,
    Step,
    StepKind,
    TimeKind,
    Unit,
)
from sopan.core.read import Reader, Row
from sopan.core.yamlfile import Node, parse


def load(text: str, *, file: str) -> Procedure | list[Problem]:
    """The procedure that ``text`` (YAML 1.2, see ``procedures/README.md``) describes, or all its problems.

    ``file`` is only named in problems, and its stem becomes the slug; nothing is read from disk. No text raises.
    """
    found = load_with_lines(text, file=file)
    return found if isinstance(found, list) else found[0]


def load_with_lines(text: str, *, file: str) -> tuple[Procedure, dict[str, int]] | list[Problem]:
    """Like ``load``; with the procedure comes the line of each step: id -> line."""
    root = parse(text, file=file)
    return root if isinstance(root, list) else _understood(root, file)


def load_data(data: Mapping[str, Any], *, slug: str) -> tuple[Procedure, dict[str, int]] | list[Problem]:
    """Like ``load_with_lines`` for the data of a file (see ``write.to_file``): texts, flags, lists and mappings.

    There are no lines; a problem has the place of its step instead, from 1, or 0. Much quicker than reading YAML.
    """
    return _understood(_node(data, 0, ""), slug)


def _node(value: Any, line: int, key: str) -> Node:
    """The node that YAML would give, its line the place of the step."""
    if isinstance(value, Mapping):
        children = {name: _node(child, line, name if line == 0 else "") for name, child in value.items()}
        return Node(line, children, key_lines=dict.fromkeys(children, line))
    if isinstance(value, list):
        return Node(line, [_node(item, at if key == "steps" else line, "") for at, item in enumerate(value, 1)])
    return Node(line, str(value).lower() if isinstance(value, bool) else str(value), quoted=True)


def _understood(root: Node, file: str) -> tuple[Procedure, dict[str, int]] | list[Problem]:
    reader = Reader(file)
    row = reader.read(PROCEDURE, root, "")
    if row is None:
        return reader.problems
    steps, lines = _steps(row, reader)
    if not reader.problems and not steps:
        reader.problem(root.line, "The procedure has no steps.", "Write the first row of the table under steps.")
    if reader.problems:
        return sorted(reader.problems, key=lambda problem: problem.line)
    return _procedure(row, steps, slug=PurePath(file).stem or "procedure"), lines


def _procedure(row: Row, steps: tuple[Step, ...], *, slug: str) -> Procedure:
    return Procedure(
        slug=slug,
        identity=_identity(row["identity"]),
        actors=tuple(_actor(name, actor) for name, actor in row["actors"].items()),
        steps=steps,
        source=row.get("source", ""),
        notes=row.get("notes", ()),
    )


def _identity(row: Row) -> Identity:
    return Identity(**{**row, "approved_by": Approval(**row.get("approved_by", {}))})


def _actor(name: str, row: Row) -> Actor:
    return Actor(name, row["name"], kind=row.get("kind", ActorKind.STAFF), signs=row.get("signs", False))


def _steps(row: Row, reader: Reader) -> tuple[tuple[Step, ...], dict[str, int]]:
    rows: tuple[Row, ...] = row.get("steps", ())
    ids = [one.get("id") or one.get("no", "") for one in rows]
    lines: dict[str, int] = {}
    steps = []
    for index, (one, name) in enumerate(zip(rows, ids, strict=True)):
        below = ids[index + 1] if index + 1 < len(ids) else ""
        _check_id(one, name, lines, reader)
        steps.append(_step(one, name, index + 1, below, row.get("time_unit"), reader))
        lines.setdefault(name, one.line)
    return tuple(step for step in steps if step), lines


def _check_id(row: Row, name: str, lines: dict[str, int], reader: Reader) -> None:
    if name in lines:
        fix = "Give this one an id of its own; the printed number stays."
        reader.problem(row.line, f"Two steps are called {name!r}; the first is on line {lines[name]}.", fix)
    elif name and not re.fullmatch(STEP_ID.pattern, name):
        reader.problem(row.line, f"The printed number {name[:60]!r} is no name.", f"Add an id: {STEP_ID.hint}.")


def _step(row: Row, name: str, sequence: int, below: str, unit: Unit | None, reader: Reader) -> Step | None:
    where = f"Step {name[:32]}"
    actors = _actors(row, where, reader)
    exits = _exits(row, where, below, reader)
    if not {"no", "activity"} <= row.keys():
        return None  # the reader has told it
    return Step(
        id=name,
        no=row["no"],
        sequence=sequence,
        activity=row["activity"],
        actors=actors,
        exits=exits,
        name=row.get("name", ""),
        kind=row.get("kind", StepKind.ACTIVITY),
        participation=row.get("participation", Participation.ANY),
        join=row.get("join", False),
        entry=row.get("entry", ""),
        requirements=tuple(_requirement(one) for one in row.get("requirements", ()) if "text" in one),
        time=_time(row, unit),
        outputs=row.get("outputs", ()),
        remarks=row.get("remarks", ""),
        fields=tuple(_field(one) for one in row.get("fields", ()) if {"id", "label"} <= one.keys()),
        separation=tuple(
            Separation(one.get("not_same_as", ()), one.get("why", "")) for one in row.get("separation", ())
        ),
        work=row.get("work", ""),
        decision=row.get("decision", ""),
        phase=row.get("phase", ""),
        public=row.get("public", ""),
        inferred=row.get("inferred", ()),
    )


def _actors(row: Row, where: str, reader: Reader) -> tuple[str, ...]:
    if "actor" in row and "actors" in row:
        reader.problem(row.line, f"{where} has both actor and actors.", "Keep one of them.")
    actors: tuple[str, ...] = row.get("actors", ()) or ((row["actor"],) if "actor" in row else ())
    if not actors:
        reader.problem(row.line, f"{where} has no actor.", "Write who does it: a name under actors.")
    if len(set(actors)) < len(actors):
        reader.problem(row.line, f"{where} names an actor twice.", "Name each once.")
    return actors


def _exits(row: Row, where: str, below: str, reader: Reader) -> tuple[Exit, ...]:
    told = [key for key in ("next", "end", "exits") if key in row]
    if len(told) > 1:
        reader.problem(
            row.line, f"{where} has {' and '.join(told)}.", "Keep one: only one of them can tell what follows."
        )
    if "exits" in row:
        return tuple(_exit(answer, one, where, reader) for answer, one in row["exits"].items())
    if "end" in row or (row.get("kind") is StepKind.END and "next" not in row):
        return (Exit("", end=row.get("end", Outcome.FINISHED)),)
    to = row.get("next") or ((below,) if below else ())
    return (Exit("", to=to),) if to else ()


def _exit(answer: str, row: Row, where: str, reader: Reader) -> Exit:
    if ("to" in row) == ("end" in row):
        fix = "Write to: and the step that opens, or end: and how the case ends."
        reader.problem(row.line, f"{where}: the exit {answer[:40]!r} must have either to or end.", fix)
    return Exit(answer, row.get("label", ""), row.get("to", ()), row.get("end"), row.get("reason", False))


def _time(row: Row, unit: Unit | None) -> Duration:
    return parse_duration(row["time"], header_unit=unit) if "time" in row else Duration(TimeKind.MISSING)


def _requirement(row: Row) -> Requirement:
    return Requirement(row["text"], attach=row.get("attach", False), required=row.get("required", False))


def _field(row: Row) -> Field:
    kind: FieldKind = row.get("kind", FieldKind.TEXT)
    choices: Any = row.get("choices", ())
    return Field(row["id"], row["label"], kind, row.get("required", True), choices)
