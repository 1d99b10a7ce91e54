"""What was collected of a procedure -> its draft: name, steps of all parts of its table, warnings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from sopan.exchange.actors import column_count_warning, tell_actors
from sopan.exchange.draft import DraftProcedure, Remark, Source, Sure, Told
from sopan.exchange.found import Found, Segment, numbers_of
from sopan.exchange.layout import Layout, Placed, layout_of
from sopan.exchange.steps import Body, number_warnings, read_rows
from sopan.exchange.words import plain

_ROW = re.compile(r"\d{1,2}\W{1,4}[A-Za-z]")
_TIME = re.compile(r"\b\d{1,3} ?(?:menit|jam|hari|harl)\b", re.IGNORECASE)
_MIXED = re.compile(r"[A-Za-z]{3,} \d{1,3} (?:menit|jam|hari)\b.{0,3} [A-Za-z]{3,}", re.IGNORECASE)


def draft_of(found: Found, usual: Layout | None) -> DraftProcedure | None:
    """The draft of what was collected; None where that is no procedure."""
    if not (found.named or found.damage or any(segment.rows for segment in found.segments)):
        return None
    draft = DraftProcedure(identity=found.identity.as_data())
    number, name = found.identity.fields.get("number"), found.identity.fields.get("name")
    draft.number = Told(number) if number else None
    draft.name = Told(name) if name else _name(found)
    _contradicting_titles(found, draft)
    if found.damage:
        draft.refused = _why_refused(found)
        draft.warnings.append(Remark("table", f"It is not read. {draft.refused}"))
    else:
        _fill(draft, found, usual)
        if not draft.steps:
            draft.warnings.append(Remark("table", "It is only named: no table of activities was found for it."))
    if draft.name is None:
        draft.warnings.append(Remark("identity", f"{found.place or 'The document'}: no name was found."))
        if found.covers:
            names = ", ".join(map(repr, [*found.covers, " ".join(found.cover)]))
            draft.warnings.append(Remark("identity", f"Several covers stand before it, any could be its own: {names}."))
    elif draft.name.source is Source.POSITION:
        draft.warnings.append(Remark("identity", "The name is that of the heading or cover before the table."))
    if draft.number is None:
        draft.warnings.append(Remark("identity", "No number was found."))
    return draft


def _why_refused(found: Found) -> str:
    """The reason with what shows it: how many rows and times there are, and a line with the words of several columns."""
    rows = sum(bool(_ROW.match(line)) for line in found.run_together)
    times = sum(len(_TIME.findall(line)) for line in found.run_together)
    mixed = next((line for line in found.run_together if _MIXED.search(line)), "")
    parts = [f"{found.damage[0].rstrip('.')}."]
    if rows:
        parts.append(f"{rows} lines begin with a number and {times} times stand in it.")
    if rows and rows != times:
        parts.append("Where a row without a number or a time begins is not told either.")
    if mixed:
        parts.append(f"Its line {_short(mixed)} holds words of several columns with nothing between them.")
    return " ".join(parts)


def _short(line: str) -> str:
    return repr(line if len(line) <= 90 else line[:87] + "…")


# What a cover says below the name of the office is the unit whose SOPs follow, not the name of the first of them.
UNIT = re.compile(r"(seksi|bidang|bagian|sub ?bag|sekretariat|uptd?|unit|balai|dinas)\b", re.I)


def _name(found: Found) -> Told[str] | None:
    if found.titles:
        return Told(found.titles[0], Source.POSITION, Sure.LIKELY)
    if found.covers:
        return None
    cover = " ".join(found.cover)
    return Told(cover, Source.POSITION, Sure.LIKELY) if cover and not UNIT.match(cover) else None


def _contradicting_titles(found: Found, draft: DraftProcedure) -> None:
    if draft.name is None:
        return
    words = set(plain(draft.name.value).split())
    for title in found.titles:
        if len(words & set(plain(title).split())) * 2 < min(len(words), len(plain(title).split())):
            draft.warnings.append(
                Remark("identity", f"A title calls it {title!r}, the identity block {draft.name.value!r}.")
            )


def _fill(draft: DraftProcedure, found: Found, usual: Layout | None) -> None:
    """Steps of all tables, in the order of their numbers where a page stands before the first one."""
    heading = next((segment.heading for segment in found.segments if segment.heading), None)
    segments = _in_order(found.segments, draft)
    draft.actors = list(heading.actors) if heading else []
    for _, column in heading.left_out if heading else ():
        what = f"The column {column!r} is left out: a step has no place for it."
        draft.warnings.append(Remark("table", what))
    if heading and heading.unit:
        draft.time_unit = heading.unit.value
    title = draft.name.value if draft.name else ""
    layout, whole, known = usual, Body(), list[int]()
    for segment in segments:
        if segment.heading or layout is None:
            layout = layout_of([row.cells for row in segment.rows], segment.heading)
        elif not segment.heading:
            draft.warnings.append(Remark("table", "A part of the table has no head; it is read like the table before."))
        body = read_rows(segment.rows, layout, title=title)
        if segment.heading:
            _under_first_head(body, segment.heading.actors, draft)
        known += [len(draft.actors)] * len(body.placed)
        whole.steps += body.steps
        whole.placed += body.placed
        whole.warnings += body.warnings
    for seq, step in enumerate(whole.steps, 1):
        step.seq = seq
    whole.placed = [_widened(row, count, len(draft.actors)) for row, count in zip(whole.placed, known, strict=True)]
    draft.steps = whole.steps
    draft.warnings += whole.warnings + number_warnings(draft.steps)
    column_count_warning(draft, whole.placed)
    tell_actors(draft, whole.placed, one_column=bool(heading and heading.one_actor_column))


def _under_first_head(body: Body, actors: Sequence[str], draft: DraftProcedure) -> None:
    """Another page may head its columns in another order, or with other actors: put its symbols under the first head."""
    places = [_place_of(name, at, draft) for at, name in enumerate(actors)]
    if places == list(range(len(draft.actors))):
        return
    for at, row in enumerate(body.placed):
        if len(row.marks) == len(places):
            marks = [""] * len(draft.actors)
            for place, mark in zip(places, row.marks, strict=True):
                marks[place] = mark
            body.placed[at] = replace(row, marks=tuple(marks))


def _widened(row: Placed, known: int, now: int) -> Placed:
    """A row of a part that was read before later parts named more actors."""
    return replace(row, marks=(*row.marks, *[""] * (now - known))) if len(row.marks) == known < now else row


def _place_of(name: str, at: int, draft: DraftProcedure) -> int:
    """The column of an actor under the first head; give or take misread letters it is the one in the same place."""
    names = [plain(one) for one in draft.actors]
    if plain(name) in names:
        return at if names[at : at + 1] == [plain(name)] else names.index(plain(name))
    if at < len(names) and SequenceMatcher(None, plain(name), names[at]).ratio() >= 0.8:
        return at
    draft.actors.append(name)
    draft.warnings.append(Remark("table", f"Another part of the table names the actor {name!r}."))
    return len(names)


def _in_order(segments: list[Segment], draft: DraftProcedure) -> list[Segment]:
    """A page without a head that stands before the first page goes behind it, if its numbers say so."""
    if len(segments) < 2 or segments[0].heading or not segments[1].heading:
        return segments
    first, second = numbers_of(segments[0].rows), numbers_of(segments[1].rows)
    if first and second and first[0] > max(second):
        draft.warnings.append(
            Remark("table", f"The part with number {first[0]} stands before the head; it goes to the end.")
        )
        later = layout_of([row.cells for row in segments[1].rows], segments[1].heading)
        return [*segments[1:], Segment(segments[1].heading, segments[0].rows)] if later else segments
    return segments
