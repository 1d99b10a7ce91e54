"""The procedures of the tests: every file that is shipped, small ones made here, and random ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from sopan.core.load import load
from sopan.core.model import Actor, Exit, Identity, Outcome, Procedure, Step
from sopan.core.procedure_files import procedure_files
from sopan.core.tests import random_procedures

ROOT = Path(__file__).parents[4]
FILES = list(procedure_files(ROOT / "procedures"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in FILES]


@cache
def procedure_at(path: Path) -> Procedure:
    found = load(path.read_text(encoding="utf-8"), file=path.name)
    assert isinstance(found, Procedure), found
    return found


def calibration() -> Procedure:
    return procedure_at(ROOT / "procedures" / "bspji-palembang" / "sippt-kalibrasi.yaml")


def step(no: int, *to: object, join: bool = False, actor: str = "a", **more: object) -> Step:
    """A step whose answers are "ya", "tidak" and "lain" to the targets in order; a tuple is opened side by side."""
    exits = []
    for answer, target in zip(("ya", "tidak", "lain"), to, strict=False):
        if isinstance(target, Outcome):
            exits.append(Exit(answer, answer.title(), end=target))
        else:
            targets = target if isinstance(target, tuple) else (target,)
            exits.append(Exit(answer, answer.title(), to=tuple(map(str, targets))))
    return Step(str(no), str(no), no, f"Kegiatan {no}", (actor,), tuple(exits), join=join, **more)  # type: ignore[arg-type]


def procedure(*steps: Step) -> Procedure:
    return Procedure("p", Identity("SOP 1", "Contoh"), (Actor("a", "A"), Actor("b", "B")), steps)


END = Outcome.FINISHED
BLOCK = procedure(step(1, (2, 3)), step(2, 4), step(3, 4, 3), step(4, 5, 1, join=True), step(5, END))
RETURN_INTO_A_BRANCH = procedure(step(1, (2, 3)), step(2, 4), step(3, 4), step(4, 5, 2, join=True), step(5, END))
RETURN_OVER_THE_SPLIT = procedure(step(1, (2, 3)), step(2, 4), step(3, 4, 1), step(4, 5, join=True), step(5, END))
MEETING = procedure(step(1, (2, 3)), step(2, 4), step(3, 4), step(4, END))


def sound(drawn: Procedure) -> Procedure:
    """No exit opens a step twice: ``check`` refuses such files."""
    return replace(
        drawn,
        steps=tuple(
            replace(one, exits=tuple(replace(way, to=tuple(dict.fromkeys(way.to))) for way in one.exits))
            for one in drawn.steps
        ),
    )


def random_sound() -> st.SearchStrategy[Procedure]:
    return random_procedures.procedures().map(sound)


@st.composite
def blocks(draw: st.DrawFn) -> Procedure:
    """Procedures of decisions with returns, and closed parallel parts, one in the other: what people draw."""
    rows: list[Step] = [step(1, 2)]
    for _ in range(draw(st.integers(1, 3))):
        _part(draw, rows, depth=2)
    rows.append(step(len(rows) + 1, END))
    return procedure(*rows)


def _part(draw: st.DrawFn, rows: list[Step], *, depth: int) -> None:
    """Adds a part that begins with the next row and leads to the row behind it."""
    if depth and draw(st.booleans()):
        _parallel(draw, rows, depth=depth)
        return
    first = len(rows) + 1
    for place in range(first, first + draw(st.integers(1, 1 + (depth == 2)))):
        back = draw(st.integers(first, place))
        end = draw(st.sampled_from(Outcome)) if depth == 2 and draw(st.booleans()) else back
        rows.append(step(place, place + 1, *([end] if draw(st.booleans()) else [])))


def _parallel(draw: st.DrawFn, rows: list[Step], *, depth: int) -> None:
    split = len(rows)
    rows.append(step(split + 1))  # its heads are known when the branches are
    heads, tails = [], []
    for _ in range(draw(st.integers(2, 3))):
        heads.append(len(rows) + 1)
        _part(draw, rows, depth=depth - 1)
        tails.append(len(rows) - 1)
    join = len(rows) + 1
    rows[split] = step(split + 1, tuple(heads))
    for tail in tails:
        rows[tail] = replace(rows[tail], exits=(replace(rows[tail].exits[0], to=(str(join),)), *rows[tail].exits[1:]))
    again = [split + 1] if draw(st.booleans()) else []
    rows.append(step(join, join + 1, *again, join=True))
